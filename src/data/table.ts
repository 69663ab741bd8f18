import { BackproveError } from '../base/errors.ts'
import { tensor } from '../evaluate/tensor.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode } from '../graph/node.ts'
import { literalValue, sizeNames } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { isNumber, readCsv } from './csv.ts'
import type { Row } from './csv.ts'
import { named } from './names.ts'

/** What a table gives: a value of each input that it has columns of, and the classes behind labels, in their order. */
export interface TableData {
  readonly values: ReadonlyMap<InputNode, Tensor>
  readonly classes: ReadonlyMap<InputNode, readonly string[]>
}

/**
 * A row for each example, columns named after the inputs (`X1,X2,Y`), or without names in the order in which the sheet
 * declares its data. One column for labels of several classes, or a column of words for `label(1, m)`, holds classes:
 * they count in the order of their names, as scikit-learn's `LabelEncoder` has it. Throws `data` with line and column.
 */
export function readTable(text: string, inputs: readonly InputNode[]): TableData {
  const { head, rows } = readCsv(text)
  const places = head === null ? placesInOrder(rows[0]!.cells.length, inputs) : placesByName(head, inputs)
  const example = exampleSize([...places.keys()])
  const values = new Map<InputNode, Tensor>()
  const classes = new Map<InputNode, readonly string[]>()
  for (const [input, own] of places) {
    const columns = own.map((at): Column => ({ name: head?.cells[at] ?? String(at + 1), at }))
    const [only] = columns
    const names = columns.length === 1 && holdsClasses(input, example, rows, only!.at) ? classNames(input, example, rows, only!) : null // prettier-ignore
    if (names !== null) classes.set(input, names)
    const numbers = names === null ? columns.map((column) => numbersIn(rows, column)) : indicators(names, rows, only!.at, classAxis(input, example)) // prettier-ignore
    values.set(input, arranged(input, example, numbers, rows.length))
  }
  return { values, classes }
}

interface Column {
  readonly name: string
  readonly at: number
}

/** The columns of each input, by their numbers: `X2,X1` are the second and the first row of `X`. */
function placesByName({ cells, places }: Row, inputs: readonly InputNode[]): Map<InputNode, number[]> {
  const found = new Map<InputNode, { readonly number: number; readonly at: number }[]>()
  for (const [at, cell] of cells.entries()) {
    const name = cell.normalize('NFC')
    const parts = inputs
      .filter((one) => name.startsWith(one.name) && /^[[_. ]?\d+\]?$/.test(name.slice(one.name.length)))
      .sort((a, b) => b.name.length - a.name.length)
    const whole = inputs.find((one) => one.name === name)
    const input = whole ?? parts[0] ?? named(name.replace(/[[_. ]?\d+\]?$/, ''), inputs, places[at])
    const number = whole === undefined ? Number(/\d+/.exec(name.slice(input.name.length))![0]) : NaN
    const others = found.get(input) ?? []
    if (others.some((other) => Number.isNaN(number) || Number.isNaN(other.number) || other.number === number)) {
      throw new BackproveError('data', `there are two columns \`${cell}\``, { hint: 'number them: X1, X2', span: places[at]! }) // prettier-ignore
    }
    found.set(input, [...others, { number, at }])
  }
  return new Map(
    [...found].map(([input, columns]) => {
      const sorted = columns.toSorted((a, b) => a.number - b.number)
      for (const [i, { number, at }] of sorted.entries()) {
        const before = sorted[i - 1]?.number ?? number - 1
        if (columns.length === 1 || number === before + 1) continue
        throw new BackproveError('data', `there is a column \`${cells[at]!}\` and none numbered ${number - 1}`, { hint: `${input.name} needs columns numbered one by one`, span: places[at]! }) // prettier-ignore
      }
      return [input, sorted.map(({ at }) => at)]
    }),
  )
}

