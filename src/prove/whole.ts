import { isInteger } from '../base/rational.ts'
import type { MapNode, Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'
import type { Traits } from '../index/term.ts'
import { nodeTraits } from './node-traits.ts'

/** Ends of a set of whole numbers; `null` where it has none. */
interface Ends {
  readonly low: bigint | null
  readonly high: bigint | null
}

/**
 * The least value of a node that is a whole number everywhere: made of labels, comparisons, sizes and whole numbers by
 * sums and products. −1 where there is none, `null` where it is not known to be whole.
 */
export function leastWhole(node: Node, declared: ReadonlyMap<Node, Traits>): bigint | null {
  const ends = wholeEnds(node, declared)
  return ends === null ? null : (ends.low ?? -1n)
}

function wholeEnds(node: Node, declared: ReadonlyMap<Node, Traits>): Ends | null {
  const inner = unname(node)
  if (inner.kind === 'constant') return isInteger(inner.value) ? { low: inner.value.n, high: inner.value.n } : null
  if (inner.kind === 'size') return { low: 1n, high: null }
  if (nodeTraits([inner], declared).get(inner)?.binary === true) return { low: 0n, high: 1n }
  return inner.kind === 'map' ? endsOfMap(inner, declared) : null
}

function endsOfMap({ fn, inputs }: MapNode, declared: ReadonlyMap<Node, Traits>): Ends | null {
  if (fn !== 'add' && fn !== 'sub' && fn !== 'mul' && fn !== 'neg') return null
  const [a, b] = inputs.map((input) => wholeEnds(input, declared)) as [Ends | null, Ends | null | undefined]
  if (a === null || b === null) return null
  if (fn === 'neg' || b === undefined) return { low: minus(a.high), high: minus(a.low) }
  if (fn === 'add') return { low: plus(a.low, b.low), high: plus(a.high, b.high) }
  if (fn === 'sub') return { low: plus(a.low, minus(b.high)), high: plus(a.high, minus(b.low)) }
  // Products of what may be negative are whole, and that is all.
  if (a.low === null || b.low === null || a.low < 0n || b.low < 0n) return { low: null, high: null }
  return { low: a.low * b.low, high: a.high === null || b.high === null ? null : a.high * b.high }
}

const plus = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a + b)
const minus = (a: bigint | null): bigint | null => (a === null ? null : -a)
