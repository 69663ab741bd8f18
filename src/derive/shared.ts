import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, Node } from '../graph/node.ts'
import { Costs } from '../rewrite/cost.ts'
import type { FreshNames } from './fresh.ts'
import { inside, visibleInputs } from './visible.ts'

/** Gradients that print no more symbols than this together keep their repetitions. */
const MAX_SYMBOLS = 400

/** Shorter parts are not worth a name. */
const LEAST_SYMBOLS = 5

/**
 * Keeps what is printed about as long as the graph is large: where gradients written out are long, parts that stand in
 * them more than once get names, `t1`, `t2`, …
 *
 * `bodies` are those of `definitions`, shortened; the definitions are made anew where these differ.
 */
export function nameShared(
  builder: Builder,
  gradients: readonly Node[],
  definitions: readonly DefinitionNode[],
  bodies: readonly Node[],
  fresh: FreshNames,
): { readonly gradients: readonly Node[]; readonly definitions: readonly DefinitionNode[] } {
  const costs = new Costs()
  const roots = [...bodies, ...gradients]
  const isLong = roots.reduce((sum, root) => sum + costs.of(root), 0) > MAX_SYMBOLS * Math.max(1, roots.length / 8)
  const uses = new Map<Node, number>()
  const all = inside(roots)
  if (isLong) for (const node of all) for (const input of visibleInputs(node)) uses.set(input, (uses.get(input) ?? 0) + 1) // prettier-ignore

  const made: DefinitionNode[] = []
  const became = new Map<Node, Node>()
  let count = 0
  const now = (node: Node): Node => became.get(node) ?? node
  // A definition is used by nodes that were made after it was first written, so its new body may come later: names
  // are resolved where they are met.
  const bodyOf = new Map<Node, Node>(definitions.map((definition, at) => [definition, bodies[at]!]))
  const visit = (root: Node): void => {
    const stack = [root]
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const body = bodyOf.get(node)
      const inputs = body === undefined ? visibleInputs(node) : [body]
      const missing = inputs.filter((input) => !became.has(input))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      if (!became.has(node)) became.set(node, replaced(node, body))
    }
  }
  const replaced = (node: Node, body: Node | undefined): Node => {
    if (body !== undefined) {
      const definition = builder.define((node as DefinitionNode).name, now(body)) as DefinitionNode
      made.push(definition)
      return definition
    }
    const inputs = visibleInputs(node)
    const isSame = inputs.every((input) => now(input) === input)
    const rebuilt = isSame ? node : builder.rebuild(node, node.inputs.map(now))
    if ((uses.get(node) ?? 0) < 2 || costs.of(rebuilt) < LEAST_SYMBOLS) return rebuilt
    const definition = builder.define(fresh.take(`t${++count}`), rebuilt) as DefinitionNode
    made.push(definition)
    return definition
  }
  for (const definition of definitions) visit(definition)
  for (const gradient of gradients) visit(gradient)
  return { gradients: gradients.map(now), definitions: made }
}
