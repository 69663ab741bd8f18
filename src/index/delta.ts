import { ONE } from '../base/rational.ts'
import { atomPoly, BINARY, termPoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import type { Index, Poly } from './term.ts'

/** 1 where two positions of an axis are the same, else 0. */
export function deltaOf(k: Kernel, i: Index, j: Index): Poly {
  if (i === j) return termPoly(ONE, k.algebra.one)
  const at: [Index, Index] = i < j ? [i, j] : [j, i]
  return atomPoly(k.algebra, k.algebra.atom({ kind: 'delta', at, traits: { ...BINARY } }))
}
