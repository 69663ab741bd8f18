import type { Step } from './equal.ts'
import type { Lemma } from './prover.ts'

/** What a proof rests on: lemmas in order, each of which may use those before it, the last being the claim itself. */
export interface Certificate {
  readonly lemmas: readonly Lemma[]
  readonly steps: readonly Step[]
}
