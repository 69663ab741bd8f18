import type { Span } from '../base/errors.ts'
import { isZero, parseRational } from '../base/rational.ts'
import type { CallExpr, Expr, InfixExpr, InfixOp, NameExpr } from '../syntax/ast.ts'

/** What an edit makes stands nowhere in the sheet. */
const NOWHERE: Span = { line: 1, column: 1 }

export const number = (text: string): Expr => ({ kind: 'number', text, span: NOWHERE })

export const name = (text: string): NameExpr => ({ kind: 'name', name: text, indices: [], numpy: false, span: NOWHERE })

export const infix = (op: InfixOp, left: Expr, right: Expr): InfixExpr => ({
  kind: 'infix',
  op,
  left,
  right,
  span: NOWHERE,
})

export function call(fn: string, args: readonly Expr[], keywords: Readonly<Record<string, Expr>> = {}): CallExpr {
  const named = Object.entries(keywords).map(([key, value]) => ({ name: key, value, span: NOWHERE }))
  return { kind: 'call', callee: name(fn), order: 0, args, keywords: named, span: NOWHERE }
}

export const isNumber = (expr: Expr, text?: string): boolean =>
  expr.kind === 'number' && (text === undefined || expr.text === text)

export const isZeroLiteral = (expr: Expr): boolean => expr.kind === 'number' && isZero(parseRational(expr.text))

export type ProductOp = '*' | '.*' | '/' | './'
export const isProductOp = (op: InfixOp): op is ProductOp => op === '*' || op === '.*' || op === '/' || op === './'
export const isSumOp = (op: InfixOp): op is '+' | '-' => op === '+' || op === '-'

/** A factor of a product as written from left to right; the first has the operator `*`. */
export interface Factor {
  readonly op: ProductOp
  readonly expr: Expr
}

export function factorsOf(expr: Expr): Factor[] {
  const factors: Factor[] = []
  let head = expr
  while (head.kind === 'infix' && isProductOp(head.op)) {
    factors.push({ op: head.op, expr: head.right })
    head = head.left
  }
  factors.push({ op: '*', expr: head })
  return factors.reverse()
}

export function productOf(factors: readonly Factor[]): Expr {
  const [first, ...rest] = factors
  if (first === undefined) return number('1')
  const head = first.op === '*' || first.op === '.*' ? first.expr : infix(first.op, number('1'), first.expr)
  return rest.reduce((left, { op, expr }) => infix(op, left, expr), head)
}

/** A term of a sum as written. */
export interface Term {
  readonly op: '+' | '-'
  readonly expr: Expr
}

export function termsOf(expr: Expr): Term[] {
  const terms: Term[] = []
  let head = expr
  while (head.kind === 'infix' && isSumOp(head.op)) {
    terms.push({ op: head.op, expr: head.right })
    head = head.left
  }
  terms.push({ op: '+', expr: head })
  return terms.reverse()
}

export function sumOf(terms: readonly Term[]): Expr {
  const [first, ...rest] = terms
  if (first === undefined) return number('0')
  const head = first.op === '+' ? first.expr : minus(first.expr)
  return rest.reduce((left, { op, expr }) => infix(op, left, expr), head)
}

/** The negative, in the shortest spelling. */
export function minus(expr: Expr): Expr {
  if (expr.kind === 'prefix' && expr.op === '-') return expr.operand
  if (expr.kind === 'infix' && expr.op === '-' && termsOf(expr).length === 2) return infix('-', expr.right, expr.left)
  if (expr.kind === 'infix' && isProductOp(expr.op)) {
    const [first, ...rest] = factorsOf(expr)
    return productOf([{ op: '*', expr: minus(first!.expr) }, ...rest])
  }
  return { kind: 'prefix', op: '-', operand: expr, span: NOWHERE }
}

const isSum = (expr: Expr): boolean => expr.kind === 'infix' && isSumOp(expr.op)

/** `left + right`, or `left - x` where `right` is `-x`. */
export function plus(left: Expr, right: Expr): Expr {
  const [first] = factorsOf(right)
  const isNegative = first!.expr.kind === 'prefix' && first!.expr.op === '-' && !isSum(right)
  return isNegative ? infix('-', left, minus(right)) : infix('+', left, right)
}

export function transposed(expr: Expr): Expr {
  if (expr.kind === 'transpose') return expr.operand
  if (expr.kind === 'number') return expr
  return { kind: 'transpose', operand: expr, span: NOWHERE }
}

/** The transpose of a product with a transpose in it, factor by factor: `c*b'` for `(b*c')'`. */
export function transposedWithin(expr: Expr): Expr {
  const factors = factorsOf(expr)
  const isProduct = factors.length > 1 && factors.every(({ op }) => op === '*')
  if (!isProduct || !factors.some((factor) => factor.expr.kind === 'transpose')) return transposed(expr)
  return productOf(factors.reverse().map((factor) => ({ op: '*', expr: transposedWithin(factor.expr) })))
}

/** The same with transposes of products and signs of terms in their usual places. */
export function tidy(expr: Expr): Expr {
  switch (expr.kind) {
    case 'transpose': {
      const operand = tidy(expr.operand)
      return operand.kind === 'infix' ? transposedWithin(operand) : transposed(operand)
    }
    case 'prefix':
      return { ...expr, operand: tidy(expr.operand) }
    case 'infix': {
      const [left, right] = [tidy(expr.left), tidy(expr.right)]
      if (expr.op === '+') return plus(left, right)
      return { ...expr, left, right }
    }
    case 'call':
      return { ...expr, args: expr.args.map(tidy) }
    default:
      return expr
  }
}
