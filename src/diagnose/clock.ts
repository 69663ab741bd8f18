/** A bound on time that a search and its parts share. */
export class Clock {
  readonly #end: number

  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds
  }

  /** A bound on part of what is left. */
  part(share: number): Clock {
    return new Clock(this.left * share)
  }

  get left(): number {
    return this.#end - performance.now()
  }

  get isOver(): boolean {
    return this.left <= 0
  }
}
