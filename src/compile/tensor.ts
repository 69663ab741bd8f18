import { BackproveError } from '../base/errors.ts'
import type { Sizes } from './plan/concrete.ts'
import { evaluateSize, sizeNames, sizeText } from '../shape/size.ts'
import type { Shape } from '../shape/shape.ts'

export type Entries = Float64Array | Float32Array

/** Rows of rows of numbers. */
export type Nested = number | readonly Nested[]

/** Data for an input: a number, nested arrays, a typed array of its entries row-major, or a tensor. */
export type Data = Nested | Entries | { readonly shape: readonly number[]; readonly data: Entries }

/** A result: entries row-major. */
export interface Result<E extends Entries = Entries> {
  readonly shape: readonly number[]
  readonly data: E
}

const isEntries = (data: Data): data is Entries => data instanceof Float64Array || data instanceof Float32Array
const isTensor = (data: Data): data is { readonly shape: readonly number[]; readonly data: Entries } =>
  typeof data === 'object' && (data as unknown) !== null && 'data' in data

function nestedShape(data: Nested): number[] {
  const shape: number[] = []
  for (let level: unknown = data; Array.isArray(level); level = (level as unknown[])[0]) shape.push(level.length)
  return shape
}

/** The lengths that the data tells, or `null` for a plain typed array, which tells only how many entries there are. */
export function shapeOf(data: Data): readonly number[] | null {
  if (isEntries(data)) return null
  return isTensor(data) ? data.shape : nestedShape(data)
}

function flatten(data: Nested, into: Entries, at: number, dims: readonly number[], name: string): number {
  if (typeof data === 'number') {
    if (dims.length > 0) throw ragged(name)
    into[at] = data
    return at + 1
  }
  if (!Array.isArray(data)) throw noNumber(data, name)
  const [length, ...rest] = dims
  if (data.length !== length) throw ragged(name)
  let next = at
  for (const part of data as readonly Nested[]) next = flatten(part, into, next, rest, name)
  return next
}

const noNumber = (item: unknown, name: string): BackproveError => {
  const text = (JSON.stringify(item) as string | undefined)?.slice(0, 40) ?? 'nothing'
  return new BackproveError('data', `\`${name}\`: ${text} stands where a number is expected`, {
    hint: 'data is a number, nested arrays of numbers, a Float64Array or Float32Array, or a tensor',
  })
}

const ragged = (name: string): BackproveError =>
  new BackproveError('data', `\`${name}\`: the nested arrays do not have one shape`, {
    hint: 'every row needs as many entries as the first',
  })

/** Copies data into `into`, row-major; throws `data` where it has another shape than `dims`. */
export function copyInto(into: Entries, data: Data, dims: readonly number[], name: string): void {
  const shape = shapeOf(data)
  const wanted = dims.reduce((a, b) => a * b, 1)
  const fits = shape === null || (shape.length === dims.length && shape.every((length, axis) => length === dims[axis]))
  // A number may stand for any array of one entry.
  const single = typeof data === 'number' && wanted === 1
  if (!fits && !single) {
    throw new BackproveError('data', `\`${name}\` has shape ${shape.join('×') || 'scalar'}, not ${dims.join('×') || 'scalar'}`) // prettier-ignore
  }
  if (isEntries(data) || isTensor(data)) {
    const entries = isEntries(data) ? data : data.data
    if (entries.length !== wanted) {
      throw new BackproveError('data', `\`${name}\` has ${entries.length} entries, not ${dims.join('×')}`)
    }
    into.set(entries)
  } else if (single) into[0] = data
  else flatten(data, into, 0, dims, name)
}

/** A result as nested arrays. */
export function toNested({ shape, data }: Result): Nested {
  if (shape.length === 0) return data[0]!
  const [length, ...rest] = shape as [number, ...number[]]
  const step = rest.reduce((a, b) => a * b, 1)
  return Array.from({ length }, (_, row) =>
    toNested({ shape: rest, data: data.subarray(row * step, (row + 1) * step) }),
  )
}

/** An input, and what was given for it. */
interface Described {
  readonly name: string
  readonly shape: Shape
  readonly data: Data | undefined
}

/** The error of an input without data; what is given under other names may be meant for it. */
export function lacking(name: string, given: readonly string[], inputs: readonly Described[]): BackproveError {
  const strange = given.filter((other) => !inputs.some((input) => input.name === other))
  const names = strange.map((other) => `\`${other}\``).join(', ')
  return new BackproveError('data', `the input \`${name}\` has no data`, {
    hint: strange.length === 0 ? `give it as { ${name}: … }` : `no input is called ${names}`,
  })
}

/**
 * Values of size names, found by matching declared shapes with the data given for them: an axis whose size is a lone
 * name gives it; a typed array gives the one name that is still missing in its entry count. Throws `size` if some name
 * stays unknown or gets two values.
 */
export function inferSizes(
  given: Sizes,
  inputs: readonly Described[],
  data: Readonly<Record<string, Data>> = {},
): Map<string, number> {
  const sizes = new Map(given)
  const learn = (name: string, value: number, from: string): void => {
    const known = sizes.get(name)
    if (known !== undefined && known !== value) {
      throw new BackproveError('size', `size \`${name}\` is ${known}, but \`${from}\` has ${value} there`)
    }
    sizes.set(name, value)
  }
  for (const { name, shape, data } of inputs) {
    const dims = data === undefined ? null : shapeOf(data)
    if (dims?.length !== shape.length) continue
    shape.forEach((size, axis) => {
      const [only] = sizeNames(size)
      if (only === sizeText(size)) learn(only, dims[axis]!, name)
    })
  }
  for (const { name, shape, data } of inputs) {
    if (data === undefined || typeof data === 'number' || !isEntries(data)) continue
    const unknown = new Set(shape.flatMap(sizeNames).filter((size) => !sizes.has(size)))
    const [only] = unknown
    if (unknown.size !== 1 || only === undefined) continue
    const withOne = new Map([...sizes, [only, 1]])
    const rest = shape.reduce((product, size) => product * evaluateSize(size, withOne), 1)
    if (shape.filter((size) => sizeText(size) === only).length === 1) learn(only, data.length / rest, name)
  }
  for (const { shape } of inputs) {
    for (const name of shape.flatMap(sizeNames)) {
      if (!sizes.has(name)) {
        const mute = inputs.find((input) => input.data === undefined && input.shape.flatMap(sizeNames).includes(name))
        if (mute !== undefined) throw lacking(mute.name, Object.keys(data), inputs)
        throw new BackproveError('size', `size \`${name}\` has no value`, {
          hint: `give it in \`sizes\`, or give data as nested arrays`,
        })
      }
    }
  }
  return sizes
}
