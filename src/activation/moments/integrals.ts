import {
  add,
  intersect,
  interval,
  isEmpty,
  isPoint,
  magnitude,
  middle,
  mul,
  point,
  sub,
  width,
  ZERO,
} from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import type { Piece } from '../pieces.ts'
import { boundedPart, four, integrandsOn, isSquare } from './cell.ts'
import type { Four, Part } from './cell.ts'
import { endPart, tailPart } from './improper.ts'
import type { ImproperPart } from './improper.ts'

/** An average, known up to bounds; `NaN` for both where it is proven not to exist, twice the same infinity where infinite. */
export type Average = Interval

const NONE: Average = { lo: NaN, hi: NaN }
const EVERYTHING = interval(-Infinity, Infinity)

/** A part of the line and how it is refined. */
interface Cell {
  readonly parts: Four<ImproperPart>
  readonly depth: number
  /** What takes its place; empty where it cannot be made smaller. */
  readonly split: () => Cell[]
  readonly cost: number
}

/** Relative width at which an average is good enough: some digits above rounding. */
const TOLERANCE = 2 ** -42

/** Where parts cancel, a mean need not be known closer than this share of the sum of their sizes, relatively. */
const BESIDE_SPREAD = 2 ** -10

/** Cells times steps of the tape: what all averages together may cost, and what one of them whose bounds stay infinite. */
const BUDGET = 12_000
const WITHOUT_BOUND = BUDGET / 4

/** Where tails begin, and where the density is too small for doubles. */
const TAIL = 8
const TAIL_STEP = 4
export const FARTHEST = 36

/** Splits after which it is looked again how large the averages are. */
const ROUNDS = 8

const CUTS = [-5, -4, -3.25, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3.25, 4, 5] as const

/**
 * The averages of `g`, `g^2`, `g'`, `g'^2` over a standard normal variable, enclosed: the sum over parts of the line, of which
 * those that contribute most of the width are split first. `vanishing` says which are zero, by symmetry, if they exist.
 */
export function averagesOf(pieces: readonly Piece[], vanishing: Four<boolean>): Four<Average> {
  const cells = pieces.flatMap(cellsOf)
  let spent = 0
  for (const { cost } of cells) spent += cost
  const alone: [number, number, number, number] = [0, 0, 0, 0]
  let wanted = targets(cells, vanishing)
  for (let round = 1; spent < BUDGET; round++) {
    if (round % ROUNDS === 0) wanted = targets(cells, vanishing)
    const errors = errorsOf(cells)
    const ratios = four((index) =>
      errors[index] === Infinity && alone[index] > WITHOUT_BOUND ? 0 : errors[index] / wanted[index],
    )
    const worst = ratios.reduce((best, ratio, index) => (ratio > (ratios[best] ?? 1) ? index : best), -1)
    if (worst < 0) break
    const at = widest(cells, worst)
    const from = cells[at]!
    const smaller = sharpened(from, from.split())
    if (smaller.length === 0) cells[at] = { ...from, parts: four((index) => ({ ...from.parts[index], slack: 0 })) }
    else cells.splice(at, 1, ...smaller)
    for (const { cost } of smaller) {
      spent += cost
      if (errors[worst as 0] === Infinity) alone[worst as 0] += cost
    }
  }
  return four((index) => {
    const average = collected(cells, index)
    return vanishing[index] && Number.isFinite(average.lo) && Number.isFinite(average.hi) ? ZERO : average
  })
}

/** Two parts whose sum is known otherwise too: each is that less the other. */
function sharpened({ parts }: Cell, smaller: readonly Cell[]): readonly Cell[] {
  const [a, b] = smaller
  if (a === undefined || b === undefined) return smaller
  const by = (cell: Cell, other: Cell): Cell => ({
    ...cell,
    parts: four((index) => {
      const [whole, part, rest] = [parts[index], cell.parts[index], other.parts[index]]
      if (whole.diverges !== 0 || part.diverges !== 0 || rest.diverges !== 0) return part
      const value = intersect(part.value, sub(whole.value, rest.value)) ?? part.value
      return { value, slack: Math.min(part.slack, width(value)), diverges: 0 }
    }),
  })
  return [by(a, b), by(b, a)]
}

function errorsOf(cells: readonly Cell[]): Four<number> {
  let [a, b, c, d] = [0, 0, 0, 0]
  for (const { parts } of cells) {
    a += parts[0].slack
    b += parts[1].slack
    c += parts[2].slack
    d += parts[3].slack
  }
  return [a, b, c, d]
}

function widest(cells: readonly Cell[], index: number): number {
  let best = 0
  cells.forEach((cell, at) => {
    const [slack, most] = [cell.parts[index]!.slack, cells[best]!.parts[index]!.slack]
    if (slack > most || (slack === most && cell.depth < cells[best]!.depth)) best = at
  })
  return best
}

/** The widths that are asked for; of what is infinite on one side that the rest is bounded, of what has no value nothing. */
function targets(cells: readonly Cell[], vanishing: Four<boolean>): Four<number> {
  const averages = four((index) => collected(cells, index))
  return four((index) => {
    const average = averages[index]
    if (isEmpty(average) || (isSquare(index) && average.lo === Infinity)) return Infinity
    if (vanishing[index] || cells.some(({ parts }) => parts[index].diverges !== 0)) return Number.MAX_VALUE
    const size = Math.abs(average.lo / 2 + average.hi / 2)
    const spread = cells.reduce((total, { parts }) => total + magnitude(parts[index].value), 0)
    const asked = TOLERANCE * Math.max(size, BESIDE_SPREAD * spread) + Number.MIN_VALUE
    return asked < Infinity ? asked : Number.MIN_VALUE
  })
}

