import { BackproveError } from '../../base/errors.ts'
import { entriesOf, stridesOf } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'

/** The shape of an elementwise result; throws `internal`, since the graph has checked the shapes before. */
export function broadcastLengths(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  const result = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    const offset = rank - shape.length
    shape.forEach((length, axis) => {
      const here = result[axis + offset]!
      if (length === 1 || length === here) return
      if (here !== 1) throw new BackproveError('internal', `shapes ${shapes.map((s) => s.join('×')).join(', ')}`)
      result[axis + offset] = length
    })
  }
  return result
}

/** Strides that read a tensor of shape `from` as if it had the shape `to`. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(from)
  const offset = to.length - from.length
  return to.map((_, axis) => (axis < offset || from[axis - offset] === 1 ? 0 : own[axis - offset]!))
}

/** For each entry of `to`, the position of the entry of `from` that broadcasting puts there. */
export function broadcastPositions(from: readonly number[], to: readonly number[]): Int32Array {
  const count = entriesOf(to)
  const positions = new Int32Array(count)
  const strides = broadcastStrides(from, to)
  const index = new Int32Array(to.length)
  let at = 0
  for (let entry = 0; entry < count; entry++) {
    positions[entry] = at
    for (let axis = to.length - 1; axis >= 0; axis--) {
      at += strides[axis]!
      if (++index[axis]! < to[axis]!) break
      at -= strides[axis]! * to[axis]!
      index[axis] = 0
    }
  }
  return positions
}

/** The entries of `a` laid out under the shape `to`; `a`'s own where nothing repeats. */
export function spread(a: Tensor, to: readonly number[]): Float64Array {
  const count = entriesOf(to)
  if (a.data.length === count) return a.data
  if (a.data.length === 1) return new Float64Array(count).fill(a.data[0]!)
  return Float64Array.from(broadcastPositions(a.shape, to), (position) => a.data[position]!)
}
