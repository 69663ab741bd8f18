import { limitOf, valueOn } from './critical.ts'
import { display } from './display.ts'
import { div, isEmpty, isPoint, point } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { isApart, lonePlaces, meet } from './pieces.ts'
import type { Piece, Pieces } from './pieces.ts'
import { seriesOf } from './smooth/taylor.ts'
import { zeroGuards } from './smooth/zero-guards.ts'

export interface Kink {
  readonly at: number
  /** One-sided slopes. */
  readonly left: number
  readonly right: number
  /** One-sided values, where they differ; and the value, where it is none of these. */
  readonly jump: { readonly left: number; readonly right: number; readonly value?: number } | null
}

/**
 * How often a function is continuously differentiable on its domain: -1 where it jumps. A power series everywhere:
 * `analytic`.
 */
export interface Smoothness {
  readonly order: number | 'analytic'
  /** Whether more was not looked at: it is at least as smooth as that. */
  readonly isLeast: boolean
  /** False where one-sided derivatives agree only up to rounding. */
  readonly proven: boolean
}

/** A place between two stretches of the domain, and what the function tends to there. */
export interface Hole {
  readonly at: Interval
  /** `null` where not known. */
  readonly left: Interval | null
  readonly right: Interval | null
}

/** The highest derivative whose two sides are compared. */
const MOST = 64
const FEW = 4

/** Places where value or slope differ from side to side, and the smoothness. */
export function kinksOf(all: Pieces): {
  readonly kinks: Kink[]
  readonly smoothness: Smoothness
} {
  const { pieces, complete, isPartial, isContinuous } = all
  let smoothness: Smoothness = { order: 'analytic', isLeast: false, proven: complete }
  const kinks: Kink[] = []
  pieces.slice(1).forEach((piece, index) => {
    const before = pieces[index]!
    if (!meet(before, piece)) return
    const here = contactOf(before, piece, isContinuous)
    const proven = smoothness.proven && here.proven
    const isWorse = smoothness.order === 'analytic' || here.order < smoothness.order
    const isSame = here.order === smoothness.order && !here.isLeast
    smoothness = isWorse || isSame ? { ...here, proven } : { ...smoothness, proven }
    if (here.order > 0 || here.isLeast) return
    const [low, high] = [sideOf(before, 1, 2), sideOf(piece, -1, 2)]
    const jump = here.order < 0 ? { left: display(low[0]!), right: display(high[0]!) } : null
    kinks.push({ at: display(piece.from), left: display(low[1]!), right: display(high[1]!), jump })
  })
  for (const { at, value, left, right } of lonePlaces(all)) {
    smoothness = { order: -1, isLeast: false, proven: smoothness.proven }
    // An end of the domain has no other side to jump to.
    if (left === null || right === null) continue
    const [[low, slopeLeft], [high, slopeRight]] = [sideOf(left, 1, 2), sideOf(right, -1, 2)]
    const jump = { left: display(low!), right: display(high!), value: display(value) }
    kinks.push({ at: display(at), left: display(slopeLeft!), right: display(slopeRight!), jump })
  }
  kinks.sort((a, b) => a.at - b.at)
  // Beyond what is known it may be less smooth, unless it already is as little as can be.
  const least = isContinuous ? 0 : -1
  const proven = smoothness.proven && (!isPartial || (smoothness.order === least && !smoothness.isLeast))
  return { kinks, smoothness: { ...smoothness, proven } }
}

/** The derivatives that two neighbours share where they meet. */
function contactOf(before: Piece, piece: Piece, isContinuous: boolean): Smoothness & { readonly order: number } {
  let proven = true
  for (const count of [FEW + 1, MOST + 1]) {
    const [left, right] = [sideOf(before, 1, count), sideOf(piece, -1, count)]
    proven = true
    for (let k = 0; k < count; k++) {
      const [a, b] = [left[k], right[k]]
      if (a === undefined || b === undefined) return { order: k - 1, isLeast: true, proven: proven && k > 0 }
      if (a.hi < b.lo || b.hi < a.lo || !isKnown(a) || !isKnown(b)) return { order: k - 1, isLeast: false, proven }
      if (!(isPoint(a) && isPoint(b)) && !(k === 0 && isContinuous)) proven = false
    }
  }
  return { order: MOST, isLeast: true, proven }
}

/** One-sided derivatives at an end of a piece, each over the factorial of its order, as far as they are known. */
function sideOf(piece: Piece, side: -1 | 1, count: number): Interval[] {
  const end = side < 0 ? piece.from : piece.to
  const zeros = isPoint(end) ? new Set<number>() : zeroGuards(piece.tape, end)
  const series = seriesOf(piece.tape, end, count, zeros)
  if (series.every(isKnown)) return [...series]
  // Where there is no power series, such as at the end of a root, the first few derivatives may still have limits.
  const limits: Interval[] = []
  for (let k = 0; k < Math.min(count, FEW); k++) {
    const value = k === 0 ? valueOn(piece.lean, 0, end) : null
    const limit = value !== null && isKnown(value) ? value : limitOf(piece, k, side)
    if (limit === null) break
    limits.push(div(limit, point(FACTORIALS[k]!)))
  }
  return limits
}

const FACTORIALS = [1, 1, 2, 6]

const isKnown = (a: Interval): boolean => !isEmpty(a) && Number.isFinite(a.lo) && Number.isFinite(a.hi)

/** Single places at which the function is not defined. */
export function holesOf({ pieces }: Pieces): Hole[] {
  const holes: Hole[] = []
  pieces.forEach((piece, index) => {
    for (const c of piece.lean.removable) {
      const isInside = c > piece.from.hi && c < piece.to.lo
      const value = valueOn(piece.lean, 0, point(c))
      if (isInside) holes.push({ at: point(c), left: value, right: value })
    }
    const next = pieces[index + 1]
    if (next === undefined || next.contact !== 'open' || isApart(piece, next)) return
    holes.push({ at: next.from, left: sideLimit(piece, 1), right: sideLimit(next, -1) })
  })
  return holes.sort((a, b) => a.at.lo - b.at.lo)
}

/** What a function tends to at an end of a piece, `null` where that is not known. */
export function sideLimit(piece: Piece, side: -1 | 1): Interval | null {
  const direct = valueOn(piece.lean, 0, side < 0 ? piece.from : piece.to)
  return isKnown(direct) ? direct : limitOf(piece, 0, side)
}
