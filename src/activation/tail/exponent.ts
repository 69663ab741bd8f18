import { add, isPoint, mul, point } from '../interval/interval.ts'
import { normalised } from './laurent.ts'
import type { Laurent } from './laurent.ts'

/**
 * What stands in the exponent of `exp`: a polynomial with exact coefficients, and multiples of *atoms*, polynomials of
 * which only bounds are known. That the same atom is the same number lets `exp(u)*exp(-u)` cancel although `u` is not exact.
 */
export interface Exponent {
  readonly exact: ReadonlyMap<number, number>
  readonly atoms: ReadonlyMap<string, number>
  readonly key: string
}

function exponent(exact: ReadonlyMap<number, number>, atoms: ReadonlyMap<string, number>): Exponent {
  const numbers = [...exact].filter(([, c]) => c !== 0).sort(([p], [q]) => q - p)
  const names = [...atoms].filter(([, c]) => c !== 0).sort(([p], [q]) => (p < q ? -1 : 1))
  return { exact: new Map(numbers), atoms: new Map(names), key: JSON.stringify([numbers, names]) }
}

export const NO_EXPONENT: Exponent = exponent(new Map(), new Map())

export const isNone = (q: Exponent): boolean => q.key === NO_EXPONENT.key

/** The exponent that a polynomial with exact coefficients is, or `null`. */
export function exactExponent(polynomial: Laurent): Exponent | null {
  if (!polynomial.every(({ coefficient }) => isPoint(coefficient))) return null
  return exponent(new Map(polynomial.map(({ power, coefficient }) => [power, coefficient.lo])), new Map())
}

export const atomExponent = (name: string, factor: number): Exponent => exponent(new Map(), new Map([[name, factor]]))

/** `a + times*b`; `null` where a coefficient would have to be rounded. */
export function combine(a: Exponent, b: Exponent, times: 1 | -1): Exponent | null {
  if (isNone(b)) return a
  if (isNone(a) && times === 1) return b
  const exact = new Map(a.exact)
  for (const [power, coefficient] of b.exact) {
    const sum = add(point(exact.get(power) ?? 0), point(times * coefficient))
    if (!isPoint(sum)) return null
    exact.set(power, sum.lo)
  }
  const atoms = new Map(a.atoms)
  for (const [name, factor] of b.atoms) atoms.set(name, (atoms.get(name) ?? 0) + times * factor)
  return exponent(exact, atoms)
}

/** Half of it, which rounds nothing. */
export const halved = (q: Exponent): Exponent =>
  exponent(new Map([...q.exact].map(([p, c]) => [p, c / 2])), new Map([...q.atoms].map(([name, c]) => [name, c / 2])))

/** Bounds of the polynomial that the exponent is. */
export function polynomialOf(q: Exponent, atoms: ReadonlyMap<string, Laurent>, start: number): Laurent {
  const monomials = [...q.exact].map(([power, c]) => ({ power, coefficient: point(c) }))
  for (const [name, factor] of q.atoms) {
    for (const { power, coefficient } of atoms.get(name)!) {
      monomials.push({ power, coefficient: mul(coefficient, point(factor)) })
    }
  }
  return normalised(monomials, start)
}
