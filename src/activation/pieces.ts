import { BackproveError } from '../base/errors.ts'
import type { Rational } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { limitOf } from './critical.ts'
import { guardZeros } from './guards.ts'
import type { GuardZeros } from './guards.ts'
import { intersect, interval, isEmpty, isPoint, point, signOf } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { periodOf } from './period.ts'
import type { Period } from './period.ts'
import { INTERVALS } from './smooth/field.ts'
import { boundsOn } from './smooth/bounds.ts'
import { Effort } from './smooth/effort.ts'
import { evaluateTape } from './smooth/jet.ts'
import { partOf, tapeAround } from './smooth/tape.ts'
import type { Tape } from './smooth/tape.ts'
import { zeroGuards } from './smooth/zero-guards.ts'
import { seriesNear } from './smooth/taylor.ts'

/** A stretch of the real line on which a function is one smooth tape. Its ends may be infinite, or known up to an enclosure. */
export interface Piece {
  readonly from: Interval
  readonly to: Interval
  readonly tape: Tape
  /** The same function without what decided its branches. */
  readonly lean: Tape
  readonly sample: number
  readonly contact: Contact
  /** The value where it begins, if that is a double at which the function is defined; and where it ends. */
  readonly start: Interval | null
  readonly stop: Interval | null
  /** Whether the function is defined at the ends. */
  readonly closed: { readonly left: boolean; readonly right: boolean }
}

/**
 * What the function is where a piece begins: not defined; defined, as the formula of one of the neighbours says or as both
 * tend to; a value of its own, `start`, as that of `sign` at zero; or something that is not analysed.
 */
export type Contact = 'open' | 'defined' | 'alone' | 'odd'

export interface Pieces {
  /** From left to right; between them the function is not defined. */
  readonly pieces: readonly Piece[]
  /** Whether every branch point of the window is known. */
  readonly complete: boolean
  /** Whether the function goes on beyond the window in a way that is not known. */
  readonly isPartial: boolean
  /** Where the function was looked at: the real line, a little more than one period, or what was feasible. */
  readonly window: Interval
  /** Whether it is made of operations that are continuous wherever they are defined. */
  readonly isContinuous: boolean
  /** How the function goes on beyond a window of one period. */
  readonly period: Period | null
}

const MAX_PIECES = 64

/** For the branch points of one window. */
const EFFORT = 60_000

/** Operations that jump. */
const STEPS: ReadonlySet<ElementwiseName> = new Set([
  'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'where', 'sign', 'step',
]) // prettier-ignore

/** Windows for a function with more branches than can be listed. */
const WINDOWS = [16, 4, 1] as const

/** Where a window of one period begins, as a share of it: nothing is likely to happen there. */
const SEAM = -0.4371

/** Offsets at which a gap is sampled: no branch point is likely to be there. */
const OFFSETS = [0.4371, 0.2113, 0.7719, 0.0531, 0.9377]

interface Question {
  readonly root: Node
  readonly z: Node
  readonly values: ReadonlyMap<Node, Rational>
}

/**
 * The smooth pieces of `root` as a function of `z`. A piece is found from a sample: its branches are decided there, and it
 * reaches to the nearest zeros of what decided them. Throws `argument` where the function is defined nowhere.
 */
export function piecesOf(root: Node, z: Node, values: ReadonlyMap<Node, Rational>): Pieces {
  const question = { root, z, values }
  const period = periodOf(root, z, values)
  const from = period === null ? -Infinity : SEAM * period.length.lo
  const window = period === null ? interval(-Infinity, Infinity) : interval(from, from + period.length.hi * (1 + 1e-15))
  let found = searched(question, window)
  let seen = window
  for (const reach of WINDOWS) {
    if (found?.complete === true) break
    const part = searched(question, interval(-reach, reach))
    // What stays open in a part as well is left as it is.
    if (part === null || (found !== null && !part.complete)) continue
    found = part
    seen = interval(-reach, reach)
  }
  const { all, complete: isSearched } = found ?? { all: [], complete: false }
  const parts = all.map(filled).map((piece, at): Piece => ({
    ...piece,
    contact: contactOf(question, all[at - 1], piece),
    start: valueAt(question, piece.from),
    stop: valueAt(question, piece.to),
    closed: { left: isDefinedIn(question, piece.tape, piece.from), right: isDefinedIn(question, piece.tape, piece.to) },
  }))
  const complete = isSearched && parts.every(({ contact }) => contact !== 'odd')
  const pieces = merged(parts).filter((piece) => piece.tape.defined)
  if (pieces.length === 0 && seen === window && complete) {
    throw new BackproveError('argument', 'the function is defined for no real z, or at single places only', {
      hint: 'a root or a logarithm of what is never positive has no real value',
    })
  }
  if (pieces.length === 0) {
    throw new BackproveError('argument', 'no real z was found at which the function is defined', {
      hint: 'write it so that it is defined near zero',
    })
  }
  return {
    pieces,
    complete,
    isPartial: seen !== window,
    window: seen,
    isContinuous: reachable([root]).every((node) => node.kind !== 'map' || !STEPS.has(node.fn)),
    period: seen === window ? period : null,
  }
}

