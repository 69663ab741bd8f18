import { add, divide, equals, isZero, multiply, negate, ONE, rational, subtract, ZERO } from '../../base/rational.ts'
import type { Rational } from '../../base/rational.ts'

/** Coefficients in one variable, that of the power 0 first; the last one is not zero, and zero has none. */
export type Polynomial = readonly Rational[]

export const constant = (value: Rational): Polynomial => (isZero(value) ? [] : [value])
export const VARIABLE: Polynomial = [ZERO, ONE]
export const UNIT: Polynomial = [ONE]

export const degree = (p: Polynomial): number => p.length - 1

const leading = (p: Polynomial): Rational => p.at(-1) ?? ZERO

function trimmed(coefficients: readonly Rational[]): Polynomial {
  let length = coefficients.length
  while (length > 0 && isZero(coefficients[length - 1]!)) length--
  return coefficients.slice(0, length)
}

export function plus(p: Polynomial, q: Polynomial): Polynomial {
  return trimmed(Array.from({ length: Math.max(p.length, q.length) }, (_, k) => add(p[k] ?? ZERO, q[k] ?? ZERO)))
}

export const minus = (p: Polynomial): Polynomial => p.map(negate)

export const scaled = (p: Polynomial, factor: Rational): Polynomial => trimmed(p.map((c) => multiply(c, factor)))

export function times(p: Polynomial, q: Polynomial): Polynomial {
  if (p.length === 0 || q.length === 0) return []
  const product = Array.from({ length: p.length + q.length - 1 }, () => ZERO)
  p.forEach((a, i) => {
    q.forEach((b, j) => {
      product[i + j] = add(product[i + j]!, multiply(a, b))
    })
  })
  return trimmed(product)
}

/** Quotient and remainder by a divisor that is not zero. */
export function divided(
  p: Polynomial,
  divisor: Polynomial,
): { readonly quotient: Polynomial; readonly rest: Polynomial } {
  const rest = [...p]
  const quotient = Array.from({ length: Math.max(0, p.length - divisor.length + 1) }, () => ZERO)
  for (let k = quotient.length - 1; k >= 0; k--) {
    const factor = divide(rest[k + divisor.length - 1]!, leading(divisor))
    quotient[k] = factor
    divisor.forEach((c, j) => {
      rest[k + j] = subtract(rest[k + j]!, multiply(factor, c))
    })
  }
  return { quotient: trimmed(quotient), rest: trimmed(rest) }
}

/** The greatest common divisor with leading coefficient one. Source: Euclid; Knuth, "The Art of Computer Programming" 2, 4.6.1. */
export function commonDivisor(p: Polynomial, q: Polynomial): Polynomial {
  let [a, b] = [p, q]
  while (b.length > 0) [a, b] = [b, divided(a, b).rest]
  return a.length === 0 ? UNIT : scaled(a, divide(ONE, leading(a)))
}

/** `c` and `s` such that `p = c*s^2` and `s` has leading coefficient one, or `null` where there are none. */
export function squareRoot(p: Polynomial): { readonly factor: Rational; readonly root: Polynomial } | null {
  if (p.length === 0 || degree(p) % 2 === 1) return null
  const factor = leading(p)
  const monic = scaled(p, divide(ONE, factor))
  const half = degree(p) / 2
  const root = Array.from({ length: half + 1 }, () => ZERO)
  root[half] = ONE
  // Each coefficient follows from the higher ones: that of the power half + k holds it twice.
  for (let k = half - 1; k >= 0; k--) {
    let known = ZERO
    for (let i = k + 1; i < half; i++) known = add(known, multiply(root[i]!, root[half + k - i] ?? ZERO))
    root[k] = divide(subtract(monic[half + k]!, known), rational(2))
  }
  const square = times(root, root)
  return square.length === monic.length && square.every((c, k) => equals(c, monic[k]!)) ? { factor, root } : null
}
