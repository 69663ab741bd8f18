import { endValue, limitOf } from './critical.ts'
import { interval, isEmpty, middle, point, signOf } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { meet } from './pieces.ts'
import type { Pieces } from './pieces.ts'
import { boundsOf, enclosure } from './range.ts'
import type { CriticalPoints, Enclosure } from './range.ts'
import { INTERVALS, MAX_ORDER } from './smooth/field.ts'
import { evaluateTape } from './smooth/jet.ts'
import { valueOn } from './critical.ts'

/** A stretch on which a derivative keeps its sign. */
export interface Run {
  readonly from: Interval
  readonly to: Interval
  /** 0: the derivative is zero there; `null`: not known. */
  readonly sign: -1 | 0 | 1 | null
}

/** The signs of the `k`-th derivative from left to right; of a function that repeats, over one period. */
export function runsOf({ pieces }: Pieces, points: CriticalPoints, k: number): Run[] {
  return pieces.flatMap((piece, index) => {
    const critical = points.of(index, k)
    const from = critical.periodic ? point(critical.searched.lo) : piece.from
    const to = critical.periodic ? point(critical.searched.hi) : piece.to
    const cuts = [...critical.zeros.map((zero) => zero.at), ...critical.flat]
      .filter((at) => at.lo > from.hi && at.hi < to.lo)
      .sort((a, b) => a.lo - b.lo)
    const bounds = [from, ...cuts, to]
    return bounds.slice(1).map((end, at): Run => {
      const start = bounds[at]!
      const sample = between(start.hi, end.lo)
      const value = evaluateTape(INTERVALS, piece.lean, point(sample), k)[k]!
      return { from: start, to: end, sign: isEmpty(value) ? null : signOf(value) }
    })
  })
}

function between(lo: number, hi: number): number {
  if (lo === -Infinity && hi === Infinity) return 0.4371
  if (lo === -Infinity) return hi - 1 - Math.abs(hi) / 8
  if (hi === Infinity) return lo + 1 + Math.abs(lo) / 8
  return middle(interval(lo, hi))
}

export type Monotone = 'increasing' | 'decreasing' | 'constant' | 'none'

/** Whether a function is monotone over its whole domain, from the bounds of its slope and its jumps. */
export function monotoneOf(
  pieces: Pieces,
  points: CriticalPoints,
): { readonly monotone: Monotone; readonly proven: boolean } {
  const { inf, sup } = boundsOf(pieces, points, 1)
  const jumps = jumpsOf(pieces)
  const up = jumps.some((jump) => jump > 0)
  const down = jumps.some((jump) => jump < 0)
  const gaps = pieces.pieces.some((piece, at) => at > 0 && piece.from.hi - pieces.pieces[at - 1]!.to.lo > 1e-9)
  const proven = pieces.complete && inf.rigorous && !gaps
  // A slope that touches zero is enclosed with zero inside: that it goes no lower is then an estimate.
  const noise = 1e-12 * Math.max(1, Math.abs(inf.lo), Math.abs(sup.hi) === Infinity ? 1 : Math.abs(sup.hi))
  const runs = runsOf(pieces, points, 1)
  const falls = inf.hi < 0 || runs.some(({ sign }) => sign === -1)
  const rises = sup.lo > 0 || runs.some(({ sign }) => sign === 1)
  if (!rises && !falls && inf.lo >= -noise && sup.hi <= noise) {
    return { monotone: up && down ? 'none' : up ? 'increasing' : down ? 'decreasing' : 'constant', proven }
  }
  if (!falls && inf.lo >= -noise && !down) return { monotone: 'increasing', proven: proven && inf.lo >= 0 }
  if (!rises && sup.hi <= noise && !up) return { monotone: 'decreasing', proven: proven && sup.hi <= 0 }
  return { monotone: 'none', proven: proven && (falls || down) && (rises || up) }
}

/** The jumps between neighbouring pieces; none where bounds overlap. */
function jumpsOf({ pieces }: Pieces): number[] {
  return pieces.slice(1).flatMap((piece, at) => {
    const left = endValue(pieces[at]!, 0, 1)
    const right = endValue(piece, 0, -1)
    return right.lo > left.hi ? [1] : right.hi < left.lo ? [-1] : []
  })
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
    const touches = Math.abs(run.from.lo - before.to.hi) <= 1e-9 * Math.max(1, Math.abs(run.from.lo))
    if (!touches || before.sign === null || run.sign === null || before.sign * run.sign >= 0) return
    const place = run.from
    const index = pieces.pieces.findIndex((piece) => piece.to.hi >= place.lo)
    const piece = pieces.pieces[index]!
    const isEnd = place.hi >= piece.to.lo
    const value = valueOn(piece.lean, k, place)
    if (isEmpty(value)) return
    const next = pieces.pieces[index + 1]
    if (isEnd && next !== undefined) {
      if (!meet(piece, next)) return
      const other = endValue(next, k, -1)
      if (other.lo > value.hi || other.hi < value.lo) return
    }
    const rigorous = pieces.complete
    result.push({
      at: enclosure(place, rigorous),
      value: enclosure(value, rigorous),
      kind: run.sign > 0 ? 'min' : 'max',
    })
  })
  return result
}

