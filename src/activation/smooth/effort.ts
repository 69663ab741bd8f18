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

/** What it takes to evaluate the derivatives of a tape up to `order` once, near a removable singularity with its series. */
export const costOf = (tape: Tape, order: number): number =>
  tape.instructions.length * (order + 1) ** 2 * (tape.removable.length > 0 ? 10 : 1)
