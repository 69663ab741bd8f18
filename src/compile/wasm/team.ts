import { BackproveError } from '../../base/errors.ts'
import type { WasmMemory } from './engine.ts'
import { SHARE_BYTES } from './products.ts'
import type { Span } from './products.ts'

/**
 * Words of 32 bits at the start of the memory through which a team is led. `next` is the number of the next share that
 * nobody has taken, and above it the turn to which it belongs, so that a thread that comes late takes nothing.
 */
const CONTROL = { turn: 0, next: 1, first: 2, count: 3, done: 4, ready: 5 } as const
const WORDS = 6
/** Bits of a share's number. */
const NUMBER_BITS = 12
/** In place of the number of shares: to leave. */
const LEAVE = -1
/** Milliseconds that are waited for by looking again and again, before a thread goes to sleep. */
const PATIENCE = 2
/** Looks between two looks at the clock. */
const LOOKS = 200

/** A thread of Node's; its types are not relied on, so that the library can be bundled for other engines. */
interface NodeWorker {
  readonly unref: () => void
  readonly on: (event: 'error', listener: (error: unknown) => void) => void
}
type NodeWorkerClass = new (source: string, options: { eval: true; execArgv: []; workerData: unknown }) => NodeWorker

function nodeWorker(): NodeWorkerClass | null {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const threads = process?.getBuiltinModule?.('node:worker_threads') as { Worker: NodeWorkerClass } | undefined
  return threads?.Worker ?? null
}

/**
 * What a thread runs, without anything from outside: it waits for a turn, takes shares of the product until none is left,
 * and says of each that it is done.
 */
const SOURCE = `
'use strict'
const { module, memory, thread } = require('node:worker_threads').workerData
const control = new Int32Array(memory.buffer, 0, ${WORDS})
const host = { memory }
for (const { name, kind } of WebAssembly.Module.imports(module)) if (kind === 'function') host[name] = () => 0
const share = new WebAssembly.Instance(module, { host }).exports['share' + thread]
let turn = Atomics.load(control, ${CONTROL.turn})
Atomics.add(control, ${CONTROL.ready}, 1)
for (;;) {
  const end = performance.now() + ${PATIENCE}
  while (Atomics.load(control, ${CONTROL.turn}) === turn) {
    for (let look = 0; look < ${LOOKS} && Atomics.load(control, ${CONTROL.turn}) === turn; look++);
    if (performance.now() > end) Atomics.wait(control, ${CONTROL.turn}, turn)
  }
  turn = Atomics.load(control, ${CONTROL.turn})
  const tag = turn << ${NUMBER_BITS}
  const first = Atomics.load(control, ${CONTROL.first})
  const count = Atomics.load(control, ${CONTROL.count})
  if (count === ${LEAVE}) break
  for (;;) {
    const next = Atomics.load(control, ${CONTROL.next})
    const number = next - tag
    if (number < 0 || number >= count) break
    if (Atomics.compareExchange(control, ${CONTROL.next}, next, next + 1) !== next) continue
    share(first + number * ${SHARE_BYTES})
    Atomics.add(control, ${CONTROL.done}, 1)
    Atomics.notify(control, ${CONTROL.done})
  }
}
`

/**
 * Threads that take part in large products, on one module and one shared memory. Whoever is free takes the next share, so
 * the calling thread does all of them until others have started, after `close`, and where others are kept from working.
 * They do not keep the process alive.
 */
export class Team {
  readonly #control: Int32Array
  readonly #spans: readonly Span[]
  readonly #count: number
  #open = true

  /** `count` threads beside the calling one; throws `unsupported` where there are none to be had. */
  constructor(module: object, memory: WasmMemory, spans: readonly Span[], count: number) {
    const Worker = nodeWorker()
    if (Worker === null || memory.buffer instanceof ArrayBuffer) {
      throw new BackproveError('unsupported', 'this engine offers no threads with shared memory', {
        hint: 'compile without `threads`',
      })
    }
    this.#control = new Int32Array(memory.buffer, 0, WORDS)
    this.#spans = spans
    this.#count = count
    for (let thread = 1; thread <= count; thread++) {
      // Loaders and the like that the process was started with are not for this source.
      const worker = new Worker(SOURCE, { eval: true, execArgv: [], workerData: { module, memory, thread } })
      // Nothing depends on a thread that cannot start.
      worker.on('error', () => undefined)
      worker.unref()
    }
  }

  /** Whether all threads have started, and none has been let go. */
  get isReady(): boolean {
    return this.#open && Atomics.load(this.#control, CONTROL.ready) === this.#count
  }

  /** Has a product done by all threads, of which the calling one does a share by `share`. */
  work(product: number, share: (at: number) => void): void {
    const control = this.#control
    const { first, count } = this.#spans[product]!
    const tag = (Atomics.load(control, CONTROL.turn) + 1) << NUMBER_BITS
    // First of all, so that a thread still at the last turn finds no share to take between these changes.
    Atomics.store(control, CONTROL.next, tag - 1)
    Atomics.store(control, CONTROL.done, 0)
    Atomics.store(control, CONTROL.first, first)
    // A thread that has not yet seen that it is to leave must find that still.
    Atomics.store(control, CONTROL.count, this.#open ? count : LEAVE)
    Atomics.store(control, CONTROL.next, tag)
    this.#nextTurn()
    for (let next = tag; next - tag < count; next = Atomics.load(control, CONTROL.next)) {
      if (Atomics.compareExchange(control, CONTROL.next, next, next + 1) !== next) continue
      share(first + (next - tag) * SHARE_BYTES)
      Atomics.add(control, CONTROL.done, 1)
    }
    this.#awaitAll(count)
  }

  #awaitAll(count: number): void {
    const limit = performance.now() + PATIENCE
    let done = Atomics.load(this.#control, CONTROL.done)
    for (let look = 1; done < count; look++) {
      if (look % LOOKS === 0 && performance.now() > limit) Atomics.wait(this.#control, CONTROL.done, done)
      done = Atomics.load(this.#control, CONTROL.done)
    }
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    Atomics.store(this.#control, CONTROL.count, LEAVE)
    this.#nextTurn()
  }

  #nextTurn(): void {
    Atomics.add(this.#control, CONTROL.turn, 1)
    Atomics.notify(this.#control, CONTROL.turn)
  }
}
