import { isInteger, toNumber } from '../base/rational.ts'
import type { MatrixName, Node, NormaliseName, ReduceName } from '../graph/node.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { TENSORS } from './algebra.ts'
import type { Algebra } from './algebra.ts'
import { BOUND_ARITHMETIC } from './bound-arithmetic.ts'
import { evaluateAll } from './evaluate.ts'
import type { Bindings } from './evaluate.ts'
import { broadcastLengths, spread } from './kernels/broadcast.ts'
import type { NumericContraction } from './kernels/contract.ts'
import { forEachGroup } from './kernels/reduce.ts'
import { isWhole, ROUNDOFF, UNIT_ROUNDOFF } from './roundoff.ts'
import { TANGENTS } from './tangents.ts'
import { filled, scalar } from './tensor.ts'
import type { Tensor } from './tensor.ts'

/** Values and, entry by entry, how far rounding may have moved each of them, to first order. */
export interface Bounded {
  readonly value: Tensor
  readonly bound: Tensor
}

/** A number and how far rounding may have moved it. */
export interface Ball {
  readonly value: number
  readonly bound: number
}

const NUMBERS = {
  number: (value: number): number => value,
  map: (fn: ElementwiseName, args: readonly number[]): number => ELEMENTWISE[fn].kernel(...args),
}

/** Operations whose value jumps at a tie of the arguments, or at zero: near it, it is not known. */
const JUMPS: ReadonlySet<ElementwiseName> = new Set(['gt', 'ge', 'eq', 'ne', 'sign', 'step'])
/** Operations on truth values. */
const LOGIC: ReadonlySet<ElementwiseName> = new Set(['and', 'or', 'not'])
/** Operations whose slope jumps: within the bound of a kink, the slopes of both sides count. */
const KINKED: ReadonlySet<ElementwiseName> = new Set(['max', 'min', 'abs', 'relu', 'leaky_relu', 'elu', 'selu'])

/** An exact tie counts as decided: what ties exactly in doubles was computed in the same way. */
function undecided(fn: ElementwiseName, args: readonly Ball[]): boolean {
  if (LOGIC.has(fn)) return args.some(isDoubtful)
  const gap = Math.abs(args.length === 2 ? args[0]!.value - args[1]!.value : args[0]!.value)
  return gap !== 0 && gap <= args.reduce((sum, arg) => sum + arg.bound, 0)
}

/** Whether it is not certain that a number is zero, or not zero. */
const isDoubtful = ({ value, bound }: Ball): boolean => bound >= 1 || (value !== 0 && Math.abs(value) <= bound)

/** How far a value moves when one argument does, by the slope at it and, at kinks, to either side of it. */
function movedBy(fn: ElementwiseName, values: readonly number[], slot: number, moved: number): number {
  const tangents = values.map((_, other) => (other === slot ? moved : null))
  const places = KINKED.has(fn) ? [0, -moved, moved] : [0]
  return Math.max(
    ...places.map((shift) => Math.abs(TANGENTS[fn](NUMBERS, values.with(slot, values[slot]! + shift), tangents) ?? 0)),
  )
}

const WHOLE: ReadonlySet<ElementwiseName> = new Set(['add', 'sub', 'mul'])

/**
 * One elementwise operation on balls: the arguments' bounds times the slopes, and the kernel's own rounding. The bound
 * of a jump that is not decided within the arguments' bounds is as large as the jump.
 */
