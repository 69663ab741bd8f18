import { expect } from 'chai'
import type { Statement } from '../../src/syntax/ast.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'
import type { BackproveError } from '../../src/base/errors.ts'

/** The first error of a sheet. */
function errorOf(text: string): BackproveError {
  const flat = (list: readonly Statement[]): Statement[] =>
    list.flatMap((statement) => (statement.kind === 'loop' ? flat(statement.body) : [statement]))
  const statement = flat(parseSheet(text).statements).find(({ kind }) => kind === 'invalid')
  if (statement?.kind !== 'invalid') throw new Error(`nothing is wrong with: ${text.slice(0, 80)}`)
  return statement.error
}

const place = ({ code, span }: BackproveError): string => `${code} ${span?.line ?? '?'}:${span?.column ?? '?'}`

describe('parseSheet refuses', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    // What other languages write.
    ['A = W @ X', 'foreign-syntax 1:7', '`*`'],
    ['A = W**2', 'foreign-syntax 1:6', '`.^`'],
    ['A := W', 'foreign-syntax 1:3', '`=`'],
    ['f = x -> x', 'foreign-syntax 1:7', 'f(z)'],
    ['y = a && b', 'foreign-syntax 1:7', '`and`'],
    ['y = a || b', 'foreign-syntax 1:7', '`or`'],
    ['y = !a', 'foreign-syntax 1:5', '`not`'],
    ['y = a × b', 'foreign-syntax 1:7', '`*`'],
    ['y = a·b', 'foreign-syntax 1:6', '`*`'],
    ['∂L/∂Z == A', 'foreign-syntax 1:1', 'grad(L, Z)'],
    ['y = a − b', 'foreign-syntax 1:7', '`-`'],
    ['a ≤ b', 'foreign-syntax 1:3', '`<=`'],
    ['y = “a”', 'foreign-syntax 1:5', 'quotes'],
    ['y = "a"', 'foreign-syntax 1:5', 'quotes'],
    ["y = 'a'", 'foreign-syntax 1:5', 'quotes'],
    ["f(x, 'a')", 'foreign-syntax 1:6', 'quotes'],
    ['y = {a: 1}', 'foreign-syntax 1:5', 'parentheses'],
    ['x = 1 // one', 'foreign-syntax 1:7', '`#`'],
    ['y = 5 % 2', 'foreign-syntax 1:7', 'remainder'],
    ['y = a mod b', 'foreign-syntax 1:7', 'remainder'],
    ['if x > 0', 'foreign-syntax 1:1', '?'],
    ['import numpy', 'foreign-syntax 1:1', 'imported'],
    ['x += 1', 'foreign-syntax 1:3', 'once'],
    ['y = A²', 'foreign-syntax 1:6', '^2'],
    ['y = x₁', 'foreign-syntax 1:6', 'W1'],
    ['y = Aᵀ', 'foreign-syntax 1:6', "A'"],
    ["y = A.'", 'foreign-syntax 1:6', "A'"],
    ['y = Z.sum()', 'foreign-syntax 1:6', 'sum(A)'],
    ['y = jnp.exp(Z)', 'foreign-syntax 1:8', 'np.'],
    ["y = np.tanh'(Z)", 'foreign-syntax 1:5', "tanh'"],
    ['y = 3 ; z = `a`', 'foreign-syntax 1:13', 'quotes'],
    // What may be read in two ways.
    ['y = 1/m dZ', 'implicit-multiplication 1:9', '`*`'],
    ['y = 1/2 m', 'implicit-multiplication 1:9', '`*`'],
    ['y = a/-2 m', 'implicit-multiplication 1:10', '`*`'],
    ['y = x^2 m', 'implicit-multiplication 1:9', '`*`'],
    ['y = 2(a + b)', 'implicit-multiplication 1:6', '`*`'],
    ['y = (a)(b)', 'implicit-multiplication 1:8', '`*`'],
    ["y = (A)'(b)", 'implicit-multiplication 1:9', '`*`'],
    ['y = f(x)(y)', 'implicit-multiplication 1:9', '`*`'],
    ['y = a b', 'implicit-multiplication 1:7', '`*`'],
    ['y = not a == b', 'syntax 1:5', 'parentheses'],
    ['y = a < b < c', 'mixed-chain 1:11', 'parentheses'],
    // What is no part of the language.
    ['y = 1:3', 'unsupported 1:6', 'c ? a : b'],
    ['y = A[1:2]', 'unsupported 1:8', 'c ? a : b'],
    ['y = [1, 2]', 'unsupported 1:5', 'input(r, c)'],
    ['y = dot([1; 2], x)', 'unsupported 1:11', 'input(r, c)'],
    ['y = f([[1], [2]])', 'unsupported 1:8', 'input(r, c)'],
    ['y = f([1]*2)', 'unsupported 1:7', 'input(r, c)'],
    ["y = A'[1]", 'unsupported 1:7', 'name'],
    ['y = NaN', 'unsupported 1:5', 'finite'],
    ['f(x, a=2) = x', 'unsupported 1:6', 'default'],
    ['x = 0x1F', 'syntax 1:5', 'decimal'],
    ['x = 2e+y', 'syntax 1:5', 'exponent'],
    ['x = 1.2.3', 'syntax 1:5', 'point'],
    ['x = 1_000', 'syntax 1:5', '_'],
    ['x = я', 'syntax 1:5', 'Greek'],
    ['x = 1\u0007', 'syntax 1:6', 'remove'],
    // What is no statement.
    ['X', 'not-a-statement 1:1', 'parentheses'],
    ['a + b', 'not-a-statement 1:1', 'parentheses'],
    ['a <= b', 'not-a-statement 1:1', 'parentheses'],
    ['grad(L, z) == z > 0 ? 1 : 0', 'mixed-chain 1:17', 'parentheses'],
    ['grad(L, z) == c ? 1 : 0', 'mixed-chain 1:17', 'parentheses'],
    ['a == b and c == d', 'mixed-chain 1:8', 'parentheses'],
    ['a < b == c', 'mixed-chain 1:3', 'parentheses'],
    ['x = y = 1', 'syntax 1:7', 'one definition'],
    ['a == b = c', 'syntax 1:1', 'name'],
    ['dL/dZ = 1', 'syntax 1:1', 'name'],
    ['2 = x', 'syntax 1:1', 'name'],
    ['= 2', 'syntax 1:1', 'name'],
    ['f() = 2', 'syntax 1:1', 'name'],
    ['f(1) = 2', 'syntax 1:3', 'f(a, b)'],
    ['f(a, a) = 2', 'redefinition 1:6', ''],
    ['np.x = 2', 'syntax 1:1', 'name'],
    ['x =', 'syntax 1:3', ''],
    ['a ==', 'syntax 1:3', ''],
    ['== a', 'syntax 1:1', ''],
    ['a, b = 1', 'syntax 1:2', ''],
    ['assume()', 'syntax 1:1', 'm >= n'],
    ['assume(m = 2)', 'syntax 1:8', '=='],
    // Brackets and operands.
    ['x = (a', 'syntax 1:5', ''],
    ['x = a)', 'syntax 1:6', ''],
    ['x = (a]', 'syntax 1:7', ''],
    ['x = ()', 'syntax 1:6', ''],
    ['x = W[]', 'syntax 1:7', ''],
    ['x = a +', 'syntax 1:7', ''],
    ['x = a * / b', 'syntax 1:9', ''],
    ['x = f(a,)', 'syntax 1:9', ''],
    ['x = (a, b)', 'syntax 1:7', '[0, 1]'],
    ['x = f(a=1, b)', 'syntax 1:12', 'last'],
    ['x = f(a=1, a=2)', 'syntax 1:12', ''],
    ['x = f((a=1))', 'syntax 1:9', '=='],
    ['x = a ? b', 'syntax 1:9', 'c ? a : b'],
    ['x = 1\n  + 2', 'not-a-statement 2:3', 'parentheses'],
    ['x = 1\n  * 2', 'syntax 2:3', 'operator at its end'],
    // Loops.
    ['end', 'loop 1:1', ''],
    ['x = 1\nfor l = 1:2\nx = 2', 'loop 2:1', 'end'],
    ['for l = 1\nend', 'loop 1:9', '1:L'],
    ['for l = 1:2:3:4\nend', 'loop 1:9', '1:L'],
    ['for l in 1:3\nend', 'loop 1:5', '1:L'],
    ['for l = 1:\nend', 'syntax 1:7', ''],
    ['for l = 1:2\nend x', 'loop 2:5', ''],
    ['x = end', 'syntax 1:5', ''],
    ['for = 2', 'syntax 1:1', ''],
    ['x\0y', 'file 1:2', 'UTF-8'],
  ]
  for (const [text, expected, hint] of cases) {
    it(`${JSON.stringify(text)} with ${expected}`, () => {
      const error = errorOf(text)
      expect(place(error)).to.equal(expected)
      expect(error.hint).to.include(hint)
      expect(error.message).not.to.match(/undefined|\bt\d+\b|\(char/)
    })
  }

  it('nothing in what only looks foreign', () => {
    const sound = [
      "y = A''",
      'x = a<-b',
      'x = a--b',
      'x = a == -b',
      "y = f'(x)",
      'y = 2.*x',
      'y = a!=b',
      'var = mean(x)',
      'if = 2',
    ]
    for (const text of sound) expect(parseSheet(text).statements.map(({ kind }) => kind)).to.deep.equal(['definition'])
  })
})

