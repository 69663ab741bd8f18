import {
  compare,
  divide,
  equals,
  MINUS_ONE,
  multiply,
  negate,
  ONE,
  power as rationalPower,
  rational,
  sign,
} from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { BackproveError } from '../base/errors.ts'
import { addPolys, atomPoly, constantPoly, NO_TRAITS, scalePoly, singleTerm, termPoly, ZERO_POLY } from './algebra.ts'
import { addExponents, exponentOf, floorOf, isNegative, isWhole, multiplyExponents, toRational } from './exponent.ts'
import type { Exponent } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import { hotFactor } from './one-hot.ts'
import { numberPower } from './number.ts'
import { byCases } from './split.ts'
import { squaredCosine } from './trig.ts'
import type { Atom, Factor, Monomial, Poly, Term } from './term.ts'
import { hasSign, isAnalytic, isFactorPositive, isInvertible } from './traits.ts'

/** A product written out may have this many terms at most. */
const LARGEST_POWER = 64

/**
 * `base` to an exact power. A positive whole power is multiplied out; any other keeps a sum closed, its content (a number
 * and, where the sign of a factor allows it, a monomial) taken out first, so that equal bases look equal.
 * Throws `budget` for a negative power of zero, which no point of the domain reaches.
 */
export function power(k: Kernel, base: Poly, exponent: Exponent, nonzero = false): Poly {
  if (exponent === 0) return constantPoly(k.algebra, ONE)
  if (exponent === 1) return base
  if (base.size === 0) {
    if (isNegative(exponent)) throw new BackproveError('budget', 'a denominator is zero everywhere')
    return ZERO_POLY
  }
  if (isWhole(exponent) && exponent > 0) return wholePower(k, base, exponent)
  const cases = powerByCases(k, base, exponent)
  if (cases !== null) return cases
  if (isNegative(exponent) && !nonzero && !isInvertible(base)) return opaquePower(k, base, exponent)
  const term = singleTerm(base)
  return term === null ? powerOfSum(k, base, exponent) : powerOfTerm(k, term, exponent)
}

/**
 * A power by cases of a 0-or-1 atom; `null` where there is none. Where a case divides by zero the whole is undefined, no
 * claim speaks of it, and any value may stand for it: 0, so that `relu(x)/relu(x)` becomes `[x > 0]` and not 1.
 */
function powerByCases(k: Kernel, base: Poly, exponent: Exponent): Poly | null {
  return byCases(k, base, (inner) => (inner.size === 0 ? ZERO_POLY : k.power(inner, exponent)))
}

function wholePower(k: Kernel, base: Poly, exponent: number): Poly {
  const term = singleTerm(base)
  if (term !== null && term.monomial.factors.every(({ atom }) => isFreelyPowered(atom))) {
    const factors = term.monomial.factors.map((factor) => ({
      ...factor,
      exponent: multiplyExponents(factor.exponent, exponent),
    }))
    return termPoly(rationalPower(term.coefficient, exponent), k.algebra.monomial(factors))
  }
  if (exponent > LARGEST_POWER) throw new BackproveError('budget', `a sum to the power ${exponent}`)
  let result = base
  for (let i = 1; i < exponent; i++) result = k.multiply(result, base)
  return result
}

/** Whether no law looks at the exponent of an atom. */
function isFreelyPowered(atom: Atom): boolean {
  if (atom.kind === 'entry' || atom.kind === 'matrix') return !atom.traits.binary && atom.traits.square === null
  if (atom.kind === 'function') return atom.name !== 'cos'
  if (atom.kind === 'sum') return hotFactor(atom) === null
  return atom.kind !== 'indicator' && atom.kind !== 'delta' && atom.kind !== 'number' && atom.kind !== 'base'
}

/** A reciprocal that never cancels: of a label, an indicator, a value that passed a kink. `u^-n` is `(1/u)^n`. */
function opaquePower(k: Kernel, base: Poly, exponent: Exponent): Poly {
  if (isWhole(exponent)) return k.power(k.call('reciprocal', [base]), -exponent)
  return k.call('reciprocal', [k.power(base, exponentOf(negate(exponent)))])
}

