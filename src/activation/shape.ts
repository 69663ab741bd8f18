import { endValue, isRegion, limitOf, valueOn } from './critical.ts'
import { display } from './display.ts'
import { add, intersect, interval, isEmpty, isPoint, middle, point, signOf } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import type { Smoothness } from './kinks.ts'
import { lonePlaces, meet } from './pieces.ts'
import type { Piece, Pieces } from './pieces.ts'
import { boundsOf, enclosure } from './range.ts'
import type { CriticalPoints, Enclosure } from './range.ts'
import { joined } from './smooth/isolate.ts'
import { boundsOn } from './smooth/bounds.ts'

/** A stretch on which a derivative keeps its sign. */
export interface Run {
  readonly from: Interval
  readonly to: Interval
  /** 0: the derivative is zero there; `null`: not known. */
  readonly sign: -1 | 0 | 1 | null
  /** The piece it lies on. */
  readonly piece: number
}

/** The signs of the `k`-th derivative from left to right. */
export function runsOf({ pieces }: Pieces, points: CriticalPoints, k: number): Run[] {
  return pieces.flatMap((piece, index) => {
    const critical = points.of(index, k)
    const cuts = [...critical.zeros.map((zero) => zero.at), ...critical.flat]
      .filter((at) => at.lo > piece.from.hi && at.hi < piece.to.lo)
      .sort((a, b) => a.lo - b.lo)
    const bounds = [piece.from, ...cuts, piece.to]
    return bounds.slice(1).map((end, at): Run => {
      const start = bounds[at]!
      return { from: start, to: end, sign: signBetween(piece, k, start.hi, end.lo), piece: index }
    })
  })
}

/** The sign on a stretch where it does not change: far from its ends, or nearer where that underflows. */
function signBetween({ lean }: Piece, k: number, lo: number, hi: number): Run['sign'] {
  const far = between(lo, hi)
  for (let share = 1; share > 2 ** -40; share /= 16) {
    const near = [
      Number.isFinite(lo) ? lo + share * (far - lo) : far,
      Number.isFinite(hi) ? hi - share * (hi - far) : far,
    ]
    for (const at of near.filter((place) => lo < place && place < hi)) {
      const value = boundsOn(lean, point(at), k)[k]!
      const sign = isEmpty(value) ? null : signOf(value)
      if (sign !== null) return sign
    }
  }
  return null
}

function between(lo: number, hi: number): number {
  if (lo === -Infinity && hi === Infinity) return 0.4371
  if (lo === -Infinity) return hi - 1 - Math.abs(hi) / 8
  if (hi === Infinity) return lo + 1 + Math.abs(lo) / 8
  return middle(interval(lo, hi))
}

export type Monotone = 'increasing' | 'decreasing' | 'constant' | 'none'

/** Whether a function is monotone over its whole domain, from the bounds of its slope and what happens between its pieces. */
export function monotoneOf(
  pieces: Pieces,
  points: CriticalPoints,
  smoothness: Smoothness,
): { readonly monotone: Monotone; readonly proven: boolean } {
  const { inf, sup } = boundsOf(pieces, points, 1)
  const steps = stepsOf(pieces, smoothness)
  const up = steps.includes(1)
  const down = steps.includes(-1)
  const known = pieces.complete && !pieces.isPartial && inf.rigorous && !steps.includes(null)
  const runs = runsOf(pieces, points, 1)
  const falls = inf.hi < 0 || runs.some(({ sign }) => sign === -1)
  const rises = sup.lo > 0 || runs.some(({ sign }) => sign === 1)
  // A slope that touches zero is enclosed with zero inside: that it goes no lower is then an estimate.
  const noise = 1e-12 * Math.max(1, Math.abs(inf.hi), sup.lo === Infinity ? 1 : Math.abs(sup.lo))
  if ((rises || up) && (falls || down)) return { monotone: 'none', proven: pieces.complete }
  if (!rises && !falls && inf.lo >= -noise && sup.hi <= noise) {
    const proven = known && inf.lo >= 0 && sup.hi <= 0
    return { monotone: up ? 'increasing' : down ? 'decreasing' : 'constant', proven }
  }
  if (!falls && inf.lo >= -noise && !down) return { monotone: 'increasing', proven: known && inf.lo >= 0 }
  if (!rises && sup.hi <= noise && !up) return { monotone: 'decreasing', proven: known && sup.hi <= 0 }
  return { monotone: 'none', proven: false }
}

