import type { MatrixName } from '../../graph/node.ts'
import { scalar } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'

/** `P*A = L*U`: both factors in one array, the unit diagonal of `L` left out. */
interface Factors {
  readonly n: number
  readonly lu: Float64Array
  readonly rows: Int32Array
  readonly sign: number
}

/** Gaussian elimination with partial pivoting. Source: Golub and Van Loan, Matrix Computations, algorithm 3.4.1. */
function factorise(a: Tensor): Factors {
  const n = a.shape[0]!
  const lu = Float64Array.from(a.data)
  const rows = Int32Array.from({ length: n }, (_, row) => row)
  let sign = 1
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]!) > Math.abs(lu[pivot * n + k]!)) pivot = i
    if (pivot !== k) {
      sign = -sign
      for (let j = 0; j < n; j++) [lu[k * n + j], lu[pivot * n + j]] = [lu[pivot * n + j]!, lu[k * n + j]!]
      ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    }
    if (lu[k * n + k] === 0) continue
    for (let i = k + 1; i < n; i++) {
      const factor = (lu[i * n + k]! /= lu[k * n + k]!)
      for (let j = k + 1; j < n; j++) lu[i * n + j]! -= factor * lu[k * n + j]!
    }
  }
  return { n, lu, rows, sign }
}

const diagonal = ({ n, lu }: Factors): number[] => Array.from({ length: n }, (_, k) => lu[k * n + k]!)

const determinant = (factors: Factors): number => diagonal(factors).reduce((a, b) => a * b, factors.sign)

/** `NaN` where the determinant is not positive. Sums logarithms, so that no product overflows. */
function logDeterminant(factors: Factors): number {
  const pivots = diagonal(factors)
  const sign = pivots.reduce((a, b) => a * Math.sign(b), factors.sign)
  return sign > 0 ? pivots.reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0) : NaN
}

/** `NaN` throughout for a singular matrix. */
function inverse({ n, lu, rows }: Factors): Float64Array {
  const result = new Float64Array(n * n)
  for (let column = 0; column < n; column++) {
    for (let i = 0; i < n; i++) {
      let sum = rows[i] === column ? 1 : 0
      for (let k = 0; k < i; k++) sum -= lu[i * n + k]! * result[k * n + column]!
      result[i * n + column] = sum
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = result[i * n + column]!
      for (let k = i + 1; k < n; k++) sum -= lu[i * n + k]! * result[k * n + column]!
      result[i * n + column] = sum / lu[i * n + i]!
    }
  }
  return result.every(Number.isFinite) ? result : result.fill(NaN)
}

/** A function of one square matrix. */
export function matrixTensor(fn: MatrixName, a: Tensor): Tensor {
  const factors = factorise(a)
  switch (fn) {
    case 'det':
      return scalar(determinant(factors))
    case 'logdet':
      return scalar(logDeterminant(factors))
    case 'inv':
      return { shape: a.shape, data: inverse(factors) }
  }
}
