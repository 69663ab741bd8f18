import type { Rational } from '../../base/rational.ts'
import { broadcastPositions } from '../../evaluate/kernels/broadcast.ts'
import { entriesOf } from '../../evaluate/tensor.ts'
import type { Entry } from './field.ts'

/** An array of residues at the levels of a chain, each computed when it is first asked for. */
export interface Value {
  readonly shape: readonly number[]
  /** The number that it is, where that is known to be rational: an exponent has to be. */
  readonly rational: Rational | null
  /** The residues modulo the prime of a level, row-major. */
  at(level: number): readonly Entry[]
  /** Real numbers that decide its comparisons: any point of the domain, not one that the residues belong to. */
  real(): Float64Array
}

/** A value that remembers what it computed. */
export function lazily(
  shape: readonly number[],
  compute: (level: number) => readonly Entry[],
  real: () => Float64Array,
  rational: Rational | null = null,
): Value {
  const levels: (readonly Entry[] | undefined)[] = []
  let numbers: Float64Array | null = null
  return {
    shape,
    rational,
    at: (level) => (levels[level] ??= compute(level)),
    real: () => (numbers ??= real()),
  }
}

/** The entries of `value` laid out under a shape that it broadcasts to. */
export function laidOut(value: Value, level: number, shape: readonly number[]): readonly Entry[] {
  const entries = value.at(level)
  const count = entriesOf(shape)
  if (entries.length === count) return entries
  if (entries.length === 1) return new Array<Entry>(count).fill(entries[0]!)
  return Array.from(broadcastPositions(value.shape, shape), (position) => entries[position]!)
}
