import { isZero, toNumber } from '../../base/rational.ts'
import type { Rational } from '../../base/rational.ts'
import { ROUNDOFF } from '../../evaluate/roundoff.ts'
import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import type { Calculus } from '../../ops/calculus.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import type { Subject } from '../subject.ts'
import { FORMATS } from './format.ts'
import type { FloatFormat } from './format.ts'

/** What a spelling does at one float. */
export interface Trace {
  /** The result in the format, every operation rounded. */
  readonly result: number
  /** The same in doubles. */
  readonly precise: number
  /** How far rounding may move the result, to first order; `NaN` where values on the way leave no answer. */
  readonly bound: number
  /** How fast the result moves with `z`. */
  readonly slope: number
  /** The first value on the way that is not finite, and what it is. */
  readonly broken: { readonly node: Node; readonly value: number } | null
}

type Step = (values: Float64Array, z: number) => number
type Local = (values: Float64Array, slot: number) => number

const NUMBERS: Calculus<number> = {
  constant: toNumber,
  pi: () => Math.PI,
  call: (fn, ...args) => ELEMENTWISE[fn].kernel(...args),
}

/** What is infinite at the end of its domain; the kernels of other parts say that it is not defined there. Source: IEEE 754-2019, 7.3. */
const AS_LIBRARIES: { readonly [name in ElementwiseName]?: (...args: number[]) => number } = {
  div: (a, b) => a / b,
  log: Math.log,
  log1p: Math.log1p,
  pow: Math.pow,
}

/** Whether a number has no more bits than a double. */
const isDouble = ({ n, d }: Rational): boolean =>
  (d & (d - 1n)) === 0n && (n < 0n ? -n : n) < 1n << 53n && d < 1n << 1000n

const isPowerOfTwo = ({ n, d }: Rational): boolean => {
  const size = n < 0n ? -n : n
  return size > 0n && (size & (size - 1n)) === 0n && (d & (d - 1n)) === 0n
}

/**
 * A scalar spelling as a program of one format. Each operation is as its kernel computes it in doubles, rounded to the
 * format: a library whose functions round correctly. The bound is the sum, over all operations, of half a unit in the
 * last place times how fast the result moves with the operation's. Source: Higham 2002, "Accuracy and Stability of
 * Numerical Algorithms", section 3.3; Linnainmaa 1976, "Taylor expansion of the accumulated rounding error".
 */
export class Program {
  readonly root: Node
  readonly nodes: readonly Node[]
  readonly #steps: readonly Step[]
  readonly #locals: readonly (Local | null)[]
  readonly #inputs: readonly (readonly number[])[]
  readonly #constants: readonly (Rational | null)[]
  readonly #isExact: readonly boolean[]
  readonly #isSum: readonly boolean[]
  /** What does not move with `z`, and is not rounded on the way. */
  readonly #isStill: readonly boolean[]
  readonly #z: number
  readonly #values: Float64Array
  readonly #rounded: Float64Array
  readonly #adjoints: Float64Array

  constructor(root: Node, { z, parameters }: Subject) {
    this.root = root
    this.nodes = reachable([root])
    const places = new Map(this.nodes.map((node, at) => [node, at]))
    const given = new Map<Node, Rational>(parameters.map(({ node, value }) => [node, value]))
    this.#constants = this.nodes.map((node) => given.get(node) ?? (node.kind === 'constant' ? node.value : null))
    this.#inputs = this.nodes.map((node) => node.inputs.map((input) => places.get(input)!))
    this.#isStill = this.#constants.map((constant) => constant !== null && isDouble(constant) && Math.fround(toNumber(constant)) === toNumber(constant)) // prettier-ignore
    this.#steps = this.nodes.map((node, at) => this.#stepOf(node, at, z))
    this.#locals = this.nodes.map((node, at) => this.#localOf(node, at))
    this.#isExact = this.nodes.map((node, at) => node === z || this.#isStill[at]! || this.#roundsNot(node, at))
    this.#isSum = this.nodes.map((node) => node.kind === 'map' && (node.fn === 'add' || node.fn === 'sub'))
    this.#z = places.get(z) ?? -1
    this.#values = new Float64Array(this.nodes.length)
    this.#rounded = new Float64Array(this.nodes.length)
    this.#adjoints = new Float64Array(this.nodes.length)
  }

