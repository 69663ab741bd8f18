import { op } from './opcodes.ts'
import type { ValueType } from './opcodes.ts'

/** Appends an unsigned LEB128 number. */
export function unsigned(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}

/** Appends a signed LEB128 number of 32 bits. */
export function signed(bytes: number[], value: number): void {
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
      bytes.push(low)
      return
    }
    bytes.push(low | 0x80)
  }
}

export interface Signature {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** A function of a module: its code has no `end`; `locals` come after the parameters. */
export interface Body extends Signature {
  readonly locals: readonly ValueType[]
  readonly code: ArrayLike<number>
  /** The name under which it is exported, if it is. */
  readonly name: string | null
}

export interface ModuleParts {
  /** Functions imported from `host`, numbered before the module's own. */
  readonly imports: readonly ({ readonly name: string } & Signature)[]
  readonly functions: readonly Body[]
  readonly memory: { readonly pages: number; readonly shared: boolean }
}

/** Bytes in pieces, which are put together once. */
type Pieces = readonly ArrayLike<number>[]

const lengthOf = (pieces: Pieces): number => pieces.reduce((sum, piece) => sum + piece.length, 0)

function section(id: number, ...content: Pieces): Pieces {
  const head = [id]
  unsigned(head, lengthOf(content))
  return [head, ...content]
}

const text = (bytes: number[], value: string): void => {
  unsigned(bytes, value.length)
  for (let i = 0; i < value.length; i++) bytes.push(value.charCodeAt(i))
}

function typeSection(signatures: readonly Signature[]): number[] {
  const bytes: number[] = []
  unsigned(bytes, signatures.length)
  for (const { params, results } of signatures) {
    bytes.push(0x60)
    unsigned(bytes, params.length)
    bytes.push(...params)
    unsigned(bytes, results.length)
    bytes.push(...results)
  }
  return bytes
}

function importSection(parts: ModuleParts): number[] {
  const bytes: number[] = []
  unsigned(bytes, parts.imports.length + 1)
  parts.imports.forEach(({ name }, type) => {
    text(bytes, 'host')
    text(bytes, name)
    bytes.push(0x00)
    unsigned(bytes, type)
  })
  text(bytes, 'host')
  text(bytes, 'memory')
  bytes.push(0x02, parts.memory.shared ? 0x03 : 0x00)
  unsigned(bytes, parts.memory.pages)
  if (parts.memory.shared) unsigned(bytes, parts.memory.pages)
  return bytes
}

/** Locals in runs of equal type, as the format wants them. */
function localRuns(locals: readonly ValueType[]): (readonly [count: number, type: ValueType])[] {
  const runs: [number, ValueType][] = []
  for (const type of locals) {
    const last = runs.at(-1)
    if (last?.[1] === type) last[0]++
    else runs.push([1, type])
  }
  return runs
}

function codeSection(functions: readonly Body[]): Pieces {
  const count: number[] = []
  unsigned(count, functions.length)
  const pieces: ArrayLike<number>[] = [count]
  for (const { locals, code } of functions) {
    const declared: number[] = []
    const runs = localRuns(locals)
    unsigned(declared, runs.length)
    for (const [length, type] of runs) {
      unsigned(declared, length)
      declared.push(type)
    }
    const head: number[] = []
    unsigned(head, declared.length + code.length + 1)
    pieces.push(head, declared, code, [op.end])
  }
  return pieces
}

/** A WebAssembly module in the binary format of the core specification, version 1; its memory is imported. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const declared: number[] = []
  unsigned(declared, parts.functions.length)
  parts.functions.forEach((_, index) => unsigned(declared, parts.imports.length + index))
  const exported = parts.functions.flatMap(({ name }, index) => (name === null ? [] : [{ name, index }]))
  const names: number[] = []
  unsigned(names, exported.length)
  for (const { name, index } of exported) {
    text(names, name)
    names.push(0x00)
    unsigned(names, parts.imports.length + index)
  }
  const pieces: Pieces = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, typeSection([...parts.imports, ...parts.functions])),
    ...section(2, importSection(parts)),
    ...section(3, declared),
    ...section(7, names),
    ...section(10, ...codeSection(parts.functions)),
  ]
  const bytes = new Uint8Array(lengthOf(pieces))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
