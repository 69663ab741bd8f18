import type { ElementwiseName } from '../../ops/names.ts'
import { arrange } from '../plan/loops.ts'
import type { Loops, LoopStore } from '../plan/loops.ts'
import { IDENTITY } from '../plan/nest.ts'
import type { Combine, Nest } from '../plan/nest.ts'
import type { Access } from '../scalar/scalars.ts'
import { Assembler, place } from './assembler.ts'
import type { Template } from './assembler.ts'
import type { Body } from './encode.ts'
import { Lanes } from './lanes.ts'
import type { Precision, V } from './lanes.ts'
import { isTranscendental, isWidened } from './math/functions.ts'
import { NestMemory } from './nest-memory.ts'
import { NestOperations } from './nest-operations.ts'
import { I32 } from './opcodes.ts'

/** What a nest's code needs from the module around it. */
export interface NestContext {
  readonly precision: Precision
  readonly fused: boolean
  /** The first byte of each buffer. */
  readonly starts: readonly number[]
  /** The number of the imported function that is an operation's kernel. */
  readonly kernel: (fn: ElementwiseName) => number
  /** What has been written, by its text: layers that are alike differ in their buffers only. */
  readonly templates: Map<string, Template>
}

const VECTOR_OP = { sum: 'add', prod: 'mul', max: 'max', min: 'min' } as const

/** Separate sums for a short body, so that one addition need not wait for the one before. */
const unrolling = (operations: number): number => (operations <= 8 ? 4 : operations <= 24 ? 2 : 1)

/** Vector registers that an engine can give to one loop; what is more is put by in memory at every step. */
const REGISTERS = 15

class NestWriter {
  /** The parameter is the first sample of a sweep. */
  readonly #asm = new Assembler({ params: [I32], results: [] })
  readonly #lanes: Lanes
  readonly #loops: Loops
  readonly #memory: NestMemory
  readonly #operations: NestOperations
  readonly #accumulators = new Map<LoopStore, V[]>()

  /** `buffers` gives each buffer the number that it has in the template. */
  constructor(loops: Loops, context: NestContext, buffers: ReadonlyMap<number, number>) {
    this.#loops = loops
    this.#lanes = new Lanes(this.#asm, context.precision, context.fused)
    const loads = loops.ops.flatMap((loop) => (loop.op === 'load' ? [loop.access] : []))
    const accesses = [...loads, ...loops.stores.map(({ access }) => access)]
    this.#memory = new NestMemory(this.#asm, this.#lanes, buffers, accesses)
    this.#operations = new NestOperations(this.#asm, this.#lanes, this.#memory, loops, context.kernel)
  }

  write(): Template {
    for (const store of this.#loops.stores) {
      if (store.combine !== null && store.starts) this.#start(store, store.combine, 0)
    }
    this.#level(0)
    return this.#asm.template()
  }

