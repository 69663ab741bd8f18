import { BackproveError } from '../base/errors.ts'
import { tensorOf } from '../evaluate/nested.ts'
import { tensor } from '../evaluate/tensor.ts'
import { forEachGroup } from '../evaluate/kernels/reduce.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode } from '../graph/node.ts'
import { shapeText } from '../shape/shape.ts'
import { evaluateSize, literalValue, sizeNames } from '../shape/size.ts'
import { named } from './names.ts'
import { readTable } from './table.ts'

/** Values for some of a sheet's declared data, and the lengths that follow from them. */
export interface Data {
  readonly values: ReadonlyMap<InputNode, Tensor>
  readonly sizes: ReadonlyMap<string, number>
  /** What the labels of a table stand for, where that was words or numbers of classes: in the order of the rows, or of 0 and 1. */
  readonly classes: ReadonlyMap<InputNode, readonly string[]>
}

/**
 * Reads data for `inputs`: JSON, `{ "X": [[…]], "Y": [[…]] }`, or a table of comma-separated cells as `readTable` takes it.
 * Throws `data` with what does not fit.
 */
export function readData(text: string, inputs: readonly InputNode[]): Data {
  const isJson = /^\s*[{[]/.test(text)
  const { values, classes } = isJson
    ? { values: byName(entriesOf(text.trim()), inputs), classes: NO_CLASSES }
    : readTable(text, inputs)
  if (values.size === 0)
    throw new BackproveError('data', 'the file gives no value of the sheet', {
      hint: 'name values after what the sheet declares',
    })
  return fit(new Map([...values].map(([input, value]) => [input, shaped(input, value)])), true, classes)
}

const NO_CLASSES: Data['classes'] = new Map()

/**
 * Values by name, each of its declared shape, and the lengths that follow. With `labelled`, labels must be 0 or 1.
 * Throws `data` with what does not fit.
 */
export function bindValues(entries: Entries, inputs: readonly InputNode[], labelled = true): Data {
  return fit(byName(entries, inputs), labelled)
}

type Entries = readonly (readonly [name: string, value: unknown])[]

function entriesOf(text: string): Entries {
  const object = parseJson(text)
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new BackproveError('data', 'the file holds no object', { hint: 'write { "X": [[1, 2]], "Y": [[0, 1]] }' })
  }
  return Object.entries(object)
}

function byName(entries: Entries, inputs: readonly InputNode[]): Map<InputNode, Tensor> {
  const values = new Map<InputNode, Tensor>()
  for (const [name, value] of entries) {
    const input = named(name, inputs)
    values.set(input, shaped(input, tensorNamed(name, value)))
  }
  return values
}

function tensorNamed(name: string, value: unknown): Tensor {
  try {
    return tensorOf(value)
  } catch (error) {
    if (!(error instanceof BackproveError)) throw error
    throw new BackproveError('data', `\`${name}\`: ${error.message}`, { hint: error.hint })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new BackproveError('data', `the file is not JSON: ${error instanceof Error ? error.message : ''}`, {
      hint: 'write { "X": [[1, 2]], "Y": [[0, 1]] }',
    })
  }
}

/** The value with the number of axes that its declaration has; axes of length 1 may be left out. */
function shaped(input: InputNode, value: Tensor): Tensor {
  const declared = input.shape.map(literalValue)
  if (value.shape.length === declared.length) return value
  const wide = declared.filter((length) => length !== 1)
  const lengths = value.shape.filter((length) => length !== 1)
  const rest = wide.length === value.shape.length ? [...value.shape] : wide.length === lengths.length ? lengths : null
  if (rest === null) throw misfit(input, value)
  return tensor(declared.map((length) => (length === 1 ? 1 : rest.shift()!)), value.data) // prettier-ignore
}

function misfit(input: InputNode, value: Tensor): BackproveError {
  const given = value.shape.length === 0 ? 'a number' : value.shape.join('×')
  return new BackproveError('data', `\`${input.name}\` is declared ${shapeText(input.shape)}, the data has ${given}`, {
    hint: 'rows stand inside an outer pair of brackets: [[1, 2], [3, 4]]',
  })
}

/** The lengths that the values give, each axis holding to them. */
function fit(values: ReadonlyMap<InputNode, Tensor>, labelled: boolean, classes = NO_CLASSES): Data {
  const sizes = new Map<string, number>()
  for (const [input, value] of values) {
    for (const [axis, size] of input.shape.entries()) {
      const [name] = sizeNames(size)
      if (name !== undefined && size.key === name && !sizes.has(name)) sizes.set(name, value.shape[axis]!)
    }
  }
  for (const [input, value] of values) {
    for (const [axis, size] of input.shape.entries()) {
      if (!sizeNames(size).every((name) => sizes.has(name))) continue
      const length = evaluateSize(size, sizes)
      if (length === value.shape[axis]) continue
      const known = sizeNames(size).map((name) => `${name} = ${sizes.get(name) ?? ''}`)
      throw new BackproveError(
        'data',
        `axis ${axis} of \`${input.name}\` has length ${value.shape[axis] ?? 0}, not ${length}`,
        {
          hint: `it is declared ${shapeText(input.shape)}${known.length > 0 ? `, and other data has ${known.join(', ')}` : ''}`,
        },
      )
    }
    if (labelled) checkLabels(input, value)
  }
  return { values, sizes, classes }
}

function checkLabels({ name, role }: InputNode, { shape, data }: Tensor): void {
  if (role !== 'label' && role !== 'onehot') return
  const wrong = data.find((x) => x !== 0 && x !== 1)
  if (wrong === undefined) {
    if (role === 'onehot') checkColumns(name, shape, data)
    return
  }
  throw new BackproveError('data', `\`${name}\` is a ${role}: its entries are 0 or 1, not ${wrong}`, {
    hint: 'declare other data with `input(…)`',
  })
}

/** One 1 in each column is what `onehot` declares, and what proofs rest on. */
function checkColumns(name: string, shape: readonly number[], data: Float64Array): void {
  forEachGroup(shape, [0], (positions, column) => {
    const ones = positions.reduce((count, place) => count + data[place]!, 0)
    if (ones === 1) return
    throw new BackproveError(
      'data',
      `column ${column + 1} of \`${name}\` holds ${ones === 0 ? 'no 1' : `${ones} ones`}`,
      {
        hint: 'a one-hot array has one 1 in each column; other labels are declared with `label(…)`',
      },
    )
  })
}
