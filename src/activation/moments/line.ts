import { add, interval, intersect, isPoint, magnitude, middle, mul, point, sub } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import type { Period } from '../period.ts'
import { isApart } from '../pieces.ts'
import type { Piece, Pieces } from '../pieces.ts'
import type { Instruction, Tape } from '../smooth/tape.ts'
import { FARTHEST } from './integrals.ts'

/** Pieces that cover the line as far as the normal density counts. */
export interface Line {
  readonly pieces: readonly Piece[]
  /** Whether what is left out is known to be nothing. */
  readonly isWhole: boolean
}

/** Pieces of further periods that are looked at; with more, the function is known on a part of the line only. */
const MOST_TURNS = 48

/** How much of the line must be known for an estimate: beyond it lies less than one part in ten million. */
const ENOUGH = 5.5

/**
 * The pieces over which a function is averaged: cut where it is 0/0, and those of one period repeated over the line. `null`
 * where the function is not defined on a stretch, or known on a part of the line only that is too small.
 */
export function lineOf(all: Pieces): Line | null {
  const { window, period } = all
  const pieces = all.pieces.flatMap(cutAtQuotients)
  const [first, last] = [pieces[0]!, pieces.at(-1)!]
  const isCovered = first.from.lo === window.lo && last.to.hi === window.hi
  if (all.complete && !isCovered) return null
  if (all.complete && pieces.some((piece, at) => at > 0 && isApart(pieces[at - 1]!, piece))) return null
  if (all.isPartial && magnitude(intersect(window, interval(-ENOUGH, ENOUGH)) ?? point(0)) < ENOUGH) return null
  if (period === null || !isCovered) return { pieces, isWhole: !all.isPartial && isCovered }
  const [only] = pieces
  if (pieces.length === 1 && only !== undefined) {
    // A formula that holds on a period and repeats holds everywhere.
    return { pieces: [{ ...only, from: point(-Infinity), to: point(Infinity) }], isWhole: true }
  }
  return repeated(pieces, window.lo, period)
}

/** The pieces on both sides of removable singularities, next to which they are integrated as next to an end. */
function cutAtQuotients(piece: Piece): Piece[] {
  const places = piece.lean.removable.filter((place) => place > piece.from.hi && place < piece.to.lo)
  const ends = [piece.from, ...places.sort((a, b) => a - b).map(point), piece.to]
  return ends.slice(1).map((to, at) => ({ ...piece, from: ends[at]!, to }))
}

function repeated(pieces: readonly Piece[], seam: number, period: Period): Line {
  const { length } = period
  const needed = Math.ceil(FARTHEST / length.lo) + 1
  const turns = Math.min(needed, Math.max(1, Math.floor(MOST_TURNS / pieces.length)))
  const rise = mul(period.slope, length)
  const result: Piece[] = []
  for (let turn = -turns; turn <= turns; turn++) {
    const shift = mul(point(turn), length)
    const ends = [point(seam), ...pieces.slice(1).map(({ from }) => from), add(point(seam), length)]
    pieces.forEach((piece, at) => {
      result.push({
        ...piece,
        from: add(ends[at]!, shift),
        to: add(ends[at + 1]!, shift),
        tape: turn === 0 ? piece.tape : shifted(piece.tape, shift, mul(point(turn), rise)),
        lean: turn === 0 ? piece.lean : shifted(piece.lean, shift, mul(point(turn), rise)),
      })
    })
  }
  return { pieces: result, isWhole: turns === needed }
}

/** The tape of `f(z - by) + rise`. */
function shifted(tape: Tape, by: Interval, rise: Interval): Tape {
  const instructions: Instruction[] = [{ op: 'z' }, { op: 'constant', value: by }, { op: 'sub', a: 0, b: 1 }]
  const places: number[] = []
  for (const instruction of tape.instructions) {
    if (instruction.op === 'z') {
      places.push(2)
      continue
    }
    if (instruction.op === 'constant') instructions.push(instruction)
    else {
      const a = places[instruction.a]!
      instructions.push('b' in instruction ? { ...instruction, a, b: places[instruction.b]! } : { ...instruction, a })
    }
    places.push(instructions.length - 1)
  }
  let result = places[tape.result]!
  if (!(isPoint(rise) && rise.lo === 0)) {
    instructions.push({ op: 'constant', value: rise }, { op: 'add', a: result, b: instructions.length })
    result = instructions.length - 1
  }
  const guards = tape.guards.map((guard) => ({ ...guard, index: places[guard.index]! }))
  const removable = tape.removable.map((place) => middle(sub(add(point(place), by), point(0))))
  return { ...tape, instructions, result, guards, removable }
}
