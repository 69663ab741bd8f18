import type { Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'

/**
 * Nodes of which every entry must be defined where the sides are: all but the branches of a `where` and arrays of which
 * a diagonal is taken, save inverses, which are defined as a whole.
 */
export function neededNodes(sides: readonly Node[]): Set<Node> {
  const needed = new Set<Node>()
  const stack = [...sides]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (needed.has(node)) continue
    needed.add(node)
    if (node.kind === 'map' && node.fn === 'where') stack.push(node.inputs[0] as Node)
    else if (node.kind === 'contract') {
      const { operands } = node.spec
      const isWhole = (input: Node, slot: number): boolean =>
        new Set(operands[slot]).size === operands[slot]?.length || unname(input).kind === 'matrix'
      stack.push(...node.inputs.filter(isWhole))
    } else stack.push(...node.inputs)
  }
  return needed
}
