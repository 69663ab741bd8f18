import { ONE } from '../base/rational.ts'
import { accumulate, addPolys, atomPoly, termPoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import { entryAtom } from './entry.ts'
import type { Atom, EntryAtom, Factor, Index, Poly, Term } from './term.ts'

type Renaming = ReadonlyMap<Index, Index>

const renamed = (index: Index, to: Renaming): Index => to.get(index) ?? index

const isTouched = (atom: Atom, to: Renaming): boolean => {
  for (const index of atom.free) if (to.has(index)) return true
  return false
}

/** The poly with free variables renamed; two may become one, and every law that then applies is applied. */
export function renamePoly(k: Kernel, of: Poly, to: Renaming): Poly {
  if (to.size === 0) return of
  const result = new Map<string, Term>()
  const parts: Poly[] = []
  for (const term of of.values()) {
    const touched = term.monomial.factors.some(({ atom }) => isTouched(atom, to))
    if (!touched) accumulate(result, term.coefficient, term.monomial)
    else parts.push(renameTerm(k, term, to))
  }
  return parts.length === 0 ? of : addPolys(k.algebra, result, ...parts)
}

function renameTerm(k: Kernel, term: Term, to: Renaming): Poly {
  const kept: Factor[] = []
  const moved: Factor[] = []
  const others: Poly[] = []
  for (const { atom, exponent } of term.monomial.factors) {
    if (!isTouched(atom, to)) kept.push({ atom, exponent })
    else if (atom.kind === 'entry') moved.push({ atom: renamedEntry(k, atom, to), exponent })
    else others.push(k.power(renameAtom(k, atom, to), exponent, true))
  }
  let product: Poly = termPoly(term.coefficient, k.algebra.monomial(kept))
  for (const factor of moved) product = k.multiply(product, k.product(ONE, [factor]))
  for (const other of others) product = k.multiply(product, other)
  return product
}

const renamedEntry = (k: Kernel, atom: EntryAtom, to: Renaming): EntryAtom =>
  entryAtom(k, atom.symbol, atom.at.map((index) => renamed(index, to)), atom.traits) // prettier-ignore

function renameAtom(k: Kernel, atom: Atom, to: Renaming): Poly {
  const inside = (poly: Poly): Poly => k.rename(poly, to)
  switch (atom.kind) {
    case 'entry':
      return k.product(ONE, [{ atom: renamedEntry(k, atom, to), exponent: 1 }])
    case 'size':
    case 'number':
      return atomPoly(k.algebra, atom)
    case 'exp':
      return k.exp(inside(termPoly(ONE, atom.of)))
    case 'base':
      return inside(atom.of)
    case 'indicator':
      return k.indicator(inside(atom.of))
    case 'delta':
      return k.delta(renamed(atom.at[0], to), renamed(atom.at[1], to))
    case 'function':
      return k.call(atom.name, atom.args.map(inside))
    case 'sum':
      return k.sum(inside(termPoly(ONE, atom.of)), atom.binders)
    case 'fold':
      return k.fold(atom.name, inside(atom.of), atom.binders)
    case 'matrix':
      return k.matrix(atom.name, inside(atom.of), atom.binders, atom.at.map((index) => renamed(index, to))) // prettier-ignore
  }
}
