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
export const shorten = (builder: Builder, roots: readonly Node[], options: ShortenOptions = {}): Node[] =>
  new Shortener(builder, options, roots).shorten(roots)

/** Shortens one node after another by the same names and equalities, each node of the graph once. */
export class Shortener {
  readonly #engine: Engine

  /** Names that may be used are those in scope, and those that `roots` are made of. */
  constructor(builder: Builder, options: ShortenOptions, roots: readonly Node[] = []) {
    const assumptions = options.assumptions ?? []
    const sides = assumptions.flatMap(({ lhs, rhs }) => [lhs, rhs])
    const order = reachable([...roots, ...(options.scope ?? []), ...sides])
    const named = order.filter(
      (node): node is DefinitionNode =>
        node.kind === 'definition' && !node.hidden && options.opaque?.has(node) !== true,
    )
    this.#engine = new Engine(builder, named)
    if (sides.length > 0) {
      for (const node of reachable(sides)) this.#engine.visit(node)
      for (const { lhs, rhs } of assumptions) this.#engine.assume(lhs, rhs)
    }
    for (const node of order) this.#engine.visit(node)
  }

  /** As `shorten` does. */
  shorten(roots: readonly Node[]): Node[] {
    for (const node of reachable(roots)) this.#engine.visit(node)
    return roots.map((root) => this.#engine.write(root))
  }
}
