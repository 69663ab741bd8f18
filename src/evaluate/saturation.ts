import type { Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Bounded } from './bound.ts'

/** Values that a function comes close to and never has. */
const LIMITS: Partial<Record<ElementwiseName, readonly number[]>> = {
  tanh: [-1, 1],
  sigmoid: [0, 1],
  erf: [-1, 1],
  exp: [0],
  softplus: [0],
}

/** Whether a value of a node is a limit that only rounding reaches. */
function isSaturated(node: Node, value: number): boolean {
  const inner = unname(node)
  if (inner.kind === 'normalise') return inner.fn === 'softmax' && value === 0
  return inner.kind === 'map' && LIMITS[inner.fn]?.includes(value) === true
}

/** The nodes that have such a value or are made of one: what ties with them does not tie. Inputs come before users. */
export function saturatedNodes(values: ReadonlyMap<Node, Bounded>): Set<Node> {
  const found = new Set<Node>()
  for (const [node, { value }] of values) {
    if (node.inputs.some((input) => found.has(input)) || value.data.some((x) => isSaturated(node, x))) found.add(node)
  }
  return found
}
