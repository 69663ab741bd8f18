import { multiply, negate, ONE, power as powerOf, rational } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { broadcastShapes, SCALAR } from '../shape/shape.ts'
import { shorterScale } from './digits.ts'
import { isNothing, NOTHING, UNIT } from './form.ts'
import type { Atom, Factor, Form, Power, Sum, Term } from './form.ts'
import { collect, divideExactly, expand, MAX_TERMS, termOf } from './polynomial.ts'
import type { Polynomial } from './polynomial.ts'

/** Products with more factors than this are closed: they count as one unknown from there on. */
const MAX_FACTORS = 24

/** Whole powers up to this exponent are powers of factors; higher ones are unknowns. */
export const MAX_EXPONENT = 16

/** What an algebra asks of whoever uses it. */
export interface AlgebraOwner {
  /** The form as one unknown, for where a region grows too large. */
  readonly close: (form: Form) => Form
  /**
   * Called where adding `parts` gave `sum` by writing products out or by a common denominator, so that the parts may be
   * shorter: `sum * coefficient * over` is their sum.
   */
  readonly written: (
    sum: Sum,
    coefficient: Rational,
    over: readonly Power<Factor>[],
    parts: readonly [Form, Form],
    onlyIfShorter?: boolean,
  ) => void
  /** Whether there is a shorter way to write a sum than term by term. */
  readonly isWritten: (sum: Sum) => boolean
  /** A shorter form by what is known of its factors. */
  readonly folded: (form: Form) => Form
}

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** Values that are 0 or 1 wherever they are defined. */
const TRUTHS = new Set(['gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'step'])

/**
 * Arithmetic on forms over exact rationals. Common factors of numerators and denominators cancel, so a form may be
 * defined where what it came from is not: it is how a value is written where that value exists.
 */
export class Algebra {
  readonly #owner: AlgebraOwner
  readonly #atoms = new Map<Node, Atom>()
  readonly #sums = new Map<string, Sum>()
  readonly #quotients = new Map<string, Form | null>()
  #count = 0

  constructor(owner: AlgebraOwner) {
    this.#owner = owner
  }

  atom(node: Node): Atom {
    const known = this.#atoms.get(node)
    if (known !== undefined) return known
    const isTruth = node.kind === 'map' && TRUTHS.has(node.fn)
    const atom: Atom = { kind: 'atom', id: this.#count++, node, shape: node.shape, isTruth }
    this.#atoms.set(node, atom)
    return atom
  }

  scale(form: Form, by: Rational): Form {
    const coefficient = multiply(form.coefficient, by)
    return coefficient.n === 0n ? NOTHING : { coefficient, powers: form.powers }
  }

  negate(form: Form): Form {
    return { coefficient: negate(form.coefficient), powers: form.powers }
  }

  times(a: Form, b: Form): Form {
    if (isNothing(a) || isNothing(b)) return NOTHING
    if (b.powers.length === 0) return this.scale(a, b.coefficient)
    if (a.powers.length === 0) return this.scale(b, a.coefficient)
    if (a.powers.length + b.powers.length > MAX_FACTORS) {
      return this.times(a.powers.length > 1 ? this.#owner.close(a) : a, b.powers.length > 1 ? this.#owner.close(b) : b)
    }
    const coefficient = multiply(a.coefficient, b.coefficient)
    const powers = mergePowers(a.powers, b.powers)
    return this.#owner.folded(this.conjugated(this.#cancelled({ coefficient, powers })))
  }

  /** `form` to a whole power. The caller has excluded a power of nothing that is not positive. */
  power(form: Form, exponent: number): Form {
    if (exponent === 0) return UNIT
    if (exponent === 1) return form
    const powers = form.powers.map(([factor, e]): Power<Factor> => [
      factor,
      factor.kind === 'atom' && factor.isTruth && e * exponent > 0 ? 1 : e * exponent,
    ])
    return this.#owner.folded({ coefficient: powerOf(form.coefficient, exponent), powers })
  }

  plus(a: Form, b: Form): Form {
    if (isNothing(a)) return b
    if (isNothing(b)) return a
    // A sign that both have is the whole's.
    if (a.coefficient.n < 0n && b.coefficient.n < 0n) return this.negate(this.plus(this.negate(a), this.negate(b)))
    const { shared, over } = commonPowers(a.powers, b.powers)
    const common = mergePowers(shared, over)
    const [left, right] = [a, b].map((form) => mergePowers(form.powers, inverse(common))) as [Powers, Powers]
    const [p, q] = [expand(left), expand(right)]
    if (p === null || q === null || p.length + q.length > MAX_TERMS) return this.#plusClosed(a, b, shared)
    const scaleA = a.coefficient.n * b.coefficient.d
    const scaleB = b.coefficient.n * a.coefficient.d
    const sum = collect([...scaled(p, scaleA), ...scaled(q, scaleB)])
    const denominator = rational(1n, a.coefficient.d * b.coefficient.d)
    if (sum.size === 0) return NOTHING
    const { form: inner, factor } = this.#primitive(sum, denominator)
    // What both have in common, often the cotangent, is written first.
    let form = this.scale({ coefficient: inner.coefficient, powers: mergePowers(common, inner.powers) }, denominator)
    if (factor !== null) {
      const isPlain = over.length === 0 && this.#isPlain(a.coefficient, left) && this.#isPlain(b.coefficient, right)
      if (!isPlain) this.#remember(factor, form, over, shared, a, b)
      // Where one part is all that is common, taking it out may be longer: `x + x.^3`.
      if (left.length === 0 || right.length === 0) {
        this.#owner.written(factor, form.coefficient, mergePowers(form.powers, [[factor, -1]]), [a, b], true)
      }
      const known = new Set(common.flatMap(([part, e]) => (part.kind === 'sum' && e < 0 ? [part] : [])))
      form = this.#divided(form, factor, known)
    }
    return this.#owner.folded(form)
  }

  /** The polynomial with these terms, as a form. */
  polynomial(terms: readonly Term[]): Form {
    const sum = collect(terms)
    return sum.size === 0 ? NOTHING : this.#primitive(sum).form
  }

  /** Whether nothing has to be written out to add it: unknowns, or a sum that is best written term by term. */
  #isPlain({ n, d }: Rational, powers: Powers): boolean {
    const [first] = powers
    if (powers.length === 1 && first?.[0].kind === 'sum' && first[1] === 1) {
      const { written } = first[0]
      const isWhole = d === written.d && (n === written.n || n === -written.n)
      return isWhole && !this.#owner.isWritten(first[0])
    }
    return powers.every(([part]) => part.kind === 'atom')
  }

  /** Tells the owner how `form`, of which `sum` is a factor, was added up from `a` and `b`. */
  #remember(sum: Sum, form: Form, over: Powers, shared: Powers, a: Form, b: Form): void {
    const without = (powers: Powers): [Form, Form] =>
      [a, b].map((part) => ({ coefficient: part.coefficient, powers: mergePowers(part.powers, inverse(powers)) })) as [
        Form,
        Form,
      ]
    // What both parts share beside the polynomial (a monomial, common factors) stays outside; but denominators that
    // both have may be those with which one of them is short.
    const outside = mergePowers(form.powers, inverse([[sum, 1], ...over]))
    this.#owner.written(sum, form.coefficient, over, without(outside))
    const below = shared.filter(([, exponent]) => exponent < 0)
    if (below.length === 0) return
    this.#owner.written(sum, form.coefficient, mergePowers(over, below), without(mergePowers(outside, inverse(below))))
  }

  /** A sum too large to be written out: its parts count as unknowns. */
  #plusClosed(a: Form, b: Form, shared: Powers): Form {
    const parts = [a, b].map((form) => {
      const rest = { coefficient: form.coefficient, powers: mergePowers(form.powers, inverse(shared)) }
      const isMonomial = rest.powers.every(([factor, exponent]) => factor.kind === 'atom' && exponent > 0)
      return isMonomial ? rest : this.#owner.close(rest)
    }) as [Form, Form]
    const sum = this.plus(...parts)
    return this.times({ coefficient: ONE, powers: shared }, sum)
  }

  /**
   * A polynomial as number times atoms times a primitive sum (`null` where it is one term). It was written as a multiple
   * of what stands here.
   */
  #primitive(sum: Polynomial, multiple: Rational = ONE): { form: Form; factor: Sum | null } {
    const terms = [...sum.values()]
    const [first] = terms as [Term]
    if (terms.length === 1) {
      return { form: { coefficient: rational(first.coefficient), powers: first.powers }, factor: null }
    }
    let content = 0n
    const shared = new Map(first.powers)
    for (const term of terms) {
      content = gcd(content, term.coefficient)
      if (shared.size === 0) continue
      const here = new Map(term.powers)
      for (const [atom, exponent] of shared) {
        const least = Math.min(exponent, here.get(atom) ?? 0)
        // A truth value that divides every term may not leave one of them: it would no longer be its own square.
        if (least === 0) shared.delete(atom)
        else shared.set(atom, least)
      }
    }
    const rest = terms.map((term) => {
      const powers = shared.size === 0 ? term.powers : term.powers.flatMap(([atom, exponent]): Power<Atom>[] => {
        const left = exponent - (shared.get(atom) ?? 0)
        return left === 0 ? [] : [[atom, left]]
      }) // prettier-ignore
      return termOf(term.coefficient / content, powers)
    })
    const { sum: factor, negated } = this.#intern(rest, multiply(rational(content), multiple))
    const powers: Power<Factor>[] = [...shared, [factor, 1]]
    return { form: { coefficient: rational(negated ? -content : content), powers }, factor }
  }

  /** The sum of primitive terms or of their negatives; `multiple` of it was written. */
  #intern(terms: readonly Term[], multiple: Rational): { sum: Sum; negated: boolean } {
    const sorted = [...terms].sort((a, b) => (a.key < b.key ? -1 : 1))
    const negated = sorted[0]!.coefficient < 0n
    const key = sorted.map((term) => `${negated ? -term.coefficient : term.coefficient}:${term.key}`).join('+')
    const known = this.#sums.get(key)
    if (known !== undefined) return { sum: known, negated }
    const kept = negated ? terms.map((term) => ({ ...term, coefficient: -term.coefficient })) : terms
    const shapes = terms.flatMap((term) => term.powers.map(([atom]) => atom.shape))
    const shape = broadcastShapes(shapes) ?? SCALAR
    const isMixed = kept.some((term) => term.coefficient < 0n) && kept.some((term) => term.coefficient > 0n)
    const isOpposite = isMixed ? negated : kept[0]!.coefficient < 0n
    const scale = shorterScale(kept, multiple)
    const written = isOpposite ? negate(scale) : scale
    const sum: Sum = { kind: 'sum', id: this.#count++, terms: kept, shape, written }
    this.#sums.set(key, sum)
    return { sum, negated }
  }

  /** `form`, of which `factor` is a factor, with that divided by each of the denominators `known` that divides it. */
  #divided(form: Form, factor: Sum, known: ReadonlySet<Sum>): Form {
    let [result, rest] = [form, factor]
    for (const divisor of known) {
      if (divisor === rest) continue
      for (let tries = 0; tries < 4; tries++) {
        const quotient = this.#quotient(rest, divisor)
        if (quotient === null) break
        const without = mergePowers(result.powers, [[rest, -1], [divisor, 1], ...quotient.powers]) // prettier-ignore
        result = { coefficient: multiply(result.coefficient, quotient.coefficient), powers: without }
        const [left] = quotient.powers.flatMap(([part]) => (part.kind === 'sum' ? [part] : []))
        if (left === undefined) return result
        rest = left
        if (rest === divisor) break
      }
    }
    return result
  }

  /** `a/b` where `b` divides `a`. */
  #quotient(a: Sum, b: Sum): Form | null {
    if (b.terms.length > a.terms.length * 2) return null
    const key = `${a.id}/${b.id}`
    const known = this.#quotients.get(key)
    if (known !== undefined) return known
    const terms = divideExactly(a.terms, b.terms)
    const quotient = terms === null ? null : this.polynomial(terms)
    this.#quotients.set(key, quotient)
    return quotient
  }

  /** `(x + y)*(x - y)` as `x^2 - y^2`. */
  conjugated(form: Form): Form {
    const sums = form.powers.filter(([factor, e]) => factor.kind === 'sum' && e === 1 && factor.terms.length === 2)
    for (const [at, [a]] of sums.entries()) {
      const pair = sums.slice(at + 1).find(([b]) => areConjugate(a as Sum, b as Sum))
      if (pair === undefined) continue
      const [b] = pair
      const { coefficient, powers } = this.polynomial(expand([[a, 1], [b, 1]])!) // prettier-ignore
      const rest = form.powers.flatMap((power) => (power[0] === a ? powers : power[0] === b ? [] : [power]))
      return { coefficient: multiply(form.coefficient, coefficient), powers: mergePowers([], rest) }
    }
    return form
  }

  /** Sums of the numerator that sums of the denominator divide, and the other way round, lose their common part. */
  #cancelled(form: Form): Form {
    const sums = form.powers.filter((power): power is Power<Sum> => power[0].kind === 'sum')
    if (sums.length < 2 || !sums.some(([, e]) => e > 0) || !sums.some(([, e]) => e < 0)) return form
    for (const [a, i] of sums) {
      for (const [b, j] of sums) {
        if (i > 0 === j > 0) continue
        const quotient = this.#quotient(a, b)
        if (quotient === null) continue
        // a = q*b, so a^i is q^i * b^i.
        const replaced = mergePowers(form.powers, [[a, -i], [b, i]]) // prettier-ignore
        const factor = this.power(quotient, i)
        return this.times({ coefficient: form.coefficient, powers: replaced }, factor)
      }
    }
    return form
  }
}

