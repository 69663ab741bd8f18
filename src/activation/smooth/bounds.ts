import { hull, intersect, isEmpty, point } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { INTERVALS, NUMBERS } from './field.ts'
import { evaluateTape } from './jet.ts'
import { derivativesFrom, seriesNear } from './taylor.ts'
import type { Series } from './taylor.ts'
import type { Tape } from './tape.ts'

/** How far from a removable singularity its expansion stands in for the quotient, which loses digits there. */
export const NEAR = 2 ** -1

/** Nearer than this, the tape itself says nothing that the expansion does not say better. */
const CLOSE = 2 ** -2

/** Enough coefficients that what is left out is of the size of rounding, if they fall a little. */
const coefficientsFor = (distance: number): number =>
  Math.min(MOST, Math.max(FEWEST, Math.ceil(37 / -Math.log(distance))))
const FEWEST = 6
const MOST = 26
/** Derivatives that are asked for. */
const ORDERS = 4

const known = new WeakMap<Tape, Map<number, Series | null>>()

/** The removable singularity whose expansion holds on `x`. */
export const nearSingularity = (tape: Tape, x: Interval): number | undefined =>
  tape.removable.find((place) => x.lo >= place - NEAR && x.hi <= place + NEAR)

/** Bounds of the derivatives up to `order` at all points of `x`; at a removable singularity, of the function that fills it. */
export function boundsOn(tape: Tape, x: Interval, order: number): readonly Interval[] {
  const c = nearSingularity(tape, x)
  const expanded = c === undefined ? null : expansion(tape, c, x, order)
  const isClose = c !== undefined && x.lo <= c + CLOSE && x.hi >= c - CLOSE
  if (expanded !== null && isClose) return expanded
  const direct = evaluateTape(INTERVALS, tape, x, order)
  if (expanded === null) return direct
  return direct.map((bounds, k) => (isEmpty(bounds) ? expanded[k]! : (intersect(bounds, expanded[k]!) ?? bounds)))
}

function expansion(tape: Tape, c: number, x: Interval, order: number): Interval[] | null {
  const distance = Math.max(Math.abs(x.lo - c), Math.abs(x.hi - c), Number.MIN_VALUE)
  const count = coefficientsFor(distance) + order
  let series = known.get(tape)
  if (series === undefined) known.set(tape, (series = new Map<number, Series | null>()))
  let at = series.get(c)
  if (at === undefined) series.set(c, (at = seriesNear(tape, c, point(c), MOST + ORDERS + 1)))
  if (at === null) return null
  const on = seriesNear(tape, c, hull(point(c), x), count)
  if (on === null || on.some(isEmpty)) return null
  return derivativesFrom(at.slice(0, count), on, c, x, order)
}

/** The same as doubles, at one point. */
export function numbersAt(tape: Tape, z: number, order: number): readonly number[] {
  if (!tape.removable.some((place) => Math.abs(z - place) <= NEAR)) return evaluateTape(NUMBERS, tape, z, order)
  return boundsOn(tape, point(z), order).map(({ lo, hi }) => lo / 2 + hi / 2)
}
