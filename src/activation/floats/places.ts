import { isPoint } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import type { Pieces } from '../pieces.ts'
import type { FloatFormat } from './format.ts'
import { FLOAT_TYPES, FORMATS } from './format.ts'
import type { Program } from './program.ts'
import { strain } from './strain.ts'

/** Keeps sample points off round numbers, at which operations happen to be exact. */
const UNEVEN = 1.0137
/** Powers of ten, and how far apart they lie: densest where activations do what they do. */
const SCALES = [
  { from: -304, to: -38, step: 19 },
  { from: -38, to: -8, step: 3 },
  { from: -8, to: -2, step: 0.5 },
  { from: -2, to: 2, step: 0.125 },
  { from: 2, to: 4, step: 0.25 },
  { from: 4, to: 39, step: 2.5 },
  { from: 39, to: 308, step: 17 },
]
/** Places in a window of one period. */
const PERIODIC = 96
/** Farther out the places that matter are not looked for one by one. */
const FAR = 100
/** So many of them are looked at closely. */
const MOST = 32
/** A peak is so many times as high as the lower of its neighbours. */
const PROMINENT = 2
const GOLDEN = (Math.sqrt(5) - 1) / 2
/** Above this share of what is tolerated in doubles, digits may be lost in floats nearby. */
const SUSPICIOUS = 2 ** -20

/** Places from the far left to the far right of the window, on all scales, from left to right. */
export function gridOf(window: Interval): number[] {
  const sizes: number[] = []
  for (const { from, to, step } of SCALES) for (let k = from; k < to; k += step) sizes.push(10 ** k * UNEVEN)
  const places = sizes.flatMap((size) => [-size, size])
  if (Number.isFinite(window.lo) && Number.isFinite(window.hi)) {
    for (let k = 0; k < PERIODIC; k++) places.push(window.lo + ((k + UNEVEN / 2) / (PERIODIC + 1)) * (window.hi - window.lo)) // prettier-ignore
  }
  // Floats that are doubles too: true values are looked up for both at once.
  return sorted(places.map(asFloat).filter((z) => window.lo < z && z < window.hi))
}

const asFloat = (z: number): number => {
  const { round, smallest, largest } = FORMATS.f32
  return Math.abs(z) < smallest || Math.abs(z) > largest ? z : round(z)
}

/** Where formulas end, meet or have gaps. */
export function exactPlaces({ pieces, window }: Pieces): number[] {
  const ends = pieces.flatMap(({ from, to, lean }) => [...[from, to].filter(isPoint).map(({ lo }) => lo), ...lean.removable]) // prettier-ignore
  return sorted([0, ...ends].filter((z) => window.lo < z && z < window.hi && Number.isFinite(z)))
}

/** The grid with what lies around every place where a value on the way is zero, stops being finite, or loses its digits. */
export function samplesOf(programs: readonly Program[], pieces: Pieces, window: Interval): number[] {
  const grid = gridOf(window)
  const zeros = programs.flatMap((program) => [...zerosOf(program, grid), ...peaksOf(program, grid)])
  const suspects = distinct([...exactPlaces(pieces).filter((z) => z !== 0), ...zeros])
    .filter((c) => programs.some((program) => isSuspect(program, c)))
    .sort((a, b) => Math.abs(a) - Math.abs(b))
    .slice(0, MOST)
  const edges = distinct(programs.flatMap((program) => FLOAT_TYPES.flatMap((type) => edgesOf(program, grid, FORMATS[type])))) // prettier-ignore
  return sorted(
    [...grid, ...suspects.flatMap(aroundZero), ...edges.flatMap(aroundEdge)].filter((z) => window.lo < z && z < window.hi), // prettier-ignore
  )
}

const sorted = (places: readonly number[]): number[] => [...new Set(places)].sort((a, b) => a - b)

/** Places nearer to each other than this, relative, are taken for one. */
const CLOSE = 1e-9

/** Without those that differ by rounding. */
function distinct(places: readonly number[]): number[] {
  const all = sorted(places)
  return all.filter((z, at) => at === 0 || Math.abs(z - all[at - 1]!) > CLOSE * Math.abs(z))
}

const SHARES = Array.from({ length: 13 }, (_, k) => 1.37 * 2 ** (-4 * k - 2))
const aroundZero = (c: number): number[] => SHARES.flatMap((share) => [c - share * c, c + share * c])

