import {
  add,
  div,
  hull,
  intersect,
  interval,
  isEmpty,
  magnitude,
  mul,
  ONE,
  PI,
  point,
  signOf,
  sub,
  up,
  width,
  ZERO,
} from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { erfc, exp, log as logOf, power as powerOf, sqrt } from '../interval/elementary.ts'
import type { Piece } from '../pieces.ts'
import { INTERVALS } from '../smooth/field.ts'
import type { Primitive } from '../smooth/field.ts'
import { evaluateTape, runTape } from '../smooth/jet.ts'
import { tailInterval, atInfinity, tailOf } from '../smooth/tail-sign.ts'
import { partOf } from '../smooth/tape.ts'
import type { Tape } from '../smooth/tape.ts'
import { isNone, NO_EXPONENT } from '../tail/exponent.ts'
import { TailField } from '../tail/germ.ts'
import type { Germ, MaybeGerm } from '../tail/germ.ts'
import { rangeOfProduct } from '../tail/laurent.ts'
import { four, integrandsOn, isSquare } from './cell.ts'
import type { Four, Part } from './cell.ts'
import { densityAt } from './series.ts'

/** A part of an integral that may have no value: 1 where it is proven to be infinite, -1 where minus infinity. */
export interface ImproperPart extends Part {
  readonly diverges: -1 | 0 | 1
}

/** The integrals beyond `side * start`, `start >= 1`. */
export function tailPart(piece: Piece, side: -1 | 1, start: number): Four<ImproperPart> {
  // What is bounded needs no growth: its values times the probability of the tail.
  const probability = div(erfc(div(point(start), sqrt(point(2)))), point(2))
  const [g, slope] = evaluateTape(INTERVALS, piece.lean, tailInterval(side, start), 1)
  const known = four((index) => {
    const factor = (index < 2 ? g : slope)!
    const bounds = isEmpty(factor) ? EVERYTHING : isSquare(index) ? powerOf(factor, 2) : factor
    return mul(bounds, probability)
  })
  const attempt = (field: TailField, jet: readonly MaybeGerm[]): Four<ImproperPart> => {
    const integrands = products(field, jet, densityGerm(field, field.variable(side)))
    return four((index) => improper(field, integrands[index], point(start), index, known[index]))
  }
  const usual = tailOf(piece.lean, atInfinity(side), { isExponential: false, start }, 1)
  return refined(attempt(usual.field, usual.jet), (bound) => {
    const field = new BoundingField(start, bound)
    return attempt(field, jetOf(field, piece.lean, field.variable(side)))
  })
}

const EVERYTHING = interval(-Infinity, Infinity)

/** Looks further, for bounds and for a proof that there are none, as long as something is open. */
function refined(parts: Four<ImproperPart>, attempt: (bound: Bound) => Four<ImproperPart>): Four<ImproperPart> {
  let best = parts
  for (const bound of ['above', 'below'] as const) {
    if (best.every(({ value }) => magnitude(value) < Infinity)) break
    const other = attempt(bound)
    best = four((index) => {
      const [a, b] = [best[index], other[index]]
      if (a.diverges !== 0) return a
      if (b.diverges !== 0) return b
      const value = intersect(a.value, b.value) ?? a.value
      return { value, slack: width(value), diverges: 0 }
    })
  }
  return best
}

/**
 * The integrals from the piece's end on one side to `b`, closer than 1, where the integrands may be unbounded: with
 * `x = 1/|z - end|` they are integrals beyond `1/|b - end|` with a factor `x^-2`, and behaviours at infinity tell what they do.
 */
export function endPart(piece: Piece, side: -1 | 1, b: number): Four<ImproperPart> {
  const end = side < 0 ? piece.from : piece.to
  const near = side < 0 ? interval(end.lo, b) : interval(b, end.hi)
  const reach = side < 0 ? sub(point(b), end) : sub(end, point(b))
  const values = integrandsOn(piece.lean, near)
  const known = four((index) => mul(values[index], reach))
  const from = div(ONE, reach)
  const attempt = (field: TailField): Four<ImproperPart> => {
    const z = field.add(field.constant(end), monomial(-1, point(-side)))
    const jet = from.lo < 1 ? null : jetAtEnd(field, piece, end, z)
    const density = field.mul(monomial(-2, ONE), field.constant(densityAt(near)))
    const integrands = jet === null ? four(() => null) : products(field, jet, density)
    return four((index) => improper(field, integrands[index], from, index, known[index]))
  }
  const start = Math.max(1, from.lo)
  return refined(attempt(new TailField(start)), (bound) => attempt(new BoundingField(start, bound)))
}

function products(field: TailField, jet: readonly MaybeGerm[], density: MaybeGerm): Four<MaybeGerm> {
  const [g = null, slope = null] = jet
  return four((index) => {
    const factor = index < 2 ? g : slope
    return field.mul(isSquare(index) ? field.power(factor, 2) : factor, density)
  })
}

