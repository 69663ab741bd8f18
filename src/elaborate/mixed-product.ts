import { BackproveError } from '../base/errors.ts'
import type { Node } from '../graph/node.ts'
import { isScalarLike } from '../shape/shape.ts'
import { partsOf } from '../syntax/ast.ts'
import type { Expr, InfixExpr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import type { Entry, SheetFunction } from './scope.ts'

/**
 * In a function that is read for scalars, refuses `a*b` where both sides are arrays made of different arguments or
 * values of the sheet: a matrix product and a product entry by entry would both be natural readings.
 */
export function refuseMixedProduct(
  expr: InfixExpr,
  sides: { readonly left: Node; readonly right: Node },
  frame: { readonly fn: SheetFunction; readonly args: ReadonlyMap<string, Node> },
  valueOf: (name: string) => Entry | null,
): void {
  if (isScalarLike(sides.left.shape) || isScalarLike(sides.right.shape)) return
  const arrays = (side: Expr): Set<string> => {
    const names = new Set<string>()
    for (const part of partsOf(side)) {
      if (part.kind !== 'name' || part.numpy) continue
      const entry = valueOf(part.name)
      const node = frame.args.get(part.name) ?? (entry?.kind === 'value' ? entry.node : undefined)
      if (part.indices.length > 0 || (node !== undefined && !isScalarLike(node.shape))) names.add(toSource(part))
    }
    return names
  }
  const [left, right] = [arrays(expr.left), arrays(expr.right)]
  const both = new Set([...left, ...right])
  if (left.size === 0 || right.size === 0 || both.size < 2) return
  const names = [...both].map((name) => `\`${name}\``).join(' and ')
  const dotted = toSource({ ...expr, op: '.*' }, 60)
  throw new BackproveError('shape', `\`${toSource(expr, 60)}\` of the arrays ${names} may be read in two ways`, {
    hint: `write \`${dotted}\` in the function, or a definition in its place`,
  })
}
