import { equals, multiply, ONE } from '../base/rational.ts'
import { atomPoly, boundName, NO_TRAITS, polyKey, polyLevel, singleTerm, termPoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import type { Binder, Index, Poly } from './term.ts'
import { isAnalyticMatrix } from './traits.ts'

/** An entry of the inverse, or the determinant, kept closed: a matrix and its transpose share one form. */
export function closedMatrix(
  k: Kernel,
  name: 'inv' | 'det',
  of: Poly,
  binders: readonly [Binder, Binder],
  at: readonly Index[],
): Poly {
  const [row, column] = binders
  if (polyKey(of) === polyKey(k.delta(row.index, column.index)))
    return name === 'det' ? termPoly(ONE, k.algebra.one) : k.delta(at[0] as Index, at[1] as Index)
  const level = 1 + polyLevel(of)
  const canonical: [Binder, Binder] = [{ index: boundName(level, 0), size: row.size }, { index: boundName(level, 1), size: column.size }] // prettier-ignore
  const straight = k.rename(of, new Map([[row.index, canonical[0].index], [column.index, canonical[1].index]])) // prettier-ignore
  const crossed = k.rename(of, new Map([[row.index, canonical[1].index], [column.index, canonical[0].index]])) // prettier-ignore
  const flip = polyKey(crossed) < polyKey(straight)
  const inner = flip ? crossed : straight
  const place = name === 'det' ? [] : flip ? [at[1] as Index, at[0] as Index] : [at[0] as Index, at[1] as Index]
  const symmetric = polyKey(crossed) === polyKey(straight)
  const sorted =
    symmetric && place.length === 2 && (place[0] as Index) > (place[1] as Index)
      ? [place[1] as Index, place[0] as Index]
      : place
  const traits = {
    ...NO_TRAITS,
    analytic: isAnalyticMatrix(inner),
    symmetric: symmetric && name === 'inv',
    square: name === 'det' && isUnimodular(inner, canonical) ? ONE : null,
  }
  return atomPoly(
    k.algebra,
    k.algebra.atom({ kind: 'matrix', name, binders: canonical, of: inner, at: sorted, traits }),
  )
}

/** Whether it is an array, its transpose, or their opposite, whose determinant is known to be 1 or -1. */
function isUnimodular(of: Poly, [row, column]: readonly [Binder, Binder]): boolean {
  const term = singleTerm(of)
  const [factor] = term?.monomial.factors ?? []
  if (term?.monomial.factors.length !== 1 || factor?.exponent !== 1 || factor.atom.kind !== 'entry') return false
  const { at, traits } = factor.atom
  const places = [row.index, column.index]
  const isUnit = equals(multiply(term.coefficient, term.coefficient), ONE)
  return isUnit && traits.unimodular && at.length === 2 && places.every((index) => at.includes(index))
}
