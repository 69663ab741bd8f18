import { BackproveError } from '../base/errors.ts'
import type { Node, NormaliseName } from '../graph/node.ts'
import type { Calculus } from '../ops/calculus.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Algebra } from './algebra.ts'
import { absolute, compare, fromNumber, isZero, negate, ONE, ZERO } from './bigfloat.ts'
import type { BigFloat } from './bigfloat.ts'
import { Functions } from './bigfloat-functions.ts'
import { evaluateAll } from './evaluate.ts'
import type { Bindings } from './evaluate.ts'
import { broadcastLengths, broadcastPositions } from './kernels/broadcast.ts'
import { forEachTerm, loopsOf } from './kernels/contract.ts'
import { forEachGroup, reducedShape } from './kernels/reduce.ts'
import { preciseMatrix } from './precise-matrix.ts'
import { entriesOf } from './tensor.ts'

/** An entry: a number to many digits, or `null` where it is not defined. */
export type Precise = BigFloat | null

export interface PreciseArray {
  readonly shape: readonly number[]
  readonly data: readonly Precise[]
}

/**
 * The values of `roots` in binary arithmetic of `bits` bits whose exponents have no bound. Slow and plain, and independent
 * of the kernels on doubles: an operation that is defined by an expansion is computed from it.
 * Throws as `evaluate` does.
 */
export function evaluatePrecisely(roots: readonly Node[], bindings: Bindings, bits = 192): PreciseArray[] {
  const values = evaluateAll(preciseAlgebra(bits), roots, bindings)
  return roots.map((root) => values.get(root)!)
}

/** An entry; `!` would take the `null` out of its type. */
const at = (a: PreciseArray, place: number): Precise => a.data[place] as Precise
const scalar = (value: Precise): PreciseArray => ({ shape: [], data: [value] })
const lift = (fn: (a: BigFloat, b: BigFloat) => Precise) => (a: Precise, b: Precise): Precise =>
    a === null || b === null ? null : fn(a, b) // prettier-ignore
const extreme = (side: 1 | -1) => lift((a, b) => (compare(a, b) === side ? a : b))
const truth = (value: boolean): BigFloat => (value ? ONE : ZERO)

/** Arrays of binary numbers of `bits` bits. */
export function preciseAlgebra(bits: number): Algebra<PreciseArray> {
  const f = new Functions(bits)
  const plus = lift((a, b) => f.add(a, b))
  const times = lift((a, b) => f.mul(a, b))
  const fold = { max: extreme(1), min: extreme(-1), prod: times }
  return {
    exact: (value) => ({ shape: value.shape, data: Array.from(value.data, fromNumber) }),
    rational: (value) => scalar(f.rational(value)),
    symbol: (name) => scalar(name === 'pi' ? f.pi() : f.e()),
    map: (fn, args) => {
      const shape = broadcastLengths(args.map((arg) => arg.shape))
      const positions = args.map((arg) => broadcastPositions(arg.shape, shape))
      const entryOf = (entry: number): Precise =>
        applyPrecisely(f, fn, args.map((arg, slot) => at(arg, positions[slot]![entry]!))) // prettier-ignore
      return { shape, data: Array.from({ length: entriesOf(shape) }, (_, entry) => entryOf(entry)) }
    },
    contract: (spec, operands) => {
      const shape = spec.output.map((label) => spec.sizes[label]!)
      const data = new Array<Precise>(entriesOf(shape)).fill(ZERO)
      forEachTerm(loopsOf(spec), (positions) => {
        const product = operands.reduce<Precise>((sum, operand, slot) => times(sum, at(operand, positions[slot]!)), ONE)
        const place = positions[operands.length]!
        data[place] = plus(data[place] as Precise, product)
      })
      return { shape, data }
    },
    reduce: (fn, axes, a) => {
      const data: Precise[] = []
      forEachGroup(a.shape, axes, (positions, group) => {
        data[group] = Array.from(positions, (place) => at(a, place)).reduce(fold[fn])
      })
      return { shape: reducedShape(a.shape, axes), data }
    },
    normalise: (fn, axes, a) => {
      const data: Precise[] = []
      forEachGroup(a.shape, axes, (positions, group) => {
        const results = normalise(
          f,
          fn,
          Array.from(positions, (place) => at(a, place)),
        )
        if (fn === 'logsumexp') data[group] = results[0] as Precise
        else positions.forEach((place, i) => (data[place] = results[i] as Precise))
      })
      return { shape: fn === 'logsumexp' ? reducedShape(a.shape, axes) : a.shape, data }
    },
    matrix: (fn, a) => preciseMatrix(f, fn, a),
    reshape: (shape, a) => ({ shape, data: a.data }),
    shape: (a) => a.shape,
  }
}

