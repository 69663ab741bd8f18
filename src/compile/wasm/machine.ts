import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import { BackproveError } from '../../base/errors.ts'
import type { Machine } from '../machine.ts'
import { runMatrix } from '../matrix.ts'
import type { CompileOptions } from '../options.ts'
import { layOut } from '../plan/layout.ts'
import type { Fill, Nest, Plan, Product, Sweep } from '../plan/nest.ts'
import { Scalars } from '../scalar/scalars.ts'
import { Assembler } from './assembler.ts'
import { encodeModule } from './encode.ts'
import type { Body, Signature } from './encode.ts'
import { hasMadd, webAssembly } from './engine.ts'
import type { Precision } from './lanes.ts'
import { writeNest } from './nest.ts'
import { F64, I32 } from './opcodes.ts'
import { scratchBytes, writePackLeft, writePackRight, writeTile } from './product.ts'
import { writeProduct } from './product-driver.ts'

const PAGE = 65536
/** A module addresses its memory with 32 bits. */
const MOST_PAGES = 65536

/** The functions of a module, numbered as they are added: imports first. */
class ModuleBuilder {
  readonly #imports: ({ readonly name: string } & Signature)[] = []
  readonly #functions: Body[] = []
  readonly kernels: ElementwiseName[]

  /** `kernels` are imported, each under its number. */
  constructor(kernels: readonly ElementwiseName[]) {
    this.kernels = [...kernels]
    this.#import('matrix', { params: [I32], results: [] })
    for (const [slot, name] of kernels.entries()) {
      const params = new Array<typeof F64>(ELEMENTWISE[name].arity).fill(F64)
      this.#import(`k${slot}`, { params, results: [F64] })
    }
  }

