import { broadcastShapes, sameShape } from '../../shape/shape.ts'
import type { Expr } from '../../syntax/ast.ts'
import type { Edit, Proposal, Surroundings } from '../edit.ts'
import { factorsOf, infix, isNumber, isProductOp, number, productOf, termsOf, transposed } from '../make.ts'
import { said } from './words.ts'

const one = number('1')
const NUMBERS: readonly Expr[] = [number('2'), infix('/', one, number('2')), number('3'), infix('/', one, number('3')), number('4')] // prettier-ignore

/** The product with a number in front: `1/m * dZ`. */
export function scaled(by: Expr, expr: Expr): Expr {
  const factors = factorsOf(expr)
  const [first] = factors
  if (first!.expr.kind === 'prefix' && first!.expr.op === '-') {
    const inner = productOf([{ op: '*', expr: first!.expr.operand }, ...factors.slice(1)])
    return { ...first!.expr, operand: scaled(by, inner) }
  }
  return productOf([{ op: '*', expr: by }, { op: '*', expr: first!.expr }, ...factors.slice(1)])
}

/** Numbers that could be missing before a part: `2`, `1/m`, `m`. */
function* numbers({ sizes }: Surroundings): Generator<Expr> {
  for (const size of sizes) yield infix('/', one, size)
  yield* NUMBERS
  yield* sizes
}

/** `dZ*A'` for `1/m * dZ*A'`: a factor made of sizes or a small number, before the whole. */
export const scale: Edit = {
  name: 'scale',
  *propose({ expr, parent }, around) {
    if (parent !== null) return
    for (const by of numbers(around))
      yield { expr: scaled(by, expr), phrase: () => `the factor ${said(by)} is missing` }
  },
}

/** The same before a term or an argument. */
export const innerScale: Edit = {
  name: 'inner-scale',
  *propose({ expr, parent }, around) {
    if (parent === null || expr.kind === 'number') return
    // Before another factor of the same product it would be the same product again.
    if (parent.kind === 'infix' && isProductOp(parent.op) && around.shapeOf(expr)?.length !== 0) return
    for (const by of numbers(around)) {
      yield { expr: scaled(by, expr), phrase: () => `the factor ${said(by)} is missing before ${said(expr)}` }
    }
  },
}

/** A factor, a term or a power too many. */
export const drop: Edit = {
  name: 'drop',
  *propose({ expr, parent }) {
    if (expr.kind !== 'infix') return
    if (isProductOp(expr.op)) {
      // Once for each chain: its parts on the left are chains of their own.
      if (parent?.kind === 'infix' && isProductOp(parent.op) && parent.left === expr) return
      const factors = factorsOf(expr)
      for (const [at, { op, expr: factor }] of factors.entries()) {
        const rest = factors.toSpliced(at, 1)
        const isReciprocal = at === 0 && rest[0]!.op.endsWith('/')
        if (isReciprocal && isNumber(factor, '1')) continue
        const size = op.endsWith('/') ? infix('/', one, factor) : factor
        yield { expr: productOf(rest), phrase: () => `the factor ${said(size)} is one too many` }
      }
    } else if (expr.op === '+' || expr.op === '-') {
      yield { expr: expr.left, phrase: () => `the term ${said(expr.right)} is one too many` }
      if (termsOf(expr).length === 2) {
        const right =
          expr.op === '+' ? expr.right : ({ ...expr, kind: 'prefix', op: '-', operand: expr.right } as const)
        yield { expr: right, phrase: () => `the term ${said(expr.left)} is one too many` }
      }
    } else if (expr.op === '^' || expr.op === '.^') {
      yield { expr: expr.left, phrase: () => `the power ${said(expr.right)} is one too many` }
    }
  },
}

/** A factor that the sheet names, or that stands in the true formula, missing beside a part. */
export const insert: Edit = {
  name: 'insert',
  *propose({ expr }, around) {
    if (expr.kind === 'number') return
    for (const { expr: factor } of around.values) yield* beside(expr, factor, around)
  },
}

export const insertDerived: Edit = {
  name: 'insert-derived',
  *propose({ expr }, around) {
    if (expr.kind === 'number') return
    for (const { expr: factor } of around.derived()) {
      if (factor.kind === 'name' || factor.kind === 'number') continue
      yield* beside(expr, factor, around)
    }
  },
}

function* beside(expr: Expr, factor: Expr, { shapeOf }: Surroundings): Generator<Proposal> {
  const [own, other] = [shapeOf(expr), shapeOf(factor)]
  if (own === null || other === null) return
  const phrase = (): string => `the factor ${said(factor)} is missing`
  if (other.length === 0) {
    yield { expr: scaled(factor, expr), phrase }
    yield { expr: infix('/', expr, factor), phrase: () => `the factor ${said(infix('/', one, factor))} is missing` }
    return
  }
  const common = broadcastShapes([own, other])
  if (common !== null && (sameShape(common, own) || own.length === 0)) {
    yield { expr: own.length === 0 ? infix('*', expr, factor) : infix('.*', expr, factor), phrase }
    yield { expr: infix('./', expr, factor), phrase: () => `the factor ${said(infix('./', one, factor))} is missing` }
  }
  if (own.length !== 2 || other.length !== 2) return
  const [rows, columns] = own
  const turned = transposed(factor)
  const missing = (): string => `the factor ${said(turned)} is missing`
  if (other[1] === rows) yield { expr: prepended(factor, expr), phrase }
  if (other[0] === rows) yield { expr: prepended(turned, expr), phrase: missing }
  if (other[0] === columns) yield { expr: infix('*', expr, factor), phrase }
  if (other[1] === columns) yield { expr: infix('*', expr, turned), phrase: missing }
}

/** `X*(…)`, behind a number in front: `2 .* X*(…)`. */
function prepended(factor: Expr, expr: Expr): Expr {
  const factors = factorsOf(expr)
  const [first, ...rest] = factors
  const isScaled = rest.length > 0 && (first!.expr.kind === 'number' || (first!.expr.kind === 'prefix' && first!.expr.operand.kind === 'number')) // prettier-ignore
  if (!isScaled) return productOf([{ op: '*', expr: factor }, { op: '*', expr: first!.expr }, ...rest])
  return productOf([first!, { op: rest[0]!.op, expr: factor }, { op: '*', expr: rest[0]!.expr }, ...rest.slice(1)])
}
