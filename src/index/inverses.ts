import { ONE } from '../base/rational.ts'
import { addPolys, polyKey, scalePoly, singleTerm, termPoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import { openSum } from './sum.ts'
import type { Atom, Index, MatrixAtom, Monomial, Poly } from './term.ts'
import { isAnalyticMatrix } from './traits.ts'

/** Products looked at for one difference. */
const MOST_PRODUCTS = 16

interface Place {
  readonly atom: MatrixAtom
  readonly side: 0 | 1
}

/**
 * What becomes of `D` as it is multiplied, again and again, by a matrix `M` whose inverse stands in it at a free index:
 * `M*D` or `D*M`, the outermost inverse first, where that removes the inverse. An invertible `M` makes the product zero
 * only where `D` is; where `inv(M)` stands in an untaken branch, an analytic `M` is singular nowhere dense.
 * Source: Matrix Cookbook, section 3.2, whose identities are shown in this way.
 */
export function* withoutInverses(k: Kernel, of: Poly): Generator<Poly> {
  const seen = new Set<string>()
  const waiting = [of]
  for (let current = waiting.pop(); current !== undefined && seen.size < MOST_PRODUCTS; current = waiting.pop()) {
    const products: Poly[] = []
    for (const product of productsOf(k, current)) {
      const key = polyKey(product)
      if (seen.has(key)) continue
      seen.add(key)
      products.push(product)
      yield product
    }
    waiting.push(...products.reverse())
  }
}

function* productsOf(k: Kernel, of: Poly): Generator<Poly> {
  const candidates = [...placesIn(of).values()].sort((a, b) => b.atom.level - a.atom.level || a.side - b.side)
  for (const place of candidates) {
    if (!isAnalyticMatrix(place.atom.of)) continue
    const product = multiplied(k, of, place)
    const left = [...placesIn(product).values()].some(
      (other) => other.side === place.side && isSameMatrix(other.atom, place.atom),
    )
    if (!left) yield product
  }
}

const isSameMatrix = (a: MatrixAtom, b: MatrixAtom): boolean => polyKey(a.of) === polyKey(b.of)

function placesIn(of: Poly): Map<string, Place> {
  const found = new Map<string, Place>()
  for (const { monomial } of of.values()) for (const { atom } of monomial.factors) collect(atom, found)
  return found
}

function collect(atom: Atom, found: Map<string, Place>): void {
  if (atom.kind === 'sum') for (const { atom: inner } of atom.of.factors) collect(inner, found)
  if (atom.kind !== 'matrix' || atom.name !== 'inv') return
  for (const side of [0, 1] as const) {
    const index = atom.at[side] as Index
    // Bound indices are negative; an inverse at a diagonal place is no product's factor.
    if (index > 0 && atom.at[1 - side] !== index) found.set(`${atom.key} ${side}`, { atom, side })
  }
}

/** The sum over the free index `i` of `M_ri D_i` (or of `D_i M_ir`), in which `M_ri inv(M)_is` is `delta_rs`. */
function multiplied(k: Kernel, of: Poly, place: Place): Poly {
  const others: Poly[] = []
  const parts: Poly[] = []
  for (const { coefficient, monomial } of of.values()) {
    const term = cancelled(k, monomial, place)
    if (term === null) others.push(termPoly(coefficient, monomial))
    else parts.push(scalePoly(term, coefficient))
  }
  return addPolys(k.algebra, ...parts, byMatrix(k, addPolys(k.algebra, ...others), place))
}

/** A product that names the free index in the inverse alone, times the matrix; `null` where it is not of that form. */
function cancelled(k: Kernel, { factors }: Monomial, { atom, side }: Place): Poly | null {
  const free = atom.at[side] as Index
  const [holder, ...more] = factors.filter((factor) => factor.atom.free.has(free))
  if (holder === undefined || more.length > 0 || holder.exponent !== 1) return null
  const rest = k.product(ONE, factors.filter((factor) => factor !== holder)) // prettier-ignore
  if (holder.atom === atom) return k.multiply(rest, k.delta(free, atom.at[1 - side] as Index))
  if (holder.atom.kind !== 'sum') return null
  const { body, fresh } = openSum(k, holder.atom)
  const only = singleTerm(body)
  if (only === null) return null
  const inside = only.monomial.factors
  const [inverse, ...others] = inside.filter((factor) => factor.atom.free.has(free))
  if (inverse?.atom.kind !== 'matrix' || inverse.exponent !== 1 || others.length > 0) return null
  if (!isSameMatrix(inverse.atom, atom) || inverse.atom.at[side] !== free || inverse.atom.name !== 'inv') return null
  const left = k.product(only.coefficient, inside.filter((factor) => factor !== inverse)) // prettier-ignore
  return k.multiply(rest, k.sum(k.multiply(left, k.delta(free, inverse.atom.at[1 - side] as Index)), fresh))
}

function byMatrix(k: Kernel, of: Poly, { atom, side }: Place): Poly {
  const free = atom.at[side] as Index
  const summed = k.algebra.fresh()
  const [row, column] = atom.binders
  const [i, j] = side === 0 ? [free, summed] : [summed, free]
  const matrix = k.rename(atom.of, new Map([[row.index, i], [column.index, j]])) // prettier-ignore
  return k.sum(k.multiply(matrix, k.rename(of, new Map([[free, summed]]))), [{ index: summed, size: row.size }])
}
