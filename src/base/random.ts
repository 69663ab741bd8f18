/**
 * A seeded stream of random numbers: the same seed gives the same numbers on every machine.
 * Source: Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators" (xoshiro128**); its state is filled by
 * the finaliser of MurmurHash3, so that neighbouring seeds give unrelated streams.
 */
export class Random {
  readonly #state: Uint32Array

  /** `path` tells apart the streams that one seed serves, such as the number of a trial. */
  constructor(seed: number, ...path: readonly number[]) {
    let hash = 0x9e3779b9
    for (const part of [seed, Math.floor(seed / 2 ** 32), ...path]) hash = mix((hash ^ part) + 0x9e3779b9)
    this.#state = Uint32Array.from({ length: 4 }, () => (hash = mix(hash + 0x9e3779b9)))
    // The state of all zeros is the one from which the generator never leaves.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1
  }

  /** A whole number of 32 bits. */
  word(): number {
    const s = this.#state
    const [s0, s1, s2, s3] = [s[0]!, s[1]!, s[2]!, s[3]!]
    const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0
    const a = s2 ^ s0
    const b = s3 ^ s1
    s[1] = s1 ^ a
    s[0] = s0 ^ b
    s[2] = a ^ (s1 << 9)
    s[3] = rotate(b, 11)
    return result
  }

  /** Uniform in [0, 1), of 53 bits. */
  unit(): number {
    return ((this.word() >>> 5) * 2 ** 26 + (this.word() >>> 6)) / 2 ** 53
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit()
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.unit() * count)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  sign(): -1 | 1 {
    return this.chance(0.5) ? 1 : -1
  }

  /** The same items in random order. Source: Durstenfeld 1964, CACM algorithm 235. */
  shuffled<T>(items: Iterable<T>): T[] {
    const result = [...items]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      ;[result[i], result[j]] = [result[j]!, result[i]!]
    }
    return result
  }
}

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

function mix(x: number): number {
  let h = x | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
