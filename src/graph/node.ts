import type { Rational } from '../base/rational.ts'
import type { Contraction } from '../ops/contraction.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Shape } from '../shape/shape.ts'
import type { Size } from '../shape/size.ts'

/** What is common to all nodes. Inputs exist before their node, so `id` is a topological order. */
interface Base {
  readonly id: number
  readonly inputs: readonly Node[]
  readonly shape: Shape
}

/** An exact number. */
export interface ConstantNode extends Base { readonly kind: 'constant'; readonly value: Rational } // prettier-ignore
/** A number that is no rational. */
export interface SymbolNode extends Base { readonly kind: 'symbol'; readonly name: 'pi' | 'e' } // prettier-ignore
/** A size used as a number. */
export interface SizeNode extends Base { readonly kind: 'size'; readonly size: Size } // prettier-ignore

export type Role = 'input' | 'param' | 'label' | 'onehot'
/** Declared data; entries of a `label` and of a `onehot` are 0 or 1. */
export interface InputNode extends Base { readonly kind: 'input'; readonly name: string; readonly role: Role } // prettier-ignore

/**
 * A definition: an identity that differentiation sees (`grad(y, x)` frees the name) and equality looks through.
 * A `hidden` one has no name in the sheet; it stands for the argument of `g'(Z)`.
 */
export interface DefinitionNode extends Base { readonly kind: 'definition'; readonly name: string; readonly hidden: boolean } // prettier-ignore

/** An operation entry by entry; inputs broadcast as in NumPy. */
export interface MapNode extends Base { readonly kind: 'map'; readonly fn: ElementwiseName } // prettier-ignore

/** A multilinear operation. */
export interface ContractNode extends Base { readonly kind: 'contract'; readonly spec: Contraction } // prettier-ignore

export type ReduceName = 'max' | 'min' | 'prod'
/** A reduction that is not linear; reduced axes keep length 1. */
export interface ReduceNode extends Base { readonly kind: 'reduce'; readonly fn: ReduceName; readonly axes: readonly number[] } // prettier-ignore

export type NormaliseName = 'softmax' | 'log_softmax' | 'logsumexp'
/** Softmax and its kin over `axes` jointly; `logsumexp` keeps the reduced axes with length 1. */
export interface NormaliseNode extends Base { readonly kind: 'normalise'; readonly fn: NormaliseName; readonly axes: readonly number[] } // prettier-ignore

export type MatrixName = 'inv' | 'det' | 'logdet'
/** A function of one square matrix; `det` and `logdet` are scalars, and `logdet` is `log(det(A))` for `det(A) > 0`. */
export interface MatrixNode extends Base { readonly kind: 'matrix'; readonly fn: MatrixName } // prettier-ignore

/** The same entries in row-major order under another shape. */
export interface ReshapeNode extends Base { readonly kind: 'reshape' } // prettier-ignore

/**
 * A derivative still to be taken, inputs `[y, x]`: `grad` has the shape of `x` (or, entry by entry, of both);
 * `jacobian` has a row for each entry of `y` and a column for each of `x`.
 */
export interface DerivativeNode extends Base { readonly kind: 'derivative'; readonly fn: 'grad' | 'jacobian' } // prettier-ignore

export type Node =
  | ConstantNode
  | SymbolNode
  | SizeNode
  | InputNode
  | DefinitionNode
  | MapNode
  | ContractNode
  | ReduceNode
  | NormaliseNode
  | MatrixNode
  | ReshapeNode
  | DerivativeNode

export type NodeKind = Node['kind']
