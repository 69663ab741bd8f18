import type { Expr } from '../../syntax/ast.ts'
import type { Edit } from '../edit.ts'
import { factorsOf, infix, isProductOp, isSumOp, productOf, sumOf, termsOf, transposed } from '../make.ts'
import { said } from './words.ts'

/** `W*X` for `X*W`, neighbours in a longer product too; `A./B` for `B./A`. */
export const swapFactors: Edit = {
  name: 'swap-factors',
  *propose({ expr }) {
    if (expr.kind !== 'infix') return
    if (expr.op === '/' || expr.op === './') {
      yield { expr: infix('./', expr.right, expr.left), phrase: () => `${said(expr)} is upside down` }
    }
    if (expr.op !== '*') return
    const factors = factorsOf(expr)
    const [last, before] = [factors.at(-1)!, factors.at(-2)!]
    const phrase = (): string => `${said(before.expr)} and ${said(last.expr)} stand in the wrong order`
    const swapped = [
      { op: before.op, expr: last.expr },
      { op: last.op, expr: before.expr },
    ]
    yield { expr: productOf([...factors.slice(0, -2), ...swapped]), phrase }
    if (factors.length < 3) return
    yield {
      expr: infix('*', expr.right, expr.left),
      phrase: () => `${said(expr.left)} and ${said(expr.right)} stand in the wrong order`,
    }
    // A number in front stays there.
    const [head, ...rest] = factors
    if (rest.length < 3) return
    const middle: Expr = productOf([{ op: '*', expr: rest[0]!.expr }, ...rest.slice(1, -1)])
    yield {
      expr: productOf([head!, { op: rest[0]!.op, expr: last.expr }, { op: '*', expr: middle }]),
      phrase: () => `${said(middle)} and ${said(last.expr)} stand in the wrong order`,
    }
  },
}

/** `a + b.*c` for `(a + b).*c`, and the reverse. */
export const regroup: Edit = {
  name: 'regroup',
  *propose({ expr }) {
    if (expr.kind !== 'infix') return
    if (isSumOp(expr.op)) {
      const factors = factorsOf(expr.right)
      for (let at = 1; at < factors.length; at++) {
        const inner = infix(expr.op, expr.left, productOf(factors.slice(0, at)))
        const outer = productOf([{ op: '*', expr: inner }, ...factors.slice(at)])
        yield { expr: outer, phrase: () => `parentheses are missing around ${said(inner)}` }
      }
    }
    if (!isProductOp(expr.op)) return
    const factors = factorsOf(expr)
    const terms = termsOf(factors[0]!.expr)
    if (terms.length < 2) return
    const tail = productOf([{ op: '*', expr: terms.at(-1)!.expr }, ...factors.slice(1)])
    yield {
      expr: sumOf([...terms.slice(0, -1), { op: terms.at(-1)!.op, expr: tail }]),
      phrase: () => `the parentheses around ${said(factors[0]!.expr)} are wrong`,
    }
  },
}

const OTHERS: Readonly<Record<string, readonly ('*' | '.*' | './' | '+' | '-' | '^' | '.^')[]>> = {
  '.*': ['*', './', '+'],
  '*': ['.*'],
  './': ['.*'],
  '/': ['*'],
  '.^': ['^'],
  '^': ['.^'],
  '+': ['.*', '*'],
  '-': ['.*', '*'],
}

/** `*` for `.*` and the like. */
export const operator: Edit = {
  name: 'operator',
  *propose({ expr }) {
    if (expr.kind !== 'infix') return
    for (const op of OTHERS[expr.op] ?? []) {
      yield { expr: infix(op, expr.left, expr.right), phrase: () => `${expr.op} must be ${op} in ${said(expr)}` }
    }
  },
}

/** `X .* A` for `X*A'`: a product entry by entry where a matrix product is meant. */
export const matrixProduct: Edit = {
  name: 'matrix-product',
  *propose({ expr }, { shapeOf }) {
    if (expr.kind !== 'infix') return
    const phrase = (): string => `the product of ${said(expr)} is a matrix product`
    if (expr.op === '.^') {
      const power = infix('^', expr.left, expr.right)
      yield { expr: transposed(power), phrase }
      return
    }
    if (expr.op !== '.*') return
    const factors = factorsOf(expr)
    const last = factors.pop()!.expr
    const rest = productOf(factors)
    if (shapeOf(last)?.length !== 2) return
    const [first, inner] = [factors[0]!, productOf([{ op: '*', expr: factors.at(-1)!.expr }])]
    yield { expr: infix('*', rest, transposed(last)), phrase }
    yield { expr: infix('*', last, transposed(rest)), phrase }
    yield { expr: infix('*', transposed(rest), last), phrase }
    yield { expr: infix('*', transposed(last), rest), phrase }
    yield { expr: infix('*', last, rest), phrase }
    if (factors.length < 2 || shapeOf(first.expr)?.length !== 0) return
    const before = factors.slice(0, -1)
    for (const product of [
      infix('*', last, transposed(inner)),
      infix('*', transposed(inner), last),
      infix('*', last, inner),
    ]) {
      yield { expr: productOf([...before, { op: '*', expr: product }]), phrase }
    }
  },
}
