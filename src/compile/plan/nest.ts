import type { Access, Scalars } from '../scalar/scalars.ts'
import type { MatrixName } from '../../graph/node.ts'

export type Combine = 'sum' | 'max' | 'min' | 'prod'

/** What an empty combination gives. */
export const IDENTITY: Readonly<Record<Combine, number>> = { sum: 0, prod: 1, max: -Infinity, min: Infinity }

/**
 * A result of a nest: the value is put at `access`, or, where strides are zero along an axis that has more than one
 * step, combined over it.
 */
export interface Store {
  readonly value: number
  readonly access: Access
  readonly combine: Combine | null
  /** Whether what earlier runs have left in memory takes part in the combination. */
  readonly across?: boolean
}

/** One loop nest: `code` is run at every point of `extents`. Points may be visited in any order. */
export interface Nest {
  readonly kind: 'nest'
  readonly extents: readonly number[]
  readonly code: Scalars
  readonly stores: readonly Store[]
}

/** A matrix in a buffer: entry (i, j) stands at `offset + i*row + j*column`, in entries. */
export interface Panel {
  readonly buffer: number
  readonly offset: number
  readonly row: number
  readonly column: number
}

/** `c = a*b` for matrices of rows×inner and inner×columns, repeated over `batch` with strides of its own for each. */
export interface Product {
  readonly kind: 'product'
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly a: Panel
  readonly b: Panel
  readonly c: Panel
  readonly batch: readonly { readonly count: number; readonly a: number; readonly b: number; readonly c: number }[]
}

/** A function of a square matrix that lies contiguous, row-major, and is read before the result is written. */
export interface MatrixStep {
  readonly kind: 'matrix'
  readonly fn: MatrixName
  readonly order: number
  readonly input: number
  readonly inputOffset: number
  readonly output: number
}

/** Sets a buffer to one value. */
export interface Fill {
  readonly kind: 'fill'
  readonly buffer: number
  readonly value: number
}

/**
 * Nests run one after the other for `tile` samples at a time, then for the samples that are left: what they all read of
 * one tile is still in the caches. Accesses move on by their `sweep`.
 */
export interface Sweep {
  readonly kind: 'sweep'
  readonly count: number
  readonly tile: number
  readonly tiles: readonly Nest[]
  /** For the last `count % tile` samples; empty where there are none. */
  readonly rest: readonly Nest[]
}

export type Step = Nest | Sweep | Product | MatrixStep | Fill

/** A run of entries in memory. `pinned` buffers (inputs and results) live throughout. */
export interface Buffer {
  readonly entries: number
  readonly pinned: boolean
}

/** An array in a buffer. */
export interface View {
  readonly buffer: number
  readonly offset: number
  readonly dims: readonly number[]
  readonly strides: readonly number[]
}

export interface Plan {
  readonly buffers: readonly Buffer[]
  readonly steps: readonly Step[]
  readonly inputs: readonly { readonly name: string; readonly view: View }[]
  readonly outputs: readonly View[]
}

export const rowMajor = (dims: readonly number[]): number[] => {
  const strides: number[] = []
  let step = 1
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= dims[axis]!
  }
  return strides
}

export const entries = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1)

/** Whether the entries stand in their order. */
export const isRowMajor = (view: View): boolean => {
  const strides = rowMajor(view.dims)
  return view.dims.every((length, axis) => length === 1 || view.strides[axis] === strides[axis])
}
