import type { MatrixName } from '../graph/node.ts'
import { absolute, compare, isZero, negate, ONE, ZERO } from './bigfloat.ts'
import type { BigFloat } from './bigfloat.ts'
import type { Functions } from './bigfloat-functions.ts'
import type { Precise, PreciseArray } from './precise.ts'

/**
 * `inv`, `det` or `logdet` by elimination with the largest pivot of each column. Of a singular matrix the determinant is
 * zero and the others are not defined. Source: Golub and Van Loan 2013, "Matrix Computations", algorithm 3.4.1.
 */
export function preciseMatrix(f: Functions, fn: MatrixName, a: PreciseArray): PreciseArray {
  const n = a.shape[0] ?? 0
  const scalar = (value: Precise): PreciseArray => ({ shape: [], data: [value] })
  if (a.data.some((entry) => entry === null)) {
    return fn === 'inv' ? { shape: a.shape, data: a.data.map(() => null) } : scalar(null)
  }
  const rows = Array.from({ length: n }, (_, i) => [
    ...(a.data.slice(i * n, i * n + n) as BigFloat[]),
    ...Array.from({ length: fn === 'inv' ? n : 0 }, (_unused, j) => (i === j ? ONE : ZERO)),
  ])
  const determinant = eliminate(f, rows, n)
  if (fn === 'det') return scalar(determinant)
  if (fn === 'logdet') return scalar(f.log(determinant))
  const data: Precise[] = rows.flatMap((row) => (isZero(determinant) ? row.slice(n).map(() => null) : row.slice(n)))
  return { shape: a.shape, data }
}

/** Brings the left `n` columns to the identity, and gives their determinant; stops where it is zero. */
function eliminate(f: Functions, rows: BigFloat[][], n: number): BigFloat {
  let determinant: BigFloat = ONE
  for (let column = 0; column < n; column++) {
    let best = column
    for (let row = column + 1; row < n; row++) {
      if (compare(absolute(rows[row]![column]!), absolute(rows[best]![column]!)) > 0) best = row
    }
    if (best !== column) {
      ;[rows[best], rows[column]] = [rows[column]!, rows[best]!]
      determinant = negate(determinant)
    }
    const pivotRow = rows[column]!
    const pivot = pivotRow[column]!
    determinant = f.mul(determinant, pivot)
    if (isZero(pivot)) return ZERO
    rows[column] = pivotRow.map((entry) => f.div(entry, pivot) as BigFloat)
    for (let row = 0; row < n; row++) {
      const factor = rows[row]![column]!
      if (row === column || isZero(factor)) continue
      rows[row] = rows[row]!.map((entry, j) => f.sub(entry, f.mul(factor, rows[column]![j]!)))
    }
  }
  return determinant
}
