import { MultiDirectedGraph } from 'graphology'
import { toText } from '../base/rational.ts'
import { shapeText } from '../shape/shape.ts'
import type { Node, NodeKind } from './node.ts'
import { reachable } from './walk.ts'

export interface ViewNode {
  readonly kind: NodeKind
  /** The operation, or the number: what to write into the node. */
  readonly op: string
  /** The name that the sheet gives it, or `''`. */
  readonly name: string
  readonly shape: string
}

export interface ViewEdge<L> {
  /** Which argument of the target the source is. */
  readonly slot: number
  /** The derivative of the target by this argument. Made at the first call, since it may need nodes of its own. */
  readonly local: () => L | null
}

export type GraphView<L> = MultiDirectedGraph<ViewNode, ViewEdge<L>>

function opOf(node: Node): string {
  switch (node.kind) {
    case 'constant':
      return toText(node.value)
    case 'symbol':
      return node.name
    case 'size':
      return node.size.key
    case 'input':
      return node.role
    case 'definition':
      return '='
    case 'map':
    case 'matrix':
    case 'derivative':
      return node.fn
    case 'contract':
      return contractionText(node.spec.operands, node.spec.output)
    case 'reduce':
    case 'normalise':
      return `${node.fn} axis=[${node.axes.join(', ')}]`
    case 'reshape':
      return 'reshape'
  }
}

/** `ij,jk->ik`; labels beyond the alphabet are numbered. */
function contractionText(operands: readonly (readonly number[])[], output: readonly number[]): string {
  const letter = (label: number): string => (label < 18 ? String.fromCharCode(105 + label) : `(${label})`)
  return `${operands.map((labels) => labels.map(letter).join('')).join(',')}->${output.map(letter).join('')}`
}

/**
 * The graph below `roots` as a graphology graph, for exports, pictures and its traversals. A node's key is its id; an
 * edge runs from an input to the node that uses it, and an operation that uses one input twice has two.
 * `localOf` gives the local derivative of a node by its input in a slot, and is called only for edges that are asked.
 */
export function toGraphology<L = never>(
  roots: readonly Node[],
  localOf?: (node: Node, slot: number) => L,
): GraphView<L> {
  const graph: GraphView<L> = new MultiDirectedGraph<ViewNode, ViewEdge<L>>()
  for (const node of reachable(roots)) {
    const name = node.kind === 'input' || node.kind === 'definition' ? node.name : ''
    graph.addNode(node.id, { kind: node.kind, op: opOf(node), name, shape: shapeText(node.shape) })
    node.inputs.forEach((input, slot) => {
      let known: L | null = null
      const local = (): L | null => (known ??= localOf?.(node, slot) ?? null)
      graph.addEdgeWithKey(`${node.id}.${slot}`, input.id, node.id, { slot, local })
    })
  }
  return graph
}
