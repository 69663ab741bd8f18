import type { Rational } from '../base/rational.ts'
import type { MatrixName, NormaliseName, ReduceName } from '../graph/node.ts'
import type { Contraction } from '../ops/contraction.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Shape } from '../shape/shape.ts'
import type { Size } from '../shape/size.ts'
import type { Form, Piece } from './forms.ts'
import type { StableName } from './stable.ts'

/**
 * The words in which multilinear operations are said. `linear.ts` says any contraction in them:
 *
 * | word | operands | meaning |
 * | --- | --- | --- |
 * | `matmul` | a, b | matrix product on the last two axes, equal leading ones |
 * | `transpose` | a | of two axes |
 * | `permute` | a | axis `i` of the result is axis `axes[i]` of `a` |
 * | `sum` | a | over `axes`; `keep` says whether they stay with length 1 |
 * | `multiply` | a, b | entry by entry, broadcasting, also where one is a scalar |
 * | `diagonal` | a | the entries `a[i,i]` of a matrix, one axis |
 * | `diagonalMatrix` | v | the matrix with `v` (one axis) on its diagonal |
 * | `trace` | a | of a matrix |
 * | `dot` | v, w | of one axis each, a scalar |
 * | `outer` | v, w | of one axis each |
 * | `ones`, `zeros`, `eye` | none | of `shape` |
 * | `expand` | a | axes of length 1 put in, so that they stand at `axes` of the result |
 * | `broadcast` | a | repeated up to `shape`, aligned at the last axis |
 */
export const LINEAR_NAMES = [
  'matmul', 'transpose', 'permute', 'sum', 'multiply', 'diagonal', 'diagonalMatrix', 'trace', 'dot', 'outer',
  'ones', 'zeros', 'eye', 'expand', 'broadcast',
] as const // prettier-ignore

export type LinearName = (typeof LINEAR_NAMES)[number]

/**
 * A language to print in: one file of declarations, total over the core by its type, so that a target that lacks an
 * operation does not compile. The engine in `print.ts` knows no language; forms (`forms.ts`) know no operation.
 */
export interface Target {
  readonly name: string
  readonly elementwise: { readonly [name in ElementwiseName]: Form }
  readonly linear: { readonly [name in LinearName]: Form }
  /** Reductions over `detail.axes`, which stay with length 1. */
  readonly reduce: { readonly [name in ReduceName]: Form }
  /** Over `detail.axes`; `logsumexp` keeps them with length 1. */
  readonly normalise: { readonly [name in NormaliseName]: Form }
  readonly matrix: { readonly [name in MatrixName]: Form }
  /** Row-major entries under `detail.shape`, where that is more than putting in or taking out axes of length 1. */
  readonly reshape: Form
  /** For languages that have it: the Kronecker product of two matrices. Absent: as the reshape that it is. */
  readonly kronecker?: Form
  /** A derivative still to be taken: `[y, x]`. */
  readonly derivative: { readonly grad: Form; readonly jacobian: Form }
  readonly symbol: { readonly pi: Piece; readonly e: Piece }
  readonly constant: (value: Rational) => Piece
  /** A size used as a number. */
  readonly size: (size: Size) => Piece
  /** Declared data or a definition, by the name a reader writes. */
  readonly variable: (name: string, shape: Shape) => Piece
  /** The whole expression as it stands alone, for instance a comparison in parentheses. Absent: as it is. */
  readonly alone?: (piece: Piece) => Piece
  /** For languages that have it: a contraction that is none of the usual words, said as one call; `null`: not this one. */
  readonly einsum?: (spec: Contraction, operands: readonly Piece[]) => Piece | null
  /** For languages that compute: spellings that lose no digits, where the graph has the plain ones. */
  readonly stable?: { readonly [name in StableName]: Form }
  /** Operations on numbers made of constants and sizes, for languages where these are no arrays. */
  readonly host?: { readonly [name in ElementwiseName]: Form }
}
