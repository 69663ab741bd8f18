import type { MapNode, Node } from '../graph/node.ts'
import type { Index } from '../index/term.ts'
import { placeIn } from './place.ts'

/** An entry of a node that is added, or taken away. */
export interface Summand {
  readonly node: Node
  readonly at: readonly Index[]
  readonly negative: boolean
}

const isSum = (node: Node): node is MapNode =>
  node.kind === 'map' && (node.fn === 'add' || node.fn === 'sub' || node.fn === 'neg')

/**
 * What a chain of sums and differences adds up, as it is written: a sum of thousands of terms has as many nodes within one
 * another. Of two operands only one is followed, so that nothing is read twice; `isRead` tells of nodes not to look into.
 */
export function summandsOf(
  root: Node,
  at: readonly Index[],
  isRead: (node: Node, at: readonly Index[]) => boolean,
): Summand[] {
  const aside: Summand[] = []
  let onward: Summand = { node: root, at, negative: false }
  while (isSum(onward.node) && (onward.node === root || !isRead(onward.node, onward.at))) {
    const [first, second] = operandsOf(onward.node, onward)
    const swapped = second !== undefined && isSum(second.node) && !isSum(first.node)
    const left = swapped ? first : second
    if (left !== undefined) aside.push(left)
    onward = swapped ? second : first
  }
  return [onward, ...aside.toReversed()]
}

function operandsOf({ fn, inputs }: MapNode, { at, negative }: Summand): [Summand, Summand?] {
  const [a, b] = inputs as [Node, Node?]
  const first = { node: a, at: placeIn(a, at), negative: fn === 'neg' ? !negative : negative }
  return b === undefined
    ? [first]
    : [first, { node: b, at: placeIn(b, at), negative: fn === 'sub' ? !negative : negative }]
}
