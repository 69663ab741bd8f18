import { hull, isEmpty, point } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { INTERVALS, NUMBERS } from './field.ts'
import { evaluateTape } from './jet.ts'
import { derivativesFrom, seriesAround } from './taylor.ts'
import type { Series } from './taylor.ts'
import type { Tape } from './tape.ts'

/** How far from a removable singularity its expansion stands in for the quotient, which loses digits there. */
export const NEAR = 2 ** -1

/** Enough of them that what is left out is of the size of rounding, for an expansion whose coefficients do not grow. */
function coefficientsFor(distance: number): number {
  return Math.min(MOST, Math.max(FEWEST, Math.ceil(37 / -Math.log(distance))))
}
const FEWEST = 8
const MOST = 36

const known = new WeakMap<Tape, Map<number, Series>>()

/** Bounds of the derivatives up to `order` at all points of `x`; at a removable singularity, of the function that fills it. */
export function boundsOn(tape: Tape, x: Interval, order: number): readonly Interval[] {
  const c = tape.removable.find((place) => x.lo >= place - NEAR && x.hi <= place + NEAR)
  if (c !== undefined) {
    const expanded = expansion(tape, c, x, order)
    if (expanded !== null) return expanded
  }
  return evaluateTape(INTERVALS, tape, x, order)
}

function expansion(tape: Tape, c: number, x: Interval, order: number): Interval[] | null {
  const distance = Math.max(Math.abs(x.lo - c), Math.abs(x.hi - c), Number.MIN_VALUE)
  const count = coefficientsFor(distance) + order
  const near = seriesAround(tape, c, hull(point(c), x), count)
  if (near === null || near.on.some(isEmpty)) return null
  let series = known.get(tape)
  if (series === undefined) known.set(tape, (series = new Map<number, Series>()))
  let at = series.get(c)
  if (at === undefined || at.length < count) series.set(c, (at = near.at))
  return derivativesFrom(at.slice(0, count), near.on, c, x, order)
}

/** The same as doubles, at one point. */
export function numbersAt(tape: Tape, z: number, order: number): readonly number[] {
  if (!tape.removable.some((place) => Math.abs(z - place) <= NEAR)) return evaluateTape(NUMBERS, tape, z, order)
  return boundsOn(tape, point(z), order).map(({ lo, hi }) => lo / 2 + hi / 2)
}
