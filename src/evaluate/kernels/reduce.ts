import type { NormaliseName, ReduceName } from '../../graph/node.ts'
import { entriesOf, stridesOf } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'

/** Calls `visit` once for each group of entries that a reduction over `axes` takes together, positions in row-major order. */
export function forEachGroup(
  shape: readonly number[],
  axes: readonly number[],
  visit: (positions: Int32Array, group: number) => void,
): void {
  const strides = stridesOf(shape)
  const offsets = (wanted: readonly number[]): Int32Array => {
    let positions = [0]
    for (const axis of wanted) {
      const steps = Array.from({ length: shape[axis]! }, (_, index) => index * strides[axis]!)
      positions = positions.flatMap((base) => steps.map((step) => base + step))
    }
    return Int32Array.from(positions)
  }
  const within = offsets(axes)
  const positions = new Int32Array(within.length)
  offsets([...shape.keys()].filter((axis) => !axes.includes(axis))).forEach((base, group) => {
    for (let i = 0; i < within.length; i++) positions[i] = base + within[i]!
    visit(positions, group)
  })
}

export const reducedShape = (shape: readonly number[], axes: readonly number[]): number[] =>
  shape.map((length, axis) => (axes.includes(axis) ? 1 : length))

const FOLD: {
  readonly [name in ReduceName]: { readonly start: number; readonly step: (a: number, b: number) => number }
} = {
  max: { start: -Infinity, step: Math.max },
  min: { start: Infinity, step: Math.min },
  prod: { start: 1, step: (a, b) => a * b },
}

/** A reduction over `axes`, which keep length 1. */
export function reduceTensor(fn: ReduceName, axes: readonly number[], a: Tensor): Tensor {
  const { start, step } = FOLD[fn]
  const shape = reducedShape(a.shape, axes)
  const data = new Float64Array(entriesOf(shape))
  forEachGroup(a.shape, axes, (positions, group) => {
    let value = start
    for (const position of positions) value = step(value, a.data[position]!)
    data[group] = value
  })
  return { shape, data }
}

/** Softmax and its kin over `axes` jointly. The maximum is subtracted first, so that `exp` cannot overflow. */
export function normaliseTensor(fn: NormaliseName, axes: readonly number[], a: Tensor): Tensor {
  const shape = fn === 'logsumexp' ? reducedShape(a.shape, axes) : a.shape
  const data = new Float64Array(entriesOf(shape))
  forEachGroup(a.shape, axes, (positions, group) => {
    let top = -Infinity
    for (const position of positions) top = Math.max(top, a.data[position]!)
    let sum = 0
    for (const position of positions) sum += Math.exp(a.data[position]! - top)
    if (fn === 'logsumexp') data[group] = top + Math.log(sum)
    else if (fn === 'softmax') for (const i of positions) data[i] = Math.exp(a.data[i]! - top) / sum
    else for (const i of positions) data[i] = a.data[i]! - top - Math.log(sum)
  })
  return { shape, data }
}
