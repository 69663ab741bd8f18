import type { Rational } from '../../base/rational.ts'
import { toNumber } from '../../base/rational.ts'

/**
 * A set of real numbers given by its bounds, which may be infinite; an infinite bound is never attained.
 * Every operation returns a set that holds all results for members of its operands: bounds are rounded outward, and not
 * at all where the result is exact.
 */
export interface Interval {
  readonly lo: number
  readonly hi: number
}

export const interval = (lo: number, hi: number): Interval => ({ lo, hi })
export const point = (x: number): Interval => ({ lo: x, hi: x })

/** No number at all. */
export const EMPTY: Interval = interval(NaN, NaN)
export const ZERO: Interval = point(0)
export const ONE: Interval = point(1)
export const ALL: Interval = interval(-Infinity, Infinity)

/** Source: Rump, Zimmermann, Boldo, Melquiond 2009, "Computing predecessor and successor in rounding to nearest". */
const PHI = 2 ** -53 * (1 + 2 ** -52)

/** A double above `x`, next to it but where numbers are subnormal. */
export function up(x: number): number {
  if (x === -Infinity) return -Number.MAX_VALUE
  return x + (PHI * Math.abs(x) + Number.MIN_VALUE)
}

/** A double below `x`, next to it but where numbers are subnormal. */
export function down(x: number): number {
  if (x === Infinity) return Number.MAX_VALUE
  return x - (PHI * Math.abs(x) + Number.MIN_VALUE)
}

/** Bounds moved outward by `ulps` units in the last place; infinities stay. */
export function widened(lo: number, hi: number, ulps: number): Interval {
  const margin = ulps * 2 ** -52
  const low = Number.isFinite(lo) ? lo - (margin * Math.abs(lo) + Number.MIN_VALUE) : lo > 0 ? Number.MAX_VALUE : lo
  const high = Number.isFinite(hi) ? hi + (margin * Math.abs(hi) + Number.MIN_VALUE) : hi < 0 ? -Number.MAX_VALUE : hi
  return { lo: low, hi: high }
}

/** What rounding took away from `a + b`. Source: Knuth, "The Art of Computer Programming" 2, 4.2.2, theorem B. */
function sumError(a: number, b: number, sum: number): number {
  const bb = sum - a
  return a - (sum - bb) + (b - bb)
}

function addDown(a: number, b: number): number {
  const sum = a + b
  if (!Number.isFinite(sum)) {
    if (Number.isNaN(a) || Number.isNaN(b)) return NaN
    return Number.isFinite(a) && Number.isFinite(b) ? down(sum) : -Infinity
  }
  return sumError(a, b, sum) < 0 ? down(sum) : sum
}

/** `0 - x` instead of `-x` leaves no negative zero. */
const addUp = (a: number, b: number): number => 0 - addDown(-a, -b)

const SPLITTER = 2 ** 27 + 1

/** What rounding took away from `a * b`, both of moderate size. Source: Dekker 1971, "A floating-point technique". */
function productError(a: number, b: number, product: number): number {
  const p = SPLITTER * a
  const a1 = p - (p - a)
  const a2 = a - a1
  const q = SPLITTER * b
  const b1 = q - (q - b)
  const b2 = b - b1
  return a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2
}

/** Whether the error of a product of this size can be told exactly. */
const isModerate = (x: number): boolean => {
  const size = Math.abs(x)
  return size > 1e-130 && size < 1e130
}

/** The product rounded down; zero times anything, infinity included, is zero. */
function mulDown(a: number, b: number): number {
  if (a === 0 || b === 0) return 0
  if (a === 1) return b
  if (b === 1) return a
  const product = a * b
  if (!Number.isFinite(product)) return Number.isFinite(a) && Number.isFinite(b) ? down(product) : product
  if (!isModerate(a) || !isModerate(b)) return down(product)
  return productError(a, b, product) < 0 ? down(product) : product
}

const mulUp = (a: number, b: number): number => 0 - mulDown(-a, b)

function divDown(a: number, b: number): number {
  if (a === 0) return 0
  if (!Number.isFinite(b)) return Number.isFinite(a) ? (a > 0 === b > 0 ? 0 : down(0)) : a > 0 === b > 0 ? 0 : -Infinity
  const quotient = a / b
  if (!Number.isFinite(quotient)) return Number.isFinite(a) ? down(quotient) : quotient
  if (!isModerate(a) || !isModerate(b) || !isModerate(quotient)) return down(quotient)
  // a - quotient*b, exactly; the quotient is too large where this has the other sign than b.
  const product = quotient * b
  const rest = a - product - productError(quotient, b, product)
  return rest === 0 ? quotient : rest < 0 === b > 0 ? down(quotient) : quotient
}

