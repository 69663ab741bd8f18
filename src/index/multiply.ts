import { MINUS_ONE, multiply as times, ONE, power as rationalPower } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { accumulate, addPolys, constantPoly, scalePoly, singleTerm, termPoly, ZERO_POLY } from './algebra.ts'
import { floorOf, isNegative, isWhole, toRational } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import { chosenPair, combineChosen } from './one-hot.ts'
import { splitNumber } from './number.ts'
import type { DeltaAtom, EntryAtom, Factor, FunctionAtom, Monomial, Poly, Term } from './term.ts'

/** The product, distributed over both sums. */
export function multiplyPolys(k: Kernel, a: Poly, b: Poly): Poly {
  if (a.size === 0 || b.size === 0) return ZERO_POLY
  const [x, y] = [singleTerm(a), singleTerm(b)]
  if (x !== null && x.monomial === k.algebra.one)
    return x.coefficient.n === 1n && x.coefficient.d === 1n ? b : scalePoly(b, x.coefficient)
  if (y !== null && y.monomial === k.algebra.one)
    return y.coefficient.n === 1n && y.coefficient.d === 1n ? a : scalePoly(a, y.coefficient)
  const product = new Map<string, Term>()
  k.algebra.spend(a.size * b.size)
  for (const s of a.values()) {
    for (const t of b.values()) {
      multiplyInto(k, product, times(s.coefficient, t.coefficient), s.monomial, t.monomial)
    }
  }
  return product
}

/** The product of factors, sorted by atom id and each atom once, with all laws applied. */
export function productOf(k: Kernel, coefficient: Rational, factors: readonly Factor[]): Poly {
  if (factors.some(isTroubled) || clashes(factors)) return normalise(k, factors, coefficient)
  return termPoly(coefficient, k.algebra.monomial(factors))
}

function multiplyInto(k: Kernel, into: Map<string, Term>, coefficient: Rational, a: Monomial, b: Monomial): void {
  const merged = k.algebra.merge(a.factors, b.factors)
  for (const term of productOf(k, coefficient, merged).values()) accumulate(into, term.coefficient, term.monomial)
}

/** Whether a law applies to a factor by itself. */
function isTroubled({ atom, exponent }: Factor): boolean {
  if (exponent === 1) return atom.kind === 'base' || (atom.kind === 'number' && atom.value !== 'pi')
  switch (atom.kind) {
    case 'indicator':
    case 'delta':
      return true
    case 'entry':
    case 'matrix':
      return atom.traits.binary || (atom.traits.square !== null && isWhole(exponent))
    case 'function':
      return atom.name === 'cos' && isWhole(exponent) && exponent > 1
    case 'number':
      return atom.value !== 'pi' && (isWhole(exponent) || floorOf(exponent) !== 0)
    case 'base':
      return !isNegative(exponent) && floorOf(exponent) >= 1
    default:
      return false
  }
}

/** Whether factors contradict each other, or a delta identifies indices of others. */
function clashes(factors: readonly Factor[]): boolean {
  let indicators = 0
  let hot = 0
  for (const { atom } of factors) {
    if (atom.kind === 'delta' && factors.length > 1 && touches(factors, atom)) return true
    if (atom.kind === 'indicator') indicators++
    if (atom.kind === 'entry' && atom.traits.onehot >= 0) hot++
  }
  return (
    (indicators > 1 && opposites(factors)) || (hot > 1 && oneHotPair(factors) !== null) || chosenPair(factors) !== null
  )
}

/** Two entries of one array that differ only along the axis that holds a single 1. */
function oneHotPair(factors: readonly Factor[]): readonly [EntryAtom, EntryAtom] | null {
  const hot = factors.flatMap(({ atom }) => (atom.kind === 'entry' && atom.traits.onehot >= 0 ? [atom] : []))
  for (const [position, a] of hot.entries()) {
    for (const b of hot.slice(position + 1)) {
      if (a.symbol !== b.symbol) continue
      if (a.at.every((index, axis) => axis === a.traits.onehot || index === b.at[axis])) return [a, b]
    }
  }
  return null
}

/** Whether another factor still names the index that a delta replaces. */
function touches(factors: readonly Factor[], delta: DeltaAtom): boolean {
  return factors.some(({ atom }) => atom !== delta && atom.free.has(delta.at[1]))
}

