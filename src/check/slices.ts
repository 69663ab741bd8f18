import { Builder } from '../graph/builder.ts'
import type { ContractNode, InputNode, MapNode, Node } from '../graph/node.ts'
import { dependents, reachable } from '../graph/walk.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import { contraction } from '../ops/contraction.ts'
import { ONE_SIZE } from '../shape/size.ts'

/** Axes of an array on which only the index matters that the moved entry has on an axis of the parameter. */
export type Fixed = ReadonlyMap<number, number>

/** What an input of the function is filled with, for an entry of the parameter. */
export type Source =
  /** The entry itself. */
  | { readonly kind: 'entry' }
  /** The part of a node's value at rest that lies at the entry's indices. */
  | { readonly kind: 'part'; readonly of: Node; readonly fixed: Fixed }
  /** Zeros along an axis, and a one at the entry's index. */
  | { readonly kind: 'mark'; readonly axis: number }

/** What follows from one entry of a parameter, as a graph of its own. */
export interface Slices {
  readonly loss: Node
  /** How many switches stand on another side than at rest. */
  readonly crossings: Node
  /** By the names of the inputs. */
  readonly sources: ReadonlyMap<string, Source>
}

/** What is known of a node that moves: its part at the indices in `fixed` is `node`; all else of it is at rest. */
interface Moved {
  readonly node: Node
  readonly fixed: Fixed
}

const NOTHING: Fixed = new Map()

/**
 * The loss as a function of one entry of `parameter`, in which every array is cut down to the part that the entry
 * reaches: `W*X` moves in one row with an entry of `W`, and by the moved entry times one row of `X`. Where a sum runs over
 * a fixed axis, its value at rest is kept and the change is added; where an operation mixes the part with the rest, the
 * whole array is put together again.
 */
export function slicesOf(loss: Node, parameter: InputNode): Slices {
  return new Slicer(loss, parameter).run()
}

class Slicer {
  readonly #b = new Builder()
  readonly #loss: Node
  readonly #parameter: InputNode
  readonly #moved = new Map<Node, Moved>()
  readonly #sources = new Map<string, Source>()
  readonly #names = new Map<string, Node>()
  readonly #crossings: Node[] = []

  constructor(loss: Node, parameter: InputNode) {
    this.#loss = loss
    this.#parameter = parameter
  }

