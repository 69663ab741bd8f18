import type { ElementwiseName } from '../../ops/names.ts'
import { arrange } from '../plan/loops.ts'
import type { Loops, LoopStore } from '../plan/loops.ts'
import { IDENTITY } from '../plan/nest.ts'
import type { Combine, Nest } from '../plan/nest.ts'
import type { Access, ScalarOp } from '../scalar/scalars.ts'
import { Assembler, place } from './assembler.ts'
import type { Template } from './assembler.ts'
import type { Body } from './encode.ts'
import { Lanes } from './lanes.ts'
import type { Precision, V } from './lanes.ts'
import { emitPrimitive, isTranscendental, isWidened } from './math/functions.ts'
import type { CallKernel } from './math/functions.ts'
import { I32, op, simd } from './opcodes.ts'

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

/** How far ahead a partner for a scalar function is looked for. */
const PARTNER_REACH = 64

const key = ({ strides, sweep = 0 }: Access): string => `${strides.join(',')} ${sweep}`

interface Index {
  readonly local: number
  readonly strides: readonly number[]
}

class NestWriter {
  /** The parameter is the first sample of a sweep. */
  readonly #asm = new Assembler({ params: [I32], results: [] })
  readonly #lanes: Lanes
  readonly #loops: Loops
  readonly #context: NestContext
  readonly #buffers: ReadonlyMap<number, number>
  readonly #values: V[] = []
  /** Byte offsets that grow with the loops, one for each way of striding. */
  readonly #indices = new Map<string, Index>()
  /** Those of the accesses that move. */
  readonly #indexOf = new Map<Access, Index>()
  readonly #accumulators = new Map<LoopStore, V[]>()
  readonly #absorbed = new Set<number>()
  /** Operations that have been written. */
  readonly #ready = new Set<number>()

  /** `buffers` gives each buffer the number that it has in the template. */
  constructor(loops: Loops, context: NestContext, buffers: ReadonlyMap<number, number>) {
    this.#loops = loops
    this.#buffers = buffers
    this.#context = context
    this.#lanes = new Lanes(this.#asm, context.precision, context.fused)
    for (const loop of loops.ops) if (loop.op === 'load') this.#index(loop.access)
    for (const { access } of loops.stores) this.#index(access)
    if (context.fused) this.#absorb()
  }

  write(): Template {
    for (const store of this.#loops.stores) {
      if (store.combine !== null && store.starts) this.#start(store, store.combine, 0)
    }
    this.#level(0)
    return this.#asm.template()
  }

