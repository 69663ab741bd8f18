import { add, div, interval, mul, neg, ONE, point, signOf, ZERO } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { exp, power } from '../interval/elementary.ts'

/** A sum of powers of a variable `x` that runs over `[start, infinity)`, highest power first, no coefficient exactly zero. */
export type Laurent = readonly Monomial[]

export interface Monomial {
  readonly power: number
  readonly coefficient: Interval
}

/** More powers than these are folded into the last, as functions between bounds. */
const MAX_POWERS = 6

const isZero = (a: Interval): boolean => a.lo === 0 && a.hi === 0

/** Collects equal powers, sorts, and keeps the highest few. `start >= 1`. */
export function normalised(monomials: Iterable<Monomial>, start: number): Laurent {
  const byPower = new Map<number, Interval>()
  for (const { power, coefficient } of monomials) {
    byPower.set(power, add(byPower.get(power) ?? ZERO, coefficient))
  }
  const sorted = [...byPower]
    .map(([p, coefficient]) => ({ power: p, coefficient }))
    .filter((monomial) => !isZero(monomial.coefficient))
    .sort((a, b) => b.power - a.power)
  if (sorted.length <= MAX_POWERS) return sorted
  const kept = sorted.slice(0, MAX_POWERS)
  const last = kept.pop()!
  let coefficient = last.coefficient
  for (const dropped of sorted.slice(MAX_POWERS)) {
    // x^p = x^last * x^(p - last), and the latter lies in (0, start^(p - last)].
    const ratio = interval(0, power(point(start), dropped.power - last.power).hi)
    coefficient = add(coefficient, mul(dropped.coefficient, ratio))
  }
  return [...kept, { power: last.power, coefficient }]
}

export const addLaurent = (a: Laurent, b: Laurent, start: number): Laurent => normalised([...a, ...b], start)

export const negateLaurent = (a: Laurent): Laurent =>
  a.map((monomial) => ({ power: monomial.power, coefficient: neg(monomial.coefficient) }))

export function multiplyLaurent(a: Laurent, b: Laurent, start: number): Laurent {
  const products = a.flatMap((left) =>
    b.map((right) => ({
      power: left.power + right.power,
      coefficient: mul(left.coefficient, right.coefficient),
    })),
  )
  return normalised(products, start)
}

/** Every coefficient divided, every power shifted: the quotient by one monomial. */
export const overMonomial = (a: Laurent, by: Monomial): Laurent =>
  a.map(({ power: p, coefficient }) => ({ power: p - by.power, coefficient: div(coefficient, by.coefficient) }))

export const valueAt = (a: Laurent, x: number): Interval =>
  a.reduce((sum, { power: p, coefficient }) => add(sum, mul(coefficient, power(point(x), p))), ZERO)

/** The sign of the coefficient of the highest power: how `a`, all of whose powers are positive, ends up. */
export const leadingSign = (a: Laurent): -1 | 0 | 1 | null => (a.length === 0 ? 0 : signOf(a[0]!.coefficient))

/** Whether `x^m * exp(d(x))` decreases on `[start, infinity)`: `m + x*d'(x) < 0` there. `d` has positive powers only. */
export function decreases(m: number, d: Laurent, start: number): boolean {
  const [lead, ...rest] = d
  if (lead === undefined) return m < 0
  let slope = lead.power * lead.coefficient.hi
  for (const { power: p, coefficient } of rest) {
    const size = Math.max(Math.abs(coefficient.lo), Math.abs(coefficient.hi))
    slope += p * size * power(point(start), p - lead.power).hi
  }
  // With slope < 0, slope*x^lead is largest at the start. The factor leaves room for the rounding above.
  return slope < 0 && m + slope * (1 - 1e-9) * power(point(start), lead.power).lo < 0
}

/** All values of `x^m * exp(d(x))` on `[start, infinity)`. */
export function rangeOfProduct(m: number, d: Laurent, start: number): Interval {
  if (d.length === 0 && m === 0) return ONE
  const atStart = mul(power(point(start), m), exp(valueAt(d, start)))
  if (decreases(m, d, start)) return interval(0, atStart.hi)
  if (decreases(-m, negateLaurent(d), start)) return interval(atStart.lo, Infinity)
  return interval(0, Infinity)
}
