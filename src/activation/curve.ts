import type { Analysis } from './analyse.ts'
import { unrolled } from './unrolled.ts'

/** A stretch of a curve without breaks. */
export interface Stroke {
  readonly points: readonly { readonly z: number; readonly value: number }[]
}

/** The `k`-th derivative over `[from, to]`, one stroke for each smooth piece, so that jumps are not joined. */
export function strokesOf({ pieces }: Analysis, k: number, from: number, to: number, count = 400): Stroke[] {
  return unrolled(pieces, from, to).flatMap(({ from: lo, to: hi, at }) => {
    const steps = Math.max(2, Math.ceil((count * (hi - lo)) / (to - from)))
    const points = Array.from({ length: steps + 1 }, (_, step) => {
      const z = lo + ((hi - lo) * step) / steps
      return { z, value: at(z, k)[k]! }
    }).filter(({ value }) => Number.isFinite(value))
    return points.length < 2 ? [] : [{ points }]
  })
}

/** The stretch of `z` that shows everything: kinks, extrema and where the slope has settled. */
export function frameOf(analyses: readonly Analysis[]): readonly [number, number] {
  let reach = 4
  for (const analysis of analyses) {
    const { kinks, extrema, slopeExtrema, period } = analysis
    if (analysis.saturates.left) reach = Math.max(reach, settledAt(analysis, -1))
    if (analysis.saturates.right) reach = Math.max(reach, settledAt(analysis, 1))
    const places = [...kinks.map(({ at }) => at), ...[...extrema, ...slopeExtrema].map(({ at }) => at.lo)]
    for (const place of places) reach = Math.max(reach, Math.abs(place) * 1.5)
    if (period !== null) reach = Math.max(reach, 6)
  }
  return [-Math.min(reach, 20), Math.min(reach, 20)]
}

/** Slopes below this share of the largest count as saturated. */
export const FLAT = 0.01
const FARTHEST = 9

/** A little beyond where the function has saturated on one side. */
function settledAt(analysis: Analysis, side: -1 | 1): number {
  const slopes = strokesOf(analysis, 1, -FARTHEST, FARTHEST, 200).flatMap(({ points }) => points)
  const steepest = Math.max(...slopes.map(({ value }) => Math.abs(value)))
  const steep = slopes.filter(({ z, value }) => side * z > 0 && Math.abs(value) > FLAT * steepest)
  return Math.ceil(Math.max(0, ...steep.map(({ z }) => Math.abs(z))) + 1)
}

/** Bounds of what is worth showing of some strokes: poles are cut, everything else is shown with a margin. */
export function heightOf(strokes: readonly Stroke[], include: readonly number[] = []): readonly [number, number] {
  const values = strokes.flatMap((stroke) => stroke.points.map(({ value }) => value)).sort((a, b) => a - b)
  if (values.length === 0) return [-1, 1]
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!
  const middle = at(0.95) - at(0.05)
  let [lo, hi] = [values[0]!, values.at(-1)!]
  // Where a few points lie far outside of nearly all others, the function has a pole.
  if (hi - lo > 20 * Math.max(middle, 1e-9) && middle > 0) [lo, hi] = [at(0.05) - middle / 2, at(0.95) + middle / 2]
  for (const value of include) if (Number.isFinite(value)) [lo, hi] = [Math.min(lo, value), Math.max(hi, value)]
  const margin = hi - lo < 1e-9 ? 0.5 : 0.08 * (hi - lo)
  return [lo - margin, hi + margin]
}