function densityGerm(field: TailField, z: Germ): MaybeGerm {
  const exponent = field.mul(field.constant(point(-0.5)), field.power(z, 2))
  return field.mul(field.constant(densityAt(ZERO)), field.apply('exp', exponent))
}

function improper(field: TailField, germ: MaybeGerm, from: Interval, index: number, known: Interval): ImproperPart {
  const sign = germ === null ? 0 : divergence(field, germ)
  if (sign !== 0) return { value: ZERO, slack: 0, diverges: sign }
  let value = germ === null ? EVERYTHING : integralOf(field, germ, from)
  value = interval(Math.max(value.lo, known.lo), Math.min(value.hi, known.hi))
  if (isSquare(index)) value = interval(Math.max(0, value.lo), value.hi)
  return { value, slack: width(value), diverges: 0 }
}

/** Whether the leading part `x^p*exp(q)` of an integrand, which the rest does not cancel, has an infinite integral: `p >= -1`. */
function divergence(field: TailField, germ: Germ): -1 | 0 | 1 {
  const lead = field.leading(germ)
  if (lead === null || field.range(lead.rest).lo <= -1) return 0
  const growth = field.growth(lead.q)
  if (growth === 1 || (growth === 0 && isNone(lead.q) && lead.monomial.power >= -1)) {
    return signOf(lead.monomial.coefficient) ?? 0
  }
  return 0
}

/** Exponents `s` for which `x^p*exp(q)` is bounded by its largest `x^(p+s)*exp(q)` times `x^-s`. */
const FALLS = [2, 8, 32, 128, 512] as const

/** The integral beyond `from`, known up to bounds of which the field's start is the lower. */
function integralOf(field: TailField, germ: Germ, from: Interval): Interval {
  let sum = ZERO
  for (const { q, c } of germ.terms) {
    for (const { power: p, coefficient } of c) {
      if (isNone(q)) {
        if (p >= -1) return EVERYTHING
        // x^(p+1)/(-p-1)
        const tail = div(powerOf(from, p + 1), point(-p - 1))
        sum = add(sum, mul(coefficient, tail))
        continue
      }
      // What lowers the exponent further only lowers the bound.
      const d = field.polynomial(q).filter((term, at) => at === 0 || term.coefficient.hi > 0)
      let most = Infinity
      for (const s of FALLS) {
        const largest = rangeOfProduct(p + s, d, field.start).hi
        const bound = mul(point(largest), div(powerOf(point(field.start), 1 - s), point(s - 1)))
        if (!isEmpty(bound)) most = Math.min(most, bound.hi)
      }
      sum = add(sum, mul(coefficient, interval(0, most)))
    }
  }
  return isEmpty(sum) ? EVERYTHING : sum
}

/**
 * A field in which logarithms, and powers that are no exact double, are powers too, times what varies: between 0 and a
 * number where bounds from above are wanted, or at least 1 where a proof of divergence is. What is bounded and grows in a
 * way that is not known is a number between its bounds.
 */
class BoundingField extends TailField {
  readonly #bound: Bound
  /** What is a number times a logarithm, which its exponential is told by. */
  readonly #logarithms = new WeakMap<Germ, { readonly factor: Interval; readonly lead: Lead }>()

  constructor(start: number, bound: Bound) {
    super(start)
    this.#bound = bound
  }

  override apply(fn: Primitive, a: MaybeGerm): MaybeGerm {
    const logarithm = fn === 'exp' && a !== null ? this.#logarithms.get(a) : undefined
    if (logarithm !== undefined) return this.#powerOf(logarithm.lead, logarithm.factor)
    const known = super.apply(fn, a)
    const range = RANGES[fn]
    if (known === null && range !== undefined) return this.constant(range)
    if (known !== null || a === null || (fn !== 'log' && fn !== 'log1p')) return known
    const base = fn === 'log' ? a : this.add(this.constant(ONE), a)
    const lead = this.#positiveLead(base)
    if (lead === null) return null
    const result = this.#logarithm(lead)
    if (result !== null) this.#logarithms.set(result, { factor: ONE, lead })
    return result
  }

  override mul(a: MaybeGerm, b: MaybeGerm): MaybeGerm {
    const result = super.mul(a, b)
    for (const [number, other] of [[a, b], [b, a]] as const) {
      const factor = numberOf(number)
      const known = other === null ? undefined : this.#logarithms.get(other)
      if (result !== null && factor !== null && known !== undefined) {
        this.#logarithms.set(result, { factor: mul(factor, known.factor), lead: known.lead })
      }
    } // prettier-ignore
    return result
  }

  #logarithm(lead: Lead): MaybeGerm {
    const bounded = add(logOf(lead.coefficient), logOf(lead.rest))
    // log(x) <= 4/e * x^(1/4), and log(x) >= 1 from e on.
    if (this.#bound === 'below' && this.start < 3) return null
    const [power, range] = this.#bound === 'above' ? [0.25, interval(0, up(4 / Math.E))] : [0, interval(1, Infinity)]
    return this.add(monomial(power, mul(point(lead.power), range)), this.constant(bounded))
  }

