import { ONE, sign } from '../base/rational.ts'
import { atomPoly, BINARY, constantOf, constantPoly, singleTerm, termPoly, ZERO_POLY } from './algebra.ts'
import { maximumLessValue } from './extremum.ts'
import type { Kernel } from './kernel.ts'
import { content } from './power.ts'
import { byCases } from './split.ts'
import type { Poly } from './term.ts'
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
  if (hasSign(primitive, -1, false) || maximumLessValue(k, primitive, -1) !== null) return ZERO_POLY
  return atomPoly(k.algebra, k.algebra.atom({ kind: 'indicator', of: withoutPositive(k, primitive), traits: BINARY }))
}

/** Of a single product, positive factors do not change the sign, and an odd power has the sign of its base. */
function withoutPositive(k: Kernel, poly: Poly): Poly {
  const term = singleTerm(poly)
  if (term === null) return poly
  const factors = term.monomial.factors
    .filter((factor) => !isFactorPositive(factor))
    .map((factor) =>
      typeof factor.exponent === 'number' && factor.exponent % 2 !== 0 && factor.exponent > 0
        ? { ...factor, exponent: 1 }
        : factor,
    )
  return termPoly(sign(term.coefficient) < 0 ? { n: -1n, d: 1n } : ONE, k.algebra.monomial(factors))
}
