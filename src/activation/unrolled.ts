import { periodLength } from './period.ts'
import type { Pieces } from './pieces.ts'
import { numbersAt } from './smooth/bounds.ts'

/** A smooth stretch of a function as doubles. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** The derivatives up to `order` at a place between. */
  readonly at: (z: number, order: number) => readonly number[]
}

/** The smooth stretches between `from` and `to`, those of further periods included. */
export function unrolled({ pieces, period, window }: Pieces, from: number, to: number): Stretch[] {
  const length = period === null ? 0 : periodLength(period)
  const drift = period === null ? 0 : (period.slope.lo / 2 + period.slope.hi / 2) * length
  const first = period === null ? 0 : Math.floor((from - window.lo) / length)
  const last = period === null ? 0 : Math.floor((to - window.lo) / length)
  const result: Stretch[] = []
  for (let turn = first; turn <= last; turn++) {
    for (const piece of pieces) {
      const shift = turn * length
      const lo = Math.max(from, piece.from.hi + shift)
      const hi = Math.min(to, piece.to.lo + shift)
      if (!(lo < hi)) continue
      const at = (z: number, order: number): readonly number[] => {
        const jet = numbersAt(piece.lean, z - shift, order)
        return turn === 0 ? jet : [jet[0]! + turn * drift, ...jet.slice(1)]
      }
      result.push({ from: lo, to: hi, at })
    }
  }
  return result
}