describe('parseSheet on sizes that no sheet has', () => {
  const terms = (count: number, sign: string): string => Array<string>(count).fill('x').join(sign)
  const refused: Readonly<Record<string, string>> = {
    'a hundred thousand parentheses': `y = ${'('.repeat(100_000)}x${')'.repeat(100_000)}`,
    'a hundred thousand calls': `y = ${'f('.repeat(100_000)}x${')'.repeat(100_000)}`,
    'a hundred thousand indices': `y = ${'f['.repeat(100_000)}x${']'.repeat(100_000)}`,
    'a tower of 3,900 powers': `y = ${terms(3900, '^')}`,
    '7,400 minus signs': `y = ${'-'.repeat(7400)}x`,
    'a hundred thousand primes': `y = x${"'".repeat(100_000)}`,
    'five thousand conditionals': `y = ${'c ? a : '.repeat(5000)}b`,
    'a sum of a million terms': `y = ${terms(1_000_000, '+')}`,
    'a sheet of a hundred million characters': ' '.repeat(100_000_000),
    'a thousand loops inside one another': 'for l = 1:2\n'.repeat(1000) + 'end\n'.repeat(1000),
  }
  for (const [what, text] of Object.entries(refused)) {
    it(`says that ${what} are too large`, () => {
      expect(errorOf(text).code).to.equal('too-large')
      expect(errorOf(text).message).to.match(/\d/)
    })
  }

  it('reads long sums, long arguments and the deepest nesting that it allows', () => {
    const allowed = [
      `y = ${terms(100_000, ' + ')}`,
      `y = f(${terms(100_000, ', ')})`,
      `y = ${'('.repeat(199)}x${')'.repeat(199)}`,
      `y = ${'c ? a : '.repeat(199)}b`,
      `y = ${terms(200, '^')}`,
    ]
    for (const text of allowed) expect(parseSheet(text).statements[0]?.kind).to.equal('definition')
    expect(parseSheet(terms(1000, ' == ')).statements[0])
      .to.have.property('links')
      .with.lengthOf(999)
  })
})