  /** Gives every entry of a store the identity of its combination. */
  #start(store: LoopStore, combine: Combine, axis: number): void {
    const { extents } = this.#loops
    const { strides } = store.access
    if (axis === extents.length) {
      this.#memory.store(store.access, this.#lanes.const(IDENTITY[combine]), 0, 1)
      return
    }
    if (strides[axis] === 0) return this.#start(store, combine, axis + 1)
    this.#memory.along(store.access, axis, extents[axis]!, () => this.#start(store, combine, axis + 1))
  }

  #body(step: number, lanes: number, way: number): void {
    const rank = this.#loops.extents.length
    this.#operations.write(rank, step, lanes)
    for (const store of this.#loops.stores) {
      if (store.combine !== null) this.#combine(store, store.combine, step, lanes, way)
      else if (store.level === rank) this.#memory.store(store.access, this.#operations.value(store.value), step, lanes)
    }
  }

  #combine(store: LoopStore, combine: Combine, step: number, lanes: number, way: number): void {
    const l = this.#lanes
    const inMemory = store.level === this.#loops.extents.length
    const target = inMemory ? null : this.#accumulators.get(store)![way]!
    const old = target ?? this.#memory.load(store.access, step, lanes)
    let combined: V
    const factors = inMemory || lanes === l.width ? this.#operations.factors(store.value) : null
    if (factors !== null) combined = l.madd(...factors, old)
    else {
      let value = this.#operations.value(store.value)
      // Lanes beyond the last point take no part.
      if (!inMemory && lanes < l.width) value = l.permute(value, l.const(IDENTITY[combine]), firstLaneOf(l.width))
      combined = l.op(VECTOR_OP[combine], old, value)
    }
    if (target === null) this.#memory.store(store.access, combined, step, lanes)
    else l.assign(target, combined)
  }

  #level(level: number): void {
    const { extents, stores } = this.#loops
    const rank = extents.length
    if (rank === 0) return this.#scalar()
    if (level < rank) this.#operations.write(level, 0, 1)
    for (const store of stores) {
      if (store.combine === null && store.level === level && level < rank) {
        this.#memory.store(store.access, this.#operations.value(store.value), 0, 1)
      }
    }
    const ending = stores.filter((store) => store.combine !== null && store.level === level)
    const ways = this.#ways()
    for (const store of ending) {
      const start = this.#lanes.const(IDENTITY[store.combine!])
      this.#accumulators.set(
        store,
        Array.from({ length: ways }, () => this.#lanes.variable(start)),
      )
    }
    if (level === rank - 1) this.#inner(ways)
    else {
      this.#asm.repeat(extents[level]!, () => {
        this.#level(level + 1)
        this.#memory.advance(level, 1)
      })
      this.#memory.advance(level, -extents[level]!)
    }
    for (const store of ending) this.#finish(store, store.combine!)
  }

  /** How many steps of the innermost loop are written out: as far as their loads, which engines do first, find registers. */
  #ways(): number {
    const { ops, levels, uses, stores, extents } = this.#loops
    const rank = extents.length
    const inner = [...ops.keys()].filter((id) => levels[id] === rank && uses[id]! > 0)
    const sums = stores.filter(({ combine, level }) => combine !== null && level < rank).length
    if (inner.some((id) => ops[id]!.op === 'call')) return 1
    if (inner.some((id) => isTranscendental(ops[id]!.op))) {
      // Two chains of long waits beside each other; what is worked out in two halves has two chains already.
      const isChained = inner.some((id) => isWidened(ops[id]!.op, this.#lanes.precision))
      return sums > 0 && !isChained && extents[rank - 1]! >= 2 * this.#lanes.width ? 2 : 1
    }
    const held = new Set(inner.flatMap((id) => ops[id]!.args.filter((arg) => levels[arg]! < rank))).size
    const loads = inner.filter((id) => ops[id]!.op === 'load').length
    let ways = sums > 0 ? unrolling(inner.length) : Math.min(2, unrolling(inner.length))
    while (ways > 1 && held + ways * (loads + sums) > REGISTERS) ways /= 2
    return extents[rank - 1]! >= ways * this.#lanes.width ? ways : 1
  }

  #inner(ways: number): void {
    const { extents } = this.#loops
    const axis = extents.length - 1
    const extent = extents[axis]!
    const { width } = this.#lanes
    const vectors = Math.floor(extent / width)
    const rounds = Math.floor(vectors / ways)
    const left = vectors - rounds * ways
    this.#memory.rounds(axis, rounds, ways * width, () => {
      for (let way = 0; way < ways; way++) this.#body(way * width, width, way)
    })
    let step = 0
    for (let vector = 0; vector < left; vector++, step += width) this.#body(step, width, vector)
    for (let rest = extent % width; rest > 0; rest--, step++) this.#body(step, 1, 0)
    this.#memory.advance(axis, -rounds * ways * width)
  }

  #finish(store: LoopStore, combine: Combine): void {
    const l = this.#lanes
    const name = VECTOR_OP[combine]
    let total = this.#accumulators.get(store)!.reduce((a, b) => l.op(name, a, b))
    for (let half = l.width / 2; half >= 1; half /= 2) {
      const turned = Array.from({ length: l.width }, (_, lane) => (lane + half) % l.width)
      total = l.op(name, total, l.permute(total, total, turned))
    }
    if (store.shared) total = l.op(name, total, this.#memory.load(store.access, 0, 1))
    this.#memory.store(store.access, total, 0, 1)
  }

  /** A nest without loops: every value is the same in all lanes. */
  #scalar(): void {
    this.#operations.write(0, 0, 1)
    for (const { access, value } of this.#loops.stores) {
      this.#memory.store(access, this.#operations.value(value), 0, 1)
    }
  }
}

const firstLaneOf = (width: number): number[] => Array.from({ length: width }, (_, lane) => (lane === 0 ? 0 : width + lane)) // prettier-ignore

/** The nest as text, its buffers numbered as they are met; `buffers` takes their own numbers. */
function textOf({ extents, code, stores }: Nest, buffers: Map<number, number>): string {
  const text: unknown[] = [...extents]
  const access = ({ buffer, offset, strides, sweep }: Access): void => {
    if (!buffers.has(buffer)) buffers.set(buffer, buffers.size)
    text.push(buffers.get(buffer), offset, strides, sweep)
  }
  for (const operation of code.ops) {
    text.push(operation.op, ...operation.args)
    if (operation.op === 'load') access(operation.access)
    else if (operation.op === 'const') text.push(Object.is(operation.value, -0) ? '-0' : operation.value)
    else if (operation.op === 'call') text.push(operation.fn)
  }
  for (const store of stores) {
    text.push(store.value, store.combine, store.across)
    access(store.access)
  }
  return text.join(' ')
}

/** A nest as a function of the first sample of its sweep. */
export function writeNest(nest: Nest, context: NestContext): Body {
  const buffers = new Map<number, number>()
  const text = textOf(nest, buffers)
  let template = context.templates.get(text)
  if (template === undefined) {
    template = new NestWriter(arrange(nest), context, buffers).write()
    context.templates.set(text, template)
  }
  return place(template, [...buffers.keys()].map((buffer) => context.starts[buffer]!)) // prettier-ignore
}
