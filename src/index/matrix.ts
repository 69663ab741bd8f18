import { BackproveError } from '../base/errors.ts'
import { ONE_SIZE } from '../shape/size.ts'
import { termPoly } from './algebra.ts'
import { closedMatrix } from './closed-matrix.ts'
import { determinantPoly } from './determinant.ts'
import type { Kernel } from './kernel.ts'
import { content } from './power.ts'
import type { Binder, Index, Poly } from './term.ts'

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
  if (name === 'det') return determinantPoly(k, of, binders)
  const { scale, rest } = commonScale(k, of, binders)
  return k.multiply(k.power(scale, -1), closedMatrix(k, name, rest, binders, at))
}

/** `of = scale * rest`, the scale being the factors of all entries that no index enters. */
function commonScale(k: Kernel, of: Poly, [row, column]: readonly [Binder, Binder]): { scale: Poly; rest: Poly } {
  const { number, monomial } = content(k, of, true)
  const outer = monomial.factors.filter(({ atom }) => !atom.free.has(row.index) && !atom.free.has(column.index))
  const scale = termPoly(number, k.algebra.monomial(outer))
  return { scale, rest: k.multiply(of, k.power(scale, -1)) }
}
