import { add, equals, HALF, MINUS_ONE, ONE, sign } from '../base/rational.ts'
import {
  addPolys,
  atomPoly,
  BINARY,
  constantOf,
  constantPoly,
  scalePoly,
  singleTerm,
  termPoly,
  ZERO_POLY,
} from './algebra.ts'
import { isWhole } from './exponent.ts'
import { asIncreasing } from './increasing.ts'
import type { Increasing } from './increasing.ts'
import type { Kernel } from './kernel.ts'
import { isNowhereBelow } from './nonnegative.ts'
import { content } from './power.ts'
import { byCases } from './split.ts'
import type { Factor, Poly, Term } from './term.ts'
import { hasSign, isFactorPositive } from './traits.ts'

/**
 * 1 where `of > 0`, else 0. Positive content is taken out, labels and inner indicators are taken by cases, and a sign
 * that is known decides it. Nothing is assumed of points where `of` is zero.
 */
export function indicatorOf(k: Kernel, of: Poly): Poly {
  if (of.size === 0) return ZERO_POLY
  const cases = byCases(k, of, (inner) => k.indicator(inner))
  if (cases !== null) return cases
  const { primitive } = content(k, of, false)
  const constant = constantOf(primitive)
  if (constant !== null) return sign(constant) > 0 ? constantPoly(k.algebra, ONE) : ZERO_POLY
  if (hasSign(primitive, 1, true)) return constantPoly(k.algebra, ONE)
  if (isNowhereBelow(k, primitive, -1)) return ZERO_POLY
  const unit = unitSign(k, primitive)
  if (unit !== null) return unit
  const ordered = inOrder(k, primitive)
  if (ordered !== null) return k.indicator(ordered)
  return atomPoly(k.algebra, k.algebra.atom({ kind: 'indicator', of: withoutPositive(k, primitive), traits: BINARY }))
}

/** `[s > 0] = (1 + s)/2` for an `s` that is 1 or -1, its square being 1. */
function unitSign(k: Kernel, poly: Poly): Poly | null {
  const term = singleTerm(poly)
  const [factor] = term?.monomial.factors ?? []
  if (term?.monomial.factors.length !== 1 || factor?.exponent !== 1 || factor.atom.traits.square === null) return null
  if (!equals(factor.atom.traits.square, ONE)) return null
  k.note('unit-square')
  const value = sign(term.coefficient) > 0 ? ONE : MINUS_ONE
  const half = addPolys(k.algebra, constantPoly(k.algebra, ONE), termPoly(value, term.monomial))
  return scalePoly(half, HALF)
}

/** `u - v` for `f(u) - f(v)` with an increasing `f`, which has its sign. */
function inOrder(k: Kernel, poly: Poly): Poly | null {
  const [first, second] = poly.values()
  if (poly.size !== 2 || first === undefined || second === undefined) return null
  if (sign(add(first.coefficient, second.coefficient)) !== 0) return null
  const [u, v] = [asIncreasing(k, first.monomial), asIncreasing(k, second.monomial)]
  const [one, other] = [u ?? atOne(v, first), v ?? atOne(u, second)]
  if (one === null || other === null || one.name !== other.name) return null
  k.note('increasing')
  const difference = addPolys(k.algebra, one.of, scalePoly(other.of, MINUS_ONE))
  return sign(first.coefficient) > 0 ? difference : scalePoly(difference, MINUS_ONE)
}

/** 1 as `exp(0)`, where the other side is an exponential. */
const atOne = (other: Increasing | null, { monomial }: Term): Increasing | null =>
  other?.name === 'exp' && monomial.factors.length === 0 ? { ...other, of: ZERO_POLY } : null

/**
 * Of a single product, positive factors do not change the sign, and an odd power has the sign of its base. Where a
 * reciprocal is defined, its base is not zero.
 */
function withoutPositive(k: Kernel, poly: Poly): Poly {
  const term = singleTerm(poly)
  if (term === null) return poly
  const factors = term.monomial.factors
    .filter((factor) => !isFactorPositive(factor) && !isEvenReciprocal(factor))
    .map((factor) => (isWhole(factor.exponent) && factor.exponent % 2 !== 0 ? { ...factor, exponent: 1 } : factor))
  return termPoly(sign(term.coefficient) < 0 ? MINUS_ONE : ONE, k.algebra.monomial(factors))
}

const isEvenReciprocal = ({ exponent }: Factor): boolean => isWhole(exponent) && exponent < 0 && exponent % 2 === 0
