import { BackproveError } from './errors.ts'

/** An exact rational in lowest terms with a positive denominator. */
export interface Rational {
  readonly n: bigint
  readonly d: bigint
}

const gcd = (a: bigint, b: bigint): bigint => {
  let x = a < 0n ? -a : a
  let y = b < 0n ? -b : b
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** `n/d` in lowest terms. Throws `budget` when `d` is zero: callers must have excluded it. */
export function rational(n: bigint | number, d: bigint | number = 1n): Rational {
  let p = BigInt(n)
  let q = BigInt(d)
  if (q === 1n) return { n: p, d: q }
  if (q === 0n) throw new BackproveError('internal', 'a rational with denominator zero')
  if (q < 0n) [p, q] = [-p, -q]
  const g = gcd(p, q)
  return g === 1n ? { n: p, d: q } : { n: p / g, d: q / g }
}

export const ZERO: Rational = { n: 0n, d: 1n }
export const ONE: Rational = { n: 1n, d: 1n }
export const MINUS_ONE: Rational = { n: -1n, d: 1n }
export const HALF: Rational = { n: 1n, d: 2n }

export const isZero = (a: Rational): boolean => a.n === 0n
export const isOne = (a: Rational): boolean => a.n === 1n && a.d === 1n
export const isInteger = (a: Rational): boolean => a.d === 1n
export const equals = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d })
export const sign = (a: Rational): -1 | 0 | 1 => (a.n < 0n ? -1 : a.n > 0n ? 1 : 0)

export function add(a: Rational, b: Rational): Rational {
  if (a.d === 1n && b.d === 1n) return { n: a.n + b.n, d: 1n }
  return rational(a.n * b.d + b.n * a.d, a.d * b.d)
}
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b))

export function multiply(a: Rational, b: Rational): Rational {
  if (a.d === 1n && b.d === 1n) return { n: a.n * b.n, d: 1n }
  return rational(a.n * b.n, a.d * b.d)
}

export function divide(a: Rational, b: Rational): Rational {
  return rational(a.n * b.d, a.d * b.n)
}

export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  return sign(subtract(a, b))
}

/** `a` to a whole power; a negative power of zero throws `internal`. */
export function power(a: Rational, exponent: number): Rational {
  return exponent >= 0
    ? { n: a.n ** BigInt(exponent), d: a.d ** BigInt(exponent) }
    : rational(a.d ** BigInt(-exponent), a.n ** BigInt(-exponent))
}

/** Longest number text that is read exactly; `1e400000` would otherwise fill memory. */
const MAX_DIGITS = 2000

/**
 * The exact value of a decimal literal (`1e-5`, `0.7978845608`, `.5`).
 * Throws `too-large` when writing it out would need more than 2,000 digits.
 */
export function parseRational(text: string): Rational {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (match === null)
    throw new BackproveError('syntax', `\`${text}\` is not a number`, { hint: 'write digits, as in 0.5 or 1e-8' })
  const [, minus, whole = '', fraction = '', exponentText = '0'] = match
  const exponent = Number(exponentText) - fraction.length
  if (whole.length + fraction.length + Math.abs(exponent) > MAX_DIGITS) {
    throw new BackproveError('too-large', `the number \`${text.slice(0, 40)}\` has more than ${MAX_DIGITS} digits`, {
      hint: 'no double holds so many: round it',
    })
  }
  const digits = BigInt((whole + fraction).length === 0 ? '0' : whole + fraction)
  const signed = minus === '-' ? -digits : digits
  return exponent >= 0 ? rational(signed * 10n ** BigInt(exponent)) : rational(signed, 10n ** BigInt(-exponent))
}

const MAX_EXACT = 2n ** 53n

/** At least the number of binary digits, at most three more. */
const binaryDigits = (a: bigint): number => a.toString(16).length * 4

/** The nearest double; below the normal range, one of the two nearest. */
export function toNumber(a: Rational): number {
  const size = a.n < 0n ? -a.n : a.n
  // Both parts are doubles, so one division rounds once.
  if (size <= MAX_EXACT && a.d <= MAX_EXACT) return Number(a.n) / Number(a.d)
  // A quotient of over 64 digits; its last one says whether anything was cut off, so that halves round rightly.
  const shift = binaryDigits(size) - binaryDigits(a.d) - 68
  const [n, d] = shift >= 0 ? [size, a.d << BigInt(shift)] : [size << BigInt(-shift), a.d]
  const quotient = Number(((n / d) << 1n) | (n % d === 0n ? 0n : 1n))
  // In two steps, since the power alone may be out of range where the product is not.
  const half = Math.trunc((shift - 1) / 2)
  return (a.n < 0n ? -1 : 1) * (quotient * 2 ** half * 2 ** (shift - 1 - half))
}

/** `3`, `-1/2`: a canonical text, also used as a key. */
export function toText(a: Rational): string {
  return a.d === 1n ? a.n.toString() : `${a.n}/${a.d}`
}
