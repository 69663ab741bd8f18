import { divide, negate } from '../base/rational.ts'
import { polyFree, polyKey, scalePoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import type { FoldAtom, Index, Poly } from './term.ts'

/**
 * Whether `of` is a positive multiple of a maximum less one of the values it is taken over: the maximum, and the index of
 * that value. With `sign` −1, of the value less the maximum.
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
    const at = instance(k, fold, value)
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
