import { ONE } from '../base/rational.ts'
import type { Kernel } from './kernel.ts'
import type { EntryAtom, Index, Poly, Traits } from './term.ts'

/** The atom of an entry; of a symmetric array both orders of the last two indices are one. */
export function entryAtom(k: Kernel, symbol: string, at: readonly Index[], traits: Traits): EntryAtom {
  const last = at.length - 1
  const swap = traits.symmetric && last >= 1 && (at[last - 1] as Index) > (at[last] as Index)
  const place = swap ? [...at.slice(0, last - 1), at[last] as Index, at[last - 1] as Index] : at
  return k.algebra.atom({ kind: 'entry', symbol, at: place, traits }) as EntryAtom
}

export const entryOf = (k: Kernel, symbol: string, at: readonly Index[], traits: Traits): Poly =>
  k.product(ONE, [{ atom: entryAtom(k, symbol, at, traits), exponent: 1 }])
