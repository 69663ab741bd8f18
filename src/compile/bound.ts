import { BackproveError } from '../base/errors.ts'
import type { Node } from '../graph/node.ts'
import { javascriptMachine } from './js/machine.ts'
import type { Machine } from './machine.ts'
import type { CompileOptions } from './options.ts'
import type { Sizes } from './plan/concrete.ts'
import { isRowMajor } from './plan/nest.ts'
import type { View } from './plan/nest.ts'
import { makePlan } from './plan/plan.ts'
import { copyInto } from './tensor.ts'
import type { Data, Entries, Result } from './tensor.ts'
import { hasSimd } from './wasm/engine.ts'
import { wasmMachine } from './wasm/machine.ts'

/** An input that the compiled function reads: its place in the memory. */
interface Slot {
  readonly view: View
  readonly entries: Entries
}

/**
 * Compiled code at fixed sizes with a memory of its own. Inputs keep their values from run to run, so data that does not
 * change is set once; `input` gives a typed array to write into in place.
 */
export class Bound {
  readonly sizes: Sizes
  readonly backend: 'wasm' | 'js'
  /** Works out all results from the inputs as they stand. */
  readonly run: () => void
  /** How many threads a run would use now: 1 until the others have started, and where no product is large. */
  readonly threads: () => number
  /** Lets the threads go; a later run does without them. */
  readonly close: () => void
  /** The results, row-major, overwritten by each run. */
  readonly outputs: readonly Result[]
  readonly #slots = new Map<string, Slot>()

  /** `roots` have been prepared: see `prepare`. */
  constructor(roots: readonly Node[], sizes: Sizes, options: CompileOptions) {
    const { unroll = true, constants = [], precision = 'f64' } = options
    const plan = makePlan(roots, sizes, { unroll, constants, bytes: precision === 'f64' ? 8 : 4 })
    const machine = makeMachine(plan, options)
    this.sizes = sizes
    this.backend = machine.backend
    this.run = machine.run
    this.threads = machine.threads
    this.close = machine.close
    this.outputs = plan.outputs.map((view) => ({ shape: view.dims, data: entriesOf(machine, view) }))
    for (const { name, view } of plan.inputs) this.#slots.set(name, { view, entries: entriesOf(machine, view) })
  }

  /** Whether any result depends on the input. */
  reads(name: string): boolean {
    return this.#slots.has(name)
  }

  /**
   * The entries of an input, row-major, to be written in place; throws `unknown-name` where no result reads it and
   * `argument` where it was said to be constant and is laid out in another order.
   */
  input(name: string): Entries {
    const { view, entries } = this.#slot(name)
    if (!isRowMajor(view)) throw new BackproveError('argument', `the constant \`${name}\` is set by copying only`)
    return entries
  }

  /** Copies data into an input; throws `data` where it does not fit. */
  set(name: string, data: Data): void {
    const { view, entries } = this.#slot(name)
    if (isRowMajor(view)) {
      copyInto(entries, data, view.dims, name)
      return
    }
    const [rows, columns] = view.dims as [number, number]
    const ordered = new Float64Array(rows * columns)
    copyInto(ordered, data, view.dims, name)
    const step = view.strides[1]!
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) entries[j * step + i] = ordered[i * columns + j]!
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name)
    if (slot === undefined) throw new BackproveError('unknown-name', `\`${name}\` is no input of this function`)
    return slot
  }
}

const entriesOf = (machine: Machine, view: View): Entries => {
  const start = machine.starts[view.buffer]! + view.offset
  const length = view.dims.reduce((last, count, axis) => last + (count - 1) * view.strides[axis]!, 1)
  return machine.memory.subarray(start, start + length)
}

function makeMachine(plan: ReturnType<typeof makePlan>, options: CompileOptions): Machine {
  const { precision = 'f64', backend = 'auto', threads = 1 } = options
  if (threads > 1 && (backend === 'js' || !hasSimd())) {
    throw new BackproveError('unsupported', 'threads share the memory of WebAssembly, which is not in use', {
      hint: 'compile without `threads`',
    })
  }
  if (backend === 'js') return javascriptMachine(plan, precision)
  if (hasSimd()) return wasmMachine(plan, options)
  if (backend === 'auto') return javascriptMachine(plan, precision)
  throw new BackproveError('unsupported', 'this engine offers no WebAssembly with SIMD', {
    hint: "compile with `backend: 'js'`",
  })
}
