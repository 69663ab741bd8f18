import type { Node } from '../graph/node.ts'
import type { Shape } from '../shape/shape.ts'
import type { Expr } from '../syntax/ast.ts'
import type { Site } from './site.ts'

/** Something that could stand in the place of a part. */
export interface Value {
  readonly expr: Expr
  readonly node: Node
}

/** What edits may know of the text that they edit. */
export interface Surroundings {
  /** The node of an expression at this place; `null` where it is ill formed. */
  readonly nodeOf: (expr: Expr) => Node | null
  readonly shapeOf: (expr: Expr) => Shape | null
  /** Names of values that the claim has to do with. */
  readonly values: readonly Value[]
  /** Names of sizes, and products of two. */
  readonly sizes: readonly Expr[]
  readonly sizeNames: readonly Expr[]
  /** Parts of the true formula in its shortest form. */
  readonly derived: () => readonly Value[]
  /** What the claim lacks of the true formula, where that is one term. */
  readonly missingTerms: () => readonly Expr[]
  /** Functions of one argument that the sheet calls. */
  readonly functions: readonly string[]
}

/** A replacement of a part, and what was wrong with it. */
export interface Proposal {
  readonly expr: Expr
  /** Made only for what is offered. */
  readonly phrase: () => string
}

/** A kind of slip: what may have been meant where a part stands. */
export interface Edit {
  readonly name: string
  /** Small parts before the whole: the least that makes the difference is meant. */
  readonly smallestFirst?: true
  readonly propose: (site: Site, around: Surroundings) => Iterable<Proposal>
}
