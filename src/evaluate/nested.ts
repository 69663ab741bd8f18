import { BackproveError } from '../base/errors.ts'
import { entriesOf, tensor } from './tensor.ts'
import type { Tensor } from './tensor.ts'

/** An array as people and JSON write it: rows in brackets, a scalar as a number. */
export type NestedArray = number | readonly NestedArray[]

export function nestedOf({ shape, data }: Tensor): NestedArray {
  const build = (axis: number, offset: number, size: number): NestedArray => {
    const length = shape[axis]
    if (length === undefined) return data[offset]!
    const inner = size / length
    return Array.from({ length }, (_, at) => build(axis + 1, offset + at * inner, inner))
  }
  return build(0, 0, entriesOf(shape))
}

/** Throws `data` where rows differ in length or something is no number. */
export function tensorOf(value: unknown): Tensor {
  const shape: number[] = []
  for (let inner = value; Array.isArray(inner); inner = (inner as unknown[])[0]) {
    shape.push(inner.length)
    if (inner.length === 0)
      throw new BackproveError('data', 'an array is empty', { hint: 'every axis has a length of at least 1' })
  }
  const entries: number[] = []
  const collect = (item: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof item !== 'number' || !Number.isFinite(item)) {
        throw new BackproveError('data', `${textOf(item)} stands where a number is expected`, {
          hint: 'entries are finite numbers, nested as deeply as the array has axes',
        })
      }
      entries.push(item)
      return
    }
    if (!Array.isArray(item) || item.length !== shape[axis]) {
      throw new BackproveError('data', 'the rows of an array differ in length', {
        hint: 'every row needs as many entries as the first',
      })
    }
    for (const inner of item as unknown[]) collect(inner, axis + 1)
  }
  collect(value, 0)
  return tensor(shape, entries)
}

const textOf = (item: unknown): string => (JSON.stringify(item) as string | undefined)?.slice(0, 40) ?? 'nothing'