  #stepOf(node: Node, at: number, z: Node): Step {
    const inputs = this.#inputs[at]!
    const [a, b, c] = inputs as [number, number, number]
    const constant = this.#constants[at]
    if (node === z) return (_, place) => place
    if (constant !== null && constant !== undefined) {
      const value = toNumber(constant)
      return () => value
    }
    if (node.kind === 'symbol') {
      const value = node.name === 'pi' ? Math.PI : Math.E
      return () => value
    }
    if (node.kind !== 'map') return (values) => values[a]!
    const { arity } = ELEMENTWISE[node.fn]
    const kernel = AS_LIBRARIES[node.fn] ?? ELEMENTWISE[node.fn].kernel
    if (arity === 1) return (values) => kernel(values[a]!)
    if (arity === 2) return (values) => kernel(values[a]!, values[b]!)
    return (values) => kernel(values[a]!, values[b]!, values[c]!)
  }

  /** How fast the value moves with that of one input. */
  #localOf(node: Node, at: number): Local | null {
    const inputs = this.#inputs[at]!
    const [a, b] = inputs as [number, number]
    if (inputs.length === 0) return null
    if (node.kind === 'contract') {
      return (values, slot) => inputs.reduce((product, input, other) => (other === slot ? product : product * values[input]!), 1) // prettier-ignore
    }
    if (node.kind !== 'map') return () => 1
    switch (node.fn) {
      case 'add':
        return () => 1
      case 'sub':
        return (_, slot) => (slot === 0 ? 1 : -1)
      case 'neg':
        return () => -1
      case 'mul':
        return (values, slot) => values[slot === 0 ? b : a]!
      case 'div':
        return (values, slot) => (slot === 0 ? 1 : -values[at]!) / values[b]!
      case 'exp':
        return (values) => values[at]!
      default: {
        const { partials } = ELEMENTWISE[node.fn]
        return (values, slot) => partials[slot]?.(NUMBERS, inputs.map((input) => values[input]!), values[at]!) ?? 0 // prettier-ignore
      }
    }
  }

  #roundsNot(node: Node, at: number): boolean {
    if (node.kind !== 'map') return node.kind !== 'contract' && node.kind !== 'symbol' && this.#constants[at] === null
    if (ROUNDOFF[node.fn].result === 0) return true
    const scales = (slot: number): boolean => {
      const constant = this.#constants[this.#inputs[at]![slot]!]
      return constant !== null && constant !== undefined && isPowerOfTwo(constant)
    }
    const factors: readonly ElementwiseName[] = ['mul', 'div']
    return factors.includes(node.fn) && (scales(1) || (node.fn === 'mul' && scales(0)))
  }

  /** The values on the way, one for each node, until the next call. */
  valuesAt(z: number, { round }: FloatFormat): Float64Array {
    this.#run(this.#values, round(z), round)
    return this.#values
  }

  #run(values: Float64Array, z: number, round: FloatFormat['round']): void {
    for (let at = 0; at < this.nodes.length; at++) {
      const node = this.nodes[at]!
      values[at] =
        node.kind === 'contract'
          ? this.#inputs[at]!.reduce((product, input) => round(product * values[input]!), 1)
          : round(this.#steps[at]!(values, z))
    }
  }

  /** The place must be a number of the format. */
  at(z: number, format: FloatFormat): Trace {
    const last = this.nodes.length - 1
    this.#run(this.#values, z, FORMATS.f64.round)
    let computed = this.#values
    if (format !== FORMATS.f64) {
      computed = this.#rounded
      this.#run(computed, z, format.round)
    }
    const { bound, slope } = this.#bounds(format)
    const first = computed.findIndex((value) => !Number.isFinite(value))
    const broken = first < 0 ? null : { node: this.nodes[first]!, value: computed[first]! }
    return { result: computed[last]!, precise: this.#values[last]!, bound, slope, broken }
  }

  #bounds(format: FloatFormat): { bound: number; slope: number } {
    const adjoints = this.#adjoints.fill(0)
    const values = this.#values
    adjoints[adjoints.length - 1] = 1
    let bound = 0
    for (let at = adjoints.length - 1; at >= 0; at--) {
      const adjoint = adjoints[at]!
      if (adjoint === 0) continue
      if (!this.#isExact[at]!) bound += Math.abs(adjoint) * this.#errorAt(at, format)
      const local = this.#locals[at]
      if (local === null || local === undefined) continue
      const inputs = this.#inputs[at]!
      for (let slot = 0; slot < inputs.length; slot++) {
        const input = inputs[slot]!
        if (this.#isStill[input]!) continue
        adjoints[input]! += adjoint * local(values, slot)
      }
    }
    return { bound, slope: this.#z < 0 ? 0 : adjoints[this.#z]! }
  }

  /** How far the operation itself may round. */
  #errorAt(at: number, format: FloatFormat): number {
    const value = this.#values[at]!
    const constant = this.#constants[at]
    if (constant !== null && constant !== undefined) {
      if (isZero(constant)) return 0
      return Math.abs(format.round(value) - value) + (isDouble(constant) ? 0 : FORMATS.f64.halfUlp(value))
    }
    // Nothing is farther from the nearest float than from zero.
    const error = Math.min(format.halfUlp(value), Math.abs(value))
    if (!this.#isSum[at]!) return error
    // A sum is never farther from the exact one than the smaller summand.
    const [a, b] = this.#inputs[at] as readonly [number, number]
    return Math.min(error, Math.abs(this.#values[a]!), Math.abs(this.#values[b]!))
  }
}
