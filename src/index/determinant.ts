import { MINUS_ONE, negate, ONE, sign } from '../base/rational.ts'
import { literalValue } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { addPolys, constantPoly, polyKey, scalePoly, singleTerm, termPoly } from './algebra.ts'
import { closedMatrix } from './closed-matrix.ts'
import type { Kernel } from './kernel.ts'
import { content } from './power.ts'
import { generalPower, signPower } from './products.ts'
import { openSum, sizePoly } from './sum.ts'
import type { Binder, Factor, Poly, SumAtom, Term } from './term.ts'
import { isFactorPositive } from './traits.ts'

type Pair = readonly [Binder, Binder]

/**
 * The determinant of the matrix `of` over `binders`: of a diagonal one the product of its diagonal, and
 * `det(c*M) = c^n*det(M)`, `det(eye(n) + A*B) = det(eye(m) + B*A)`. Source: Matrix Cookbook, section 1.2 and 3.2; the
 * last is Sylvester's theorem, of which the matrix determinant lemma is the case `m = 1`.
 */
export function determinantPoly(k: Kernel, of: Poly, binders: Pair): Poly {
  const [row, column] = binders
  const diagonal = new Map([...of].filter(([, { monomial }]) => monomial.factors.some((factor) => isDelta(factor, binders)))) // prettier-ignore
  if (diagonal.size === of.size) {
    const onward = k.rename(of, new Map([[column.index, row.index]]))
    return k.fold('prod', onward, [row])
  }
  const exchanged = diagonal.size === 1 ? exchangedProduct(k, of, diagonal, binders) : null
  if (exchanged !== null) return exchanged
  const { number, monomial } = content(k, of, true)
  const size = literalValue(row.size)
  const outer = monomial.factors.filter(
    (factor) => !isVaried(factor, binders) && (size !== null || isFactorPositive(factor)),
  )
  const scale = termPoly(sign(number) < 0 ? negate(number) : number, k.algebra.monomial(outer))
  const rest = k.multiply(of, k.power(scale, -1, true))
  return k.multiply(powerOf(k, scale, row.size), signed(k, rest, binders))
}

const isVaried = ({ atom }: Factor, binders: Pair): boolean => binders.some(({ index }) => atom.free.has(index))
const isDelta = ({ atom }: Factor, binders: Pair): boolean => atom.kind === 'delta' && binders.every(({ index }) => atom.at.includes(index)) // prettier-ignore

const powerOf = (k: Kernel, base: Poly, size: Size): Poly => {
  const length = literalValue(size)
  return length === null ? generalPower(k, base, sizePoly(k.algebra, size)) : k.power(base, length)
}

/** Of a matrix and its opposite one is kept closed, whatever its variables are called. */
function signed(k: Kernel, of: Poly, binders: Pair): Poly {
  const opposite = scalePoly(of, MINUS_ONE)
  const [one, other] = [closedMatrix(k, 'det', of, binders, []), closedMatrix(k, 'det', opposite, binders, [])]
  if (keyOf(one) >= keyOf(other)) return one
  const parity = signPower(k, sizePoly(k.algebra, binders[0].size))
  return parity === null ? one : k.multiply(parity, other)
}

/** By the atom itself, and not by when it was made. */
function keyOf(of: Poly): string {
  const [factor] = singleTerm(of)?.monomial.factors ?? []
  return factor?.atom.key ?? polyKey(of)
}

/** `p*eye + A*B` with `p` of one sign: `p^n*det(eye + B*A/p)`. */
function exchangedProduct(k: Kernel, of: Poly, diagonal: Poly, binders: Pair): Poly | null {
  const [first] = diagonal.values()
  const rest = singleTerm(new Map([...of].filter(([key]) => !diagonal.has(key))))
  if (first === undefined || rest === null) return null
  const factors = first.monomial.factors.filter((factor) => !isDelta(factor, binders))
  if (factors.some((factor) => isVaried(factor, binders) || !isFactorPositive(factor))) return null
  const scale = termPoly(first.coefficient, k.algebra.monomial(factors))
  const inner = singleTerm(k.multiply(termPoly(rest.coefficient, rest.monomial), k.power(scale, -1, true)))
  const determinant = inner === null ? null : exchangedTerm(k, inner, binders)
  return determinant === null ? null : k.multiply(powerOf(k, scale, binders[0].size), determinant)
}

/** `det(eye + A*B)` for a product `A_ir B_rj`, or `x_i a_j`; `null` where it is none. */
function exchangedTerm(k: Kernel, { coefficient, monomial }: Term, binders: Pair): Poly | null {
  const [row, column] = binders
  const outer = k.product(coefficient, monomial.factors.filter((factor) => !isVaried(factor, binders))) // prettier-ignore
  const varied = monomial.factors.filter((factor) => isVaried(factor, binders))
  const sums = varied.filter(({ atom, exponent }) => atom.kind === 'sum' && exponent === 1 && binders.every(({ index }) => atom.free.has(index))) // prettier-ignore
  if (sums.length > 1) return null
  const opened = sums.length === 1 ? openSum(k, (sums[0] as Factor).atom as SumAtom) : null
  if (opened !== null && opened.fresh.length !== 1) return null
  const inside = opened === null ? [] : (singleTerm(opened.body)?.monomial.factors ?? null)
  if (inside === null) return null
  const all = [...varied.filter((factor) => !sums.includes(factor)), ...inside]
  if (all.some(({ atom }) => atom.free.has(row.index) && atom.free.has(column.index))) return null
  const product = (factors: readonly Factor[]): Poly => factors.reduce<Poly>((left, factor) => k.multiply(left, k.product(ONE, [factor])), constantPoly(k.algebra, ONE)) // prettier-ignore
  const left = product(all.filter(({ atom }) => atom.free.has(row.index)))
  const right = product(all.filter(({ atom }) => !atom.free.has(row.index)))
  const turned = k.rename(right, new Map([[column.index, row.index]]))
  const one = constantPoly(k.algebra, ONE)
  const [shared] = opened?.fresh ?? []
  k.note('determinant')
  if (shared === undefined) return addPolys(k.algebra, one, k.sum(k.multiply(outer, k.multiply(left, turned)), [row]))
  const across: Pair = [shared, { index: k.algebra.fresh(), size: shared.size }]
  const body = k.multiply(turned, k.rename(left, new Map([[shared.index, across[1].index]])))
  const here = k.sum(k.multiply(left, right), [shared])
  return ofEither(k, k.multiply(outer, here), binders, k.multiply(outer, k.sum(body, [row])), across)
}

/** `det(eye + one)`, which is `det(eye + other)`. */
function ofEither(k: Kernel, one: Poly, binders: Pair, other: Poly, across: Pair): Poly {
  const added = (of: Poly, [row, column]: Pair): Poly => addPolys(k.algebra, k.delta(row.index, column.index), of)
  const exchanged = added(other, across)
  const isDiagonal = [...exchanged.values()].every(({ monomial }) => monomial.factors.some((factor) => isDelta(factor, across))) // prettier-ignore
  if (isDiagonal) return k.matrix('det', exchanged, across, [])
  const [first, second] = [closedMatrix(k, 'det', added(one, binders), binders, []), closedMatrix(k, 'det', exchanged, across, [])] // prettier-ignore
  return keyOf(first) <= keyOf(second) ? first : second
}
