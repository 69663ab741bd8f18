import { MINUS_ONE, negate, ONE, rational } from '../base/rational.ts'
import { addPolys, scalePoly, termPoly } from './algebra.ts'
import { addExponents, exponentOf, isNegative, isWhole, toRational } from './exponent.ts'
import type { Exponent } from './exponent.ts'
import { isFeasible } from './feasible.ts'
import type { Inequality } from './feasible.ts'
import { isGeneric } from './generic.ts'
import { withoutInverses } from './inverses.ts'
import type { Kernel } from './kernel.ts'
import { isNowhereBelow, whereZero } from './nonnegative.ts'
import { topIndicators, whereAbove, withFactorSigns } from './signs.ts'
import { assign } from './split.ts'
import { openSum } from './sum.ts'
import type { Atom, BaseAtom, Binder, FunctionAtom, IndicatorAtom, Monomial, Poly, SumAtom, Term } from './term.ts'

export interface ZeroTest {
  /** Ties of comparisons may be left out: the trials met none that holds on an open set. */
  readonly generic: boolean
  /** Declared inequalities, each `of > 0` or `of >= 0`. */
  readonly facts: readonly Inequality[]
  /** Told of each step that succeeded, for the certificate. */
  readonly note: (rule: string, detail: string) => void
}

/** Indicators that one case distinction may range over. */
const MOST_INDICATORS = 7
/** Closed denominators cleared in one test. */
const MOST_DENOMINATORS = 24
/** Depth to which sums are opened inside one another. */
const MOST_NESTING = 4

/**
 * Whether a poly is zero for all sizes and at every point of the domain off the kinks. `false` means not shown: neither
 * closed denominators under sums nor identities between opaque atoms are decided in general.
 */
export function isZeroPoly(k: Kernel, of: Poly, test: ZeroTest, depth = 0): boolean {
  if (of.size === 0) return true
  if (depth > MOST_NESTING) return false
  const cleared = clearDenominators(k, of, test)
  if (cleared.size === 0) return true
  const indicator = topIndicators(cleared)
  if (indicator.length > 0) {
    if (isZeroByCases(k, cleared, indicator, test, depth)) return true
    const apart = withFactorSigns(k, cleared)
    return apart !== null && isZeroPoly(k, apart, test, depth + 1)
  }
  const reciprocal = topReciprocal(cleared)
  if (reciprocal !== null) return isZeroOverReciprocal(k, cleared, reciprocal, test, depth)
  if (mergeBlocks(k, cleared, test, depth)) return true
  return depth === 0 && isZeroWithoutInverses(k, cleared, test)
}

/** Whether it is zero once multiplied by matrices whose inverses stand in it, which are invertible where it is defined. */
function isZeroWithoutInverses(k: Kernel, of: Poly, test: ZeroTest): boolean {
  for (const product of withoutInverses(k, of)) {
    if (!isZeroPoly(k, product, test, 1)) continue
    test.note('clear-inverse', 'multiplied by matrices whose inverses it holds')
    return true
  }
  return false
}

/** Multiplied by the closed denominators, none of which is zero where the claim is defined. */
function clearDenominators(k: Kernel, of: Poly, test: ZeroTest): Poly {
  let current = of
  for (let round = 0; round < MOST_DENOMINATORS; round++) {
    const found = lowestDenominator(current)
    if (found === null) return current
    const { atom, exponent } = found
    const inverse = typeof exponent === 'number' ? -exponent : exponentOf(negate(exponent))
    current = k.multiply(current, termPoly(ONE, k.algebra.monomial([{ atom, exponent: inverse }])))
    test.note('clear-denominator', `multiplied by a denominator to the power ${String(Number(toRational(inverse).n))}`)
    if (current.size === 0) return current
  }
  return current
}

function lowestDenominator(of: Poly): { atom: BaseAtom; exponent: Exponent } | null {
  let best: { atom: BaseAtom; exponent: Exponent } | null = null
  for (const { monomial } of of.values()) {
    for (const { atom, exponent } of monomial.factors) {
      if (atom.kind !== 'base' || !isNegative(exponent)) continue
      const outer =
        best === null || atom.level > best.atom.level || (atom.level === best.atom.level && atom.id > best.atom.id)
      const lower = best !== null && atom === best.atom && isNegative(addExponents(exponent, negated(best.exponent)))
      if (outer || lower) best = { atom, exponent }
    }
  }
  return best
}

const negated = (exponent: Exponent): Exponent => (typeof exponent === 'number' ? -exponent : negate(exponent))

function topReciprocal(of: Poly): FunctionAtom | null {
  let best: FunctionAtom | null = null
  for (const { monomial } of of.values()) {
    for (const { atom, exponent } of monomial.factors) {
      if (atom.kind !== 'function' || atom.name !== 'reciprocal' || !isWhole(exponent)) continue
      if (best === null || atom.level > best.level || (atom.level === best.level && atom.id > best.id)) best = atom
    }
  }
  return best
}

/**
 * `A + sum_n B_n (1/u)^n` is zero where `A` is and `sum_n B_n u^(N - n)` is. Nothing is said of `u = 0`, where the
 * reciprocal stands for any number or the claim says nothing: there all is zero if `1/0` is read as 0.
 */
