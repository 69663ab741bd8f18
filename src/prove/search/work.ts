import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { lengthsOf } from '../../evaluate/algebra.ts'
import { entriesOf } from '../../evaluate/tensor.ts'
import { evaluateSize } from '../../shape/size.ts'
import type { Lengths } from './sizes.ts'

/** About how many scalar operations the values of `roots` take. */
export function workOf(roots: readonly Node[], sizes: Lengths): number {
  return workOfNodes(reachable(roots), sizes)
}

function workOfNodes(nodes: readonly Node[], sizes: Lengths): number {
  let work = 0
  for (const node of nodes) {
    const lengths = node.kind === 'contract' ? node.spec.sizes.map((size) => evaluateSize(size, sizes)) : lengthsOf(node, sizes) // prettier-ignore
    work += node.kind === 'matrix' ? (lengthsOf(node.inputs[0]!, sizes)[0] ?? 1) ** 3 : entriesOf(lengths)
  }
  return work
}

/** About how many they take in forward mode, which goes through what is differentiated once for each entry of `x`. */
export function forwardWorkOf(roots: readonly Node[], sizes: Lengths): number {
  const nodes = reachable(roots)
  let work = workOfNodes(nodes, sizes)
  for (const node of nodes) {
    if (node.kind !== 'derivative') continue
    const [y, x] = node.inputs as [Node, Node]
    // A derivative within the differentiated value is gone through anew in each direction.
    work += entriesOf(lengthsOf(x, sizes)) * 3 * forwardWorkOf([y], sizes)
  }
  return work
}
