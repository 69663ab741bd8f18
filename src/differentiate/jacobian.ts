import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { contraction } from '../ops/contraction.ts'
import { entryCount, sameShape } from '../shape/shape.ts'
import type { Shape } from '../shape/shape.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { vjp } from './reverse.ts'

/** The cotangents that pick out each entry of an array in turn: deltas, one leading axis for each axis longer than 1. */
function everyEntry(builder: Builder, shape: Shape): Node {
  const sizes = new Map<number, Size>(shape.entries())
  const long = [...shape.keys()].filter((axis) => shape[axis] !== ONE_SIZE)
  if (shape.length === 0) return builder.whole(1)
  return builder.contract(contraction([], [...long, ...shape.keys()], sizes))
}

/** The array under a shape with as many entries; where only axes of length 1 come or go, without leaving index notation. */
function regroup(builder: Builder, a: Node, shape: Shape): Node {
  const long = (of: Shape): number[] => [...of.keys()].filter((axis) => of[axis] !== ONE_SIZE)
  const [from, to] = [long(a.shape), long(shape)]
  const sameSizes = sameShape(
    from.map((axis) => a.shape[axis]!),
    to.map((axis) => shape[axis]!),
  )
  if (!sameSizes) return builder.reshape(a, shape)
  if (sameShape(a.shape, shape)) return a
  const sizes = new Map<number, Size>(a.shape.entries())
  const output = shape.map((size, axis) => {
    const at = to.indexOf(axis)
    if (at >= 0) return from[at]!
    sizes.set(a.shape.length + axis, size)
    return a.shape.length + axis
  })
  return builder.contract(contraction([[...a.shape.keys()]], output, sizes), a)
}

/**
 * All derivatives of the entries of `y` by those of `x`: a row for each entry of `y` and a column for each of `x`, both
 * row-major. One reverse sweep, seeded with every entry of `y` at once. `x` is free as in `vjp`.
 */
export function jacobian(builder: Builder, y: Node, x: Node): Node {
  const [rows] = vjp(builder, y, [x], everyEntry(builder, y.shape)) as [Node]
  return regroup(builder, rows, [entryCount(y.shape), entryCount(x.shape)])
}

/** The second derivatives of a scalar `y` by the entries of `x`, `x` of one axis or a column: square and symmetric. */
export function hessian(builder: Builder, y: Node, x: Node): Node {
  const [gradient] = vjp(builder, y, [x]) as [Node]
  return jacobian(builder, gradient, x)
}
