import { isInteger, MINUS_ONE, negate, ONE, sign } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { constantOf, constantPoly, MAX_BINDERS, NO_TRAITS, scalePoly, singleTerm, ZERO_POLY } from './algebra.ts'
import { exponentOf, isWhole } from './exponent.ts'
import { closedFold } from './fold.ts'
import type { Kernel } from './kernel.ts'
import { hotBinder } from './one-hot.ts'
import { content } from './power.ts'
import { assign, byCases } from './split.ts'
import { sizePoly } from './sum.ts'
import type { Binder, Factor, Poly, Term } from './term.ts'
import { hasSign } from './traits.ts'
import { namedSize } from '../shape/size.ts'

/**
 * The product of `of` over all positions of the binders, none of whose axes is empty. A product of products is the product
 * of each factor, a factor that does not vary is a power, and `exp` takes the sum.
 */
export function productPoly(k: Kernel, of: Poly, binders: readonly Binder[]): Poly {
  if (of.size === 0 || binders.length === 0) return of
  const chosen = byChoice(k, of, binders)
  if (chosen !== null) return chosen
  const term = singleTerm(of)
  if (term !== null) return productOfTerm(k, term, binders)
  const { number, monomial, primitive } = content(k, of, true)
  if (primitive.size === 0) return ZERO_POLY
  const positive = sign(number) > 0
  const outer = productOfTerm(k, { coefficient: positive ? number : negate(number), monomial }, binders)
  // The sign that `content` takes out goes by names of variables, which a canonical form must not.
  const rest = positive ? primitive : scalePoly(primitive, MINUS_ONE)
  const only = singleTerm(rest)
  return k.multiply(outer, only === null ? closedFold(k, 'prod', rest, binders) : productOfTerm(k, only, binders))
}

function productOfTerm(k: Kernel, { coefficient, monomial }: Term, binders: readonly Binder[]): Poly {
  const lengths = binders.reduce<Poly>(
    (product, { size }) => k.multiply(product, sizePoly(k.algebra, size)),
    constantPoly(k.algebra, ONE),
  )
  let product = numberPower(k, coefficient, lengths) ?? closedFold(k, 'prod', constantPoly(k.algebra, coefficient), binders) // prettier-ignore
  if (monomial.factors.length > 1) k.note('product')
  for (const factor of monomial.factors) product = k.multiply(product, productOfFactor(k, factor, lengths, binders))
  return product
}

function productOfFactor(k: Kernel, factor: Factor, lengths: Poly, binders: readonly Binder[]): Poly {
  const { atom, exponent } = factor
  const alone = k.product(ONE, [factor])
  const varies = binders.some(({ index }) => atom.free.has(index))
  if (!varies && atom.traits.binary) return alone
  if (!varies && atom.traits.positive) return k.exp(k.multiply(lengths, k.log(alone)))
  if (!varies) {
    const length = constantOf(lengths)
    if (length !== null && isInteger(length)) return k.power(alone, exponentOf(length))
  }
  if (atom.kind === 'fold' && atom.name === 'prod' && varies && atom.binders.length + binders.length <= MAX_BINDERS) {
    const fresh = atom.binders.map(({ size }) => ({ index: k.algebra.fresh(), size }))
    const to = new Map(atom.binders.map(({ index }, at) => [index, (fresh[at] as Binder).index] as const))
    return k.power(k.fold('prod', k.rename(atom.of, to), [...binders, ...fresh]), exponent)
  }
  if (atom.kind === 'exp') return k.exp(k.sum(k.log(alone), binders))
  const base = atom.kind === 'base' ? atom.of : k.product(ONE, [{ atom, exponent: 1 }])
  // Of a root with an even denominator, no base is negative; of any other power that is not whole, one might be.
  const splits = isWhole(exponent) || exponent.d % 2n === 0n || atom.traits.nonnegative
  return splits ? k.power(closedFold(k, 'prod', base, binders), exponent) : closedFold(k, 'prod', alone, binders)
}

