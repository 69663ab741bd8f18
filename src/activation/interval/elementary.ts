import { ALL, div, EMPTY, hull, interval, isEmpty, mul, neg, ONE, PI, point, sub, widened, ZERO } from './interval.ts'
import type { Interval } from './interval.ts'

/**
 * How far, in units of the last place, results of `Math` functions may be off. V8 uses fdlibm, whose error bounds are below
 * one unit for all of these but
 * `sinh` and `cosh`, where they are below two; the rest is margin.
 */
const ULPS = 4

/** No bound is documented for `Math.pow`; versions of V8 were off by tens of units. */
const POW_ULPS = 256

type Kernel = (x: number) => number

/** The image under an increasing function; `exact` lists points where the kernel's value is the true one. */
function increasing(kernel: Kernel, a: Interval, exact: (x: number) => boolean, ulps = ULPS): Interval {
  const low = kernel(a.lo)
  const high = kernel(a.hi)
  const outer = widened(low, high, ulps)
  return { lo: exact(a.lo) ? low : outer.lo, hi: exact(a.hi) ? high : outer.hi }
}

const atZero = (x: number): boolean => x === 0
const atInfinity = (x: number): boolean => x === 0 || x === Infinity || x === -Infinity

/** `a` cut to `[lo, hi]`, raised where rounding left the function's true range. */
function within(a: Interval, lo: number, hi: number): Interval {
  return { lo: Math.max(a.lo, lo), hi: Math.min(a.hi, hi) }
}

export const exp = (a: Interval): Interval => within(increasing(Math.exp, a, atInfinity), 0, Infinity)

export const expm1 = (a: Interval): Interval => within(increasing(Math.expm1, a, atInfinity), -1, Infinity)

/** Logarithms of the positive members. */
export function log(a: Interval): Interval {
  if (a.hi <= 0) return EMPTY
  const lo = Math.max(a.lo, 0)
  return increasing(
    (x) => (x === 0 ? -Infinity : Math.log(x)),
    { lo, hi: a.hi },
    (x) => x === 1 || x === 0 || x === Infinity,
  )
}

export function log1p(a: Interval): Interval {
  if (a.hi <= -1) return EMPTY
  const lo = Math.max(a.lo, -1)
  return increasing(Math.log1p, { lo, hi: a.hi }, (x) => x === 0 || x === -1 || x === Infinity)
}

/** Roots of the members that are not negative. `Math.sqrt` rounds correctly. */
export function sqrt(a: Interval): Interval {
  if (a.hi < 0) return EMPTY
  const root = (x: number): Interval => {
    const value = Math.sqrt(x)
    return value * value === x && Number.isInteger(value) && value < 2 ** 26 ? point(value) : widened(value, value, 1)
  }
  return within(hull(root(Math.max(a.lo, 0)), root(a.hi)), 0, Infinity)
}

export const atan = (a: Interval): Interval => within(increasing(Math.atan, a, atZero), -PI.hi / 2, PI.hi / 2)

export const sinh = (a: Interval): Interval => increasing(Math.sinh, a, atInfinity)

/** The image of an even function that increases with the size of its argument. */
function evenIncreasing(f: (a: Interval) => Interval, a: Interval): Interval {
  if (a.lo >= 0) return f(a)
  if (a.hi <= 0) return f(neg(a))
  return f(interval(0, Math.max(-a.lo, a.hi)))
}

export const cosh = (a: Interval): Interval =>
  within(
    evenIncreasing((b) => increasing(Math.cosh, b, atInfinity), a),
    1,
    Infinity,
  )

export const tanh = (a: Interval): Interval => within(increasing(Math.tanh, a, atInfinity), -1, 1)

