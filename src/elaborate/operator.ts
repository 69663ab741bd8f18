import { BackproveError } from '../base/errors.ts'
import { rational } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { broadcastShapes, isScalarLike, shapeText } from '../shape/shape.ts'
import type { Shape } from '../shape/shape.ts'
import type { Expr, InfixExpr, InfixOp } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import { rationalOf, wholeOf } from './size-of.ts'

/** The two sides of an infix, elaborated. */
export interface Sides {
  readonly left: Node
  readonly right: Node
}

/** Meanings on whole arrays: `*` is the matrix product or scaling, `/` and `^` want a scalar on the right. */
export function applyInfix(builder: Builder, expr: InfixExpr, sides: Sides): Node {
  switch (expr.op) {
    case '*':
      return product(builder, expr, sides)
    case '/':
      return quotient(builder, expr, sides)
    case '^':
      return power(builder, expr, sides)
    default:
      return entryByEntry(builder, expr, sides)
  }
}

/** Operations of two arguments that work entry by entry; for `<` and `<=` the sides are exchanged. */
const ENTRYWISE: Readonly<Record<InfixOp, readonly [fn: ElementwiseName, isTurned: boolean]>> = {
  '+': ['add', false],
  '-': ['sub', false],
  '*': ['mul', false],
  '.*': ['mul', false],
  '/': ['div', false],
  './': ['div', false],
  '^': ['pow', false],
  '.^': ['pow', false],
  '==': ['eq', false],
  '!=': ['ne', false],
  '>': ['gt', false],
  '>=': ['ge', false],
  '<': ['gt', true],
  '<=': ['ge', true],
  and: ['and', false],
  or: ['or', false],
}

/** Meanings for scalars, applied entry by entry. */
export function entryByEntry(builder: Builder, expr: InfixExpr, { left, right }: Sides): Node {
  const [fn, isTurned] = ENTRYWISE[expr.op]
  if (broadcastShapes([left.shape, right.shape]) === null) {
    throw misfit(expr, { left, right }, 'the sizes of each axis must be the same or a literal 1', (a, b) =>
      broadcastShapes([a, b]),
    )
  }
  const exponent = fn === 'pow' ? plainExponent(builder, right) : right
  return isTurned ? builder.call(fn, right, left) : builder.call(fn, left, exponent)
}

/** `x^(1/2)` and `x^-1` have a number for their exponent, not a computation. */
function plainExponent(builder: Builder, exponent: Node): Node {
  if (exponent.kind === 'definition') return exponent
  const value = rationalOf(exponent)
  return value === null ? exponent : builder.constant(value)
}

/** A scalar, from an array that has one entry. */
export const asScalar = (builder: Builder, node: Node): Node => (node.shape.length === 0 ? node : builder.sum(node))

/** The array of one entry taken as a scalar where it would add axes to the other side. */
function scaling(builder: Builder, scalar: Node, other: Node): Node {
  return scalar.shape.length > other.shape.length ? asScalar(builder, scalar) : scalar
}

function product(builder: Builder, expr: InfixExpr, { left, right }: Sides): Node {
  if (left.shape.length === 0 || right.shape.length === 0) return builder.call('mul', left, right)
  if (productShape(left.shape, right.shape) !== null) return builder.matmul(left, right)
  if (isScalarLike(left.shape)) return builder.call('mul', scaling(builder, left, right), right)
  if (isScalarLike(right.shape)) return builder.call('mul', left, scaling(builder, right, left))
  if (left.shape.length === 1 || right.shape.length === 1) {
    throw new BackproveError('shape', `${operands(expr, { left, right })}; \`*\` is not for arrays of one axis`, {
      hint: 'write `dot(a, b)`, `outer(a, b)`, or `a .* b` entry by entry',
    })
  }
  const [inner, outer] = [left.shape.at(-1)!, right.shape.at(-2)!]
  const error = misfit(expr, { left, right }, `the product needs ${inner.key} = ${outer.key}`, productShape)
  if (broadcastShapes([left.shape, right.shape]) === null) throw error
  const dotted = `\`${toSource({ ...expr, op: '.*' }, 80)}\` is the product entry by entry`
  throw new BackproveError(error.code, error.message, {
    hint: error.hint === NO_TRANSPOSE ? dotted : `${dotted}. ${error.hint}`,
  })
}

function productShape(a: Shape, b: Shape): Shape | null {
  if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2)) return null
  const batch = broadcastShapes([a.slice(0, -2), b.slice(0, -2)])
  return batch === null ? null : [...batch, a.at(-2)!, b.at(-1)!]
}

