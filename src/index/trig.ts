import { HALF, negate, ONE, sign } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { addPolys, constantPoly, scalePoly, singleTerm, termPoly } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import type { Atom, Poly, Term } from './term.ts'

/** Multiples of an angle that are opened; `sin(9 x)` stays closed. */
const MOST_MULTIPLES = 8n

/**
 * `sin` and `cos` of a sum or of a whole multiple, by the addition theorems (Abramowitz and Stegun 4.3.16, 4.3.17), and of
 * whole multiples of `pi/2`. `null` where the angle is one monomial with no such coefficient.
 */
export function openAngle(k: Kernel, name: 'sin' | 'cos', of: Poly): Poly | null {
  const [first, ...others] = of.values()
  if (first === undefined) return null
  const quarter = quarterTurns(first)
  if (others.length === 0) {
    if (quarter !== null) return constantPoly(k.algebra, quarterValue(name, quarter))
    const { n, d } = first.coefficient
    const size = n < 0n ? -n : n
    if (d !== 1n || size < 2n || size > MOST_MULTIPLES) return null
    const one = termPoly(sign(first.coefficient) < 0 ? { n: -1n, d: 1n } : ONE, first.monomial)
    const rest = termPoly({ n: n < 0n ? n + 1n : n - 1n, d: 1n }, first.monomial)
    return addition(k, name, one, rest)
  }
  return addition(k, name, termPoly(first.coefficient, first.monomial), new Map([...of].slice(1)))
}

function addition(k: Kernel, name: 'sin' | 'cos', a: Poly, b: Poly): Poly {
  k.note('angles')
  const sin = (of: Poly): Poly => k.call('sin', [of])
  const cos = (of: Poly): Poly => k.call('cos', [of])
  const minus = { n: -1n, d: 1n }
  return name === 'sin'
    ? addPolys(k.algebra, k.multiply(sin(a), cos(b)), k.multiply(cos(a), sin(b)))
    : addPolys(k.algebra, k.multiply(cos(a), cos(b)), scalePoly(k.multiply(sin(a), sin(b)), minus))
}

/** How many times `pi/2` a term is. */
function quarterTurns({ coefficient, monomial }: Term): bigint | null {
  const [only] = monomial.factors
  const isPi =
    monomial.factors.length === 1 && only?.atom.kind === 'number' && only.atom.value === 'pi' && only.exponent === 1
  if (!isPi || (coefficient.d !== 1n && coefficient.d !== 2n)) return null
  return coefficient.d === 1n ? coefficient.n * 2n : coefficient.n
}

function quarterValue(name: 'sin' | 'cos', turns: bigint): Rational {
  const place = (((name === 'sin' ? turns : turns + 1n) % 4n) + 4n) % 4n
  return place === 0n || place === 2n ? { n: 0n, d: 1n } : place === 1n ? ONE : negate(ONE)
}

/**
 * `sin(asin(u)) = u`, `cos(asin(u)) = (1 - u^2)^(1/2)`, and of `atan(u)` these over `(1 + u^2)^(1/2)`: both angles are
 * between `-pi/2` and `pi/2`, where the cosine is not negative. Source: Abramowitz and Stegun 4.4.11 to 4.4.13, 4.3.45.
 */
export function ofInverse(k: Kernel, name: 'sin' | 'cos', angle: Poly): Poly | null {
  const term = singleTerm(angle)
  const [factor] = term?.monomial.factors ?? []
  if (term?.monomial.factors.length !== 1 || factor?.exponent !== 1 || factor.atom.kind !== 'function') return null
  const { atom } = factor
  const turn = term.coefficient
  if (turn.d !== 1n || (turn.n !== 1n && turn.n !== -1n) || (atom.name !== 'asin' && atom.name !== 'atan')) return null
  const u = atom.args[0] as Poly
  const one = constantPoly(k.algebra, ONE)
  const square = k.power(u, 2)
  k.note('inverse-function')
  if (atom.name === 'asin')
    return name === 'sin' ? scalePoly(u, turn) : k.power(addPolys(k.algebra, one, scalePoly(square, negate(ONE))), HALF)
  const secant = k.power(addPolys(k.algebra, one, square), negate(HALF))
  return name === 'cos' ? secant : k.multiply(scalePoly(u, turn), secant)
}

/** `cos(u)^2` for `1 - sin(u)^2`, whose root is `|cos(u)|`: `cos(u)` as an atom. `null` for any other sum. */
export function squaredCosine(k: Kernel, of: Poly): Atom | null {
  const one = of.get('')
  const [other] = [...of.values()].filter((term) => term !== one)
  const [factor] = other?.monomial.factors ?? []
  if (of.size !== 2 || !isOne(one?.coefficient) || !isOne(other && negate(other.coefficient))) return null
  if (other?.monomial.factors.length !== 1 || factor?.exponent !== 2) return null
  if (factor.atom.kind !== 'function' || factor.atom.name !== 'sin') return null
  const cosine = singleTerm(k.call('cos', factor.atom.args))
  return cosine?.monomial.factors.length === 1 ? (cosine.monomial.factors[0]?.atom ?? null) : null
}

const isOne = (value: Rational | undefined): boolean => value?.n === 1n && value.d === 1n