/** Whether the function steps up or down from piece to piece, 0 where it goes on; `null` where that is not known. */
function stepsOf(all: Pieces, smoothness: Smoothness): (-1 | 0 | 1 | null)[] {
  const { pieces } = all
  const isContinuous = smoothness.proven && (smoothness.order === 'analytic' || smoothness.order >= 0)
  const step = (left: Interval, right: Interval): -1 | 0 | 1 | null =>
    right.lo > left.hi ? 1 : right.hi < left.lo ? -1 : isPoint(left) && isPoint(right) ? 0 : null
  const between = pieces.slice(1).map((piece, at) => {
    const before = pieces[at]!
    return step(endValue(before, 0, 1), endValue(piece, 0, -1)) ?? (meet(before, piece) && isContinuous ? 0 : null)
  })
  const lone = lonePlaces(all).flatMap(({ value, left, right }) => [
    left === null ? 0 : step(endValue(left, 0, 1), value),
    right === null ? 0 : step(value, endValue(right, 0, -1)),
  ])
  return [...between, ...lone]
}

export interface Extremum {
  readonly at: Enclosure
  readonly value: Enclosure
  readonly kind: 'min' | 'max'
}

/** Strict local extrema of the `k`-th derivative: where the next one changes sign, kinks included. */
export function extremaOf(pieces: Pieces, points: CriticalPoints, k: number): Extremum[] {
  const runs = runsOf(pieces, points, k + 1)
  const result: Extremum[] = []
  runs.slice(1).forEach((run, at) => {
    const before = runs[at]!
    const touches = run.piece === before.piece || run.from.lo <= before.to.hi
    if (!touches || before.sign === null || run.sign === null || before.sign * run.sign >= 0) return
    const place = run.from
    if (isRegion(place)) return
    const left = pieces.pieces[before.piece]!
    if (left.lean.removable.some((c) => place.lo <= c && c <= place.hi)) return
    const isBetween = run.piece !== before.piece
    const on = (piece: Piece, side: -1 | 1): Interval => {
      const direct = valueOn(piece.lean, k, place)
      return isEmpty(direct) && isBetween ? endValue(piece, k, side) : direct
    }
    let value: Interval | null = on(left, 1)
    if (isBetween) {
      const next = pieces.pieces[run.piece]!
      if (!meet(left, next)) return
      const other = on(next, -1)
      value = isEmpty(value) || isEmpty(other) ? null : intersect(value, other)
    }
    if (value === null || isEmpty(value)) return
    const rigorous = pieces.complete
    result.push({
      at: enclosure(place, rigorous),
      value: enclosure(value, rigorous),
      kind: run.sign > 0 ? 'min' : 'max',
    })
  })
  if (k === 0) result.push(...loneExtrema(pieces))
  return result.sort((a, b) => a.at.lo - b.at.lo)
}

/** Places whose value alone is above or below all others nearby. */
function loneExtrema(pieces: Pieces): Extremum[] {
  return lonePlaces(pieces).flatMap(({ at, value, left, right }): Extremum[] => {
    // At an end of the domain there is no other side to be extreme among.
    if (left === null || right === null) return []
    const sides = [endValue(left, 0, 1), endValue(right, 0, -1)]
    const kind = sides.every((side) => side.lo > value.hi) ? 'min' : sides.every((side) => side.hi < value.lo) ? 'max' : null // prettier-ignore
    const { complete } = pieces
    return kind === null ? [] : [{ at: enclosure(at, complete), value: enclosure(value, complete), kind }]
  })
}

/** Whether the zeros of the `k`-th derivative that were found are all there are. */
export const isComplete = (pieces: Pieces, points: CriticalPoints, k: number): boolean =>
  pieces.complete && !pieces.isPartial && pieces.pieces.every((_, index) => points.of(index, k).all)

export interface Zero extends Enclosure {
  /** Whether the function is zero on all of it, rather than at one place in it. */
  readonly whole: boolean
}

