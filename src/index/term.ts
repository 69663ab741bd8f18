import type { Rational } from '../base/rational.ts'
import type { Size } from '../shape/size.ts'
import type { Exponent } from './exponent.ts'

/**
 * A position along an axis. 0 is the one position of an axis of literal length 1; a positive number is a free or a
 * freshly opened variable; a negative one is the canonical name of a variable bound by a closed atom and carries its
 * nesting level, so substituting under a binder cannot capture.
 */
export type Index = number

/** What is known of a value: used to decide which laws hold for it, and never assumed. */
export interface Traits {
  readonly positive: boolean
  readonly nonnegative: boolean
  /** Analytic in continuous data, so that it is zero nowhere dense unless it is zero everywhere. */
  readonly analytic: boolean
  /** Entries of data that no assumption relates to one another or to other data. */
  readonly independent: boolean
  /** Strictly between -1 and 1. */
  readonly bounded: boolean
  /** 0 or 1. */
  readonly binary: boolean
  /** Unchanged by a transposition of its last two axes. */
  readonly symmetric: boolean
  /** A square matrix whose determinant is 1 or -1. */
  readonly unimodular: boolean
  /** Its square is this number, or `null`. */
  readonly square: Rational | null
  /** The axis along which exactly one entry is 1, or -1. */
  readonly onehot: number
}

/** A variable bound by an atom, with the length of its axis. */
export interface Binder {
  readonly index: Index
  readonly size: Size
}

/** Functions kept closed, with the laws declared in `functions.ts`. */
export type FunctionName =
  | 'log' | 'sin' | 'cos' | 'asin' | 'atan' | 'erf' | 'tanh' | 'sigmoid' | 'softplus' | 'reciprocal' // prettier-ignore

interface AtomBase {
  readonly id: number
  readonly key: string
  /** Variables that are free in it. */
  readonly free: ReadonlySet<Index>
  /** The highest level of a canonical bound name inside it. */
  readonly level: number
  readonly traits: Traits
}

/** An entry of declared data or of a node that is kept opaque. */
export interface EntryAtom extends AtomBase { readonly kind: 'entry'; readonly symbol: string; readonly at: readonly Index[] } // prettier-ignore
/** A size as a number. */
export interface SizeAtom extends AtomBase { readonly kind: 'size'; readonly name: string } // prettier-ignore
/** `pi`, or a prime, which stands here only to fractional powers. */
export interface NumberAtom extends AtomBase { readonly kind: 'number'; readonly value: 'pi' | bigint } // prettier-ignore
/** `exp` of one monomial; its coefficient is the atom's exponent. */
export interface ExpAtom extends AtomBase { readonly kind: 'exp'; readonly of: Monomial } // prettier-ignore
/** A sum of several terms that stands to a negative or fractional power. */
export interface BaseAtom extends AtomBase { readonly kind: 'base'; readonly of: Poly } // prettier-ignore
/** 1 where `of` is above zero, else 0. */
export interface IndicatorAtom extends AtomBase { readonly kind: 'indicator'; readonly of: Poly } // prettier-ignore
/** The Kronecker delta. */
export interface DeltaAtom extends AtomBase { readonly kind: 'delta'; readonly at: readonly [Index, Index] } // prettier-ignore
/** A function without a law that would open it. */
export interface FunctionAtom extends AtomBase { readonly kind: 'function'; readonly name: FunctionName; readonly args: readonly Poly[] } // prettier-ignore
/** The sum of a product over its bound variables, which connect all its factors. */
export interface SumAtom extends AtomBase { readonly kind: 'sum'; readonly binders: readonly Binder[]; readonly of: Monomial } // prettier-ignore
/** The largest value, or the product, over the bound variables. */
export interface FoldAtom extends AtomBase { readonly kind: 'fold'; readonly name: 'max' | 'prod'; readonly binders: readonly Binder[]; readonly of: Poly } // prettier-ignore
/** An entry of the inverse, or the determinant, of the matrix whose entry at the two bound variables is `of`. */
export interface MatrixAtom extends AtomBase { readonly kind: 'matrix'; readonly name: 'inv' | 'det'; readonly binders: readonly [Binder, Binder]; readonly of: Poly; readonly at: readonly Index[] } // prettier-ignore

export type Atom =
  | EntryAtom | SizeAtom | NumberAtom | ExpAtom | BaseAtom | IndicatorAtom | DeltaAtom | FunctionAtom | SumAtom | FoldAtom | MatrixAtom // prettier-ignore

export interface Factor {
  readonly atom: Atom
  readonly exponent: Exponent
}

/** A product of powers of atoms, sorted by atom id, no exponent zero. */
export interface Monomial {
  readonly factors: readonly Factor[]
  readonly key: string
}

export interface Term {
  readonly coefficient: Rational
  readonly monomial: Monomial
}

/** A sum of terms with different monomials and coefficients that are not zero, by monomial key. */
export type Poly = ReadonlyMap<string, Term>
