import type { BackproveError, Span } from '../base/errors.ts'
import type { Expr } from '../syntax/ast.ts'
import type { Shape } from '../shape/shape.ts'
import type { Builder } from './builder.ts'
import type { DefinitionNode, InputNode, Node } from './node.ts'

/** Something a reader should know besides the verdict. */
export interface Warning {
  readonly code: 'rounded-constant' | 'constant-recognised' | 'independent' | 'vacuous' | 'overflow' | 'domain'
  readonly message: string
}

/** A declared condition; both sides broadcast. `<` and `<=` are turned round. */
export interface Assumption {
  readonly relation: 'equal' | 'not-equal' | 'greater' | 'at-least'
  readonly lhs: Node
  readonly rhs: Node
  /** Made of sizes and numbers only, as `m >= n`. */
  readonly aboutSizes: boolean
  /** As written in the sheet. */
  readonly text: string
  readonly span: Span
}

/** One link of a claim: two sides to be compared, or why it was not understood. */
export interface Claim {
  readonly span: Span
  readonly text: string
  /** The values of the enclosing loops' names, outermost first; `null` outside loops. */
  readonly iteration: ReadonlyMap<string, number> | null
  readonly subject: ClaimSubject | BackproveError
  readonly warnings: readonly Warning[]
}

export interface ClaimSubject {
  readonly lhs: Node
  readonly rhs: Node
  /** `null` where the shapes agree (a scalar against an array of literal 1s, or a literal 0, has been adapted). */
  readonly shapesDiffer: { readonly lhs: Shape; readonly rhs: Shape } | null
  /** The sides as written, for the search of edits that would mend a wrong claim. */
  readonly source: { readonly lhs: Expr; readonly rhs: Expr }
  /** The statement's place in the unrolled sheet: what an edited side may use is what was defined before it. */
  readonly scope: number
}

/** A sheet as a graph. */
export interface Program {
  readonly builder: Builder
  /** Size names in order of first use. */
  readonly sizes: readonly string[]
  readonly inputs: readonly InputNode[]
  /** Named values by the name a reader writes (`W1`, `Z[2]`), in order. */
  readonly definitions: ReadonlyMap<string, DefinitionNode>
  readonly assumptions: readonly Assumption[]
  readonly claims: readonly Claim[]
  /** Faults outside claims, in order of place. */
  readonly errors: readonly BackproveError[]
  /** Rounded constants that stand in the sheet: the literal's node and what it looks like. */
  readonly roundedConstants: ReadonlyMap<Node, string>
}
