import { BackproveError } from '../base/errors.ts'
import { ONE } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Size } from '../shape/size.ts'
import { addPolys, accumulate, MAX_BINDERS, NO_TRAITS, POSITIVE, scalePoly, termPoly } from './algebra.ts'
import type { Algebra } from './algebra.ts'
import { canonicalBlock } from './canonical.ts'
import { isNegative, isWhole } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import { applyLaws } from './laws.ts'
import { reduceDenominators } from './reduce.ts'
import type { Binder, Factor, Index, Poly, SumAtom, Term } from './term.ts'

/** A size as a number: a polynomial of its names. */
export function sizePoly(algebra: Algebra, size: Size): Poly {
  const result = new Map<string, Term>()
  for (const { coefficient, powers } of size.terms) {
    const factors: Factor[] = powers.map(([name, exponent]) => ({
      atom: algebra.atom({ kind: 'size', name, traits: POSITIVE }),
      exponent,
    }))
    factors.sort((a, b) => a.atom.id - b.atom.id)
    accumulate(result, { n: coefficient, d: 1n }, algebra.monomial(factors))
  }
  return result
}

/**
 * The sum of `of` over all positions of the binders. Deltas are eliminated, a variable that nothing uses gives the length
 * of its axis, factors without a variable leave the sum, and what is left falls into connected closed blocks.
 */
export function sumPoly(k: Kernel, of: Poly, binders: readonly Binder[]): Poly {
  if (binders.length === 0 || of.size === 0) return of
  const parts: Poly[] = []
  const reduced = reduceDenominators(k, of, new Set(binders.map(({ index }) => index)))
  for (const term of reduced.values()) {
    k.algebra.spend(1 + term.monomial.factors.length)
    parts.push(sumTerm(k, term, binders))
  }
  return addPolys(k.algebra, ...parts)
}

function sumTerm(k: Kernel, { coefficient, monomial }: Term, binders: readonly Binder[]): Poly {
  const bound = new Map(binders.map((binder) => [binder.index, binder] as const))
  const isBound = (factor: Factor): boolean => {
    for (const index of factor.atom.free) if (bound.has(index)) return true
    return false
  }
  const inside = monomial.factors.filter(isBound)
  const outside = termPoly(coefficient, k.algebra.monomial(monomial.factors.filter((factor) => !isBound(factor))))

  const eliminated = eliminateDelta(k, inside, binders)
  if (eliminated !== null) return k.multiply(outside, eliminated)

  const opened = openNested(k, inside, binders)
  if (opened !== null) return k.multiply(outside, opened)

  const lawful = applyLaws(k, inside, binders)
  if (lawful !== null) return k.multiply(outside, lawful)

  let product = outside
  for (const { factors, variables } of components(inside, binders)) {
    const block = factors.length === 0 ? lengths(k, variables) : closeBlock(k, factors, variables)
    product = k.multiply(product, block)
  }
  return product
}

const lengths = (k: Kernel, variables: readonly Binder[]): Poly =>
  variables.reduce<Poly>(
    (product, { size }) => k.multiply(product, sizePoly(k.algebra, size)),
    termPoly(ONE, k.algebra.one),
  )

/** A delta that names a bound variable replaces it and ends its sum. */
function eliminateDelta(k: Kernel, factors: readonly Factor[], binders: readonly Binder[]): Poly | null {
  for (const { atom } of factors) {
    if (atom.kind !== 'delta') continue
    const [i, j] = atom.at
    const gone = binders.find(({ index }) => index === j) ?? binders.find(({ index }) => index === i)
    if (gone === undefined) continue
    const kept = gone.index === j ? i : j
    k.note('delta')
    const rest = factors.filter((factor) => factor.atom !== atom)
    const renamed = k.rename(termPoly(ONE, k.algebra.monomial(rest)), new Map([[gone.index, kept]]))
    return k.sum(renamed, binders.filter((binder) => binder !== gone)) // prettier-ignore
  }
  return null
}

/** Positive whole powers of inner sums that depend on an outer variable are taken into the outer sum. */
function openNested(k: Kernel, factors: readonly Factor[], binders: readonly Binder[]): Poly | null {
  const isOpen = ({ atom, exponent }: Factor): boolean =>
    atom.kind === 'sum' && isWhole(exponent) && !isNegative(exponent)
  if (!factors.some(isOpen)) return null
  let product: Poly = termPoly(ONE, k.algebra.monomial(factors.filter((factor) => !isOpen(factor))))
  const all = [...binders]
  for (const factor of factors) {
    if (!isOpen(factor)) continue
    for (let copy = 0; copy < (factor.exponent as number); copy++) {
      const { body, fresh } = openSum(k, factor.atom as SumAtom)
      product = k.multiply(product, body)
      all.push(...fresh)
    }
  }
  if (all.length > MAX_BINDERS) throw new BackproveError('budget', `a product of sums over ${all.length} indices`)
  return k.sum(product, all)
}

/** The body of a closed sum over variables that nothing else uses. */
export function openSum(k: Kernel, atom: SumAtom): { body: Poly; fresh: Binder[] } {
  const fresh = atom.binders.map(({ size }) => ({ index: k.algebra.fresh(), size }))
  const to = new Map(atom.binders.map(({ index }, at) => [index, (fresh[at] as Binder).index] as const))
  return { body: k.rename(termPoly(ONE, atom.of), to), fresh }
}

/** Factors and variables that hang together; a variable that no factor names stands alone. */
function components(
  factors: readonly Factor[],
  binders: readonly Binder[],
): { factors: Factor[]; variables: Binder[] }[] {
  const parent = new Map<Index, Index>(binders.map(({ index }) => [index, index]))
  const find = (index: Index): Index => {
    let root = index
    while (parent.get(root) !== root) root = parent.get(root) as Index
    return root
  }
  const variablesOf = (factor: Factor): Index[] => [...factor.atom.free].filter((index) => parent.has(index))
  for (const factor of factors) {
    const [first, ...others] = variablesOf(factor)
    for (const other of others) parent.set(find(other), find(first as Index))
  }
  const groups = new Map<Index, { factors: Factor[]; variables: Binder[] }>()
  for (const binder of binders) {
    const root = find(binder.index)
    const group = groups.get(root) ?? { factors: [], variables: [] }
    group.variables.push(binder)
    groups.set(root, group)
  }
  for (const factor of factors) groups.get(find(variablesOf(factor)[0] as Index))?.factors.push(factor)
  return [...groups.values()]
}

/** One closed sum, its variables under canonical names. */
function closeBlock(k: Kernel, factors: readonly Factor[], variables: readonly Binder[]): Poly {
  const { coefficient, monomial, binders } = canonicalBlock(k, factors, variables)
  return scaledBlock(k, coefficient, { monomial, binders })
}

function scaledBlock(
  k: Kernel,
  coefficient: Rational,
  block: { monomial: Term['monomial']; binders: readonly Binder[] },
): Poly {
  const { factors } = block.monomial
  const positive = factors.every(({ atom }) => atom.traits.positive)
  const nonnegative = factors.every(
    ({ atom, exponent }) => atom.traits.nonnegative || (isWhole(exponent) && exponent % 2 === 0),
  )
  const analytic = factors.every(({ atom }) => atom.traits.analytic)
  const traits = { ...NO_TRAITS, positive, nonnegative, analytic }
  const atom = k.algebra.atom({ kind: 'sum', binders: block.binders, of: block.monomial, traits })
  return scalePoly(termPoly(ONE, k.algebra.monomial([{ atom, exponent: 1 }])), coefficient)
}
