import type { Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { absorbs } from './absorption.ts'
import type { Bounded } from './bound.ts'
import { broadcastPositions } from './kernels/broadcast.ts'

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

/** The least double of full precision. */
const LEAST_NORMAL = 2 ** -1022

/** Whether a power, a product or a quotient lost digits to underflow, as zero of what is not zero did. */
function underflows(node: Node, valueOf: (node: Node) => Bounded): boolean {
  const isFactor = node.kind === 'map' && (node.fn === 'pow' || node.fn === 'mul' || node.fn === 'div')
  if (!isFactor && !(node.kind === 'reduce' && node.fn === 'prod')) return false
  const { shape, data } = valueOf(node).value
  if (!data.some((x) => Math.abs(x) < LEAST_NORMAL)) return false
  const inputs = node.inputs.map((input) => valueOf(input).value)
  if (!isFactor && inputs[0]!.data.includes(0)) return false
  const [first, second] = inputs.map((input) => ({ data: input.data, at: broadcastPositions(input.shape, shape) }))
  const isZero = (entry: number, input = first): boolean => isFactor && input?.data[input.at[entry]!] === 0
  // A zero exponent or divisor makes no zero.
  return data.some(
    (x, entry) => Math.abs(x) < LEAST_NORMAL && !isZero(entry) && !(node.fn === 'mul' && isZero(entry, second)),
  )
}

/** The nodes that have such a value, lost one to underflow or a term to rounding, or are made of one: what ties with them does not tie. Inputs come before users. */
export function saturatedNodes(values: ReadonlyMap<Node, Bounded>): Set<Node> {
  const found = new Set<Node>()
  const valueOf = (node: Node): Bounded => values.get(node)!
  for (const [node, { value }] of values) {
    const isOwn = (): boolean =>
      value.data.some((x) => isSaturated(node, x)) ||
      underflows(node, valueOf) ||
      absorbs(node, (of) => valueOf(of).value)
    if (node.inputs.some((input) => found.has(input)) || isOwn()) found.add(node)
  }
  return found
}