function isZeroOverReciprocal(k: Kernel, of: Poly, atom: FunctionAtom, test: ZeroTest, depth: number): boolean {
  const exponents = [...of.values()].map(({ monomial }) => exponentIn(monomial, atom))
  const [most, least] = [Math.max(...exponents), Math.min(...exponents)]
  if (least < 0 || !Number.isSafeInteger(most)) return false
  const without: Poly[] = []
  const cleared: Poly[] = []
  const [u] = atom.args as [Poly]
  for (const [at, { coefficient, monomial }] of [...of.values()].entries()) {
    const rest = k.product(coefficient, monomial.factors.filter((factor) => factor.atom !== atom)) // prettier-ignore
    const exponent = exponents[at] as number
    if (exponent === 0) without.push(rest)
    else cleared.push(k.multiply(rest, k.power(u, most - exponent)))
  }
  test.note('clear-reciprocal', 'the parts with and without a reciprocal that may be of zero')
  return (
    isZeroPoly(k, addPolys(k.algebra, ...without), test, depth + 1) &&
    isZeroPoly(k, addPolys(k.algebra, ...cleared), test, depth + 1)
  )
}

/** The whole exponent of an atom in a product; `NaN` where it is none. */
function exponentIn({ factors }: Monomial, atom: Atom): number {
  const exponent = factors.find((factor) => factor.atom === atom)?.exponent ?? 0
  return isWhole(exponent) ? exponent : NaN
}

/** Zero in every sign pattern of the comparisons that can occur. */
function isZeroByCases(
  k: Kernel,
  of: Poly,
  indicators: readonly IndicatorAtom[],
  test: ZeroTest,
  depth: number,
): boolean {
  if (indicators.length > MOST_INDICATORS) return false
  test.note('signs', `the signs of ${indicators.length} comparisons`)
  const visit = (position: number, poly: Poly, facts: readonly Inequality[]): boolean => {
    if (poly.size === 0) return true
    const atom = indicators[position]
    if (atom === undefined) return !isFeasible(facts) || isZeroPoly(k, poly, test, depth + 1)
    const above = [...facts, { of: atom.of, strict: true }]
    const opposite = scalePoly(atom.of, MINUS_ONE)
    const strict = test.generic && isGeneric(atom.of)
    const below = [...facts, { of: opposite, strict }]
    const high = whereAbove(k, assign(k, poly, atom, 1), atom.of)
    const without = assign(k, poly, atom, 0)
    const tied = isNowhereBelow(k, atom.of, 1)
    const low = tied ? whereZero(k, without, atom.of) : strict ? whereAbove(k, without, opposite) : without
    return (
      (!isFeasible(above) || visit(position + 1, high, above)) &&
      (!isFeasible(below) || visit(position + 1, low, below))
    )
  }
  return visit(0, of, test.facts)
}

/** Sums over the same axes with the same cofactor are put under one sum, whose integrand is tested at each point. */
function mergeBlocks(k: Kernel, of: Poly, test: ZeroTest, depth: number): boolean {
  let current = of
  for (;;) {
    const next = mergeOnce(k, current, test, depth)
    if (next === null) return false
    if (next.size === 0) return true
    current = next
  }
}

interface Group {
  readonly terms: { term: Term; block: SumAtom }[]
}

function mergeOnce(k: Kernel, of: Poly, test: ZeroTest, depth: number): Poly | null {
  const groups = new Map<string, Group>()
  for (const term of of.values()) {
    for (const { atom, exponent } of term.monomial.factors) {
      if (atom.kind !== 'sum' || exponent !== 1) continue
      const cofactor = cofactorOf(k, term.monomial, atom)
      const key = `${cofactor.key}|${atom.binders.map(({ size }) => size.key).sort().join(',')}` // prettier-ignore
      const group = groups.get(key) ?? { terms: [] }
      group.terms.push({ term, block: atom })
      groups.set(key, group)
    }
  }
  const ordered = [...groups.values()].sort((a, b) => b.terms.length - a.terms.length)
  for (const { terms } of ordered) {
    if (!isZeroPoly(k, integrand(k, terms), test, depth + 1)) continue
    test.note('one-sum', `${terms.length} sums over the same axes, whose terms cancel at each position`)
    const gone = new Set(terms.map(({ term }) => term.monomial.key))
    return new Map([...of].filter(([key]) => !gone.has(key)))
  }
  return null
}

const cofactorOf = (k: Kernel, monomial: Monomial, block: SumAtom): Monomial =>
  k.algebra.monomial(monomial.factors.filter(({ atom }) => atom !== block))

/** The integrands over common variables, averaged over the orders of variables of equal length. */
function integrand(k: Kernel, terms: Group['terms']): Poly {
  const [first] = terms
  const common = [...(first as { block: SumAtom }).block.binders]
    .sort((a, b) => (a.size.key < b.size.key ? -1 : a.size.key > b.size.key ? 1 : 0))
    .map(({ size }) => ({ index: k.algebra.fresh(), size }))
  const parts: Poly[] = []
  for (const { term, block } of terms) {
    const { body, fresh } = openSum(k, block)
    const orders = alignments(fresh, common)
    for (const to of orders) {
      const weight = { n: term.coefficient.n, d: term.coefficient.d * BigInt(orders.length) }
      parts.push(scalePoly(k.rename(body, to), rational(weight.n, weight.d)))
    }
  }
  return addPolys(k.algebra, ...parts)
}

const MOST_ALIGNMENTS = 24

function alignments(from: readonly Binder[], common: readonly Binder[]): Map<number, number>[] {
  const result: Map<number, number>[] = []
  const visit = (position: number, left: readonly Binder[], to: Map<number, number>): void => {
    const target = common[position]
    if (target === undefined) {
      result.push(to)
      return
    }
    for (const binder of left) {
      if (binder.size !== target.size || result.length >= MOST_ALIGNMENTS) continue
      visit(position + 1, left.filter((other) => other !== binder), new Map(to).set(binder.index, target.index)) // prettier-ignore
    }
  }
  visit(0, from, new Map())
  return result
}
