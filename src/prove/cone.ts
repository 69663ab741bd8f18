import type { Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Merge } from './equal.ts'

/** Elementwise operations that the normal form opens for nothing, so that cutting at them would only lose relations. */
const TRANSPARENT: ReadonlySet<ElementwiseName> = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'neg',
  'pow',
  'where',
  'gt',
  'ge',
  'eq',
  'ne',
])

/** Whether a proof may gain by keeping a node closed: it is worth something, and it is no leaf. */
export function isHeavy(node: Node): boolean {
  const inner = unname(node)
  switch (inner.kind) {
    case 'constant':
    case 'symbol':
    case 'size':
    case 'input':
      return false
    case 'map':
      return !TRANSPARENT.has(inner.fn)
    case 'contract':
      return inner.inputs.length > 0
    default:
      return true
  }
}

/** The nodes that a side is read from once merged nodes are read as what they were merged with; with the least number of
 * heavy nodes on the way from the root. Iterative. */
export function cone(root: Node, merged: ReadonlyMap<Node, Merge>): Map<Node, number> {
  const depth = new Map<Node, number>()
  let level = [root]
  for (let heavy = 0; level.length > 0; heavy++) {
    const next: Node[] = []
    const stack = level.filter((node) => !depth.has(node))
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (depth.has(node)) continue
      depth.set(node, heavy)
      const merge = merged.get(node)
      const inputs = merge === undefined ? node.inputs : [merge.node]
      const passes = merge === undefined && node.kind !== 'definition' && isHeavy(node)
      for (const input of inputs) if (!depth.has(input)) (passes ? next : stack).push(input)
    }
    level = next
  }
  return depth
}

/**
 * Nodes that both sides are read from, at least `depth` heavy nodes below either root: heavy ones, and those that `also`
 * holds, which would otherwise be opened.
 */
export function sharedCut(
  lhs: ReadonlyMap<Node, number>,
  rhs: ReadonlyMap<Node, number>,
  depth: number,
  also: ReadonlySet<Node> = new Set(),
): Set<Node> {
  const cut = new Set<Node>()
  for (const [node, d] of lhs) {
    const e = rhs.get(node)
    if (e !== undefined && Math.min(d, e) >= depth && (isHeavy(node) || also.has(node))) cut.add(node)
  }
  return cut
}
