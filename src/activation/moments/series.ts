import { ERF_FACTOR, sqrt } from '../interval/elementary.ts'
import { div, down, interval, isEmpty, mul, neg, ONE, PI, point, up, ZERO } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { INTERVALS } from '../smooth/field.ts'
import type { Primitive } from '../smooth/field.ts'
import type { Instruction, Tape } from '../smooth/tape.ts'

/**
 * Bounds of Taylor coefficients `f^(k)(x)/k!`, `k = 0, 1, …`, for every `x` of some interval. Where nothing is known, and
 * where the function has no such derivative, a coefficient is unbounded.
 */
export interface Series {
  readonly lo: Float64Array
  readonly hi: Float64Array
}

export const zeros = (length: number): Series => ({ lo: new Float64Array(length), hi: new Float64Array(length) })

export const coefficient = (a: Series, k: number): Interval => ({ lo: a.lo[k]!, hi: a.hi[k]! })

function set(a: Series, k: number, value: Interval): void {
  const empty = isEmpty(value)
  a.lo[k] = empty ? -Infinity : value.lo
  a.hi[k] = empty ? Infinity : value.hi
}

const isZeroAt = (a: Series, k: number): boolean => a.lo[k] === 0 && a.hi[k] === 0

/**
 * `sum (j*slope + shift)*a_j*b_(k-j)` over `first <= j <= last`, divided by a whole number. It is rounded outward once, by a
 * bound of all its rounding errors: weights are rounded twice, each term twice more, each sum once, the quotient once, all to
 * the nearest, so that half of the margin would do. Source: Higham 2002, "Accuracy and Stability of Numerical Algorithms", 3.1.
 */
function convolved(
  a: Series,
  b: Series,
  k: number,
  first: number,
  last: number,
  slope = 0,
  shift = 1,
  divisor = 1,
): Interval {
  const { lo: alo, hi: ahi } = a
  const { lo: blo, hi: bhi } = b
  const absolute = Math.abs(slope)
  const constant = Math.abs(shift)
  let lo = 0
  let hi = 0
  let size = 0
  let underflow = 0
  let terms = 0
  for (let j = first; j <= last; j++) {
    const al = alo[j]!
    const ah = ahi[j]!
    const bl = blo[k - j]!
    const bh = bhi[k - j]!
    if ((al === 0 && ah === 0) || (bl === 0 && bh === 0)) continue
    if (!(ah - al < Infinity && bh - bl < Infinity)) return EVERYTHING
    const p = al * bl
    const q = al * bh
    const r = ah * bl
    const s = ah * bh
    let least = p < q ? p : q
    let most = p < q ? q : p
    if (r < least) least = r
    else if (r > most) most = r
    if (s < least) least = s
    else if (s > most) most = s
    const weight = j * slope + shift
    lo += weight < 0 ? weight * most : weight * least
    hi += weight < 0 ? weight * least : weight * most
    const bound = j * absolute + constant
    size += bound * (-least > most ? -least : most)
    underflow += bound + 1
    terms++
  }
  if (terms === 0) return ZERO
  const margin = (terms + 8) * 2 ** -52 * size + underflow * Number.MIN_VALUE
  if (!(margin < Infinity)) return EVERYTHING
  return { lo: (lo - margin) / divisor - Number.MIN_VALUE, hi: (hi + margin) / divisor + Number.MIN_VALUE }
}

const EVERYTHING = interval(-Infinity, Infinity)

/** A product whose value is known already. */
function product(a: Series, b: Series, head: Interval): Series {
  const result = zeros(Math.min(a.lo.length, b.lo.length))
  set(result, 0, head)
  for (let k = 1; k < result.lo.length; k++) {
    set(result, k, convolved(a, b, k, 0, k))
  }
  return result
}

export const multiply = (a: Series, b: Series): Series => product(a, b, mul(coefficient(a, 0), coefficient(b, 0)))

function square(a: Series, head: Interval): Series {
  const result = zeros(a.lo.length)
  set(result, 0, head)
  for (let k = 1; k < result.lo.length; k++) {
    const unequal = convolved(a, a, k, 0, Math.ceil(k / 2) - 1, 0, 2)
    // A square, not a product of what may differ: bounds of both signs would give a negative one.
    set(result, k, k % 2 === 0 ? INTERVALS.add(unequal, INTERVALS.power(coefficient(a, k / 2), 2)) : unequal)
  }
  return result
}

function linear(a: Series, b: Series, sign: 1 | -1): Series {
  const result = zeros(a.lo.length)
  for (let k = 0; k < a.lo.length; k++) {
    const [one, other] = [coefficient(a, k), coefficient(b, k)]
    if (k === 0) set(result, k, sign > 0 ? INTERVALS.add(one, other) : INTERVALS.sub(one, other))
    else if (isZeroAt(b, k)) set(result, k, one)
    else if (isZeroAt(a, k)) set(result, k, sign > 0 ? other : neg(other))
    else {
      const lo = one.lo + (sign > 0 ? other.lo : -other.hi)
      const hi = one.hi + (sign > 0 ? other.hi : -other.lo)
      set(result, k, { lo: down(lo), hi: up(hi) })
    }
  }
  return result
}