/** Columns without names go to the sheet's data in their order; what the table is to have is said where that fails. */
function placesInOrder(count: number, inputs: readonly InputNode[]): Map<InputNode, number[]> {
  const data = inputs.filter(({ role, shape }) => role !== 'param' && shape.length > 0)
  const example = exampleSize(data)
  const widths = data.map((input) => classAxis(input, example))
  const classed = data.map(({ role }, at) => ((role === 'onehot' || role === 'label') && widths[at] !== 1 ? 1 : widths[at]!)) // prettier-ignore
  for (const tried of [widths, classed]) {
    const known = tried.reduce<number>((sum, width) => sum + (width ?? 0), 0)
    const open = tried.filter((width) => width === null).length
    if (open > 1 || (open === 0 ? known !== count : known >= count)) continue
    let from = 0
    return new Map(
      data.map((input, at) => {
        const width = tried[at] ?? count - known
        from += width
        return [input, Array.from({ length: width }, (_, i) => from - width + i)]
      }),
    )
  }
  const wanted = data.map(({ name }, at) => (widths[at] === 1 ? name : `${name}1,${name}2,…`)).join(',')
  throw new BackproveError('data', `the first line of the table holds numbers, not names, and which of its ${count} columns belong to ${data.map(({ name }) => `\`${name}\``).join(' and ')} cannot be told`, { hint: `name the columns: ${wanted}`, span: { line: 1, column: 1 } }) // prettier-ignore
}

/** The length of the axes besides that of the examples, `null` where it has a name. */
function classAxis({ shape }: InputNode, example: Size): number | null {
  const others = shape.filter((size) => size !== example)
  return others.length === 0 ? 1 : others.map(literalValue).reduce((a, b) => (a === null || b === null ? null : a * b), 1) // prettier-ignore
}

const cellsAt = (rows: readonly Row[], at: number): string[] => rows.map(({ cells }) => cells[at]!)

/** Whether a label's only column holds classes: there are several, or they are words. */
function holdsClasses(input: InputNode, example: Size, rows: readonly Row[], at: number): boolean {
  if (input.role !== 'label' && input.role !== 'onehot') return false
  return classAxis(input, example) !== 1 || cellsAt(rows, at).some((cell) => cell !== '' && !isNumber(cell))
}

function classNames(input: InputNode, example: Size, rows: readonly Row[], column: Column): string[] {
  for (const { cells, places } of rows) if (cells[column.at] === '') throw missing(column, places[column.at]!)
  const found = [...new Set(cellsAt(rows, column.at))]
  const names = found.every(isNumber)
    ? found.sort((a, b) => Number(a) - Number(b))
    : found.sort((a, b) => (a < b ? -1 : 1))
  const axis = classAxis(input, example)
  const wanted = axis === 1 ? 2 : (axis ?? names.length)
  if (names.length === wanted) return names
  const shown = names.length > 6 ? [...names.slice(0, 6), '…'] : names
  throw new BackproveError('data', `\`${input.name}\` tells ${wanted} classes apart, the table has ${names.length}: ${shown.join(', ')}`, { hint: axis === 1 ? 'for more than two classes declare onehot(k, m); numbers go with input(…)' : 'look for classes that are missing, or spelt in two ways', span: rows[0]!.places[column.at]! }) // prettier-ignore
}

/** 0 and 1 for each class; for two classes in a single row, whether it is the second. */
function indicators(names: readonly string[], rows: readonly Row[], at: number, axis: number | null): number[][] {
  const shown = axis === 1 ? [names[1]!] : names
  return shown.map((name) => cellsAt(rows, at).map((cell) => (cell === name ? 1 : 0)))
}

function numbersIn(rows: readonly Row[], column: Column): number[] {
  return rows.map(({ cells, places }) => {
    const cell = cells[column.at]!
    const span = places[column.at]!
    if (cell === '') throw missing(column, span)
    if (!isNumber(cell)) {
      const isGap = /^(na|n\/a|nan|null|none|\?|-)$/i.test(cell)
      throw new BackproveError('data', `\`${cell.slice(0, 40)}\` under \`${column.name}\` is not a number`, { hint: isGap ? LEAVE_OUT : 'names of classes may stand under what is declared label(…) or onehot(…)', span }) // prettier-ignore
    }
    if (!Number.isFinite(Number(cell))) {
      throw new BackproveError('data', `\`${cell.slice(0, 40)}\` under \`${column.name}\` is too large`, { hint: 'numbers go up to 1.8e308', span }) // prettier-ignore
    }
    return Number(cell)
  })
}

const LEAVE_OUT = 'leave such rows out, or fill in a value'

const missing = ({ name }: Column, span: Row['places'][number]): BackproveError =>
  new BackproveError('data', `the cell under \`${name}\` is empty`, { hint: LEAVE_OUT, span })

/** The columns as rows of the array where examples are its last axis, else as its columns. */
function arranged({ shape }: InputNode, example: Size, columns: readonly number[][], rows: number): Tensor {
  if (shape.length === 1 && columns.length === 1) return tensor([rows], columns[0]!)
  if (shape.at(-1) === example) return tensor([columns.length, rows], columns.flat())
  return tensor([rows, columns.length], Array.from({ length: rows }, (_, row) => columns.map((column) => column[row]!)).flat()) // prettier-ignore
}

/** The axis of the examples is the one that all inputs share. */
function exampleSize(inputs: readonly InputNode[]): Size {
  const shared = inputs[0]?.shape.filter(
    (size) => sizeNames(size).length > 0 && inputs.every(({ shape }) => shape.includes(size)),
  )
  const example = shared?.at(-1)
  if (example !== undefined) return example
  const names = inputs.map(({ name }) => name).join(' and ')
  throw new BackproveError('data', `${names} share no axis for the rows of the table`, {
    hint: 'give the data as JSON',
  })
}
