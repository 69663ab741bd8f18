import { parseRational } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'

/** What the text of a number stands for. */
export type Literal =
  | { readonly kind: 'exact'; readonly value: Rational }
  /** `pi` or `e` to all digits of a double. */
  | { readonly kind: 'constant'; readonly name: 'pi' | 'e' }
  /** An exact rational that looks like the first digits of something else. */
  | { readonly kind: 'rounded'; readonly value: Rational; readonly of: string }

export function readLiteral(text: string): Literal {
  const value = parseRational(text)
  if (!/[.eE]/.test(text)) return { kind: 'exact', value }
  const double = Number(text)
  if (double === Math.PI) return { kind: 'constant', name: 'pi' }
  if (double === Math.E) return { kind: 'constant', name: 'e' }
  const of = roundedFrom(text, double)
  return of === null ? { kind: 'exact', value } : { kind: 'rounded', value, of }
}

/** Numbers that people write out, each with the least number of digits that shows it is meant. */
const KNOWN: readonly (readonly [of: string, value: number, digits: number])[] = [
  ['pi', Math.PI, 3],
  ['e', Math.E, 4],
  ['2*pi', 2 * Math.PI, 4],
  ['pi/2', Math.PI / 2, 4],
  ['1/pi', 1 / Math.PI, 4],
  ['2/pi', 2 / Math.PI, 4],
  ['sqrt(pi)', Math.sqrt(Math.PI), 5],
  ['2/sqrt(pi)', 2 / Math.sqrt(Math.PI), 5],
  ['sqrt(2*pi)', Math.sqrt(2 * Math.PI), 5],
  ['1/sqrt(2*pi)', 1 / Math.sqrt(2 * Math.PI), 4],
  ['sqrt(2/pi)', Math.sqrt(2 / Math.PI), 4],
  ['sqrt(pi/2)', Math.sqrt(Math.PI / 2), 5],
  ['sqrt(2)', Math.SQRT2, 4],
  ['1/sqrt(2)', Math.SQRT1_2, 4],
  ['sqrt(3)', Math.sqrt(3), 4],
  ['1/sqrt(3)', 1 / Math.sqrt(3), 5],
  ['sqrt(5)', Math.sqrt(5), 5],
  ['log(2)', Math.LN2, 4],
  ['1/log(2)', Math.LOG2E, 5],
  ['log(10)', Math.LN10, 5],
  ['1/log(10)', Math.LOG10E, 5],
  ['1/e', 1 / Math.E, 5],
  ['1/3', 1 / 3, 4],
  ['2/3', 2 / 3, 4],
  ['1/6', 1 / 6, 4],
  ['5/6', 5 / 6, 4],
  ['1/7', 1 / 7, 6],
  ['1/9', 1 / 9, 4],
  ['the scale of selu', 1.0507009873554805, 6],
  ['the alpha of selu', 1.6732632423543772, 6],
]

function roundedFrom(text: string, value: number): string | null {
  const digits = significantDigits(text)
  for (const [of, exact, least] of KNOWN) {
    if (digits < least) continue
    const unit = 10 ** (Math.floor(Math.log10(exact)) + 1 - digits)
    const isCutOff = value <= exact && exact - value < unit
    const isNearest = Math.abs(value - exact) <= Math.max(0.5 * unit, 4 * Number.EPSILON * exact)
    if (isCutOff || isNearest) return of
  }
  return null
}

const significantDigits = (text: string): number =>
  text
    .replace(/[eE].*$/, '')
    .replace('.', '')
    .replace(/^0+/, '').length
