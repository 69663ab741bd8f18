import { add, isInteger, multiply, rational } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'

/** An exact exponent: a whole one is a number, any other a rational in lowest terms. */
export type Exponent = number | Rational

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)

export const toRational = (e: Exponent): Rational => (typeof e === 'number' ? rational(e) : e)

/** The exponent equal to `q`; a whole one beyond the safe integers stays a rational. */
export function exponentOf(q: Rational): Exponent {
  return isInteger(q) && q.n <= LARGEST && q.n >= -LARGEST ? Number(q.n) : q
}

export function addExponents(a: Exponent, b: Exponent): Exponent {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return exponentOf(add(toRational(a), toRational(b)))
}

export function multiplyExponents(a: Exponent, b: Exponent): Exponent {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  return exponentOf(multiply(toRational(a), toRational(b)))
}

export const isWhole = (e: Exponent): e is number => typeof e === 'number'
export const isNegative = (e: Exponent): boolean => (typeof e === 'number' ? e < 0 : e.n < 0n)

/** The largest whole number not above `e`. */
export function floorOf(e: Exponent): number {
  if (typeof e === 'number') return e
  const quotient = e.n / e.d
  return Number(e.n < 0n && quotient * e.d !== e.n ? quotient - 1n : quotient)
}

export const exponentKey = (e: Exponent): string => (typeof e === 'number' ? String(e) : `${e.n}/${e.d}`)
