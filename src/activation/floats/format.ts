export type FloatType = 'f32' | 'f64'

/** A binary floating-point format. Source: IEEE 754-2019, table 3.5. */
export interface FloatFormat {
  readonly round: (x: number) => number
  /** The unit roundoff. */
  readonly unit: number
  /** A relative error above this is the loss of more than half of the digits. */
  readonly tolerance: number
  /** The smallest normal number: below it digits are lost whatever the spelling. */
  readonly smallest: number
  readonly largest: number
  /** Half of the distance between two neighbouring floats of the size of `x`. */
  readonly halfUlp: (x: number) => number
}

const word = new Float64Array(1)
const bits = new Uint32Array(word.buffer)
const POWERS = Float64Array.from({ length: 2048 }, (_, exponent) => 2 ** (exponent - 1023))

/** `2^(e + by)` for a number between `2^e` and twice that; at least `least`. */
function scaledPower(x: number, by: number, least: number): number {
  word[0] = x
  const exponent = ((bits[1]! >>> 20) & 0x7ff) + by
  return exponent > 0 ? Math.max(POWERS[exponent]!, least) : least
}

export const FORMATS: { readonly [type in FloatType]: FloatFormat } = {
  f32: {
    round: Math.fround,
    unit: 2 ** -24,
    tolerance: 2 ** -12,
    smallest: 2 ** -126,
    largest: (2 - 2 ** -23) * 2 ** 127,
    halfUlp: (x) => scaledPower(x, -24, 2 ** -150),
  },
  f64: {
    round: (x) => x,
    unit: 2 ** -53,
    tolerance: 2 ** -26,
    smallest: 2 ** -1022,
    largest: Number.MAX_VALUE,
    halfUlp: (x) => scaledPower(x, -53, 2 ** -1074),
  },
}

export const FLOAT_TYPES = ['f32', 'f64'] as const
