import { ONE, power, rational, multiply } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { POSITIVE, termPoly } from './algebra.ts'
import type { Algebra } from './algebra.ts'
import { exponentOf, floorOf, multiplyExponents, toRational } from './exponent.ts'
import type { Exponent } from './exponent.ts'
import type { Factor, NumberAtom, Poly } from './term.ts'

/** Divisors are tried up to here; a larger factor is kept whole, which costs completeness and never truth. */
const LARGEST_DIVISOR = 10_000n

/** The prime factors of a positive whole number, small ones only; what is left counts as one. */
export function factorise(value: bigint): [prime: bigint, exponent: number][] {
  const factors: [bigint, number][] = []
  let rest = value
  for (let p = 2n; p <= LARGEST_DIVISOR && p * p <= rest; p += p === 2n ? 1n : 2n) {
    let count = 0
    while (rest % p === 0n) {
      rest /= p
      count++
    }
    if (count > 0) factors.push([p, count])
  }
  if (rest > 1n) factors.push([rest, 1])
  return factors
}

const numberAtom = (algebra: Algebra, value: bigint): NumberAtom =>
  algebra.atom({ kind: 'number', value, traits: POSITIVE }) as NumberAtom

/** A prime's power as a rational times a power between 0 and 1. */
export function splitNumber(
  algebra: Algebra,
  atom: NumberAtom,
  exponent: Exponent,
): { whole: Rational; fraction: Factor | null } {
  const whole = floorOf(exponent)
  const left = toRational(exponent)
  const fraction = rational(left.n - BigInt(whole) * left.d, left.d)
  return {
    whole: power(rational(atom.value as bigint), whole),
    fraction:
      fraction.n === 0n ? null : { atom: numberAtom(algebra, atom.value as bigint), exponent: exponentOf(fraction) },
  }
}

/** A positive rational to any exact power. */
export function numberPower(algebra: Algebra, value: Rational, exponent: Exponent): Poly {
  if (typeof exponent === 'number') return termPoly(power(value, exponent), algebra.one)
  let coefficient = ONE
  const factors: Factor[] = []
  const parts = [...factorise(value.n), ...factorise(value.d).map(([p, count]): [bigint, number] => [p, -count])]
  for (const [prime, count] of parts) {
    const { whole, fraction } = splitNumber(algebra, numberAtom(algebra, prime), multiplyExponents(exponent, count))
    coefficient = multiply(coefficient, whole)
    if (fraction !== null) factors.push(fraction)
  }
  factors.sort((a, b) => a.atom.id - b.atom.id)
  return termPoly(coefficient, algebra.monomial(factors))
}
