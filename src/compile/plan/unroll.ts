import type { ContractNode, MapNode, Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { summedLabels } from '../../ops/contraction.ts'
import type { Size } from '../../shape/size.ts'
import { Scalars } from '../scalar/scalars.ts'
import type { Access } from '../scalar/scalars.ts'
import { Concrete } from './concrete.ts'
import type { Sizes } from './concrete.ts'
import { entries, rowMajor } from './nest.ts'
import type { Buffer, Combine, Nest, Plan, Store, View } from './nest.ts'

/** Scalar operations up to this are written out in one body. */
const LARGEST_BODY = 900
/** A whole graph up to this is written out without any loop. */
const LARGEST_STRAIGHT = 400

/** One entry of an array, or one for each sample. */
interface Entry {
  /** The number it always is, or `null`. */
  readonly constant: number | null
  /** The first stage that can use it. */
  readonly stage: number
  /** Whether samples differ in it. */
  readonly batched: boolean
  /** Where it can be loaded from, once it stands in memory. */
  access: Access | null
  /** The operation, in the stage that works it out. */
  readonly op: number
}

/** A pass over the samples. */
interface Stage {
  readonly code: Scalars
  readonly stores: Store[]
  batched: boolean
}

/**
 * Writes a small graph out entry by entry: one body that takes one sample from the inputs to its part of every sum, with
 * all values in between in registers, run over the samples in one pass. What depends on a sum over all samples waits for
 * the next pass. The axis of the samples is any size that no array has twice.
 */
class Unroller {
  readonly #concrete: Concrete
  readonly #batch: Size | null
  readonly #samples: number
  readonly #stages: Stage[] = []
  readonly #buffers: Buffer[] = []
  readonly #values = new Map<Node, Entry[]>()
  readonly #homes = new Map<Node, View>()
  readonly #roots: ReadonlySet<Node>

  constructor(concrete: Concrete, batch: Size | null, samples: number, roots: ReadonlySet<Node>) {
    this.#concrete = concrete
    this.#batch = batch
    this.#samples = samples
    this.#roots = roots
  }

  run(roots: readonly Node[]): Plan {
    const inputs: { name: string; view: View }[] = []
    for (const node of reachable(roots)) {
      if (node.kind === 'input' && this.#concrete.constant(node) === null) {
        const view = this.#newView(this.#concrete.dims(node), true)
        inputs.push({ name: node.name, view })
        this.#values.set(node, this.#loads(node, view))
      } else this.#values.set(node, this.#entriesOf(node))
    }
    const taken = new Set<View>()
    const outputs = roots.map((root) => {
      const home = this.#homes.get(root)
      if (home !== undefined && !taken.has(home)) {
        taken.add(home)
        return home
      }
      return this.#output(root)
    })
    const steps = this.#stages.map(({ code, stores, batched }): Nest => ({
      kind: 'nest',
      extents: [batched ? this.#samples : 1],
      code,
      stores,
    }))
    return { buffers: this.#buffers, steps: steps.filter(({ stores }) => stores.length > 0), inputs, outputs }
  }

  #batchAxis(node: Node): number {
    return this.#batch === null ? -1 : node.shape.indexOf(this.#batch)
  }

  #lengths(node: Node): number[] {
    const axis = this.#batchAxis(node)
    return this.#concrete.dims(node).map((length, position) => (position === axis ? 1 : length))
  }

  #newView(dims: readonly number[], pinned: boolean): View {
    this.#buffers.push({ entries: entries(dims), pinned })
    return { buffer: this.#buffers.length - 1, offset: 0, dims, strides: rowMajor(dims) }
  }

  #stage(index: number): Stage {
    while (this.#stages.length <= index) this.#stages.push({ code: new Scalars(), stores: [], batched: false })
    return this.#stages[index]!
  }

  /** Where each entry of an array in memory stands. */
  #accesses(node: Node, view: View): Access[] {
    const axis = this.#batchAxis(node)
    const step = axis < 0 ? 0 : view.strides[axis]!
    return indices(this.#lengths(node)).map((index) => ({
      buffer: view.buffer,
      offset: view.offset + index.reduce((sum, i, position) => sum + i * view.strides[position]!, 0),
      strides: [step],
    }))
  }

  #loads(node: Node, view: View): Entry[] {
    const batched = this.#batchAxis(node) >= 0
    return this.#accesses(node, view).map((access) => ({ constant: null, stage: 0, batched, access, op: -1 }))
  }

  #entriesOf(node: Node): Entry[] {
    const constant = this.#concrete.constant(node)
    if (constant !== null) {
      const entry: Entry = { constant, stage: 0, batched: false, access: null, op: -1 }
      return new Array<Entry>(entries(this.#lengths(node))).fill(entry)
    }
    switch (node.kind) {
      case 'map':
        return this.#map(node)
      case 'contract':
        return this.#contract(node)
      case 'reduce':
        return this.#reduce(node)
      case 'reshape':
        return this.#values.get(node.inputs[0]!)!
      default:
        throw new Error(`a ${node.kind} node is not written out`)
    }
  }

  /** The operation that gives the entry in a stage: itself, or a load of what an earlier stage has stored. */
  #use(entry: Entry, index: number): number {
    const stage = this.#stage(index)
    if (entry.constant !== null) return stage.code.const(entry.constant)
    if (entry.batched) stage.batched = true
    if (entry.op >= 0 && entry.stage === index) return entry.op
    if (entry.access === null) {
      const view = this.#newView(entry.batched ? [this.#samples] : [], false)
      entry.access = { buffer: view.buffer, offset: 0, strides: [entry.batched ? 1 : 0] }
      this.#stage(entry.stage).stores.push({ value: entry.op, access: entry.access, combine: null })
    }
    return stage.code.load(entry.access)
  }

  #compute(args: readonly Entry[], make: (code: Scalars, ids: readonly number[]) => number): Entry {
    const stage = Math.max(0, ...args.map((arg) => arg.stage))
    const { code } = this.#stage(stage)
    const op = make(code, args.map((arg) => this.#use(arg, stage))) // prettier-ignore
    return { constant: code.value(op), stage, batched: args.some((arg) => arg.batched), access: null, op }
  }

  #map(node: MapNode): Entry[] {
    const lengths = this.#lengths(node)
    const inputs = node.inputs.map((input) => {
      const own = this.#lengths(input)
      const offset = lengths.length - own.length
      const strides = rowMajor(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride))
      return { values: this.#values.get(input)!, offset, strides }
    })
    return indices(lengths).map((index) => {
      const args = inputs.map(({ values, offset, strides }) => values[dot(strides, index, offset)]!)
      return this.#compute(args, (code, ids) => code.call(node.fn, ...ids))
    })
  }

  #contract(node: ContractNode): Entry[] {
    const { spec } = node
    const isBatch = (label: number): boolean => spec.sizes[label] === this.#batch
    const lengths = this.#concrete.labels(node).map((length, label) => (isBatch(label) ? 1 : length))
    const summed = summedLabels(spec)
    const overSamples = summed.some(isBatch)
    const inner = indices(summed.map((label) => lengths[label]!))
    const operands = node.inputs.map((input, slot) => {
      const labels = spec.operands[slot]!
      return { values: this.#values.get(input)!, labels, strides: rowMajor(labels.map((label) => lengths[label]!)) }
    })
    const at = new Array<number>(lengths.length).fill(0)
    const zero: Entry = { constant: 0, stage: 0, batched: false, access: null, op: -1 }
    const sums = indices(spec.output.map((label) => lengths[label]!)).map((index) => {
      spec.output.forEach((label, axis) => (at[label] = index[axis]!))
      if (spec.output.some((label, axis) => at[label] !== index[axis])) return zero
      const terms = inner.map((among) => {
        summed.forEach((label, position) => (at[label] = among[position]!))
        return operands.map(({ values, labels, strides }) => values[dot(strides, labels.map((label) => at[label]!), 0)]!) // prettier-ignore
      })
      return this.#compute(terms.flat(), (code, ids) => {
        const width = operands.length
        const products = terms.map((_, term) => {
          const factors = ids.slice(term * width, (term + 1) * width)
          return factors.length === 0 ? code.const(1) : factors.reduce((a, b) => code.emit('mul', a, b))
        })
        return products.reduce((a, b) => code.emit('add', a, b))
      })
    })
    return overSamples ? this.#combined(node, sums, 'sum') : sums
  }

  #reduce(node: Node & { kind: 'reduce' }): Entry[] {
    const [input] = node.inputs as [Node]
    const own = this.#lengths(input)
    const strides = rowMajor(own)
    const values = this.#values.get(input)!
    const within = indices(own.map((length, axis) => (node.axes.includes(axis) ? length : 1)))
    const op = node.fn === 'prod' ? 'mul' : node.fn
    const results = indices(this.#lengths(node)).map((index) => {
      const parts = within.map((among) => values[dot(strides, index.map((i, axis) => i + among[axis]!), 0)]!) // prettier-ignore
      return this.#compute(parts, (code, ids) => ids.reduce((a, b) => code.emit(op, a, b)))
    })
    return node.axes.includes(this.#batchAxis(input)) ? this.#combined(node, results, node.fn) : results
  }

  /** Entries combined over all samples, in memory that the next stage can read. */
  #combined(node: Node, parts: readonly Entry[], combine: Combine): Entry[] {
    const view = this.#newView(this.#concrete.dims(node), this.#roots.has(node))
    this.#homes.set(node, view)
    return this.#accesses(node, view).map((access, position) => {
      const part = parts[position]!
      const value = part.batched ? part : this.#repeated(part, combine)
      this.#stage(value.stage).stores.push({
        value: this.#use(value, value.stage),
        access,
        combine: value.batched ? combine : null,
      })
      return { constant: null, stage: value.stage + 1, batched: false, access, op: -1 }
    })
  }

  /** What combining the same value for every sample gives. */
  #repeated(part: Entry, combine: Combine): Entry {
    if (combine === 'max' || combine === 'min') return part
    return this.#compute([part], (code, [id]) =>
      combine === 'sum'
        ? code.emit('mul', id!, code.const(this.#samples))
        : code.call('pow', id!, code.const(this.#samples)),
    )
  }

  #output(root: Node): View {
    const view = this.#newView(this.#concrete.dims(root), true)
    const batched = this.#batchAxis(root) >= 0
    this.#accesses(root, view).forEach((access, position) => {
      const entry = this.#values.get(root)![position]!
      const stage = this.#stage(entry.stage)
      if (batched) stage.batched = true
      stage.stores.push({ value: this.#use(entry, entry.stage), access, combine: null })
    })
    return view
  }
}

