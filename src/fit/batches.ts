import { Random } from '../base/random.ts'
import type { Tensor } from '../evaluate/tensor.ts'

/**
 * Which samples each step of gradient descent sees: all of them in order, or, with a batch size, runs of an order drawn
 * anew for each pass over the data. A step's samples depend on nothing but its number and the seed.
 */
export class Batches {
  readonly #samples: number
  readonly #size: number
  readonly #seed: number
  #epoch = -1
  #order: number[] = []

  constructor(samples: number, size: number, seed: number) {
    this.#samples = samples
    this.#size = Math.min(size, samples)
    this.#seed = seed
  }

  /** Steps of one pass over the data. */
  get perEpoch(): number {
    return Math.ceil(this.#samples / this.#size)
  }

  /** The samples of a step, counted from 0; `null` where they are all, in order. */
  at(step: number): readonly number[] | null {
    if (this.#size === this.#samples) return null
    const epoch = Math.floor(step / this.perEpoch)
    if (epoch !== this.#epoch) {
      this.#epoch = epoch
      this.#order = new Random(this.#seed, epoch).shuffled(Array.from({ length: this.#samples }, (_, i) => i))
    }
    const from = (step % this.perEpoch) * this.#size
    return this.#order.slice(from, from + this.#size)
  }
}

/** Copies the given samples, which lie along `axis`, into `into`. */
export function takeSamples(
  value: Tensor,
  axis: number,
  samples: readonly number[],
  into: Float64Array | Float32Array,
): void {
  // prettier-ignore
  const length = value.shape[axis]!
  const inner = value.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const outer = value.data.length / (length * inner)
  let at = 0
  for (let row = 0; row < outer; row++) {
    for (const sample of samples) {
      const from = (row * length + sample) * inner
      for (let i = 0; i < inner; i++) into[at++] = value.data[from + i]!
    }
  }
}
