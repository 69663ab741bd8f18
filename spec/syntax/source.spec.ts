import { expect } from 'chai'
import fc from 'fast-check'
import type { Expr } from '../../src/syntax/ast.ts'
import { parseExpression } from '../../src/syntax/sheet.ts'
import { toSource } from '../../src/syntax/source.ts'
import { arbitraryExpr, withoutSpans } from './arbitrary-expr.ts'

describe('toSource', () => {
  it('spells every tree so that it reads back as the same tree', () => {
    fc.assert(
      fc.property(arbitraryExpr, (expr) => {
        expect(withoutSpans(parseExpression(toSource(expr)))).to.deep.equal(withoutSpans(expr))
      }),
      { numRuns: 2000 },
    )
  })

  it('writes no parentheses that the reading back does not need', () => {
    const spellings = [
      "(W2'*dZ2) .* (1 - A1.^2)",
      "1/m*dZ2*A1'",
      "g'(Z).^2",
      "-g''(z)",
      "g[l]'(Z[l - 1, 2])",
      'a - (b - c) - d',
      'a/(b*c)*d',
      'x^-2^y',
      '(-x)^2',
      '-x^2',
      'a*(-b)',
      'c ? a : d ? e : f',
      '(c ? a : b) ? d : e',
      'not (a > 2) and b < c or d',
      '(a == b)*c',
      'np.sum(np.exp(Z), axis=[0, -1], keepdims=True)',
      "(A*B)'",
    ]
    for (const spelling of spellings.filter((text) => text !== "(W2'*dZ2) .* (1 - A1.^2)")) {
      expect(toSource(parseExpression(spelling))).to.equal(spelling)
    }
    expect(toSource(parseExpression("(W2'*dZ2) .* (1 - A1.^2)"))).to.equal("W2'*dZ2 .* (1 - A1.^2)")
  })

  it('cuts what is longer than asked for', () => {
    expect(toSource(parseExpression('alpha + beta + gamma'), 10)).to.equal('alpha + be…')
    expect(toSource(parseExpression('alpha'), 5)).to.equal('alpha')
  })

  it('spells a chain of a hundred thousand terms', () => {
    const span = { line: 1, column: 1 }
    const x: Expr = { kind: 'name', name: 'x', indices: [], numpy: false, span }
    let sum: Expr = x
    for (let i = 1; i < 100_000; i++) sum = { kind: 'infix', op: '+', left: sum, right: x, span }
    expect(toSource(sum)).to.equal(Array<string>(100_000).fill('x').join(' + '))
  })
})
