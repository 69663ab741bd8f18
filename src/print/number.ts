import type { Rational } from '../base/rational.ts'
import type { Size } from '../shape/size.ts'
import { LEVEL } from './forms.ts'
import type { Piece } from './forms.ts'

const TEN = 10n

/** Decimal digits of `n/d` where they end, or `null`. */
function decimal(n: bigint, d: bigint): string | null {
  let rest = d
  let twos = 0
  let fives = 0
  for (; rest % 2n === 0n; rest /= 2n) twos++
  for (; rest % 5n === 0n; rest /= 5n) fives++
  if (rest !== 1n) return null
  const places = Math.max(twos, fives)
  const digits = ((n * TEN ** BigInt(places)) / d).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  return places === 0 ? whole : `${whole}.${digits.slice(digits.length - places)}`
}

/** Digits behind the point or zeros before it from which on a power of ten is written; one less for a single digit: 1e-5. */
const LONG = 6

function scientific(n: bigint, d: bigint): string | null {
  let [mantissa, exponent] = [n, 0]
  if (d !== 1n) {
    const text = decimal(n, d)
    const places = text?.split('.')[1]?.length ?? 0
    if (text === null) return null
    ;[mantissa, exponent] = [(n * TEN ** BigInt(places)) / d, -places]
  }
  for (; mantissa !== 0n && mantissa % TEN === 0n; mantissa /= TEN) exponent++
  const digits = mantissa.toString().length
  const isLong = Math.abs(exponent) >= LONG || (digits === 1 && exponent === 1 - LONG)
  return isLong && digits <= 3 ? `${mantissa}e${exponent}` : null
}

/** A rational that reads back exactly: `3`, `1/3`, `0.01`. Tenths are written as decimals, halves as fractions. */
export function numberPiece({ n, d }: Rational): Piece {
  const [minus, size] = n < 0n ? ['-', -n] : ['', n]
  const level = minus === '' ? LEVEL.atom : LEVEL.sum
  const short = scientific(size, d)
  if (short !== null) return { text: minus + short, level }
  if (d === 1n) return { text: `${minus}${size}`, level }
  const digits = d % 5n === 0n ? decimal(size, d) : null
  if (digits !== null) return { text: minus + digits, level }
  return { text: `${minus}${size}/${d}`, level: minus === '' ? LEVEL.product : LEVEL.sum }
}

/** A size as a number, spelt by `sizeText` and its like. */
export function sizePiece(size: Size, text: string): Piece {
  const [term] = size.terms
  if (size.terms.length !== 1 || term === undefined) return { text, level: LEVEL.sum }
  if (text.startsWith('-')) return { text, level: LEVEL.sum }
  const isName = term.coefficient === 1n && term.powers.length === 1 && term.powers[0]![1] === 1
  return { text, level: isName || term.powers.length === 0 ? LEVEL.atom : LEVEL.product }
}
