import { negate, sign, subtract } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { isNegative, isWhole } from './exponent.ts'
import type { Factor, Poly } from './term.ts'

const isEven = (exponent: Factor['exponent']): boolean => isWhole(exponent) && exponent % 2 === 0
/** A power of a real number with an even denominator is a root, hence not negative where it is defined. */
const isRoot = (exponent: Factor['exponent']): boolean => !isWhole(exponent) && exponent.d % 2n === 0n

/** Whether a factor is above zero wherever it is defined: a negative power of what is never negative is, and any negative root. */
export const isFactorPositive = ({ atom, exponent }: Factor): boolean =>
  atom.traits.positive || (isNegative(exponent) && (atom.traits.nonnegative || isRoot(exponent)))

const factorNonnegative = ({ atom, exponent }: Factor): boolean =>
  atom.traits.nonnegative || isEven(exponent) || isRoot(exponent)

/** Whether every term is positive (or, not strictly, at least zero) by its factors; `sign` −1 asks it of the negated poly. */
export function hasSign(poly: Poly, wanted: 1 | -1, strict: boolean): boolean {
  if (dominates(poly, wanted)) return true
  let strictly = false
  for (const { coefficient, monomial } of poly.values()) {
    if (sign(coefficient) !== wanted || !monomial.factors.every(factorNonnegative)) return false
    // A negative or fractional power is not zero where it is defined only if its base is not; roots may vanish.
    if (monomial.factors.every(isFactorPositive)) strictly = true
  }
  return !strict || strictly
}

/** Whether a constant of the wanted sign outweighs all other terms, products of values between -1 and 1: `1 - tanh(z)^2`. */
function dominates(poly: Poly, wanted: 1 | -1): boolean {
  const constant = poly.get('')
  if (constant === undefined || sign(constant.coefficient) !== wanted) return false
  let left = absolute(constant.coefficient)
  for (const { coefficient, monomial } of poly.values()) {
    if (monomial.factors.length === 0) continue
    if (!monomial.factors.every(({ atom, exponent }) => atom.traits.bounded && isWhole(exponent) && exponent > 0))
      return false
    left = subtract(left, absolute(coefficient))
  }
  return sign(left) >= 0 && poly.size > 1
}

const absolute = (value: Rational): Rational => (sign(value) < 0 ? negate(value) : value)

/** Analytic in continuous data: made of sums, products and powers of such. */
export function isAnalytic(poly: Poly): boolean {
  for (const { monomial } of poly.values()) {
    for (const { atom } of monomial.factors) if (!atom.traits.analytic) return false
  }
  return true
}

/** Whether a matrix is made of entries that are analytic in continuous data; where its entries are 0 or 1 by their place, they are. */
export function isAnalyticMatrix(of: Poly): boolean {
  for (const { monomial } of of.values()) {
    for (const { atom } of monomial.factors) if (!atom.traits.analytic && atom.kind !== 'delta') return false
  }
  return true
}

/**
 * Whether dividing by it may be cancelled: never zero, or zero nowhere dense where it is not zero everywhere. Of a single
 * product each factor may be either; one whose square is a number is never zero.
 */
export function isInvertible(poly: Poly): boolean {
  if (hasSign(poly, 1, true) || hasSign(poly, -1, true) || isAnalytic(poly)) return true
  const [only] = poly.size === 1 ? poly.values() : []
  return (
    only?.monomial.factors.every(
      ({ atom: { traits } }) => traits.positive || traits.analytic || traits.square !== null,
    ) === true
  )
}
