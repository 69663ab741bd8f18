import type { Node } from './node.ts'

/** Every node that the roots are made of, roots included, inputs before outputs. Iterative: depth costs no stack. */
export function reachable(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>(roots)
  const stack = [...seen]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const input of node.inputs) {
      if (seen.has(input)) continue
      seen.add(input)
      stack.push(input)
    }
  }
  return [...seen].sort((a, b) => a.id - b.id)
}

/** The nodes of `roots` that `source` enters, `source` included if reachable; inputs before outputs. */
export function dependents(roots: readonly Node[], source: Node): Set<Node> {
  const found = new Set<Node>()
  for (const node of reachable(roots)) {
    if (node === source || node.inputs.some((input) => found.has(input))) found.add(node)
  }
  return found
}

/** The node behind any definitions. */
export function unname(node: Node): Node {
  let inner = node
  while (inner.kind === 'definition') inner = inner.inputs[0] as Node
  return inner
}
