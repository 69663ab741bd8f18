import type { Nested } from '../../prove/verdict.ts'
import { padStart } from './layout.ts'

/** The most rows and columns that are shown of a matrix; around a marked entry, the rest is `…`. */
const SHOWN = 6

/** A number in few digits; what is not finite is named. */
export function numberText(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  const text = value.toPrecision(digits)
  return text.includes('e') ? text.replace(/\.?0+e/, 'e') : text.replace(/\.?0+$/, '')
}

/** Two numbers in the fewest digits, from four up, that show their difference. */
export function apart(a: number, b: number): [string, string] {
  for (let digits = 4; digits < 17; digits++) {
    const texts: [string, string] = [numberText(a, digits), numberText(b, digits)]
    if (texts[0] !== texts[1]) return texts
  }
  return [numberText(a, 17), numberText(b, 17)]
}

/**
 * An array as lines: a scalar one, a vector one, a matrix one for each row, of more axes each matrix under its indices.
 * The entry at `mark` stands in brackets.
 */
export function matrixLines(value: Nested, mark: readonly number[] | null = null): string[] {
  if (typeof value === 'number') return [mark === null ? numberText(value) : `[${numberText(value)}]`]
  const depth = depthOf(value)
  if (depth === 1) return rows([value as readonly number[]], mark === null ? null : [0, mark[0] ?? 0])
  if (depth === 2) return rows(value as readonly (readonly number[])[], mark)
  return window(value.length, mark?.[0] ?? null).flatMap((at) => {
    if (at === null) return ['…']
    const inner = matrixLines(value[at]!, mark?.[0] === at ? mark.slice(1) : null)
    return [`[${at}]`, ...inner.map((line) => `  ${line}`)]
  })
}

function depthOf(value: Nested): number {
  let depth = 0
  for (let inner: Nested | undefined = value; typeof inner === 'object'; inner = inner[0]) depth++
  return depth
}

function rows(matrix: readonly (readonly number[])[], mark: readonly number[] | null): string[] {
  const shownRows = window(matrix.length, mark?.[0] ?? null)
  const shownColumns = window(matrix[0]?.length ?? 0, mark?.[1] ?? null)
  const cells = shownRows.map((row) =>
    shownColumns.map((column) => {
      if (row === null || column === null) return ' … '
      const text = numberText(matrix[row]![column]!)
      return mark !== null && row === mark[0] && column === mark[1] ? `[${text}]` : ` ${text} `
    }),
  )
  const widths = shownColumns.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells.map((row) => row.map((cell, column) => padStart(cell, widths[column]!)).join(' ').trimEnd()) // prettier-ignore
}

/** The indices that are shown of `length`, `null` for those left out; `at` is among them. */
function window(length: number, at: number | null): (number | null)[] {
  if (length <= SHOWN) return Array.from({ length }, (_, index) => index)
  const start = Math.min(Math.max(0, (at ?? 0) - 2), length - SHOWN)
  const shown = Array.from({ length: SHOWN }, (_, offset) => start + offset)
  return [...(start > 0 ? [null] : []), ...shown, ...(start + SHOWN < length ? [null] : [])]
}
