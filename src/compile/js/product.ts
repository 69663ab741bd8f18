import type { Panel, Product } from '../plan/nest.ts'

type Entries = Float64Array | Float32Array

/** Columns of the right factor that are copied side by side before use; rows of the left that are done at once. */
const WIDE = 4
const TALL = 4

/**
 * `c = a*b` with four by four sums in variables. The columns of `b` are copied first, so that both factors are read in
 * order.
 */
export function runProduct(m: Entries, starts: readonly number[], product: Product): void {
  eachBatch(product, 0, 0, 0, 0, (a, b, c) => {
    const at = (panel: Panel, offset: number): number => starts[panel.buffer]! + panel.offset + offset
    multiply(m, product, at(product.a, a), at(product.b, b), at(product.c, c))
  })
}

function eachBatch(
  product: Product,
  axis: number,
  a: number,
  b: number,
  c: number,
  visit: (a: number, b: number, c: number) => void,
): void {
  const dimension = product.batch[axis]
  if (dimension === undefined) {
    visit(a, b, c)
    return
  }
  for (let i = 0; i < dimension.count; i++) {
    eachBatch(product, axis + 1, a + i * dimension.a, b + i * dimension.b, c + i * dimension.c, visit)
  }
}

function multiply(m: Entries, product: Product, a0: number, b0: number, c0: number): void {
  const { rows, inner, columns } = product
  const panel = new Float64Array(inner * WIDE)
  for (let j = 0; j < columns; j += WIDE) {
    const wide = Math.min(WIDE, columns - j)
    panel.fill(0)
    for (let l = 0; l < wide; l++) {
      const from = b0 + (j + l) * product.b.column
      for (let k = 0; k < inner; k++) panel[k * WIDE + l] = m[from + k * product.b.row]!
    }
    let i = 0
    for (; i + TALL <= rows; i += TALL) fourRows(m, product, panel, a0, c0, i, j, wide)
    for (; i < rows; i++) oneRow(m, product, panel, a0, c0, i, j, wide)
  }
}

function fourRows(
  m: Entries,
  product: Product,
  panel: Float64Array,
  a0: number,
  c0: number,
  i: number,
  j: number,
  wide: number,
): void {
  // prettier-ignore
  const { a, c, inner } = product
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0 // prettier-ignore
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0, s30 = 0, s31 = 0, s32 = 0, s33 = 0 // prettier-ignore
  let at = a0 + i * a.row
  for (let k = 0, p = 0; k < inner; k++, p += WIDE, at += a.column) {
    const b0 = panel[p]!, b1 = panel[p + 1]!, b2 = panel[p + 2]!, b3 = panel[p + 3]! // prettier-ignore
    const x0 = m[at]!, x1 = m[at + a.row]!, x2 = m[at + 2 * a.row]!, x3 = m[at + 3 * a.row]! // prettier-ignore
    s00 += x0 * b0
    s01 += x0 * b1
    s02 += x0 * b2
    s03 += x0 * b3 // prettier-ignore
    s10 += x1 * b0
    s11 += x1 * b1
    s12 += x1 * b2
    s13 += x1 * b3 // prettier-ignore
    s20 += x2 * b0
    s21 += x2 * b1
    s22 += x2 * b2
    s23 += x2 * b3 // prettier-ignore
    s30 += x3 * b0
    s31 += x3 * b1
    s32 += x3 * b2
    s33 += x3 * b3 // prettier-ignore
  }
  const sums = [s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33]
  for (let r = 0; r < TALL; r++) {
    for (let l = 0; l < wide; l++) m[c0 + (i + r) * c.row + (j + l) * c.column] = sums[r * WIDE + l]!
  }
}

function oneRow(
  m: Entries,
  product: Product,
  panel: Float64Array,
  a0: number,
  c0: number,
  i: number,
  j: number,
  wide: number,
): void {
  // prettier-ignore
  const { a, c, inner } = product
  for (let l = 0; l < wide; l++) {
    let sum = 0
    for (let k = 0; k < inner; k++) sum += m[a0 + i * a.row + k * a.column]! * panel[k * WIDE + l]!
    m[c0 + i * c.row + (j + l) * c.column] = sum
  }
}
