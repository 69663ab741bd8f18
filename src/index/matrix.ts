import { BackproveError } from '../base/errors.ts'
import { ONE } from '../base/rational.ts'
import { ONE_SIZE } from '../shape/size.ts'
import { atomPoly, boundName, NO_TRAITS, polyFree, polyKey, polyLevel, termPoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import { content } from './power.ts'
import type { Binder, Index, Poly } from './term.ts'
import { isAnalytic } from './traits.ts'

/**
 * An entry of the inverse (at two indices), or the determinant (at none), of the matrix `of` over `binders`. A matrix and
 * its transpose share one form: `inv(M')_ij = inv(M)_ji`, `det(M') = det(M)`; `inv(c M) = inv(M)/c`.
 */
export function matrixPoly(
  k: Kernel,
  name: 'inv' | 'det',
  of: Poly,
  binders: readonly [Binder, Binder],
  at: readonly Index[],
): Poly {
  const [row, column] = binders
  if (row.size === ONE_SIZE) return name === 'det' ? of : k.power(of, -1)
  if (of.size === 0) throw new BackproveError('budget', `${name} of a zero matrix`)
  if (name === 'inv') {
    const { number, monomial, primitive } = content(k, of, true)
    const scale = k.power(termPoly(number, monomial), -1)
    if (!polyFree(termPoly(ONE, monomial)).has(row.index) && !polyFree(termPoly(ONE, monomial)).has(column.index)) {
      return k.multiply(scale, closedMatrix(k, name, primitive, binders, at))
    }
  }
  return closedMatrix(k, name, of, binders, at)
}

function closedMatrix(
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
  const traits = { ...NO_TRAITS, analytic: isAnalytic(inner) }
  return atomPoly(
    k.algebra,
    k.algebra.atom({ kind: 'matrix', name, binders: canonical, of: inner, at: sorted, traits }),
  )
}
