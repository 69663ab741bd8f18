import { add, div, hull, interval, magnitude, mul, ONE, point, signOf, sub, ZERO } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { power as powerOf } from '../interval/elementary.ts'
import type { Field, Primitive } from '../smooth/field.ts'
import { combine, halved, isNone, NO_EXPONENT, polynomialOf } from './exponent.ts'
import type { Exponent } from './exponent.ts'
import { applyAtInfinity } from './functions.ts'
import { addLaurent, leadingSign, multiplyLaurent, negateLaurent, overMonomial, rangeOfProduct } from './laurent.ts'
import type { Laurent, Monomial } from './laurent.ts'

/** `exp(q(x)) * c(x)`. */
export interface Term {
  readonly q: Exponent
  readonly c: Laurent
}

/**
 * The step of a tape of which a germ is an exact multiple, so that exponentials of both are known to be powers of each
 * other. Where not `whole`, this holds for the part that grows only.
 */
export interface Origin {
  readonly name: string
  readonly factor: number
  readonly whole: boolean
}

/**
 * How a function behaves for all `x >= start`: a sum of terms, the fastest growing first. Coefficients are intervals: the
 * function is *some* sum with coefficients, which may vary with `x`, between these bounds. No terms: exactly zero.
 */
export interface Germ {
  readonly terms: readonly Term[]
  readonly origin: Origin | null
}

/** `null`: the behaviour is beyond what terms can say. */
export type MaybeGerm = Germ | null

const MAX_TERMS = 5

/**
 * Arithmetic of behaviours on `[start, infinity)`, `start >= 1`: every result holds the true function. This is what makes
 * statements about all of the real line rigorous: intervals alone lose `x*sigmoid(x)` where one factor is unbounded.
 */
export class TailField implements Field<MaybeGerm> {
  readonly start: number
  readonly atoms = new Map<string, Laurent>()
  readonly #polynomials = new Map<string, Laurent>()

  constructor(start: number) {
    this.start = start
  }

  /** The variable itself, or where `side` is -1 its negative, the tail to the left. */
  variable(side: -1 | 1): Germ {
    return { terms: [{ q: NO_EXPONENT, c: [{ power: 1, coefficient: point(side) }] }], origin: null }
  }

  constant(value: Interval): Germ {
    if (value.lo === 0 && value.hi === 0) return { terms: [], origin: null }
    return { terms: [{ q: NO_EXPONENT, c: [{ power: 0, coefficient: value }] }], origin: null }
  }

  add(a: MaybeGerm, b: MaybeGerm): MaybeGerm {
    if (a === null || b === null) return null
    if (b.terms.length === 0) return a
    if (a.terms.length === 0) return b
    const sum = this.germ([...a.terms, ...b.terms])
    const origin = this.#isBounded(b) ? a.origin : this.#isBounded(a) ? b.origin : null
    return sum === null || origin === null ? sum : { ...sum, origin: { ...origin, whole: false } }
  }

