import type { Node } from './node.ts'

/** A node before it has a place: everything but its id. */
export type Draft = Node extends infer N ? (N extends Node ? Omit<N, 'id'> : never) : never

/** Attributes that tell apart nodes of one kind with the same inputs. */
function attributes(draft: Draft): string {
  switch (draft.kind) {
    case 'constant':
      return `${draft.value.n}/${draft.value.d}`
    case 'symbol':
      return draft.name
    case 'size':
      return draft.size.key
    case 'input':
    case 'definition':
      return draft.name
    case 'map':
    case 'matrix':
    case 'derivative':
      return draft.fn
    case 'contract':
      return draft.spec.key
    case 'reduce':
    case 'normalise':
      return `${draft.fn} ${draft.axes.join(',')}`
    case 'reshape':
      return draft.shape.map((size) => size.key).join(',')
  }
}

/**
 * An append-only, hash-consed store of nodes: adding the same operation on the same inputs twice gives one node, so equal
 * nodes are the same object. Ids follow the order of adding, and inputs come before outputs.
 */
export class Dag {
  readonly #nodes: Node[] = []
  readonly #known = new Map<string, Node>()

  add(draft: Draft): Node {
    let key = `${draft.kind} ${attributes(draft)}`
    for (const input of draft.inputs) key += ` ${input.id}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const node = { ...draft, id: this.#nodes.length } as Node
    this.#nodes.push(node)
    this.#known.set(key, node)
    return node
  }

  get nodes(): readonly Node[] {
    return this.#nodes
  }

  get size(): number {
    return this.#nodes.length
  }
}
