import {
  add,
  intersect,
  interval,
  isEmpty,
  magnitude,
  middle,
  mul,
  point,
  sub,
  width,
  ZERO,
} from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { INTERVALS } from '../smooth/field.ts'
import { evaluateTape } from '../smooth/jet.ts'
import type { Tape } from '../smooth/tape.ts'
import { coefficient, densityAt, densitySeries, differentiated, multiply, seriesOf } from './series.ts'
import type { Series } from './series.ts'

/** One entry for each of what is averaged: `g`, `g^2`, `g'`, `g'^2`. */
export type Four<T> = readonly [T, T, T, T]

export const four = <T>(make: (index: 0 | 1 | 2 | 3) => T): Four<T> => [make(0), make(1), make(2), make(3)]

export const isSquare = (index: number): boolean => index % 2 === 1

/** An enclosure of an integral over a part of the line. */
export interface Part {
  readonly value: Interval
  /** How much of the width smaller parts could take away: all that does not come from rounding. */
  readonly slack: number
}

/** The highest coefficient that a remainder is taken from. */
const ORDER = 20

/** What is averaged times the density: as series, and its values. */
function integrandsOf(tape: Tape, z: Interval, length: number): { series: Four<Series>; values: Four<Interval> } {
  const g = seriesOf(tape, z, length + 1)
  const slope = differentiated(g)
  const density = densitySeries(z, length)
  const [weighted, weightedSlope] = [multiply(g, density), multiply(slope, density)]
  return {
    series: [weighted, multiply(g, weighted), weightedSlope, multiply(slope, weightedSlope)],
    values: valuesOf(coefficient(g, 0), coefficient(slope, 0), coefficient(density, 0)),
  }
}

/** Values of the four integrands on `z`, the density included. */
export function integrandsOn(tape: Tape, z: Interval): Four<Interval> {
  const [g, slope] = evaluateTape(INTERVALS, tape, z, 1)
  return valuesOf(g!, slope!, densityAt(z))
}

const valuesOf = (g: Interval, slope: Interval, density: Interval): Four<Interval> =>
  four((index) => {
    const factor = index < 2 ? g : slope
    if (isEmpty(factor)) return interval(isSquare(index) ? 0 : -Infinity, Infinity)
    return mul(isSquare(index) ? INTERVALS.power(factor, 2) : factor, density)
  })

/**
 * The integrals over `[a, b]`, on which the tape is smooth: those of a Taylor polynomial around the middle, with the next
 * coefficient's bounds on all of `[a, b]` as remainder, from whichever order is best. Source: Corliss and Rall 1987, "Adaptive,
 * self-validating numerical quadrature".
 */
export function boundedPart(tape: Tape, a: number, b: number): Four<Part> {
  const whole = interval(a, b)
  const m = point(middle(whole))
  const [right, left] = [sub(point(b), m), sub(m, point(a))]
  const around = integrandsOf(tape, whole, ORDER + 1)
  const centre = integrandsOf(tape, m, ORDER)
  const steps = momentsOfSteps(left, right)
  return four((index) => {
    let value = mul(around.values[index], sub(point(b), point(a)))
    let slack = width(value)
    let polynomial = ZERO
    for (let k = 0; k <= ORDER; k++) {
      const [onLeft, onRight, both] = steps[k]!
      if (k % 2 === 0) {
        const bound = coefficient(around.series[index], k)
        const remainder = add(mul(bound, onLeft), mul(bound, onRight))
        const enclosed = intersect(value, add(polynomial, remainder))
        if (enclosed !== null) value = enclosed
        slack = Math.min(slack, width(remainder))
      }
      if (k < ORDER) polynomial = add(polynomial, mul(coefficient(centre.series[index], k), both))
      if (magnitude(polynomial) === Infinity) break
    }
    return { value, slack: Math.min(slack, width(value)) }
  })
}

/** The integrals of `(z - m)^k` over the left half, over the right half, and over both. */
function momentsOfSteps(left: Interval, right: Interval): (readonly [Interval, Interval, Interval])[] {
  let [l, r] = [left, right]
  return Array.from({ length: ORDER + 1 }, (_, k) => {
    const divisor = point(k + 1)
    const onRight = INTERVALS.div(r, divisor)
    const size = INTERVALS.div(l, divisor)
    const onLeft = k % 2 === 0 ? size : INTERVALS.neg(size)
    ;[l, r] = [mul(l, left), mul(r, right)]
    return [onLeft, onRight, add(onLeft, onRight)] as const
  })
}
