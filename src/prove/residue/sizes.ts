import { Random } from '../../base/random.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import type { Assumption } from '../../graph/program.ts'

export type Lengths = ReadonlyMap<string, number>

interface SizeRequest {
  readonly names: readonly string[]
  /** Assumptions that speak of sizes alone. */
  readonly about: readonly Assumption[]
  readonly point: number
  readonly seed: number
  /** Half of the usual lengths. */
  readonly small: boolean
  readonly least: (name: string) => number
  /** Whether no shape is empty and the work is not too much. */
  readonly affordable: (sizes: Lengths) => boolean
}

/** Lengths tried where the usual ones are not allowed. */
const MOST_TRIED = 200
/** Names that get lengths of their own; of more, neighbours still differ. */
const CYCLE = 5

/**
 * Small lengths, pairwise different where that is allowed and affordable; `null` where none is. Odd points turn the order
 * round.
 */
export function chooseSizes(request: SizeRequest): Lengths | null {
  for (const sizes of candidates(request)) {
    if (request.about.every((assumption) => holds(assumption, sizes)) && request.affordable(sizes)) return sizes
  }
  return null
}

function* candidates({ names, about, point, seed, small, least }: SizeRequest): Generator<Lengths> {
  // So few lengths would be the same in either order.
  const first = point % 2 === 1 && names.length < 3 ? 3 : 2
  const usual = (at: number): number => first + ((point % 2 === 0 ? at : names.length - 1 - at) % CYCLE)
  if (!small) {
    // All are raised together, so that they stay different.
    const lacking = Math.max(0, ...names.map((name, at) => least(name) - usual(at)))
    yield new Map(names.map((name, at) => [name, usual(at) + lacking]))
    yield new Map(names.map((name, at) => [name, usual(at)]))
  }
  for (const most of [3, 2]) yield new Map(names.map((name, at) => [name, Math.min(usual(at), most)]))
  yield new Map(names.map((name, at) => [name, (at + point) % 2 === 0 ? 2 : 1]))
  if (about.length === 0) return
  const random = new Random(seed, point, 5)
  for (let i = 0; i < MOST_TRIED; i++) yield new Map(names.map((name) => [name, 1 + random.below(i < 100 ? 4 : 8)]))
}

function holds({ lhs, rhs, relation }: Assumption, sizes: Lengths): boolean {
  const [a, b] = evaluate([lhs, rhs], { sizes: sizes, inputs: new Map() })
  const [x, y] = [a!.data[0]!, b!.data[0]!]
  const tied = Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y))
  switch (relation) {
    case 'equal':
      return tied
    case 'not-equal':
      return !tied && !Number.isNaN(x - y)
    case 'greater':
      return x > y && !tied
    case 'at-least':
      return x >= y || tied
  }
}
