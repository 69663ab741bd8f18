import { isApart } from './pieces.ts'
import type { Pieces } from './pieces.ts'
import { unrolled } from './unrolled.ts'
import type { Stretch } from './unrolled.ts'

/** Averages over a standard normal `z`. */
export interface Moments {
  readonly mean: number
  readonly variance: number
  readonly slopeMean: number
  readonly slopeVariance: number
  /** The average of `g'(z)^2`. */
  readonly slopeMeanSquare: number
}

/** Nodes of the rule for functions without kinks. Two sizes are compared: where they disagree, panels take over. */
const HERMITE_SIZES = [48, 80] as const
const AGREEMENT = 1e-11

interface Rule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

const rules = new Map<string, Rule>()

function cached(key: string, make: () => Rule): Rule {
  let rule = rules.get(key)
  if (rule === undefined) rules.set(key, (rule = make()))
  return rule
}

/**
 * Nodes and weights for averages over a standard normal variable: the zeros of Hermite's polynomial `He_n`, found by
 * bisection between points closer than any two of them. Source: Abramowitz and Stegun 25.4.46 and 22.7.14.
 */
export function gaussHermite(size: number): Rule {
  return cached(`hermite ${size}`, () => {
    const nodes = new Float64Array(size)
    const weights = new Float64Array(size)
    // The last orthonormal polynomial at x, and the sum of the squares of those before it.
    const last = (x: number): [value: number, squares: number] => {
      let [before, here, squares] = [1, x, 1]
      for (let n = 2; n <= size; n++) {
        squares += here * here
        const next = (x * here - Math.sqrt(n - 1) * before) / Math.sqrt(n)
        before = here
        here = next
      }
      return [here, squares]
    }
    const reach = 2 * Math.sqrt(size) + 1
    const step = 1 / (2 * Math.sqrt(size))
    let found = 0
    let left = last(-reach)[0]
    for (let x = -reach + step; found < size && x < reach + step; x += step) {
      const right = last(x)[0]
      if (left * right < 0) {
        let [lo, hi] = [x - step, x]
        while ((lo + hi) / 2 > lo && (lo + hi) / 2 < hi && hi - lo > 2e-15) {
          const mid = (lo + hi) / 2
          if (last(mid)[0] * left > 0) lo = mid
          else hi = mid
        }
        nodes[found] = (lo + hi) / 2
        weights[found] = 1 / last((lo + hi) / 2)[1]
        found++
      }
      left = right
    }
    return { nodes, weights }
  })
}

/** Nodes and weights on [-1, 1]. Source: Abramowitz and Stegun 25.4.29. */
export function gaussLegendre(size: number): Rule {
  return cached(`legendre ${size}`, () => {
    const nodes = new Float64Array(size)
    const weights = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      let x = Math.cos((Math.PI * (i + 0.75)) / (size + 0.5))
      let slope = 1
      for (let k = 0; k < 100; k++) {
        let [p, q] = [1, 0]
        for (let n = 1; n <= size; n++) [p, q] = [((2 * n - 1) * x * p - (n - 1) * q) / n, p]
        slope = (size * (x * p - q)) / (x * x - 1)
        const next = x - p / slope
        if (Math.abs(next - x) < 1e-16) break
        x = next
      }
      nodes[i] = x
      weights[i] = 2 / ((1 - x * x) * slope * slope)
    }
    return { nodes, weights }
  })
}

/** Averages of `g`, its square, `g'`, its square, and of the sizes of `g` and `g'`. */
type Sums = [g: number, gg: number, d: number, dd: number, size: number, slopeSize: number]

/** Beyond this the normal density is below 1e-43. */
const REACH = 14
const PANEL = 0.5

/**
 * Means by Gauss–Hermite quadrature where the function is one smooth piece on which two rules agree, else by
 * Gauss–Legendre panels that end at the kinks: Hermite rules converge slowly at poles near the real line and hardly at kinks.
 * `null` where the function is not defined for almost every `z`; what does not converge is infinite or `NaN`.
 */
export function momentsOf(all: Pieces): Moments | null {
  const { pieces, window } = all
  const [first, last] = [pieces[0]!, pieces.at(-1)!]
  if (all.isPartial) return null
  if (first.from.lo !== window.lo || last.to.hi !== window.hi) return null
  if (pieces.some((piece, at) => at > 0 && isApart(pieces[at - 1]!, piece))) return null
  const [g, gg, d, dd] =
    (pieces.length === 1 ? byHermite(unrolled(all, -FARTHEST, FARTHEST)) : null) ??
    converged(unrolled(all, -REACH, REACH))
  return {
    mean: snapped(g, gg),
    variance: varianceOf(g, gg),
    slopeMean: snapped(d, dd),
    slopeVariance: varianceOf(d, dd),
    slopeMeanSquare: dd,
  }
}

