import { Assembler } from './assembler.ts'
import type { Body } from './encode.ts'
import { Lanes } from './lanes.ts'
import type { Precision, V } from './lanes.ts'
import { I32, op, simd } from './opcodes.ts'

// The blocked product of Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication": the right
// factor is copied into panels as wide as a register tile, which stay in the caches while rows of the left go by.

/** Rows and vectors of a register tile: 2*4 sums, 4 vectors of one factor and 2 of the other fill 14 of 16 registers. */
export const TILE_ROWS = 2
const TILE_VECTORS = 4
/** Steps of the inner dimension at a time: a panel of the right factor then fits the first cache. */
export const INNER_BLOCK = 256
/** Columns at a time: the copied block of the right factor then fits the second cache. */
export const COLUMN_BLOCK = 256

export const tileColumns = (precision: Precision): number => TILE_VECTORS * (precision === 'f64' ? 2 : 4)

/** Bytes for the copies of both factors' blocks and an edge tile, for products of up to so many rows. */
export function scratchBytes(precision: Precision, rows: number): { right: number; left: number; tile: number } {
  const bytes = precision === 'f64' ? 8 : 4
  return {
    right: INNER_BLOCK * COLUMN_BLOCK * bytes,
    left: Math.ceil(rows / TILE_ROWS) * TILE_ROWS * INNER_BLOCK * bytes,
    tile: TILE_ROWS * TILE_VECTORS * 16,
  }
}

const params = (count: number): { params: (typeof I32)[]; results: [] } => ({
  params: new Array<typeof I32>(count).fill(I32),
  results: [],
})

/** Parameters of `tile`, in order. All strides are in bytes. */
const TILE = { first: 0, second: 1, step: 2, panel: 3, end: 4, c: 5, row: 6, rows: 7, columns: 8, again: 9 } as const

/**
 * `tile(first, second, step, panel, end, c, row, rows, columns, again)`: two rows of the left factor, from `first` and
 * `second` in steps of `step`, times a panel that ends at `end`; put at `c`, or added where `again` is not 0.
 * Of the tile, `rows` by `columns` entries are wanted; the right edge goes through `edge`, a place for one tile.
 */
export function writeTile(precision: Precision, fused: boolean, edge: number): Body {
  const asm = new Assembler(params(10))
  const l = new Lanes(asm, precision, fused)
  const zero = l.const(0)
  const sums = Array.from({ length: TILE_ROWS * TILE_VECTORS }, () => l.variable(zero))
  const splat = (pointer: number): V => {
    asm.get(pointer)
    asm.simdMemory(l.bytes === 8 ? simd.load64Splat : simd.load32Splat, 0)
    return l.result()
  }
  asm.byte(op.loop, 0x40)
  const left = [splat(TILE.first), splat(TILE.second)]
  for (let vector = 0; vector < TILE_VECTORS; vector++) {
    asm.get(TILE.panel)
    asm.simdMemory(simd.load, vector * 16)
    const right = l.result()
    for (let row = 0; row < TILE_ROWS; row++) {
      const sum = sums[row * TILE_VECTORS + vector]!
      l.assign(sum, l.madd(left[row]!, right, sum))
    }
  }
  asm.advanceBy(TILE.first, TILE.step)
  asm.advanceBy(TILE.second, TILE.step)
  asm.advance(TILE.panel, TILE_VECTORS * 16)
  asm.get(TILE.panel)
  asm.get(TILE.end)
  asm.byte(op.i32LtU, op.brIf, 0, op.end)
  const whole = (): void => {
    asm.get(TILE.columns)
    asm.i32(tileColumns(precision))
    asm.byte(op.i32Eq)
  }
  asm.when(
    whole,
    () => putRows(l, sums),
    () => putEdge(l, sums, edge),
  )
  return asm.body(null)
}

function whenAgain(asm: Assembler, then: () => void): void {
  asm.when(() => asm.get(TILE.again), then)
}

