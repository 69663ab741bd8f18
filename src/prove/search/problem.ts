import type { InputNode, Node } from '../../graph/node.ts'
import type { Assumption, Warning } from '../../graph/program.ts'
import type { Point } from './draw.ts'
import type { Counterexample } from '../verdict.ts'

/** Two sides to be compared at points of a domain. */
export interface Problem {
  /** The sides with derivatives taken. */
  readonly lhs: Node
  readonly rhs: Node
  /** The sides as written, in which derivatives are still to be taken: forward mode takes them again, on its own. */
  readonly lhsRaw: Node
  readonly rhsRaw: Node
  readonly inputs: readonly InputNode[]
  /** Names of sizes. */
  readonly sizes: readonly string[]
  /** Their nodes hold no derivative still to be taken. */
  readonly assumptions: readonly Assumption[]
  /** What must be defined besides the sides, with derivatives taken: the value that a derivative is taken of. */
  readonly domain: readonly Node[]
  /** Literals that look like rounded constants. */
  readonly roundedConstants: ReadonlyMap<Node, string>
}

export interface SearchOptions {
  readonly seed: number
  /** Agreeing trials after which it is enough. */
  readonly trials: number
  readonly milliseconds: number
  /** Also looks for outcomes of comparisons that the trials did not meet, and at large values. Default `true`. */
  readonly thorough?: boolean
  /** Also looks at long axes, at tiny and at huge data. Default `false`. */
  readonly far?: boolean
  /** Looked at between trials. */
  readonly signal?: { readonly aborted: boolean }
}

/** Which outcomes of a comparison, a kink or a largest entry the trials met. */
export interface SwitchReport {
  /** The operation that switches. */
  readonly node: Node
  readonly above: boolean
  readonly below: boolean
  /** A tie that nearby points keep. */
  readonly tie: boolean
}

/** The sides differ at a point of the domain. */
export interface Difference {
  readonly kind: 'difference'
  readonly counterexample: Counterexample
  /** Points tried before, at which the sides agreed. */
  readonly trials: number
  readonly warnings: readonly Warning[]
}

/** No difference found. */
export interface Agreement {
  readonly kind: 'agreement'
  readonly trials: number
  /** The points of the trials. */
  readonly points: readonly Point[]
  /** The lengths at which trials were made, without repetition. */
  readonly sizes: readonly ReadonlyMap<string, number>[]
  /** The largest difference or rounding bound met, relative to the larger side. */
  readonly tolerance: number
  /** Every difference lay within the bound of rounding: what a proof of equality implies. */
  readonly withinRounding: boolean
  /** A difference beyond rounding is explained by the last digit of a rounded constant. */
  readonly explainedByRounding: boolean
  readonly vacuous: boolean
  readonly switches: readonly SwitchReport[]
  readonly warnings: readonly Warning[]
}

/** No point of the domain was found. */
export interface NoPoint {
  readonly kind: 'none'
  readonly reason: string
  readonly warnings: readonly Warning[]
}

/** The numbers say that the sides differ and a second way of computing them denies it. */
export interface Conflict {
  readonly kind: 'conflict'
  readonly message: string
  readonly counterexample: Counterexample
}

export type SearchResult = Difference | Agreement | NoPoint | Conflict
