import { BackproveError } from '../base/errors.ts'
import type { Rational } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { interval, isEmpty, point, signOf } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { INTERVALS } from './smooth/field.ts'
import { isolate } from './smooth/isolate.ts'
import { evaluateTape } from './smooth/jet.ts'
import { TAIL_STARTS, tailSign } from './smooth/tail-sign.ts'
import { partOf, tapeAround } from './smooth/tape.ts'
import type { Guard, Tape } from './smooth/tape.ts'

/** A stretch of the real line on which a function is one smooth tape. Its ends may be infinite, or known up to an enclosure. */
export interface Piece {
  readonly from: Interval
  readonly to: Interval
  readonly tape: Tape
  /** The same function without what decided its branches. */
  readonly lean: Tape
  readonly sample: number
}

export interface Pieces {
  /** From left to right; between them the function is not defined. */
  readonly pieces: readonly Piece[]
  /** Whether every branch point is known. */
  readonly complete: boolean
}

const LEFT = point(-Infinity)
const RIGHT = point(Infinity)
const MAX_PIECES = 64

/** Offsets at which a gap is sampled: no branch point is likely to be there. */
const OFFSETS = [0.4371, 0.2113, 0.7719, 0.0531, 0.9377]

/**
 * The smooth pieces of `root` as a function of `z`. A piece is found from a sample: its branches are decided there, and it
 * reaches to the nearest zeros of what decided them. Throws `argument` where the function is defined nowhere.
 */
export function piecesOf(root: Node, z: Node, values: ReadonlyMap<Node, Rational>): Pieces {
  const found: Piece[] = []
  const gaps: [Interval, Interval][] = [[LEFT, RIGHT]]
  let complete = true
  for (let gap = gaps.pop(); gap !== undefined; gap = gaps.pop()) {
    const [from, to] = gap
    if (found.length >= MAX_PIECES) {
      complete = false
      break
    }
    const sampled = sampleGap(root, z, values, from.hi, to.lo)
    if (sampled === null) continue
    const { tape, sample } = sampled
    const reach = reachOf(tape, sample, from, to)
    if (!tape.certain || !reach.complete) complete = false
    found.push({ from: reach.left, to: reach.right, tape, lean: partOf(tape, tape.result), sample })
    if (reach.left !== from) gaps.push([from, reach.left])
    if (reach.right !== to) gaps.push([reach.right, to])
  }
  const sorted = found.sort((a, b) => a.sample - b.sample)
  const pieces = merged(sorted).filter((piece) => piece.tape.defined)
  if (pieces.length === 0) {
    throw new BackproveError('argument', 'the function is defined for no real z', {
      hint: 'a root or a logarithm of what is never positive has no real value',
    })
  }
  return { pieces, complete }
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

function reachOf(tape: Tape, sample: number, from: Interval, to: Interval): Reach {
  let left = from
  let right = to
  let complete = true
  for (const guard of tape.guards) {
    const zeros = guardZeros(tape, guard, from, to)
    if (!zeros.complete) complete = false
    for (const at of zeros.at) {
      if (at.hi < sample && at.hi > left.hi) left = at
      else if (at.lo > sample && at.lo < right.lo) right = at
      else if (at.lo <= sample && sample <= at.hi) complete = false
    }
  }
  return { left, right, complete }
}

function guardZeros(tape: Tape, guard: Guard, from: Interval, to: Interval): { at: Interval[]; complete: boolean } {
  const part = partOf(tape, guard.index)
  const enclosed = (x: Interval): [Interval, Interval] => {
    const [value, slope] = evaluateTape(INTERVALS, part, x, 1)
    return [value!, slope!]
  }
  const [whole] = enclosed(interval(from.lo, to.hi))
  const sign = isEmpty(whole) ? null : signOf(whole)
  if (sign !== null) return { at: [], complete: true }
  const left = from.lo === -Infinity ? farEnough(part, -1, to.lo) : { at: from.lo, complete: true }
  const right = to.hi === Infinity ? farEnough(part, 1, from.hi) : { at: to.hi, complete: true }
  const { zeros, flat, complete } = isolate(enclosed, interval(left.at, right.at))
  // A zero at the end of the gap is the branch point that is known already.
  const inner = [...zeros.map((zero) => zero.at), ...flat].filter((at) => at.hi > from.hi && at.lo < to.lo)
  return { at: inner, complete: complete && left.complete && right.complete }
}

/** A place on one side beyond which the guard keeps its sign. */
function farEnough(part: Tape, side: -1 | 1, other: number): { at: number; complete: boolean } {
  for (const start of TAIL_STARTS) {
    if (Number.isFinite(other) && side * other >= start) continue
    if (tailSign(part, side, start, 0) !== null) return { at: side * start, complete: true }
  }
  return { at: side * 64 + (Number.isFinite(other) ? other : 0), complete: false }
}

const samePiece = (a: Piece, b: Piece): boolean =>
  a.tape.defined === b.tape.defined && JSON.stringify(a.lean.instructions) === JSON.stringify(b.lean.instructions)

/** Neighbours that take the same branches are one piece, unless the function is undefined between them. */
function merged(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    const joins = last !== undefined && samePiece(last, piece) && isDefinedAt(piece.tape, piece.from)
    if (joins) result[result.length - 1] = { ...last, to: piece.to }
    else result.push(piece)
  }
  return result
}

/** Whether two neighbouring pieces meet at a point of the domain. */
export const meet = (left: Piece, right: Piece): boolean =>
  right.from.lo <= left.to.hi && isDefinedAt(left.tape, left.to) && isDefinedAt(right.tape, right.from)

function isDefinedAt(tape: Tape, at: Interval): boolean {
  return tape.guards.every(({ index, kind }) => {
    if (kind === 'switch') return true
    const [value] = evaluateTape(INTERVALS, partOf(tape, index), at, 0)
    const sign = signOf(value!)
    return kind === 'nonnegative' ? value!.lo >= 0 : kind === 'positive' ? sign === 1 : sign === 1 || sign === -1
  })
}
