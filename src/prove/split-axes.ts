import { BackproveError } from '../base/errors.ts'
import type { ReshapeNode } from '../graph/node.ts'
import type { Kernel } from '../index/kernel.ts'
import type { Binder, Index } from '../index/term.ts'
import { multiplySizes, ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'

interface Splitter {
  readonly k: Kernel
  /** Variables over a product of axes, with the variables over those. */
  readonly splits: Map<Index, readonly Binder[]>
  /** Variables made of others; no term may keep one, since a sum over its parts would not see it. */
  readonly joined: Map<string, Index>
}

const regrouped = (): BackproveError => new BackproveError('budget', 'a reshape that neither splits nor joins axes')

/**
 * The place in a reshape's operand of a place in its result. An axis of the result may be the product of several of the
 * operand, whose variables it is split into, or several may be the parts of one. Throws `budget` for any other regrouping.
 */
export function splitAxes(reader: Splitter, node: ReshapeNode, at: readonly Index[]): Index[] {
  const inner = (node.inputs[0]?.shape ?? []).flatMap((size, axis) => (size === ONE_SIZE ? [] : [{ size, axis }]))
  const outer = node.shape.flatMap((size, axis) => (size === ONE_SIZE ? [] : [{ size, index: at[axis] as Index }]))
  const place: Index[] = (node.inputs[0]?.shape ?? []).map(() => 0)
  let [i, o] = [0, 0]
  while (i < inner.length && o < outer.length) {
    const parts = run(inner.slice(i).map(({ size }) => size), (outer[o] as { size: Size }).size) // prettier-ignore
    const wholes = run(outer.slice(o).map(({ size }) => size), (inner[i] as { size: Size }).size) // prettier-ignore
    if (parts > 0) {
      const sizes = inner.slice(i, i + parts).map(({ size }) => size)
      const indices = split(reader, sizes, (outer[o] as { index: Index }).index)
      indices.forEach((index, part) => (place[(inner[i + part] as { axis: number }).axis] = index))
      i += parts
      o += 1
    } else if (wholes > 0) {
      place[(inner[i] as { axis: number }).axis] = join(reader, outer.slice(o, o + wholes))
      i += 1
      o += wholes
    } else throw regrouped()
  }
  if (i < inner.length || o < outer.length) throw regrouped()
  return place
}

/** How many of the first sizes multiply to `whole`; 0 if no run does. */
function run(sizes: readonly Size[], whole: Size): number {
  let product = ONE_SIZE
  for (const [position, size] of sizes.entries()) {
    product = multiplySizes(product, size)
    if (product === whole) return position + 1
  }
  return 0
}

function split(reader: Splitter, sizes: readonly Size[], index: Index): Index[] {
  if (sizes.length === 1) return [index]
  const parts = reader.splits.get(index) ?? sizes.map((size) => ({ index: reader.k.algebra.fresh(), size }))
  if (parts.length !== sizes.length || parts.some(({ size }, at) => size !== sizes[at])) throw regrouped()
  reader.splits.set(index, parts)
  return parts.map((part) => part.index)
}

function join(reader: Splitter, parts: readonly { size: Size; index: Index }[]): Index {
  const key = parts.map(({ index }) => index).join(',')
  const known = reader.joined.get(key)
  if (known !== undefined) return known
  const whole = reader.k.algebra.fresh()
  reader.joined.set(key, whole)
  reader.splits.set(whole, parts)
  return whole
}
