import { divide as quotient, multiply, ONE, power, rational, sign as signOf } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Algebra } from './algebra.ts'
import { mergePowers } from './algebra.ts'
import type { Costs } from './cost.ts'
import { isWithin } from './emit.ts'
import type { Atom, Factor, Form, Power, Sum, Term } from './form.ts'
import { collect, divide, divideExactly, expand, multiplyTerms, termOf } from './polynomial.ts'

type Powers = readonly Power<Factor>[]

/** Where more relations speak of a form than this, none is tried: two at once are tried in all pairs. */
const MAX_CANDIDATES = 12

/** `coefficient * powers` is 1, because a definition says so, or because a root does. */
interface Relation {
  readonly coefficient: Rational
  readonly powers: Powers
}

/** `atom` is `body`, a number times `numerator/denominator`, both with positive exponents. */
interface Quotient {
  readonly atom: Atom
  readonly body: Form
  readonly numerator: readonly Term[]
  readonly denominator: readonly Term[]
  readonly over: Powers
}

/** How much there is to compute and to read: entries of how many axes first, symbols second. */
interface Weight {
  readonly axes: number
  readonly symbols: number
}

const isLess = (a: Weight, b: Weight): boolean => a.axes < b.axes || (a.axes === b.axes && a.symbols < b.symbols)

const inverse = (powers: Powers): Powers => powers.map(([factor, exponent]) => [factor, -exponent])

/**
 * What definitions and roots say about forms. A polynomial or an unknown that is the body of a definition is replaced by
 * its name. Where the body is a product, as in `A = E./S`, products that hold some of it are rewritten if that makes them
 * shorter, but never so that something is divided by that was not known to be different from zero. Where it is a
 * quotient, a numerator over the same denominator is divided: with `A = 1./(1 + E)`, `E./(1 + E)` is `1 - A`.
 */
export class Names {
  readonly #algebra: Algebra
  readonly #costs: Costs
  readonly #named = new Map<Factor, { readonly atom: Atom; readonly coefficient: Rational }>()
  readonly #relations = new Map<Factor, Relation[]>()
  readonly #quotients = new Map<Factor, Quotient[]>()
  readonly #roots = new Map<Factor, { readonly degree: number; readonly radicand: Form }>()

  constructor(algebra: Algebra, costs: Costs) {
    this.#algebra = algebra
    this.#costs = costs
  }

  /** Notes that `atom` is the name of `body`. False for a body that is better left as it is: a number or another name. */
  learn(body: Form, atom: Atom): boolean {
    const [first] = body.powers
    if (first === undefined) return false
    if (body.powers.length === 1 && first[1] === 1) {
      const [factor] = first
      // A name for the opposite would hide a sign.
      if ((factor.kind === 'atom' && isLeaf(factor)) || signOf(body.coefficient) !== signOf(writtenOf(factor)))
        return false
      if (!this.#named.has(factor)) this.#named.set(factor, { atom, coefficient: body.coefficient })
      const root = this.#roots.get(factor)
      const { n, d } = body.coefficient
      if (root !== undefined && n === d) this.learnRoot(atom, root.degree, root.radicand)
      return true
    }
    this.#relate({ coefficient: body.coefficient, powers: [...body.powers, [atom, -1]] })
    this.#learnQuotient(body, atom)
    return true
  }

  /** Notes that `atom` to the power `degree` is `radicand`. */
  learnRoot(atom: Atom, degree: number, radicand: Form): void {
    if (radicand.powers.length === 0 || this.#roots.has(atom)) return
    this.#roots.set(atom, { degree, radicand })
    this.#relate({
      coefficient: quotient(rational(1n), radicand.coefficient),
      powers: [[atom, degree], ...inverse(radicand.powers)],
    })
  }