  run(): Slices {
    const moving = dependents([this.#loss], this.#parameter)
    for (const node of reachable([this.#loss])) if (moving.has(node)) this.#moved.set(node, this.#move(node))
    const { node } = this.#moved.get(this.#loss)!
    const total = this.#crossings.reduce<Node>((sum, count) => this.#b.call('add', sum, count), this.#b.whole(0))
    return { loss: node, crossings: total, sources: this.#sources }
  }

  #move(node: Node): Moved {
    switch (node.kind) {
      case 'input':
        return this.#entry(node)
      case 'definition':
        return this.#moved.get(node.inputs[0]!)!
      case 'map':
        return this.#map(node)
      case 'contract':
        return this.#contract(node)
      case 'reduce':
      case 'normalise': {
        const input = node.inputs[0]!
        const before = this.#moved.get(input)!.fixed
        const fixed = new Map([...before].filter(([axis]) => !node.axes.includes(axis)))
        const moved = this.#b.rebuild(node, [this.#widened(input, fixed)])
        if (node.kind === 'reduce' && node.fn !== 'prod') {
          const isExtreme = (value: Node, extreme: Node): Node => this.#b.call('eq', value, extreme)
          const now = isExtreme(this.#widened(input, fixed), moved)
          this.#count(now, isExtreme(this.#part(input, fixed), this.#part(node, fixed)))
        }
        return { node: moved, fixed }
      }
      default:
        return { node: this.#b.rebuild(node, node.inputs.map((input) => this.#value(input, NOTHING))), fixed: NOTHING } // prettier-ignore
    }
  }

  #entry(node: InputNode): Moved {
    const fixed = new Map<number, number>()
    for (const [axis, size] of node.shape.entries()) if (size !== ONE_SIZE) fixed.set(axis, axis)
    return { node: this.#input('entry', node.shape, fixed, { kind: 'entry' }), fixed }
  }

  #map(node: MapNode): Moved {
    const fixed = new Map<number, number>()
    for (const [axis, size] of node.shape.entries()) {
      if (size === ONE_SIZE) continue
      const seen = new Set(node.inputs.filter((input) => this.#moved.has(input)).map((input) => this.#moved.get(input)!.fixed.get(inner(input, node, axis)))) // prettier-ignore
      const [only] = seen
      if (seen.size === 1 && only !== undefined) fixed.set(axis, only)
    }
    const args = node.inputs.map((input) => this.#value(input, aligned(input, node, fixed)))
    const { switches } = ELEMENTWISE[node.fn]
    if (switches !== undefined) {
      const before = node.inputs.map((input) => this.#part(input, aligned(input, node, fixed)))
      const rest = switches(this.#b, before)
      for (const [at, now] of switches(this.#b, args).entries()) {
        this.#count(this.#b.call('sign', now), this.#b.call('sign', rest[at]!))
      }
    }
    return { node: this.#b.call(node.fn, ...args), fixed }
  }

  #contract(node: ContractNode): Moved {
    const { operands, output } = node.spec
    const slots = [...node.inputs.keys()].filter((slot) => this.#moved.has(node.inputs[slot]!))
    const parts = new Map<number, number>()
    for (const label of new Set(slots.flatMap((slot) => operands[slot]!))) {
      const seen = new Set(slots.map((slot) => this.#fixedLabel(node, slot, label)))
      const [only] = seen
      // The change of a product of moved factors is no product of changes.
      const isSummed = !output.includes(label)
      if (seen.size === 1 && only !== undefined && !(isSummed && slots.length > 1)) parts.set(label, only)
    }
    const isChange = [...parts.keys()].some((label) => !output.includes(label))
    const args = node.inputs.map((input, slot) => {
      const fixed = byLabel(operands[slot]!, parts)
      const value = this.#value(input, fixed)
      return isChange && slots.includes(slot) ? this.#b.call('sub', value, this.#part(input, fixed)) : value
    })
    const sizes = new Map(node.spec.sizes.map((size, label) => [label, parts.has(label) ? ONE_SIZE : size] as const))
    const product = this.#b.contract(contraction(operands, output, sizes), ...args)
    const fixed = byLabel(output, parts)
    return { node: isChange ? this.#b.call('add', this.#part(node, fixed), product) : product, fixed }
  }

  /** The axis of the parameter to which a label of an operand is fixed; a diagonal is not looked into. */
  #fixedLabel(node: ContractNode, slot: number, label: number): number | undefined {
    const labels = node.spec.operands[slot]!
    const axis = labels.indexOf(label)
    if (axis < 0 || labels.includes(label, axis + 1)) return undefined
    return this.#moved.get(node.inputs[slot]!)!.fixed.get(axis)
  }

  /** The value of any node at the given indices, moved or not. */
  #value(node: Node, fixed: Fixed): Node {
    return this.#moved.has(node) ? this.#widened(node, fixed) : this.#part(node, fixed)
  }

  /** A moved node on more of its axes than it moves on: the moved part within the rest. */
  #widened(node: Node, fixed: Fixed): Node {
    const moved = this.#moved.get(node)!
    let value = moved.node
    const known = new Map(moved.fixed)
    for (const [axis, at] of moved.fixed) {
      if (fixed.get(axis) === at) continue
      known.delete(axis)
      const shape = node.shape.map((size, other) => (other === axis ? size : ONE_SIZE))
      const mark = this.#input(`mark${at}:${axis}/${shape.map(({ key }) => key).join()}`, shape, NOTHING, { kind: 'mark', axis: at }) // prettier-ignore
      value = this.#b.call('where', mark, value, this.#part(node, known))
    }
    return value
  }

  /** The value of a node at rest, at the given indices. */
  #part(node: Node, fixed: Fixed): Node {
    if (node.kind === 'constant' || node.kind === 'symbol' || node.kind === 'size') return this.#b.rebuild(node, [])
    const key = [...fixed].sort(([a], [b]) => a - b).join(';')
    return this.#input(`part${node.id}/${key}`, node.shape, fixed, { kind: 'part', of: node, fixed: new Map(fixed) })
  }

  #input(key: string, whole: Node['shape'], fixed: Fixed, source: Source): Node {
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = `v${this.#names.size}`
    const node = this.#b.input(name, whole.map((size, axis) => (fixed.has(axis) ? ONE_SIZE : size))) // prettier-ignore
    this.#names.set(key, node)
    this.#sources.set(name, source)
    return node
  }

  #count(now: Node, before: Node): void {
    this.#crossings.push(this.#b.sum(this.#b.call('ne', now, before)))
  }
}

/** The axis of `input` that lies at an axis of the array that it broadcasts to; -1 where it is repeated along it. */
function inner(input: Node, whole: Node, axis: number): number {
  const own = axis - (whole.shape.length - input.shape.length)
  return own >= 0 && (input.shape[own] !== ONE_SIZE || whole.shape[axis] === ONE_SIZE) ? own : -1
}

/** The fixed axes of a whole as those of an input that broadcasts to it. */
const aligned = (input: Node, whole: Node, fixed: Fixed): Fixed =>
  new Map([...fixed].map(([axis, at]) => [inner(input, whole, axis), at] as const).filter(([axis]) => axis >= 0))

const byLabel = (labels: readonly number[], parts: ReadonlyMap<number, number>): Fixed =>
  new Map(labels.flatMap((label, axis) => (parts.has(label) ? [[axis, parts.get(label)!] as const] : [])))
