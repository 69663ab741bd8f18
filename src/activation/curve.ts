import type { Analysis } from './analyse.ts'
import { periodLength } from './period.ts'
import { unrolled } from './unrolled.ts'

/** A stretch of a curve without breaks. */
export interface Stroke {
  readonly points: readonly { readonly z: number; readonly value: number }[]
}

/** How far from the ends of a stretch it is drawn, as a share of the frame: rounding must not reach across a pole. */
const INSET = 1e-11

/** Offsets from a place where much may happen, as shares of the frame. */
const NEARBY = Array.from({ length: 14 }, (_, at) => 2 ** -(7 + 2 * at))
/** More places than these are not looked at closely. */
const MOST_PLACES = 24

/**
 * The `k`-th derivative over `[from, to]`, one stroke for each smooth piece, so that jumps are not joined; closer where it
 * turns than where it is straight.
 */
export function strokesOf(analysis: Analysis, k: number, from: number, to: number, count = 400): Stroke[] {
  const inset = INSET * (to - from)
  const turns = [...analysis.extrema, ...analysis.slopeExtrema]
    .slice(0, MOST_PLACES)
    .map(({ at }) => at.lo / 2 + at.hi / 2)
  const busy = turns.flatMap((at) => repeatedPlaces(analysis, at, from, to)).slice(0, MOST_PLACES)
  const offsets = [0, ...NEARBY.flatMap((share) => [-share, share])].map((share) => share * (to - from))
  const close = busy.flatMap((at) => offsets.map((offset) => at + offset))
  return unrolled(analysis.pieces, from, to).flatMap((stretch) => {
    const [lo, hi] = [stretch.from + inset, stretch.to - inset]
    const steps = Math.max(2, Math.ceil((count * (hi - lo)) / (to - from)))
    const even = Array.from({ length: steps + 1 }, (_, step) => lo + ((hi - lo) * step) / steps)
    const places = [...even, ...close.filter((z) => z > lo && z < hi)].sort((a, b) => a - b)
    const points = places.map((z) => ({ z, value: stretch.at(z, k)[k]! })).filter(({ value }) => Number.isFinite(value))
    return points.length < 2 ? [] : [{ points }]
  })
}

/** A place and all that lie whole periods from it, between two others. */
export function repeatedPlaces({ period }: Analysis, at: number, from: number, to: number): number[] {
  if (period === null) return at >= from && at <= to ? [at] : []
  const length = periodLength(period)
  const places: number[] = []
  for (let turn = Math.ceil((from - at) / length); at + turn * length <= to; turn++) places.push(at + turn * length)
  return places
}

const FARTHEST_FRAME = 20
const FIRST_TURNS = 6

/** The stretch of `z` that shows everything: kinks, extrema and where the slope has settled; little beyond the domain. */
export function frameOf(analyses: readonly Analysis[]): readonly [number, number] {
  let reach = 4
  for (const analysis of analyses) {
    const { kinks, extrema, slopeExtrema, period } = analysis
    if (analysis.saturates.left) reach = Math.max(reach, settledAt(analysis, -1))
    if (analysis.saturates.right) reach = Math.max(reach, settledAt(analysis, 1))
    const places = [...kinks.map(({ at }) => at), ...[...extrema, ...slopeExtrema].map(({ at }) => at.lo)]
    // Of what goes on turning the first turns will do.
    const most = analysis.listed.extrema && analysis.listed.slopeExtrema ? Infinity : FIRST_TURNS
    for (const place of places) if (Math.abs(place) <= most) reach = Math.max(reach, Math.abs(place) * 1.5)
    if (period !== null) reach = Math.max(reach, 6)
  }
  const far = Math.min(reach, FARTHEST_FRAME)
  const [start, end] = [Math.min(...analyses.map(startOf)), Math.max(...analyses.map(endOf))]
  const left = start > -far ? start : -far
  const right = end < far ? end : Math.max(far, left + 6)
  const margin = EDGE * (right - left)
  return [start > -far ? left - margin : left, end < far ? right + margin : right]
}

/** What is shown beyond a domain that ends, as a share of it. */
const EDGE = 0.06

const startOf = ({ domain, period, pieces }: Analysis): number =>
  period !== null ? -Infinity : Math.max(pieces.window.lo, domain?.[0]?.from ?? -Infinity)
const endOf = ({ domain, period, pieces }: Analysis): number =>
  period !== null ? Infinity : Math.min(pieces.window.hi, domain?.at(-1)?.to ?? Infinity)

/** Slopes below this share of the largest count as saturated. */
const FLAT = 0.01
const FARTHEST = 9

/** Where the slope is not small beside the largest that is shown. */
export function steepPlaces(analysis: Analysis, from: number, to: number, count: number): number[] {
  const strokes = strokesOf(analysis, 1, from, to, count)
  const [low, high] = heightOf(strokes)
  const slopes = strokes.flatMap(({ points }) => points)
  const shown = slopes.filter(({ value }) => value >= low && value <= high)
  const steepest = Math.max(...shown.map(({ value }) => Math.abs(value)))
  return slopes.filter(({ value }) => Math.abs(value) > FLAT * steepest).map(({ z }) => z)
}

/** A little beyond where the function has saturated on one side. */
function settledAt(analysis: Analysis, side: -1 | 1): number {
  const steep = steepPlaces(analysis, -FARTHEST, FARTHEST, 200).filter((z) => side * z > 0)
  return Math.ceil(Math.max(0, ...steep.map(Math.abs)) + 1)
}

/** Values above this are left out of a picture where others are smaller. */
const HUGE = 1e9

/** Bounds of what is worth showing of some strokes: poles and explosions are cut, everything else is shown with a margin. */
export function heightOf(strokes: readonly Stroke[], include: readonly number[] = []): readonly [number, number] {
  const points = strokes.flatMap(weighed)
  const central = points.filter(({ z }) => Math.abs(z) <= 1)
  let [lo, hi] = spreadOf(points)
  if (Math.max(-lo, hi) > HUGE && central.length > 1) [lo, hi] = spreadOf(central)
  for (const value of include) if (Number.isFinite(value)) [lo, hi] = [Math.min(lo, value), Math.max(hi, value)]
  const margin = hi - lo < 1e-9 ? 0.5 : 0.08 * (hi - lo)
  return [lo - margin, hi + margin]
}

interface Weighed {
  readonly z: number
  readonly value: number
  /** The length that it stands for. */
  readonly weight: number
}

const weighed = ({ points }: Stroke): Weighed[] =>
  points.map(({ z, value }, at) => {
    const [before, after] = [points[at - 1]?.z ?? z, points[at + 1]?.z ?? z]
    return { z, value, weight: (after - before) / 2 }
  })

function spreadOf(points: readonly Weighed[]): [number, number] {
  if (points.length === 0) return [-1, 1]
  const sorted = [...points].sort((a, b) => a.value - b.value)
  const whole = sorted.reduce((sum, { weight }) => sum + weight, 0)
  const at = (share: number): number => {
    let rest = share * whole
    return sorted.find(({ weight }) => (rest -= weight) <= 0)?.value ?? sorted.at(-1)!.value
  }
  const [low, high] = [at(0.1), at(0.9)]
  const middle = high - low
  const [lo, hi] = [sorted[0]!.value, sorted.at(-1)!.value]
  // Where a few points lie far outside of nearly all others, the function has a pole.
  if (hi - lo <= 20 * Math.max(middle, 1e-9) || middle <= 0) return [lo, hi]
  return [Math.max(lo, low - middle / 2), Math.min(hi, high + middle / 2)]
}
