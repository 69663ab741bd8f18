import { BackproveError } from "./errors.ts";

/** An exact rational in lowest terms with a positive denominator. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

/** `n/d` in lowest terms. Throws `budget` when `d` is zero: callers must have excluded it. */
export function rational(n: bigint | number, d: bigint | number = 1n): Rational {
  let p = BigInt(n);
  let q = BigInt(d);
  if (q === 1n) return { n: p, d: q };
  if (q === 0n) throw new BackproveError("internal", "a rational with denominator zero");
  if (q < 0n) [p, q] = [-p, -q];
  const g = gcd(p, q);
  return g === 1n ? { n: p, d: q } : { n: p / g, d: q / g };
}

export const ZERO: Rational = { n: 0n, d: 1n };
export const ONE: Rational = { n: 1n, d: 1n };
export const MINUS_ONE: Rational = { n: -1n, d: 1n };
export const HALF: Rational = { n: 1n, d: 2n };

export const isZero = (a: Rational): boolean => a.n === 0n;
export const isOne = (a: Rational): boolean => a.n === 1n && a.d === 1n;
export const isInteger = (a: Rational): boolean => a.d === 1n;
export const equals = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const sign = (a: Rational): -1 | 0 | 1 => (a.n < 0n ? -1 : a.n > 0n ? 1 : 0);

export function add(a: Rational, b: Rational): Rational {
  if (a.d === 1n && b.d === 1n) return { n: a.n + b.n, d: 1n };
  return rational(a.n * b.d + b.n * a.d, a.d * b.d);
}
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));

export function multiply(a: Rational, b: Rational): Rational {
  if (a.d === 1n && b.d === 1n) return { n: a.n * b.n, d: 1n };
  return rational(a.n * b.n, a.d * b.d);
}

export function divide(a: Rational, b: Rational): Rational {
  return rational(a.n * b.d, a.d * b.n);
}

export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  return sign(subtract(a, b));
}

/** `a` to a whole power; a negative power of zero throws `internal`. */
export function power(a: Rational, exponent: number): Rational {
  return exponent >= 0
    ? { n: a.n ** BigInt(exponent), d: a.d ** BigInt(exponent) }
    : rational(a.d ** BigInt(-exponent), a.n ** BigInt(-exponent));
}

/** Longest number text that is read exactly; `1e400000` would otherwise fill memory. */
const MAX_DIGITS = 2000;

/**
 * The exact value of a decimal literal (`1e-5`, `0.7978845608`, `.5`).
 * Throws `too-large` when writing it out would need more than 2,000 digits.
 */
export function parseRational(text: string): Rational {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) throw new BackproveError("syntax", `\`${text}\` is not a number`);
  const [, minus, whole = "", fraction = "", exponentText = "0"] = match;
  const exponent = Number(exponentText) - fraction.length;
  if (whole.length + fraction.length + Math.abs(exponent) > MAX_DIGITS) {
    throw new BackproveError("too-large", `the number \`${text.slice(0, 40)}\` has more than ${MAX_DIGITS} digits`);
  }
  const digits = BigInt((whole + fraction).length === 0 ? "0" : whole + fraction);
  const signed = minus === "-" ? -digits : digits;
  return exponent >= 0 ? rational(signed * 10n ** BigInt(exponent)) : rational(signed, 10n ** BigInt(-exponent));
}

/** The nearest double. */
export function toNumber(a: Rational): number {
  const direct = Number(a.n) / Number(a.d);
  if (Number.isFinite(direct) && (direct !== 0 || a.n === 0n) && a.n.toString().length < 300) return direct;
  // Scale so that both parts fit a double before dividing.
  const shift = a.n.toString(2).length - a.d.toString(2).length - 64;
  const scaled = shift >= 0 ? a.n / (a.d << BigInt(shift)) : (a.n << BigInt(-shift)) / a.d;
  return Number(scaled) * 2 ** shift;
}

/** `3`, `-1/2`: a canonical text, also used as a key. */
export function toText(a: Rational): string {
  return a.d === 1n ? a.n.toString() : `${a.n}/${a.d}`;
}