/** Stores or adds whole rows of the tile. */
function putRows(l: Lanes, sums: readonly V[]): void {
  const { asm } = l
  const row = (from: number): void => {
    const vectors = sums.slice(from, from + TILE_VECTORS)
    whenAgain(asm, () => {
      vectors.forEach((sum, vector) => {
        asm.get(TILE.c)
        asm.simdMemory(simd.load, vector * 16)
        l.assign(sum, l.op('add', sum, l.result()))
      })
    })
    vectors.forEach((sum, vector) => {
      asm.get(TILE.c)
      asm.get(sum)
      asm.simdMemory(simd.store, vector * 16)
    })
  }
  row(0)
  whenSecondRow(asm, () => {
    asm.advanceBy(TILE.c, TILE.row)
    row(TILE_VECTORS)
  })
}

function whenSecondRow(asm: Assembler, then: () => void): void {
  const condition = (): void => {
    asm.get(TILE.rows)
    asm.i32(1)
    asm.byte(op.i32GtS)
  }
  asm.when(condition, then)
}

/** Stores or adds the tile's first `columns` entries of each row, by way of memory. */
function putEdge(l: Lanes, sums: readonly V[], edge: number): void {
  const { asm } = l
  sums.forEach((sum, index) => {
    asm.i32(edge)
    asm.get(sum)
    asm.simdMemory(simd.store, index * 16)
  })
  const column = asm.local(I32)
  const from = asm.local(I32)
  const to = asm.local(I32)
  const [load, store] = l.bytes === 8 ? [simd.load64Zero, simd.store64Lane] : [simd.load32Zero, simd.store32Lane]
  const row = (first: number): void => {
    asm.i32(edge + first * 16)
    asm.set(from)
    asm.get(TILE.c)
    asm.set(to)
    asm.i32(0)
    asm.set(column)
    asm.upTo(column, TILE.columns, 1, () => {
      asm.get(from)
      asm.simdMemory(load, 0)
      const entry = l.variable(l.result())
      whenAgain(asm, () => {
        asm.get(to)
        asm.simdMemory(load, 0)
        l.assign(entry, l.op('add', entry, l.result()))
      })
      asm.get(to)
      asm.get(entry)
      asm.simdMemory(store, 0, 0)
      asm.advance(from, l.bytes)
      asm.advance(to, l.bytes)
    })
  }
  row(0)
  whenSecondRow(asm, () => {
    asm.advanceBy(TILE.c, TILE.row)
    row(TILE_VECTORS)
  })
}

const PACK = { from: 0, major: 1, minor: 2, to: 3, inner: 4, count: 5 } as const

/**
 * `packRight(from, row, column, to, inner, count)`: `inner` rows of `count` columns as panels as wide as a tile, the
 * last filled up with zeros.
 */
export function writePackRight(precision: Precision): Body {
  const asm = new Assembler(params(6))
  const l = new Lanes(asm, precision, false)
  const width = tileColumns(precision)
  const [k, j, left, start] = [asm.local(I32), asm.local(I32), asm.local(I32), asm.local(I32)]
  const source = asm.local(I32)
  asm.i32(0)
  asm.set(j)
  asm.upTo(j, PACK.count, width, () => {
    asm.get(PACK.count)
    asm.get(j)
    asm.byte(op.i32Sub)
    asm.set(left)
    asm.get(PACK.from)
    asm.set(start)
    asm.i32(0)
    asm.set(k)
    const wide = (contiguous: boolean): void => {
      asm.upTo(k, PACK.inner, 1, () => {
        asm.get(start)
        asm.set(source)
        for (let vector = 0; vector < TILE_VECTORS; vector++) {
          const value = contiguous ? loadAt(l, source, vector * 16) : gather(l, source, PACK.minor)
          asm.get(PACK.to)
          asm.get(value)
          asm.simdMemory(simd.store, vector * 16)
        }
        asm.advanceBy(start, PACK.major)
        asm.advance(PACK.to, width * l.bytes)
      })
    }
    const isWhole = (): void => {
      asm.get(left)
      asm.i32(width)
      asm.byte(op.i32GeS)
    }
    const isContiguous = (): void => {
      asm.get(PACK.minor)
      asm.i32(l.bytes)
      asm.byte(op.i32Eq)
    }
    asm.when(
      isWhole,
      () => asm.when(isContiguous, () => wide(true), () => wide(false)), // prettier-ignore
      () => packEdge(l, k, left, start, source),
    )
    // The next panel starts `width` columns on.
    asm.get(PACK.from)
    asm.get(PACK.minor)
    asm.i32(width)
    asm.byte(op.i32Mul, op.i32Add)
    asm.set(PACK.from)
  })
  return asm.body(null)
}