  /** Products that are used once, by a sum, are done together with it. */
  #absorb(): void {
    const { ops, uses, stores, levels } = this.#loops
    const rank = this.#loops.extents.length
    const absorb = (id: number, level: number): boolean => {
      if (ops[id]!.op !== 'mul' || uses[id] !== 1 || levels[id] !== level) return false
      this.#absorbed.add(id)
      return true
    }
    ops.forEach((loop, id) => {
      if (uses[id] === 0) return
      if (loop.op === 'add' && !absorb(loop.args[1]!, levels[id]!)) absorb(loop.args[0]!, levels[id]!)
      if (loop.op === 'sub') absorb(loop.args[1]!, levels[id]!)
    })
    for (const { value, combine } of stores) if (combine === 'sum') absorb(value, rank)
  }

  #index(access: Access): void {
    const { strides, sweep = 0 } = access
    if (sweep === 0 && strides.every((stride) => stride === 0)) return
    const way = key(access)
    const known = this.#indices.get(way)
    if (known !== undefined) {
      this.#indexOf.set(access, known)
      return
    }
    const local = this.#asm.local(I32)
    const index = { local, strides }
    this.#indices.set(way, index)
    this.#indexOf.set(access, index)
    if (sweep === 0) return
    this.#asm.get(0)
    this.#asm.i32(sweep * this.#lanes.bytes)
    this.#asm.byte(op.i32Mul)
    this.#asm.set(local)
  }

  #address(access: Access): void {
    const index = this.#indexOf.get(access)
    if (index === undefined) this.#asm.i32(0)
    else this.#asm.get(index.local)
  }

  /** Loads or stores at `step` along the innermost loop. */
  #memory(opcode: number, { buffer, offset, strides }: Access, step: number, lane: number | null = null): void {
    const inner = strides.at(-1) ?? 0
    this.#asm.simdMemoryIn(opcode, this.#buffers.get(buffer)!, (offset + step * inner) * this.#lanes.bytes, lane)
  }

  #advance(axis: number, steps: number): void {
    for (const { local, strides } of this.#indices.values()) {
      this.#asm.advance(local, strides[axis]! * steps * this.#lanes.bytes)
    }
  }

  /** Gives every entry of a store the identity of its combination. */
  #start(store: LoopStore, combine: Combine, axis: number): void {
    const { extents } = this.#loops
    const { strides } = store.access
    if (axis === extents.length) {
      this.#storeLanes(store.access, this.#lanes.const(IDENTITY[combine]), 0, 1)
      return
    }
    if (strides[axis] === 0) return this.#start(store, combine, axis + 1)
    const { local } = this.#indexOf.get(store.access)!
    const bytes = strides[axis]! * this.#lanes.bytes
    this.#asm.repeat(extents[axis]!, () => {
      this.#start(store, combine, axis + 1)
      this.#asm.advance(local, bytes)
    })
    this.#asm.advance(local, -bytes * extents[axis]!)
  }

  readonly #callKernel: CallKernel = (l, fn, args, lanes) => {
    let result = args[0]!
    for (let lane = 0; lane < lanes; lane++) {
      result = l.withLane(result, lane, () => {
        for (const arg of args) l.pushLane(arg, lane)
        this.#asm.call(this.#context.kernel(fn))
      })
    }
    return result
  }

  #loadSplat(access: Access): V {
    this.#address(access)
    this.#memory(this.#lanes.bytes === 8 ? simd.load64Splat : simd.load32Splat, access, 0)
    return this.#lanes.result()
  }

  /** The entries at `step` and after it, along the innermost loop; of a vector that is not contiguous, lane by lane. */
  #load(access: Access, step: number, lanes: number): V {
    const wide = this.#lanes.bytes === 8
    const contiguous = access.strides.at(-1) === 1
    this.#address(access)
    if (lanes > 1 && contiguous) {
      this.#memory(simd.load, access, step)
      return this.#lanes.result()
    }
    this.#memory(wide ? simd.load64Zero : simd.load32Zero, access, step)
    let result = this.#lanes.result()
    for (let lane = 1; lane < lanes; lane++) {
      this.#address(access)
      this.#asm.get(result)
      this.#memory(wide ? simd.load64Lane : simd.load32Lane, access, step + lane, lane)
      result = this.#lanes.result()
    }
    return result
  }

  #storeLanes(access: Access, value: V, step: number, lanes: number): void {
    const wide = this.#lanes.bytes === 8
    if (lanes > 1 && access.strides.at(-1) === 1) {
      this.#address(access)
      this.#asm.get(value)
      this.#memory(simd.store, access, step)
      return
    }
    for (let lane = 0; lane < lanes; lane++) {
      this.#address(access)
      this.#asm.get(value)
      this.#memory(wide ? simd.store64Lane : simd.store32Lane, access, step + lane, lane)
    }
  }

  #operation(loop: ScalarOp, step: number, lanes: number, uniform: boolean): V {
    const l = this.#lanes
    const { ops } = this.#loops
    const args = loop.args.map((arg) => this.#values[arg]!)
    switch (loop.op) {
      case 'const':
        return l.const(loop.value)
      case 'load':
        return uniform ? this.#loadSplat(loop.access) : this.#load(loop.access, step, lanes)
      case 'call':
        return this.#callKernel(l, loop.fn, args, uniform ? l.width : lanes)
      case 'add':
      case 'sub': {
        const slot = loop.args.findLastIndex((arg) => this.#absorbed.has(arg))
        if (slot < 0) break
        const factors = ops[loop.args[slot]!]!.args.map((arg) => this.#values[arg]!)
        return l.op(loop.op === 'add' ? 'madd' : 'nmadd', factors[0]!, factors[1]!, args[1 - slot]!)
      }
      default:
    }
    const known = loop.args.map((arg) => {
      const source = ops[arg]!
      return { constant: source.op === 'const' ? source.value : null }
    })
    return emitPrimitive(l, loop.op, args, known, uniform ? l.width : lanes, this.#callKernel)
  }

  /** The operations that belong directly inside `level` loops, for `lanes` points from `step` on. */
  #operations(level: number, step: number, lanes: number): void {
    const { extents, ops, levels, uses } = this.#loops
    const uniform = level < extents.length || extents.length === 0
    const done = new Set<number>()
    const isHere = (id: number): boolean => levels[id] === level && uses[id]! > 0 && !this.#absorbed.has(id)
    ops.forEach((loop, id) => {
      if (!isHere(id) || done.has(id)) return
      const partner = uniform && isTranscendental(loop.op) ? this.#partner(id, (other) => isHere(other) && !done.has(other)) : null // prettier-ignore
      if (partner === null) this.#values[id] = this.#operation(loop, step, lanes, uniform)
      else this.#pair(id, partner)
      done.add(id)
      if (partner !== null) done.add(partner)
      this.#ready.add(id)
      if (partner !== null) this.#ready.add(partner)
    })
  }

  /** Another application of the same function whose argument is known by now, so that one evaluation serves both. */
  #partner(id: number, isFree: (other: number) => boolean): number | null {
    const { ops } = this.#loops
    const { op: name } = ops[id]!
    for (let other = id + 1; other < Math.min(ops.length, id + PARTNER_REACH); other++) {
      const candidate = ops[other]!
      if (candidate.op === name && isFree(other) && this.#ready.has(candidate.args[0]!)) return other
    }
    return null
  }

  /** Two equal functions of scalars in one vector. */
  #pair(id: number, partner: number): void {
    const l = this.#lanes
    const [first, second] = [id, partner].map((which) => this.#values[this.#loops.ops[which]!.args[0]!]!) as [V, V]
    const all = (lane: number): number[] => new Array<number>(l.width).fill(lane)
    const both = l.permute(first, second, [0, ...all(l.width).slice(1)])
    const result = emitPrimitive(l, this.#loops.ops[id]!.op as never, [both], [{ constant: null }], 2, this.#callKernel)
    this.#values[id] = l.permute(result, result, all(0))
    this.#values[partner] = l.permute(result, result, all(1))
  }

  #body(step: number, lanes: number, way: number): void {
    const rank = this.#loops.extents.length
    this.#operations(rank, step, lanes)
    for (const store of this.#loops.stores) {
      if (store.combine !== null) this.#combine(store, store.combine, step, lanes, way)
      else if (store.level === rank) this.#storeLanes(store.access, this.#values[store.value]!, step, lanes)
    }
  }

  #combine(store: LoopStore, combine: Combine, step: number, lanes: number, way: number): void {
    const l = this.#lanes
    const inMemory = store.level === this.#loops.extents.length
    const target = inMemory ? null : this.#accumulators.get(store)![way]!
    const old = target ?? this.#load(store.access, step, lanes)
    let combined: V
    if (this.#absorbed.has(store.value) && (inMemory || lanes === l.width)) {
      const [a, b] = this.#loops.ops[store.value]!.args as [number, number]
      combined = l.madd(this.#values[a]!, this.#values[b]!, old)
    } else {
      let value = this.#values[store.value]!
      if (this.#absorbed.has(store.value)) {
        value = l.op('mul', ...this.#loops.ops[store.value]!.args.map((arg) => this.#values[arg]!))
      }
      // Lanes beyond the last point take no part.
      if (!inMemory && lanes < l.width) value = l.permute(value, l.const(IDENTITY[combine]), firstLaneOf(l.width))
      combined = l.op(VECTOR_OP[combine], old, value)
    }
    if (target === null) this.#storeLanes(store.access, combined, step, lanes)
    else l.assign(target, combined)
  }

  #level(level: number): void {
    const { extents, stores } = this.#loops
    const rank = extents.length
    if (rank === 0) return this.#scalar()
    if (level < rank) this.#operations(level, 0, 1)
    for (const store of stores) {
      if (store.combine === null && store.level === level && level < rank) {
        this.#storeLanes(store.access, this.#values[store.value]!, 0, 1)
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
        this.#advance(level, 1)
      })
      this.#advance(level, -extents[level]!)
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
    this.#rounds(axis, rounds, ways * width, () => {
      for (let way = 0; way < ways; way++) this.#body(way * width, width, way)
    })
    let step = 0
    for (let vector = 0; vector < left; vector++, step += width) this.#body(step, width, vector)
    for (let rest = extent % width; rest > 0; rest--, step++) this.#body(step, 1, 0)
    this.#advance(axis, -rounds * ways * width)
  }

  /** Runs `body` so many times, moving on along `axis`; an offset that moves counts the rounds. */
  #rounds(axis: number, rounds: number, steps: number, body: () => void): void {
    const asm = this.#asm
    const moving = [...this.#indices.values()].find(({ strides }) => strides[axis]! > 0)
    if (moving === undefined || rounds <= 1) {
      asm.repeat(rounds, () => {
        body()
        this.#advance(axis, steps)
      })
      return
    }
    const end = asm.local(I32)
    asm.get(moving.local)
    asm.i32(moving.strides[axis]! * steps * rounds * this.#lanes.bytes)
    asm.byte(op.i32Add)
    asm.set(end)
    asm.byte(op.loop, 0x40)
    body()
    this.#advance(axis, steps)
    asm.get(moving.local)
    asm.get(end)
    asm.byte(op.i32LtU, op.brIf, 0, op.end)
  }

  #finish(store: LoopStore, combine: Combine): void {
    const l = this.#lanes
    const name = VECTOR_OP[combine]
    let total = this.#accumulators.get(store)!.reduce((a, b) => l.op(name, a, b))
    for (let half = l.width / 2; half >= 1; half /= 2) {
      const turned = Array.from({ length: l.width }, (_, lane) => (lane + half) % l.width)
      total = l.op(name, total, l.permute(total, total, turned))
    }
    if (store.shared) total = l.op(name, total, this.#load(store.access, 0, 1))
    this.#storeLanes(store.access, total, 0, 1)
  }

  /** A nest without loops: every value is the same in all lanes. */
  #scalar(): void {
    this.#operations(0, 0, 1)
    for (const { access, value } of this.#loops.stores) {
      const done = this.#absorbed.has(value)
        ? this.#lanes.op('mul', ...this.#loops.ops[value]!.args.map((arg) => this.#values[arg]!))
        : this.#values[value]!
      this.#storeLanes(access, done, 0, 1)
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
