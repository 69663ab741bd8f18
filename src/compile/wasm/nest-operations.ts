import type { ElementwiseName } from '../../ops/names.ts'
import type { Loops } from '../plan/loops.ts'
import type { ScalarOp } from '../scalar/scalars.ts'
import type { Assembler } from './assembler.ts'
import type { Lanes, V } from './lanes.ts'
import { emitPrimitive, isTranscendental } from './math/functions.ts'
import type { CallKernel } from './math/functions.ts'
import type { NestMemory } from './nest-memory.ts'

/** How far ahead a partner for a scalar function is looked for. */
const PARTNER_REACH = 64

/** Writes the operations of a nest. */
export class NestOperations {
  readonly #asm: Assembler
  readonly #lanes: Lanes
  readonly #memory: NestMemory
  readonly #loops: Loops
  readonly #kernel: (fn: ElementwiseName) => number
  readonly #values: V[] = []
  readonly #absorbed = new Set<number>()
  /** Operations that have been written. */
  readonly #ready = new Set<number>()

  /** `kernel` gives the number of the imported function that is an operation's kernel. */
  constructor(asm: Assembler, lanes: Lanes, memory: NestMemory, loops: Loops, kernel: (fn: ElementwiseName) => number) {
    this.#asm = asm
    this.#lanes = lanes
    this.#memory = memory
    this.#loops = loops
    this.#kernel = kernel
    if (lanes.fused) this.#absorb()
  }

  /** The value of an operation that has been written. */
  value(id: number): V {
    return this.#absorbed.has(id) ? this.#lanes.op('mul', ...this.factors(id)!) : this.#values[id]!
  }

  /** What is multiplied, where a product is left to be done together with a sum. */
  factors(id: number): readonly [V, V] | null {
    if (!this.#absorbed.has(id)) return null
    const [a, b] = this.#loops.ops[id]!.args as [number, number]
    return [this.#values[a]!, this.#values[b]!]
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

  readonly #callKernel: CallKernel = (l, fn, args, lanes) => {
    let result = args[0]!
    for (let lane = 0; lane < lanes; lane++) {
      result = l.withLane(result, lane, () => {
        for (const arg of args) l.pushLane(arg, lane)
        this.#asm.call(this.#kernel(fn))
      })
    }
    return result
  }

  #operation(loop: ScalarOp, step: number, lanes: number, uniform: boolean): V {
    const l = this.#lanes
    const { ops } = this.#loops
    const args = loop.args.map((arg) => this.#values[arg]!)
    switch (loop.op) {
      case 'const':
        return l.const(loop.value)
      case 'load':
        return uniform ? this.#memory.loadSplat(loop.access) : this.#memory.load(loop.access, step, lanes)
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
  write(level: number, step: number, lanes: number): void {
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
}