  #isBounded(a: Germ): boolean {
    const [first] = a.terms
    if (first === undefined) return true
    const growth = this.growth(first.q)
    return growth === -1 || (growth === 0 && first.c[0]!.power <= 0)
  }

  sub(a: MaybeGerm, b: MaybeGerm): MaybeGerm {
    return this.add(a, this.neg(b))
  }

  neg(a: MaybeGerm): MaybeGerm {
    if (a === null) return null
    const origin = a.origin === null ? null : { ...a.origin, factor: -a.origin.factor }
    return { terms: a.terms.map(({ q, c }) => ({ q, c: negateLaurent(c) })), origin }
  }

  mul(a: MaybeGerm, b: MaybeGerm): MaybeGerm {
    if (a?.terms.length === 0 || b?.terms.length === 0) return this.constant(ZERO)
    if (a === null || b === null) return null
    const products: Term[] = []
    for (const left of a.terms) {
      for (const right of b.terms) {
        const q = combine(left.q, right.q, 1)
        if (q === null) return null
        products.push({ q, c: multiplyLaurent(left.c, right.c, this.start) })
      }
    }
    const product = this.germ(products)
    const origin = multiple(a, b) ?? multiple(b, a)
    return product === null || origin === null ? product : { ...product, origin }
  }

  div(a: MaybeGerm, b: MaybeGerm): MaybeGerm {
    return this.mul(a, this.power(b, -1))
  }

  power(a: MaybeGerm, exponent: number): MaybeGerm {
    if (a === null) return null
    if (exponent === 0) return this.constant(ONE)
    if (exponent === 1) return a
    if (Number.isInteger(exponent) && exponent > 0 && exponent <= 64) {
      let product: MaybeGerm = a
      for (let k = 1; k < exponent; k++) product = this.mul(product, a)
      if (product === null || a.origin?.whole !== true || exponent !== 2) return product
      return { ...product, origin: { name: `${a.origin.name}^2`, factor: a.origin.factor ** 2, whole: true } }
    }
    return this.#realPower(a, exponent)
  }

  apply(fn: Primitive, a: MaybeGerm): MaybeGerm {
    return a === null ? null : applyAtInfinity(this, fn, a)
  }

  /** Terms collected and sorted; `null` where it cannot be told which grows faster. */
  germ(terms: readonly Term[]): MaybeGerm {
    const byKey = new Map<string, Term>()
    for (const term of terms) {
      const known = byKey.get(term.q.key)
      byKey.set(term.q.key, known === undefined ? term : { q: term.q, c: addLaurent(known.c, term.c, this.start) })
    }
    const sorted: Term[] = []
    for (const term of byKey.values()) {
      if (term.c.length === 0) continue
      let at = 0
      for (; at < sorted.length; at++) {
        const order = this.compare(term.q, sorted[at]!.q)
        if (order === null) return null
        if (order > 0) break
      }
      sorted.splice(at, 0, term)
    }
    return this.#shortened(sorted)
  }

  #shortened(terms: Term[]): MaybeGerm {
    while (terms.length > MAX_TERMS) {
      const from = terms.pop()!
      const into = terms.pop()!
      const difference = combine(from.q, into.q, -1)
      if (difference === null) return null
      const d = this.polynomial(difference)
      const lowest = into.c.at(-1)!.power
      let c = into.c
      for (const { power, coefficient } of from.c) {
        const ratio = rangeOfProduct(power - lowest, d, this.start)
        if (ratio.hi === Infinity) return null
        c = addLaurent(c, [{ power: lowest, coefficient: mul(coefficient, interval(0, ratio.hi)) }], this.start)
      }
      terms.push({ q: into.q, c })
    }
    return { terms, origin: null }
  }

  /** Which of two exponentials grows faster; `null` where the bounds do not tell. */
  compare(a: Exponent, b: Exponent): -1 | 0 | 1 | null {
    const difference = combine(a, b, -1)
    return difference === null ? null : leadingSign(this.polynomial(difference))
  }

  /** Bounds of the polynomial in an exponent. */
  polynomial(q: Exponent): Laurent {
    let known = this.#polynomials.get(q.key)
    if (known === undefined) this.#polynomials.set(q.key, (known = polynomialOf(q, this.atoms, this.start)))
    return known
  }

  growth(q: Exponent): -1 | 0 | 1 | null {
    return leadingSign(this.polynomial(q))
  }

  /** All values on the tail. */
  range(a: Germ): Interval {
    let sum = ZERO
    for (const { q, c } of a.terms) {
      const d = this.polynomial(q)
      for (const { power, coefficient } of c) {
        sum = add(sum, mul(coefficient, rangeOfProduct(power, d, this.start)))
      }
    }
    return sum
  }

  /** The fastest growing part, one power times one exponential, and what the germ is divided by it, less one. */
  leading(a: Germ): { q: Exponent; monomial: Monomial; rest: Germ } | null {
    const [first] = a.terms
    if (first === undefined) return null
    const monomial = first.c[0]!
    if (signOf(monomial.coefficient) === null) return null
    const terms: Term[] = [{ q: NO_EXPONENT, c: overMonomial(first.c.slice(1), monomial) }]
    for (const { q, c } of a.terms.slice(1)) {
      const quotient = combine(q, first.q, -1)
      if (quotient === null) return null
      terms.push({ q: quotient, c: overMonomial(c, monomial) })
    }
    const rest = this.germ(terms)
    return rest === null ? null : { q: first.q, monomial, rest }
  }

  /** The sign on the whole tail, 0 only for zero itself; `null` where it changes or is not known. */
  sign(a: Germ): -1 | 0 | 1 | null {
    if (a.terms.length === 0) return 0
    const lead = this.leading(a)
    if (lead === null || this.range(lead.rest).lo <= -1) return null
    return signOf(lead.monomial.coefficient)
  }

  /** Bounds of the limit; `null` where there may be none. */
  limit(a: Germ): Interval | null {
    const [first] = a.terms
    if (first === undefined) return ZERO
    const growth = this.growth(first.q)
    const { power, coefficient } = first.c[0]!
    if (growth === null) return null
    if (growth < 0 || (growth === 0 && power < 0)) return ZERO
    if (growth === 0 && power === 0) return magnitude(coefficient) === Infinity ? null : coefficient
    const sign = signOf(coefficient)
    if (sign === null) return null
    return sign > 0 ? interval(Number.MAX_VALUE, Infinity) : interval(-Infinity, -Number.MAX_VALUE)
  }

  /**
   * `f(c + v)` for a `v` that tends to zero, by Taylor's formula with Lagrange's remainder: `derivatives` are those at `c`
   * up to the second, `third` bounds the third one between `c` and all values of `c + v`.
   */
  taylor(derivatives: readonly Interval[], third: Interval, v: MaybeGerm): MaybeGerm {
    const [f, d, dd] = derivatives
    const square = this.power(v, 2)
    const linear = this.add(this.constant(f!), this.mul(this.constant(d!), v))
    const quadratic = this.mul(this.constant(div(dd!, point(2))), square)
    const remainder = this.mul(this.constant(div(third, point(6))), this.mul(square, v))
    return this.add(this.add(linear, quadratic), remainder)
  }

  /** `lead^p * (1 + rest)^p`, the second factor by Taylor's formula. */
  #realPower(a: Germ, p: number): MaybeGerm {
    const lead = this.leading(a)
    if (lead === null) return null
    const { monomial, rest } = lead
    const around = hull(add(ONE, this.range(rest)), ONE)
    if (around.lo <= 0 || (!Number.isInteger(p) && signOf(monomial.coefficient) !== 1)) return null
    const q = this.#scaledExponent(lead.q, p)
    const power = monomial.power * p
    if (q === null || (!Number.isInteger(p) && !Number.isInteger(4 * power))) return null
    const [one, two] = [mul(point(p), sub(point(p), ONE)), sub(point(p), point(2))]
    const third = mul(mul(one, two), powerOf(around, p - 3))
    const factor = this.taylor([ONE, point(p), one], third, rest)
    const scale: Germ = { terms: [{ q, c: [{ power, coefficient: powerOf(monomial.coefficient, p) }] }], origin: null }
    return this.mul(scale, factor)
  }

  /** `p*q` where `p` is whole or a half, so that no coefficient is rounded. */
  #scaledExponent(q: Exponent, p: number): Exponent | null {
    if (isNone(q)) return q
    if (!Number.isInteger(2 * p) || Math.abs(p) > 64) return null
    if (p < 0) {
      const positive = this.#scaledExponent(q, -p)
      return positive === null ? null : combine(NO_EXPONENT, positive, -1)
    }
    const unit = Number.isInteger(p) ? q : halved(q)
    const times = Number.isInteger(p) ? p : 2 * p
    let sum: Exponent | null = NO_EXPONENT
    for (let k = 0; k < times && sum !== null; k++) sum = combine(sum, unit, 1)
    return sum
  }
}

/** The origin of `a` times the number that `b` is, where it is one exactly. */
function multiple(a: Germ, b: Germ): Germ['origin'] {
  const [only, more] = b.terms
  if (a.origin === null || only === undefined || more !== undefined || !isNone(only.q)) return null
  const [monomial, other] = only.c
  if (monomial?.power !== 0 || other !== undefined) return null
  const { lo, hi } = monomial.coefficient
  return lo === hi ? { ...a.origin, factor: a.origin.factor * lo } : null
}
