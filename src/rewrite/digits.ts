import { divide, multiply, ONE, rational } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Term } from './form.ts'

/** About how many digits a positive number is written with: as a decimal where that ends, else as a fraction. */
function digits({ n, d }: Rational): number {
  if (n === 1n && d === 1n) return 0
  let [rest, places] = [d, 0]
  for (const prime of [2n, 5n]) {
    let count = 0
    for (; rest % prime === 0n; rest /= prime) count++
    places = Math.max(places, count)
  }
  if (rest !== 1n) return n.toString().length + d.toString().length
  return ((n * 10n ** BigInt(places)) / d).toString().length
}

const magnitude = ({ n, d }: Rational): Rational => ({ n: n < 0n ? -n : n, d })

/**
 * The positive number by which whole coefficients are multiplied when they are written: `multiple`, of which they were
 * first written, or that which makes the first or the constant one 1, where this takes fewer digits; else 1.
 */
export function shorterScale(terms: readonly Term[], multiple: Rational): Rational {
  const numbers = terms.map((term) => magnitude(rational(term.coefficient)))
  if (numbers.every(({ n }) => n < 10n)) return ONE
  const total = magnitude(multiple)
  const at = Math.max(0, terms.findIndex((term) => term.powers.length === 0)) // prettier-ignore
  const length = (by: Rational): number =>
    numbers.reduce((sum, number) => sum + digits(multiply(number, by)), digits(divide(total, by)))
  const candidates = [ONE, divide(ONE, numbers[at]!), total]
  return candidates.reduce((best, by) => (length(by) < length(best) ? by : best))
}
