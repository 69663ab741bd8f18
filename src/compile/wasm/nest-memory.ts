import type { Access } from '../scalar/scalars.ts'
import type { Assembler } from './assembler.ts'
import type { Lanes, V } from './lanes.ts'
import { I32, op, simd } from './opcodes.ts'

const key = ({ strides, sweep = 0 }: Access): string => `${strides.join(',')} ${sweep}`

interface Index {
  readonly local: number
  readonly strides: readonly number[]
}

/** Reads and writes the entries that the loops of a nest come to. */
export class NestMemory {
  readonly #asm: Assembler
  readonly #lanes: Lanes
  readonly #buffers: ReadonlyMap<number, number>
  /** Byte offsets that grow with the loops, one for each way of striding. */
  readonly #indices = new Map<string, Index>()
  /** Those of the accesses that move. */
  readonly #indexOf = new Map<Access, Index>()

  /** `buffers` gives each buffer the number that it has in the template. */
  constructor(asm: Assembler, lanes: Lanes, buffers: ReadonlyMap<number, number>, accesses: readonly Access[]) {
    this.#asm = asm
    this.#lanes = lanes
    this.#buffers = buffers
    for (const access of accesses) this.#index(access)
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

  /** Moves on along a loop; back by a negative number of steps. */
  advance(axis: number, steps: number): void {
    for (const { local, strides } of this.#indices.values()) {
      this.#asm.advance(local, strides[axis]! * steps * this.#lanes.bytes)
    }
  }

  /** Runs `body` at each place of one access along `axis`, and goes back. */
  along(access: Access, axis: number, extent: number, body: () => void): void {
    const { local } = this.#indexOf.get(access)!
    const bytes = access.strides[axis]! * this.#lanes.bytes
    this.#asm.repeat(extent, () => {
      body()
      this.#asm.advance(local, bytes)
    })
    this.#asm.advance(local, -bytes * extent)
  }

  /** Runs `body` so many times, moving on along `axis`; an offset that moves counts the rounds. */
  rounds(axis: number, rounds: number, steps: number, body: () => void): void {
    const asm = this.#asm
    const moving = [...this.#indices.values()].find(({ strides }) => strides[axis]! > 0)
    if (moving === undefined || rounds <= 1) {
      asm.repeat(rounds, () => {
        body()
        this.advance(axis, steps)
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
    this.advance(axis, steps)
    asm.get(moving.local)
    asm.get(end)
    asm.byte(op.i32LtU, op.brIf, 0, op.end)
  }

  /** The entry in all lanes. */
  loadSplat(access: Access): V {
    this.#address(access)
    this.#memory(this.#lanes.bytes === 8 ? simd.load64Splat : simd.load32Splat, access, 0)
    return this.#lanes.result()
  }

  /** The entries at `step` and after it, along the innermost loop; of a vector that is not contiguous, lane by lane. */
  load(access: Access, step: number, lanes: number): V {
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

  /** Writes as many lanes from `step` on along the innermost loop. */
  store(access: Access, value: V, step: number, lanes: number): void {
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
}