function quotient(builder: Builder, expr: InfixExpr, { left, right }: Sides): Node {
  if (isScalarLike(right.shape)) return builder.call('div', left, scaling(builder, right, left))
  throw new BackproveError('shape', `${operands(expr, { left, right })}; \`/\` divides by a scalar`, {
    hint: `entry by entry: \`${toSource({ ...expr, op: './' }, 80)}\``,
  })
}

/** The longest product that a power of a matrix is written out to. */
const HIGHEST_MATRIX_POWER = 64

function power(builder: Builder, expr: InfixExpr, { left, right }: Sides): Node {
  const hint = `entry by entry: \`${toSource({ ...expr, op: '.^' }, 80)}\``
  if (!isScalarLike(right.shape)) {
    throw new BackproveError('shape', `${operands(expr, { left, right })}; an exponent of \`^\` is a scalar`, { hint })
  }
  if (isScalarLike(left.shape)) {
    return builder.call('pow', left, plainExponent(builder, scaling(builder, right, left)))
  }
  const exponent = wholeOf(right)
  const isSquare = left.shape.length === 2 && left.shape[0] === left.shape[1]
  if (exponent === null || !isSquare) {
    const what = `${operands(expr, { left, right })}; \`^\` is a power of a scalar, or a whole power of a square matrix`
    throw new BackproveError('shape', what, { hint })
  }
  if (Math.abs(exponent) > HIGHEST_MATRIX_POWER) {
    throw new BackproveError('too-large', `a matrix to the power ${exponent}; at most ${HIGHEST_MATRIX_POWER}`, {
      hint: 'name a lower power and multiply it by itself',
    })
  }
  if (exponent === 0) return builder.eye(left.shape[0]!)
  const base = exponent < 0 ? builder.matrix('inv', left) : left
  let result = base
  for (let count = 1; count < Math.abs(exponent); count++) result = builder.matmul(result, base)
  return result
}

/** `A` is n×m, for a message; long sides are called by their place. */
function described(expr: Expr, node: Node, place: string): string {
  const text = toSource(expr)
  return `${text.length > 30 ? `the ${place} side` : text} is ${shapeText(node.shape)}`
}

function operands(expr: InfixExpr, { left, right }: Sides): string {
  const sides = `${described(expr.left, left, 'left')}, ${described(expr.right, right, 'right')}`
  return `\`${toSource(expr, 60)}\`: ${sides}`
}

/** Two shapes that do not fit, with the transpose that would make them fit. */
function misfit(
  expr: InfixExpr,
  sides: Sides,
  needs: string,
  fit: (left: Shape, right: Shape) => Shape | null,
): BackproveError {
  const { left, right } = sides
  // A transpose too many is likelier than one too few.
  const isRightTurned = expr.right.kind === 'transpose' && expr.left.kind !== 'transpose'
  const options: readonly (readonly [left: boolean, right: boolean])[] = [
    [!isRightTurned, isRightTurned],
    [isRightTurned, !isRightTurned],
    [true, true],
  ]
  let hint = ''
  for (const [turnLeft, turnRight] of options) {
    const turns = [turnLeft ? left : null, turnRight ? right : null]
    if (hint !== '' || turns.some((node) => node !== null && node.shape.length !== 2)) continue
    const shape = fit(
      turnLeft ? left.shape.toReversed() : left.shape,
      turnRight ? right.shape.toReversed() : right.shape,
    )
    if (shape === null) continue
    const edited = {
      ...expr,
      left: turnLeft ? transposed(expr.left) : expr.left,
      right: turnRight ? transposed(expr.right) : expr.right,
    }
    hint = `Did you mean \`${toSource(edited, 120)}\` (${shapeText(shape)})?`
  }
  return new BackproveError('shape', `${operands(expr, sides)}; ${needs}`, { hint: hint === '' ? NO_TRANSPOSE : hint })
}

const NO_TRANSPOSE = 'no transpose makes them fit: look at the declarations'

const transposed = (expr: Expr): Expr =>
  expr.kind === 'transpose' ? expr.operand : { kind: 'transpose', operand: expr, span: expr.span }

/** The negative of a number is a number; of anything else, a computation. */
export function negative(builder: Builder, node: Node): Node {
  return node.kind === 'constant' ? builder.constant(rational(-node.value.n, node.value.d)) : builder.call('neg', node)
}
