import { reachable } from '../graph/walk.ts'
import type { Node } from '../graph/node.ts'

const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'mul', 'eq', 'ne', 'and', 'or', 'max', 'min'])

/**
 * Whether two nodes are the same operation on the same inputs once definitions are looked through and the arguments of
 * commutative operations are put in one order. Source: hash-consing modulo commutativity.
 */
export function isSameStructure(lhs: Node, rhs: Node): boolean {
  const numbers = new Map<Node, number>()
  const known = new Map<string, number>()
  for (const node of reachable([lhs, rhs])) {
    const inputs = node.inputs.map((input) => numbers.get(input) as number)
    if (node.kind === 'definition') {
      numbers.set(node, inputs[0] as number)
      continue
    }
    const commutes = node.kind === 'map' && COMMUTATIVE.has(node.fn)
    // Shapes of the operands stay apart by their numbers, so only the order is lost.
    const key = `${attributes(node)} ${(commutes ? inputs.sort((a, b) => a - b) : inputs).join(' ')}`
    const number = known.get(key) ?? known.size
    known.set(key, number)
    numbers.set(node, number)
  }
  return numbers.get(lhs) === numbers.get(rhs)
}

function attributes(node: Node): string {
  switch (node.kind) {
    case 'map':
    case 'matrix':
      return node.fn
    case 'contract':
      return `contract ${node.spec.key}`
    case 'reduce':
    case 'normalise':
      return `${node.fn} ${node.axes.join(',')}`
    case 'reshape':
      return `reshape ${node.shape.map((size) => size.key).join(',')}`
    default:
      // Leaves are hash-consed, so their ids tell them apart.
      return `leaf ${node.id}`
  }
}
