import { divide, negate, sign as signOf } from '../base/rational.ts'
import { addPolys, polyFree, polyKey, scalePoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import type { Binder, FoldAtom, Index, Poly } from './term.ts'
import { isFactorPositive } from './traits.ts'

/**
 * Whether `of` is a positive multiple of a maximum less one of the values it is taken over: the maximum, and the index of
 * that value. With `sign` −1, of the value less the maximum. A value may itself be a maximum over some of the same values,
 * whose variables then get indices of their own.
 */
export function maximumLessValue(k: Kernel, of: Poly, sign: 1 | -1): { fold: FoldAtom; at: readonly Index[] } | null {
  for (const { coefficient, monomial } of of.values()) {
    const [only] = monomial.factors
    if (monomial.factors.length !== 1 || only?.atom.kind !== 'fold' || only.exponent !== 1 || only.atom.name !== 'max')
      continue
    if (coefficient.n > 0n !== (sign === 1)) continue
    const fold = only.atom
    const rest = new Map([...of].filter(([key]) => key !== monomial.key))
    const value = scalePoly(rest, divide({ n: 1n, d: 1n }, negate(coefficient)))
    const opened = openMaximum(k, value)?.of ?? value
    const at = instance(k, fold, opened)
    if (at !== null) return { fold, at }
  }
  return null
}

/** The indices at which the values under a maximum are `value`. */
function instance(k: Kernel, fold: FoldAtom, value: Poly): Index[] | null {
  const candidates = [...polyFree(value)]
  const wanted = polyKey(value)
  const visit = (position: number, at: Index[]): Index[] | null => {
    const binder = fold.binders[position]
    if (binder === undefined) {
      const to = new Map(fold.binders.map(({ index }, slot) => [index, at[slot] as Index] as const))
      return polyKey(k.rename(fold.of, to)) === wanted ? at : null
    }
    for (const candidate of candidates) {
      const found = visit(position + 1, [...at, candidate])
      if (found !== null) return found
    }
    return null
  }
  return candidates.length > 4 ? null : visit(0, [])
}

/**
 * `g + p*max_j f_j` as `g + p*f_j` over fresh variables `j`, of which it is the maximum where `p > 0`. `null` where no
 * maximum stands in such a term.
 */
export function openMaximum(k: Kernel, of: Poly): { of: Poly; fresh: readonly Binder[] } | null {
  for (const [key, { coefficient, monomial }] of of) {
    const found = monomial.factors.find(({ atom, exponent }) => atom.kind === 'fold' && atom.name === 'max' && exponent === 1) // prettier-ignore
    const others = monomial.factors.filter((factor) => factor !== found)
    if (found?.atom.kind !== 'fold' || signOf(coefficient) < 0 || !others.every(isFactorPositive)) continue
    const { atom } = found
    const fresh = atom.binders.map(({ size }) => ({ index: k.algebra.fresh(), size }))
    const to = new Map(atom.binders.map(({ index }, at) => [index, (fresh[at] as Binder).index] as const))
    const value = k.multiply(k.product(coefficient, others), k.rename(atom.of, to))
    return { of: addPolys(k.algebra, new Map([...of].filter(([other]) => other !== key)), value), fresh }
  }
  return null
}
