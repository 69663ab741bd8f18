import { isZero, ONE, toText, ZERO } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import type { Shape } from '../shape/shape.ts'

/** An unknown of the algebra: a node that is no sum, product, quotient or whole power of others. */
export interface Atom {
  readonly kind: 'atom'
  readonly id: number
  readonly node: Node
  readonly shape: Shape
  /** Whether every entry is 0 or 1 by construction, so that it is its own square. */
  readonly isTruth: boolean
}

export type Power<F> = readonly [factor: F, exponent: number]

/** `coefficient * atom^exponent * …`: exponents positive, atoms in order of their ids. */
export interface Term {
  readonly coefficient: bigint
  readonly powers: readonly Power<Atom>[]
  /** The same for the same powers. */
  readonly key: string
}

/**
 * A polynomial of two terms and more that no atom and no whole number divides, interned: equal ones are the same object.
 * Of a polynomial and its negative only one is kept. Terms are in the order in which they were first written.
 */
export interface Sum {
  readonly kind: 'sum'
  readonly id: number
  readonly terms: readonly Term[]
  readonly shape: Shape
  /** The multiple of it as which it was first written: -1, or 1/200 where `1 + 0.005*x` is kept as `200 + x`. */
  readonly written: Rational
}

export type Factor = Atom | Sum

/**
 * A rational function, factored: `coefficient * factor^exponent * …`, each factor once, exponents not zero, in the order
 * in which the factors were first written. It says nothing of its extent: `1` may stand for an array of ones.
 */
export interface Form {
  readonly coefficient: Rational
  readonly powers: readonly Power<Factor>[]
}

export const NOTHING: Form = { coefficient: ZERO, powers: [] }
export const UNIT: Form = { coefficient: ONE, powers: [] }

export const formOf = (factor: Factor): Form => ({ coefficient: ONE, powers: [[factor, 1]] })
export const isNothing = (form: Form): boolean => isZero(form.coefficient)

/** The value of a form without unknowns, or `null`. */
export const constantOf = (form: Form): Rational | null => (form.powers.length === 0 ? form.coefficient : null)

/** The factor that a form is, or `null`. */
export function soleFactor(form: Form): Factor | null {
  const [only] = form.powers
  if (form.powers.length !== 1 || only?.[1] !== 1) return null
  return form.coefficient.n === 1n && form.coefficient.d === 1n ? only[0] : null
}

/** The same for forms that differ by a number only. */
export function powersKey(powers: readonly Power<Factor>[]): string {
  if (powers.length === 1) return `${powers[0]![0].id}^${powers[0]![1]}`
  return powers
    .map(([factor, exponent]) => `${factor.id}^${exponent}`)
    .sort()
    .join(' ')
}

export const formKey = (form: Form): string => `${toText(form.coefficient)} ${powersKey(form.powers)}`
