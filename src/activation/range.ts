import { criticalOf, endValue, limitOf, valueOn } from './critical.ts'
import type { Critical } from './critical.ts'
import {
  ALL,
  div,
  hull,
  intersect,
  interval,
  isEmpty,
  magnitude,
  middle,
  point,
  signOf,
  sub,
} from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { isApart, lonePlaces, meet } from './pieces.ts'
import type { Piece, Pieces } from './pieces.ts'
import { boundsOn } from './smooth/bounds.ts'
import { Effort } from './smooth/effort.ts'
import { rangeBeyond } from './smooth/tail-sign.ts'

/** A number known up to bounds. */
export interface Enclosure {
  readonly lo: number
  readonly hi: number
  /** Whether the bounds are proven. */
  readonly rigorous: boolean
}

export interface Bounds {
  readonly inf: Enclosure
  readonly sup: Enclosure
}

/** For the zeros of all derivatives. */
const EFFORT = 300_000

/** The zeros of one derivative on each piece, kept because several facts ask for them. */
export class CriticalPoints {
  readonly #pieces: Pieces
  readonly #known = new Map<string, Critical>()
  readonly #effort = new Effort(EFFORT)

  constructor(pieces: Pieces) {
    this.#pieces = pieces
  }

  of(index: number, k: number): Critical {
    const key = `${index} ${k}`
    let critical = this.#known.get(key)
    if (critical === undefined)
      this.#known.set(key, (critical = criticalOf(this.#pieces.pieces[index]!, k, this.#effort)))
    return critical
  }
}

/**
 * The infimum and the supremum of the `k`-th derivative over its domain. Between zeros of the next derivative it is
 * monotone, so it is enough to look at those, at the ends of pieces and at the limits. Beyond the reach of that, bounds of
 * the whole tail take their place.
 */
export function boundsOf(pieces: Pieces, points: CriticalPoints, k: number): Bounds {
  const { complete, period } = pieces
  const drift = period === null || k > 0 ? 0 : signOf(period.slope)
  if (drift !== 0) {
    const rigorous = complete && drift !== null
    return { inf: enclosure(point(-Infinity), rigorous), sup: enclosure(point(Infinity), rigorous) }
  }
  const values = pieces.pieces.flatMap((piece, index) =>
    candidates(piece, points.of(index, k + 1), k).map(within(piece, k)),
  )
  const known = values.filter((value) => !isEmpty(value))
  const rigorous = complete && known.length === values.length
  if (pieces.isPartial) known.push(ALL)
  if (k === 0) known.push(...lonePlaces(pieces).map(({ value }) => value))
  const least = (bound: (value: Interval) => number): number => Math.min(...known.map(bound))
  const most = (bound: (value: Interval) => number): number => Math.max(...known.map(bound))
  const inf = enclosure(interval(least((v) => v.lo), least((v) => v.hi)), rigorous) // prettier-ignore
  const sup = enclosure(interval(most((v) => v.lo), most((v) => v.hi)), rigorous) // prettier-ignore
  return { inf, sup }
}

/** A value cut to bounds of all values on its piece, which a bounded operation has even where its argument is unbounded. */
function within({ lean, from, to }: Piece, k: number): (value: Interval) => Interval {
  const whole = finite(boundsOn(lean, interval(from.lo, to.hi), k)[k]!)
  return (value) => (isEmpty(whole) || isEmpty(value) ? value : (intersect(value, whole) ?? value))
}

/** Where an unbounded enclosure starts so high, the number is infinity in doubles. */
const BEYOND = 1e300

/** Bounds as printed. */
export function enclosure(value: Interval, rigorous: boolean): Enclosure {
  if (value.hi === Infinity && value.lo >= BEYOND) return { lo: Infinity, hi: Infinity, rigorous }
  if (value.lo === -Infinity && value.hi <= -BEYOND) return { lo: -Infinity, hi: -Infinity, rigorous }
  return { lo: value.lo + 0, hi: value.hi + 0, rigorous }
}

function candidates(piece: Piece, critical: Critical, k: number): Interval[] {
  const { lean } = piece
  const values = critical.zeros.map(({ at }) => finite(valueOn(lean, k, at)))
  for (const flat of critical.flat) values.push(finite(valueOn(lean, k, point(middle(flat)))))
  values.push(...endCandidates(piece, critical, k, -1), ...endCandidates(piece, critical, k, 1))
  return values
}

/** The value at a place is finite, and what overflows is not to be taken for infinity. */
const finite = ({ lo, hi }: Interval): Interval => ({
  lo: hi === Infinity ? Math.min(lo, BEYOND / 10) : lo,
  hi: lo === -Infinity ? Math.max(hi, -BEYOND / 10) : hi,
})

function endCandidates(piece: Piece, critical: Critical, k: number, side: -1 | 1): Interval[] {
  const end = side < 0 ? piece.from : piece.to
  if (Number.isFinite(end.lo)) return [endValue(piece, k, side)]
  const sign = side < 0 ? critical.tails.left : critical.tails.right
  const limit = limitOf(piece, k, side)
  const place = side < 0 ? critical.searched.lo : critical.searched.hi
  // Bounds of a limit that is only known to be somewhere do not bound what comes before it.
  if ((sign !== null || (side < 0 ? critical.settled.left : critical.settled.right)) && limit !== null) return [limit]
  const start = valueOn(piece.lean, k, point(place))
  if (sign !== null) return [sign * side > 0 ? interval(start.lo, Infinity) : interval(-Infinity, start.hi)]
  return [start, hull(rangeBeyond(piece.lean, side, place, k), start)]
}

/**
 * The Lipschitz constant of the `k`-th derivative from the largest size of the next: between stretches of the domain it may
 * rise more steeply than on them.
 */
export function acrossGaps(all: Pieces, on: Enclosure, k = 0): Enclosure {
  const { pieces, complete } = all
  if (lonePlaces(all).length > 0) return { lo: Infinity, hi: Infinity, rigorous: on.rigorous && complete }
  return pieces.slice(1).reduce((bounds, piece, at) => {
    const before = pieces[at]!
    if (meet(before, piece)) return bounds
    const step = sub(endValue(piece, k, -1), endValue(before, k, 1))
    const least = signOf(step) === null ? 0 : Math.min(Math.abs(step.lo), Math.abs(step.hi))
    const most = magnitude(step)
    if (!isApart(before, piece)) {
      const lo = least > 0 ? Infinity : bounds.lo
      return most === 0 ? bounds : { lo, hi: Infinity, rigorous: bounds.rigorous && complete }
    }
    const gap = sub(piece.from, before.to)
    const rise = div(interval(least, most), gap)
    return { ...bounds, lo: Math.max(bounds.lo, rise.lo), hi: Math.max(bounds.hi, rise.hi) }
  }, on)
}

/** The largest absolute value. */
export function largest({ inf, sup }: Bounds): Enclosure {
  const low = Math.max(0, -inf.hi, sup.lo)
  return { lo: low, hi: magnitude(interval(inf.lo, sup.hi)), rigorous: inf.rigorous && sup.rigorous }
}