function sigmoidKernel(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

export const sigmoid = (a: Interval): Interval => within(increasing(sigmoidKernel, a, atInfinity), 0, 1)

const softplusKernel = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** `log(1 + exp(x))`. */
export const softplus = (a: Interval): Interval =>
  within(
    increasing(softplusKernel, a, (x) => !Number.isFinite(x)),
    Math.max(0, a.lo),
    Infinity,
  )

export function asin(a: Interval): Interval {
  if (a.hi < -1 || a.lo > 1) return EMPTY
  return increasing(Math.asin, within(a, -1, 1), atZero)
}

export function acos(a: Interval): Interval {
  if (a.hi < -1 || a.lo > 1) return EMPTY
  const b = within(a, -1, 1)
  const outer = widened(Math.acos(b.hi), Math.acos(b.lo), ULPS)
  return { lo: b.hi === 1 ? 0 : Math.max(0, outer.lo), hi: b.lo === 1 ? 0 : outer.hi }
}

/** Where `Math.sin` reduces its argument exactly enough for the bounds here to mean anything. */
const LARGEST_ANGLE = 2 ** 30

/** Whether some `offset + k*period` lies in `a`; true when rounding leaves it open. */
function meetsLattice(a: Interval, offset: Interval, period: Interval): boolean {
  const steps = div(sub(a, offset), period)
  return Math.floor(steps.hi) >= Math.ceil(steps.lo)
}

const TWO_PI = mul(point(2), PI)
const HALF_PI = div(PI, point(2))

export function sin(a: Interval): Interval {
  if (a.lo === 0 && a.hi === 0) return ZERO
  if (isEmpty(a)) return EMPTY
  if (!(a.lo > -LARGEST_ANGLE && a.hi < LARGEST_ANGLE)) return interval(-1, 1)
  const [left, right] = [Math.sin(a.lo), Math.sin(a.hi)]
  const ends = widened(Math.min(left, right), Math.max(left, right), ULPS)
  const hi = meetsLattice(a, HALF_PI, TWO_PI) ? 1 : ends.hi
  const lo = meetsLattice(a, neg(HALF_PI), TWO_PI) ? -1 : ends.lo
  return within({ lo, hi }, -1, 1)
}

export function cos(a: Interval): Interval {
  if (a.lo === 0 && a.hi === 0) return ONE
  if (isEmpty(a)) return EMPTY
  if (!(a.lo > -LARGEST_ANGLE && a.hi < LARGEST_ANGLE)) return interval(-1, 1)
  const [left, right] = [Math.cos(a.lo), Math.cos(a.hi)]
  const ends = widened(Math.min(left, right), Math.max(left, right), ULPS)
  const hi = meetsLattice(a, ZERO, TWO_PI) ? 1 : ends.hi
  const lo = meetsLattice(a, PI, TWO_PI) ? -1 : ends.lo
  return within({ lo, hi }, -1, 1)
}

function wholePower(x: Interval, p: number): Interval {
  let result = ONE
  let base = x
  for (let rest = p; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = mul(result, base)
    if (rest > 1) base = mul(base, base)
  }
  return result
}

/** `x^p` for one exponent: a whole one of any members, another of those that are not negative. */
export function power(a: Interval, p: number): Interval {
  if (isEmpty(a)) return EMPTY
  if (p === 0) return ONE
  if (p === 1) return a
  if (p < 0) return div(ONE, power(a, -p))
  if (Number.isInteger(p) && p <= 1024) {
    if (p % 2 === 0)
      return within(
        evenIncreasing((b) => wholePower(b, p), a),
        0,
        Infinity,
      )
    return { lo: wholePower(point(a.lo), p).lo, hi: wholePower(point(a.hi), p).hi }
  }
  if (Number.isInteger(p)) return isEmpty(a) ? EMPTY : p % 2 === 0 ? interval(0, Infinity) : ALL
  if (p === 0.5) return sqrt(a)
  if (a.hi < 0) return EMPTY
  const isExact = (x: number): boolean => x === 0 || x === 1 || x === Infinity
  const outer = increasing((x) => Math.pow(x, p), within(a, 0, Infinity), isExact, POW_ULPS)
  return within(outer, 0, Infinity)
}

/** `2/sqrt(pi)`, the factor of the error function. */
export const ERF_FACTOR = div(point(2), sqrt(PI))

/**
 * The complementary error function, relative to its own size. Up to 2.5 from the series of `erf` with positive terms,
 * `2x/sqrt(pi) exp(-x^2) sum (2x^2)^n/(1*3*…*(2n+1))` (Abramowitz and Stegun 7.1.6); above from the continued fraction 7.1.14,
 * whose elements are positive, so that successive convergents lie on both sides of the value.
 */
export function erfc(a: Interval): Interval {
  return within({ lo: erfcAt(a.hi).lo, hi: erfcAt(a.lo).hi }, 0, 2)
}

export function erf(a: Interval): Interval {
  return within({ lo: erfAt(a.lo).lo, hi: erfAt(a.hi).hi }, -1, 1)
}

const SERIES_LIMIT = 2.5

function erfAt(x: number): Interval {
  if (x === 0) return ZERO
  if (x < 0) return neg(erfAt(-x))
  return x <= SERIES_LIMIT ? erfSeries(x) : sub(ONE, erfcFraction(x))
}

function erfcAt(x: number): Interval {
  if (x < 0) return sub(point(2), erfcAt(-x))
  return x <= SERIES_LIMIT ? sub(ONE, erfAt(x)) : erfcFraction(x)
}

/** At most 60 terms of at most 3 roundings each, the weight on the first dozen: far below 400 units. */
const SERIES_ULPS = 400

function erfSeries(x: number): Interval {
  let term = x
  let sum = x
  for (let n = 1; n < 90; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return mul(mul(ERF_FACTOR, exp(neg(power(point(x), 2)))), widened(sum, sum, SERIES_ULPS))
}

function erfcFraction(x: number): Interval {
  if (x > 27) return { lo: 0, hi: 1e-318 }
  const convergent = (levels: number): number => {
    let fraction = x
    for (let k = levels; k >= 1; k--) fraction = x + k / 2 / fraction
    return fraction
  }
  const [one, other] = [convergent(120), convergent(121)]
  const fraction = widened(Math.min(one, other), Math.max(one, other), SERIES_ULPS)
  const bell = exp(neg(power(point(x), 2)))
  return div(div(bell, sqrt(PI)), fraction)
}
