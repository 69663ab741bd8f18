import { add, intersect, interval, isEmpty, middle, mul, point, signOf, sub } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import type { Piece } from './pieces.ts'
import { INTERVALS, MAX_ORDER } from './smooth/field.ts'
import { isolate } from './smooth/isolate.ts'
import type { Enclosed, Isolation } from './smooth/isolate.ts'
import { evaluateTape } from './smooth/jet.ts'
import { onePeriod, periodOf } from './smooth/period.ts'
import { TAIL_STARTS, tailInterval, tailOf, tailSign } from './smooth/tail-sign.ts'
import type { Tape } from './smooth/tape.ts'

/** Where the derivative of some order of a piece is zero. */
export interface Critical extends Isolation {
  /** The bounded part that was searched; beyond it, where the piece goes on, the sign does not change. */
  readonly searched: Interval
  /** Signs beyond `searched`; `null` where unknown, or where the piece ends or repeats. */
  readonly tails: { readonly left: -1 | 0 | 1 | null; readonly right: -1 | 0 | 1 | null }
  /** Whether the piece repeats what was searched. */
  readonly periodic: boolean
}

/** Bounds of the `k`-th derivative and of the next. */
export function enclosedOrder(tape: Tape, k: number): Enclosed {
  return (x, withSlope = true) => {
    const jet = evaluateTape(INTERVALS, tape, x, withSlope ? Math.min(k + 1, MAX_ORDER) : k)
    const next = jet[k + 1]
    return next === undefined ? [jet[k]!] : [jet[k]!, next]
  }
}

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

export const isWhole = (piece: Piece): boolean => piece.from.lo === -Infinity && piece.to.hi === Infinity

/** All zeros of the `k`-th derivative on a piece. */
export function criticalOf(piece: Piece, k: number): Critical {
  const { lean } = piece
  const repeats = isWhole(piece) ? periodOf(lean) : null
  const isRepeated = repeats !== null && (k > 0 || (repeats.slope.lo === 0 && repeats.slope.hi === 0))
  if (isRepeated) {
    const searched = onePeriod(repeats.period)
    const found = isolate(enclosedOrder(lean, k), searched)
    return { ...found, searched, tails: { left: null, right: null }, periodic: true }
  }
  const left = endOf(piece, k, -1)
  const right = endOf(piece, k, 1)
  const searched = interval(left.at, right.at)
  const tails = { left: left.sign, right: right.sign }
  const complete = left.known && right.known
  // A derivative that is zero on the whole tails and between needs no search.
  const whole = enclosedOrder(lean, k)(interval(piece.from.lo, piece.to.hi))[0]
  const sign = isEmpty(whole) ? null : signOf(whole)
  if (sign === 0)
    return { zeros: [], flat: [interval(piece.from.lo, piece.to.hi)], complete: true, searched, tails, periodic: false }
  if (sign !== null) return { zeros: [], flat: [], complete: true, searched, tails, periodic: false }
  const found = isolate(enclosedOrder(lean, k), searched)
  return { ...found, complete: found.complete && complete, searched, tails, periodic: false }
}

interface End {
  readonly at: number
  readonly sign: -1 | 0 | 1 | null
  readonly known: boolean
}

function endOf(piece: Piece, k: number, side: -1 | 1): End {
  const end = side < 0 ? piece.from.lo : piece.to.hi
  if (Number.isFinite(end)) return { at: end, sign: null, known: true }
  const other = side < 0 ? piece.to.lo : piece.from.hi
  for (const start of TAIL_STARTS) {
    if (Number.isFinite(other) && side * other >= start) continue
    const sign = tailSign(piece.lean, side, start, k)
    if (sign !== null) return { at: side * start, sign, known: true }
  }
  return { at: side * (32 + (Number.isFinite(other) ? Math.abs(other) : 0)), sign: null, known: false }
}

/** Bounds of what the `k`-th derivative tends to on an unbounded side of a piece, and whether there is a limit. */
export function limitOf(piece: Piece, k: number, side: -1 | 1): { value: Interval; exists: boolean } {
  for (const start of TAIL_STARTS) {
    const { field, jet } = tailOf(piece.lean, side, start, k)
    const germ = jet[k]
    if (germ === null || germ === undefined) continue
    const limit = field.limit(germ)
    if (limit === null) continue
    const isInfinite = limit.lo === -Infinity || limit.hi === Infinity
    if (isInfinite || limit.hi - limit.lo < 1e-9 * (1 + Math.abs(limit.lo))) {
      return { value: limit, exists: true }
    }
  }
  const far = enclosedOrder(piece.lean, k)(tailInterval(side, 1e300))[0]
  if (!isEmpty(far) && far.hi === Infinity && far.lo > 600)
    return { value: interval(Number.MAX_VALUE, Infinity), exists: true }
  if (!isEmpty(far) && far.lo === -Infinity && far.hi < -600)
    return { value: interval(-Infinity, -Number.MAX_VALUE), exists: true }
  return { value: isEmpty(far) ? interval(-Infinity, Infinity) : far, exists: false }
}

/** Bounds of the `k`-th derivative at an end of a piece, taken from inside. */
export function endValue(piece: Piece, k: number, side: -1 | 1): Interval {
  const end = side < 0 ? piece.from : piece.to
  const direct = valueOn(piece.lean, k, end)
  if (!isEmpty(direct)) return direct
  // The end bounds the domain: look at the last few numbers before it.
  const step = Math.max(Math.abs(end.lo) * 2 ** -50, Number.MIN_VALUE)
  const inside = side < 0 ? interval(end.lo, end.hi + step) : interval(end.lo - step, end.hi)
  const near = enclosedOrder(piece.lean, k)(inside)[0]
  return isEmpty(near) ? interval(-Infinity, Infinity) : near
}
