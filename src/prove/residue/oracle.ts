import { Random } from '../../base/random.ts'
import type { Level } from './chain.ts'
import { randomResidue } from './chain.ts'

/** Raised where a root does not exist at this point, which another point may mend. */
export class NoRoot extends Error {}

/**
 * What stands for functions that have no exact residues: random values, the same for the same argument. Whoever consults
 * one leaves a mark, since two sides that differ may then differ by a law of the function that its stand-in lacks.
 */
export class Oracle {
  readonly #random: Random
  readonly #known = new Map<string, bigint>()
  /** What has no exact meaning here and took part. */
  readonly consulted = new Set<string>()

  constructor(seed: number, point: number) {
    this.#random = new Random(seed, point, 77)
  }

  value(name: string, level: number, argument: bigint, { field }: Level): bigint {
    this.consulted.add(name)
    const key = `${name} ${level} ${argument}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const drawn = randomResidue(this.#random, field.p)
    this.#known.set(key, drawn)
    return drawn
  }
}
