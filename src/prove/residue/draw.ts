import type { Random } from '../../base/random.ts'
import { forEachGroup } from '../../evaluate/kernels/reduce.ts'
import { entriesOf, stridesOf } from '../../evaluate/tensor.ts'
import type { Traits } from '../../index/term.ts'
import type { Level } from './chain.ts'
import { randomSquare } from './chain.ts'
import type { Entry } from './field.ts'
import { lazily } from './value.ts'
import type { Value } from './value.ts'

/** Sums over `axes` are declared to be `other`. */
export interface Total {
  readonly axes: readonly number[]
  readonly other: Value
}

/** What an array without a definition here must obey. */
export interface Leaf {
  readonly shape: readonly number[]
  readonly traits: Traits
  /** Open ends of its real values. */
  readonly low: number
  readonly high: number
  readonly totals: readonly Total[]
}

/**
 * Random residues that obey what is known of an array: entries that are 0 or 1 are so at every level, symmetric ones are
 * shared, the last entry of a declared sum makes up for the others, and positive numbers are squares.
 */
export function drawValue(leaf: Leaf, chain: readonly Level[], random: Random): Value {
  const { shape, traits } = leaf
  const real = realNumbers(leaf, random)
  const whole = traits.binary || traits.square !== null
  const compute = (level: number): readonly Entry[] => {
    const { field } = chain[level]!
    const entries = Array.from(real, (x): bigint => {
      if (whole || x === 0) return field.of(BigInt(x))
      const square = randomSquare(random, field.p)
      return x < 0 ? field.negate(square) : square
    })
    if (traits.symmetric) mirror(entries, shape)
    // Entries that are 0 or 1 had their sums made right when they were drawn.
    if (!traits.binary) {
      for (const { axes, other } of leaf.totals) {
        const wanted = other.at(level)
        forEachGroup(shape, axes, (positions, group) => {
          const last = positions.at(-1)!
          const rest = positions.subarray(0, -1).reduce<bigint>((sum, place) => sum + entries[place]!, 0n)
          entries[last] = field.of((wanted[group % wanted.length] ?? 0n) - rest)
        })
      }
    }
    return entries
  }
  return lazily(shape, compute, () => real)
}

function realNumbers({ shape, traits, low, high, totals }: Leaf, random: Random): Float64Array {
  const real = new Float64Array(entriesOf(shape))
  if (traits.onehot >= 0) {
    forEachGroup(shape, [traits.onehot], (positions) => (real[positions[random.below(positions.length)]!] = 1))
    return real
  }
  for (let i = 0; i < real.length; i++) real[i] = realNumber(traits, low, high, random)
  if (traits.symmetric) mirror(real, shape)
  for (const { axes, other } of totals) {
    if (traits.binary || traits.square !== null) continue
    const wanted = other.real()
    forEachGroup(shape, axes, (positions, group) => {
      const sum = positions.reduce((total, place) => total + real[place]!, 0)
      const total = wanted[group % wanted.length]!
      if (sum > 0 && total > 0) for (const place of positions) real[place]! *= total / sum
    })
  }
  return real
}

function realNumber(traits: Traits, low: number, high: number, random: Random): number {
  if (traits.binary) return random.below(2)
  if (traits.square !== null) return random.sign()
  const size = random.between(0.3, 1.7)
  if (traits.bounded) return random.between(0.1, 0.9) * (traits.nonnegative ? 1 : random.sign())
  if (low > -Infinity && high < Infinity) return low + (high - low) * random.between(0.05, 0.95)
  if (low > -Infinity) return low + size
  if (high < Infinity) return high - size
  return traits.nonnegative ? size : size * random.sign()
}

/** Entries below the diagonal of the last two axes take over those above. */
function mirror(entries: { [place: number]: number | bigint }, shape: readonly number[]): void {
  const strides = stridesOf(shape)
  const [row, column] = [shape.length - 2, shape.length - 1]
  forEachGroup(shape, [row, column], (positions) => {
    const origin = positions[0]!
    for (let i = 0; i < shape[row]!; i++) {
      for (let j = 0; j < i; j++) {
        const [here, there] = [
          origin + i * strides[row]! + j * strides[column]!,
          origin + j * strides[row]! + i * strides[column]!,
        ]
        entries[here] = entries[there]!
      }
    }
  })
}
