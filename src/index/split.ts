import { ONE } from '../base/rational.ts'
import { addPolys, constantPoly, scalePoly, ZERO_POLY } from './algebra.ts'
import { isWhole } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import { hotFactor } from './one-hot.ts'
import type { Atom, Binder, Factor, Poly, Term } from './term.ts'

/** A case distinction doubles the work; beyond this many in one argument it is left closed. */
const MOST_CASES = 4

/** An atom in `poly` that is 0 or 1 and not bound inside a closed one: a label's entry or an indicator. */
export function binaryAtom(poly: Poly): Atom | null {
  for (const { monomial } of poly.values()) {
    for (const { atom } of monomial.factors) if (atom.traits.binary) return atom
  }
  return null
}

function countBinaries(poly: Poly): number {
  const found = new Set<Atom>()
  for (const { monomial } of poly.values())
    for (const { atom } of monomial.factors) if (atom.traits.binary) found.add(atom)
  return found.size
}

/** `poly` where the 0-or-1 atom has the given value. */
export function assign(k: Kernel, poly: Poly, atom: Atom, value: 0 | 1): Poly {
  const result = new Map<string, Term>()
  const parts: Poly[] = [result]
  for (const term of poly.values()) {
    const without = term.monomial.factors.filter((factor) => factor.atom !== atom)
    if (without.length === term.monomial.factors.length) result.set(term.monomial.key, term)
    else if (value === 1) parts.push(k.product(term.coefficient, without))
  }
  return addPolys(k.algebra, ...parts)
}

/** `poly` with a value in the place of an atom, where it stands to a positive whole power. */
export function replaceAtom(k: Kernel, poly: Poly, atom: Atom, by: Poly): Poly {
  const parts = [...poly.values()].map((term): Poly => {
    const exponent = term.monomial.factors.find((factor) => factor.atom === atom)?.exponent
    return exponent !== undefined && isWhole(exponent) && exponent > 0
      ? replaceFactor(k, term, atom, by)
      : new Map([[term.monomial.key, term]])
  })
  return addPolys(k.algebra, ...parts)
}

/**
 * `f(poly)` by cases of one 0-or-1 atom `q`: `q f(poly with q = 1) + (1 - q) f(poly with q = 0)`, true for any `f`.
 * `null` where there is no such atom, or too many.
 */
export function byCases(k: Kernel, poly: Poly, f: (poly: Poly) => Poly): Poly | null {
  const hot = byOneHot(k, poly, f)
  if (hot !== null) {
    k.note('one-hot')
    return hot
  }
  const atom = binaryAtom(poly)
  if (atom === null || countBinaries(poly) > MOST_CASES) return null
  k.note('cases')
  const q = k.product(ONE, [{ atom, exponent: 1 }])
  const not = addPolys(k.algebra, constantPoly(k.algebra, ONE), scalePoly(q, { n: -1n, d: 1n }))
  const [one, zero] = [assign(k, poly, atom, 1), assign(k, poly, atom, 0)]
  // A case that contradicts itself (an opposite indicator) has been dropped by the product's laws.
  return addPolys(k.algebra, caseTerm(k, q, one, f), caseTerm(k, not, zero, f))
}

/**
 * `f(poly)` where `poly` holds a sum over the axis along which an array has one 1: `f(g(sum_i Y_i r_i))` is
 * `sum_i Y_i f(g(r_i))` for any `f` and `g`.
 */
function byOneHot(k: Kernel, poly: Poly, f: (poly: Poly) => Poly): Poly | null {
  for (const { monomial } of poly.values()) {
    for (const { atom } of monomial.factors) {
      const hot = atom.kind === 'sum' ? hotFactor(atom) : null
      if (atom.kind !== 'sum' || hot === null) continue
      const fresh = atom.binders.map(({ size }) => ({ index: k.algebra.fresh(), size }))
      const to = new Map(atom.binders.map(({ index }, at) => [index, (fresh[at] as Binder).index] as const))
      const [chosen] = fresh.filter((_, at) => atom.binders[at]?.index === hot.at[hot.traits.onehot])
      const others = fresh.filter((binder) => binder !== chosen)
      const open = (factors: readonly Factor[]): Poly => k.rename(k.product(ONE, factors), to)
      const rest = k.sum(open(atom.of.factors.filter((factor) => factor.atom !== hot)), others)
      const replaced = addPolys(k.algebra, ...[...poly.values()].map((term) => replaceFactor(k, term, atom, rest)))
      const selector = open([{ atom: hot, exponent: 1 }])
      return k.sum(k.multiply(selector, f(replaced)), [chosen as Binder])
    }
  }
  return null
}

function replaceFactor(k: Kernel, { coefficient, monomial }: Term, atom: Atom, by: Poly): Poly {
  const found = monomial.factors.find((factor) => factor.atom === atom)
  const left = k.product(coefficient, monomial.factors.filter((factor) => factor !== found)) // prettier-ignore
  return found === undefined ? left : k.multiply(left, k.power(by, found.exponent))
}

function caseTerm(k: Kernel, guard: Poly, inner: Poly, f: (poly: Poly) => Poly): Poly {
  return guard.size === 0 ? ZERO_POLY : k.multiply(guard, f(inner))
}
