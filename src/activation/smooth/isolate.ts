import {
  add,
  contains,
  div,
  hull,
  intersect,
  isEmpty,
  magnitude,
  middle,
  mul,
  point,
  signOf,
  sub,
  width,
} from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { Effort } from './effort.ts'

/** Values of a function and of its derivative on an interval; no derivative where none is known or none is wanted. */
export type Enclosed = (x: Interval, withSlope?: boolean) => readonly [value: Interval, slope?: Interval]

export interface Zero {
  /** All zeros hereabouts lie in it. */
  readonly at: Interval
  /** There is exactly one, and the function changes sign there. */
  readonly simple: boolean
  /** The sign after it less the sign before it, halved: 1 where the function rises through zero; 0 where it does not change. */
  readonly crossing: -1 | 0 | 1
  /** Whether a zero is known to be in `at`. */
  readonly exists: boolean
}

export interface Isolation {
  /** In order; outside of these and of `flat` the function has no zero. */
  readonly zeros: readonly Zero[]
  /** Where it is zero throughout. */
  readonly flat: readonly Interval[]
  /** False where the budget ran out: unresolved parts are among `zeros`. */
  readonly complete: boolean
}

const BUDGET = 6000
/** More zeros than these are not looked for. */
const MANY = 256
/** Relative to the size of the argument, at least that of 2^-20: zeros are no further refined. */
const NARROW = 2 ** -44

/** Values of this size are as good as zero for every fact, and near underflow signs are lost. */
const VANISHING = 1e-200

const tiny = (x: Interval): boolean => width(x) <= NARROW * Math.max(Math.abs(x.lo), Math.abs(x.hi), 2 ** -20)

/** All zeros of a function on a bounded interval; `costOf` is what a look at it takes of the effort. Source: Moore, Kearfott, Cloud 2009, "Introduction to Interval Analysis", 8. */
export function isolate(
  f: Enclosed,
  domain: Interval,
  effort = new Effort(BUDGET),
  costOf: (x: Interval) => number = () => 1,
): Isolation {
  const found: { at: Interval; simple: boolean }[] = []
  const flat: Interval[] = []
  const stack: Interval[] = [domain]
  let evaluations = 0
  let complete = true
  for (let x = stack.pop(); x !== undefined; x = stack.pop()) {
    evaluations++
    effort.spend(costOf(x))
    const [direct, slope] = f(x)
    // Undefined on all of x.
    if (isEmpty(direct)) continue
    const value = sharpened(f, x, direct, slope)
    const sign = signOf(value)
    if (sign === 0 && !(domain.lo < domain.hi && x.lo === x.hi)) {
      flat.push(x)
      continue
    }
    if (sign !== null && sign !== 0) continue
    const monotone = slope !== undefined && !isEmpty(slope) && (slope.lo > 0 || slope.hi < 0)
    if (monotone) {
      const zero = newton(f, x)
      if (zero !== null) found.push(zero)
      continue
    }
    const out = evaluations > BUDGET || found.length > MANY || effort.isSpent
    if (out) complete = false
    if (tiny(x) || out || isNoise(f, x, value)) {
      found.push({ at: x, simple: false })
      continue
    }
    const at = middle(x)
    if (at <= x.lo || at >= x.hi) found.push({ at: x, simple: false })
    else stack.push({ lo: at, hi: x.hi }, { lo: x.lo, hi: at })
  }
  return { zeros: gathered(f, found, domain), flat: joined(flat), complete }
}

/** The value cut to what the mean value theorem allows, where that may decide the sign. */
function sharpened(f: Enclosed, x: Interval, value: Interval, slope: Interval | undefined): Interval {
  if (signOf(value) !== null || slope === undefined || isEmpty(slope)) return value
  if (width(x) > 1 || slope.lo > 0 || slope.hi < 0) return value
  const m = point(middle(x))
  return intersect(value, add(f(m, false)[0], mul(slope, sub(x, m)))) ?? value
}

/** Whether the bounds come from rounding, so that smaller parts would say no more. */
function isNoise(f: Enclosed, x: Interval, value: Interval): boolean {
  if (magnitude(value) < VANISHING) return true
  if (width(x) > 1e-3 * Math.max(1, Math.abs(x.lo))) return false
  const [here] = f(point(middle(x)), false)
  return contains(here, 0) && width(value) <= 16 * width(here)
}

