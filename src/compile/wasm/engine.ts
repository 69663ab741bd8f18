import { encodeModule } from './encode.ts'
import { f64x2, op, V128 } from './opcodes.ts'

/** The part of the WebAssembly interface that is used here; Node's types do not declare it without a browser's. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
}
interface WasmNamespace {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> }
  readonly Memory: new (shape: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory
  readonly validate: (bytes: Uint8Array) => boolean
}

/** The engine's WebAssembly, or `null` where there is none. */
export function webAssembly(): WasmNamespace | null {
  return (globalThis as { WebAssembly?: WasmNamespace }).WebAssembly ?? null
}

/** Whether a function from two vectors to one, made of `code`, is accepted. */
function accepts(code: readonly number[]): boolean {
  const bytes = encodeModule({
    imports: [],
    functions: [{ params: [V128, V128], results: [V128], locals: [], code, name: null }],
    memory: { pages: 1, shared: false },
  })
  return webAssembly()?.validate(bytes) ?? false
}

const both = [op.localGet, 0, op.localGet, 1]
let simdKnown: boolean | null = null
let maddKnown: boolean | null = null

/** Whether modules with 128-bit SIMD may be made here. */
export function hasSimd(): boolean {
  simdKnown ??= accepts([...both, 0xfd, f64x2.add, 0x01])
  return simdKnown
}

/** Whether the engine has the fused multiply-add of relaxed SIMD. */
export function hasMadd(): boolean {
  maddKnown ??= accepts([...both, op.localGet, 0, 0xfd, 0x87, 0x02])
  return maddKnown
}