function loadAt(l: Lanes, pointer: number, offset: number): V {
  l.asm.get(pointer)
  l.asm.simdMemory(simd.load, offset)
  return l.result()
}

/** One entry for each lane, moving `pointer` on by `stride` after each. */
function gather(l: Lanes, pointer: number, stride: number): V {
  const { asm } = l
  const wide = l.bytes === 8
  asm.get(pointer)
  asm.simdMemory(wide ? simd.load64Zero : simd.load32Zero, 0)
  let value = l.result()
  asm.advanceBy(pointer, stride)
  for (let lane = 1; lane < l.width; lane++) {
    asm.get(pointer)
    asm.get(value)
    asm.simdMemory(wide ? simd.load64Lane : simd.load32Lane, 0, lane)
    value = l.result()
    asm.advanceBy(pointer, stride)
  }
  return value
}

function packEdge(l: Lanes, k: number, left: number, start: number, source: number): void {
  const { asm } = l
  const [column, to] = [asm.local(I32), asm.local(I32)]
  const zero = l.const(0)
  asm.upTo(k, PACK.inner, 1, () => {
    for (let vector = 0; vector < TILE_VECTORS; vector++) {
      asm.get(PACK.to)
      asm.get(zero)
      asm.simdMemory(simd.store, vector * 16)
    }
    asm.get(start)
    asm.set(source)
    asm.get(PACK.to)
    asm.set(to)
    asm.i32(0)
    asm.set(column)
    asm.upTo(column, left, 1, () => {
      copyEntry(l, source, to)
      asm.advanceBy(source, PACK.minor)
      asm.advance(to, l.bytes)
    })
    asm.advanceBy(start, PACK.major)
    asm.advance(PACK.to, TILE_VECTORS * 16)
  })
}

function copyEntry(l: Lanes, from: number, to: number): void {
  const { asm } = l
  const wide = l.bytes === 8
  asm.get(to)
  asm.get(from)
  asm.simdMemory(wide ? simd.load64Zero : simd.load32Zero, 0)
  asm.simdMemory(wide ? simd.store64Lane : simd.store32Lane, 0, 0)
}

/**
 * `packLeft(from, row, column, to, inner, count)`: `count` rows in pairs, the entries of a pair side by side for each
 * inner step. An odd last row is paired with itself.
 */
export function writePackLeft(precision: Precision): Body {
  const asm = new Assembler(params(6))
  const l = new Lanes(asm, precision, false)
  const [i, k, first, second] = [asm.local(I32), asm.local(I32), asm.local(I32), asm.local(I32)]
  asm.i32(0)
  asm.set(i)
  asm.upTo(i, PACK.count, TILE_ROWS, () => {
    asm.get(PACK.from)
    asm.tee(first)
    asm.set(second)
    const hasSecond = (): void => {
      asm.get(i)
      asm.i32(1)
      asm.byte(op.i32Add)
      asm.get(PACK.count)
      asm.byte(op.i32LtS)
    }
    asm.when(hasSecond, () => asm.advanceBy(second, PACK.major))
    asm.i32(0)
    asm.set(k)
    asm.upTo(k, PACK.inner, 1, () => {
      copyEntry(l, first, PACK.to)
      asm.advance(PACK.to, l.bytes)
      copyEntry(l, second, PACK.to)
      asm.advance(PACK.to, l.bytes)
      asm.advanceBy(first, PACK.minor)
      asm.advanceBy(second, PACK.minor)
    })
    asm.advanceBy(PACK.from, PACK.major)
    asm.advanceBy(PACK.from, PACK.major)
  })
  return asm.body(null)
}