const varianceOf = (mean: number, square: number): number => Math.max(0, square - mean * mean)

/** A mean that is rounding error beside its own spread is zero. */
const snapped = (mean: number, square: number): number => (Math.abs(mean) < 1e-14 * Math.sqrt(square) ? 0 : mean)

function addTo(sums: Sums, stretch: Stretch, z: number, weight: number): void {
  const [g, d] = stretch.at(z, 1)
  if (weight === 0) return
  sums[0] += weight * g!
  sums[1] += weight * g! * g!
  sums[2] += weight * d!
  sums[3] += weight * d! * d!
  sums[4] += weight * Math.abs(g!)
  sums[5] += weight * Math.abs(d!)
}

/** No node of the rules for smooth functions is farther out. */
const FARTHEST = 20

function byHermite(stretches: readonly Stretch[]): Sums | null {
  const [coarse, fine] = HERMITE_SIZES.map((size) => {
    const { nodes, weights } = gaussHermite(size)
    const sums: Sums = [0, 0, 0, 0, 0, 0]
    let at = 0
    for (const stretch of stretches) {
      for (; at < nodes.length && nodes[at]! <= stretch.to; at++) addTo(sums, stretch, nodes[at]!, weights[at]!)
    }
    return sums
  }) as [Sums, Sums]
  const agrees = fine
    .slice(0, 4)
    .every((sum, at) => Math.abs(sum - coarse[at]!) <= AGREEMENT * Math.max(Math.abs(sum), 1e-3))
  return agrees ? fine : null
}

/** Averages by panels; those that finer panels change have no value, and of squares count as infinite. */
function converged(stretches: readonly Stretch[]): Sums {
  const [coarse, fine] = [byPanels(stretches, PANEL), byPanels(stretches, PANEL / 2)]
  const settles = (at: number): boolean =>
    Math.abs(fine[at]! - coarse[at]!) <= 1e-3 * Math.max(Math.abs(fine[at]!), 1e-6)
  // Where the size has no average, the halves on both sides of a pole only seem to cancel.
  const mean = (at: number): number => (settles(at) && settles(4 + at / 2) ? fine[at]! : NaN)
  const square = (at: number): number => (settles(at) ? fine[at]! : Number.isNaN(fine[at]!) ? NaN : Infinity)
  return [mean(0), square(1), mean(2), square(3), fine[4], fine[5]]
}

function byPanels(stretches: readonly Stretch[], width: number): Sums {
  const { nodes, weights } = gaussLegendre(20)
  const sums: Sums = [0, 0, 0, 0, 0, 0]
  for (const stretch of stretches) {
    const { from: lo, to: hi } = stretch
    const count = Math.ceil((hi - lo) / width)
    const half = (hi - lo) / count / 2
    for (let panel = 0; panel < count; panel++) {
      const centre = lo + (2 * panel + 1) * half
      nodes.forEach((node, at) => {
        const z = centre + half * node
        const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
        addTo(sums, stretch, z, weights[at]! * half * density)
      })
    }
  }
  return sums
}

/** Layers over which the gradient is followed. */
export const DEPTH = 50

export interface Initialisation {
  /** What weights of variance `gain^2/fan_in` need so that pre-activations keep their size: `1/sqrt(E[g(z)^2])`. */
  readonly gain: number | null
  /** The norm of a gradient after `DEPTH` layers back at that initialisation, relative to where it started. */
  readonly gradientNorm: number | null
  readonly verdict: 'vanishes' | 'explodes' | 'keeps its size' | 'unknown'
}

/**
 * Forward, wide layers keep pre-activations standard normal at the gain; backward, each layer multiplies the mean square of
 * a gradient by `gain^2 * E[g'(z)^2]`. Source: Poole et al. 2016, "Exponential expressivity", and Schoenholz et al. 2017,
 * "Deep Information Propagation".
 */
export function initialisationOf(moments: Moments | null): Initialisation {
  const square = moments === null ? 0 : moments.variance + moments.mean ** 2
  if (moments === null || square === 0 || !Number.isFinite(square))
    return { gain: null, gradientNorm: null, verdict: 'unknown' }
  const gradientNorm = (moments.slopeMeanSquare / square) ** (DEPTH / 2)
  const verdict = gradientNorm < 0.01 ? 'vanishes' : gradientNorm > 100 ? 'explodes' : 'keeps its size'
  return { gain: 1 / Math.sqrt(square), gradientNorm, verdict }
}