/** All pieces in a window, from left to right; `null` where they are too many. */
function searched(question: Question, window: Interval): { all: Piece[]; complete: boolean } | null {
  const known = new Map<string, GuardZeros>()
  const effort = new Effort(EFFORT)
  const { root, z, values } = question
  const found: Piece[] = []
  const gaps: [Interval, Interval][] = [[point(window.lo), point(window.hi)]]
  let complete = true
  for (let gap = gaps.pop(); gap !== undefined; gap = gaps.pop()) {
    const [from, to] = gap
    if (found.length >= MAX_PIECES) return null
    const sampled = sampleGap(root, z, values, from.hi, to.lo)
    if (sampled === null) continue
    const { tape, sample } = sampled
    const reach = reachOf(tape, sample, from, to, known, effort)
    if ((tape.defined && !tape.certain) || !reach.complete) complete = false
    found.push({
      from: reach.left,
      to: reach.right,
      tape,
      lean: partOf(tape, tape.result),
      sample,
      contact: 'open',
      start: null,
      stop: null,
      closed: { left: false, right: false },
    })
    if (reach.left !== from) gaps.push([from, reach.left])
    if (reach.right !== to) gaps.push([reach.right, to])
  }
  return { all: found.sort((a, b) => a.sample - b.sample), complete }
}

function sampleGap(
  root: Node,
  z: Node,
  values: ReadonlyMap<Node, Rational>,
  lo: number,
  hi: number,
): { tape: Tape; sample: number } | null {
  let last: { tape: Tape; sample: number } | null = null
  for (const offset of OFFSETS) {
    const sample = between(lo, hi, offset)
    if (sample <= lo || sample >= hi) continue
    const tape = tapeAround(root, z, values, sample)
    last = { tape, sample }
    if (tape.certain) return last
  }
  return last
}

function between(lo: number, hi: number, offset: number): number {
  if (lo === -Infinity && hi === Infinity) return offset
  if (lo === -Infinity) return hi - 1 - offset
  if (hi === Infinity) return lo + 1 + offset
  return lo + offset * (hi - lo)
}

interface Reach {
  readonly left: Interval
  readonly right: Interval
  readonly complete: boolean
}

/**
 * How far the decisions at a sample hold. Each guard narrows where the next, which may rest on it, is looked at; after one
 * that is violated the rest has no meaning.
 */
function reachOf(
  tape: Tape,
  sample: number,
  from: Interval,
  to: Interval,
  known: Map<string, GuardZeros>,
  effort: Effort,
): Reach {
  let left = from
  let right = to
  let complete = true
  for (const guard of tape.guards) {
    const zeros = guardZeros(tape, guard, left, right, known, effort)
    if (!zeros.complete) complete = false
    for (const at of zeros.at) {
      if (at.hi < sample && at.hi > left.hi) left = at
      else if (at.lo > sample && at.lo < right.lo) right = at
      else if (at.lo <= sample && sample <= at.hi) complete = false
    }
    if (isViolated(tape, guard, sample)) break
  }
  return { left, right, complete }
}

function isViolated(tape: Tape, { index, kind }: Tape['guards'][number], sample: number): boolean {
  if (kind === 'switch') return false
  const [value] = evaluateTape(INTERVALS, partOf(tape, index), point(sample), 0)
  return isEmpty(value!) || (kind === 'nonzero' ? value!.lo === 0 && value!.hi === 0 : value!.hi < 0)
}

/** Operations whose value at a single place may be that of neither side. */
const SINGLE: ReadonlySet<ElementwiseName> = new Set(['eq', 'ne', 'sign', 'not'])

function valueAt({ root, z, values }: Question, at: Interval): Interval | null {
  if (!isPoint(at) || !Number.isFinite(at.lo)) return null
  const here = tapeAround(root, z, values, at.lo)
  return here.defined ? evaluateTape(INTERVALS, partOf(here, here.result), at, 0)[0]! : null
}

function contactOf(question: Question, before: Piece | undefined, piece: Piece): Contact {
  if (before === undefined) return 'open'
  const sides = ([[before, 1], [piece, -1]] as const).filter(
    ([{ tape, from, to }, side]) => tape.defined && isDefinedIn(question, tape, side < 0 ? from : to),
  ) // prettier-ignore
  if (!isPoint(piece.from)) {
    const isSingle = reachable([question.root]).some((node) => node.kind === 'map' && SINGLE.has(node.fn))
    return isSingle && sides.length > 0 ? 'odd' : sides.length === 2 ? 'defined' : 'open'
  }
  const value = valueAt(question, piece.from)
  if (value === null) return 'open'
  const bounds = sides.map(([side, at]) => {
    const direct = boundsOn(side.lean, at < 0 ? side.from : side.to, 0)[0]!
    return isEmpty(direct) ? limitOf(side, 0, at) : direct
  })
  if (bounds.some((side) => side !== null && intersect(side, value) !== null)) return 'defined'
  return bounds.length > 0 && bounds.every((side) => side !== null) ? 'alone' : 'odd'
}

