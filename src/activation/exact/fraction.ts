import { divide, isInteger, ZERO } from '../../base/rational.ts'
import type { Rational } from '../../base/rational.ts'
import type { Node } from '../../graph/node.ts'
import { commonDivisor, constant, degree, divided, minus, plus, times, UNIT, VARIABLE } from './polynomial.ts'
import type { Polynomial } from './polynomial.ts'

/** A quotient of polynomials without common factors: what an expression is at every place where it is defined. */
export interface Fraction {
  readonly over: Polynomial
  readonly under: Polynomial
}

/** What has a higher degree, or longer numbers, is not looked at. */
const MAX_DEGREE = 16
const MAX_SIZE = 1n << 512n

const isModest = ({ n, d }: Rational): boolean => n < MAX_SIZE && -n < MAX_SIZE && d < MAX_SIZE

/** `null` also where a common factor hides places at which the quotient has no value. */
function reduced(over: Polynomial, under: Polynomial): Fraction | null {
  if (under.length === 0) return null
  const common = commonDivisor(over, under)
  const fraction = { over: divided(over, common).quotient, under: divided(under, common).quotient }
  let hidden = common
  for (let shared = commonDivisor(hidden, fraction.under); degree(shared) > 0;) {
    hidden = divided(hidden, shared).quotient
    shared = commonDivisor(hidden, fraction.under)
  }
  const isSmall = (p: Polynomial): boolean => degree(p) <= MAX_DEGREE && p.every(isModest)
  return degree(hidden) === 0 && isSmall(fraction.over) && isSmall(fraction.under) ? fraction : null
}

/** A node as a quotient of polynomials in `z`, given its inputs as such; `null` where it is none, or a large one. */
export function fractionOf(
  node: Node,
  z: Node,
  values: ReadonlyMap<Node, Rational>,
  known: ReadonlyMap<Node, Fraction | null>,
): Fraction | null {
  if (node === z) return { over: VARIABLE, under: UNIT }
  const given = values.get(node) ?? (node.kind === 'constant' ? node.value : undefined)
  if (given !== undefined) return isModest(given) ? { over: constant(given), under: UNIT } : null
  const inputs = node.inputs.map((input) => known.get(input) ?? null)
  if (!inputs.every((input) => input !== null)) return null
  if (node.kind === 'definition') return inputs[0]!
  if (node.kind === 'contract') {
    const one: Fraction | null = { over: UNIT, under: UNIT }
    return node.spec.sizes.length > 0 ? null : inputs.reduce<Fraction | null>((a, b) => a && product(a, b), one)
  }
  if (node.kind !== 'map') return null
  const [a, b] = inputs as [Fraction, Fraction]
  switch (node.fn) {
    case 'add':
      return sum(a, b)
    case 'sub':
      return sum(a, negative(b))
    case 'neg':
      return negative(a)
    case 'mul':
      return product(a, b)
    case 'div':
      return over(a, b)
    case 'pow':
      return power(a, b)
    default:
      return null
  }
}

const sum = (a: Fraction, b: Fraction): Fraction | null =>
  reduced(plus(times(a.over, b.under), times(b.over, a.under)), times(a.under, b.under))

const negative = ({ over, under }: Fraction): Fraction => ({ over: minus(over), under })

const product = (a: Fraction, b: Fraction): Fraction | null => reduced(times(a.over, b.over), times(a.under, b.under))

/** By a polynomial only: the poles of a divisor have no value, and would be lost as zeros. */
const over = (a: Fraction, b: Fraction): Fraction | null =>
  degree(b.under) > 0 ? null : reduced(times(a.over, b.under), times(a.under, b.over))

function power(base: Fraction, exponent: Fraction): Fraction | null {
  if (degree(exponent.over) > 0 || degree(exponent.under) > 0) return null
  const count = divide(exponent.over[0] ?? ZERO, exponent.under[0]!)
  if (!isInteger(count) || count.n > MAX_DEGREE || -count.n > MAX_DEGREE) return null
  if (count.n <= 0n && base.over.length === 0) return null
  let result: Fraction | null = { over: UNIT, under: UNIT }
  for (let k = 0; k < Math.abs(Number(count.n)) && result !== null; k++) {
    result = count.n < 0n ? over(result, base) : product(result, base)
  }
  return result
}
