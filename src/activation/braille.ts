/** Dots of a Braille character by column and row. Source: Unicode 15, block "Braille Patterns". */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/** A drawing made of Braille characters, two dots wide and four dots high each. */
export class Braille {
  readonly columns: number
  readonly rows: number
  readonly #cells: readonly Uint8Array[]

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.#cells = Array.from({ length: rows }, () => new Uint8Array(columns))
  }

  /** The column of dots for a share of the width, and the row for a share of the height, counted from above. */
  column(share: number): number {
    return Math.round(share * (this.columns * 2 - 1))
  }

  row(share: number): number {
    return Math.round(share * (this.rows * 4 - 1))
  }

  /** One dot; outside of the drawing, none. */
  dot(x: number, y: number): void {
    const row = this.#cells[y >> 2]
    if (row !== undefined && x >= 0 && x < this.columns * 2) row[x >> 1]! |= DOTS[x & 1]![y & 3]!
  }

  /** Dots in column `x` from one row to another. */
  stroke(x: number, from: number, to: number): void {
    const [top, bottom] = [Math.max(0, Math.min(from, to)), Math.min(this.rows * 4 - 1, Math.max(from, to))]
    for (let y = top; y <= bottom; y++) this.dot(x, y)
  }

  lines(): string[] {
    return this.#cells.map((row) =>
      [...row].map((cell) => (cell === 0 ? ' ' : String.fromCodePoint(0x2800 + cell))).join(''),
    )
  }
}
