import { isZero, ONE } from '../base/rational.ts'
import { termPoly } from './algebra.ts'
import { addExponents, isNegative, isWhole, multiplyExponents, toRational } from './exponent.ts'
import type { Exponent } from './exponent.ts'
import type { Atom, EntryAtom, Factor, FoldAtom, MatrixAtom, Monomial, Poly, SumAtom, Term } from './term.ts'

/**
 * Whether `of` takes every value that does not depend on some array only on a null set of that array's entries, at every
 * length of its axes. Then `of` is zero almost nowhere. It is an argument of one array `s` of independent continuous data:
 *
 * - as a polynomial in the scale of `s` it has a power with one term, which is zero almost nowhere;
 * - or `s` stands in one factor of one term, in an argument of a function that is analytic on an interval and not constant,
 *   which takes each value on a countable set, under sums by way of entries of its own for each position.
 */
export const spreads = (of: Poly): boolean => [...freeSymbols(of)].some((symbol) => spreadsWith(of, symbol))

/** The same, by moving the entries of one array. */
export function spreadsWith(of: Poly, symbol: string): boolean {
  const terms = [...of.values()].filter(({ monomial }) => monomial.factors.some(({ atom }) => holds(atom, symbol)))
  if (terms.length === 0) return false
  if (hasLonePower([...of.values()], symbol)) return true
  const [only] = terms
  return terms.length === 1 && only !== undefined && isSpreadTerm(only, symbol)
}

/** The parts of an atom that depend on data. */
const partsOf = (atom: Atom): readonly Poly[] => {
  switch (atom.kind) {
    case 'exp':
    case 'sum':
      return [termPoly(ONE, atom.of)]
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

/** Every entry in a poly, however deep. */
function entriesOf(of: Poly): EntryAtom[] {
  return [...of.values()].flatMap(({ monomial }) => monomial.factors.flatMap(({ atom }) => entriesOfAtom(atom)))
}

const entriesOfAtom = (atom: Atom): EntryAtom[] => (atom.kind === 'entry' ? [atom] : partsOf(atom).flatMap(entriesOf))

const holds = (atom: Atom, symbol: string): boolean => entriesOfAtom(atom).some((entry) => entry.symbol === symbol)

const isFree = ({ traits }: EntryAtom): boolean => traits.independent && traits.analytic

/** The arrays of independent continuous data that a poly holds. */
export const freeSymbols = (of: Poly): Set<string> =>
  new Set(
    entriesOf(of)
      .filter(isFree)
      .map(({ symbol }) => symbol),
  )

/** Whether it is zero almost nowhere, where it is defined. */
function isNonzero({ atom, exponent }: Factor): boolean {
  const { positive, square } = atom.traits
  if (positive || isNegative(exponent) || (square !== null && !isZero(square))) return true
  if (atom.kind === 'entry') return isFree(atom)
  if (atom.kind === 'size' || atom.kind === 'number') return true
  return atom.kind !== 'indicator' && atom.kind !== 'delta' && spreads(asPoly(atom))
}

const asPoly = (atom: Atom): Poly => termPoly(ONE, { factors: [{ atom, exponent: 1 }], key: atom.key })

/** Whether some power of a common scale of the array's entries, not the zeroth, has one term, which is not zero. */
function hasLonePower(terms: readonly Term[], symbol: string): boolean {
  const byPower = new Map<string, Term[]>()
  for (const term of terms) {
    const power = degreeOf(term.monomial, symbol)
    if (power === null) return false
    const { n, d } = toRational(power)
    const key = n === 0n ? '' : `${n}/${d}`
    byPower.set(key, [...(byPower.get(key) ?? []), term])
  }
  return [...byPower].some(([key, [first, ...others]]) => {
    if (key === '' || first === undefined || others.length > 0) return false
    return first.monomial.factors.every((factor) =>
      holds(factor.atom, symbol) ? isPositiveForm(factor.atom) : isNonzero(factor),
    )
  })
}

/** By which power of the scale of an array a product is multiplied; `null` where by none. */
function degreeOf({ factors }: Monomial, symbol: string): Exponent | null {
  let degree: Exponent = 0
  for (const { atom, exponent } of factors) {
    const own = !holds(atom, symbol) ? 0 : atom.kind === 'entry' ? 1 : atom.kind === 'sum' ? degreeOf(atom.of, symbol) : null // prettier-ignore
    if (own === null) return null
    degree = addExponents(degree, multiplyExponents(own, exponent))
  }
  return degree
}

/** A polynomial of independent entries without negative coefficients: it is not zero where they are 1. */
const isPositiveForm = (atom: Atom): boolean =>
  atom.kind === 'entry'
    ? isFree(atom)
    : atom.kind === 'size' ||
      (atom.kind === 'sum' &&
        atom.of.factors.every(
          (factor) => isWhole(factor.exponent) && factor.exponent > 0 && isPositiveForm(factor.atom),
        ))

/** Whether the array stands in one factor, which its entries spread, the others being zero almost nowhere. */
function isSpreadTerm({ monomial: { factors } }: Pick<Term, 'monomial'>, symbol: string): boolean {
  const own = factors.filter(({ atom }) => holds(atom, symbol))
  const [only] = own
  if (own.length !== 1 || only === undefined || !isSpreadAtom(only.atom, symbol)) return false
  return factors.every((factor) => factor === only || isNonzero(factor))
}

function isSpreadAtom(atom: Atom, symbol: string): boolean {
  switch (atom.kind) {
    case 'entry':
      return isFree(atom)
    case 'exp':
      return spreadsWith(termPoly(ONE, atom.of), symbol)
    case 'function':
      return spreadsWith(atom.args[0] as Poly, symbol)
    case 'base':
      return spreadsWith(atom.of, symbol)
    case 'sum':
      return hasOwnEntries(atom, symbol) && isSpreadTerm({ monomial: atom.of }, symbol)
    case 'fold':
      return (atom.name === 'max' || hasOwnEntries(atom, symbol)) && spreadsWith(atom.of, symbol)
    case 'matrix':
      return isPlainMatrix(atom, symbol)
    case 'size':
    case 'number':
    case 'indicator':
    case 'delta':
      return false
  }
}

/** A matrix of independent entries, whose determinant and whose inverse's entries are zero almost nowhere. */
function isPlainMatrix({ of, binders }: MatrixAtom, symbol: string): boolean {
  const [only, ...others] = entriesOf(of)
  const [term] = of.values()
  if (of.size !== 1 || term?.monomial.factors.length !== 1 || only?.symbol !== symbol || others.length > 0) return false
  return (
    term.monomial.factors[0]?.atom === only && isFree(only) && binders.every(({ index }) => only.at.includes(index))
  )
}

/** Whether each position of the bound variables has entries of the array of its own: all name the variables, at the same axes. */
export function hasOwnEntries(atom: SumAtom | FoldAtom, symbol: string): boolean {
  const bound = new Set(atom.binders.map(({ index }) => index))
  const entries = entriesOfAtom(atom).filter((entry) => entry.symbol === symbol)
  const places = new Set(entries.map(({ at }) => at.map((index) => (bound.has(index) ? String(index) : '*')).join()))
  const [place] = places
  return places.size === 1 && [...bound].every((index) => place?.split(',').includes(String(index)))
}