export function mapBalls(fn: ElementwiseName, args: readonly Ball[]): Ball {
  const values = args.map((arg) => arg.value)
  const value = ELEMENTWISE[fn].kernel(...values)
  if (JUMPS.has(fn) || LOGIC.has(fn)) return { value, bound: undecided(fn, args) ? 2 : 0 }
  const { result, argument } = ROUNDOFF[fn]
  const exact = WHOLE.has(fn) && isWhole(value, values[0]!, values[1]!)
  let bound = exact ? 0 : result * UNIT_ROUNDOFF * Math.abs(value)
  if (fn === 'where' && isDoubtful(args[0]!)) bound += Math.abs(values[1]! - values[2]!)
  args.forEach((arg, slot) => {
    const moved = arg.bound + argument * UNIT_ROUNDOFF * Math.abs(arg.value)
    if (moved !== 0) bound += movedBy(fn, values, slot, moved)
  })
  // Of two factors that are zero by rounding, neither slope moves the product.
  if (fn === 'mul' && args[0]!.bound > 0 && args[1]!.bound > 0) bound += args[0]!.bound * args[1]!.bound
  return { value, bound }
}

const absolute = (a: Tensor): Tensor => ({ shape: a.shape, data: a.data.map(Math.abs) })
const exactly = (value: Tensor): Bounded => ({ value, bound: filled(value.shape, 0) })
const nearest = (value: number, units: number): Bounded => ({
  value: scalar(value),
  bound: scalar(units * UNIT_ROUNDOFF * Math.abs(value)),
})

/** Tensors with error bounds. Source of the rules: Higham, Accuracy and Stability of Numerical Algorithms, chapters 3, 9, 14. */
export const BOUNDED: Algebra<Bounded> = {
  exact: exactly,
  rational(value) {
    const nearby = toNumber(value)
    return nearest(nearby, isInteger(value) && Number.isSafeInteger(nearby) ? 0 : 1)
  },
  symbol: (name) => nearest(name === 'pi' ? Math.PI : Math.E, 1),
  map(fn, args) {
    const shape = broadcastLengths(args.map((arg) => arg.value.shape))
    const values = args.map((arg) => spread(arg.value, shape))
    const bounds = args.map((arg) => spread(arg.bound, shape))
    const result = { value: filled(shape, 0), bound: filled(shape, 0) }
    const whole = BOUND_ARITHMETIC[fn]
    if (whole !== undefined) {
      whole(result.value.data, result.bound.data, values[0]!, bounds[0]!, values[1]!, bounds[1]!)
      return result
    }
    for (let entry = 0; entry < result.value.data.length; entry++) {
      const ball = mapBalls(fn, args.map((_, slot) => ({ value: values[slot]![entry]!, bound: bounds[slot]![entry]! }))) // prettier-ignore
      result.value.data[entry] = ball.value
      result.bound.data[entry] = ball.bound
    }
    return result
  },
  contract: (spec, operands) => contractBounded(spec, operands),
  reduce: (fn, axes, a) => reduceBounded(fn, axes, a),
  normalise: (fn, axes, a) => normaliseBounded(fn, axes, a),
  matrix: (fn, a) => matrixBounded(fn, a),
  reshape: (shape, a) => ({ value: { shape, data: a.value.data }, bound: { shape, data: a.bound.data } }),
  shape: (a) => a.value.shape,
}

function contractBounded(spec: NumericContraction, operands: readonly Bounded[]): Bounded {
  const value = TENSORS.contract(
    spec,
    operands.map((operand) => operand.value),
  )
  const sizes = operands.map((operand) => absolute(operand.value))
  const summed = new Set(spec.operands.flat().filter((label) => !spec.output.includes(label)))
  const terms = [...summed].reduce((count, label) => count * spec.sizes[label]!, 1)
  const roundings = Math.max(0, terms - 1) + Math.max(0, operands.length - 1)
  const bound = filled(value.shape, 0)
  const add = (part: Tensor, factor: number): void =>
    part.data.forEach((x, entry) => (bound.data[entry]! += factor * x))
  if (roundings > 0) add(TENSORS.contract(spec, sizes), roundings * UNIT_ROUNDOFF)
  operands.forEach((operand, slot) => {
    if (operand.bound.data.some((x) => x !== 0)) add(TENSORS.contract(spec, sizes.with(slot, operand.bound)), 1)
  })
  return { value, bound }
}