function negative(a: Series): Series {
  const result = zeros(a.lo.length)
  for (let k = 0; k < a.lo.length; k++) set(result, k, neg(coefficient(a, k)))
  return result
}

/** The `k`-th coefficient of the integral of `a'*b`, but for terms after the `last` of `a`. */
const integrated = (a: Series, b: Series, k: number, last = k): Interval => convolved(a, b, k, 1, last, 1, 0, k)

/** `w` with `w' = a'*b`. */
function integral(a: Series, b: Series, head: Interval): Series {
  const result = zeros(a.lo.length)
  set(result, 0, head)
  for (let k = 1; k < a.lo.length; k++) set(result, k, integrated(a, b, k))
  return result
}

function quotient(a: Series, b: Series, head: Interval): Series {
  const result = zeros(a.lo.length)
  set(result, 0, head)
  const divisor = coefficient(b, 0)
  for (let k = 1; k < a.lo.length; k++) {
    set(result, k, div(INTERVALS.sub(coefficient(a, k), convolved(b, result, k, 1, k)), divisor))
  }
  return result
}

function constant(value: Interval, length: number): Series {
  const result = zeros(length)
  set(result, 0, value)
  return result
}

function exponential(u: Series, head: Interval): Series {
  const result = zeros(u.lo.length)
  set(result, 0, head)
  for (let k = 1; k < u.lo.length; k++) set(result, k, integrated(u, result, k))
  return result
}

/** Powers that are made of products, which do not divide by the base. */
const MOST_PRODUCTS = 64

function power(u: Series, exponent: number): Series {
  const base = coefficient(u, 0)
  const head = INTERVALS.power(base, exponent)
  if (exponent === 1) return u
  if (exponent === 2) return square(u, head)
  if (Number.isInteger(exponent) && exponent > 0 && exponent <= MOST_PRODUCTS) {
    return exponent % 2 === 0 ? square(power(u, exponent / 2), head) : product(power(u, exponent - 1), u, head)
  }
  if (Number.isInteger(exponent) && exponent < 0 && exponent >= -MOST_PRODUCTS) {
    return quotient(constant(ONE, u.lo.length), power(u, -exponent), head)
  }
  const result = zeros(u.lo.length)
  set(result, 0, head)
  for (let k = 1; k < u.lo.length; k++) {
    if (k === 1) {
      set(result, 1, mul(mul(point(exponent), INTERVALS.power(base, exponent - 1)), coefficient(u, 1)))
      continue
    }
    // j*p - (k - j)
    set(result, k, div(convolved(u, result, k, 1, k, exponent + 1, -k, k), base))
  }
  return result
}

/** Two functions each of which is the derivative of the other, but for a sign. */
function pair(u: Series, odd: Interval, even: Interval, sign: 1 | -1): readonly [odd: Series, even: Series] {
  const [s, c] = [zeros(u.lo.length), zeros(u.lo.length)]
  set(s, 0, odd)
  set(c, 0, even)
  for (let k = 1; k < u.lo.length; k++) {
    set(s, k, integrated(u, c, k))
    const other = integrated(u, s, k)
    set(c, k, sign > 0 ? other : neg(other))
  }
  return [s, c]
}

/** `s' = s*(1 - s)*u'`, where `1 - s = sigmoid(-u)` keeps its relative accuracy. */
function sigmoid(u: Series): Series {
  const head = coefficient(u, 0)
  const [s, slope, rest] = [zeros(u.lo.length), zeros(u.lo.length), zeros(u.lo.length)]
  set(s, 0, INTERVALS.apply('sigmoid', head))
  set(rest, 0, INTERVALS.apply('sigmoid', neg(head)))
  set(slope, 0, mul(coefficient(s, 0), coefficient(rest, 0)))
  for (let k = 1; k < u.lo.length; k++) {
    set(s, k, integrated(u, slope, k))
    set(rest, k, neg(coefficient(s, k)))
    set(slope, k, convolved(s, rest, k, 0, k))
  }
  return s
}

/** `t' = (1 - t^2)*u'`, where `1 - t^2 = 4*sigmoid(2u)*sigmoid(-2u)` keeps its relative accuracy. */
function tanh(u: Series): Series {
  const head = coefficient(u, 0)
  const [t, slope] = [zeros(u.lo.length), zeros(u.lo.length)]
  set(t, 0, INTERVALS.apply('tanh', head))
  const twice = mul(point(2), head)
  set(slope, 0, mul(point(4), mul(INTERVALS.apply('sigmoid', twice), INTERVALS.apply('sigmoid', neg(twice)))))
  for (let k = 1; k < u.lo.length; k++) {
    set(t, k, integrated(u, slope, k))
    set(slope, k, convolved(t, t, k, 0, k, 0, -1))
  }
  return t
}

