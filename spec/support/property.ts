import fc from 'fast-check'
import { Random } from '../../src/base/random.ts'

/** `SEED=7 npm test` draws other cases; a failure prints the seed and the smallest case that fails. */
const SEED = Number(process.env['SEED'] ?? 1)

/** A law: `check` throws where it does not hold. */
export function forAll<T>(cases: fc.Arbitrary<T>, check: (value: T) => void, runs = 60): void {
  fc.assert(
    fc.property(cases, (value) => {
      check(value)
    }),
    { seed: SEED, numRuns: runs },
  )
}

/** A law over streams of random numbers, each known by a seed that a failure prints. */
export function forAllStreams(check: (random: Random) => void, runs = 60): void {
  forAll(fc.nat(), (seed) => check(new Random(SEED, seed)), runs)
}
