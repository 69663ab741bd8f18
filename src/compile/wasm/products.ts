import { BackproveError } from '../../base/errors.ts'
import type { Layout } from '../plan/layout.ts'
import type { Plan, Product } from '../plan/nest.ts'
import { Assembler } from './assembler.ts'
import type { Body } from './encode.ts'
import type { Precision } from './lanes.ts'
import { I32, op } from './opcodes.ts'
import { scratchBytes, TILE_ROWS, tileColumns, writePackLeft, writePackRight, writeTile } from './product.ts'
import { writeProduct } from './product-driver.ts'

/** Multiplications from which on a product is shared: about 50 µs of work, ten times what it costs to meet. */
const WORTH_SHARING = 1 << 19

/** Arguments of the product function: addresses and strides in bytes, then the counts. */
interface Call {
  readonly a: number
  readonly aRow: number
  readonly aColumn: number
  readonly b: number
  readonly bRow: number
  readonly bColumn: number
  readonly c: number
  readonly cRow: number
  readonly rows: number
  readonly columns: number
  readonly inner: number
}

/** Calls of the product function for every member of the batch. */
function callsOf(step: Product, starts: readonly number[], bytes: number): Call[] {
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
    const [aRow, aColumn, bRow, bColumn] = [step.a.row, step.a.column, step.b.row, step.b.column].map((stride) => stride * bytes) as [number, number, number, number] // prettier-ignore
    const { rows, columns, inner } = step
    return turned
      ? { a: b, aRow: bColumn, aColumn: bRow, b: a, bRow: aColumn, bColumn: aRow, c, cRow: step.c.column * bytes, rows: columns, columns: rows, inner } // prettier-ignore
      : { a, aRow, aColumn, b, bRow, bColumn, c, cRow: step.c.row * bytes, rows, columns, inner }
  })
}

/** Shares of a product for each thread, so that one that is kept from working holds nobody up for long. */
const SHARES = 4
/** Less than this many rows or columns would be lost in copying the other factor. */
const SHORTEST_SHARE = 24

/** The call in pieces along the longer side of the result, cut between register tiles. */
function shares(call: Call, threads: number, precision: Precision): Call[] {
  const byColumns = call.columns >= call.rows
  const unit = byColumns ? tileColumns(precision) : TILE_ROWS
  const length = byColumns ? call.columns : call.rows
  const count = Math.max(1, Math.min(SHARES * threads, Math.floor(length / SHORTEST_SHARE)))
  const cuts = Array.from({ length: count + 1 }, (_, at) =>
    at === count ? length : Math.round(((at / count) * length) / unit) * unit,
  )
  return cuts.slice(1).map((to, at) => {
    const from = cuts[at]!
    return byColumns
      ? { ...call, b: call.b + from * call.bColumn, c: call.c + from * (precision === 'f64' ? 8 : 4), columns: to - from } // prettier-ignore
      : { ...call, a: call.a + from * call.aRow, c: call.c + from * call.cRow, rows: to - from }
  })
}

const isWorthSharing = ({ batch, rows, columns, inner }: Product): boolean =>
  batch.length === 0 && rows * columns * inner >= WORTH_SHARING

const ARGUMENTS = [
  'a', 'aRow', 'aColumn', 'b', 'bRow', 'bColumn', 'c', 'cRow', 'rows', 'columns', 'inner',
] as const satisfies readonly (keyof Call)[] // prettier-ignore

/** Bytes of a share in the table: its arguments, as words of 32 bits. */
export const SHARE_BYTES = 4 * ARGUMENTS.length

/** Shares of one product in the table. */
export interface Span {
  /** The address of the first. */
  readonly first: number
  readonly count: number
}

/** The matrix products of a plan: functions that work them out, each thread with places of its own for its copies. */
export class Products {
  /** What the copies and the table of shares need, after the buffers. */
  readonly bytes: number
  /** The shared products, in order. */
  readonly spans: readonly Span[]
  readonly #products: readonly Product[]
  readonly #starts: readonly number[]
  readonly #precision: Precision
  readonly #fused: boolean
  readonly #threads: number
  readonly #scratch: number
  readonly #shared: readonly Product[]
  readonly #table: readonly Call[]
  readonly #tableAt: number
  /** The product function of each thread. */
  #functions: readonly number[] = []

  constructor(plan: Plan, layout: Layout, precision: Precision, fused: boolean, threads: number) {
    this.#products = plan.steps.filter((step) => step.kind === 'product')
    this.#starts = layout.starts
    this.#precision = precision
    this.#fused = fused
    this.#scratch = 64 + layout.bytes
    this.#shared = threads > 1 ? this.#products.filter(isWorthSharing) : []
    this.#threads = this.isShared ? threads : 1
    const pieces = this.#shared.map((step) => shares(this.#calls(step)[0]!, threads, precision))
    this.#table = pieces.flat()
    const copies = this.#products.length === 0 ? 0 : this.#threads * this.#places(0).bytes
    this.#tableAt = this.#scratch + copies
    this.bytes = copies + SHARE_BYTES * this.#table.length
    let first = this.#tableAt
    this.spans = pieces.map(({ length: count }) => {
      const span = { first, count }
      first += SHARE_BYTES * count
      return span
    })
  }

  /** Whether threads take part in any of them. */
  get isShared(): boolean {
    return this.#shared.length > 0
  }

  #calls(step: Product): Call[] {
    return callsOf(step, this.#starts, this.#precision === 'f64' ? 8 : 4)
  }

  #places(thread: number): { right: number; left: number; edge: number; bytes: number } {
    const rows = Math.max(...this.#products.map((step) => (step.c.column === 1 ? step.rows : step.columns)))
    const { right, left, tile } = scratchBytes(this.#precision, rows)
    const bytes = Math.ceil((right + left + tile) / 64) * 64
    const start = this.#scratch + thread * bytes
    return { right: start, left: start + right, edge: start + right + left, bytes }
  }

  addTo(module: { readonly add: (body: Body) => number }): void {
    if (this.#products.length === 0) return
    const packRight = module.add(writePackRight(this.#precision))
    const packLeft = module.add(writePackLeft(this.#precision))
    this.#functions = Array.from({ length: this.#threads }, (_, thread) => {
      const places = this.#places(thread)
      const tile = module.add(writeTile(this.#precision, this.#fused, places.edge))
      return module.add(writeProduct(this.#precision, { ...places, tile, packRight, packLeft }))
    })
    if (this.isShared) for (const [thread, product] of this.#functions.entries()) module.add(shareBody(thread, product))
  }

  /** Writes the table of shares. */
  fill(memory: ArrayBufferLike): void {
    const table = new Int32Array(memory, this.#tableAt, ARGUMENTS.length * this.#table.length)
    table.set(this.#table.flatMap((call) => ARGUMENTS.map((name) => call[name])))
  }

  /** Works out one product; `share` is the function that has it done by all threads. */
  call(main: Assembler, step: Product, share: number): void {
    const number = this.#shared.indexOf(step)
    if (number >= 0) {
      main.i32(number)
      main.call(share)
      return
    }
    for (const call of this.#calls(step)) {
      for (const name of ARGUMENTS) main.i32(call[name])
      main.call(this.#functions[0]!)
    }
  }
}

/** `share<thread>(at)`: does the share that stands at an address of the table. */
function shareBody(thread: number, product: number): Body {
  const asm = new Assembler({ params: [I32], results: [] })
  for (const slot of ARGUMENTS.keys()) {
    asm.get(0)
    asm.memory(op.i32Load, 4 * slot)
  }
  asm.call(product)
  return asm.body(`share${thread}`)
}
