import { power } from './interval/elementary.ts'
import { div, hull, intersect, interval, isEmpty, ONE, point, sub, width } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import type { Piece, Pieces } from './pieces.ts'
import { averagesOf, FARTHEST } from './moments/integrals.ts'
import { lineOf } from './moments/line.ts'
import type { Enclosure } from './range.ts'
import type { Symmetry } from './symmetry.ts'
import { INTERVALS } from './smooth/field.ts'
import { evaluateTape } from './smooth/jet.ts'

/**
 * Averages over a standard normal `z`. Twice the same infinity is a proven one; `NaN` for both bounds: proven not to exist.
 */
export interface Moments {
  readonly mean: Enclosure
  readonly variance: Enclosure
  /** The average of `g(z)^2`. */
  readonly meanSquare: Enclosure
  readonly slopeMean: Enclosure
  readonly slopeVariance: Enclosure
  /** The average of `g'(z)^2`. */
  readonly slopeMeanSquare: Enclosure
}

/**
 * `null` where the function is not defined for almost every `z`, or not known on enough of the line. A proven symmetry tells
 * which mean is zero. Where not all branch points are known, the averages are those of the pieces that are, and estimates.
 */
export function momentsOf(all: Pieces, symmetry: Symmetry): Moments | null {
  const line = lineOf(all)
  if (line === null) return null
  const { pieces } = line
  const known = all.complete ? pieces : pieces.filter(({ from, to }) => from.hi < FARTHEST && to.lo > -FARTHEST)
  const zero = [symmetry === 'odd', false, symmetry === 'even', false] as const
  const [mean, meanSquare, slopeMean, slopeMeanSquare] = averagesOf(known, zero)
  // Between wide bounds of a branch point the function may be another.
  const rigorous =
    all.complete && line.isWhole && pieces.every(({ from, to }) => width(from) <= NARROW && width(to) <= NARROW)
  const stated = ({ lo, hi }: Interval): Enclosure => ({ lo: lo + 0, hi: hi + 0, rigorous })
  return {
    mean: stated(mean),
    variance: stated(within(varianceOf(mean, meanSquare), spreadOf(known, 0))),
    meanSquare: stated(meanSquare),
    slopeMean: stated(slopeMean),
    slopeVariance: stated(within(varianceOf(slopeMean, slopeMeanSquare), spreadOf(known, 1))),
    slopeMeanSquare: stated(slopeMeanSquare),
  }
}

const NARROW = 1e-6

function varianceOf(mean: Interval, square: Interval): Interval {
  if (isEmpty(mean)) return mean
  if (square.lo === Infinity && mean.hi - mean.lo !== Infinity) return square
  if (!Number.isFinite(mean.lo) || !Number.isFinite(mean.hi)) return interval(0, Infinity)
  const { lo, hi } = sub(square, power(mean, 2))
  return interval(Math.max(0, lo), Math.max(0, hi))
}

/** A variance is at most a quarter of the square of the range. Source: Popoviciu 1935. */
function spreadOf(pieces: readonly Piece[], k: 0 | 1): Interval {
  const values = pieces.map(({ from, to, lean }) => evaluateTape(INTERVALS, lean, interval(from.lo, to.hi), k)[k]!)
  const range = values.reduce(hull)
  const spread = div(sub(point(range.hi), point(range.lo)), point(2))
  return isEmpty(spread) ? interval(0, Infinity) : interval(0, power(spread, 2).hi)
}

const within = (a: Interval, b: Interval): Interval => intersect(a, b) ?? a

/** Relative width up to which an enclosure is as good as its middle. */
const SHARP = 1e-6

/** Whether the bounds leave no doubt about a number: also where they prove that there is none, or that it is infinite. */
export function isSettled({ lo, hi }: Interval, scale = 0): boolean {
  if (Number.isNaN(lo) || lo === hi) return true
  if (!Number.isFinite(hi - lo)) return false
  return hi - lo <= SHARP * Math.max(Math.abs(lo / 2 + hi / 2), scale)
}

/** Layers over which the gradient is followed. */
export const DEPTH = 50

export interface Initialisation {
  /** What weights of variance `gain^2/fan_in` need so that pre-activations keep their size: `1/sqrt(E[g(z)^2])`. */
  readonly gain: Enclosure | null
  /** The norm of a gradient after `DEPTH` layers back at that initialisation, relative to where it started. */
  readonly gradientNorm: Enclosure | null
  readonly verdict: 'vanishes' | 'shrinks' | 'keeps its size' | 'grows' | 'explodes' | 'unknown'
}

const UNKNOWN: Initialisation = { gain: null, gradientNorm: null, verdict: 'unknown' }

/**
 * Forward, wide layers keep pre-activations standard normal at the gain; backward, each layer multiplies the mean square of
 * a gradient by `gain^2 * E[g'(z)^2]`. Source: Poole et al. 2016, "Exponential expressivity", and Schoenholz et al. 2017,
 * "Deep Information Propagation".
 */
export function initialisationOf(moments: Moments | null): Initialisation {
  if (moments === null) return UNKNOWN
  const { meanSquare: square, slopeMeanSquare } = moments
  if (square.lo === 0 || square.hi === Infinity) return UNKNOWN
  const { rigorous } = square
  const gain = { ...div(ONE, power(square, 0.5)), rigorous }
  const gradientNorm = { ...power(div(slopeMeanSquare, square), DEPTH / 2), rigorous }
  return { gain, gradientNorm, verdict: verdictOf(gradientNorm) }
}

/** Up to which factor the norm is said to do what. */
const FATES = [
  [0.01, 'vanishes'],
  [0.5, 'shrinks'],
  [2, 'keeps its size'],
  [100, 'grows'],
  [Infinity, 'explodes'],
] as const

function verdictOf({ lo, hi }: Interval): Initialisation['verdict'] {
  const fateAt = (factor: number): Initialisation['verdict'] => FATES.find(([most]) => factor <= most)?.[1] ?? 'unknown'
  return fateAt(lo) === fateAt(hi) ? fateAt(lo) : 'unknown'
}

/** The names of averages, and of what follows from them, that the bounds do not settle: there is no more than an estimate. */
export function unsettled(moments: Moments | null, { gain, gradientNorm }: Initialisation): string[] {
  const { meanSquare, ...shown } = moments ?? {}
  const spreads: Record<string, Enclosure | undefined> = { mean: meanSquare, slopeMean: moments?.slopeMeanSquare }
  return Object.entries({ ...shown, gain, gradientNorm }).flatMap(([name, bounds]) => {
    if (bounds === null) return []
    const spread = spreads[name]?.lo ?? 0
    return bounds.rigorous && isSettled(bounds, spread < Infinity ? Math.sqrt(spread) : 0) ? [] : [name]
  })
}
