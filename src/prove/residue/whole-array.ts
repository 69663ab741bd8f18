import type { MatrixName, NormaliseName, ReduceName } from '../../graph/node.ts'
import { contractTensors, forEachTerm, loopsOf } from '../../evaluate/kernels/contract.ts'
import type { NumericContraction } from '../../evaluate/kernels/contract.ts'
import { matrixTensor } from '../../evaluate/kernels/matrix.ts'
import { forEachGroup, normaliseTensor, reducedShape, reduceTensor } from '../../evaluate/kernels/reduce.ts'
import { entriesOf } from '../../evaluate/tensor.ts'
import type { Tensor } from '../../evaluate/tensor.ts'
import type { Arithmetic } from './arithmetic.ts'
import type { Level } from './chain.ts'
import type { Entry, Field } from './field.ts'
import { lazily } from './value.ts'
import type { Value } from './value.ts'

const tensorOf = (value: Value): Tensor => ({ shape: value.shape, data: value.real() })

/** The sum over all labels of the product of the operands' entries. */
export function contractValues(spec: NumericContraction, operands: readonly Value[], chain: readonly Level[]): Value {
  const shape = spec.output.map((label) => spec.sizes[label]!)
  const compute = (level: number): readonly Entry[] => {
    const { p } = chain[level]!.field
    const inputs = operands.map((operand) => operand.at(level))
    const sums = new Array<bigint>(entriesOf(shape)).fill(0n)
    const undefinedAt = new Set<number>()
    const count = inputs.length
    forEachTerm(loopsOf(spec), (positions) => {
      const place = positions[count]!
      let product = 1n
      for (let slot = 0; slot < count; slot++) {
        const entry = inputs[slot]![positions[slot]!] as Entry
        if (entry === null) {
          undefinedAt.add(place)
          return
        }
        if (slot === 0) product = entry
        else product = slot === 1 ? product * entry : (product % p) * entry
      }
      sums[place]! += product
    })
    return sums.map((sum, place) => (undefinedAt.has(place) ? null : sum % p))
  }
  return lazily(shape, compute, () => contractTensors(spec, operands.map(tensorOf)).data)
}

/** A largest entry is the one that is largest among the real numbers. */
export function reduceValue(fn: ReduceName, axes: readonly number[], a: Value, arithmetic: Arithmetic): Value {
  const shape = reducedShape(a.shape, axes)
  const compute = (level: number): readonly Entry[] => {
    const entries = a.at(level)
    const result = new Array<Entry>(entriesOf(shape)).fill(null)
    const { p } = arithmetic.chain[level]!.field
    if (fn !== 'prod') arithmetic.oracle.consulted.add('a largest entry')
    forEachGroup(a.shape, axes, (positions, group) => {
      const members = [...positions]
      if (members.some((place) => entries[place] === null)) return
      if (fn === 'prod')
        result[group] = members.reduce((product, place) => (product * (entries[place] as bigint)) % p, 1n)
      else result[group] = entries[extreme(fn, members, a.real())] as Entry
    })
    return result
  }
  return lazily(shape, compute, () => reduceTensor(fn, axes, tensorOf(a)).data)
}

function extreme(fn: 'max' | 'min', members: readonly number[], real: Float64Array): number {
  return members.reduce((best, place) =>
    (fn === 'max' ? real[place]! > real[best]! : real[place]! < real[best]!) ? place : best,
  )
}

/** Softmax and its kin, from what they mean. */
export function normaliseValue(fn: NormaliseName, axes: readonly number[], a: Value, arithmetic: Arithmetic): Value {
  const powers = arithmetic.call('exp', a)
  const total = totalOver(axes, powers, arithmetic)
  const value =
    fn === 'softmax'
      ? arithmetic.call('div', powers, total)
      : fn === 'logsumexp'
        ? arithmetic.call('log', total)
        : arithmetic.call('sub', a, arithmetic.call('log', total))
  return lazily(value.shape, (level) => value.at(level), () => normaliseTensor(fn, axes, tensorOf(a)).data) // prettier-ignore
}

function totalOver(axes: readonly number[], a: Value, { chain }: Arithmetic): Value {
  const shape = reducedShape(a.shape, axes)
  const compute = (level: number): readonly Entry[] => {
    const entries = a.at(level)
    const { field } = chain[level]!
    const sums = new Array<Entry>(entriesOf(shape)).fill(null)
    forEachGroup(a.shape, axes, (positions, group) => {
      let sum: Entry = 0n
      for (const place of positions) {
        const entry = entries[place] as Entry
        sum = entry === null || sum === null ? null : sum + entry
      }
      sums[group] = sum === null ? null : field.of(sum)
    })
    return sums
  }
  return lazily(shape, compute, () => new Float64Array(entriesOf(shape)).fill(NaN))
}

/** By Gaussian elimination; a singular matrix has no inverse. */
export function matrixValue(fn: MatrixName, a: Value, arithmetic: Arithmetic): Value {
  const real = (): Float64Array => matrixTensor(fn, tensorOf(a)).data
  if (fn === 'inv')
    return lazily(a.shape, (level) => eliminate(a, level, arithmetic.chain[level]!.field).inverse, real) // prettier-ignore
  const det = lazily([], (level) => [eliminate(a, level, arithmetic.chain[level]!.field).determinant], () => matrixTensor('det', tensorOf(a)).data) // prettier-ignore
  return fn === 'det' ? det : arithmetic.call('log', det)
}

interface Eliminated {
  readonly determinant: Entry
  readonly inverse: readonly Entry[]
}

/** Source: Gauss–Jordan elimination, Golub and Van Loan, Matrix Computations, section 3.4, without rounding. */
function eliminate(a: Value, level: number, field: Field): Eliminated {
  const n = a.shape[0]!
  const { p } = field
  const entries = a.at(level)
  const none = new Array<Entry>(n * n).fill(null)
  if (entries.includes(null)) return { determinant: null, inverse: none }
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: 2 * n }, (_, j) => (j < n ? (entries[i * n + j] as bigint) : j === n + i ? 1n : 0n)),
  )
  let determinant = 1n
  for (let column = 0; column < n; column++) {
    const found = rows.findIndex((row, i) => i >= column && row[column] !== 0n)
    if (found < 0) return { determinant: 0n, inverse: none }
    if (found !== column) {
      ;[rows[column], rows[found]] = [rows[found]!, rows[column]!]
      determinant = field.negate(determinant)
    }
    const pivot = rows[column]!
    determinant = (determinant * pivot[column]!) % p
    const scale = field.inverses([pivot[column]!])[0]!
    for (let j = column; j < 2 * n; j++) pivot[j] = (pivot[j]! * scale) % p
    for (const [i, row] of rows.entries()) {
      const factor = row[column]!
      if (i === column || factor === 0n) continue
      for (let j = column; j < 2 * n; j++) row[j] = (row[j]! + (p - factor) * pivot[j]!) % p
    }
  }
  return { determinant, inverse: rows.flatMap((row) => row.slice(n)) }
}
