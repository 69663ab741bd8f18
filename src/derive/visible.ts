import type { Node } from '../graph/node.ts'

/** The inputs that are written out where `node` is: none behind a name. */
export const visibleInputs = (node: Node): readonly Node[] =>
  node.kind === 'derivative' || (node.kind === 'definition' && !node.hidden) ? [] : node.inputs

/** Every node that is written out in the roots, inputs before outputs. */
export function inside(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>(roots)
  const stack = [...seen]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const input of visibleInputs(node)) {
      if (seen.has(input)) continue
      seen.add(input)
      stack.push(input)
    }
  }
  return [...seen].sort((a, b) => a.id - b.id)
}
