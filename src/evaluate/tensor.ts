/** An array of doubles, row-major. A scalar has shape `[]` and one entry. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** The number of entries of a shape. */
export function entriesOf(shape: readonly number[]): number {
  let count = 1
  for (const length of shape) count *= length
  return count
}

/** The distance in `data` between neighbours along each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= shape[axis]!
  }
  return strides
}

/** A tensor of the given entries, row-major; throws `RangeError` where their number does not fit the shape. */
export function tensor(shape: readonly number[], entries: ArrayLike<number>): Tensor {
  if (entries.length !== entriesOf(shape)) {
    throw new RangeError(`${entries.length} entries do not fill the shape [${shape.join(', ')}]`)
  }
  return { shape, data: entries instanceof Float64Array ? entries : Float64Array.from(entries) }
}

export const scalar = (value: number): Tensor => ({ shape: [], data: Float64Array.of(value) })

/** A tensor whose entries are all `value`. */
export const filled = (shape: readonly number[], value: number): Tensor => ({
  shape,
  data: new Float64Array(entriesOf(shape)).fill(value),
})

/** Zeros with a single one, at the row-major position `entry`. */
export function unit(shape: readonly number[], entry: number): Tensor {
  const result = filled(shape, 0)
  result.data[entry] = 1
  return result
}

/** Where a row-major position lies: its index along each axis. */
export function indexOf(shape: readonly number[], entry: number): number[] {
  let rest = entry
  return stridesOf(shape).map((stride) => {
    const index = Math.floor(rest / stride)
    rest -= index * stride
    return index
  })
}
