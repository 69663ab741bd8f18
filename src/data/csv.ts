import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'

/** A line of a table: its cells, and where each of them begins. */
export interface Row {
  readonly cells: readonly string[]
  readonly places: readonly Span[]
}

/** A table of comma-separated cells; `head` is `null` where the first line has a number in it, and so no names. */
export interface Table {
  readonly head: Row | null
  readonly rows: readonly Row[]
}

/**
 * Reads comma-separated cells. A cell in quotes may hold commas, line ends and doubled quotes; a byte order mark, spaces
 * around cells and empty lines are left out. Throws `data` with line and column. Source: RFC 4180.
 */
export function readCsv(text: string): Table {
  const [first, ...others] = new Reader(text.replace(/^\uFEFF/, '')).rows()
  if (first === undefined)
    throw new BackproveError('data', 'the table is empty', { hint: 'a row for each example: X1,X2,Y, then 1,2,0' })
  const isHead = !first.cells.some(isNumber)
  const [head, rows] = isHead ? [first, others] : [null, [first, ...others]]
  if (head?.cells.length === 1 && /[;\t]/.test(head.cells[0]!)) {
    throw new BackproveError('data', 'the cells of the table are not separated by commas', {
      hint: 'save it with commas between cells and points in numbers',
      span: head.places[0]!,
    })
  }
  if (rows.length === 0) throw new BackproveError('data', 'the table has names and no rows')
  for (const { cells, places } of rows) {
    if (cells.length === first.cells.length) continue
    throw new BackproveError('data', `${countOf(cells.length)} where the first line has ${first.cells.length}`, {
      hint: cells.length > first.cells.length ? 'put a cell that holds commas in quotes' : 'no cell may be left out',
      span: places[Math.min(cells.length - 1, first.cells.length)]!,
    })
  }
  return { head, rows }
}

const countOf = (cells: number): string => (cells === 1 ? '1 cell' : `${cells} cells`)

export const isNumber = (cell: string): boolean => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(cell)

/** Reads a text once from front to back. */
class Reader {
  readonly #text: string
  #at = 0
  #line = 1
  #lineStart = 0

  constructor(text: string) {
    this.#text = text
  }

  rows(): Row[] {
    const rows: Row[] = []
    while (this.#at < this.#text.length) {
      const row = this.#row()
      if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row)
    }
    return rows
  }

  #row(): Row {
    const cells: string[] = []
    const places: Span[] = []
    do {
      this.#spaces()
      places.push(this.#place())
      cells.push(this.#text[this.#at] === '"' ? this.#quoted() : this.#bare())
    } while (this.#took(','))
    this.#lineEnd()
    return { cells, places }
  }

  #bare(): string {
    const start = this.#at
    while (this.#at < this.#text.length && !',\r\n'.includes(this.#text[this.#at]!)) this.#at++
    return this.#text.slice(start, this.#at).trim()
  }

  #quoted(): string {
    const span = this.#place()
    let cell = ''
    this.#at++
    for (;;) {
      const sign = this.#text[this.#at]
      if (sign === undefined) throw new BackproveError('data', 'a quote is not closed', { hint: 'write a quote inside quotes twice', span }) // prettier-ignore
      if (sign === '"') {
        this.#at++
        if (this.#text[this.#at] !== '"') break
        cell += this.#text[this.#at++]!
      } else if (!this.#lineEnd()) cell += this.#text[this.#at++]!
      else cell += '\n'
    }
    this.#spaces()
    if (this.#at < this.#text.length && !',\r\n'.includes(this.#text[this.#at]!)) {
      throw new BackproveError('data', 'text behind a closed quote', { hint: 'write a quote inside quotes twice', span: this.#place() }) // prettier-ignore
    }
    return cell
  }

  #spaces(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++
  }

  #took(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    return true
  }

  #lineEnd(): boolean {
    const hasReturn = this.#took('\r')
    if (!this.#took('\n') && !hasReturn) return false
    this.#line++
    this.#lineStart = this.#at
    return true
  }

  #place(): Span {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 }
  }
}
