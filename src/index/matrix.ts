import { BackproveError } from '../base/errors.ts'
import { ONE } from '../base/rational.ts'
import { literalValue, ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { atomPoly, boundName, NO_TRAITS, polyKey, polyLevel, termPoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import { content } from './power.ts'
import type { Binder, Index, Poly } from './term.ts'
import { sizePoly } from './sum.ts'
import { hasSign, isAnalytic } from './traits.ts'

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
  const [row] = binders
  if (row.size === ONE_SIZE) return name === 'det' ? of : k.power(of, -1)
  if (of.size === 0) throw new BackproveError('budget', `${name} of a zero matrix`)
  const { scale, rest } = commonScale(k, of, binders)
  if (name === 'inv') return k.multiply(k.power(scale, -1), closedMatrix(k, name, rest, binders, at))
  const whole = scaleOfDeterminant(k, scale, row.size)
  if (whole !== null) return k.multiply(whole, closedMatrix(k, name, rest, binders, at))
  return closedMatrix(k, name, of, binders, at)
}

/** `of = scale * rest`, the scale being the factors of all entries that no index enters. */
function commonScale(k: Kernel, of: Poly, [row, column]: readonly [Binder, Binder]): { scale: Poly; rest: Poly } {
  const { number, monomial } = content(k, of, true)
  const outer = monomial.factors.filter(({ atom }) => !atom.free.has(row.index) && !atom.free.has(column.index))
  const scale = termPoly(number, k.algebra.monomial(outer))
  return { scale, rest: k.multiply(of, k.power(scale, -1)) }
}

/** `c^n` for `det(c M) = c^n det(M)`; `null` where `c` may be negative and `n` is any number. */
function scaleOfDeterminant(k: Kernel, scale: Poly, size: Size): Poly | null {
  const length = literalValue(size)
  if (length !== null) return k.power(scale, length)
  return hasSign(scale, 1, true) ? k.exp(k.multiply(sizePoly(k.algebra, size), k.log(scale))) : null
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
  const traits = { ...NO_TRAITS, analytic: isAnalytic(inner), symmetric: symmetric && name === 'inv' }
  return atomPoly(
    k.algebra,
    k.algebra.atom({ kind: 'matrix', name, binders: canonical, of: inner, at: sorted, traits }),
  )
}
