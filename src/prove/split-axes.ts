import { BackproveError } from '../base/errors.ts'
import type { ReshapeNode } from '../graph/node.ts'
import type { Kernel } from '../index/kernel.ts'
import type { Binder, Index } from '../index/term.ts'
import { multiplySizes, ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'

interface Splitter {
  readonly k: Kernel
  readonly splits: Map<Index, readonly Binder[]>
}

/**
 * The place in a reshape's operand of a place in its result: an axis of the result is one of the operand, or the product of
 * several, whose variable is then split into theirs. Throws `budget` for any other regrouping.
 */
export function splitAxes(reader: Splitter, node: ReshapeNode, at: readonly Index[]): Index[] {
  const inner = node.inputs[0]?.shape ?? []
  const place: Index[] = []
  let axis = 0
  node.shape.forEach((size, outer) => {
    const parts: Size[] = []
    let product = ONE_SIZE
    while (axis < inner.length && (product !== size || inner[axis] === ONE_SIZE)) {
      parts.push(inner[axis] as Size)
      product = multiplySizes(product, inner[axis++] as Size)
      if (product === size && size !== ONE_SIZE) break
    }
    if (product !== size) throw new BackproveError('budget', 'a reshape that is not a product of axes')
    place.push(...partIndices(reader, parts, at[outer] as Index))
  })
  while (axis < inner.length && inner[axis] === ONE_SIZE) {
    place.push(0)
    axis++
  }
  if (place.length !== inner.length) throw new BackproveError('budget', 'a reshape that is not a product of axes')
  return place
}

function partIndices(reader: Splitter, parts: readonly Size[], index: Index): Index[] {
  const long = parts.filter((size) => size !== ONE_SIZE)
  if (long.length <= 1) return parts.map((size) => (size === ONE_SIZE ? 0 : index))
  const split = reader.splits.get(index) ?? long.map((size) => ({ index: reader.k.algebra.fresh(), size }))
  if (split.length !== long.length || split.some(({ size }, at) => size !== long[at])) {
    throw new BackproveError('budget', 'one axis is split in two ways')
  }
  reader.splits.set(index, split)
  let next = 0
  return parts.map((size) => (size === ONE_SIZE ? 0 : (split[next++] as Binder).index))
}
