import type { BackproveError } from '../base/errors.ts'
import type { Warning } from '../graph/program.ts'
import type { Shape } from '../shape/shape.ts'
import type { Certificate } from './certificate.ts'

/** An array as a reader sees it: nested rows, a scalar as a number. */
export type Nested = number | readonly Nested[]

/** A point of the domain at which the sides of a claim differ. */
export interface Counterexample {
  readonly sizes: ReadonlyMap<string, number>
  /** The values of declared data, by name. */
  readonly values: ReadonlyMap<string, Nested>
  /** The place of the differing entry, counted from 0; empty for a scalar. */
  readonly entry: readonly number[]
  readonly lhs: number
  readonly rhs: number
  /** The seed of the search that found it. */
  readonly seed: number
}

export interface ShapesDiffer {
  readonly lhs: Shape
  readonly rhs: Shape
}

/** What refutes a claim. There is always one or the other. */
export type Witness =
  | { readonly kind: 'counterexample'; readonly counterexample: Counterexample }
  | { readonly kind: 'shapes'; readonly shapes: ShapesDiffer }

/** What is wrong with a refuted claim. */
export interface Diagnosis {
  readonly message: string
  /** A proved replacement, in the sheet's language. */
  readonly suggestion: string | null
  /** An assumption under which the claim would be true: offered, never adopted. */
  readonly holdsIf: string | null
}

interface Common {
  readonly warnings: readonly Warning[]
}

/** Equal for all sizes and all values of the domain. */
export interface Proved extends Common {
  readonly verdict: 'proved'
  readonly method: string
  /** What it rests on: kinks, denominators, declared assumptions. */
  readonly conditions: readonly string[]
  /** Trials that agreed with the proof. */
  readonly trials: number
  readonly certificate?: Certificate
}

/** No proof, and no difference at `trials` points: none above `tolerance`, relative to the larger side. */
export interface Tested extends Common {
  readonly verdict: 'tested'
  readonly method: string
  readonly conditions: readonly string[]
  readonly trials: number
  readonly tolerance: number
  /** Why there is no proof. */
  readonly reason: string
}

export interface Refuted extends Common {
  readonly verdict: 'refuted'
  readonly method: string
  readonly trials: number
  readonly witness: Witness
  readonly diagnosis: Diagnosis | null
}

export interface Undecided extends Common {
  readonly verdict: 'undecided'
  readonly trials: number
  readonly reason: string
}

/** A claim that was not understood. */
export interface Faulty extends Common {
  readonly verdict: 'error'
  readonly error: BackproveError
  /** What would mend it, where a side is ill shaped. */
  readonly diagnosis?: Diagnosis | null
}

/** Two methods contradict one another: a fault of the program, and no verdict. */
export interface Disagreement extends Common {
  readonly verdict: 'disagreement'
  readonly message: string
  /** The point at which it shows, where there is one. */
  readonly counterexample: Counterexample | null
}

export type Verdict = Proved | Tested | Refuted | Undecided | Faulty | Disagreement
