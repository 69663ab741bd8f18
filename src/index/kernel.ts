import type { Algebra } from './algebra.ts'
import type { Exponent } from './exponent.ts'
import type { Rational } from '../base/rational.ts'
import type { Binder, Factor, FunctionName, Index, Poly, Traits } from './term.ts'

/**
 * The constructors of terms in normal form. They call one another (a power of a sum expands into products, a product
 * closes sums), so each file is given this table instead of importing the others.
 */
export interface Kernel {
  readonly algebra: Algebra
  readonly laws: readonly SumLaw[]
  /** Ties that nearby points break are left out: a maximum is then attained once. */
  readonly generic: boolean
  /** Told of each law as it is applied, by its name, for the certificate. */
  note(law: LawName | DeclaredLaw): void
  multiply(a: Poly, b: Poly): Poly
  /** The product of factors sorted by atom id, each atom once. */
  product(coefficient: Rational, factors: readonly Factor[]): Poly
  /** An entry of data, or of a node that is kept opaque. */
  entry(symbol: string, at: readonly Index[], traits: Traits): Poly
  /** `nonzero` says that the base is zero at no point that counts, so that its reciprocal cancels against it. */
  power(base: Poly, exponent: Exponent, nonzero?: boolean): Poly
  exp(of: Poly): Poly
  log(of: Poly): Poly
  call(name: FunctionName, args: readonly Poly[]): Poly
  /** 1 where `of` is above zero, else 0. */
  indicator(of: Poly): Poly
  delta(i: Index, j: Index): Poly
  sum(of: Poly, binders: readonly Binder[]): Poly
  fold(name: 'max' | 'prod', of: Poly, binders: readonly Binder[]): Poly
  matrix(name: 'inv' | 'det', of: Poly, binders: readonly [Binder, Binder], at: readonly Index[]): Poly
  rename(of: Poly, to: ReadonlyMap<Index, Index>): Poly
}

/** The laws that a reader of a proof may want to know of; what each says stands where it is applied. */
export type LawName =
  | 'delta' | 'inverse' | 'one-hot' | 'one-maximum' | 'zero-or-one' | 'unit-square' | 'sine' | 'angles'
  | 'opposite-signs' | 'cases' | 'reduced-denominator' | 'magnitude' | 'logarithm' | 'maximum' | 'increasing'
  | 'product' | 'inverse-function' | 'determinant' // prettier-ignore

/** A law that the sheet declares, by its text. */
export type DeclaredLaw = `declared ${string}`

/**
 * A declared equality or a law of an opaque atom, as a rewriting of products under a sum: where the factors `pattern`
 * (its variables universal, `bound` ones used by nothing else) stand under a sum over `bound`, they are `result`.
 */
export interface SumLaw {
  readonly name: string
  readonly bound: readonly Binder[]
  readonly universal: readonly Index[]
  readonly pattern: Poly
  readonly result: Poly
}
