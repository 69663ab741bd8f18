import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import { BackproveError } from '../../base/errors.ts'
import type { Machine } from '../machine.ts'
import { runMatrix } from '../matrix.ts'
import type { CompileOptions } from '../options.ts'
import { layOut } from '../plan/layout.ts'
import type { Fill, Nest, Plan, Sweep } from '../plan/nest.ts'
import { Scalars } from '../scalar/scalars.ts'
import { Assembler } from './assembler.ts'
import type { Template } from './assembler.ts'
import { encodeModule } from './encode.ts'
import type { Body, Signature } from './encode.ts'
import { hasMadd, webAssembly } from './engine.ts'
import { writeNest } from './nest.ts'
import { F64, I32 } from './opcodes.ts'
import { Products } from './products.ts'
import { Team } from './team.ts'

const PAGE = 65536
/** A module addresses its memory with 32 bits. */
const MOST_PAGES = 65536

/** The functions of a module, numbered as they are added: imports first. */
class ModuleBuilder {
  readonly #imports: ({ readonly name: string } & Signature)[] = []
  readonly #functions: Body[] = []
  readonly kernels: ElementwiseName[]

  readonly #isShared: boolean

  /** `kernels` are imported, each under its number; a shared module has products done by many threads. */
  constructor(kernels: readonly ElementwiseName[], isShared: boolean) {
    this.kernels = [...kernels]
    this.#isShared = isShared
    this.#import('matrix', { params: [I32], results: [] })
    for (const [slot, name] of kernels.entries()) {
      const params = new Array<typeof F64>(ELEMENTWISE[name].arity).fill(F64)
      this.#import(`k${slot}`, { params, results: [F64] })
    }
    if (isShared) this.#import('share', { params: [I32], results: [] })
  }

  /** The function that has a shared product done by all threads. */
  get share(): number {
    return this.kernels.length + 1
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
    return encodeModule({
      imports: this.#imports,
      functions: this.#functions,
      memory: { pages, shared: this.#isShared },
    })
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
  const { precision = 'f64', threads = 1 } = options
  const bytes = precision === 'f64' ? 8 : 4
  const fused = (options.fused ?? true) && hasMadd()
  // The first bytes stay free, so that no buffer stands at address 0; a team is led from there.
  const layout = layOut(plan, bytes, 64)
  const products = new Products(plan, layout, precision, fused, threads)
  const module = new ModuleBuilder(kernelsOf(plan), products.isShared)
  const context = {
    precision,
    fused,
    starts: layout.starts,
    kernel: module.kernel,
    templates: new Map<string, Template>(),
  }
  products.addTo(module)
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
        return products.call(main, step, module.share)
      case 'matrix':
        main.i32(index)
        return main.call(0)
    }
  })
  module.add(main.body('run'))
  const pages = Math.ceil((64 + layout.bytes + products.bytes) / PAGE)
  if (pages > MOST_PAGES) {
    throw new BackproveError(
      'too-large',
      `the arrays need ${Math.ceil(pages / 16)} MiB, more than a module can address`,
    )
  }
  return start(plan, module, pages, layout.starts, bytes, products, threads)
}

function start(
  plan: Plan,
  builder: ModuleBuilder,
  pages: number,
  starts: readonly number[],
  bytes: number,
  products: Products,
  threads: number,
): Machine {
  const { Module, Instance, Memory } = webAssembly()!
  const module = new Module(builder.encode(pages))
  const wasm = new Memory({ initial: pages, maximum: pages, shared: products.isShared })
  const memory = bytes === 8 ? new Float64Array(wasm.buffer) : new Float32Array(wasm.buffer)
  const inEntries = starts.map((at) => at / bytes)
  const host: Record<string, unknown> = { memory: wasm }
  host['matrix'] = (index: number) => {
    const step = plan.steps[index]!
    if (step.kind === 'matrix') runMatrix(memory, inEntries, step)
  }
  builder.kernels.forEach((name, slot) => (host[`k${slot}`] = ELEMENTWISE[name].kernel))
  products.fill(wasm.buffer)
  const team = products.isShared ? new Team(module, wasm, products.spans, threads - 1) : null
  if (team !== null) host['share'] = (product: number) => team.work(product, share)
  const { exports } = new Instance(module, { host })
  const share = exports['share0'] as (at: number) => void
  return {
    memory,
    starts: inEntries,
    run: exports['run'] as () => void,
    threads: () => (team?.isReady === true ? threads : 1),
    close: () => team?.close(),
    backend: 'wasm',
  }
}
