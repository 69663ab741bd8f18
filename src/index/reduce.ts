import { divide, MINUS_ONE, ONE } from '../base/rational.ts'
import { addPolys, scalePoly, termPoly } from './algebra.ts'
import { addExponents, floorOf, isNegative, isWhole } from './exponent.ts'
import type { Exponent } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import type { Atom, BaseAtom, Factor, Index, Poly, Term } from './term.ts'

/** Rewritings of one poly at most: the order of terms is not always a well-order, and a leftover costs completeness only. */
const MOST_STEPS = 400

/**
 * Numerators reduced modulo the closed denominators that name one of `variables`: `E/(1+E)` becomes `1 - 1/(1+E)`, so that
 * sums of such fractions have one form. Each step replaces the leading term of a base by the base less its other terms.
 */
export function reduceDenominators(k: Kernel, of: Poly, variables: ReadonlySet<Index>): Poly {
  let current = of
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = reduceOnce(k, current, variables)
    if (next === null) return current
    current = next
  }
  return current
}

function reduceOnce(k: Kernel, of: Poly, variables: ReadonlySet<Index>): Poly | null {
  const kept: Poly[] = []
  const changed: Poly[] = []
  for (const term of of.values()) {
    const reduced = reduceTerm(k, term, variables)
    if (reduced === null) kept.push(termPoly(term.coefficient, term.monomial))
    else changed.push(reduced)
  }
  return changed.length === 0 ? null : addPolys(k.algebra, ...kept, ...changed)
}

function reduceTerm(k: Kernel, { coefficient, monomial }: Term, variables: ReadonlySet<Index>): Poly | null {
  const exponents = new Map(monomial.factors.map(({ atom, exponent }) => [atom, exponent] as const))
  for (const { atom, exponent } of monomial.factors) {
    if (atom.kind !== 'base' || !isNegative(exponent) || ![...atom.free].some((index) => variables.has(index))) continue
    const replaced = replacedTerm(atom, exponents)
    if (replaced === null) continue
    k.note('reduced-denominator')
    // replaced = (base - others) / c, so the term is c^-1 (term/replaced) (base - others).
    const others = scalePoly(without(atom.of, replaced), MINUS_ONE)
    const base = termPoly(ONE, k.algebra.monomial([{ atom, exponent: 1 }]))
    const quotient = dividedBy(k, monomial.factors, replaced)
    const scaled = scalePoly(quotient, divide(coefficient, replaced.coefficient))
    return addPolys(k.algebra, k.multiply(scaled, base), k.multiply(scaled, others))
  }
  return null
}

/** The term of the base to be replaced in a numerator with these exponents: the leading one, or the constant under a pole. */
function replacedTerm(base: BaseAtom, exponents: ReadonlyMap<Atom, Exponent>): Term | null {
  const lead = leadingTerm(base.of)
  if (lead === null) return null
  if (lead.monomial.factors.every(({ atom, exponent }) => atLeast(exponents.get(atom), exponent as number))) return lead
  const [only] = lead.monomial.factors
  const constant = base.of.get('')
  const univariate =
    only !== undefined &&
    [...base.of.values()].every(({ monomial }) => monomial.factors.every(({ atom }) => atom === only.atom))
  const pole = only === undefined ? undefined : exponents.get(only.atom)
  return univariate && constant !== undefined && pole !== undefined && isNegative(pole) ? constant : null
}

const atLeast = (have: Exponent | undefined, wanted: number): boolean => have !== undefined && floorOf(have) >= wanted

const degree = (term: Term): number =>
  term.monomial.factors.reduce((sum, { exponent }) => sum + (exponent as number), 0)

/** The term of the highest degree, of those that are positive whole powers of what is no size. */
export function leadingTerm(of: Poly): Term | null {
  let best: Term | null = null
  for (const term of of.values()) {
    const { factors } = term.monomial
    const fit =
      factors.length > 0 &&
      factors.every(
        ({ atom, exponent }) => isWhole(exponent) && exponent > 0 && atom.kind !== 'size' && atom.kind !== 'number',
      )
    if (!fit) continue
    if (
      best === null ||
      degree(term) > degree(best) ||
      (degree(term) === degree(best) && term.monomial.key > best.monomial.key)
    )
      best = term
  }
  return best
}

const without = (of: Poly, term: Term): Poly => new Map([...of].filter(([, other]) => other !== term))

function dividedBy(k: Kernel, factors: readonly Factor[], { monomial }: Term): Poly {
  const by = new Map(monomial.factors.map(({ atom, exponent }) => [atom, exponent as number] as const))
  const left: Factor[] = []
  for (const { atom, exponent } of factors) {
    const remaining = addExponents(exponent, -(by.get(atom) ?? 0))
    if (remaining !== 0) left.push({ atom, exponent: remaining })
  }
  return k.product(ONE, left)
}
