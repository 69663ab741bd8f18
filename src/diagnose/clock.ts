/** Work done by all parts of a search. */
interface Meter {
  spent: number
}

/**
 * A bound on work and on time that a search and its parts share. Work is counted in evaluations of nodes at points, so that
 * the same sheet gives the same answer on a slow machine; time is for sheets whose nodes are huge.
 */
export class Clock {
  readonly #meter: Meter
  readonly #most: number
  readonly #end: number

  constructor(work: number, milliseconds: number, meter: Meter = { spent: 0 }) {
    this.#meter = meter
    this.#most = meter.spent + work
    this.#end = performance.now() + milliseconds
  }

  /** A bound on part of the work that is left. */
  part(share: number): Clock {
    return new Clock((this.#most - this.#meter.spent) * share, this.left, this.#meter)
  }

  spend(work: number): void {
    this.#meter.spent += work
  }

  /** Milliseconds. */
  get left(): number {
    return this.#end - performance.now()
  }

  get isOver(): boolean {
    return this.#meter.spent >= this.#most || this.left <= 0
  }
}