const STEPS = [1e-6, 1e-3, 1e-2]
const aroundEdge = (c: number): number[] => STEPS.flatMap((share) => [c - share * c, c + share * c])

/** Whether digits may be lost close to a place, in doubles or in floats. */
function isSuspect(program: Program, c: number): boolean {
  return [0, 2 ** -30, -(2 ** -30), 2 ** -13, -(2 ** -13)].some((share) => strain(program, c + share * c) > SUSPICIOUS) // prettier-ignore
}

/** Where a value on the way changes its sign. */
function zerosOf(program: Program, grid: readonly number[]): number[] {
  return crossings(program, grid.filter((z) => Math.abs(z) < FAR), FORMATS.f64, Math.sign) // prettier-ignore
}

/** Where a value on the way stops being finite. */
function edgesOf(program: Program, grid: readonly number[], format: FloatFormat): number[] {
  return crossings(program, grid.filter((z) => Math.abs(z) <= format.largest), format, (x) => (Number.isFinite(x) ? 0 : 1)) // prettier-ignore
}

/** Places between those of a grid at which what `kind` says of some value on the way changes. */
function crossings(
  program: Program,
  grid: readonly number[],
  format: FloatFormat,
  kind: (x: number) => number,
): number[] {
  const kindsAt = (z: number): number[] => Array.from(program.valuesAt(z, format), kind)
  const found: number[] = []
  let before: number[] = []
  grid.forEach((right, at) => {
    const here = kindsAt(right)
    const left = grid[at - 1]
    if (left !== undefined && left < 0 === right < 0) {
      const seen: { readonly was: number[]; readonly now: number[] }[] = []
      here.forEach((now, node) => {
        const was = before[node]!
        if (now === was || Number.isNaN(now) || Number.isNaN(was)) return
        // What is made of a value often changes with it.
        if (seen.some((place) => place.was[node] === was && place.now[node] === now)) return
        const c = bisected(left, right, (z) => kind(program.valuesAt(z, format)[node]!) === now)
        const margin = CLOSE * Math.abs(c)
        seen.push({ was: kindsAt(c - margin), now: kindsAt(c + margin) })
        found.push(c)
      })
    }
    before = here
  })
  return found
}

/** The middle on a scale of sizes where these differ. */
export function between(a: number, b: number): number {
  if (a > 0 === b > 0 && a !== 0 && b !== 0 && !(Math.abs(a / b) < 4 && Math.abs(b / a) < 4)) {
    return Math.sign(a) * Math.sqrt(Math.abs(a)) * Math.sqrt(Math.abs(b))
  }
  return a / 2 + b / 2
}

/** The first place inside. */
function bisected(outside: number, inside: number, holds: (z: number) => boolean): number {
  let [out, into] = [outside, inside]
  for (let k = 0; k < 60 && Math.abs(into - out) > 2 ** -52 * Math.abs(into); k++) {
    const mid = between(out, into)
    if (holds(mid)) into = mid
    else out = mid
  }
  return into
}

/** Where the loss of digits is greatest. */
function peaksOf(program: Program, grid: readonly number[]): number[] {
  const near = grid.filter((z) => Math.abs(z) < FAR)
  const strains = near.map((z) => strain(program, z))
  const found: number[] = []
  for (let at = 1; at + 1 < near.length; at++) {
    const [before, here, after] = strains.slice(at - 1, at + 2) as [number, number, number]
    const stands = here >= before && here >= after && here > PROMINENT * Math.min(before, after)
    const [from, to] = [near[at - 1]!, near[at + 1]!]
    if (here > SUSPICIOUS && stands && from < 0 === to < 0) found.push(highest((z) => strain(program, z), from, to))
  }
  return found
}

/** The place of a maximum, by golden sections. */
function highest(f: (z: number) => number, from: number, to: number): number {
  let [lo, hi] = [from, to]
  let [a, b] = [hi - GOLDEN * (hi - lo), lo + GOLDEN * (hi - lo)]
  let [atA, atB] = [f(a), f(b)]
  while (hi - lo > CLOSE * Math.abs(hi)) {
    if (atA > atB) {
      ;[hi, b, atB] = [b, a, atA]
      a = hi - GOLDEN * (hi - lo)
      atA = f(a)
    } else {
      ;[lo, a, atA] = [a, b, atB]
      b = lo + GOLDEN * (hi - lo)
      atB = f(b)
    }
  }
  return (lo + hi) / 2
}
