import type { MatrixStep } from './plan/nest.ts'

type Entries = Float64Array | Float32Array

interface Factors {
  /** L and U in one array, row-major; the diagonal of L is 1. */
  readonly lu: Float64Array
  readonly rows: readonly number[]
  readonly sign: 1 | -1
}

/** LU factors with the largest pivot of each column. Source: Golub and Van Loan, "Matrix Computations", section 3.4. */
function factorise(a: Entries, offset: number, n: number): Factors {
  const lu = Float64Array.from(a.subarray(offset, offset + n * n))
  const rows = Array.from({ length: n }, (_, row) => row)
  let sign: 1 | -1 = 1
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]!) > Math.abs(lu[pivot * n + k]!)) pivot = i
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [lu[k * n + j], lu[pivot * n + j]] = [lu[pivot * n + j]!, lu[k * n + j]!]
      ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
      sign = sign === 1 ? -1 : 1
    }
    const head = lu[k * n + k]!
    if (head === 0) continue
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k]! / head
      lu[i * n + k] = factor
      for (let j = k + 1; j < n; j++) lu[i * n + j]! -= factor * lu[k * n + j]!
    }
  }
  return { lu, rows, sign }
}

/** Writes the inverse; NaN throughout where a pivot is zero. */
function invert({ lu, rows }: Factors, n: number, out: Entries, offset: number): void {
  const singular = rows.some((_, k) => lu[k * n + k] === 0)
  const column = new Float64Array(n)
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      let sum = rows[i] === c ? 1 : 0
      for (let j = 0; j < i; j++) sum -= lu[i * n + j]! * column[j]!
      column[i] = sum
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = column[i]!
      for (let j = i + 1; j < n; j++) sum -= lu[i * n + j]! * column[j]!
      column[i] = sum / lu[i * n + i]!
    }
    for (let i = 0; i < n; i++) out[offset + i * n + c] = singular ? NaN : column[i]!
  }
}

/** Runs an `inv`, `det` or `logdet`; `starts` are the buffers' first entries in `m`. `logdet` is NaN unless `det > 0`. */
export function runMatrix(m: Entries, starts: readonly number[], step: MatrixStep): void {
  const n = step.order
  const factors = factorise(m, starts[step.input]! + step.inputOffset, n)
  const out = starts[step.output]!
  if (step.fn === 'inv') {
    invert(factors, n, m, out)
    return
  }
  let det: number = factors.sign
  let logarithm = 0
  for (let k = 0; k < n; k++) {
    const pivot = factors.lu[k * n + k]!
    det *= step.fn === 'det' ? pivot : Math.sign(pivot)
    logarithm += Math.log(Math.abs(pivot))
  }
  m[out] = step.fn === 'det' ? det : det > 0 ? logarithm : NaN
}