function powerOfTerm(k: Kernel, { coefficient, monomial }: Term, exponent: Exponent): Poly {
  if (isWhole(exponent)) {
    let result: Poly = constantPoly(k.algebra, rationalPower(coefficient, exponent))
    const simple: Factor[] = []
    for (const { atom, exponent: inner } of monomial.factors) {
      const total = multiplyExponents(inner, exponent)
      if (isFreelyPowered(atom)) simple.push({ atom, exponent: total })
      else result = k.multiply(result, factorPower(k, atom, total))
    }
    return k.multiply(result, termPoly(ONE, k.algebra.monomial(simple)))
  }
  // (c x)^(p/q) splits over factors that are known to be positive, and where none may be negative over all.
  const split =
    coefficient.n > 0n && monomial.factors.every((factor) => isNonnegative(factor) || isFactorPositive(factor))
  let result: Poly = numberPower(k.algebra, coefficient.n < 0n ? negate(coefficient) : coefficient, exponent)
  const rest: Factor[] = []
  for (const factor of monomial.factors) {
    const even = isWhole(factor.exponent) && factor.exponent % 2 === 0
    const total = multiplyExponents(factor.exponent, exponent)
    if (factor.atom.traits.positive || split) result = k.multiply(result, factorPower(k, factor.atom, total))
    else if (even) result = k.multiply(result, k.power(magnitude(k, factor.atom), total))
    else rest.push(factor)
  }
  const negative = coefficient.n < 0n
  if (rest.length === 0 && !negative) return result
  const [only] = rest
  // u^q is not negative where u is not, and only there, if q is odd or no whole number.
  if (rest.length === 1 && !negative && only !== undefined && (!isWhole(only.exponent) || only.exponent % 2 !== 0))
    return k.multiply(result, factorPower(k, only.atom, multiplyExponents(only.exponent, exponent)))
  return k.multiply(result, closed(k, termPoly(negative ? MINUS_ONE : ONE, k.algebra.monomial(rest)), exponent))
}

const isNonnegative = ({ atom, exponent }: Factor): boolean =>
  atom.traits.nonnegative && (!isWhole(exponent) || exponent > 0)

/** `|x|`, since `(x^2)^(1/2)` is that and not `x`. */
function magnitude(k: Kernel, atom: Atom): Poly {
  k.note('magnitude')
  const value = atomPoly(k.algebra, atom)
  const opposite = scalePoly(value, MINUS_ONE)
  return addPolys(k.algebra, k.multiply(k.indicator(value), value), k.multiply(k.indicator(opposite), opposite))
}

/** A power of one atom, with the laws that look at exponents applied. */
function factorPower(k: Kernel, atom: Atom, exponent: Exponent): Poly {
  return k.product(ONE, [{ atom, exponent }])
}

/** A power of a sum: its content to the power, times the primitive part kept closed. */
function powerOfSum(k: Kernel, base: Poly, exponent: Exponent): Poly {
  const { number, monomial, primitive } = content(k, base, isWhole(exponent))
  if (primitive.size === 0) return k.power(primitive, exponent)
  const inner = singleTerm(primitive)
  const cosine = isWhole(exponent) ? null : squaredCosine(k, primitive)
  const outer = k.multiply(outerPower(k, number, exponent), powerOfTerm(k, { coefficient: ONE, monomial }, exponent))
  if (cosine !== null) return k.multiply(outer, k.power(magnitude(k, cosine), multiplyExponents(exponent, 2)))
  return k.multiply(outer, inner === null ? closed(k, primitive, exponent) : k.power(primitive, exponent))
}

function outerPower(k: Kernel, number: Rational, exponent: Exponent): Poly {
  return isWhole(exponent)
    ? constantPoly(k.algebra, rationalPower(number, exponent))
    : numberPower(k.algebra, number, exponent)
}