function reduceBounded(fn: ReduceName, axes: readonly number[], a: Bounded): Bounded {
  const value = TENSORS.reduce(fn, axes, a.value)
  const bound = filled(value.shape, 0)
  forEachGroup(a.value.shape, axes, (positions, group) => {
    if (fn !== 'prod') {
      bound.data[group] = positions.reduce((top, i) => Math.max(top, a.bound.data[i]!), 0)
      return
    }
    let error = 0
    let product = 1
    for (const i of positions) {
      error = error * Math.abs(a.value.data[i]!) + Math.abs(product) * a.bound.data[i]!
      product *= a.value.data[i]!
    }
    bound.data[group] = error + positions.length * UNIT_ROUNDOFF * Math.abs(product)
  })
  return { value, bound }
}

/** Subtracting the maximum is exact but for one rounding; the exponentials and their sum keep their relative accuracy. */
function normaliseBounded(fn: NormaliseName, axes: readonly number[], a: Bounded): Bounded {
  const value = TENSORS.normalise(fn, axes, a.value)
  const weights = TENSORS.normalise('softmax', axes, a.value).data
  const bound = filled(value.shape, 0)
  forEachGroup(a.value.shape, axes, (positions, group) => {
    const top = positions.reduce((most, i) => Math.max(most, a.value.data[i]!), -Infinity)
    const own = (i: number): number => a.bound.data[i]! + UNIT_ROUNDOFF * Math.abs(a.value.data[i]! - top)
    const shared = positions.reduce((sum, i) => sum + weights[i]! * own(i), 0) + (positions.length + 16) * UNIT_ROUNDOFF
    if (fn === 'logsumexp')
      bound.data[group] = shared + 4 * UNIT_ROUNDOFF * (Math.abs(top) + Math.abs(value.data[group]!))
    else {
      for (const i of positions) {
        const moved = own(i) + shared
        const size = Math.abs(value.data[i]!)
        bound.data[i] =
          fn === 'softmax'
            ? size * (moved + 16 * UNIT_ROUNDOFF)
            : moved + 4 * UNIT_ROUNDOFF * (size + Math.abs(a.value.data[i]! - top))
      }
    }
  })
  return { value, bound }
}

/** Elimination solves a matrix nearby exactly: its rounding is that of the entries, times their number and the growth. */
function matrixBounded(fn: MatrixName, a: Bounded): Bounded {
  const value = TENSORS.matrix(fn, a.value)
  const n = a.value.shape[0]!
  const largest = a.value.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const moved = { shape: [n, n], data: a.bound.data.map((x) => x + 8 * n * n * UNIT_ROUNDOFF * largest) }
  const inverse = absolute(TENSORS.matrix('inv', a.value))
  if (fn === 'inv') {
    const sizes = [n, n, n, n]
    const spread = TENSORS.contract({ operands: [[0, 1], [1, 2], [2, 3]], output: [0, 3], sizes }, [inverse, moved, inverse]) // prettier-ignore
    return { value, bound: spread }
  }
  const trace = TENSORS.contract({ operands: [[0, 1], [1, 0]], output: [], sizes: [n, n] }, [inverse, moved]).data[0]! // prettier-ignore
  const size = Math.abs(value.data[0]!)
  const rounding = 8 * n * UNIT_ROUNDOFF * (fn === 'det' ? 1 : 1 + size)
  const bound = (trace + rounding) * (fn === 'det' ? size : 1)
  return { value, bound: scalar(Number.isNaN(bound) ? Infinity : bound) }
}

/**
 * The values of `roots`, each entry with a bound on its rounding error: the standard model of arithmetic, propagated to
 * first order with the magnitudes of the local derivatives. Where a comparison's outcome is not certain, the bound says so.
 * Throws as `evaluate` does.
 */
export function evaluateWithBound(roots: readonly Node[], bindings: Bindings): Bounded[] {
  const values = evaluateAll(BOUNDED, roots, bindings)
  return roots.map((root) => values.get(root)!)
}