  /** Notes that of `sign`, `magnitude` and `of` each but the first is the product of the others, and the squares of those two are equal. */
  learnSign(sign: Atom, magnitude: Atom, of: Form): void {
    this.learnRoot(magnitude, 2, this.#algebra.power(of, 2))
    const { coefficient, powers } = of
    this.#relate({ coefficient: quotient(ONE, coefficient), powers: [[sign, 1], [magnitude, 1], ...inverse(powers)] })
    this.#relate({ coefficient, powers: [[sign, 1], ...powers, [magnitude, -1]] })
  }

  /** `form` with names put in. */
  folded(form: Form): Form {
    let result = form
    if (this.#named.size > 0 && form.powers.some(([factor]) => this.#named.has(factor))) result = this.#renamed(form)
    if (this.#relations.size === 0) return result
    // Division first: a relation may use up the denominator.
    const divided = this.#divided(result)
    return divided === result ? this.#divided(this.#related(result)) : divided
  }

  #relate(relation: Relation): void {
    for (const [factor] of relation.powers) {
      const known = this.#relations.get(factor)
      if (known === undefined) this.#relations.set(factor, [relation])
      else known.push(relation)
    }
  }

  #learnQuotient(body: Form, atom: Atom): void {
    const over = body.powers.filter(([, exponent]) => exponent < 0)
    const numerator = expand(body.powers.filter(([, exponent]) => exponent > 0))
    const denominator = expand(inverse(over))
    if (over.length === 0 || numerator === null || denominator === null) return
    const entry: Quotient = { atom, body, numerator, denominator, over }
    for (const factor of [atom, ...over.map(([divisor]) => divisor)]) {
      this.#quotients.set(factor, [...(this.#quotients.get(factor) ?? []), entry])
    }
  }

  #renamed(form: Form): Form {
    let { coefficient } = form
    let powers: Powers = []
    for (const [factor, exponent] of form.powers) {
      const name = this.#named.get(factor)
      const scaled = name === undefined ? coefficient : quotient(coefficient, power(name.coefficient, exponent))
      // `A - Y` needs no sign, so it is not written as the opposite of a name for `Y - A`.
      const isOpposite = scaled.n < 0n && factor.kind === 'sum' && exponent % 2 !== 0 && hasBothSigns(factor)
      if (name === undefined || isOpposite) {
        powers = mergePowers(powers, [[factor, exponent]])
        continue
      }
      powers = mergePowers(powers, [[name.atom, exponent]])
      coefficient = scaled
    }
    return { coefficient, powers }
  }

  /** The lightest form that relations lead to, by steps that make it lighter, each a relation or two at once. */
  #related(form: Form): Form {
    let best = form
    let weight = this.#weigh(form.powers)
    for (let changed = true; changed;) {
      changed = false
      for (const step of this.#steps(best)) {
        const ends = [step, ...this.#steps(step)]
        for (const end of ends) {
          const other = this.#weigh(end.powers)
          if (!isLess(other, weight)) continue
          best = end
          weight = other
          changed = true
        }
        if (changed) break
      }
    }
    return best
  }

