import { BackproveError } from '../base/errors.ts'

/** A table of numbers under names. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly number[])[]
}

const HINT = 'name the columns after the data of the sheet, X1,X2,Y, and give each example a row'

/** Comma-separated numbers under one line of names; throws `data` with the line. Source: RFC 4180. */
export function readCsv(text: string): Table {
  const records = [...recordsOf(text)]
  const [head, ...body] = records
  if (head === undefined) throw new BackproveError('data', 'the table is empty', { hint: HINT })
  const columns = head.fields.map((field) => field.trim())
  if (columns.every((name) => isNumber(name))) {
    throw new BackproveError('data', 'the first line of the table holds numbers, not names', {
      hint: HINT,
      span: { line: 1, column: 1 },
    })
  }
  const rows = body.map(({ line, fields }) => {
    if (fields.length !== columns.length) {
      throw new BackproveError('data', `${fields.length} fields where the first line names ${columns.length}`, {
        hint: HINT,
        span: { line, column: 1 },
      })
    }
    return fields.map((field, at) => {
      if (isNumber(field)) return Number(field)
      throw new BackproveError('data', `\`${field.slice(0, 40)}\` under \`${columns[at] ?? ''}\` is not a number`, {
        hint: HINT,
        span: { line, column: 1 },
      })
    })
  })
  if (rows.length === 0) throw new BackproveError('data', 'the table has names and no rows', { hint: HINT })
  return { columns, rows }
}

const isNumber = (field: string): boolean => field.trim() !== '' && Number.isFinite(Number(field))

interface CsvRecord {
  readonly line: number
  readonly fields: readonly string[]
}

/** Lines cut at commas; a field in quotes may hold commas. Empty lines are skipped. */
function* recordsOf(text: string): Generator<CsvRecord> {
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue
    const fields = [...line.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))(?=,|$)/g)].map(
      ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
    )
    yield { line: at + 1, fields }
  }
}
