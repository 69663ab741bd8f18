import { BackproveError } from '../base/errors.ts'
import { literalValue, multiplySizes, ONE_SIZE, sizeText } from './size.ts'
import type { Size } from './size.ts'

/** The lengths of an array's axes, outermost first; a scalar has none. */
export type Shape = readonly Size[]

export const SCALAR: Shape = []

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])

/** Whether every axis is a literal 1, so that the array may stand where a scalar is wanted. */
export const isScalarLike = (shape: Shape): boolean => shape.every((size) => size === ONE_SIZE)

/** `n_1×m`, or `scalar`. */
export const shapeText = (shape: Shape): string => (shape.length === 0 ? 'scalar' : shape.map(sizeText).join('×'))

export const shapeKey = (shape: Shape): string => shape.map(sizeText).join(',')

/** The number of entries. */
export const entryCount = (shape: Shape): Size => shape.reduce(multiplySizes, ONE_SIZE)

/**
 * The shape of an elementwise result: aligned at the last axis, where sizes must be the same or one a literal 1.
 * A name never broadcasts, even if it may be 1. Returns `null` where they do not fit.
 * Source: NumPy user guide, "Broadcasting".
 */
export function broadcastShapes(shapes: readonly Shape[]): Shape | null {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  const result: Size[] = []
  for (let axis = 0; axis < rank; axis++) {
    let size = ONE_SIZE
    for (const shape of shapes) {
      const here = shape[axis - rank + shape.length]
      if (here === undefined || here === ONE_SIZE || here === size) continue
      if (size !== ONE_SIZE) return null
      size = here
    }
    result.push(size)
  }
  return result
}

/** An axis counted from 0, or from the end when negative, as an index; throws `axis` outside the rank. */
export function normaliseAxis(axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(axis) || index < 0 || index >= rank) {
    throw new BackproveError('axis', `axis ${axis} of an array with ${rank} ${rank === 1 ? 'axis' : 'axes'}`, {
      hint: rank === 0 ? 'a scalar has no axes' : `axes count from 0 to ${rank - 1}, or from -1 down to ${-rank}`,
    })
  }
  return index
}

/** The shape as whole numbers, or `null` where an axis is symbolic. */
export function literalShape(shape: Shape): number[] | null {
  const values = shape.map(literalValue)
  return values.every((value) => value !== null) ? values : null
}
