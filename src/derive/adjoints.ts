import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, Node } from '../graph/node.ts'
import { Costs } from '../rewrite/cost.ts'
import { scaledOf } from './scale.ts'
import { inside, visibleInputs } from './visible.ts'

/** The derivative by a named value, sizes taken off. */
export interface Adjoint {
  readonly of: DefinitionNode
  readonly body: Node
}

export interface Named {
  readonly gradients: readonly Node[]
  readonly definitions: readonly DefinitionNode[]
  /** The other roots, with the same names in them. */
  readonly others: readonly Node[]
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
  const byCore = new Map<Node, Adjoint>()
  for (const adjoint of adjoints) {
    const { core } = scaledOf(builder, adjoint.body)
    if (costs.of(core) > 1 && core.shape.length > 0) byCore.set(core, adjoint)
  }
  const counted = inside(gradients)
  const uses = new Map<Node, number>()
  const isLong = new Set<Node>()
  for (const gradient of gradients) {
    const { core } = scaledOf(builder, gradient)
    uses.set(core, (uses.get(core) ?? 0) + (core === gradient ? 1 : 0))
  }
  for (const node of counted) {
    for (const input of visibleInputs(node)) {
      uses.set(input, (uses.get(input) ?? 0) + 1)
      if (node.kind === 'contract' && costs.of(input) >= LONG_OPERAND) isLong.add(input)
    }
  }
  const isNamed = (core: Node): boolean => (uses.get(core) ?? 0) > 1 || isLong.has(core)
  const definitions: DefinitionNode[] = []
  const became = new Map<Node, Node>()
  const now = (node: Node): Node => became.get(node) ?? node
  for (const node of inside([...gradients, ...others])) {
    const inputs = visibleInputs(node)
    const rebuilt = inputs.some((input) => now(input) !== input) ? builder.rebuild(node, node.inputs.map(now)) : node
    const adjoint = byCore.get(node)
    if (adjoint === undefined || !isNamed(node)) {
      became.set(node, rebuilt)
      continue
    }
    // The body is a number times the core: the name stands for both, so elsewhere the number is taken off again.
    const { scalar } = scaledOf(builder, adjoint.body)
    const body = scalar === null ? rebuilt : builder.call('mul', scalar, rebuilt)
    const definition = builder.define(nameOf(adjoint.of), body) as DefinitionNode
    definitions.push(definition)
    became.set(node, scalar === null ? definition : builder.call('div', definition, scalar))
  }
  return { gradients: gradients.map(now), definitions, others: others.map(now) }
}