/** A closed power; the whole part of a positive one is multiplied out. */
function closed(k: Kernel, primitive: Poly, exponent: Exponent): Poly {
  const positive = hasSign(primitive, 1, true)
  const traits = {
    ...NO_TRAITS,
    positive,
    nonnegative: positive || hasSign(primitive, 1, false),
    analytic: isAnalytic(primitive),
  }
  const atom = k.algebra.atom({ kind: 'base', of: primitive, traits })
  const whole = isNegative(exponent) ? 0 : floorOf(exponent)
  const fraction = addExponents(exponent, -whole)
  const root =
    fraction === 0 ? constantPoly(k.algebra, ONE) : termPoly(ONE, k.algebra.monomial([{ atom, exponent: fraction }]))
  return whole === 0 ? root : k.multiply(root, k.power(primitive, whole))
}

export interface Content {
  readonly number: Rational
  readonly monomial: Monomial
  readonly primitive: Poly
}

/**
 * `poly = number * monomial * primitive`, the last without terms where the poly proves to be zero. The number is positive unless `signed`, when it also makes the first term's
 * coefficient positive; the monomial holds factors of every term that are positive, or with `signed` merely invertible.
 */
export function content(k: Kernel, poly: Poly, signed: boolean): Content {
  const outer = contentOnce(k, poly, signed)
  if (!outer.monomial.factors.some(({ atom }) => atom.kind === 'base')) return outer
  // Over a common denominator the numerator is another sum, with a content of its own; or nothing is left of it.
  if (outer.primitive.size === 0) return { number: ONE, monomial: k.algebra.one, primitive: ZERO_POLY }
  const inner = content(k, outer.primitive, signed)
  const product = singleTerm(k.multiply(termPoly(outer.number, outer.monomial), termPoly(inner.number, inner.monomial)))
  if (product === null) return outer
  return { number: product.coefficient, monomial: product.monomial, primitive: inner.primitive }
}

function contentOnce(k: Kernel, poly: Poly, signed: boolean): Content {
  const number = numericContent(poly, signed)
  const lowest = new Map<Atom, Exponent>()
  let first = true
  for (const { monomial } of poly.values()) {
    const here = new Map(monomial.factors.map(({ atom, exponent }) => [atom, exponent] as const))
    for (const [atom, exponent] of here) {
      const known = lowest.get(atom)
      if (known === undefined) lowest.set(atom, first ? exponent : isNegative(exponent) ? exponent : 0)
      else if (smaller(exponent, known)) lowest.set(atom, exponent)
    }
    for (const [atom, known] of lowest) if (!here.has(atom) && !isNegative(known)) lowest.set(atom, 0)
    first = false
  }
  const factors: Factor[] = []
  for (const [atom, exponent] of lowest) {
    const movable = isFactorPositive({ atom, exponent }) || (signed && atom.traits.analytic && isWhole(exponent))
    const free = isFreelyPowered(atom) || (atom.kind === 'base' && isNegative(exponent))
    if (exponent !== 0 && movable && free) factors.push({ atom, exponent })
  }
  factors.sort((a, b) => a.atom.id - b.atom.id)
  const monomial = k.algebra.monomial(factors)
  if (monomial === k.algebra.one && equals(number, ONE)) return { number, monomial, primitive: poly }
  const inverse = factors.map(({ atom, exponent }) => ({ atom, exponent: multiplyExponents(exponent, -1) }))
  const scaled = scalePoly(poly, divide(ONE, number))
  const primitive = monomial === k.algebra.one ? scaled : k.multiply(scaled, termPoly(ONE, k.algebra.monomial(inverse)))
  return { number, monomial, primitive }
}

const smaller = (a: Exponent, b: Exponent): boolean => compare(toRational(a), toRational(b)) < 0

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** The rational by which the coefficients become whole and without common divisor. */
function numericContent(poly: Poly, signed: boolean): Rational {
  let [n, d] = [0n, 1n]
  let leading: Term | null = null
  for (const term of poly.values()) {
    n = gcd(n, term.coefficient.n)
    d = (d / gcd(d, term.coefficient.d)) * term.coefficient.d
    if (leading === null || term.monomial.key > leading.monomial.key) leading = term
  }
  const positive = rational(n, d)
  return signed && leading !== null && sign(leading.coefficient) < 0 ? multiply(positive, MINUS_ONE) : positive
}