/**
 * A product in which an array `Y` with one 1 along an axis chooses: it is zero where the factor at the 1 is, and where all
 * other factors are 1, it is the factor at the 1, `prod_i (Y_i r_i + 1 - Y_i) = sum_i Y_i r_i`.
 */
function byChoice(k: Kernel, of: Poly, binders: readonly Binder[]): Poly | null {
  for (const { monomial } of of.values()) {
    for (const { atom } of monomial.factors) {
      const chosen = hotBinder(atom, binders)
      if (chosen === undefined) continue
      const [one, zero] = [assign(k, of, atom, 1), assign(k, of, atom, 0)]
      const others = constantOf(zero)
      if (one.size > 0 && (others?.n !== 1n || others.d !== 1n)) continue
      k.note('one-hot')
      if (one.size === 0) return ZERO_POLY
      const here = k.sum(k.multiply(k.product(ONE, [{ atom, exponent: 1 }]), one), [chosen])
      return k.fold('prod', here, binders.filter((binder) => binder !== chosen)) // prettier-ignore
    }
  }
  return null
}

/** A number to a power made of sizes, which is whole; `null` where it is not known to be. */
function numberPower(k: Kernel, value: Rational, exponent: Poly): Poly | null {
  const whole = constantOf(exponent)
  if (whole !== null && isInteger(whole)) return k.power(constantPoly(k.algebra, value), exponentOf(whole))
  if (sign(value) > 0) return k.exp(k.multiply(exponent, k.log(constantPoly(k.algebra, value))))
  const parity = signPower(k, exponent)
  if (parity === null) return null
  return k.multiply(parity, k.exp(k.multiply(exponent, k.log(constantPoly(k.algebra, negate(value))))))
}

/** Whether it is whole at all sizes by its make: whole multiples of products of sizes. */
const isWholeSize = ({ coefficient, monomial }: Term): boolean =>
  isInteger(coefficient) &&
  monomial.factors.every(({ atom, exponent }) => atom.kind === 'size' && isWhole(exponent) && exponent > 0)

/** `(-1)^e` for an exponent made of sizes: each `(-1)^(n*m)` its own inverse, an even multiple 1, and `n^2` as `n`. */
export function signPower(k: Kernel, exponent: Poly): Poly | null {
  let product: Poly = constantPoly(k.algebra, ONE)
  for (const term of exponent.values()) {
    if (!isWholeSize(term)) return null
    if (term.coefficient.n % 2n === 0n) continue
    const names = term.monomial.factors.map(({ atom }) => (atom.kind === 'size' ? atom.name : '')).sort()
    const parity =
      names.length === 0
        ? constantPoly(k.algebra, MINUS_ONE)
        : k.entry(`(-1)^${names.length === 1 ? names.join() : `(${names.join('*')})`}`, [], { ...NO_TRAITS, square: ONE }) // prettier-ignore
    product = k.multiply(product, parity)
  }
  return product
}

/** Any power: of a positive base it is an exponential, and of another one only a whole power need exist. */
export const generalPower = (k: Kernel, base: Poly, exponent: Poly): Poly =>
  (hasSign(base, 1, true) ? null : sizePower(k, base, exponent)) ?? k.exp(k.multiply(exponent, k.log(base)))

/**
 * `base^exponent` for an exponent made of sizes, whole at all of them, as products over axes of these lengths: the base may
 * be negative. `null` for any other exponent.
 */
export function sizePower(k: Kernel, base: Poly, exponent: Poly): Poly | null {
  if (![...exponent.values()].every(isWholeSize)) return null
  const cases = byCases(k, base, (inner) => sizePower(k, inner, exponent) as Poly)
  if (cases !== null) return cases
  let product: Poly = constantPoly(k.algebra, ONE)
  for (const { coefficient, monomial } of exponent.values()) {
    const binders = monomial.factors.flatMap(({ atom, exponent: times }) =>
      Array.from({ length: times as number }, () => ({
        index: k.algebra.fresh(),
        size: namedSize(atom.kind === 'size' ? atom.name : ''),
      })),
    )
    product = k.multiply(product, k.power(k.fold('prod', base, binders), exponentOf(coefficient)))
  }
  return product
}
