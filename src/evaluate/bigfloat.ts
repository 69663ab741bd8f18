import type { Rational } from '../base/rational.ts'

/** The binary number `m * 2^e`. No exponent is too large, so nothing overflows; what is not defined is `null`. */
export interface BigFloat {
  readonly m: bigint
  readonly e: number
}

/** Beyond this a result is as good as infinite, and its digits would fill memory: `null`. */
const LARGEST_EXPONENT = 2 ** 40

const magnitude = (m: bigint): bigint => (m < 0n ? -m : m)
/** The length in bits, at most three too many. */
const lengthOf = (m: bigint): number => magnitude(m).toString(16).length * 4
const shifted = (m: bigint, by: number): bigint => (by >= 0 ? m << BigInt(by) : m >> BigInt(-by))

export const ZERO: BigFloat = { m: 0n, e: 0 }
export const ONE: BigFloat = { m: 1n, e: 0 }
export const TWO: BigFloat = { m: 1n, e: 1 }
export const HALF: BigFloat = { m: 1n, e: -1 }

/** The exact value of a double; `null` if it is not finite. */
export function fromNumber(x: number): BigFloat | null {
  if (!Number.isFinite(x)) return null
  if (Number.isInteger(x)) return { m: BigInt(x), e: 0 }
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const m = exponent === 0 ? fraction : fraction | 0x10000000000000n
  return { m: x < 0 ? -m : m, e: Math.max(exponent, 1) - 1075 }
}

/** The nearest double or its neighbour; infinite where it is too large for one. */
export function toNumber(x: BigFloat): number {
  const excess = Math.max(0, lengthOf(x.m) - 64)
  const m = Number(shifted(x.m, -excess))
  const e = x.e + excess
  if (m === 0 || e > 1100) return m === 0 ? 0 : m * Infinity
  // In two steps, because 2^e alone may leave the range although the product does not.
  return m * 2 ** Math.floor(e / 2) * 2 ** (e - Math.floor(e / 2))
}

export const isZero = (x: BigFloat): boolean => x.m === 0n
export const negate = (x: BigFloat): BigFloat => ({ m: -x.m, e: x.e })
export const absolute = (x: BigFloat): BigFloat => (x.m < 0n ? negate(x) : x)
/** Twice, or a power of two times, the number. */
export const scaled = (x: BigFloat, by: number): BigFloat => ({ m: x.m, e: x.e + by })
/** The exponent of the leading bit, at most three too many; of zero, minus infinity. */
export const exponentOf = (x: BigFloat): number => (x.m === 0n ? -Infinity : lengthOf(x.m) + x.e)

/** −1, 0 or 1 as `a` is below, at or above `b`. Exact. */
export function compare(a: BigFloat, b: BigFloat): -1 | 0 | 1 {
  const [s, t] = [a.m < 0n ? -1 : a.m > 0n ? 1 : 0, b.m < 0n ? -1 : b.m > 0n ? 1 : 0]
  if (s !== t) return s < t ? -1 : 1
  if (s === 0) return 0
  const gap = exponentOf(a) - exponentOf(b)
  if (Math.abs(gap) > 8) return gap > 0 === s > 0 ? 1 : -1
  const low = Math.min(a.e, b.e)
  const difference = shifted(a.m, a.e - low) - shifted(b.m, b.e - low)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Whether it is a whole number. */
export function isWhole(x: BigFloat): boolean {
  if (x.e >= 0 || x.m === 0n) return true
  return -x.e <= lengthOf(x.m) && (x.m & ((1n << BigInt(-x.e)) - 1n)) === 0n
}

/** A whole number below 2^53 as a number; `null` for any other. */
export function wholeValue(x: BigFloat): number | null {
  return exponentOf(x) < 54 && isWhole(x) ? Number(shifted(x.m, x.e)) : null
}

/** Arithmetic rounded to `bits` bits: each operation is right to a relative error of about `2^(2 - bits)`. */
export class Arithmetic {
  readonly bits: number

  constructor(bits: number) {
    this.bits = bits
  }

  round(m: bigint, e: number): BigFloat {
    const excess = lengthOf(m) - this.bits
    return excess > 0 ? { m: m >> BigInt(excess), e: e + excess } : { m, e }
  }

  rational(value: Rational): BigFloat {
    if (value.d === 1n) return this.round(value.n, 0)
    return this.div({ m: value.n, e: 0 }, { m: value.d, e: 0 }) as BigFloat
  }

  add(a: BigFloat, b: BigFloat): BigFloat {
    if (a.m === 0n) return b
    if (b.m === 0n) return a
    const gap = exponentOf(a) - exponentOf(b)
    if (gap > this.bits + 8) return a
    if (gap < -this.bits - 8) return b
    const low = Math.min(a.e, b.e)
    return this.round(shifted(a.m, a.e - low) + shifted(b.m, b.e - low), low)
  }

  sub(a: BigFloat, b: BigFloat): BigFloat {
    return this.add(a, negate(b))
  }

  mul(a: BigFloat, b: BigFloat): BigFloat {
    return this.round(a.m * b.m, a.e + b.e)
  }

  /** `null` where `b` is zero. */
  div(a: BigFloat, b: BigFloat): BigFloat | null {
    if (b.m === 0n) return null
    const by = Math.max(0, this.bits + 4 + lengthOf(b.m) - lengthOf(a.m))
    return this.round(shifted(a.m, by) / b.m, a.e - b.e - by)
  }

  /** `a` divided by a whole number that is not zero. */
  over(a: BigFloat, divisor: number): BigFloat {
    return this.div(a, { m: BigInt(divisor), e: 0 }) as BigFloat
  }

  /** `null` below zero. */
  sqrt(x: BigFloat): BigFloat | null {
    if (x.m <= 0n) return x.m === 0n ? ZERO : null
    let by = Math.max(0, 2 * this.bits + 4 - lengthOf(x.m))
    if ((x.e - by) % 2 !== 0) by += 1
    return this.round(wholeRoot(shifted(x.m, by)), (x.e - by) / 2)
  }

  /** A whole power; `null` for zero to a negative one. */
  power(x: BigFloat, exponent: number): BigFloat | null {
    let result = ONE
    let base = x
    for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = this.mul(result, base)
      if (rest > 1) base = this.mul(base, base)
      if (Math.abs(base.e) > LARGEST_EXPONENT) return null
    }
    return exponent < 0 ? this.div(ONE, result) : result
  }
}

/** The whole part of a square root, by Newton's iteration from above. */
function wholeRoot(n: bigint): bigint {
  let x = 1n << BigInt(Math.ceil(lengthOf(n) / 2) + 1)
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) return x
    x = next
  }
}