  /** The forms that one relation makes of this one. */
  #steps(form: Form): Form[] {
    const candidates = new Set(form.powers.flatMap(([factor]) => this.#relations.get(factor) ?? []))
    if (candidates.size > MAX_CANDIDATES) return []
    return [...candidates].flatMap((relation) =>
      [1, -1].flatMap((direction): Form[] => {
        const change: Powers = relation.powers.map(([factor, exponent]) => [factor, -direction * exponent])
        if (!isDefinedAfter(form.powers, change)) return []
        const coefficient = (direction === 1 ? quotient : multiply)(form.coefficient, relation.coefficient)
        return [{ coefficient, powers: mergePowers(form.powers, change) }]
      }),
    )
  }

  /** `p/d` as `q + s*A`, where `p = q*d + s*n` and a definition says `A = n/d`; if that is shorter. So is `p*A`. */
  #divided(form: Form): Form {
    for (const [factor, exponent] of form.powers) {
      for (const entry of this.#quotients.get(factor) ?? []) {
        if (factor === entry.atom ? exponent < 1 : exponent > -1) continue
        const other = this.#dividedBy(factor === entry.atom ? this.#unnamed(form, entry) : form, entry)
        if (other !== null && isLess(this.#weigh(other.powers), this.#weigh(form.powers))) return this.folded(other)
      }
    }
    return form
  }

  /** One factor `A` written as the quotient that it is. */
  #unnamed(form: Form, { atom, body }: Quotient): Form {
    return {
      coefficient: multiply(form.coefficient, body.coefficient),
      powers: mergePowers(form.powers, [[atom, -1], ...body.powers]),
    }
  }

  #dividedBy(form: Form, { atom, body, numerator, denominator, over }: Quotient): Form | null {
    if (!isWithin(over, form.powers)) return null
    const unknowns = new Set(denominator.flatMap((term) => term.powers.map(([unknown]) => unknown)))
    const top = form.powers.filter(([factor, exponent]) => {
      if (exponent < 0) return false
      if (factor.kind === 'atom') return unknowns.has(factor)
      return exponent === 1 && factor.terms.some((term) => term.powers.some(([unknown]) => unknowns.has(unknown)))
    })
    const dividend = top.length === 0 ? null : expand(top)
    const division = dividend === null ? null : divide(dividend, denominator)
    if (division === null || division.quotient.length === 0 || division.remainder.length === 0) return null
    const { n, d } = body.coefficient
    const name = termOf(d, [[atom, 1]])
    const times = (terms: readonly Term[], by: Term): Term[] => terms.map((term) => multiplyTerms(term, by))
    const share = divideExactly(division.remainder, numerator)
    // Where d - n (or d + n) is a number K, one is (d - n)/K, so r/d is r*(1 - A)/K.
    const minus = share === null ? constantDifference(denominator, numerator, -1n) : null
    const plus = share === null && minus === null ? constantDifference(denominator, numerator, 1n) : null
    const difference = share === null ? (minus ?? plus) : 1n
    if (difference === null) return null
    const shared = { ...name, coefficient: minus === null ? d : -d }
    const rest =
      share === null
        ? [...times(division.remainder, termOf(n, [])), ...times(division.remainder, shared)]
        : times(share, name)
    const inner = this.#algebra.polynomial([...times(division.quotient, termOf(n * difference, [])), ...rest])
    const outside = mergePowers(form.powers, inverse([...top, ...over]))
    const number = quotient(multiply(form.coefficient, inner.coefficient), rational(n * difference))
    return this.#algebra.conjugated({ coefficient: number, powers: mergePowers(outside, inner.powers) })
  }

  #weigh(powers: Powers): Weight {
    let [axes, symbols] = [0, 0]
    for (const [factor, exponent] of powers) {
      const count = Math.abs(exponent)
      axes += count * factor.shape.filter((size) => size !== ONE_SIZE).length
      symbols += (factor.kind === 'atom' ? this.#costs.of(factor.node) : sumSymbols(factor)) + (count > 1 ? 2 : 1)
    }
    return { axes, symbols }
  }
}

/**
 * Whether `powers * change` has a value wherever `powers` has one. A relation says that its factors with positive
 * exponents are, multiplied, those with negative ones; so where the ones are known not to be zero, neither are the others.
 */
function isDefinedAfter(powers: Powers, change: Powers): boolean {
  const before = new Map(powers)
  return change.every(([factor, exponent]) => {
    const old = before.get(factor) ?? 0
    // What is divided by already is not zero.
    if (exponent > 0 || old + exponent >= 0 || old < 0 || isNeverZero(factor)) return true
    return change.every(([other, e]) => e < 0 || isNeverZero(other) || (before.get(other) ?? 0) + e <= 0)
  })
}

/** `a + sign*b` where that is a number and not zero, else `null`. */
function constantDifference(a: readonly Term[], b: readonly Term[], sign: bigint): bigint | null {
  const rest = [...collect([...a, ...b.map((term) => ({ ...term, coefficient: sign * term.coefficient }))]).values()]
  const [only] = rest
  return rest.length === 1 && only?.powers.length === 0 ? only.coefficient : null
}

/** Sizes and exponentials. */
const isNeverZero = (factor: Factor): boolean =>
  factor.kind === 'atom' && (factor.node.kind === 'size' || (factor.node.kind === 'map' && factor.node.fn === 'exp'))

const hasBothSigns = ({ terms }: Sum): boolean =>
  terms.some((term) => term.coefficient > 0n) && terms.some((term) => term.coefficient < 0n)

const writtenOf = (factor: Factor): Rational => (factor.kind === 'sum' ? factor.written : ONE)

const isLeaf = (atom: Atom): boolean => atom.node.inputs.length === 0 || atom.node.kind === 'definition'

const sumSymbols = (sum: Sum): number =>
  sum.terms.reduce((total, term) => total + 2 * Math.max(1, term.powers.length), 0)
