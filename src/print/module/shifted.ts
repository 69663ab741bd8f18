import type { Builder } from '../../graph/builder.ts'
import type { DefinitionNode, InputNode, Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'

/** A value in which named values between are moved, each by an input of its own. */
export interface Shifted {
  readonly value: Node
  readonly shifts: ReadonlyMap<DefinitionNode, InputNode>
}

/**
 * `value` with an input added to each of `names`: its derivative by that input, at zero, is the one by the name.
 * `null` where nothing is to be moved.
 */
export function shiftedBy(builder: Builder, value: Node, names: readonly Node[]): Shifted | null {
  const shifts = new Map<DefinitionNode, InputNode>()
  for (const name of names) {
    // No name of a sheet holds a space, so none of its inputs is this one.
    if (name.kind === 'definition') shifts.set(name, builder.input(`${name.name} _shift`, name.shape) as InputNode)
  }
  if (shifts.size === 0) return null
  const became = new Map<Node, Node>()
  const now = (node: Node): Node => became.get(node)!
  for (const node of reachable([value])) {
    const inputs = node.inputs.map(now)
    const isSame = inputs.every((input, at) => input === node.inputs[at])
    let moved = isSame ? node : builder.rebuild(node, inputs)
    const shift = node.kind === 'definition' ? shifts.get(node) : undefined
    if (node.kind === 'definition' && shift !== undefined) {
      moved = builder.define(node.name, builder.call('add', inputs[0]!, shift))
    }
    became.set(node, moved)
  }
  return { value: now(value), shifts }
}
