import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { isPermutation } from '../../ops/contraction.ts'
import { writtenInputs } from '../print.ts'
import type { Target } from '../target.ts'

/** An expression is cut in parts that get names when it nests deeper, or holds more operations, than this. */
const MAX_DEPTH = 8
const MAX_WEIGHT = 24

/** Which nodes are computed by statements of their own. */
export interface Plan {
  /** Everything that is written, inputs before what is made of them. */
  readonly nodes: readonly Node[]
  readonly assigned: ReadonlySet<Node>
  /** Nodes that the value itself needs; all others serve gradients only. */
  readonly forward: ReadonlySet<Node>
  /** Nodes made of constants and sizes alone. */
  readonly hosts: ReadonlySet<Node>
}

const isLeaf = (node: Node): boolean =>
  node.kind === 'constant' || node.kind === 'symbol' || node.kind === 'size' || node.kind === 'input'

/** Names, values used again and parts of long expressions get statements; what is written shorter than a name does not. */
export function planOf(target: Target, value: Node, gradients: readonly Node[]): Plan {
  const nodes = written(target, [value, ...gradients])
  const hosts = new Set<Node>()
  const uses = new Map<Node, number>()
  for (const node of nodes) {
    if (isHost(node, hosts)) hosts.add(node)
    for (const input of writtenInputs(target, node)) uses.set(input, (uses.get(input) ?? 0) + 1)
  }
  const roots = new Set([value, ...gradients])
  const assigned = new Set<Node>()
  const weights = new Map<Node, { readonly weight: number; readonly depth: number }>()
  for (const node of nodes) {
    let [weight, depth] = [1, 0]
    for (const input of writtenInputs(target, node)) {
      const inner = assigned.has(input) ? undefined : weights.get(input)
      weight += inner?.weight ?? 1
      depth = Math.max(depth, (inner?.depth ?? 0) + 1)
    }
    weights.set(node, { weight, depth })
    if (isLeaf(node)) continue
    const isNamed = node.kind === 'definition' && !node.hidden
    const isShared = (uses.get(node) ?? 0) > 1 && !isCheap(node, weight, hosts)
    if (isNamed || isShared || roots.has(node) || weight > MAX_WEIGHT || depth > MAX_DEPTH) assigned.add(node)
  }
  return { nodes, assigned, hosts, forward: new Set(reachable([value])) }
}

function written(target: Target, roots: readonly Node[]): Node[] {
  const seen = new Set<Node>(roots)
  const stack = [...seen]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const input of writtenInputs(target, node)) {
      if (seen.has(input)) continue
      seen.add(input)
      stack.push(input)
    }
  }
  return [...seen].sort((a, b) => a.id - b.id)
}

function isHost(node: Node, hosts: ReadonlySet<Node>): boolean {
  if (node.kind === 'constant' || node.kind === 'symbol' || node.kind === 'size') return true
  return (node.kind === 'map' || node.kind === 'definition') && node.inputs.every((input) => hosts.has(input))
}

/** A transposed name, or a short number. */
function isCheap(node: Node, weight: number, hosts: ReadonlySet<Node>): boolean {
  if (hosts.has(node)) return weight <= 3
  return node.kind === 'contract' && node.shape.length === 2 && isPermutation(node.spec) && weight <= 2
}