type Powers = readonly Power<Factor>[]

/** Whether two sums of two terms differ in the sign of one. */
function areConjugate(a: Sum, b: Sum): boolean {
  const others = new Map(b.terms.map((term) => [term.key, term.coefficient]))
  const [p, q] = a.terms.map((term) => [term.coefficient, others.get(term.key)] as const)
  if (p?.[1] === undefined || q?.[1] === undefined) return false
  return (p[0] === p[1] && q[0] === -q[1]) || (p[0] === -p[1] && q[0] === q[1])
}

/** `a * b`; factors keep the places they have in `a`. */
export function mergePowers(a: Powers, b: Powers): Powers {
  if (b.length === 0) return a
  if (a.length === 0) return b
  const result: Power<Factor>[] = []
  const extra: (Power<Factor> | null)[] = [...b]
  for (const power of a) {
    const at = extra.findIndex((other) => other?.[0] === power[0])
    const other = at < 0 ? null : extra[at]!
    if (other === null) {
      result.push(power)
      continue
    }
    extra[at] = null
    const exponent = power[1] + other[1]
    const [factor] = power
    const isTruth = factor.kind === 'atom' && factor.isTruth
    if (exponent !== 0) result.push([factor, isTruth && exponent > 0 ? 1 : exponent])
  }
  for (const power of extra) if (power !== null) result.push(power)
  return result
}