/** Where the function is zero; a whole stretch is one enclosure. And where it may be. */
export function zerosOf(
  pieces: Pieces,
  points: CriticalPoints,
): { readonly zeros: Zero[]; readonly unknown: readonly Interval[] } {
  const unknown: Interval[] = []
  const found: { at: Interval; exists: boolean; whole: boolean }[] = []
  pieces.pieces.forEach((piece, index) => {
    const critical = points.of(index, 0)
    const [before, after] = [pieces.pieces[index - 1], pieces.pieces[index + 1]]
    const isOpen = (end: Interval, at: Interval): boolean => at.lo <= end.hi && end.lo <= at.hi
    const isOutside = (at: Interval): boolean =>
      piece.lean.removable.some((c) => at.lo <= c && c <= at.hi) ||
      (isOpen(piece.from, at) && (before === undefined || !meet(before, piece)) && !piece.closed.left) ||
      (isOpen(piece.to, at) && (after === undefined || !meet(piece, after)) && !piece.closed.right)
    for (const zero of critical.zeros) {
      const { at } = zero
      if (!zero.simple && isRegion(at)) unknown.push(at)
      if (isOutside(at) || (!zero.exists && isRegion(at))) continue
      const seams = [index === 0 ? null : piece, after ?? null].filter((next) => next !== null && isOpen(next.from, at))
      // Where pieces meet, the value is that of one of them.
      if (seams.some((next) => next!.start !== null && signOf(next!.start) !== 0 && signOf(next!.start) !== null))
        continue
      const exists = zero.exists && (pieces.isContinuous || seams.every((next) => next!.start !== null))
      found.push({ at, exists, whole: false })
    }
    // Where a power begins, its tape has no value.
    for (const [end, value] of [[piece.from, piece.start], [piece.to, piece.stop]] as const) {
      if (value !== null && signOf(value) === 0) found.push({ at: end, exists: true, whole: false })
    } // prettier-ignore
    if (!critical.known.left) unknown.push(interval(piece.from.lo, critical.searched.lo))
    if (!critical.known.right) unknown.push(interval(critical.searched.hi, piece.to.hi))
    for (const flat of critical.flat) {
      const lo = flat.lo <= critical.searched.lo && critical.tails.left === 0 ? piece.from.lo : flat.lo
      const hi = flat.hi >= critical.searched.hi && critical.tails.right === 0 ? piece.to.hi : flat.hi
      const at = intersect(interval(lo, hi), interval(piece.from.lo, piece.to.hi))
      if (at !== null) found.push({ at, exists: true, whole: at.lo < at.hi })
    }
  })
  const result: typeof found = []
  for (const zero of found.sort((a, b) => a.at.lo - b.at.lo || b.at.hi - a.at.hi)) {
    const last = result.at(-1)
    if (last === undefined || zero.at.lo > last.at.hi) result.push(zero)
    else if (zero.whole || last.whole) {
      // A stretch that a zero of the next piece touches ends there.
      const at = zero.whole && last.whole ? interval(last.at.lo, Math.max(last.at.hi, zero.at.hi)) : last.whole ? last.at : zero.at // prettier-ignore
      result[result.length - 1] = { at, exists: true, whole: true }
    } else {
      const common = intersect(last.at, zero.at)
      const both = last.exists && zero.exists && common !== null
      const at = both ? common : interval(last.at.lo, Math.max(last.at.hi, zero.at.hi))
      result[result.length - 1] = { at, exists: last.exists || zero.exists, whole: false }
    }
  }
  const [first, last] = [result[0], result.at(-1)]
  if (first !== last && pieces.period !== null && first!.whole && last!.whole) {
    const isCut = first!.at.lo <= pieces.window.lo && last!.at.hi >= pieces.window.hi
    // A stretch over the seam of the window shows at both of its ends.
    if (isCut) {
      result.shift()
      result[result.length - 1] = { ...last!, at: interval(last!.at.lo, add(first!.at, pieces.period.length).hi) }
    }
  }
  const zeros = result.map(({ at, exists, whole }) => ({ ...enclosure(at, pieces.complete && exists), whole }))
  return { zeros, unknown: joined(unknown) }
}

export interface Limits {
  readonly left: number
  readonly right: number
  /** Whether `NaN` means that there is none, rather than that none was found. */
  readonly known: boolean
}

/** What the `k`-th derivative tends to at both ends of the real line; `NaN` where it has no limit or is not defined. */
export function limitsOf(pieces: Pieces, k: number): Limits {
  const [first, last] = [pieces.pieces[0]!, pieces.pieces.at(-1)!]
  const nowhere = { left: NaN, right: NaN }
  if (pieces.period !== null) {
    const drift = k > 0 ? 0 : signOf(pieces.period.slope)
    if (drift === 1 || drift === -1) return { left: -drift * Infinity, right: drift * Infinity, known: true }
    return { ...nowhere, known: pieces.complete && drift === 0 }
  }
  const limit = (side: -1 | 1): number | null => {
    const piece = side < 0 ? first : last
    if (Number.isFinite(side < 0 ? piece.from.lo : piece.to.hi)) return NaN
    const value = limitOf(piece, k, side)
    return value === null ? null : beyond(value)
  }
  const [left, right] = [limit(-1), limit(1)]
  return {
    left: left ?? NaN,
    right: right ?? NaN,
    known: pieces.complete && !pieces.isPartial && left !== null && right !== null,
  }
}

const beyond = (value: Interval): number =>
  value.lo >= 1e300 && value.hi === Infinity
    ? Infinity
    : value.hi <= -1e300 && value.lo === -Infinity
      ? -Infinity
      : display(value)
