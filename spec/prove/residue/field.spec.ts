import { expect } from 'chai'
import type { Random } from '../../../src/base/random.ts'
import { chainOf, CHAINS, randomResidue, randomSquare } from '../../../src/prove/residue/chain.ts'
import { Field, Powers } from '../../../src/prove/residue/field.ts'
import { forAllStreams } from '../../support/property.ts'

const power = (base: bigint, exponent: bigint, p: bigint): bigint => {
  let result = 1n
  for (let [square, rest] = [base % p, exponent]; rest > 0n; rest >>= 1n, square = (square * square) % p)
    if (rest & 1n) result = (result * square) % p
  return result
}

/** Deterministic below 3.3e24 for these bases. Source: Sorenson and Webster 2015, "Strong pseudoprimes to twelve prime bases". */
function isPrime(n: bigint): boolean {
  let [d, twos] = [n - 1n, 0]
  while (d % 2n === 0n) [d, twos] = [d / 2n, twos + 1]
  return [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n].every((base) => {
    let x = power(base, d, n)
    if (x === 1n || x === n - 1n) return true
    for (let i = 1; i < twos; i++) if ((x = (x * x) % n) === n - 1n) return true
    return false
  })
}

const modulo = (a: bigint, p: bigint): bigint => ((a % p) + p) % p

describe('chains of primes', () => {
  it('hold primes of which each divides its predecessor less one', () => {
    for (const chain of CHAINS) {
      expect(chain.every(isPrime)).to.be.true
      for (const [at, p] of chain.slice(0, -1).entries()) expect((p - 1n) % chain[at + 1]!).to.equal(0n)
    }
  })

  it('begin with 61 bits, at primes for which small numbers are squares', () => {
    for (const [first] of CHAINS) {
      expect(first!.toString(2)).to.have.lengthOf(61)
      for (const small of [2n, 3n, 5n, 7n, 11n, 13n]) expect(power(small, (first! - 1n) / 2n, first!)).to.equal(1n)
    }
    for (const p of CHAINS.flat()) expect(p % 4n).to.equal(3n)
  })

  it('read exp as a homomorphism from sums modulo one prime to products modulo the one before', () => {
    forAllStreams((random) => {
      const chain = chainOf(random.below(9))
      const at = random.below(chain.length - 1)
      const [{ field, exp }, next] = [chain[at]!, chain[at + 1]!]
      const [x, y] = [randomResidue(random, next.field.p), randomResidue(random, next.field.p)]
      expect(exp!.of((x + y) % next.field.p)).to.equal((exp!.of(x) * exp!.of(y)) % field.p)
      expect(exp!.of(x)).to.equal(power(exp!.base, x, field.p))
      expect(exp!.of(0n)).to.equal(1n)
      expect(exp!.base).not.to.equal(1n)
    })
    expect(chainOf(0).at(-1)!.exp).to.equal(null)
  })
})

describe('a field of residues', () => {
  const fields = CHAINS.flatMap((chain) => chain.slice(0, 2)).map((p) => new Field(p))
  const anyField = (random: Random): Field => fields[random.below(fields.length)]!

  it('has an inverse for every element but zero', () => {
    forAllStreams((random) => {
      const field = anyField(random)
      const entries = [randomResidue(random, field.p), null, 0n, 1n, randomResidue(random, field.p), field.p - 1n]
      const inverses = field.inverses(entries)
      for (const [at, entry] of entries.entries()) {
        if (entry === null || entry === 0n) expect(inverses[at]).to.equal(null)
        else expect((entry * inverses[at]!) % field.p).to.equal(1n)
      }
      expect(field.inverses([])).to.deep.equal([])
    })
  })

  it('reads rationals, where the prime does not divide the denominator', () => {
    forAllStreams((random) => {
      const field = anyField(random)
      const [n, d] = [BigInt(random.below(1000)) - 500n, BigInt(1 + random.below(1000))]
      const value = field.ratio(n, d)!
      expect((value * d) % field.p).to.equal(modulo(n, field.p))
      expect(field.ratio(1n, field.p)).to.equal(null)
      expect(field.of(-1n)).to.equal(field.p - 1n)
      expect((field.of(n) + field.negate(field.of(n))) % field.p).to.equal(0n)
    })
  })

  it('has roots of squares that multiply as roots of positive numbers do, and none of others', () => {
    forAllStreams((random) => {
      const field = anyField(random)
      const [a, b] = [randomSquare(random, field.p), randomSquare(random, field.p)]
      expect(field.isSquare(a)).to.be.true
      expect(field.isSquare(field.negate(a))).to.be.false
      for (const d of [2n, 3n, 4n, 6n]) {
        const [x, y, xy] = [field.root(a, 1n, d)!, field.root(b, 1n, d)!, field.root((a * b) % field.p, 1n, d)!]
        expect(power(x, d, field.p)).to.equal(a)
        expect((x * y) % field.p).to.equal(xy)
        expect(field.root(field.negate(a), 1n, d)).to.equal(null)
        const inverse = field.root(a, -1n, d)!
        expect((inverse * x) % field.p).to.equal(1n)
        expect(field.root(a, 3n, d)).to.equal(power(x, 3n, field.p))
      }
      expect(field.isSquare(0n)).to.be.true
      expect(field.root(0n, 1n, 2n)).to.equal(0n)
      expect(field.root(0n, -1n, 2n)).to.equal(null)
    })
  })

  it('raises to powers, by windows too', () => {
    forAllStreams((random) => {
      const field = anyField(random)
      const base = 1n + randomResidue(random, field.p - 1n)
      const powers = new Powers(base, field.p)
      const exponent = randomResidue(random, field.p)
      expect(powers.of(exponent)).to.equal(power(base, exponent, field.p))
      expect(field.power(base, exponent)).to.equal(power(base, exponent, field.p))
      expect(powers.of(exponent)).to.equal(new Powers(base, field.p).of(exponent))
    })
  })
})
