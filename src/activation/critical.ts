import { add, intersect, interval, isEmpty, middle, mul, point, signOf, sub, width } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import type { Piece } from './pieces.ts'
import { boundsOn } from './smooth/bounds.ts'
import { costOf } from './smooth/effort.ts'
import type { Effort } from './smooth/effort.ts'
import { enclosedOrder } from './smooth/enclosed.ts'
import { factorsOf } from './smooth/factors.ts'
import type { Factor } from './smooth/factors.ts'
import { isolate } from './smooth/isolate.ts'
import type { Isolation, Zero } from './smooth/isolate.ts'
import { evaluateTape } from './smooth/jet.ts'
import { grownLimit, settledFrom } from './smooth/tail-sign.ts'
import type { Approach } from './smooth/tail-sign.ts'
import { zeroGuards } from './smooth/zero-guards.ts'
import type { Tape } from './smooth/tape.ts'
import { LIMITS, variableTo } from './tail/limit-field.ts'

/** Where the derivative of some order of a piece is zero. */
export interface Critical extends Isolation {
  /** The bounded part that was searched. */
  readonly searched: Interval
  /** Signs between `searched` and the ends of the piece; `null` where unknown, or where nothing is left. */
  readonly tails: { readonly left: -1 | 0 | 1 | null; readonly right: -1 | 0 | 1 | null }
  /** Whether the derivative has no zeros there. */
  readonly settled: { readonly left: boolean; readonly right: boolean }
  /** Whether all zeros there are known. */
  readonly known: { readonly left: boolean; readonly right: boolean }
  /** Whether there are no zeros but those found. */
  readonly all: boolean
}

/** Whether an enclosure is so wide that it is a region rather than a place. */
export const isRegion = (at: Interval): boolean => width(at) > 1e-6 * Math.max(1, Math.abs(at.lo), Math.abs(at.hi))

/** Bounds of the `k`-th derivative on `x`, sharpened by the mean value theorem where the next is at hand. */
export function valueOn(tape: Tape, k: number, x: Interval): Interval {
  const [value, slope] = enclosedOrder(tape, k)(x)
  if (x.lo === x.hi || slope === undefined || isEmpty(slope) || !Number.isFinite(x.lo) || !Number.isFinite(x.hi))
    return value
  const m = point(middle(x))
  const [at] = enclosedOrder(tape, k)(m, false)
  const centred = add(at, mul(slope, sub(x, m)))
  return isEmpty(value) ? centred : (intersect(value, centred) ?? value)
}

/** All zeros of the `k`-th derivative on a piece. */
export function criticalOf(piece: Piece, k: number, effort: Effort): Critical {
  const { lean } = piece
  const x = interval(piece.from.lo, piece.to.hi)
  const factors = factorsOf(lean, k, x)
  const left = endOf(piece, k, -1, factors)
  const right = endOf(piece, k, 1, factors)
  const searched = interval(left.at, right.at)
  const tails = { left: left.sign, right: right.sign }
  const settled = { left: left.settled, right: right.settled }
  const known = { left: left.known, right: right.known }
  const ends = { searched, tails, settled, known, all: true, complete: true }
  const whole = enclosedOrder(lean, k)(x)[0]
  const sign = isEmpty(whole) ? null : signOf(whole)
  if (sign === 0 || (searched.lo >= searched.hi && left.sign === 0)) return { ...ends, zeros: [], flat: [x] }
  if (sign !== null || searched.lo >= searched.hi) return { ...ends, zeros: [], flat: [] }
  const found = factors.map((factor) =>
    isolate(enclosedOrder(factor.tape, factor.k), searched, effort, costOf(factor.tape, factor.k + 1)),
  )
  const complete = found.every((isolation) => isolation.complete) && left.known && right.known
  const zeros = found
    .flatMap((isolation) => isolation.zeros)
    .sort((a, b) => a.at.lo - b.at.lo)
    .filter(isFirst)
  return {
    ...ends,
    zeros,
    flat: found.flatMap(({ flat }) => flat),
    complete,
    all: complete && zeros.every(({ at, simple }) => simple || !isRegion(at)),
  } // prettier-ignore
}

/** Factors may share a zero. */
const isFirst = ({ at }: Zero, index: number, all: readonly Zero[]): boolean =>
  index === 0 || all[index - 1]!.at.lo !== at.lo || all[index - 1]!.at.hi !== at.hi

interface End {
  readonly at: number
  readonly sign: -1 | 0 | 1 | null
  readonly known: boolean
  /** Whether from there on it has no zero. */
  readonly settled: boolean
}

/** How far a derivative is followed whose sign beyond that is not known. */
const FOLLOWED = 32

/** Where the search ends on one side: at the end of the piece, or where from there on the sign is known. */
function endOf(piece: Piece, k: number, side: -1 | 1, factors: readonly Factor[]): End {
  const end = side < 0 ? piece.from : piece.to
  const outer = side < 0 ? end.lo : end.hi
  const other = side < 0 ? piece.to.lo : piece.from.hi
  const within = { at: outer, sign: null, known: true, settled: false }
  const isRegular = Number.isFinite(outer) && boundsOn(piece.lean, end, k).every(isBounded)
  if (isRegular) return within
  const approach = approachTo(piece, side)
  const found = settledFrom(piece.lean, approach, k, other)
  if (found !== null) return { ...found, known: true, settled: found.sign !== 0 }
  if (Number.isFinite(outer)) return within
  const followed = side * (FOLLOWED + (Number.isFinite(other) ? Math.abs(other) : 0))
  // Each factor may keep its sign where the product underflows.
  const ends = factors.map((factor) => settledFrom(factor.tape, approach, factor.k, other))
  const places = ends.flatMap((place) => (place === null || place.sign === 0 ? [] : [place.at]))
  if (places.length < ends.length) return { at: followed, sign: null, known: false, settled: false }
  const at = places.length === 0 ? followed : side < 0 ? Math.min(...places) : Math.max(...places)
  const value = boundsOn(piece.lean, point(at), k)[k]!
  return { at, sign: isEmpty(value) ? null : signOf(value), known: true, settled: true }
}

const isBounded = (a: Interval): boolean => Number.isFinite(a.lo) && Number.isFinite(a.hi)

/** The end of a piece from inside. What bounds the domain at an end that is no double is zero there. */
function approachTo({ lean, from, to }: Piece, side: -1 | 1): Approach {
  const end = side < 0 ? from : to
  if (!Number.isFinite(end.lo) || end.lo === end.hi) return { end, side }
  return { end, side, zeros: zeroGuards(lean, end) }
}

/** Bounds of what the `k`-th derivative tends to at an end of a piece; `null` where that is not known. */
export function limitOf(piece: Piece, k: number, side: -1 | 1): Interval | null {
  const approach = approachTo(piece, side)
  const grown = grownLimit(piece.lean, approach, k)
  if (grown !== null) return grown
  const found = evaluateTape(LIMITS, piece.lean, variableTo(approach.end, side), k)[k] ?? null
  if (found === null) return null
  if (found.at.lo === Infinity) return interval(Number.MAX_VALUE, Infinity)
  return found.at.hi === -Infinity ? interval(-Infinity, -Number.MAX_VALUE) : found.at
}

/** Bounds of the `k`-th derivative at an end of a piece, taken from inside. */
export function endValue(piece: Piece, k: number, side: -1 | 1): Interval {
  const end = side < 0 ? piece.from : piece.to
  if (Number.isFinite(end.lo)) {
    const direct = valueOn(piece.lean, k, end)
    if (isBounded(direct)) return direct
  }
  return limitOf(piece, k, side) ?? interval(-Infinity, Infinity)
}
