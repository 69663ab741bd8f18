import {
  absolute,
  Arithmetic,
  compare,
  exponentOf,
  isZero,
  negate,
  ONE,
  scaled,
  TWO,
  wholeValue,
  ZERO,
} from './bigfloat.ts'
import type { BigFloat } from './bigfloat.ts'

const negated = (x: BigFloat | null): BigFloat | null => (x === null ? null : negate(x))

/** Arguments of `exp` above this give numbers whose exponents are no use to anybody. */
const LARGEST_ARGUMENT_BITS = 36

/**
 * Elementary functions to `bits` bits, relative to the value also near its zeros. Each is a power series in a reduced
 * argument, summed with 32 bits to spare. Source: Abramowitz and Stegun 4.1–4.6 and 7.1.6; Muller 2016, "Elementary
 * Functions", chapters 3 and 11.
 */
export class Functions extends Arithmetic {
  readonly #inner: Arithmetic
  readonly #constants = new Map<string, BigFloat>()

  static readonly #made = new Map<number, Functions>()

  constructor(bits: number) {
    super(bits)
    this.#inner = new Arithmetic(bits + 32)
  }

  /** Those of so many bits, which keep their constants. */
  static of(bits: number): Functions {
    let made = Functions.#made.get(bits)
    if (made === undefined) Functions.#made.set(bits, (made = new Functions(bits)))
    return made
  }

