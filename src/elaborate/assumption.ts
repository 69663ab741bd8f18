import { BackproveError } from '../base/errors.ts'
import type { Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { broadcastShapes, shapeText } from '../shape/shape.ts'
import { isComparisonOp } from '../syntax/ast.ts'
import type { ComparisonOp, Expr, InfixExpr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import type { Context, Expressions } from './expression.ts'

const RELATIONS: Readonly<Record<ComparisonOp, readonly [relation: Assumption['relation'], isTurned: boolean]>> = {
  '==': ['equal', false],
  '!=': ['not-equal', false],
  '>': ['greater', false],
  '>=': ['at-least', false],
  '<': ['greater', true],
  '<=': ['at-least', true],
}

/** The assumptions of one condition, `and` taken apart. */
export function readAssumptions(condition: Expr, expressions: Expressions, context: Context): Assumption[] {
  const found: Assumption[] = []
  const pending = [condition]
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part.kind === 'infix' && part.op === 'and') pending.push(part.right, part.left)
    else found.push(readAssumption(part, expressions, context))
  }
  return found
}

function readAssumption(expr: Expr, expressions: Expressions, context: Context): Assumption {
  if (expr.kind !== 'infix' || !isComparisonOp(expr.op)) {
    throw new BackproveError('argument', `\`${toSource(expr, 40)}\` is no comparison`, {
      hint: 'an assumption compares: `P > 0`, `sum(Y, axis=0) == 1`, `m >= n`',
      span: expr.span,
    })
  }
  const [left, right] = [expr.left, expr.right].map((side) => expressions.value(side, context)) as [Node, Node]
  if (broadcastShapes([left.shape, right.shape]) === null) throw misfit(expr, left, right)
  const [relation, isTurned] = RELATIONS[expr.op]
  return {
    relation,
    lhs: isTurned ? right : left,
    rhs: isTurned ? left : right,
    aboutSizes: reachable([left, right]).every(
      ({ kind }) => kind !== 'input' && kind !== 'contract' && kind !== 'derivative',
    ),
    text: toSource(expr),
    span: expr.span,
  }
}

const misfit = (expr: InfixExpr, left: Node, right: Node): BackproveError =>
  new BackproveError(
    'shape',
    `\`${toSource(expr, 60)}\` compares ${shapeText(left.shape)} with ${shapeText(right.shape)}`,
    {
      hint: 'the sizes of each axis must be the same or a literal 1',
      span: expr.span,
    },
  )