/** The recurrences of Taylor coefficients. Source: Griewank and Walther 2008, "Evaluating Derivatives", 13.2. */
function apply(fn: Primitive, u: Series): Series {
  const { length } = u.lo
  const at = coefficient(u, 0)
  const head = INTERVALS.apply(fn, at)
  const reciprocal = (a: Series): Series => power(a, -1)
  const plusOne = (a: Series): Series => linear(constant(ONE, length), a, 1)
  switch (fn) {
    case 'exp':
      return exponential(u, head)
    case 'expm1': {
      const result = exponential(u, INTERVALS.apply('exp', at))
      set(result, 0, head)
      return result
    }
    case 'log':
    case 'log1p': {
      const base = fn === 'log' ? u : plusOne(u)
      const result = zeros(length)
      set(result, 0, head)
      for (let k = 1; k < length; k++) {
        const earlier = integrated(result, base, k, k - 1)
        set(result, k, div(INTERVALS.sub(coefficient(base, k), earlier), coefficient(base, 0)))
      }
      return result
    }
    case 'sin':
      return pair(u, head, INTERVALS.apply('cos', at), -1)[0]
    case 'cos':
      return pair(u, INTERVALS.apply('sin', at), head, -1)[1]
    case 'sinh':
      return pair(u, head, INTERVALS.apply('cosh', at), 1)[0]
    case 'cosh':
      return pair(u, INTERVALS.apply('sinh', at), head, 1)[1]
    case 'tanh':
      return tanh(u)
    case 'sigmoid':
      return sigmoid(u)
    case 'softplus':
      return integral(u, sigmoid(u), head)
    case 'atan':
      return integral(u, reciprocal(plusOne(power(u, 2))), head)
    case 'asin':
    case 'acos': {
      const slope = power(linear(constant(ONE, length), power(u, 2), -1), -0.5)
      return integral(u, fn === 'asin' ? slope : negative(slope), head)
    }
    case 'erf':
    case 'erfc': {
      const inner = negative(power(u, 2))
      const bell = exponential(inner, INTERVALS.apply('exp', coefficient(inner, 0)))
      const factor = constant(fn === 'erf' ? ERF_FACTOR : neg(ERF_FACTOR), length)
      return integral(u, multiply(factor, bell), head)
    }
  }
}

function variable(z: Interval, length: number): Series {
  const result = constant(z, length)
  if (length > 1) set(result, 1, ONE)
  return result
}

function step(instruction: Instruction, known: readonly Series[], z: Interval, length: number): Series {
  switch (instruction.op) {
    case 'z':
      return variable(z, length)
    case 'constant':
      return constant(instruction.value, length)
    case 'neg':
      return negative(known[instruction.a]!)
    case 'power':
      return power(known[instruction.a]!, instruction.exponent)
    case 'apply':
      return apply(instruction.fn, known[instruction.a]!)
    case 'add':
    case 'sub':
      return linear(known[instruction.a]!, known[instruction.b]!, instruction.op === 'add' ? 1 : -1)
    case 'mul':
      return multiply(known[instruction.a]!, known[instruction.b]!)
    case 'div': {
      const [a, b] = [known[instruction.a]!, known[instruction.b]!]
      return quotient(a, b, div(coefficient(a, 0), coefficient(b, 0)))
    }
  }
}

/** The first `length` Taylor coefficients of a tape's result at every point of `z`. */
export function seriesOf(tape: Tape, z: Interval, length: number): Series {
  const known: Series[] = []
  for (const instruction of tape.instructions) known.push(step(instruction, known, z, length))
  return known[tape.result]!
}

/** The series of the derivative, one coefficient shorter. */
export function differentiated(a: Series): Series {
  const result = zeros(a.lo.length - 1)
  for (let k = 0; k < result.lo.length; k++) set(result, k, mul(point(k + 1), coefficient(a, k + 1)))
  return result
}

const NORMAL_FACTOR = div(ONE, sqrt(mul(point(2), PI)))

/** The density of the standard normal distribution, `exp(-z^2/2)/sqrt(2*pi)`. */
export const densityAt = (z: Interval): Interval =>
  mul(NORMAL_FACTOR, INTERVALS.apply('exp', mul(point(-0.5), INTERVALS.power(z, 2))))

/** Its Taylor coefficients: `w' = -z*w`. */
export function densitySeries(z: Interval, length: number): Series {
  const result = zeros(length)
  set(result, 0, densityAt(z))
  const exponent = zeros(length + 1)
  set(exponent, 1, neg(z))
  set(exponent, 2, point(-0.5))
  for (let k = 1; k < length; k++) set(result, k, integrated(exponent, result, k, Math.min(k, 2)))
  return result
}
