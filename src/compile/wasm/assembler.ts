import { signed, unsigned } from './encode.ts'
import type { Body, Signature } from './encode.ts'
import { I32, op, simd, V128 } from './opcodes.ts'
import type { ValueType } from './opcodes.ts'

/** Bytes of a number of 32 bits when all are written, leading zeros too. */
const HOLE_BYTES = 5

/** Where the address of a buffer, and `offset` bytes into it, is to be written. */
interface Hole {
  readonly at: number
  readonly buffer: number
  readonly offset: number
}

/** A function that serves for any places of its buffers. */
export interface Template {
  readonly body: Body
  readonly holes: readonly Hole[]
}

/** The function for buffers that start at these bytes. */
export function place({ body, holes }: Template, starts: readonly number[]): Body {
  const code = Uint8Array.from(body.code)
  for (const { at, buffer, offset } of holes) {
    let rest = starts[buffer]! + offset
    for (let byte = 0; byte < HOLE_BYTES; byte++) {
      code[at + byte] = (rest & 0x7f) | (byte === HOLE_BYTES - 1 ? 0 : 0x80)
      rest = Math.floor(rest / 128)
    }
  }
  return { ...body, code }
}

/** Writes the code of one function, instruction by instruction; locals are numbered after the parameters. */
export class Assembler {
  readonly code: number[] = []
  /** Runs before the rest: constants, so that they are at hand in every branch and no loop makes them again. */
  readonly prologue: number[] = []
  readonly #locals: ValueType[] = []
  readonly #holes: Hole[] = []
  readonly #signature: Signature

  constructor(signature: Signature) {
    this.#signature = signature
  }

  local(type: ValueType): number {
    this.#locals.push(type)
    return this.#signature.params.length + this.#locals.length - 1
  }

  body(name: string | null): Body {
    const code = new Uint8Array(this.prologue.length + this.code.length)
    code.set(this.prologue)
    code.set(this.code, this.prologue.length)
    return { ...this.#signature, locals: this.#locals, code, name }
  }

  /** The function with places for buffers left open. */
  template(): Template {
    const at = this.prologue.length
    return { body: this.body(null), holes: this.#holes.map((hole) => ({ ...hole, at: hole.at + at })) }
  }

  byte(...bytes: readonly number[]): void {
    for (const byte of bytes) this.code.push(byte)
  }

  get(local: number): void {
    this.code.push(op.localGet)
    unsigned(this.code, local)
  }

  set(local: number): void {
    this.code.push(op.localSet)
    unsigned(this.code, local)
  }

  tee(local: number): void {
    this.code.push(op.localTee)
    unsigned(this.code, local)
  }

  i32(value: number): void {
    this.code.push(op.i32Const)
    signed(this.code, value)
  }

  call(index: number): void {
    this.code.push(op.call)
    unsigned(this.code, index)
  }

  simd(opcode: number): void {
    this.code.push(0xfd)
    unsigned(this.code, opcode)
  }

  /** A SIMD load or store at the address on the stack plus `offset` bytes into a buffer whose place is put in by `place`. */
  simdMemoryIn(opcode: number, buffer: number, offset: number, lane: number | null = null): void {
    this.simd(opcode)
    this.code.push(0)
    this.#holes.push({ at: this.code.length, buffer, offset })
    for (let byte = 0; byte < HOLE_BYTES; byte++) this.code.push(0)
    if (lane !== null) this.code.push(lane)
  }

  /** A SIMD load or store at the address on the stack plus `offset` bytes; alignment is only a hint and stays 0. */
  simdMemory(opcode: number, offset: number, lane: number | null = null): void {
    this.simd(opcode)
    this.code.push(0)
    unsigned(this.code, offset)
    if (lane !== null) this.code.push(lane)
  }

  memory(opcode: number, offset: number): void {
    this.code.push(opcode, 0)
    unsigned(this.code, offset)
  }

  /** A vector constant in a local. */
  v128(bytes: Uint8Array): number {
    const local = this.local(V128)
    this.prologue.push(0xfd, simd.const, ...bytes, op.localSet)
    unsigned(this.prologue, local)
    return local
  }

  /** Selects 16 bytes of the two vectors on the stack; bytes of the second are numbered from 16. */
  shuffle(lanes: readonly number[]): void {
    this.simd(simd.shuffle)
    this.byte(...lanes)
  }

  /** `local += amount`. */
  advance(local: number, amount: number): void {
    if (amount === 0) return
    this.get(local)
    this.i32(amount)
    this.byte(op.i32Add)
    this.set(local)
  }

  /** `target += source`. */
  advanceBy(target: number, source: number): void {
    this.get(target)
    this.get(source)
    this.byte(op.i32Add)
    this.set(target)
  }

  /** Repeats `body` a fixed number of times; the counter runs from 0 in steps of 1 and is given to the body. */
  repeat(count: number, body: (counter: number) => void): void {
    if (count <= 0) return
    const counter = this.local(I32)
    this.i32(0)
    this.set(counter)
    this.byte(op.loop, 0x40)
    body(counter)
    this.get(counter)
    this.i32(1)
    this.byte(op.i32Add)
    this.tee(counter)
    this.i32(count)
    this.byte(op.i32LtS, op.brIf, 0, op.end)
  }

  /** While `counter < limit` (locals), signed: runs the body and adds `step`. */
  upTo(counter: number, limit: number, step: number, body: () => void): void {
    this.byte(op.block, 0x40, op.loop, 0x40)
    this.get(counter)
    this.get(limit)
    this.byte(op.i32GeS, op.brIf, 1)
    body()
    this.advance(counter, step)
    this.byte(op.br, 0, op.end, op.end)
  }

  when(condition: () => void, then: () => void, otherwise: (() => void) | null = null): void {
    condition()
    this.byte(op.if, 0x40)
    then()
    if (otherwise !== null) {
      this.byte(op.else)
      otherwise()
    }
    this.byte(op.end)
  }
}