function opposites(factors: readonly Factor[]): boolean {
  const keys = new Set<string>()
  for (const { atom } of factors) if (atom.kind === 'indicator') keys.add(signedKey(atom.of, 1n))
  for (const { atom } of factors) if (atom.kind === 'indicator' && keys.has(signedKey(atom.of, -1n))) return true
  return false
}

function signedKey(poly: Poly, sign: bigint): string {
  const parts: string[] = []
  for (const [key, { coefficient }] of poly) parts.push(`${coefficient.n * sign}/${coefficient.d}*${key}`)
  return parts.sort().join('+')
}

/** Applies the laws of idempotents, deltas, opposite indicators, roots of numbers and whole parts of powers of sums. */
function normalise(k: Kernel, factors: readonly Factor[], coefficient: Rational): Poly {
  const delta = factors.find(({ atom }) => atom.kind === 'delta' && touches(factors, atom))?.atom
  if (delta?.kind === 'delta') return identify(k, factors, coefficient, delta)
  if (opposites(factors)) {
    k.note('opposite-signs')
    return ZERO_POLY
  }
  const pair = oneHotPair(factors)
  if (pair !== null) {
    k.note('one-hot')
    return oneHotProduct(k, factors, coefficient, pair)
  }
  const chosen = chosenPair(factors)
  if (chosen !== null) {
    k.note('one-hot')
    return combineChosen(k, factors, coefficient, chosen)
  }
  const plain: Factor[] = []
  const rest: Poly[] = []
  let scale = coefficient
  for (const factor of factors) {
    const { atom, exponent } = factor
    if (!isTroubled(factor)) plain.push(factor)
    else if (atom.kind === 'number') {
      const { whole, fraction } = splitNumber(k.algebra, atom, exponent)
      scale = times(scale, whole)
      if (fraction !== null) plain.push(fraction)
    } else if (atom.traits.square !== null) {
      k.note('unit-square')
      const odd = Math.abs((exponent as number) % 2)
      scale = times(scale, rationalPower(atom.traits.square, ((exponent as number) - odd) / 2))
      if (odd === 1) plain.push({ atom, exponent: 1 })
    } else if (atom.kind === 'function') {
      k.note('sine')
      plain.push(...((exponent as number) % 2 === 0 ? [] : [{ atom, exponent: 1 }]))
      rest.push(k.power(sineLaw(k, atom), Math.floor((exponent as number) / 2)))
    } else if (atom.kind === 'base') {
      const whole = floorOf(exponent)
      rest.push(k.power(atom.of, whole))
      const left = toRational(exponent)
      const fraction = { n: left.n - BigInt(whole) * left.d, d: left.d }
      if (fraction.n !== 0n) plain.push({ atom, exponent: fraction })
    } else {
      if (exponent !== 1) k.note('zero-or-one')
      plain.push({ atom, exponent: 1 })
    }
  }
  let product: Poly = termPoly(scale, k.algebra.monomial(plain))
  for (const poly of rest) product = k.multiply(product, poly)
  return product
}

/** `Y_ik Y_jk = delta_ij Y_ik`: a column holds one 1. */
function oneHotProduct(
  k: Kernel,
  factors: readonly Factor[],
  coefficient: Rational,
  [a, b]: readonly [EntryAtom, EntryAtom],
): Poly {
  const kept = factors.filter(({ atom }) => atom !== b)
  const axis = a.traits.onehot
  return k.multiply(k.product(coefficient, kept), k.delta(a.at[axis] as number, b.at[axis] as number))
}

/** `cos(u)^2 = 1 - sin(u)^2`. */
function sineLaw(k: Kernel, atom: FunctionAtom): Poly {
  const sine = k.call('sin', atom.args)
  return addPolys(k.algebra, constantPoly(k.algebra, ONE), scalePoly(k.power(sine, 2), MINUS_ONE))
}

/** Where `i = j`, every other factor may speak of `i` alone. */
function identify(k: Kernel, factors: readonly Factor[], coefficient: Rational, delta: DeltaAtom): Poly {
  k.note('delta')
  const [keep, replaced] = delta.at
  const to = new Map([[replaced, keep]])
  let product: Poly = termPoly(coefficient, k.algebra.monomial([{ atom: delta, exponent: 1 }]))
  for (const { atom, exponent } of factors) {
    if (atom === delta) continue
    const renamed = k.rename(termPoly(ONE, k.algebra.monomial([{ atom, exponent: 1 }])), to)
    product = k.multiply(product, k.power(renamed, exponent, true))
  }
  return product
}