  override power(a: MaybeGerm, exponent: number): MaybeGerm {
    const known = super.power(a, exponent)
    const lead = known === null ? this.#positiveLead(a) : null
    return lead === null ? known : this.#powerOf(lead, point(exponent))
  }

  #powerOf(lead: Lead, exponent: Interval): Germ {
    const { lo, hi } = mul(point(lead.power), exponent)
    const size = exp(mul(exponent, add(logOf(lead.coefficient), logOf(lead.rest))))
    if (this.#bound === 'above') return monomial(Math.ceil(hi * GRID) / GRID, mul(size, interval(0, 1)))
    return monomial(Math.floor(lo * GRID) / GRID, mul(size, interval(1, Infinity)))
  }

  /** `c * x^p * rest` with positive bounds. */
  #positiveLead(a: MaybeGerm): Lead | null {
    const lead = a === null ? null : this.leading(a)
    if (lead === null || !isNone(lead.q) || signOf(lead.monomial.coefficient) !== 1) return null
    const rest = add(ONE, this.range(lead.rest))
    return rest.lo <= 0 ? null : { ...lead.monomial, rest }
  }
}

/** Where the values of bounded functions lie, whatever their argument is. */
const RANGES: Partial<Record<Primitive, Interval>> = {
  sin: interval(-1, 1),
  cos: interval(-1, 1),
  tanh: interval(-1, 1),
  erf: interval(-1, 1),
  erfc: interval(0, 2),
  sigmoid: interval(0, 1),
  atan: interval(-PI.hi / 2, PI.hi / 2),
}

/** `c * x^p * rest`, `c` and `rest` positive. */
interface Lead {
  readonly coefficient: Interval
  readonly power: number
  readonly rest: Interval
}

/** The number that a germ is. */
function numberOf(a: MaybeGerm): Interval | null {
  const [term, more] = a?.terms ?? []
  const [monomial, other] = term?.c ?? []
  if (term === undefined || more !== undefined || !isNone(term.q) || other !== undefined) return null
  return monomial?.power === 0 ? monomial.coefficient : null
}

type Bound = 'above' | 'below'

/** Powers of this many parts of one are exact doubles, sums of them included. */
const GRID = 1024

const monomial = (power: number, coefficient: Interval): Germ => ({
  terms: [{ q: NO_EXPONENT, c: [{ power, coefficient }] }],
  origin: null,
})

/**
 * Value and slope next to an end of which only bounds are known. There one of the guards is zero, and where it is clear
 * which, it is exactly zero: so `cos(z)` next to the end of a piece of `tan(z)` has no constant part.
 */
function jetAtEnd(field: TailField, piece: Piece, end: Interval, z: MaybeGerm): readonly MaybeGerm[] | null {
  const { tape } = piece
  if (end.lo === end.hi) return jetOf(field, piece.lean, z)
  const zero = tape.guards.map(({ index }) => index).filter((index) => vanishes(tape, index, end))
  const first = Math.min(...zero)
  if (!isSimpleZero(tape, first, end)) return null
  const jets = runTape<MaybeGerm>(field, tape, z, 1, (value, index) =>
    index === first && value !== null ? { terms: value.terms.map(({ q, c }) => ({ q, c: c.filter(({ power: p }) => p !== 0) })).filter(({ c }) => c.length > 0), origin: null } : value) // prettier-ignore
  // Another guard may be zero elsewhere within the bounds, unless it is a multiple of the first.
  const follow = zero.every(
    (index) => jets[index]![0]?.terms.every(({ c }) => c.every(({ power: p }) => p < 0)) ?? false,
  )
  return follow ? jets[tape.result]! : null
}

const jetOf = (field: TailField, tape: Tape, z: MaybeGerm): readonly MaybeGerm[] =>
  runTape<MaybeGerm>(field, tape, z, 1)[tape.result]!

function vanishes(tape: Tape, index: number, at: Interval): boolean {
  const [value] = evaluateTape(INTERVALS, partOf(tape, index), at, 0)
  return isEmpty(value!) || signOf(value!) === null || signOf(value!) === 0
}

function isSimpleZero(tape: Tape, index: number, at: Interval): boolean {
  if (!Number.isFinite(index)) return false
  const part = partOf(tape, index)
  const margin = 4 * width(at) + magnitude(at) * 2 ** -48
  const around = hull(sub(at, point(margin)), add(at, point(margin)))
  const [, slope] = evaluateTape(INTERVALS, part, around, 1)
  const sides = [around.lo, around.hi].map((x) => signOf(evaluateTape(INTERVALS, part, point(x), 0)[0]!))
  return (
    !isEmpty(slope!) && signOf(slope!) !== null && signOf(slope!) !== 0 && sides[0] === -sides[1]! && sides[0] !== 0
  )
}