const divUp = (a: number, b: number): number => 0 - divDown(-a, b)

export const add = (a: Interval, b: Interval): Interval => ({ lo: addDown(a.lo, b.lo), hi: addUp(a.hi, b.hi) })
export const sub = (a: Interval, b: Interval): Interval => ({ lo: addDown(a.lo, -b.hi), hi: addUp(a.hi, -b.lo) })
export const neg = (a: Interval): Interval => ({ lo: 0 - a.hi, hi: 0 - a.lo })

export function mul(a: Interval, b: Interval): Interval {
  if (isEmpty(a) || isEmpty(b)) return EMPTY
  if (a.lo >= 0) {
    if (b.lo >= 0) return { lo: mulDown(a.lo, b.lo), hi: mulUp(a.hi, b.hi) }
    if (b.hi <= 0) return { lo: mulDown(a.hi, b.lo), hi: mulUp(a.lo, b.hi) }
    return { lo: mulDown(a.hi, b.lo), hi: mulUp(a.hi, b.hi) }
  }
  if (a.hi <= 0) return neg(mul(neg(a), b))
  if (b.lo >= 0 || b.hi <= 0) return mul(b, a)
  return {
    lo: Math.min(mulDown(a.lo, b.hi), mulDown(a.hi, b.lo)),
    hi: Math.max(mulUp(a.lo, b.lo), mulUp(a.hi, b.hi)),
  }
}

/** Quotients by the non-zero members of `b`; empty as `[NaN, NaN]` where it has none. */
export function div(a: Interval, b: Interval): Interval {
  if (isEmpty(a) || isEmpty(b) || (b.lo === 0 && b.hi === 0)) return EMPTY
  if (b.lo < 0 && b.hi > 0) return a.lo === 0 && a.hi === 0 ? ZERO : ALL
  if (b.hi <= 0) return neg(div(a, neg(b)))
  // b is positive, and zero may be its lower bound.
  const lo = a.lo >= 0 ? divDown(a.lo, b.hi) : b.lo === 0 ? -Infinity : divDown(a.lo, b.lo)
  const hi = a.hi <= 0 ? divUp(a.hi, b.hi) : b.lo === 0 ? Infinity : divUp(a.hi, b.lo)
  return { lo, hi }
}

export const hull = (a: Interval, b: Interval): Interval => ({ lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) })

/** The common part, or `null` where there is none. */
export function intersect(a: Interval, b: Interval): Interval | null {
  const lo = Math.max(a.lo, b.lo)
  const hi = Math.min(a.hi, b.hi)
  return lo <= hi ? { lo, hi } : null
}

export const contains = (a: Interval, x: number): boolean => a.lo <= x && x <= a.hi
export const isPoint = (a: Interval): boolean => a.lo === a.hi
export const isEmpty = (a: Interval): boolean => Number.isNaN(a.lo) || Number.isNaN(a.hi)
export const width = (a: Interval): number => (a.lo === a.hi ? 0 : a.hi - a.lo)
export const magnitude = (a: Interval): number => Math.max(Math.abs(a.lo), Math.abs(a.hi))

/** The sign of every member, 0 only for `[0, 0]`; `null` where members differ. */
export function signOf(a: Interval): -1 | 0 | 1 | null {
  if (a.lo > 0) return 1
  if (a.hi < 0) return -1
  return a.lo === 0 && a.hi === 0 ? 0 : null
}

/** A double inside: half way, and for unbounded or wide sets half way in the exponent. */
export function middle(a: Interval): number {
  if (a.lo === -Infinity && a.hi === Infinity) return 0
  if (a.lo === -Infinity) return a.hi <= 0 ? Math.max(2 * a.hi - 1, -Number.MAX_VALUE) : 0
  if (a.hi === Infinity) return a.lo >= 0 ? Math.min(2 * a.lo + 1, Number.MAX_VALUE) : 0
  const half = a.lo / 2 + a.hi / 2
  return half < a.lo ? a.lo : half > a.hi ? a.hi : half
}

const isPowerOfTwo = (n: bigint): boolean => (n & (n - 1n)) === 0n

/** The tightest doubles around a rational. */
export function fromRational(value: Rational): Interval {
  const nearest = toNumber(value)
  const size = value.n < 0n ? -value.n : value.n
  if (isPowerOfTwo(value.d) && size < 2n ** 53n && value.d < 2n ** 1000n) return point(nearest)
  return { lo: down(nearest), hi: up(nearest) }
}

export const PI: Interval = { lo: Math.PI, hi: up(Math.PI) }
export const E: Interval = { lo: Math.E, hi: up(Math.E) }
