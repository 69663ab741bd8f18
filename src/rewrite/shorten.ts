import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { Engine } from './engine.ts'

export interface ShortenOptions {
  /** Equalities that may be used, as of `sum(Y, axis=0) == 1`: where the left side is found, the right is written. */
  readonly assumptions?: readonly { readonly lhs: Node; readonly rhs: Node }[]
  /** Definitions whose names may be used, besides those that the roots are made of. */
  readonly scope?: readonly Node[]
  /** Definitions that are used where they stand, but whose bodies are not looked for elsewhere. */
  readonly opaque?: ReadonlySet<Node>
}

/**
 * The roots in the shortest form known, by the measure in `cost.ts`: each has its root's shape, and its value wherever
 * the root has one. (A form may have a value where the root has none: common factors cancel.)
 *
 * Definitions are left as they are and used by name; what equals the body of one is replaced by it. One pass, inputs
 * before outputs, with bounded work at each node.
 */
export function shorten(builder: Builder, roots: readonly Node[], options: ShortenOptions = {}): Node[] {
  const assumptions = options.assumptions ?? []
  const scope = options.scope ?? []
  const sides = assumptions.flatMap(({ lhs, rhs }) => [lhs, rhs])
  const order = reachable([...roots, ...scope, ...sides])
  const named = order.filter(
    (node): node is DefinitionNode => node.kind === 'definition' && !node.hidden && options.opaque?.has(node) !== true,
  )
  const engine = new Engine(builder, named)
  if (sides.length > 0) {
    for (const node of reachable(sides)) engine.visit(node)
    for (const { lhs, rhs } of assumptions) engine.assume(lhs, rhs)
  }
  for (const node of order) engine.visit(node)
  return roots.map((root) => engine.write(root))
}