function collected(cells: readonly Cell[], index: 0 | 1 | 2 | 3): Average {
  let total = ZERO
  let [up, down] = [false, false]
  for (const { parts } of cells) {
    const { value, diverges } = parts[index]
    total = add(total, value)
    up ||= diverges > 0
    down ||= diverges < 0
  }
  if (up && down) return NONE
  if (up) return total.lo === -Infinity ? EVERYTHING : point(Infinity)
  if (down) return total.hi === Infinity ? EVERYTHING : point(-Infinity)
  return total
}

/** The parts of a piece before any is refined. */
function cellsOf(piece: Piece): Cell[] {
  const cells: Cell[] = []
  const away = Math.max(piece.from.lo, -piece.to.hi)
  if (away > FARTHEST && Number.isFinite(piece.to.hi - piece.from.lo))
    return [crudeCell(piece, interval(piece.from.lo, piece.to.hi))]
  let from = piece.from.hi
  let to = piece.to.lo
  if (from === -Infinity) {
    from = Math.min(-TAIL, to - 1)
    cells.push(tailCell(piece, -1, -from, 0))
  } else from = leaveEnd(piece, -1, to, cells)
  if (to === Infinity) {
    to = Math.max(TAIL, from + 1)
    cells.push(tailCell(piece, 1, to, 0))
  } else to = leaveEnd(piece, 1, from, cells)
  const cuts = [from, ...CUTS.filter((cut) => cut > from && cut < to), to]
  for (let k = 1; k < cuts.length; k++)
    if (cuts[k - 1]! < cuts[k]!) cells.push(boundedCell(piece, cuts[k - 1]!, cuts[k]!, 0))
  return cells
}

/** Adds what is special about a finite end of a piece, and tells from where on nothing is. */
function leaveEnd(piece: Piece, side: -1 | 1, other: number, cells: Cell[]): number {
  const end = side < 0 ? piece.from : piece.to
  const inner = side < 0 ? end.hi : end.lo
  const step = Math.min(NEAR, Math.abs(other - inner) / 4)
  const b = inner - side * step
  const near = side < 0 ? interval(end.lo, inner + 2 ** -40 * step) : interval(inner - 2 ** -40 * step, end.hi)
  const bounded = integrandsOn(piece.lean, near).every((value) => magnitude(value) < Infinity)
  if (!bounded && b !== inner) {
    cells.push(endCell(piece, side, b, 0))
    return b
  }
  if (!isPoint(end)) cells.push(crudeCell(piece, end))
  return inner
}

const NEAR = 0.5

/** What the behaviour near an end or at infinity costs, beside a part between. */
const BEHAVIOUR = 5

const costOf = (piece: Piece): number => piece.lean.instructions.length + 8

const certain = (parts: Four<Part>): Four<ImproperPart> => four((index) => ({ ...parts[index], diverges: 0 }))

const boundedCell = (piece: Piece, a: number, b: number, depth: number): Cell => ({
  parts: certain(boundedPart(piece.lean, a, b)),
  depth,
  cost: costOf(piece),
  split: () => {
    const m = middle(interval(a, b))
    return m > a && m < b ? [boundedCell(piece, a, m, depth + 1), boundedCell(piece, m, b, depth + 1)] : []
  },
})

const tailCell = (piece: Piece, side: -1 | 1, start: number, depth: number): Cell => ({
  parts: tailPart(piece, side, start),
  depth,
  cost: BEHAVIOUR * costOf(piece),
  split: () => {
    if (start >= FARTHEST) return []
    const next = Math.max(TAIL, start + TAIL_STEP)
    const [a, b] = side < 0 ? [-next, -start] : [start, next]
    return [boundedCell(piece, a, b, depth + 1), tailCell(piece, side, next, depth + 1)]
  },
})

/** Share of itself that the part next to an end keeps when it is split. */
const SHARE = 1 / 8

const endCell = (piece: Piece, side: -1 | 1, b: number, depth: number): Cell => ({
  parts: endPart(piece, side, b),
  depth,
  cost: BEHAVIOUR * costOf(piece),
  split: () => {
    const end = side < 0 ? piece.from : piece.to
    const inner = side < 0 ? end.hi : end.lo
    const next = inner + (b - inner) * SHARE
    if (Math.abs(next - inner) <= Math.max(64 * width(end), 2 ** -46 * Math.abs(inner), 1e-280)) return []
    const [low, high] = side < 0 ? [next, b] : [b, next]
    return [endCell(piece, side, next, depth + 1), boundedCell(piece, low, high, depth + 1)]
  },
})

/** Known by the values on a stretch, of which the piece is a part, and no further. */
function crudeCell(piece: Piece, stretch: Interval): Cell {
  const span = interval(0, sub(point(stretch.hi), point(stretch.lo)).hi)
  const values = integrandsOn(piece.lean, stretch)
  const parts = four((index) => ({ value: mul(values[index], span), slack: 0, diverges: 0 as const }))
  return { parts, depth: 0, cost: 1, split: () => [] }
}
