import { sign } from '../base/rational.ts'
import { exponentKey, isNegative } from './exponent.ts'
import type { Atom, EntryAtom, Factor, FoldAtom, Monomial, Poly } from './term.ts'
import { isAnalytic } from './traits.ts'

/**
 * Whether ties of `of > 0` may be left out where trials met none: `of` is analytic in continuous data, depends on some,
 * and no length of an axis makes it vanish everywhere, at which trials need not have been made: `(n - 3)*x` does so at
 * one, and `exp(n*x) - exp(3*x)`. That is so where an entry of independent data stands in one term alone, or where sizes
 * stand in front of terms only, those before the same data having one sign.
 */
export const isGeneric = (of: Poly): boolean =>
  isAnalytic(of) && holdsData(of) && (hasLoneEntry(of) || isSteady(of, commonFactors(of)))

const partsOf = (atom: Atom): readonly Poly[] => {
  switch (atom.kind) {
    case 'exp':
    case 'sum':
      return [asPoly(atom.of)]
    case 'base':
    case 'indicator':
    case 'fold':
    case 'matrix':
      return [atom.of]
    case 'function':
      return atom.args
    default:
      return []
  }
}

const asPoly = (monomial: Monomial): Poly => new Map([[monomial.key, { coefficient: { n: 1n, d: 1n }, monomial }]])

const factorsOf = (of: Poly): readonly Factor[] => [...of.values()].flatMap(({ monomial }) => monomial.factors)

const holdsData = (of: Poly): boolean =>
  factorsOf(of).some(({ atom }) => atom.kind === 'entry' || partsOf(atom).some(holdsData))

const isNumeric = ({ atom }: Factor): boolean => atom.kind === 'size' || atom.kind === 'number'

/** Whether sizes enter it: `a^n`, a product of as many factors, is `a^3` at one of them. */
const holdsSizes = (atom: Atom): boolean =>
  (atom.kind === 'fold' && atom.name === 'prod') ||
  partsOf(atom).some((part) => factorsOf(part).some((factor) => isNumeric(factor) || holdsSizes(factor.atom)))

/** Factors of every term that are zero nowhere: positive ones, and reciprocals. */
function commonFactors(of: Poly): ReadonlySet<string> {
  let common: Set<string> | null = null
  for (const { monomial } of of.values()) {
    const here = monomial.factors
      .filter(({ atom, exponent }) => atom.traits.positive || isNegative(exponent))
      .map(keyOf)
    common = common === null ? new Set(here) : new Set(here.filter((key) => common?.has(key)))
  }
  return common ?? new Set()
}

const keyOf = ({ atom, exponent }: Factor): string => `${atom.id}^${exponentKey(exponent)}`

/** Whether sizes stand in front of terms only, and terms with the same data have coefficients of one sign. */
function isSteady(of: Poly, common: ReadonlySet<string>): boolean {
  const signs = new Map<string, number>()
  for (const { coefficient, monomial } of of.values()) {
    const data = monomial.factors.filter((factor) => !isNumeric(factor) && !common.has(keyOf(factor)))
    if (data.some(({ atom }) => holdsSizes(atom))) return false
    const key = data.map(keyOf).join()
    const known = signs.get(key) ?? sign(coefficient)
    if (known !== sign(coefficient)) return false
    signs.set(key, known)
  }
  return true
}

/** Whether an entry of independent data occurs in one term only, whose other factors are zero at no size alone. */
function hasLoneEntry(of: Poly): boolean {
  const counts = new Map<string, number>()
  collect(of, ({ symbol }) => counts.set(symbol, (counts.get(symbol) ?? 0) + 1))
  return [...of.values()].some(
    ({ monomial: { factors } }) =>
      factors.some(({ atom }) => atom.kind === 'entry' && atom.traits.independent && counts.get(atom.symbol) === 1) &&
      factors.every((factor) => factor.atom.traits.positive || isNegative(factor.exponent) || !holdsSizes(factor.atom)),
  )
}

/**
 * Whether the values under a maximum differ from one another almost everywhere: each depends, analytically, on entries of
 * continuous data that no other value depends on. That is so where all entries of one array that stand in it carry the
 * bound variables at the same axes: `W_ik x_k + b_i`, but not `A_ij + A_ji` or `(x_i - x_j)^2`.
 */
export function hasOwnData({ of, binders }: FoldAtom): boolean {
  if (!isGeneric(of)) return false
  const bound = new Set(binders.map(({ index }) => index))
  const places = new Map<string, string | null>()
  collect(of, ({ symbol, at, traits }) => {
    if (!traits.independent) return
    const place = at.map((index) => (bound.has(index) ? String(index) : '*')).join()
    const known = places.get(symbol)
    places.set(symbol, known === undefined || known === place ? place : null)
  })
  return [...places.values()].some(
    (place) => place !== null && [...bound].every((index) => place.split(',').includes(String(index))),
  )
}

function collect(of: Poly, tell: (entry: EntryAtom) => void): void {
  for (const { atom } of factorsOf(of)) {
    if (atom.kind === 'entry') tell(atom)
    for (const part of partsOf(atom)) collect(part, tell)
  }
}