  #import(name: string, signature: Signature): void {
    this.#imports.push({ name, ...signature })
  }

  add(body: Body): number {
    this.#functions.push(body)
    return this.#imports.length + this.#functions.length - 1
  }

  readonly kernel = (fn: ElementwiseName): number => 1 + this.kernels.indexOf(fn)

  encode(pages: number): Uint8Array<ArrayBuffer> {
    return encodeModule({ imports: this.#imports, functions: this.#functions, memory: { pages, shared: false } })
  }
}

function kernelsOf(plan: Plan): ElementwiseName[] {
  const names = new Set<ElementwiseName>()
  const nests = plan.steps.flatMap((step) => (step.kind === 'nest' ? [step] : step.kind === 'sweep' ? step.tiles : []))
  for (const scalar of nests.flatMap(({ code }) => code.ops)) {
    if (scalar.op === 'call') names.add(scalar.fn)
    // Of large arguments the engine's own function is asked.
    if (scalar.op === 'sin' || scalar.op === 'cos') names.add(scalar.op)
  }
  return [...names]
}

/** A fill is a nest that loads nothing. */
function fillNest(step: Fill, plan: Plan): Parameters<typeof writeNest>[0] {
  const code = new Scalars()
  const value = code.const(step.value)
  const access = { buffer: step.buffer, offset: 0, strides: [1] }
  return {
    kind: 'nest',
    extents: [plan.buffers[step.buffer]!.entries],
    code,
    stores: [{ value, access, combine: null }],
  }
}

/** Arguments of the product function for every member of the batch. */
function productCalls(step: Product, starts: readonly number[], bytes: number): number[][] {
  // Rows of the result must be contiguous: where its columns are, both sides are transposed.
  const turned = step.c.column !== 1 && step.c.row === 1
  if (!turned && step.c.column !== 1) throw new BackproveError('internal', 'a product whose result is not contiguous')
  const members = step.batch.reduce(
    (list, { count, a, b, c }) =>
      list.flatMap((at) => Array.from({ length: count }, (_, i) => ({ a: at.a + i * a, b: at.b + i * b, c: at.c + i * c }))), // prettier-ignore
    [{ a: 0, b: 0, c: 0 }],
  )
  return members.map((at) => {
    const a = starts[step.a.buffer]! + (step.a.offset + at.a) * bytes
    const b = starts[step.b.buffer]! + (step.b.offset + at.b) * bytes
    const c = starts[step.c.buffer]! + (step.c.offset + at.c) * bytes
    const left = [a, step.a.row * bytes, step.a.column * bytes]
    const right = [b, step.b.row * bytes, step.b.column * bytes]
    if (!turned) return [...left, ...right, c, step.c.row * bytes, step.rows, step.columns, step.inner]
    const [aAt, aRow, aColumn] = left as [number, number, number]
    const [bAt, bRow, bColumn] = right as [number, number, number]
    return [bAt, bColumn, bRow, aAt, aColumn, aRow, c, step.c.column * bytes, step.columns, step.rows, step.inner]
  })
}

/** The functions for matrix products, with places for their copies from `scratch` on. */
function addProduct(
  module: ModuleBuilder,
  plan: Plan,
  precision: Precision,
  fused: boolean,
  scratch: number,
): { call: number; bytes: number } | null {
  // prettier-ignore
  const products = plan.steps.filter((step) => step.kind === 'product')
  if (products.length === 0) return null
  const rows = Math.max(...products.map((step) => (step.c.column === 1 ? step.rows : step.columns)))
  const { right, left, tile } = scratchBytes(precision, rows)
  const places = { right: scratch, left: scratch + right, edge: scratch + right + left }
  const parts = {
    ...places,
    tile: module.add(writeTile(precision, fused, places.edge)),
    packRight: module.add(writePackRight(precision)),
    packLeft: module.add(writePackLeft(precision)),
  }
  return { call: module.add(writeProduct(precision, parts)), bytes: right + left + tile }
}

/** Runs a sweep's nests for tile after tile, then for the samples that are left. */
function callSweep(main: Assembler, step: Sweep, add: (nest: Nest) => number): void {
  const sample = main.local(I32)
  const limit = main.local(I32)
  const all = (nests: readonly Nest[]): void => {
    for (const nest of nests) {
      main.get(sample)
      main.call(add(nest))
    }
  }
  main.i32(0)
  main.set(sample)
  main.i32(step.count - (step.count % step.tile))
  main.set(limit)
  main.upTo(sample, limit, step.tile, () => all(step.tiles))
  all(step.rest)
}

/** The plan as a WebAssembly module of its own, made and started at once. */
export function wasmMachine(plan: Plan, options: CompileOptions): Machine {
  const precision = options.precision ?? 'f64'
  const bytes = precision === 'f64' ? 8 : 4
  const fused = (options.fused ?? true) && hasMadd()
  // The first bytes stay free, so that no buffer stands at address 0.
  const layout = layOut(plan, bytes, 64)
  const scratch = 64 + layout.bytes
  const module = new ModuleBuilder(kernelsOf(plan))
  const context = { precision, fused, starts: layout.starts, kernel: module.kernel }
  const product = addProduct(module, plan, precision, fused, scratch)
  const main = new Assembler({ params: [], results: [] })
  plan.steps.forEach((step, index) => {
    switch (step.kind) {
      case 'nest':
      case 'fill':
        main.i32(0)
        return main.call(module.add(writeNest(step.kind === 'nest' ? step : fillNest(step, plan), context)))
      case 'sweep':
        return callSweep(main, step, (nest) => module.add(writeNest(nest, context)))
      case 'product':
        for (const values of productCalls(step, layout.starts, bytes)) {
          for (const value of values) main.i32(value)
          main.call(product!.call)
        }
        return
      case 'matrix':
        main.i32(index)
        return main.call(0)
    }
  })
  module.add(main.body('run'))
  const pages = Math.ceil((scratch + (product?.bytes ?? 0)) / PAGE)
  if (pages > MOST_PAGES) {
    throw new BackproveError(
      'too-large',
      `the arrays need ${Math.ceil(pages / 16)} MiB, more than a module can address`,
    )
  }
  return start(plan, module, pages, layout.starts, bytes)
}

function start(plan: Plan, module: ModuleBuilder, pages: number, starts: readonly number[], bytes: number): Machine {
  const { Module, Instance, Memory } = webAssembly()!
  const shared = new Memory({ initial: pages, maximum: pages })
  const memory = bytes === 8 ? new Float64Array(shared.buffer) : new Float32Array(shared.buffer)
  const inEntries = starts.map((at) => at / bytes)
  const host: Record<string, unknown> = { memory: shared }
  host['matrix'] = (index: number) => {
    const step = plan.steps[index]!
    if (step.kind === 'matrix') runMatrix(memory, inEntries, step)
  }
  module.kernels.forEach((name, slot) => (host[`k${slot}`] = ELEMENTWISE[name].kernel))
  const { exports } = new Instance(new Module(module.encode(pages)), { host })
  return { memory, starts: inEntries, run: exports['run'] as () => void, backend: 'wasm' }
}