/** All index tuples of an array with these lengths, row-major. */
function indices(lengths: readonly number[]): number[][] {
  let all: number[][] = [[]]
  for (const length of lengths) {
    all = all.flatMap((head) => Array.from({ length }, (_, i) => [...head, i]))
  }
  return all
}

const dot = (strides: readonly number[], index: readonly number[], offset: number): number =>
  strides.reduce((sum, stride, axis) => sum + stride * index[axis + offset]!, 0)

/** Scalar operations that writing the graph out takes, or infinity where it cannot be done along this axis. */
function bodySize(nodes: readonly Node[], concrete: Concrete, batch: Size | null): number {
  let total = 0
  for (const node of nodes) {
    if (node.kind === 'matrix') return Infinity
    const axes = node.shape.filter((size) => size === batch).length
    if (axes > 1) return Infinity
    if (node.kind === 'reshape' && (axes > 0 || node.inputs[0]!.shape.some((size) => size === batch))) return Infinity
    let own = concrete.dims(node).reduce((product, length, axis) => (node.shape[axis] === batch ? product : product * length), 1) // prettier-ignore
    if (node.kind === 'contract') {
      const { sizes } = node.spec
      if (sizes.filter((size) => size === batch).length > 1) return Infinity
      own = concrete.labels(node).reduce((product, length, label) => (sizes[label] === batch ? product : product * length), 1) // prettier-ignore
    }
    if (concrete.constant(node) === null) total += own
    if (total > LARGEST_BODY) return Infinity
  }
  return total
}

/** The graph written out over the axis that leaves the smallest body, or `null` where every body is too large. */
export function unroll(roots: readonly Node[], sizes: Sizes): Plan | null {
  const nodes = reachable(roots)
  const concrete = new Concrete(sizes)
  for (const node of nodes) concrete.constant(node)
  const lengths = new Map<Size, number>()
  for (const node of nodes) concrete.dims(node).forEach((length, axis) => lengths.set(node.shape[axis]!, length))
  const straight = bodySize(nodes, concrete, null)
  let best: { batch: Size | null; samples: number; body: number } = { batch: null, samples: 1, body: straight }
  if (straight > LARGEST_STRAIGHT) {
    for (const [size, length] of lengths) {
      if (length === 1) continue
      const body = bodySize(nodes, concrete, size)
      if (body < best.body) best = { batch: size, samples: length, body }
    }
  }
  if (best.body > LARGEST_BODY) return null
  return new Unroller(concrete, best.batch, best.samples, new Set(roots)).run(roots)
}
