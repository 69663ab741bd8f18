import type { ContractNode, Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { summedLabels } from '../../ops/contraction.ts'
import { BackproveError } from '../../base/errors.ts'
import { Scalars } from '../scalar/scalars.ts'
import type { Access } from '../scalar/scalars.ts'
import { Concrete } from './concrete.ts'
import type { Sizes } from './concrete.ts'
import { costOf, DEFERRED_COST, PLACED } from './cost.ts'
import { entries, isRowMajor, rowMajor } from './nest.ts'
import type { Buffer, Combine, Nest, Plan, Step, Store, View } from './nest.ts'
import { asProduct } from './product.ts'

/** A nest that still grows. */
interface Group {
  readonly kind: 'group'
  readonly extents: readonly number[]
  readonly code: Scalars
  readonly stores: Store[]
}

/** Where axes of a node lie in a nest: the nest's axis for each, or -1 for an axis of length 1. */
type AxisMap = readonly number[]

interface Placed {
  readonly group: number
  readonly value: number
}

interface Located {
  readonly view: View
  /** The step that writes it; -1 for inputs. */
  readonly ready: number
}

/** Entries between two columns of an input that lies column by column. */
const COLUMN_GAP = 24

/** An axis map that numbers the axes longer than 1. */
function ownAxes(dims: readonly number[]): number[] {
  let next = 0
  return dims.map((length) => (length === 1 ? -1 : next++))
}

const longAxes = (dims: readonly number[]): number[] => dims.filter((length) => length !== 1)

/**
 * Turns a graph with sizes into steps. An elementwise node that costs something is put, once, into the first nest of its
 * extents in which its arguments are at hand; a cheap one is worked out again wherever it is used. Reductions join the
 * nest that makes what they reduce. Permuted, repeated and diagonal arrays are ways of reading a buffer.
 */
class Scheduler {
  readonly #concrete: Concrete
  readonly #steps: (Group | Exclude<Step, Nest>)[] = []
  readonly #buffers: Buffer[] = []
  readonly #placed = new Map<Node, Placed>()
  readonly #located = new Map<Node, Located>()
  /** The work of a node that is repeated at each use. */
  readonly #deferred = new Map<Node, number>()
  readonly #roots: ReadonlySet<Node>
  readonly #turned: ReadonlySet<string>

  /** `turned` names inputs of two axes that lie column by column. */
  constructor(sizes: Sizes, roots: readonly Node[], turned: ReadonlySet<string>) {
    this.#turned = turned
    this.#concrete = new Concrete(sizes)
    this.#roots = new Set(roots)
  }

  run(roots: readonly Node[]): Plan {
    const inputs: { name: string; view: View }[] = []
    for (const node of reachable(roots)) {
      if (this.#concrete.constant(node) !== null) continue
      if (node.kind === 'input') {
        const dims = this.#concrete.dims(node)
        const view = this.#turned.has(node.name) ? this.#newTurned(dims) : this.#newView(dims, true)
        this.#located.set(node, { view, ready: -1 })
        inputs.push({ name: node.name, view })
      } else this.#visit(node)
    }
    const taken = new Set<number>(inputs.map(({ view }) => view.buffer))
    const outputs = roots.map((root) => this.#output(root, taken))
    const steps = this.#steps.map((step): Step => (step.kind === 'group' ? { ...step, kind: 'nest' } : step))
    return { buffers: this.#buffers, steps, inputs, outputs }
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case 'map': {
        const work = node.inputs.reduce((sum, input) => sum + (this.#deferred.get(input) ?? 0), costOf(node))
        if (work <= DEFERRED_COST) this.#deferred.set(node, work)
        else this.#place(node)
        return
      }
      case 'contract':
        return this.#visitContraction(node)
      case 'reduce': {
        const [input] = node.inputs as [Node]
        const axes = ownAxes(this.#concrete.dims(input))
        const kept = axes.map((axis, position) => (node.axes.includes(position) ? -1 : axis))
        return this.#reduction(node, longAxes(this.#concrete.dims(input)), [[input, axes]], kept, node.fn)
      }
      case 'matrix': {
        const input = this.#contiguous(node.inputs[0]!)
        const view = this.#newView(this.#concrete.dims(node), this.#roots.has(node))
        const order = this.#concrete.dims(node.inputs[0]!)[0]!
        this.#steps.push({
          kind: 'matrix', fn: node.fn, order, input: input.view.buffer, inputOffset: input.view.offset, output: view.buffer,
        }) // prettier-ignore
        this.#located.set(node, { view, ready: this.#steps.length - 1 })
        return
      }
      case 'reshape': {
        const { view, ready } = this.#contiguous(node.inputs[0]!)
        const dims = this.#concrete.dims(node)
        this.#located.set(node, { view: { ...view, dims, strides: rowMajor(dims) }, ready })
        return
      }
      case 'constant':
      case 'symbol':
      case 'size':
      case 'input':
      case 'definition':
      case 'normalise':
      case 'derivative':
        throw new BackproveError('internal', `a ${node.kind} node is left in the schedule`)
    }
  }

  #visitContraction(node: ContractNode): void {
    const { spec } = node
    const repeatsOutput = new Set(spec.output).size !== spec.output.length
    if (spec.operands.length === 1 && summedLabels(spec).length === 0 && !repeatsOutput) {
      // A way of reading the operand: repeated at each use, at no cost of its own.
      this.#deferred.set(node, this.#deferred.get(node.inputs[0]!) ?? 0)
      return
    }
    const lengths = this.#concrete.labels(node)
    if (!repeatsOutput && spec.operands.length === 2) {
      const constants = node.inputs.some((input) => this.#concrete.constant(input) !== null)
      if (!constants && this.#product(node, lengths)) return
    }
    const order = [...new Set([...spec.operands.flat(), ...spec.output])].filter((label) => lengths[label] !== 1)
    const axisOf = (label: number): number => order.indexOf(label)
    const operands = node.inputs.map((input, slot): [Node, AxisMap] => [input, spec.operands[slot]!.map(axisOf)])
    const extents = order.map((label) => lengths[label]!)
    this.#reduction(node, extents, operands, spec.output.map(axisOf), 'sum')
  }

  #product(node: ContractNode, lengths: readonly number[]): boolean {
    const dims = this.#concrete.dims(node)
    const strides = rowMajor(dims)
    const probe = asProduct(node.spec, lengths, null, strides)
    if (probe === null) return false
    const operands = node.inputs.map((input) => this.#materialise(input))
    const shape = asProduct(node.spec, lengths, [operands[0]!.view, operands[1]!.view], strides)
    if (shape === null) return false
    const view = this.#newView(dims, this.#roots.has(node))
    this.#steps.push({ ...shape, c: { ...shape.c, buffer: view.buffer } })
    this.#located.set(node, { view, ready: this.#steps.length - 1 })
    return true
  }

  /** A node that is the product of `operands`, combined over the nest's axes that `output` does not name. */
  #reduction(
    node: Node,
    extents: readonly number[],
    operands: readonly (readonly [Node, AxisMap])[],
    output: AxisMap,
    combine: Combine,
  ): void {
    const view = this.#newView(this.#concrete.dims(node), this.#roots.has(node))
    const named = output.filter((axis) => axis >= 0)
    // A diagonal leaves the entries beside it, which are set first.
    const diagonal = new Set(named).size !== named.length
    if (diagonal) this.#steps.push({ kind: 'fill', buffer: view.buffer, value: 0 })
    const readable = operands.map(([operand, map]) => this.#earliest(operand, map, extents))
    const index = this.#groupFor(extents, Math.max(diagonal ? this.#steps.length : 0, ...readable))
    const { code, stores } = this.#group(index)
    const values = operands.map(([operand, map]) => this.#valueAt(index, operand, map))
    const value = values.length === 0 ? code.const(1) : values.reduce((a, b) => code.emit('mul', a, b))
    const access = { buffer: view.buffer, offset: view.offset, strides: strideAlong(view, output, extents.length) }
    const combined = extents.some((_, axis) => !output.includes(axis))
    stores.push({ value, access, combine: combined ? combine : null })
    this.#located.set(node, { view, ready: index })
  }

  #place(node: Node & { kind: 'map' }): void {
    const dims = this.#concrete.dims(node)
    const extents = longAxes(dims)
    const map = ownAxes(dims)
    const inputs = node.inputs.map((input): readonly [Node, AxisMap] => [input, this.#aligned(input, map)])
    const index = this.#groupFor(extents, Math.max(0, ...inputs.map(([input, axes]) => this.#earliest(input, axes, extents)))) // prettier-ignore
    const args = inputs.map(([input, axes]) => this.#valueAt(index, input, axes))
    this.#placed.set(node, { group: index, value: this.#group(index).code.call(node.fn, ...args) })
  }

  /** The axes of an elementwise argument, aligned at the last axis of a node that is read at `map`. */
  #aligned(input: Node, map: AxisMap): AxisMap {
    const dims = this.#concrete.dims(input)
    return dims.map((length, axis) => (length === 1 ? -1 : map[axis + map.length - dims.length]!))
  }

  /** The axes of a contraction's operand, the contraction being read at `map`. */
  #throughContraction(node: ContractNode, map: AxisMap): AxisMap {
    const [labels] = node.spec.operands as [readonly number[]]
    const lengths = this.#concrete.labels(node)
    return labels.map((label) => (lengths[label] === 1 ? -1 : map[node.spec.output.indexOf(label)]!))
  }

  #isOwn(node: Node, map: AxisMap, extents: readonly number[]): boolean {
    const dims = this.#concrete.dims(node)
    const own = ownAxes(dims)
    return longAxes(dims).length === extents.length && own.every((axis, position) => axis === map[position])
  }

  #deferredInputs(node: Node, map: AxisMap): (readonly [Node, AxisMap])[] {
    if (node.kind === 'contract') return [[node.inputs[0]!, this.#throughContraction(node, map)]]
    return node.inputs.map((input) => [input, this.#aligned(input, map)] as const)
  }

  /** The first step in which the node can be read at `map`. */
  #earliest(node: Node, map: AxisMap, extents: readonly number[]): number {
    if (this.#concrete.constant(node) !== null) return 0
    const placed = this.#placed.get(node)
    if (placed !== undefined && this.#isOwn(node, map, extents)) {
      if (sameExtents(this.#group(placed.group).extents, extents)) return placed.group
    }
    const located = this.#located.get(node)
    if (located !== undefined) return located.ready + 1
    if (placed !== undefined) return placed.group + 1
    return Math.max(0, ...this.#deferredInputs(node, map).map(([input, axes]) => this.#earliest(input, axes, extents)))
  }

  #valueAt(index: number, node: Node, map: AxisMap): number {
    const group = this.#group(index)
    const constant = this.#concrete.constant(node)
    if (constant !== null) return group.code.const(constant)
    const placed = this.#placed.get(node)
    if (placed?.group === index && this.#isOwn(node, map, group.extents)) return placed.value
    if (placed !== undefined || this.#located.has(node)) {
      const { view } = this.#materialise(node)
      const strides = strideAlong(view, map, group.extents.length)
      return group.code.load({ buffer: view.buffer, offset: view.offset, strides })
    }
    const values = this.#deferredInputs(node, map).map(([input, axes]) => this.#valueAt(index, input, axes))
    return node.kind === 'map' ? group.code.call(node.fn, ...values) : values[0]!
  }

  /** The node in a buffer. */
  #materialise(node: Node): Located {
    const located = this.#located.get(node)
    if (located !== undefined) return located
    if (this.#concrete.constant(node) === null && node.kind === 'contract') {
      const inner = this.#materialise(node.inputs[0]!)
      const view = readThrough(node, inner.view, this.#concrete)
      const found = { view, ready: inner.ready }
      this.#located.set(node, found)
      return found
    }
    if (!this.#placed.has(node)) {
      if (node.kind === 'map' && this.#concrete.constant(node) === null) this.#place(node)
      else {
        const copy = this.#copy(node)
        this.#located.set(node, copy)
        return copy
      }
    }
    const { group, value } = this.#placed.get(node)!
    const view = this.#newView(this.#concrete.dims(node), this.#roots.has(node))
    this.#group(group).stores.push({ value, access: storeAccess(view), combine: null })
    const found = { view, ready: group }
    this.#located.set(node, found)
    return found
  }

  /** The node in a buffer of its own, row-major. */
  #copy(node: Node): Located {
    const dims = this.#concrete.dims(node)
    const extents = longAxes(dims)
    const map = ownAxes(dims)
    const index = this.#groupFor(extents, this.#earliest(node, map, extents))
    const value = this.#valueAt(index, node, map)
    const view = this.#newView(dims, true)
    this.#group(index).stores.push({ value, access: storeAccess(view), combine: null })
    return { view, ready: index }
  }

  #contiguous(node: Node): Located {
    const located = this.#materialise(node)
    return isRowMajor(located.view) ? located : this.#copy(node)
  }

  #output(root: Node, taken: Set<number>): View {
    let { view } = this.#contiguous(root)
    const whole = view.offset === 0 && this.#buffers[view.buffer]!.entries === entries(view.dims)
    if (!whole || !this.#buffers[view.buffer]!.pinned || taken.has(view.buffer)) view = this.#copy(root).view
    taken.add(view.buffer)
    return view
  }

  #newView(dims: readonly number[], pinned: boolean): View {
    this.#buffers.push({ entries: entries(dims), pinned })
    return { buffer: this.#buffers.length - 1, offset: 0, dims, strides: rowMajor(dims) }
  }

  /** A place for an input column by column, a cache line between two, so that columns do not meet in one cache set. */
  #newTurned(dims: readonly number[]): View {
    const [rows, columns] = dims as [number, number]
    const step = rows + COLUMN_GAP
    this.#buffers.push({ entries: step * columns, pinned: true })
    return { buffer: this.#buffers.length - 1, offset: 0, dims, strides: [1, step] }
  }

  #group(index: number): Group {
    const step = this.#steps[index]
    if (step?.kind !== 'group') throw new BackproveError('internal', `step ${index} is no nest`)
    return step
  }

  /** The first nest of these extents from step `first` on, or a new one at the end. */
  #groupFor(extents: readonly number[], first: number): number {
    for (let index = first; index < this.#steps.length; index++) {
      const step = this.#steps[index]!
      if (step.kind === 'group' && sameExtents(step.extents, extents) && step.code.ops.length < PLACED) return index
    }
    this.#steps.push({ kind: 'group', extents, code: new Scalars(), stores: [] })
    return this.#steps.length - 1
  }
}

const sameExtents = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

/** The view's stride along each axis of a nest; an axis that `map` names twice gets the sum, which reads a diagonal. */
function strideAlong(view: View, map: AxisMap, rank: number): number[] {
  const strides = new Array<number>(rank).fill(0)
  map.forEach((axis, position) => {
    if (axis >= 0) strides[axis]! += view.strides[position]!
  })
  return strides
}

const storeAccess = (view: View): Access => ({
  buffer: view.buffer,
  offset: view.offset,
  strides: view.strides.filter((_, axis) => view.dims[axis] !== 1),
})

/** The view of a contraction that only rearranges its one operand. */
function readThrough(node: ContractNode, view: View, concrete: Concrete): View {
  const [labels] = node.spec.operands as [readonly number[]]
  const strides = node.spec.output.map((label) =>
    labels.reduce((sum, other, axis) => (other === label ? sum + view.strides[axis]! : sum), 0),
  )
  return { ...view, dims: concrete.dims(node), strides }
}

/** The steps that work out `roots` at the given sizes. The graph holds no names, derivatives or normalisations. */
export function schedule(roots: readonly Node[], sizes: Sizes, turned: ReadonlySet<string> = new Set()): Plan {
  return new Scheduler(sizes, roots, turned).run(roots)
}
