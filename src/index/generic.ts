import { freeSymbols, hasOwnEntries, spreads, spreadsWith } from './spread.ts'
import type { FoldAtom, Poly } from './term.ts'

/**
 * Whether ties of `of > 0` may be left out where trials met none: `of` is zero almost nowhere, at any lengths of its axes.
 */
export const isGeneric = (of: Poly): boolean => spreads(of)

/**
 * Whether the values under a maximum differ from one another almost everywhere: each depends on entries of continuous data
 * that no other value depends on, and takes a value on a null set of those only. That is so of `W_ik x_k + b_i`, but not of
 * `A_ij + A_ji` or `(x_i - x_j)^2`.
 */
export const hasOwnData = (fold: FoldAtom): boolean =>
  [...freeSymbols(fold.of)].some((symbol) => hasOwnEntries(fold, symbol) && spreadsWith(fold.of, symbol))
