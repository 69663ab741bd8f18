import { MINUS_ONE, ONE, rational, sign, ZERO } from '../base/rational.ts'
import { addPolys, constantPoly, polyKey, scalePoly, singleTerm } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import { assign, replaceAtom } from './split.ts'
import type { Atom, IndicatorAtom, Poly } from './term.ts'

/** Terms of a sum that is squared at most. */
const LARGEST_SQUARED = 8

/** Comparisons that stand in a product of a poly's terms. */
export function topIndicators(of: Poly): IndicatorAtom[] {
  const found = new Set<IndicatorAtom>()
  for (const { monomial } of of.values())
    for (const { atom } of monomial.factors) if (atom.kind === 'indicator') found.add(atom)
  return [...found]
}

/**
 * `u` of what is `u` times signs, `sign(p) = [p > 0] - [-p > 0]`, with at least one of them: off ties its square is that of
 * `u`, and at a tie it is zero. `null` where it is not of this form.
 */
export function withoutSigns(k: Kernel, of: Poly): Poly | null {
  let current = of
  for (let indicators = topIndicators(of); indicators.length > 0; indicators = topIndicators(current)) {
    const [above] = indicators as [IndicatorAtom]
    const opposite = polyKey(scalePoly(above.of, MINUS_ONE))
    const below = indicators.find(({ of: other }) => polyKey(other) === opposite)
    if (below === undefined) return null
    const value = (first: 0 | 1, second: 0 | 1): Poly => assign(k, assign(k, current, above, first), below, second)
    const [positive, negative] = [value(1, 0), value(0, 1)]
    if (value(0, 0).size > 0 || polyKey(positive) !== polyKey(scalePoly(negative, MINUS_ONE))) return null
    current = positive
  }
  return current === of ? null : current
}

/** `poly` with each comparison of a product with 0 written by the signs of its factors; `null` where there is none. */
export function withFactorSigns(k: Kernel, poly: Poly): Poly | null {
  const products = topIndicators(poly).filter(({ of }) => (singleTerm(of)?.monomial.factors.length ?? 0) > 1)
  let current = poly
  for (const atom of products) {
    const [one, zero] = [assign(k, current, atom, 1), assign(k, current, atom, 0)]
    const change = addPolys(k.algebra, one, scalePoly(zero, MINUS_ONE))
    current = addPolys(k.algebra, zero, k.multiply(isProductPositive(k, atom.of), change))
  }
  return products.length === 0 ? null : current
}

/** `[u*v > 0] = [u > 0]*[v > 0] + [-u > 0]*[-v > 0]`. */
function isProductPositive(k: Kernel, of: Poly): Poly {
  const term = singleTerm(of)
  const factors = term?.monomial.factors ?? []
  const isNegative = term !== null && sign(term.coefficient) < 0
  let positive = constantPoly(k.algebra, isNegative ? ZERO : ONE)
  let negative = constantPoly(k.algebra, isNegative ? ONE : ZERO)
  for (const factor of factors) {
    const value = k.product(ONE, [factor])
    const [more, less] = [k.indicator(value), k.indicator(scalePoly(value, MINUS_ONE))]
    ;[positive, negative] = [
      addPolys(k.algebra, k.multiply(positive, more), k.multiply(negative, less)),
      addPolys(k.algebra, k.multiply(positive, less), k.multiply(negative, more)),
    ]
  }
  return positive
}

/** `poly` where `above` is positive: there `log(u^2)` is `2*log(u)`. */
export function whereAbove(k: Kernel, poly: Poly, above: Poly): Poly {
  const logs = new Set<Atom>()
  for (const { monomial } of poly.values())
    for (const { atom } of monomial.factors) if (atom.kind === 'function' && atom.name === 'log') logs.add(atom)
  if (logs.size === 0 || above.size > LARGEST_SQUARED) return poly
  const [factor] = singleTerm(k.log(k.power(above, 2)))?.monomial.factors ?? []
  if (factor === undefined || !logs.has(factor.atom)) return poly
  return replaceAtom(k, poly, factor.atom, scalePoly(k.log(above), rational(2)))
}