/** Where the function is zero; a whole stretch is one enclosure. */
export function zerosOf(pieces: Pieces, points: CriticalPoints): Enclosure[] {
  const found: { at: Interval; rigorous: boolean }[] = []
  pieces.pieces.forEach((piece, index) => {
    const critical = points.of(index, 0)
    const open = [
      index > 0 && !meet(pieces.pieces[index - 1]!, piece) ? piece.from : null,
      index + 1 < pieces.pieces.length && !meet(piece, pieces.pieces[index + 1]!) ? piece.to : null,
    ]
    // Next to a place where the function is not defined, what could not be decided is no zero of it.
    const undecided = (at: Interval): boolean => open.some((end) => end !== null && at.lo <= end.hi && end.lo <= at.hi)
    for (const zero of critical.zeros)
      if (zero.exists || !undecided(zero.at)) found.push({ at: zero.at, rigorous: pieces.complete && zero.exists })
    for (const flat of critical.flat) {
      const clipped = interval(flat.lo <= critical.searched.lo && critical.tails.left === 0 ? piece.from.lo : flat.lo, flat.hi >= critical.searched.hi && critical.tails.right === 0 ? piece.to.hi : flat.hi) // prettier-ignore
      found.push({ at: clipped, rigorous: pieces.complete })
    }
  })
  const result: { at: Interval; rigorous: boolean }[] = []
  for (const zero of found.sort((a, b) => a.at.lo - b.at.lo || b.at.hi - a.at.hi)) {
    const last = result.at(-1)
    if (last !== undefined && zero.at.lo <= last.at.hi) {
      const hi = Math.max(last.at.hi, zero.at.hi)
      result[result.length - 1] = { at: interval(last.at.lo, hi), rigorous: last.rigorous && zero.rigorous }
    } else result.push(zero)
  }
  return result.map(({ at, rigorous }) => enclosure(at, rigorous))
}

export interface Kink {
  readonly at: number
  /** One-sided slopes. */
  readonly left: number
  readonly right: number
  /** One-sided values, where they differ. */
  readonly jump: { readonly left: number; readonly right: number } | null
}

export type Smoothness = number | 'Infinity' | 'analytic'

/**
 * Places where value or slope differ from side to side, and how often the function is continuously differentiable: -1 where
 * it jumps. Derivatives count as equal where their enclosures overlap.
 */
export function kinksOf({ pieces }: Pieces): { readonly kinks: Kink[]; readonly smoothness: Smoothness } {
  let smoothness: Smoothness = 'analytic'
  const kinks: Kink[] = []
  pieces.slice(1).forEach((piece, index) => {
    const before = pieces[index]!
    if (!meet(before, piece)) return
    const sides = (k: number): [Interval, Interval] => [endValue(before, k, 1), endValue(piece, k, -1)]
    let order = 0
    while (order <= MAX_ORDER && overlap(...sides(order))) order++
    const here: Smoothness = order > MAX_ORDER ? 'Infinity' : order - 1
    if (smoothness === 'analytic' || (typeof here === 'number' && (smoothness === 'Infinity' || here < smoothness))) {
      smoothness = here
    }
    if (order > 1) return
    const [left, right] = sides(1)
    const [low, high] = sides(0)
    const jump = order === 0 ? { left: display(low), right: display(high) } : null
    kinks.push({ at: display(piece.from), left: display(left), right: display(right), jump })
  })
  return { kinks, smoothness }
}

const overlap = (a: Interval, b: Interval): boolean => a.lo <= b.hi && b.lo <= a.hi

/** One number for an enclosure: its middle, infinite where it is beyond the doubles. */
export function display(a: Interval): number {
  if (a.lo >= 1e150 && a.hi === Infinity) return Infinity
  if (a.hi <= -1e150 && a.lo === -Infinity) return -Infinity
  if (a.lo === -Infinity || a.hi === Infinity) return NaN
  return a.lo === a.hi ? a.lo : rounded(a)
}

/** The number of fewest digits in an enclosure. */
function rounded(a: Interval): number {
  const m = middle(a)
  for (let digits = 1; digits <= 15; digits++) {
    const candidate = Number(m.toPrecision(digits))
    if (a.lo <= candidate && candidate <= a.hi) return candidate + 0
  }
  return m
}

export interface Limits {
  readonly left: number
  readonly right: number
}

/** What the `k`-th derivative tends to at both ends of the real line; `NaN` where it has no limit or is not defined. */
export function limitsOf({ pieces }: Pieces, k: number): Limits {
  const [first, last] = [pieces[0]!, pieces.at(-1)!]
  const limit = (side: -1 | 1): number => {
    const piece = side < 0 ? first : last
    if (Number.isFinite(side < 0 ? piece.from.lo : piece.to.hi)) return NaN
    const { value, exists } = limitOf(piece, k, side)
    return exists ? beyond(value) : NaN
  }
  return { left: limit(-1), right: limit(1) }
}

const beyond = (value: Interval): number =>
  value.lo >= 1e300 ? Infinity : value.hi <= -1e300 ? -Infinity : display(value)
