import { isZero, parseRational } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { ClaimSubject } from '../graph/program.ts'
import { isScalarLike, sameShape } from '../shape/shape.ts'
import type { ClaimLink, Expr } from '../syntax/ast.ts'

/**
 * The two sides of a claim, which must have one shape. A scalar stands for an array whose axes are all literal 1, and a
 * literal `0` for zeros; nothing else broadcasts.
 */
export function compare(
  builder: Builder,
  { lhs, rhs }: ClaimLink,
  left: Node,
  right: Node,
  scope: number,
): ClaimSubject {
  const [a, b] = [fitted(builder, lhs, left, right), fitted(builder, rhs, right, left)]
  const shapesDiffer = sameShape(a.shape, b.shape) ? null : { lhs: a.shape, rhs: b.shape }
  return { lhs: a, rhs: b, shapesDiffer, source: { lhs, rhs }, scope }
}

function fitted(builder: Builder, expr: Expr, node: Node, other: Node): Node {
  if (node.shape.length > 0 || other.shape.length === 0) return node
  return isScalarLike(other.shape) || isLiteralZero(expr) ? builder.broadcast(node, other.shape) : node
}

const isLiteralZero = (expr: Expr): boolean => expr.kind === 'number' && isZero(parseRational(expr.text))
