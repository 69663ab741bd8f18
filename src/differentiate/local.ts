import type { Builder } from '../graph/builder.ts'
import type { MatrixName, Node, NormaliseName, ReduceName } from '../graph/node.ts'
import { contraction } from '../ops/contraction.ts'
import type { Contraction } from '../ops/contraction.ts'
import { Folding } from './folding.ts'

/** What stands on an edge of the graph: how a node moves with its input in one slot, the others held fixed. */
export type LocalDerivative =
  /** The node is its input. */
  | { readonly kind: 'identity' }
  /** It does not move, off the kinks. */
  | { readonly kind: 'zero' }
  /** Entry by entry: the node's change is `factor` times that of the input, which broadcasts. */
  | { readonly kind: 'factor'; readonly factor: Node }
  /** Multilinear: the cotangent of the input is the contraction `transposed` of the node's cotangent and then `others`. */
  | { readonly kind: 'multilinear'; readonly transposed: Contraction; readonly others: readonly Node[] }
  /** The entries in another shape. */
  | { readonly kind: 'reshape' }
  /** A rule of its own, known by the operation's name. */
  | { readonly kind: 'rule'; readonly rule: ReduceName | NormaliseName | MatrixName }

/** The local derivative of `node` by its input in `slot`. It may add nodes to the DAG: those of `factor`. */
export function localDerivative(builder: Builder, node: Node, slot: number): LocalDerivative {
  switch (node.kind) {
    case 'map': {
      const factor = new Folding(builder).partial(node, slot)
      return factor === null ? { kind: 'zero' } : { kind: 'factor', factor }
    }
    case 'contract': {
      const { spec } = node
      const others = [...node.inputs.keys()].filter((other) => other !== slot)
      const operands = [spec.output, ...others.map((other) => spec.operands[other]!)]
      const transposed = contraction(operands, spec.operands[slot]!, new Map(spec.sizes.entries()))
      return { kind: 'multilinear', transposed, others: others.map((other) => node.inputs[other]!) }
    }
    case 'reduce':
    case 'normalise':
    case 'matrix':
      return { kind: 'rule', rule: node.fn }
    case 'reshape':
      return { kind: 'reshape' }
    case 'definition':
      return { kind: 'identity' }
    case 'constant':
    case 'symbol':
    case 'size':
    case 'input':
    case 'derivative':
      return { kind: 'zero' }
  }
}
