import { expect } from 'chai'
import type { Bounded } from '../../src/evaluate/bound.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'

const norm = (data: Float64Array): number => Math.hypot(...data)

/** `|a - b| / (|a| + |b|)` in the Euclidean norm; 0 for zero against zero, `Infinity` where anything is not finite. */
export function relativeDifference(a: Tensor, b: Tensor): number {
  const difference = norm(a.data.map((x, entry) => x - b.data[entry]!))
  if (!Number.isFinite(difference)) return Infinity
  return difference === 0 ? 0 : difference / (norm(a.data) + norm(b.data))
}

/** Same shape, and entries that differ by at most `tolerance` of their size: no absolute tolerance hides small values. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what = 'values'): void {
  expect(actual.shape, `shape of ${what}`).to.deep.equal(expected.shape)
  const difference = relativeDifference(actual, expected)
  const first = ({ data }: Tensor): string => [...data.slice(0, 8)].join(' ') + (data.length > 8 ? ' …' : '')
  const shown = difference <= tolerance ? '' : `: ${first(actual)} against ${first(expected)}`
  expect(difference, `relative difference of ${what}${shown}`).to.be.at.most(tolerance)
}

/** Several arrays as one, so that one that is zero but for rounding is measured against the others. */
export const joined = (parts: readonly Tensor[]): Tensor => {
  const data = Float64Array.from(parts.flatMap((part) => [...part.data]))
  return { shape: [data.length], data }
}

/** Two values that agree within their error bounds, which must be small: so zero against rounding is equal. */
export function expectWithinBounds(actual: Bounded, expected: Bounded, what = 'values'): void {
  expect(actual.value.shape, `shape of ${what}`).to.deep.equal(expected.value.shape)
  const largest = Math.max(...actual.value.data.map(Math.abs))
  actual.value.data.forEach((x, entry) => {
    const bound = actual.bound.data[entry]! + expected.bound.data[entry]!
    expect(Math.abs(x - expected.value.data[entry]!), `entry ${entry} of ${what}`).to.be.at.most(bound)
    expect(bound, `bound of entry ${entry} of ${what}`).to.be.below(1e-9 * (1 + largest))
  })
}
