import type { Interval } from '../interval/interval.ts'
import { nearSingularity } from './bounds.ts'
import type { Tape } from './tape.ts'

/** Work that may still be done, in steps of a tape: what bounds the time of an analysis, the same on every machine. */
export class Effort {
  #left: number

  constructor(total: number) {
    this.#left = total
  }

  spend(cost: number): void {
    this.#left -= cost
  }

  get isSpent(): boolean {
    return this.#left <= 0
  }
}

/** A series takes about as much as this many evaluations. */
const SERIES = 50

/** What it takes to evaluate the derivatives of a tape up to `order` on an interval. */
export function costOf(tape: Tape, order: number): (x: Interval) => number {
  const plain = tape.instructions.length * (order + 1) ** 2
  return (x) => (nearSingularity(tape, x) === undefined ? plain : SERIES * plain)
}
