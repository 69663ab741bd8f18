import { Assembler } from './assembler.ts'
import type { Body } from './encode.ts'
import { I32, op } from './opcodes.ts'
import type { Precision } from './lanes.ts'
import { COLUMN_BLOCK, INNER_BLOCK, tileColumns } from './product.ts'

/** Where the copies of blocks stand, in bytes, and the numbers of the functions that do the parts. */
export interface ProductParts {
  readonly right: number
  readonly left: number
  readonly tile: number
  readonly packRight: number
  readonly packLeft: number
}

/** Parameters of `product`, in order: addresses and strides in bytes, then the counts. */
const P = {
  a: 0,
  aRow: 1,
  aColumn: 2,
  b: 3,
  bRow: 4,
  bColumn: 5,
  c: 6,
  cRow: 7,
  rows: 8,
  columns: 9,
  inner: 10,
} as const

/** `min(limit - at, block)` into a local. */
function blockLength(asm: Assembler, limit: number, at: number, block: number, into: number): void {
  asm.get(limit)
  asm.get(at)
  asm.byte(op.i32Sub)
  asm.tee(into)
  asm.i32(block)
  asm.get(into)
  asm.i32(block)
  asm.byte(op.i32LtS, op.select)
  asm.set(into)
}

/**
 * `product(a, aRow, aColumn, b, bRow, bColumn, c, cRow, rows, columns, inner)`: a matrix product whose result has
 * contiguous rows. A left factor that is contiguous along the inner dimension is read where it stands, else copied.
 */
export function writeProduct(precision: Precision, parts: ProductParts): Body {
  const bytes = precision === 'f64' ? 8 : 4
  const width = tileColumns(precision)
  const asm = new Assembler({ params: new Array<typeof I32>(11).fill(I32), results: [] })
  const local = (): number => asm.local(I32)
  const [p, j, depth, wide, panelAt, panel, cAt, columnsLeft] = [local(), local(), local(), local(), local(), local(), local(), local()] // prettier-ignore
  const [i, first, second, step, c, rowsLeft, pair, end] = [local(), local(), local(), local(), local(), local(), local(), local()] // prettier-ignore
  const [leftAt, panelBytes] = [local(), local()]

  const packLeft = (): void => {
    asm.get(P.a)
    asm.get(P.aRow)
    asm.get(P.aColumn)
    asm.i32(parts.left)
    asm.get(depth)
    asm.get(P.rows)
    asm.call(parts.packLeft)
    asm.i32(parts.left)
    asm.set(leftAt)
    asm.i32(2 * bytes)
    asm.set(step)
    // From one pair of rows to the next.
    asm.get(depth)
    asm.i32(2 * bytes)
    asm.byte(op.i32Mul)
    asm.set(pair)
  }
  const readLeft = (): void => {
    asm.get(P.a)
    asm.set(leftAt)
    asm.get(P.aColumn)
    asm.set(step)
    asm.get(P.aRow)
    asm.i32(1)
    asm.byte(op.i32Shl)
    asm.set(pair)
  }
  const isContiguous = (): void => {
    asm.get(P.aColumn)
    asm.i32(bytes)
    asm.byte(op.i32Eq)
  }

  const rows = (): void => {
    asm.get(leftAt)
    asm.set(first)
    asm.get(cAt)
    asm.set(c)
    asm.get(panel)
    asm.get(panelBytes)
    asm.byte(op.i32Add)
    asm.set(end)
    asm.i32(0)
    asm.set(i)
    asm.upTo(i, P.rows, 2, () => {
      asm.get(P.rows)
      asm.get(i)
      asm.byte(op.i32Sub)
      asm.set(rowsLeft)
      secondRow()
      for (const argument of [first, second, step, panel, end, c, P.cRow, rowsLeft, columnsLeft, p]) asm.get(argument)
      asm.call(parts.tile)
      asm.advanceBy(first, pair)
      asm.advanceBy(c, P.cRow)
      asm.advanceBy(c, P.cRow)
    })
  }
  /** The second row of the pair; a last row without one is paired with itself. */
  const secondRow = (): void => {
    asm.get(first)
    asm.set(second)
    const exists = (): void => {
      asm.get(rowsLeft)
      asm.i32(1)
      asm.byte(op.i32GtS)
    }
    const beside = (): void => {
      asm.when(isContiguous, () => asm.advanceBy(second, P.aRow), () => asm.advance(second, bytes)) // prettier-ignore
    }
    asm.when(exists, beside)
  }

  const columnBlock = (): void => {
    blockLength(asm, P.columns, j, COLUMN_BLOCK, wide)
    asm.get(P.b)
    asm.get(j)
    asm.get(P.bColumn)
    asm.byte(op.i32Mul, op.i32Add)
    asm.get(P.bRow)
    asm.get(P.bColumn)
    asm.i32(parts.right)
    asm.get(depth)
    asm.get(wide)
    asm.call(parts.packRight)
    asm.i32(parts.right)
    asm.set(panel)
    asm.get(P.c)
    asm.get(j)
    asm.i32(bytes)
    asm.byte(op.i32Mul, op.i32Add)
    asm.set(cAt)
    asm.i32(0)
    asm.set(panelAt)
    asm.upTo(panelAt, wide, width, () => {
      blockLength(asm, wide, panelAt, width, columnsLeft)
      rows()
      asm.advanceBy(panel, panelBytes)
      asm.advance(cAt, width * bytes)
    })
  }

  asm.i32(0)
  asm.set(p)
  asm.upTo(p, P.inner, INNER_BLOCK, () => {
    blockLength(asm, P.inner, p, INNER_BLOCK, depth)
    asm.get(depth)
    asm.i32(width * bytes)
    asm.byte(op.i32Mul)
    asm.set(panelBytes)
    asm.when(isContiguous, readLeft, packLeft)
    asm.i32(0)
    asm.set(j)
    asm.upTo(j, P.columns, COLUMN_BLOCK, columnBlock)
    // On to the next block of the inner dimension, in both factors.
    for (const [pointer, stride] of [
      [P.a, P.aColumn],
      [P.b, P.bRow],
    ] as const) {
      asm.get(pointer)
      asm.get(stride)
      asm.i32(INNER_BLOCK)
      asm.byte(op.i32Mul, op.i32Add)
      asm.set(pointer)
    }
  })
  return asm.body(null)
}
