import { kroneckerFactors } from '../graph/kronecker.ts'
import type { MatrixNode, Node, ReshapeNode } from '../graph/node.ts'
import { constantOf } from '../index/algebra.ts'
import { exponentOf } from '../index/exponent.ts'
import type { Kernel } from '../index/kernel.ts'
import { generalPower } from '../index/products.ts'
import { sizePoly } from '../index/sum.ts'
import type { Binder, Index, Poly } from '../index/term.ts'
import { summedLabels } from '../ops/contraction.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { splitAxes } from './split-axes.ts'

/** What reading a matrix function needs of the translator. */
interface Reader {
  readonly k: Kernel
  readonly reading: {
    readonly opaque: ReadonlySet<Node>
    readonly merged: ReadonlyMap<Node, unknown>
    readonly inverses: ReadonlyMap<Node, View>
  }
  readonly splits: Map<Index, readonly Binder[]>
  readonly joined: Map<string, Index>
  entry(node: Node, at: readonly Index[]): Poly
  binders(node: Node, sizes: readonly Size[]): Binder[]
}

/** A matrix of the graph, perhaps transposed. */
export interface View {
  readonly node: Node
  readonly transposed: boolean
}

/**
 * `inv`, `det` and `logdet` of a node. Of a product of square matrices: `inv(AB) = inv(B) inv(A)` and
 * `det(AB) = det(A) det(B)`, where the left side is defined both factors are invertible; `inv(inv(A)) = A`. Of a Kronecker
 * product of an `n` by `n` and an `m` by `m` matrix, `inv(kron(A, B)) = kron(inv(A), inv(B))` and
 * `det(kron(A, B)) = det(A)^m det(B)^n`. Source: Matrix Cookbook, section 10.2.
 */
export function matrixEntry(reader: Reader, node: MatrixNode, at: readonly Index[]): Poly {
  const view = { node: node.inputs[0] as Node, transposed: false }
  if (node.fn === 'inv') return inverse(reader, view, at[0] as Index, at[1] as Index)
  const determinant = det(reader, view)
  return node.fn === 'det' ? determinant : reader.k.log(determinant)
}

const isKept = (reader: Reader, node: Node): boolean =>
  reader.reading.opaque.has(node) || reader.reading.merged.has(node)

/** The node behind definitions and transpositions that are not kept closed. */
function behind(reader: Reader, view: View): View {
  let { node, transposed } = view
  while (!isKept(reader, node)) {
    if (node.kind === 'definition') node = node.inputs[0] as Node
    else if (isTransposition(node)) [node, transposed] = [node.inputs[0] as Node, !transposed]
    else break
  }
  return { node, transposed }
}

function isTransposition(node: Node): boolean {
  if (node.kind !== 'contract' || node.inputs.length !== 1 || node.spec.output.length !== 2) return false
  const [labels] = node.spec.operands
  const [row, column] = node.spec.output
  return labels?.length === 2 && row !== column && labels[0] === column && labels[1] === row
}

function inverse(reader: Reader, view: View, row: Index, column: Index): Poly {
  const { k } = reader
  const { node, transposed } = behind(reader, view)
  if (!isKept(reader, node)) {
    if (node.kind === 'matrix' && node.fn === 'inv') {
      return reader.entry(node.inputs[0] as Node, transposed ? [column, row] : [row, column])
    }
    const declared = reader.reading.inverses.get(node)
    if (declared !== undefined) {
      const turned = declared.transposed !== transposed
      return reader.entry(declared.node, turned ? [column, row] : [row, column])
    }
    const parts = squareFactors(node)
    if (parts !== null) {
      const at = transposed ? [column, row] : [row, column]
      const [i, k_, j, l] = splitAxes(reader, node as ReshapeNode, at) as [Index, Index, Index, Index]
      const [one, other] = parts.map((part): View => ({ node: part, transposed: false })) as [View, View]
      return k.multiply(inverse(reader, one, i, j), inverse(reader, other, k_, l))
    }
    const product = squareProduct(node)
    if (product !== null) {
      const [left, right] = transposed ? [flip(product[1]), flip(product[0])] : product
      const shared = { index: k.algebra.fresh(), size: node.shape[0] as Size }
      const terms = k.multiply(inverse(reader, right, row, shared.index), inverse(reader, left, shared.index, column))
      return k.sum(terms, [shared])
    }
  }
  const { of, binders } = matrixOf(reader, node)
  return k.matrix('inv', of, binders, transposed ? [column, row] : [row, column])
}

function det(reader: Reader, view: View): Poly {
  const { k } = reader
  const { node } = behind(reader, view)
  if (!isKept(reader, node)) {
    if (node.kind === 'matrix' && node.fn === 'inv')
      return k.power(det(reader, { node: node.inputs[0] as Node, transposed: false }), -1)
    const parts = squareFactors(node)
    if (parts !== null) {
      const [one, other] = parts.map((part) => det(reader, { node: part, transposed: false })) as [Poly, Poly]
      const [n, m] = parts.map((part) => sizePoly(k.algebra, part.shape[0] as Size)) as [Poly, Poly]
      return k.multiply(wholePower(k, one, m), wholePower(k, other, n))
    }
    const product = squareProduct(node)
    if (product !== null) return k.multiply(det(reader, product[0]), det(reader, product[1]))
  }
  const { of, binders } = matrixOf(reader, node)
  return k.matrix('det', of, binders, [])
}

const wholePower = (k: Kernel, base: Poly, exponent: Poly): Poly => {
  const length = constantOf(exponent)
  return length === null ? generalPower(k, base, exponent) : k.power(base, exponentOf(length))
}

/** The factors of a Kronecker product of square matrices. */
function squareFactors(node: Node): readonly [Node, Node] | null {
  const [a, b] = kroneckerFactors(node) ?? []
  if (a === undefined || b === undefined || a.transposed || b.transposed) return null
  return [a, b].every((factor) => factor.node.shape[0] === factor.node.shape[1]) ? [a.node, b.node] : null
}

const flip = ({ node, transposed }: View): View => ({ node, transposed: !transposed })

function matrixOf(reader: Reader, node: Node): { of: Poly; binders: [Binder, Binder] } {
  const size = node.shape[0] as Size
  const binders: [Binder, Binder] = [
    { index: size === ONE_SIZE ? 0 : reader.k.algebra.fresh(), size },
    { index: size === ONE_SIZE ? 0 : reader.k.algebra.fresh(), size },
  ]
  return { of: reader.entry(node, [binders[0].index, binders[1].index]), binders }
}

/** The factors of a product of two square matrices, or of a transpose alone as a product with nothing; `null` if it is none. */
export function squareProduct(node: Node): [View, View] | null {
  if (node.kind !== 'contract' || node.inputs.length !== 2) return null
  const { spec } = node
  const summed = summedLabels(spec)
  const [shared] = summed
  if (summed.length !== 1 || shared === undefined || new Set(spec.sizes).size !== 1) return null
  const [row, column] = spec.output
  if (spec.operands.some((labels) => labels.length !== 2 || !labels.includes(shared)) || row === column) return null
  const side = (slot: number): View | null => {
    const labels = spec.operands[slot] as readonly number[]
    const node_ = node.inputs[slot] as Node
    if (labels.includes(row as number)) return { node: node_, transposed: labels[1] === row }
    return null
  }
  const other = (slot: number): View => {
    const labels = spec.operands[slot] as readonly number[]
    return { node: node.inputs[slot] as Node, transposed: labels[0] === column }
  }
  const first = side(0)
  if (first !== null) return [first, other(1)]
  const second = side(1)
  return second === null ? null : [second, other(0)]
}