/** Whether the function is defined at an end, as a root is at zero. */
function isDefinedIn({ root, z, values }: Question, tape: Tape, end: Interval): boolean {
  if (!Number.isFinite(end.lo)) return false
  return isPoint(end)
    ? tapeAround(root, z, values, end.lo).defined
    : isDefinedAt(tape, end) || isDefinedAtZero(tape, end)
}

/** The piece with the removable singularities at its ends noted. */
function filled(piece: Piece): Piece {
  const places = [piece.from, piece.to].filter(
    (end) => isPoint(end) && Number.isFinite(end.lo) && !isDefinedAt(piece.tape, end) && expands(piece.lean, end.lo),
  )
  return places.length === 0 ? piece : { ...piece, lean: { ...piece.lean, removable: places.map(({ lo }) => lo) } }
}

const expands = (tape: Tape, c: number): boolean => seriesNear(tape, c, point(c), 8) !== null

const samePiece = (a: Piece, b: Piece): boolean =>
  a.tape.defined === b.tape.defined && JSON.stringify(a.lean.instructions) === JSON.stringify(b.lean.instructions)

/** Neighbours that take the same branches are one piece, where the function is smooth between them or could be. */
function merged(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    const isFilled = piece.lean.removable.includes(piece.from.lo)
    const isSmooth = (): boolean => piece.contact === 'defined' && isStrictlyDefinedAt(piece.tape, piece.from)
    const mayMerge = piece.contact === 'open' || piece.contact === 'defined'
    if (last !== undefined && samePiece(last, piece) && mayMerge && (isFilled || isSmooth())) {
      const removable = [...new Set([...last.lean.removable, ...piece.lean.removable])]
      const closed = { left: last.closed.left, right: piece.closed.right }
      result[result.length - 1] = { ...last, to: piece.to, stop: piece.stop, lean: { ...last.lean, removable }, closed }
    } else result.push(piece)
  }
  return result
}

/** Whether two neighbouring pieces meet at a point of the domain. */
export const meet = (left: Piece, right: Piece): boolean => right.from.lo <= left.to.hi && right.contact === 'defined'

/** A place of the domain with a value of its own: between two pieces, or where the domain begins or ends. */
export interface Lone {
  readonly at: Interval
  readonly value: Interval
  readonly left: Piece | null
  readonly right: Piece | null
}

/** Where the value is none that the function tends to nearby, as that of `sign(z)` at zero, or of `step(sqrt(z))`. */
export function lonePlaces({ pieces }: Pieces): Lone[] {
  return pieces.flatMap((piece, index) => {
    const before = pieces[index - 1]
    const after = pieces[index + 1]
    const found: Lone[] = []
    const isAfterGap = before === undefined || isApart(before, piece)
    if (piece.contact === 'alone' || (isAfterGap && differs(piece.start, piece, -1))) {
      found.push({ at: piece.from, value: piece.start!, left: isAfterGap ? null : before, right: piece })
    }
    const isBeforeGap = after === undefined || isApart(piece, after)
    if (isBeforeGap && differs(piece.stop, piece, 1)) found.push({ at: piece.to, value: piece.stop!, left: piece, right: null }) // prettier-ignore
    return found
  })
}

/** Whether a value at an end of a piece is certainly not what the piece tends to there. */
function differs(value: Interval | null, piece: Piece, side: -1 | 1): boolean {
  if (value === null) return false
  const direct = boundsOn(piece.lean, side < 0 ? piece.from : piece.to, 0)[0]!
  const bounds = isEmpty(direct) ? limitOf(piece, 0, side) : direct
  return bounds !== null && intersect(bounds, value) === null
}

/** Whether the domain has a gap between two neighbouring pieces that is more than a point. */
export const isApart = (left: Piece, right: Piece): boolean => right.from.lo > left.to.hi

/** Whether an end of a piece, which is the zero of some guard, belongs to the domain, as that of a root does. */
function isDefinedAtZero(tape: Tape, end: Interval): boolean {
  const zeros = zeroGuards(tape, end)
  const others = tape.guards.filter(({ index }) => !zeros.has(index))
  const isReached = tape.guards.every(
    ({ index, kind }) => !zeros.has(index) || kind === 'switch' || kind === 'nonnegative',
  )
  return zeros.size > 0 && isReached && isDefinedAt({ ...tape, guards: others }, end)
}

/** Whether a tape is certainly defined at all of `at`; `strict` also asks that no root is taken of zero. */
function isDefinedAt(tape: Tape, at: Interval, strict = false): boolean {
  return tape.guards.every(({ index, kind }) => {
    if (kind === 'switch') return true
    const [value] = evaluateTape(INTERVALS, partOf(tape, index), at, 0)
    const sign = signOf(value!)
    if (kind === 'nonnegative' && !strict) return value!.lo >= 0
    return kind === 'nonzero' ? sign === 1 || sign === -1 : sign === 1
  })
}

const isStrictlyDefinedAt = (tape: Tape, at: Interval): boolean => isDefinedAt(tape, at, true)
