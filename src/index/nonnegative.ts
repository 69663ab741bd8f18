import { divide, equals, MINUS_ONE, multiply, negate, sign } from '../base/rational.ts'
import { polyKey, scalePoly, singleTerm, ZERO_POLY } from './algebra.ts'
import { isNegative } from './exponent.ts'
import { maximumLessValue } from './extremum.ts'
import { exponentOfProduct } from './increasing.ts'
import type { Kernel } from './kernel.ts'
import type { Atom, Poly, Term } from './term.ts'
import { replaceAtom } from './split.ts'
import { hasSign } from './traits.ts'

/**
 * Whether it is at least zero wherever it is defined: by the signs of its factors, as a maximum less one of its values, or
 * as `exp(u) - 1 - u`. With `wanted` −1, whether it is at most zero.
 */
export const isNowhereBelow = (k: Kernel, of: Poly, wanted: 1 | -1): boolean =>
  hasSign(of, wanted, false) || maximumLessValue(k, of, wanted) !== null || isAboveTangent(k, of, wanted)

/** `c*(exp(u) - 1 - u)`, which is convex and least at `u = 0`. */
function isAboveTangent(k: Kernel, of: Poly, wanted: 1 | -1): boolean {
  const one = of.get('')
  if (one === undefined || of.size < 3 || sign(one.coefficient) !== -wanted) return false
  const scale = negate(one.coefficient)
  return [...of].some(([key, { coefficient, monomial }]) => {
    if (!equals(coefficient, scale) || !monomial.factors.every(({ atom }) => atom.kind === 'exp')) return false
    const rest = new Map([...of].filter(([other]) => other !== key && other !== ''))
    const wantedRest = scalePoly(exponentOfProduct(k, monomial.factors), multiply(scale, MINUS_ONE))
    return polyKey(rest) === polyKey(wantedRest)
  })
}

/** `poly` where `zero` is zero: an entry, or another atom, that stands alone in a term of it is what the rest makes it. */
export function whereZero(k: Kernel, poly: Poly, zero: Poly): Poly {
  const found = soleAtom(zero)
  if (found === null) return poly
  return replaceAtom(k, poly, found.atom, found.value)
}

function soleAtom(zero: Poly): { atom: Atom; value: Poly } | null {
  const only = singleTerm(zero)
  const [factor] = only?.monomial.factors ?? []
  // A power is zero only where its base is.
  if (only !== null && factor !== undefined && only.monomial.factors.length === 1 && !isNegative(factor.exponent))
    return { atom: factor.atom, value: ZERO_POLY }
  let best: { key: string; term: Term; atom: Atom } | null = null
  for (const [key, term] of zero) {
    const [alone] = term.monomial.factors
    if (term.monomial.factors.length !== 1 || alone?.exponent !== 1) continue
    if (best === null || (alone.atom.kind === 'fold' && best.atom.kind !== 'fold'))
      best = { key, term, atom: alone.atom }
  }
  if (best === null) return null
  const { key, term, atom } = best
  const rest = new Map([...zero].filter(([other]) => other !== key))
  return { atom, value: scalePoly(rest, divide(MINUS_ONE, term.coefficient)) }
}