/**
 * The zero of a function that is monotone on `x`, or `null` where it has none there; simple where the signs at both ends
 * prove it. Source: Moore 1966, the interval Newton step.
 */
function newton(f: Enclosed, x: Interval): { at: Interval; simple: boolean } | null {
  const [s, t] = [signOf(f(point(x.lo), false)[0]), signOf(f(point(x.hi), false)[0])]
  if (s === 0) return { at: point(x.lo), simple: true }
  if (t === 0) return { at: point(x.hi), simple: true }
  if (s !== null && s === t) return null
  const at = narrowed(f, x)
  return at === null ? null : { at, simple: s !== null && t !== null }
}

function narrowed(f: Enclosed, x: Interval): Interval | null {
  let at: Interval | null = x
  for (let k = 0; k < 80; k++) {
    const before: Interval = at
    const m = middle(before)
    const [value] = f(point(m), false)
    const slope = f(before)[1]!
    at = intersect(before, sub(point(m), div(value, slope)))
    if (at === null) return null
    if (width(at) > 0.6 * width(before)) {
      const half = signOf(value)
      if (half === null || half === 0) return at
      const rising = slope.lo > 0
      at = half > 0 === rising ? { lo: at.lo, hi: Math.min(m, at.hi) } : { lo: Math.max(m, at.lo), hi: at.hi }
      if (width(at) >= width(before)) return at
    }
    if (width(at) === 0) return at
  }
  return at
}

/** Zeros that touch become one; the ends tell whether the function changes sign across it. */
function gathered(f: Enclosed, found: { at: Interval; simple: boolean }[], domain: Interval): Zero[] {
  const groups: { at: Interval; simple: boolean }[] = []
  for (const zero of found.sort((a, b) => a.at.lo - b.at.lo)) {
    const last = groups.at(-1)
    if (last === undefined || zero.at.lo > last.at.hi) groups.push(zero)
    else {
      const same = width(zero.at) === 0 && width(last.at) === 0
      groups[groups.length - 1] = { at: hull(last.at, zero.at), simple: same && zero.simple && last.simple }
    }
  }
  return groups.map(({ at: enclosure, simple }, index) => {
    const at = exactZero(f, enclosure, simple)
    const before = (groups[index - 1]?.at.hi ?? domain.lo) / 2 + at.lo / 2
    const after = (groups[index + 1]?.at.lo ?? domain.hi) / 2 + at.hi / 2
    const left = before < at.lo ? signOf(f(point(before), false)[0]) : null
    const right = after > at.hi ? signOf(f(point(after), false)[0]) : null
    const crossing = left !== null && right !== null && left * right < 0 ? (right as -1 | 1) : 0
    return { at, simple, crossing, exists: simple || crossing !== 0 || isExact(f, at) }
  })
}

const isExact = (f: Enclosed, at: Interval): boolean => at.lo === at.hi && signOf(f(at, false)[0]) === 0

/** The round number that is the only zero in `at`, where there is one. */
function exactZero(f: Enclosed, at: Interval, simple: boolean): Interval {
  if (!simple || at.lo === at.hi) return at
  const candidate = roundNumber(at)
  return candidate !== null && signOf(f(point(candidate), false)[0]) === 0 ? point(candidate) : at
}

/** The number of fewest digits in an interval, if it has at most six. */
export function roundNumber(at: Interval): number | null {
  if (contains(at, 0)) return 0
  const m = middle(at)
  for (let digits = 1; digits <= 6; digits++) {
    const candidate = Number(m.toPrecision(digits))
    if (contains(at, candidate)) return candidate
  }
  return null
}

/** Parts that touch as one. */
export function joined(parts: Interval[]): Interval[] {
  const result: Interval[] = []
  for (const part of parts.sort((a, b) => a.lo - b.lo)) {
    const last = result.at(-1)
    if (last === undefined || part.lo > last.hi) result.push(part)
    else result[result.length - 1] = hull(last, part)
  }
  return result
}