  #constant(name: string, make: () => BigFloat): BigFloat {
    let value = this.#constants.get(name)
    if (value === undefined) this.#constants.set(name, (value = make()))
    return value
  }

  /** The sum of `first * ratio(1) * … * ratio(k)` over k, each ratio given as `x * numerator / denominator`. */
  #series(
    first: BigFloat,
    x: BigFloat,
    ratio: (k: number) => readonly [number, number],
    weigh?: (k: number) => number,
  ): BigFloat {
    const a = this.#inner
    let sum = weigh === undefined ? first : a.over(first, weigh(0))
    let term = first
    for (let k = 1; !isZero(term); k++) {
      const [numerator, denominator] = ratio(k)
      term = a.over(a.mul(a.mul(term, x), { m: BigInt(numerator), e: 0 }), denominator)
      const part = weigh === undefined ? term : a.over(term, weigh(k))
      if (exponentOf(part) < exponentOf(sum) - a.bits - 8) break
      sum = a.add(sum, part)
    }
    return sum
  }

  /** Inverse hyperbolic tangent of a small number. */
  #artanh(z: BigFloat): BigFloat {
    return this.#series(z, this.#inner.mul(z, z), () => [1, 1], (k) => 2 * k + 1) // prettier-ignore
  }

  ln2(): BigFloat {
    return this.#constant('ln2', () => scaled(this.#artanh(this.#inner.over(ONE, 3)), 1))
  }

  /** Source: Machin 1706, `pi/4 = 4*atan(1/5) - atan(1/239)`. */
  pi(): BigFloat {
    return this.#constant('pi', () => {
      const a = this.#inner
      const small = (n: number): BigFloat => this.#atanSeries(a.over(ONE, n))
      return scaled(a.sub(scaled(small(5), 2), small(239)), 2)
    })
  }

  e(): BigFloat {
    return this.#constant('e', () => this.exp(ONE) as BigFloat)
  }

  /** `exp(x) - 1` without cancellation near zero. */
  expm1(x: BigFloat): BigFloat | null {
    if (exponentOf(x) > LARGEST_ARGUMENT_BITS) return x.m < 0n ? negate(ONE) : null
    if (exponentOf(x) <= 0) return this.#rounded(this.#series(x, x, (k) => [1, k + 1]))
    const whole = this.exp(x)
    return whole === null ? null : this.sub(whole, ONE)
  }

  exp(x: BigFloat): BigFloat | null {
    if (exponentOf(x) > LARGEST_ARGUMENT_BITS) return x.m < 0n ? ZERO : null
    // The whole multiples of ln 2 take up to 36 bits of the argument, so it is reduced with as many more.
    const a = new Arithmetic(this.#inner.bits + Math.max(0, exponentOf(x)))
    const count = this.#nearest(a.div(x, this.ln2()) as BigFloat)
    const rest = a.sub(x, a.mul({ m: count, e: 0 }, this.#ln2For(a.bits)))
    const squarings = 8
    let power = this.#series(ONE, scaled(rest, -squarings), (k) => [1, k])
    for (let i = 0; i < squarings; i++) power = this.#inner.mul(power, power)
    return this.#rounded(scaled(power, Number(count)))
  }

  #ln2For(bits: number): BigFloat {
    return bits <= this.#inner.bits ? this.ln2() : Functions.of(bits).ln2()
  }

  /** `null` unless positive. */
  log(x: BigFloat): BigFloat | null {
    if (x.m <= 0n) return null
    const a = this.#inner
    let shift = exponentOf(x)
    let rest = scaled(x, -shift)
    // `exponentOf` may be too large, so the mantissa is brought up to [0.7, 1.4].
    for (; compare(rest, { m: 11n, e: -4 }) < 0; rest = scaled(rest, 1)) shift -= 1
    const z = a.div(a.sub(rest, ONE), a.add(rest, ONE)) as BigFloat
    const fraction = scaled(this.#artanh(z), 1)
    return this.#rounded(a.add(fraction, a.mul({ m: BigInt(shift), e: 0 }, this.ln2())))
  }

  /** `log(1 + x)` without cancellation near zero; `null` unless `x > -1`. */
  log1p(x: BigFloat): BigFloat | null {
    const a = this.#inner
    if (exponentOf(x) > -2) return this.log(a.add(ONE, x))
    return this.#rounded(scaled(this.#artanh(a.div(x, a.add(TWO, x)) as BigFloat), 1))
  }

  sin(x: BigFloat): BigFloat | null {
    return this.#circular(x, 0)
  }

  cos(x: BigFloat): BigFloat | null {
    return this.#circular(x, 1)
  }

  /** The sine of `x` plus so many right angles. */
  #circular(x: BigFloat, quarters: number): BigFloat | null {
    const size = exponentOf(x)
    if (size > LARGEST_ARGUMENT_BITS) return null
    // A multiple of pi/2 close to `x` cancels as many bits as they share: reduce with twice the bits.
    const wide = Functions.of(2 * this.bits + Math.max(0, size))
    const rightAngle = scaled(size > -1 ? wide.pi() : this.pi(), -1)
    const count = size > -1 ? this.#nearest(wide.div(x, rightAngle) as BigFloat) : 0n
    const rest = count === 0n ? x : wide.sub(x, wide.mul({ m: count, e: 0 }, rightAngle))
    const quadrant = Number((((count + BigInt(quarters)) % 4n) + 4n) % 4n)
    const square = negate(this.#inner.mul(rest, rest))
    const value =
      quadrant % 2 === 0
        ? this.#series(rest, square, (k) => [1, 2 * k * (2 * k + 1)])
        : this.#series(ONE, square, (k) => [1, (2 * k - 1) * (2 * k)])
    return this.#rounded(quadrant < 2 ? value : negate(value))
  }

  sinh(x: BigFloat): BigFloat | null {
    // The hyperbolic sine is odd; for a positive argument only the growing exponential can be too large.
    if (x.m < 0n) return negated(this.sinh(negate(x)))
    const above = this.expm1(x)
    if (above === null) return null
    return scaled(this.add(above, this.div(above, this.add(above, ONE)) as BigFloat), -1)
  }

  cosh(x: BigFloat): BigFloat | null {
    const above = this.exp(absolute(x))
    return above === null ? null : scaled(this.add(above, this.div(ONE, above) as BigFloat), -1)
  }

  tanh(x: BigFloat): BigFloat | null {
    const below = this.expm1(scaled(negate(absolute(x)), 1)) as BigFloat
    const value = this.div(negate(below), this.add(below, TWO)) as BigFloat
    return x.m < 0n ? negate(value) : value
  }

  atan(x: BigFloat): BigFloat | null {
    const a = this.#inner
    if (compare(absolute(x), ONE) > 0) {
      const complement = this.atan(a.div(ONE, absolute(x)) as BigFloat) as BigFloat
      const value = a.sub(scaled(this.pi(), -1), complement)
      return this.#rounded(x.m < 0n ? negate(value) : value)
    }
    // atan(x) = 2*atan(x/(1 + sqrt(1 + x^2))), until the series converges quickly.
    let reduced = x
    let halvings = 0
    for (; exponentOf(reduced) > -3; halvings++) {
      const root = a.sqrt(a.add(ONE, a.mul(reduced, reduced))) as BigFloat
      reduced = a.div(reduced, a.add(ONE, root)) as BigFloat
    }
    return this.#rounded(scaled(this.#atanSeries(reduced), halvings))
  }

  #atanSeries(z: BigFloat): BigFloat {
    return this.#series(z, negate(this.#inner.mul(z, z)), () => [1, 1], (k) => 2 * k + 1) // prettier-ignore
  }

  /** `null` outside [-1, 1]. */
  asin(x: BigFloat): BigFloat | null {
    const a = this.#inner
    const root = a.sqrt(a.mul(a.sub(ONE, x), a.add(ONE, x)))
    if (root === null) return null
    const tangent = a.div(x, root)
    if (tangent !== null) return this.atan(tangent)
    const rightAngle = scaled(this.pi(), -1)
    return x.m < 0n ? negate(rightAngle) : rightAngle
  }

  /** `null` outside [-1, 1]. */
  acos(x: BigFloat): BigFloat | null {
    const a = this.#inner
    const quotient = a.div(a.sub(ONE, x), a.add(ONE, x))
    if (quotient === null) return this.#rounded(this.pi())
    const tangent = a.sqrt(quotient)
    return tangent === null ? null : scaled(this.atan(tangent) as BigFloat, 1)
  }

  erf(x: BigFloat): BigFloat | null {
    const a = this.#inner
    const square = a.mul(x, x)
    // Beyond this the complement, less than exp(-x^2), is lost in rounding.
    if (compare(square, { m: BigInt(this.bits), e: 0 }) > 0) return x.m < 0n ? negate(ONE) : ONE
    const sum = this.#series(x, scaled(square, 1), (k) => [1, 2 * k + 1])
    const bell = this.exp(negate(square)) as BigFloat
    return this.#rounded(a.div(scaled(a.mul(bell, sum), 1), a.sqrt(this.pi()) as BigFloat) as BigFloat)
  }

  /** `x^p`: for a whole `p` below 2^20 any `x` (but zero to a negative one), else a positive `x`, or zero to a positive one. */
  pow(x: BigFloat, p: BigFloat): BigFloat | null {
    const whole = wholeValue(p)
    if (whole !== null && Math.abs(whole) < 2 ** 20) return this.power(x, whole)
    if (isZero(x)) return p.m > 0n ? ZERO : null
    const exponent = this.log(x)
    return exponent === null ? null : this.exp(this.#inner.mul(p, exponent))
  }

  #nearest(x: BigFloat): bigint {
    const halved = this.#inner.add(x, { m: 1n, e: -1 })
    return halved.e >= 0 ? halved.m << BigInt(halved.e) : halved.m >> BigInt(-halved.e)
  }

  #rounded(x: BigFloat): BigFloat {
    return this.round(x.m, x.e)
  }
}
