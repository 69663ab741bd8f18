import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import type { Suite, Table } from './suite.ts'

// `npm run bench -- [--json] [--seconds S] [--only TEXT] [--relaxed-simd] [name…]`: runs the suites in `suites/`, or those
// named; with `--relaxed-simd`, the engine's fused multiply-add is turned on.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '0.3' },
    only: { type: 'string', default: '' },
    'relaxed-simd': { type: 'boolean', default: false },
  },
})

// Modules that are made from here on may use it.
if (values['relaxed-simd']) setFlagsFromString('--experimental-wasm-relaxed-simd')

const folder = new URL('suites/', import.meta.url)
const names = readdirSync(folder).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3)) // prettier-ignore
const wanted = positionals.length === 0 ? names : positionals

const tables: Table[] = []
for (const name of wanted) {
  if (!names.includes(name)) throw new Error(`no suite ${name}; there are ${names.join(', ')}`)
  const { suite } = (await import(new URL(`${name}.ts`, folder).href)) as { suite: Suite }
  for await (const table of suite({
    seconds: Number(values.seconds),
    only: values.only,
    progress: (text) => process.stderr.write(`${text}\n`),
  })) {
    tables.push(table)
    if (!values.json) print(table)
  }
}
if (values.json) console.log(JSON.stringify(tables, null, 2))

function print({ title, columns, rows, notes }: Table): void {
  const cells = [
    columns,
    ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? figure(cell) : (cell ?? '–')))),
  ]
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  console.log(`\n${title}\n`)
  for (const row of cells) {
    console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')) // prettier-ignore
  }
  for (const note of notes) console.log(note)
}

/** Three digits or the whole part, with separators. */
function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)
}
