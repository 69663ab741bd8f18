/** An element of a field of residues, from 0 to the prime less one; `null` where the value is not defined. */
export type Entry = bigint | null

const WINDOW = 5n
const WIDTH = 1 << Number(WINDOW)

/**
 * Arithmetic modulo a prime `p` that is 3 modulo 4. Then of `a` and `-a` exactly one is a square, and a square has exactly
 * one root that is itself a square: roots chosen so multiply as roots of positive numbers do.
 */
export class Field {
  readonly p: bigint
  /** The order of the squares; odd. */
  readonly half: bigint
  readonly #inverses = new Map<bigint, bigint>()

  constructor(p: bigint) {
    this.p = p
    this.half = (p - 1n) >> 1n
  }

  /** The residue of any whole number. */
  of(value: bigint): bigint {
    const rest = value % this.p
    return rest < 0n ? rest + this.p : rest
  }

  /** The residue of a rational; `null` where `p` divides its denominator. */
  ratio(n: bigint, d: bigint): Entry {
    if (d === 1n) return this.of(n)
    const bottom = this.of(d)
    if (bottom === 0n) return null
    let inverse = this.#inverses.get(bottom)
    if (inverse === undefined) this.#inverses.set(bottom, (inverse = inverseModulo(bottom, this.p)!))
    return (this.of(n) * inverse) % this.p
  }

  negate(a: bigint): bigint {
    return a === 0n ? a : this.p - a
  }

  power(base: bigint, exponent: bigint): bigint {
    let result = 1n
    let square = base
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = (result * square) % this.p
      square = (square * square) % this.p
    }
    return result
  }

  isSquare(a: bigint): boolean {
    return a === 0n || this.power(a, this.half) === 1n
  }

  /**
   * `a` to a rational power that is not whole, for a square `a`; `null` for any other, and where squares have not one such
   * root each.
   */
  root(a: bigint, n: bigint, d: bigint): Entry {
    if (a === 0n) return n > 0n ? 0n : null
    const inverse = inverseModulo(d % this.half, this.half)
    if (inverse === null) return null
    const root = this.power(a, inverse)
    // For an even `d`, the root's power is `a` or, where `a` is no square, its negative.
    if (d % 2n === 0n ? this.power(root, d) !== a : !this.isSquare(a)) return null
    return this.power(n > 0n ? root : inverseModulo(root, this.p)!, n > 0n ? n : -n)
  }

  /** The inverses of all entries at the cost of one; of zero there is none. Source: Montgomery 1987, section 10.3.1. */
  inverses(entries: readonly Entry[]): Entry[] {
    const running: bigint[] = []
    let product = 1n
    for (const entry of entries) {
      running.push(product)
      if (entry !== null && entry !== 0n) product = (product * entry) % this.p
    }
    let inverse = product === 1n ? 1n : inverseModulo(product, this.p)!
    const result = new Array<Entry>(entries.length).fill(null)
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i] as Entry
      if (entry === null || entry === 0n) continue
      result[i] = (inverse * running[i]!) % this.p
      inverse = (inverse * entry) % this.p
    }
    return result
  }
}

/** The inverse of `a` modulo `m`, or `null`. Source: extended Euclid, Knuth 1997, TAOCP 2, 4.5.2, algorithm X. */
function inverseModulo(a: bigint, m: bigint): bigint | null {
  let [r, s] = [m, a]
  let [x, y] = [0n, 1n]
  while (s !== 0n) {
    const q = r / s
    ;[r, s] = [s, r - q * s]
    ;[x, y] = [y, x - q * y]
  }
  if (r !== 1n) return null
  return x < 0n ? x + m : x
}

/** Powers of one base, prepared for many exponents. Source: Brickell et al. 1992, "Fast exponentiation with precomputation". */
export class Powers {
  readonly base: bigint
  readonly #p: bigint
  readonly #table: bigint[][] = []

  constructor(base: bigint, p: bigint) {
    this.base = base
    this.#p = p
  }

  of(exponent: bigint): bigint {
    let result = 1n
    let rest = exponent
    for (let digit = 0; rest > 0n; digit++, rest >>= WINDOW) {
      const at = Number(rest & BigInt(WIDTH - 1))
      if (at !== 0) result = (result * this.#row(digit)[at]!) % this.#p
    }
    return result
  }

  #row(digit: number): bigint[] {
    for (let known = this.#table.length; known <= digit; known++) {
      const before = this.#table[known - 1]
      const base = before === undefined ? this.base : (before[WIDTH - 1]! * before[1]!) % this.#p
      const row = [1n, base]
      while (row.length < WIDTH) row.push((row[row.length - 1]! * base) % this.#p)
      this.#table.push(row)
    }
    return this.#table[digit]!
  }
}
