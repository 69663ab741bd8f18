import { forEachGroup } from '../../evaluate/kernels/reduce.ts'
import type { Tensor } from '../../evaluate/tensor.ts'

/** The nearest matrix that transposition leaves alone, or changes in sign. */
export function makeSymmetric(a: Tensor, sign: 1 | -1): Tensor {
  const [rows, columns] = a.shape as [number, number]
  if (rows !== columns) return a
  const data = Float64Array.from(a.data)
  for (let i = 0; i < rows; i++) {
    if (sign < 0) data[i * rows + i] = 0
    // Taking over one triangle keeps short decimals short, where the mean of both would not.
    for (let j = 0; j < i; j++) data[i * rows + j] = sign * data[j * rows + i]!
  }
  return { shape: a.shape, data }
}

/** Positive entries scaled, others shifted, so that each sum over `axes` is `total`. */
export function scaleToTotal(a: Tensor, axes: readonly number[], total: number): Tensor {
  const data = Float64Array.from(a.data)
  forEachGroup(a.shape, axes, (positions) => {
    const entries = Array.from(positions, (place) => data[place]!)
    const sum = entries.reduce((x, y) => x + y, 0)
    const positive = entries.every((x) => x >= 0) && sum > 0 && total > 0
    const results = entries.map((x) => (positive ? (x / sum) * total : x + (total - sum) / entries.length))
    exactly(results, total).forEach((value, i) => (data[positions[i]!] = value))
  })
  return { shape: a.shape, data }
}

/** The same numbers to two decimals with the same sum, where that keeps their signs; else as they are. */
function exactly(entries: readonly number[], total: number): readonly number[] {
  const rounded = entries.map((x) => Math.round(x * 100) / 100)
  const largest = entries.reduce((best, x, i) => (Math.abs(x) > Math.abs(entries[best]!) ? i : best), 0)
  const rest = rounded.reduce((sum, x, i) => (i === largest ? sum : sum + x), 0)
  rounded[largest] = Number((total - rest).toFixed(12))
  return rounded.every((x, i) => Math.sign(x) === Math.sign(entries[i]!)) ? rounded : entries
}

/** Scaled so that the squares add up to `total`. */
export function scaleToLength(a: Tensor, total: number): Tensor {
  const squares = a.data.reduce((sum, x) => sum + x * x, 0)
  const factor = Math.sqrt(total / squares)
  return Number.isFinite(factor) ? { shape: a.shape, data: a.data.map((x) => x * factor) } : a
}

/** Gram–Schmidt, twice, which is enough for full accuracy. Source: Giraud et al. 2005, "Twice is enough". */
export function makeOrthonormal(a: Tensor, by: 'columns' | 'rows'): Tensor {
  const [rows, columns] = a.shape as [number, number]
  const data = Float64Array.from(a.data)
  const [count, length] = by === 'columns' ? [columns, rows] : [rows, columns]
  const place = (vector: number, i: number): number => (by === 'columns' ? i * columns + vector : vector * columns + i)
  for (let v = 0; v < count; v++) {
    for (let round = 0; round < 2; round++) {
      for (let u = 0; u < v; u++) {
        let product = 0
        for (let i = 0; i < length; i++) product += data[place(u, i)]! * data[place(v, i)]!
        for (let i = 0; i < length; i++) data[place(v, i)]! -= product * data[place(u, i)]!
      }
      let squares = 0
      for (let i = 0; i < length; i++) squares += data[place(v, i)]! ** 2
      for (let i = 0; i < length; i++) data[place(v, i)]! /= Math.sqrt(squares)
    }
  }
  return { shape: a.shape, data }
}
