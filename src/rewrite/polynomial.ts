import type { Atom, Factor, Power, Term } from './form.ts'

/** A polynomial while it is worked on: terms by key, in the order of writing. Coefficients are not zero. */
export type Polynomial = ReadonlyMap<string, Term>

/** Regions with more terms than this stay as they were written. */
export const MAX_TERMS = 24

export function termOf(coefficient: bigint, powers: readonly Power<Atom>[]): Term {
  let key = ''
  for (const [atom, exponent] of powers) key += `${atom.id}^${exponent} `
  return { coefficient, powers, key }
}

export const ONE_TERM: Term = termOf(1n, [])

export function multiplyTerms(a: Term, b: Term): Term {
  const coefficient = a.coefficient * b.coefficient
  if (a.powers.length === 0) return { ...b, coefficient }
  if (b.powers.length === 0) return { ...a, coefficient }
  const powers: Power<Atom>[] = []
  let [i, j] = [0, 0]
  while (i < a.powers.length || j < b.powers.length) {
    const [p, q] = [a.powers[i], b.powers[j]]
    if (q === undefined || (p !== undefined && p[0].id < q[0].id)) {
      powers.push(p!)
      i++
    } else if (p === undefined || q[0].id < p[0].id) {
      powers.push(q)
      j++
    } else {
      // A truth value is its own square.
      powers.push([p[0], p[0].isTruth ? 1 : p[1] + q[1]])
      i++
      j++
    }
  }
  return termOf(coefficient, powers)
}

/** The sum of terms, like ones collected; where a term was first decides its place. */
export function collect(terms: Iterable<Term>): Polynomial {
  const sum = new Map<string, Term>()
  for (const term of terms) {
    const known = sum.get(term.key)
    sum.set(term.key, known === undefined ? term : { ...term, coefficient: known.coefficient + term.coefficient })
  }
  for (const [key, term] of sum) if (term.coefficient === 0n) sum.delete(key)
  return sum
}

/** The product written out, or `null` where it would have too many terms. Exponents must be positive. */
export function expand(powers: readonly Power<Factor>[]): Term[] | null {
  let terms: readonly Term[] = [ONE_TERM]
  for (const [factor, exponent] of powers) {
    if (factor.kind === 'atom') {
      const power = termOf(1n, [[factor, factor.isTruth ? 1 : exponent]])
      terms = terms.map((term) => multiplyTerms(term, power))
      continue
    }
    for (let count = 0; count < exponent; count++) {
      if (terms.length * factor.terms.length > 2 * MAX_TERMS) return null
      terms = [...collect(terms.flatMap((left) => factor.terms.map((right) => multiplyTerms(left, right)))).values()]
    }
  }
  return [...terms]
}

/** The order by which division chooses leading terms: lexicographic, an atom with a smaller id first. */
function compareTerms(a: Term, b: Term): number {
  const length = Math.min(a.powers.length, b.powers.length)
  for (let at = 0; at < length; at++) {
    const [[p, i], [q, j]] = [a.powers[at]!, b.powers[at]!]
    if (p.id !== q.id) return p.id < q.id ? 1 : -1
    if (i !== j) return i - j
  }
  return a.powers.length - b.powers.length
}

const leading = (terms: Iterable<Term>): Term =>
  [...terms].reduce((best, term) => (compareTerms(term, best) > 0 ? term : best))

/** `a/b` where that is a term with a whole coefficient, or `null`. */
function divideTerms(a: Term, b: Term): Term | null {
  if (a.coefficient % b.coefficient !== 0n) return null
  const rest = new Map(a.powers.map(([atom, exponent]) => [atom, exponent]))
  for (const [atom, exponent] of b.powers) {
    const left = (rest.get(atom) ?? 0) - exponent
    if (left < 0) return null
    if (left === 0) rest.delete(atom)
    else rest.set(atom, left)
  }
  return termOf(a.coefficient / b.coefficient, [...rest])
}

/**
 * Quotient and remainder of polynomials in several unknowns: `dividend = quotient*divisor + remainder`, where the
 * divisor's leading term divides no term of the remainder. `null` where that takes too many steps.
 * Source: Cox, Little, O'Shea, Ideals, Varieties, and Algorithms, section 2.3.
 */
export function divide(
  dividend: readonly Term[],
  divisor: readonly Term[],
): { quotient: Term[]; remainder: Term[] } | null {
  const head = leading(divisor)
  const quotient: Term[] = []
  const remainder: Term[] = []
  let rest = collect(dividend)
  for (let step = 0; rest.size > 0; step++) {
    if (step > 2 * MAX_TERMS || rest.size > 2 * MAX_TERMS) return null
    const top = leading(rest.values())
    const factor = divideTerms(top, head)
    if (factor === null) {
      remainder.push(top)
      rest = collect([...rest.values(), { ...top, coefficient: -top.coefficient }])
      continue
    }
    quotient.push(factor)
    const product = divisor.map((term) => multiplyTerms(factor, { ...term, coefficient: -term.coefficient }))
    rest = collect([...rest.values(), ...product])
  }
  return { quotient, remainder }
}

/** The quotient where the division leaves nothing, or `null`. */
export function divideExactly(dividend: readonly Term[], divisor: readonly Term[]): Term[] | null {
  const unknowns = new Set(dividend.flatMap((term) => term.powers.map(([atom]) => atom)))
  if (divisor.some((term) => term.powers.some(([atom]) => !unknowns.has(atom)))) return null
  const head = leading(divisor)
  const quotient: Term[] = []
  let rest = collect(dividend)
  for (let step = 0; rest.size > 0; step++) {
    if (step > 2 * MAX_TERMS || rest.size > 2 * MAX_TERMS) return null
    const factor = divideTerms(leading(rest.values()), head)
    if (factor === null) return null
    quotient.push(factor)
    const product = divisor.map((term) => multiplyTerms(factor, { ...term, coefficient: -term.coefficient }))
    rest = collect([...rest.values(), ...product])
  }
  return quotient
}
