import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, Node } from '../graph/node.ts'
import { Costs } from '../rewrite/cost.ts'
import { scaledOf } from './scale.ts'
import { inside, visibleInputs } from './visible.ts'

/** The derivative by a named value, sizes taken off. */
export interface Adjoint {
  readonly of: DefinitionNode
  readonly body: Node
  /** The same as it may stand in gradients: `over` times the body. */
  readonly found?: { readonly node: Node; readonly over: Node }
}

export interface Named {
  readonly gradients: readonly Node[]
  readonly definitions: readonly DefinitionNode[]
  /** The other roots, with the same names in them. */
  readonly others: readonly Node[]
}

/** A part of gradients that `scalar` makes the derivative by `of`; `null` for 1. */
interface Core {
  readonly of: DefinitionNode
  readonly scalar: Node | null
}

/** An operand of a product over indices that is longer than this gets a name even where it is used once. */
const LONG_OPERAND = 6

/**
 * Gives names to adjoints that occur in the gradients more than once, or once as a long operand of a product: `dZ1` for
 * the derivative by `Z1`. Where two values have one adjoint, the one nearer the loss gives the name. `others` are rewritten
 * by these names, but what occurs in them does not count.
 */
export function nameAdjoints(
  builder: Builder,
  gradients: readonly Node[],
  adjoints: readonly Adjoint[],
  nameOf: (value: DefinitionNode) => string,
  others: readonly Node[] = [],
): Named {
  const costs = new Costs()
  const byCore = new Map<Node, Core>()
  const opposites = new Map<Node, Node>()
  const learn = (of: DefinitionNode, core: Node, scalar: Node | null): void => {
    if (costs.of(core) <= 1 || core.shape.length === 0) return
    byCore.set(core, { of, scalar })
    if (core.kind === 'map' && core.fn === 'sub') opposites.set(builder.call('sub', core.inputs[1]!, core.inputs[0]!), core) // prettier-ignore
  }
  for (const { of, body, found } of adjoints) {
    if (found !== undefined) {
      const { scalar, core } = scaledOf(builder, found.node)
      learn(of, core, builder.call('div', scalar ?? builder.whole(1), found.over))
    }
    const { scalar, core } = scaledOf(builder, body)
    learn(of, core, scalar)
  }
  const counted = inside(gradients)
  const uses = new Map<Node, number>()
  const isLong = new Set<Node>()
  const count = (node: Node, times: number): Node => {
    const core = opposites.get(node) ?? node
    uses.set(core, (uses.get(core) ?? 0) + times)
    return core
  }
  for (const gradient of gradients) {
    const { core } = scaledOf(builder, gradient)
    count(core, core === gradient ? 1 : 0)
  }
  for (const node of counted) {
    for (const input of visibleInputs(node)) {
      const core = count(input, 1)
      if (node.kind === 'contract' && costs.of(input) >= LONG_OPERAND) isLong.add(core)
    }
  }
  const isNamed = (core: Node): boolean => (uses.get(core) ?? 0) > 1 || isLong.has(core)
  const definitions: DefinitionNode[] = []
  const made = new Map<DefinitionNode, DefinitionNode>()
  const became = new Map<Node, Node>()
  const now = (node: Node): Node => became.get(node) ?? node
  for (const node of inside([...gradients, ...others])) {
    const inputs = visibleInputs(node)
    const rebuilt = inputs.some((input) => now(input) !== input) ? builder.rebuild(node, node.inputs.map(now)) : node
    const turned = opposites.get(node)
    const core = byCore.get(turned ?? node)
    if (core === undefined || !isNamed(turned ?? node)) {
      became.set(node, rebuilt)
      continue
    }
    // The body is a number times the core: the name stands for both, so elsewhere the number is taken off again.
    const { of, scalar } = core
    const plain = turned === undefined ? rebuilt : builder.call('neg', rebuilt)
    const body = scalar === null ? plain : builder.call('mul', scalar, plain)
    const definition = made.get(of) ?? (builder.define(nameOf(of), body) as DefinitionNode)
    if (!made.has(of)) {
      made.set(of, definition)
      definitions.push(definition)
    }
    const value = scalar === null ? definition : builder.call('div', definition, scalar)
    became.set(node, turned === undefined ? value : builder.call('neg', value))
  }
  return { gradients: gradients.map(now), definitions, others: others.map(now) }
}

/** Roots with the names of differences in the place of these, and of their opposites. */
export function withDifferences(
  builder: Builder,
  roots: readonly Node[],
  definitions: readonly DefinitionNode[],
): readonly Node[] {
  const became = new Map<Node, Node>()
  const bodies = new Set<Node>()
  for (const definition of definitions) {
    const body = definition.inputs[0]!
    if (body.kind !== 'map' || body.fn !== 'sub') continue
    bodies.add(body)
    became.set(body, definition)
    became.set(builder.call('sub', body.inputs[1]!, body.inputs[0]!), builder.call('neg', definition))
  }
  if (became.size === 0) return roots
  const now = (node: Node): Node => became.get(node) ?? node
  for (const node of inside(roots)) {
    if (became.has(node)) continue
    const isChanged = visibleInputs(node).some((input) => now(input) !== input)
    became.set(node, isChanged ? builder.rebuild(node, node.inputs.map(now)) : node)
  }
  return roots.map((root) => (bodies.has(root) ? root : now(root)))
}
