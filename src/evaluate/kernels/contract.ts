import { entriesOf, stridesOf } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'

/** A contraction whose labels have lengths. */
export interface NumericContraction {
  readonly operands: readonly (readonly number[])[]
  readonly output: readonly number[]
  readonly sizes: readonly number[]
}

/** The loops of a contraction: one for each label, those of the output first, so that the innermost ones add up. */
export interface Loops {
  readonly lengths: number[]
  /** For each operand, and last for the output: how far its position moves when a loop advances. */
  readonly strides: number[][]
}

/** A label that stands on several axes moves along all of them at once: that reads diagonals and writes deltas. */
function labelStrides(labels: readonly number[], sizes: readonly number[], order: readonly number[]): number[] {
  const steps = stridesOf(labels.map((label) => sizes[label]!))
  return order.map((wanted) => labels.reduce((sum, label, axis) => (label === wanted ? sum + steps[axis]! : sum), 0))
}

export function loopsOf(spec: NumericContraction): Loops {
  return loopsIn([...new Set([...spec.output, ...spec.operands.flat()])], spec)
}

function loopsIn(order: readonly number[], spec: NumericContraction): Loops {
  return {
    lengths: order.map((label) => spec.sizes[label]!),
    strides: [...spec.operands, spec.output].map((labels) => labelStrides(labels, spec.sizes, order)),
  }
}

/**
 * Visits every combination of labels. `visit` gets the positions in the operands and, last, in the output, and the
 * array is reused: no entry allocates.
 */
export function forEachTerm({ lengths, strides }: Loops, visit: (positions: Int32Array) => void): void {
  if (lengths.includes(0)) return
  const index = new Int32Array(lengths.length)
  const positions = new Int32Array(strides.length)
  for (;;) {
    visit(positions)
    let loop = lengths.length - 1
    for (; loop >= 0; loop--) {
      const wrapped = ++index[loop]! === lengths[loop]
      const steps = wrapped ? 1 - lengths[loop]! : 1
      for (let slot = 0; slot < strides.length; slot++) positions[slot]! += steps * strides[slot]![loop]!
      if (!wrapped) break
      index[loop] = 0
    }
    if (loop < 0) return
  }
}

/** The contraction from its meaning: the sum over all labels of the product of the operands' entries. */
export function contractGenerally(spec: NumericContraction, operands: readonly Tensor[]): Tensor {
  const shape = spec.output.map((label) => spec.sizes[label]!)
  const data = new Float64Array(entriesOf(shape))
  const count = operands.length
  forEachTerm(loopsOf(spec), (positions) => {
    let product = 1
    for (let slot = 0; slot < count; slot++) product *= operands[slot]!.data[positions[slot]!]!
    data[positions[count]!]! += product
  })
  return { shape, data }
}

/** Entries beyond which memory is walked along its rows. */
const LONG = 4096

/** The loops with that innermost which strides least: rows are read in order, where columns would miss the cache. */
function loopsAlongRows(spec: NumericContraction): Loops {
  const loops = loopsOf(spec)
  const { lengths, strides } = loops
  if (lengths.reduce((product, length) => product * length, 1) <= LONG) return loops
  const order = [...new Set([...spec.output, ...spec.operands.flat()])]
  const step = (loop: number): number => strides.reduce((sum, steps) => sum + steps[loop]!, 0)
  const inner = order.map((_, loop) => loop).filter((loop) => lengths[loop]! >= 8).sort((a, b) => step(a) - step(b))[0] // prettier-ignore
  if (inner === undefined) return loops
  return loopsIn([...order.filter((_, loop) => loop !== inner), order[inner]!], spec)
}

/** The same with the innermost loop unrolled from the odometer, for two operands. */
function contractPair(spec: NumericContraction, left: Tensor, right: Tensor): Tensor {
  const shape = spec.output.map((label) => spec.sizes[label]!)
  const data = new Float64Array(entriesOf(shape))
  const { lengths, strides } = loopsAlongRows(spec)
  const inner = lengths.pop()
  if (inner === undefined) return { shape, data: data.fill(left.data[0]! * right.data[0]!) }
  const [a, b, out] = strides.map((steps) => steps.pop()!) as [number, number, number]
  const [p, q] = [left.data, right.data]
  forEachTerm({ lengths, strides }, (positions) => {
    let i = positions[0]!
    let j = positions[1]!
    let k = positions[2]!
    if (out === 0) {
      let sum = 0
      for (let n = 0; n < inner; n++, i += a, j += b) sum += p[i]! * q[j]!
      data[k]! += sum
    } else if (a === 0) {
      const factor = p[i]!
      for (let n = 0; n < inner; n++, j += b, k += out) data[k]! += factor * q[j]!
    } else {
      for (let n = 0; n < inner; n++, i += a, j += b, k += out) data[k]! += p[i]! * q[j]!
    }
  })
  return { shape, data }
}

/** A multilinear operation on tensors whose shapes fit the spec. */
export function contractTensors(spec: NumericContraction, operands: readonly Tensor[]): Tensor {
  return operands.length === 2 ? contractPair(spec, operands[0]!, operands[1]!) : contractGenerally(spec, operands)
}
