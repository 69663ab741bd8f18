import type { Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'
import type { ElementwiseName } from '../ops/names.ts'

/** Values that a function comes close to and never has. */
const LIMITS: Partial<Record<ElementwiseName, readonly number[]>> = {
  tanh: [-1, 1],
  sigmoid: [0, 1],
  erf: [-1, 1],
  exp: [0],
  softplus: [0],
}

/** Whether a value of a node is a limit that only rounding reaches: what ties with it does not tie. */
export function isSaturated(node: Node, value: number): boolean {
  const inner = unname(node)
  if (inner.kind === 'normalise') return inner.fn === 'softmax' && value === 0
  return inner.kind === 'map' && LIMITS[inner.fn]?.includes(value) === true
}
