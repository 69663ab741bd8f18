import type { Assembler } from './assembler.ts'
import { f32x4, f64x2, op, simd, V128 } from './opcodes.ts'
import type { LaneOp } from './opcodes.ts'

export type Precision = 'f64' | 'f32'

/** A vector: the number of the local that holds it. Every operation puts its result in a new one. */
export type V = number

const FUSED: Partial<Record<LaneOp, true>> = { madd: true, nmadd: true }

/**
 * Vector expressions in one precision: two doubles or four floats in 128 bits. Locals in single assignment are what an
 * optimising engine makes of any code, so nothing is gained by using one twice.
 */
export class Lanes {
  readonly asm: Assembler
  readonly precision: Precision
  /** Whether fused multiply-add may be used. */
  readonly fused: boolean
  /** Lanes in a vector. */
  readonly width: number
  /** Bytes of an entry. */
  readonly bytes: number
  readonly #ops: Readonly<Record<LaneOp, number>>
  readonly #constants = new Map<number | bigint | string, V>()
  #wide: Lanes | null = null

  constructor(asm: Assembler, precision: Precision, fused: boolean) {
    this.asm = asm
    this.precision = precision
    this.fused = fused
    this.width = precision === 'f64' ? 2 : 4
    this.bytes = 16 / this.width
    this.#ops = precision === 'f64' ? f64x2 : f32x4
  }

  /** The same code in doubles. */
  get wide(): Lanes {
    if (this.precision === 'f64') return this
    this.#wide ??= new Lanes(this.asm, 'f64', this.fused)
    return this.#wide
  }

  result(): V {
    const local = this.asm.local(V128)
    this.asm.set(local)
    return local
  }

  op(name: LaneOp, ...args: readonly V[]): V {
    if (FUSED[name] === true && !this.fused) {
      const [a, b, c] = args as [V, V, V]
      const product = this.op('mul', a, b)
      return name === 'madd' ? this.op('add', product, c) : this.op('sub', c, product)
    }
    for (const arg of args) this.asm.get(arg)
    this.asm.simd(this.#ops[name])
    return this.result()
  }

  /** An operation on bits. */
  bits(opcode: number, ...args: readonly V[]): V {
    for (const arg of args) this.asm.get(arg)
    this.asm.simd(opcode)
    return this.result()
  }

  shift(name: 'ishl' | 'ishrS' | 'ishrU', a: V, by: number): V {
    this.asm.get(a)
    this.asm.i32(by)
    this.asm.simd(this.#ops[name])
    return this.result()
  }

  /** The same number in every lane. */
  const(value: number): V {
    const key = Object.is(value, -0) ? '-0' : value
    return this.#constant(key, () =>
      this.precision === 'f64' ? new Float64Array(2).fill(value) : new Float32Array(4).fill(value),
    )
  }

  /** The same whole number, of as many bits as an entry has, in every lane. */
  whole(value: bigint): V {
    return this.#constant(value, () =>
      this.precision === 'f64'
        ? new BigUint64Array(2).fill(BigInt.asUintN(64, value))
        : new Uint32Array(4).fill(Number(BigInt.asUintN(32, value))),
    )
  }

  #constant(key: number | bigint | string, make: () => ArrayBufferView): V {
    const known = this.#constants.get(key)
    if (known !== undefined) return known
    const local = this.asm.v128(new Uint8Array(make().buffer))
    this.#constants.set(key, local)
    return local
  }

  /** `mask ? a : b`, lane by lane of a comparison's mask. */
  select(mask: V, a: V, b: V): V {
    return this.bits(simd.bitselect, a, b, mask)
  }

  /** `a*b + c`, fused where that is offered. */
  madd(a: V, b: V, c: V): V {
    return this.op('madd', a, b, c)
  }

  /** The polynomial with `coefficients`, constant first, by Horner's rule. */
  horner(x: V, coefficients: readonly number[]): V {
    let sum = this.const(coefficients.at(-1)!)
    for (let i = coefficients.length - 2; i >= 0; i--) sum = this.madd(sum, x, this.const(coefficients[i]!))
    return sum
  }

  /** A vector local that is assigned more than once. */
  variable(initial: V): V {
    const local = this.asm.local(V128)
    this.asm.get(initial)
    this.asm.set(local)
    return local
  }

  assign(variable: V, value: V): void {
    this.asm.get(value)
    this.asm.set(variable)
  }

  /** Runs `then` if any bit of `mask` is set. */
  ifAny(mask: V, then: () => void): void {
    const condition = (): void => {
      this.asm.get(mask)
      this.asm.simd(simd.anyTrue)
    }
    this.asm.when(condition, then)
  }

  /** Vectors made of lanes of `a` and `b`: `lanes` numbers those of `b` from `width`. */
  permute(a: V, b: V, lanes: readonly number[]): V {
    this.asm.get(a)
    this.asm.get(b)
    this.asm.shuffle(lanes.flatMap((lane) => Array.from({ length: this.bytes }, (_, byte) => lane * this.bytes + byte)))
    return this.result()
  }

  /** Puts one lane on the stack as a double. */
  pushLane(a: V, lane: number): void {
    this.asm.get(a)
    this.asm.simd(this.precision === 'f64' ? simd.f64x2ExtractLane : simd.f32x4ExtractLane)
    this.asm.byte(lane)
    if (this.precision === 'f32') this.asm.byte(op.f64PromoteF32)
  }

  /** A copy of `a` with one lane replaced by the double on the stack, pushed by `push`. */
  withLane(a: V, lane: number, push: () => void): V {
    this.asm.get(a)
    push()
    if (this.precision === 'f32') this.asm.byte(op.f32DemoteF64)
    this.asm.simd(this.precision === 'f64' ? simd.f64x2ReplaceLane : simd.f32x4ReplaceLane)
    this.asm.byte(lane)
    return this.result()
  }
}
