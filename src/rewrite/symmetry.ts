import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { contraction, isPermutation } from '../ops/contraction.ts'
import { Labels } from './labels.ts'

/** Operations inside one another through which symmetry is followed. */
const MAX_DEPTH = 16

/** Tells which matrices are their own transposes: by assumption, or by the way they are made, as `X*X'`. */
export class Symmetry {
  readonly #builder: Builder
  readonly #known = new Map<Node, boolean>()

  constructor(builder: Builder) {
    this.#builder = builder
  }

  assume(node: Node): void {
    this.#known.set(node, true)
  }

  holds(node: Node, depth = 0): boolean {
    const known = this.#known.get(node)
    if (known !== undefined) return known
    const [rows, columns] = node.shape
    if (node.shape.length !== 2 || rows !== columns || depth > MAX_DEPTH) return false
    const isMade = this.#isMade(node, depth)
    this.#known.set(node, isMade)
    return isMade
  }

  #isMade(node: Node, depth: number): boolean {
    const all = (): boolean => node.inputs.every((input) => input.shape.length === 0 || this.holds(input, depth + 1))
    switch (node.kind) {
      case 'definition':
      case 'map':
        return all()
      case 'matrix':
        return node.fn === 'inv' && all()
      case 'contract':
        if (node.inputs.length === 1 && isPermutation(node.spec)) return all()
        return transposed(this.#builder, node) === node
      default:
        return false
    }
  }
}

/** The transpose of a product as one product: `B'*A'` for `(A*B)'`. */
function transposed(builder: Builder, node: Node): Node {
  return withinProduct(builder, builder.transpose(node))
}

/** A product whose axes are brought into another order, as one product; anything else as it is. */
export function withinProduct(builder: Builder, node: Node): Node {
  const [inner] = node.inputs
  if (node.kind !== 'contract' || inner?.kind !== 'contract' || !isPermutation(node.spec)) return node
  const own = node.spec.operands[0]!
  const { operands, output, sizes } = inner.spec
  const turned = node.spec.output.map((label) => output[own.indexOf(label)]!)
  const parts = inner.inputs.map((input, slot) => ({ input, labels: operands[slot]! }))
  const ordered = inOrder(parts, turned, new Labels(sizes))
  const byLabel = new Map(sizes.map((size, label) => [label, size]))
  const spec = contraction(
    ordered.map(({ labels }) => labels),
    turned,
    byLabel,
  )
  return builder.contract(spec, ...ordered.map(({ input }) => input))
}

/** Operands in the order in which the axes of the result need them: rows before columns. */
export function inOrder<T extends { readonly labels: readonly number[] }>(
  operands: readonly T[],
  output: readonly number[],
  labels: Labels,
): readonly T[] {
  if (operands.length < 2) return operands
  const place = (own: readonly number[]): number => {
    const at = output.findIndex((label) => own.includes(label) && !labels.isOne(label))
    return at < 0 ? output.length : at
  }
  return [...operands].sort((a, b) => place(a.labels) - place(b.labels))
}
