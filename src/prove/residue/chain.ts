import type { Random } from '../../base/random.ts'
import { Field, Powers } from './field.ts'

/**
 * Primes of which each divides its predecessor less one, so that `exp` can be read as a power of an element of that order:
 * its value modulo one prime needs its argument modulo the next, and nested exponentials descend. All are 7 modulo 8, and
 * 3, 5, 7, 11 and 13 are squares modulo the first (3 modulo the others but the last), so that small sizes have roots.
 */
export const CHAINS: readonly (readonly bigint[])[] = [
  [1704816298872538199n, 1162903341659303n, 15714910022423n, 604419616247n, 2772567047n, 1386283523n],
  [1207050231141692159n, 1254729970001759n, 8594040890423n, 330540034247n, 2709344543n, 1354672271n],
  [1184623670081715239n, 3272441077573799n, 125863118368223n, 862076153207n, 3954477767n, 1977238883n],
  [1364060768921476799n, 3533836188915743n, 24204357458327n, 327085911599n, 2240314463n, 1120157231n],
]

/** One prime of a chain. */
export interface Level {
  readonly field: Field
  /** Powers of the element that stands for `e`; the last level has none. */
  readonly exp: Powers | null
}

const levels = CHAINS.map((primes) =>
  primes.map((p, at): Level => {
    const field = new Field(p)
    const order = primes[at + 1]
    if (order === undefined) return { field, exp: null }
    // Any element to this power has the order wanted, unless it comes to 1.
    let base = 1n
    for (let start = 2n; base === 1n; start++) base = field.power(start, (p - 1n) / order)
    return { field, exp: new Powers(base, p) }
  }),
)

/** The chain that a point uses. */
export const chainOf = (point: number): readonly Level[] => levels[point % levels.length]!

/** A uniform residue modulo a prime of at most 61 bits. */
export function randomResidue(random: Random, p: bigint): bigint {
  return ((BigInt(random.word()) << 32n) | BigInt(random.word())) % p
}

/** A uniform square other than zero: what stands for a positive number. */
export function randomSquare(random: Random, p: bigint): bigint {
  for (;;) {
    const root = randomResidue(random, p)
    if (root !== 0n) return (root * root) % p
  }
}
