import { BackproveError } from '../base/errors.ts'
import type { Node } from '../graph/node.ts'
import { apply, lengthsOf, TENSORS } from './algebra.ts'
import type { Algebra, Sizes } from './algebra.ts'
import type { Tensor } from './tensor.ts'

/**
 * A point: a length for each size name and a value for each input. A node of any kind may be given a value; it is then
 * taken as it is, and what it is computed from is not visited.
 */
export interface Bindings {
  readonly sizes: Sizes
  readonly inputs: ReadonlyMap<Node, Tensor>
}

/** The nodes that must be computed, inputs before outputs, without what lies below the nodes that are `given`. */
export function needed(roots: readonly Node[], given: (node: Node) => boolean): Node[] {
  const seen = new Set<Node>(roots)
  const stack = [...seen]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (given(node)) continue
    for (const input of node.inputs) {
      if (seen.has(input)) continue
      seen.add(input)
      stack.push(input)
    }
  }
  return [...seen].sort((a, b) => a.id - b.id)
}

/** The given value of a node as a tensor of the shape that the graph says; throws `data` where it has another. */
export function givenValue(node: Node, { sizes, inputs }: Bindings): Tensor | undefined {
  const value = inputs.get(node)
  if (value === undefined) return undefined
  const shape = lengthsOf(node, sizes)
  if (shape.length !== value.shape.length || shape.some((length, axis) => length !== value.shape[axis])) {
    const name = node.kind === 'input' || node.kind === 'definition' ? `\`${node.name}\`` : 'a node'
    throw new BackproveError(
      'data',
      `${name} has the shape [${shape.join(', ')}], its value has [${value.shape.join(', ')}]`,
    )
  }
  return value
}

/** The values of all nodes that the roots need, in one algebra. `derive` gives the value of a derivative node. */
export function evaluateAll<T>(
  algebra: Algebra<T>,
  roots: readonly Node[],
  bindings: Bindings,
  derive?: (node: Node & { kind: 'derivative' }, values: Map<Node, T>) => T,
): Map<Node, T> {
  const values = new Map<Node, T>()
  for (const node of needed(roots, (node) => bindings.inputs.has(node))) {
    const given = givenValue(node, bindings)
    if (given !== undefined) values.set(node, algebra.exact(given))
    else if (node.kind === 'derivative' && derive !== undefined) values.set(node, derive(node, values))
    else {
      const inputs = node.inputs.map((input) => values.get(input)!)
      values.set(node, apply(algebra, node, inputs, bindings.sizes))
    }
  }
  return values
}

/**
 * The values of `roots` at a point, by the plain meaning of every operation. Depth costs no stack.
 * A branch of `where` that is not taken does not matter, even if it is `NaN`.
 * Throws `data` for an input without a value or with one of another shape, `internal` for a derivative not yet expanded.
 */
export function evaluate(roots: readonly Node[], bindings: Bindings): Tensor[] {
  const values = evaluateAll(TENSORS, roots, bindings)
  return roots.map((root) => values.get(root)!)
}