const inverse = (powers: Powers): Powers => powers.map(([factor, exponent]) => [factor, -exponent])

/**
 * What can be taken out of two products that are added: `shared` is in both; `over` are denominators of only one,
 * by which the other must be extended.
 */
function commonPowers(a: Powers, b: Powers): { shared: Powers; over: Powers } {
  const shared: Power<Factor>[] = []
  const over: Power<Factor>[] = []
  const others = new Map(b)
  const put = (factor: Factor, i: number, j: number): void => {
    const same = i > 0 && j > 0 ? Math.min(i, j) : i < 0 && j < 0 ? Math.max(i, j) : 0
    if (same !== 0) shared.push([factor, same])
    const rest = Math.min(i, j, 0) - Math.min(same, 0)
    if (rest !== 0) over.push([factor, rest])
  }
  for (const [factor, exponent] of a) {
    put(factor, exponent, others.get(factor) ?? 0)
    others.delete(factor)
  }
  for (const [factor, exponent] of others) put(factor, 0, exponent)
  return { shared, over }
}

const scaled = (terms: readonly Term[], by: bigint): Term[] =>
  terms.map((term) => ({ ...term, coefficient: term.coefficient * by }))

/** `1/form` is a form only where `form` is not zero by what it is made of. */
export const canInvert = (form: Form): boolean =>
  !isNothing(form) && form.powers.every(([factor]) => factor.kind === 'sum' || !factor.isTruth)
