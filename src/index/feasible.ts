import { add, divide, isZero, multiply, negate, sign, ZERO } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { isWhole } from './exponent.ts'
import type { Poly } from './term.ts'

/** `of > 0`, or where not `strict` `of >= 0`. */
export interface Inequality {
  readonly of: Poly
  readonly strict: boolean
}

interface Row {
  readonly coefficients: ReadonlyMap<string, Rational>
  readonly constant: Rational
  readonly strict: boolean
}

/** Rows that elimination may reach; beyond, feasibility is not decided, which keeps a case that might be empty. */
const MOST_ROWS = 200

/**
 * Whether the inequalities can hold together when each monomial may be any number with the sign it is known to have.
 * `false` is certain; `true` may be wrong, since monomials are not independent. Source: Fourier–Motzkin elimination,
 * Schrijver 1986, "Theory of Linear and Integer Programming", section 12.2; exact.
 */
export function isFeasible(inequalities: readonly Inequality[]): boolean {
  let rows = inequalities.map(toRow)
  const known = new Set<string>()
  for (const { of } of inequalities) {
    for (const [key, { monomial }] of of) {
      if (key === '' || known.has(key)) continue
      known.add(key)
      const { factors } = monomial
      const nonnegative = factors.every(
        ({ atom, exponent }) => atom.traits.nonnegative || (isWhole(exponent) && exponent % 2 === 0),
      )
      const positive = factors.every(({ atom }) => atom.traits.positive)
      if (nonnegative) rows.push({ coefficients: new Map([[key, { n: 1n, d: 1n }]]), constant: ZERO, strict: positive })
    }
  }
  for (const key of known) {
    const eliminated = eliminate(rows, key)
    if (eliminated === null) return true
    rows = eliminated
    if (rows.some(isContradiction)) return false
  }
  return !rows.some(isContradiction)
}

function toRow({ of, strict }: Inequality): Row {
  const coefficients = new Map<string, Rational>()
  let constant = ZERO
  for (const [key, { coefficient }] of of) {
    if (key === '') constant = coefficient
    else coefficients.set(key, coefficient)
  }
  return { coefficients, constant, strict }
}

const isContradiction = ({ coefficients, constant, strict }: Row): boolean =>
  coefficients.size === 0 && (strict ? sign(constant) <= 0 : sign(constant) < 0)

function eliminate(rows: readonly Row[], key: string): Row[] | null {
  const lower: Row[] = []
  const upper: Row[] = []
  const result: Row[] = []
  for (const row of rows) {
    const coefficient = row.coefficients.get(key)
    if (coefficient === undefined) result.push(row)
    else if (sign(coefficient) > 0) lower.push(row)
    else upper.push(row)
  }
  for (const low of lower) {
    for (const high of upper) {
      if (result.length >= MOST_ROWS) return null
      result.push(combine(low, high, key))
    }
  }
  return result
}

/** The sum of two rows scaled so that `key` cancels; both scales are positive. */
function combine(low: Row, high: Row, key: string): Row {
  const scale = divide(low.coefficients.get(key) as Rational, negate(high.coefficients.get(key) as Rational))
  const coefficients = new Map(low.coefficients)
  for (const [other, coefficient] of high.coefficients) {
    const sum = add(coefficients.get(other) ?? ZERO, multiply(scale, coefficient))
    if (isZero(sum)) coefficients.delete(other)
    else coefficients.set(other, sum)
  }
  return {
    coefficients,
    constant: add(low.constant, multiply(scale, high.constant)),
    strict: low.strict || high.strict,
  }
}
