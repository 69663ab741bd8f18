import { criticalOf, endValue, limitOf, valueOn } from './critical.ts'
import type { Critical } from './critical.ts'
import { interval, isEmpty, magnitude, middle, point } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import type { Piece, Pieces } from './pieces.ts'
import { tailOf } from './smooth/tail-sign.ts'

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

/** The zeros of one derivative on each piece, kept because several facts ask for them. */
export class CriticalPoints {
  readonly #pieces: Pieces
  readonly #known = new Map<string, Critical>()

  constructor(pieces: Pieces) {
    this.#pieces = pieces
  }

  of(index: number, k: number): Critical {
    const key = `${index} ${k}`
    let critical = this.#known.get(key)
    if (critical === undefined) this.#known.set(key, (critical = criticalOf(this.#pieces.pieces[index]!, k)))
    return critical
  }
}

/**
 * The infimum and the supremum of the `k`-th derivative over its domain. Between zeros of the next derivative it is
 * monotone, so it is enough to look at those, at the ends of pieces and at the limits. Beyond the reach of that, bounds of
 * the whole tail take their place.
 */
export function boundsOf({ pieces, complete }: Pieces, points: CriticalPoints, k: number): Bounds {
  const values = pieces.flatMap((piece, index) => candidates(piece, points.of(index, k + 1), k))
  const known = values.filter((value) => !isEmpty(value))
  const rigorous = complete && known.length === values.length
  const least = (bound: (value: Interval) => number): number => Math.min(...known.map(bound))
  const most = (bound: (value: Interval) => number): number => Math.max(...known.map(bound))
  const inf = enclosure(interval(least((v) => v.lo), least((v) => v.hi)), rigorous) // prettier-ignore
  const sup = enclosure(interval(most((v) => v.lo), most((v) => v.hi)), rigorous) // prettier-ignore
  return { inf: settled(inf, -1), sup: settled(sup, 1) }
}

/** A function that gets as far as this without end, as a logarithm does near zero, is taken to have none. */
const FAR = 700

function settled(bounds: Enclosure, side: -1 | 1): Enclosure {
  const { lo, hi } = bounds
  if (lo === hi) return bounds
  if (side < 0 && lo === -Infinity && hi < -FAR) return { lo, hi: lo, rigorous: false }
  if (side > 0 && hi === Infinity && lo > FAR) return { lo: hi, hi, rigorous: false }
  return bounds
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
  const values = critical.zeros.map(({ at }) => valueOn(lean, k, at))
  for (const flat of critical.flat) values.push(valueOn(lean, k, point(middle(flat))))
  if (critical.periodic) {
    // One period shows all values, unless the function drifts.
    if (criticalOf(piece, k).periodic) return [...values, valueOn(lean, k, point(critical.searched.lo))]
    return [limitOf(piece, k, -1).value, limitOf(piece, k, 1).value]
  }
  values.push(...endCandidates(piece, critical, k, -1), ...endCandidates(piece, critical, k, 1))
  return values
}

function endCandidates(piece: Piece, critical: Critical, k: number, side: -1 | 1): Interval[] {
  const end = side < 0 ? piece.from : piece.to
  if (Number.isFinite(end.lo)) return [endValue(piece, k, side)]
  const sign = side < 0 ? critical.tails.left : critical.tails.right
  if (sign !== null) return [limitOf(piece, k, side).value]
  const start = Math.abs(side < 0 ? critical.searched.lo : critical.searched.hi)
  const { field, jet } = tailOf(piece.lean, side, start, k)
  const germ = jet[k]
  const whole = germ === null || germ === undefined ? interval(-Infinity, Infinity) : field.range(germ)
  return [valueOn(piece.lean, k, point(side * start)), whole]
}

/** The largest absolute value. */
export function largest({ inf, sup }: Bounds): Enclosure {
  const low = Math.max(0, -inf.hi, sup.lo)
  return { lo: low, hi: magnitude(interval(inf.lo, sup.hi)), rigorous: inf.rigorous && sup.rigorous }
}