type Kernel = (f: Functions, a: BigFloat, b: BigFloat) => Precise

/** Operations computed directly; every other one has an expansion into these. */
const KERNELS: Readonly<Partial<Record<ElementwiseName, Kernel>>> = {
  add: (f, a, b) => f.add(a, b),
  sub: (f, a, b) => f.sub(a, b),
  mul: (f, a, b) => f.mul(a, b),
  div: (f, a, b) => f.div(a, b),
  pow: (f, a, b) => f.pow(a, b),
  neg: (_, a) => negate(a),
  abs: (_, a) => absolute(a),
  gt: (_, a, b) => truth(compare(a, b) > 0),
  ge: (_, a, b) => truth(compare(a, b) >= 0),
  eq: (_, a, b) => truth(compare(a, b) === 0),
  ne: (_, a, b) => truth(compare(a, b) !== 0),
  exp: (f, a) => f.exp(a),
  expm1: (f, a) => f.expm1(a),
  log: (f, a) => f.log(a),
  log1p: (f, a) => f.log1p(a),
  sqrt: (f, a) => f.sqrt(a),
  sin: (f, a) => f.sin(a),
  cos: (f, a) => f.cos(a),
  sinh: (f, a) => f.sinh(a),
  cosh: (f, a) => f.cosh(a),
  tanh: (f, a) => f.tanh(a),
  asin: (f, a) => f.asin(a),
  acos: (f, a) => f.acos(a),
  atan: (f, a) => f.atan(a),
  erf: (f, a) => f.erf(a),
}

/** One entry of an elementwise operation. The branch that `where` does not take may be undefined. */
export function applyPrecisely(f: Functions, fn: ElementwiseName, args: readonly Precise[]): Precise {
  if (fn === 'where') {
    const condition = args[0] as Precise
    return condition === null ? null : (args[isZero(condition) ? 2 : 1] as Precise)
  }
  const [a, b = ZERO] = args as readonly [Precise, Precise?]
  if (a === null || b === null) return null
  const kernel = KERNELS[fn]
  if (kernel !== undefined) return kernel(f, a, b)
  const { expansion } = ELEMENTWISE[fn]
  if (expansion === undefined) {
    throw new BackproveError('internal', `${fn} has neither a precise kernel nor an expansion`)
  }
  const calculus: Calculus<Precise> = {
    constant: (value) => f.rational(value),
    pi: () => f.pi(),
    call: (name, ...inner) => applyPrecisely(f, name, inner),
  }
  return expansion(calculus, args)
}

/** Softmax and its kin of one group; of `logsumexp` only the first result counts. */
function normalise(f: Functions, fn: NormaliseName, entries: Precise[]): Precise[] {
  const minus = lift((a, b) => f.sub(a, b))
  const largest = entries.reduce(extreme(1))
  const shifted = entries.map((entry) => minus(entry, largest))
  const powers = shifted.map((entry) => (entry === null ? null : f.exp(entry)))
  const total = powers.reduce(lift((a, b) => f.add(a, b)))
  if (total === null) return entries.map(() => null)
  if (fn === 'softmax') return powers.map((power) => (power === null ? null : f.div(power, total)))
  const logarithm = f.log(total)
  if (fn === 'log_softmax') return shifted.map((entry) => minus(entry, logarithm))
  return [lift((a, b) => f.add(a, b))(largest, logarithm)]
}
