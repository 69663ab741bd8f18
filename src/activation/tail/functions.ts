import { add, div, hull, interval, magnitude, mul, neg, ONE, PI, point, signOf, ZERO } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { exp, log as logOf, power, sqrt } from '../interval/elementary.ts'
import { derivativesOf, INTERVALS } from '../smooth/field.ts'
import type { Primitive } from '../smooth/field.ts'
import { atomExponent, exactExponent, isNone, NO_EXPONENT } from './exponent.ts'
import type { Germ, MaybeGerm, TailField } from './germ.ts'
import { addLaurent } from './laurent.ts'
import type { Laurent } from './laurent.ts'

const isEmpty = (a: Interval): boolean => Number.isNaN(a.lo) || Number.isNaN(a.hi)

/** A primitive of a germ: by Taylor's formula where the argument tends to a number, by its growth where it does not. */
export function applyAtInfinity(f: TailField, fn: Primitive, u: Germ): MaybeGerm {
  const trend = trendOf(f, u)
  if (trend === null) return null
  if (trend === 0) return atFiniteLimit(f, fn, u)
  switch (fn) {
    case 'exp':
      return exponential(f, u, trend)
    case 'expm1':
      return f.sub(exponential(f, u, trend), f.constant(ONE))
    case 'log':
      return logarithm(f, u)
    case 'log1p': {
      const sum = f.add(f.constant(ONE), u)
      return sum === null ? null : logarithm(f, sum)
    }
    case 'sinh':
    case 'cosh': {
      const [rising, falling] = [exponential(f, u, trend), exponential(f, negated(f, u), -trend as -1 | 1)]
      const sum = fn === 'sinh' ? f.sub(rising, falling) : f.add(rising, falling)
      return f.mul(f.constant(point(0.5)), sum)
    }
    case 'sin':
    case 'cos':
      return f.constant(interval(-1, 1))
    case 'sigmoid': {
      const e = decaying(f, u, trend)
      const quotient = f.div(f.constant(ONE), f.add(f.constant(ONE), e))
      return trend > 0 ? quotient : f.mul(e, quotient)
    }
    case 'tanh': {
      const e = decaying(f, f.mul(f.constant(point(2)), u)!, trend)
      const quotient = f.div(f.sub(f.constant(ONE), e), f.add(f.constant(ONE), e))
      return trend > 0 ? quotient : f.neg(quotient)
    }
    case 'softplus': {
      const e = decaying(f, u, trend)
      const small = e === null ? null : atFiniteLimit(f, 'log1p', e)
      return trend > 0 ? f.add(u, small) : small
    }
    case 'atan': {
      const inverse = f.power(u, -1)
      const complement = inverse === null ? null : atFiniteLimit(f, 'atan', inverse)
      const right = div(PI, point(2))
      return f.sub(f.constant(trend > 0 ? right : neg(right)), complement)
    }
    case 'erfc':
    case 'erf': {
      const small = complement(f, trend > 0 ? u : negated(f, u))
      if (fn === 'erfc') return trend > 0 ? small : f.sub(f.constant(point(2)), small)
      return trend > 0 ? f.sub(f.constant(ONE), small) : f.sub(small, f.constant(ONE))
    }
    case 'asin':
    case 'acos':
      return null
  }
}

const negated = (f: TailField, u: Germ): Germ => f.neg(u)!

/** Where a germ goes: 0 to a number (or it stays bounded), 1 to infinity, -1 to minus infinity. */
function trendOf(f: TailField, u: Germ): -1 | 0 | 1 | null {
  const [first] = u.terms
  if (first === undefined) return 0
  const growth = f.growth(first.q)
  if (growth === null) return null
  const { power: p, coefficient } = first.c[0]!
  if (growth < 0 || (growth === 0 && p <= 0)) return 0
  const sign = signOf(coefficient)
  return sign === null ? null : sign
}

/** The coefficient of the constant. */
function constantPart(u: Germ): Interval {
  const plain = u.terms.find(({ q }) => isNone(q))
  return plain?.c.find((monomial) => monomial.power === 0)?.coefficient ?? ZERO
}

function withoutConstant(u: Germ): Germ {
  const terms = u.terms.map(({ q, c }) => ({ q, c: isNone(q) ? c.filter((monomial) => monomial.power !== 0) : c }))
  return { terms: terms.filter(({ c }) => c.length > 0), origin: null }
}

function atFiniteLimit(f: TailField, fn: Primitive, u: Germ): MaybeGerm {
  const c = constantPart(u)
  if (fn === 'log' && signOf(c) !== 1) return logarithm(f, u)
  if (fn === 'log1p' && signOf(add(ONE, c)) !== 1) {
    const sum = f.add(f.constant(ONE), u)
    return sum === null ? null : logarithm(f, sum)
  }
  const v = withoutConstant(u)
  const at = derivativesOf(INTERVALS, fn, c, 2).slice(0, 3)
  if (v.terms.length === 0) return isEmpty(at[0]!) ? null : f.constant(at[0]!)
  const third = derivativesOf(INTERVALS, fn, hull(c, add(c, f.range(v))), 3)[3]!
  if ([...at, third].some((bounds) => isEmpty(bounds) || !Number.isFinite(bounds.lo) || !Number.isFinite(bounds.hi)))
    return null
  return f.taylor(at, third, v)
}

/** `exp(-|u|)`. */
const decaying = (f: TailField, u: Germ, trend: -1 | 1): MaybeGerm => exponential(f, trend > 0 ? negated(f, u) : u, -1)

function exponential(f: TailField, u: Germ, trend: -1 | 1): MaybeGerm {
  if (!isNone(u.terms[0]!.q)) return trend < 0 ? vanishing(f, u) : null
  const plain = u.terms[0]!.c
  const polar = plain.filter((monomial) => monomial.power > 0)
  const bounded: Laurent = plain.filter((monomial) => monomial.power <= 0)
  const rest = f.germ([{ q: NO_EXPONENT, c: bounded }, ...u.terms.slice(1)])
  const factor = rest === null ? null : atFiniteLimit(f, 'exp', rest)
  const isHuge =
    factor !== null && !factor.terms.every(({ c }) => c.every((m) => Number.isFinite(magnitude(m.coefficient))))
  if (isHuge) return trend < 0 ? halved(f, polar, rest!) : null
  const q = exactExponent(polar) ?? atom(f, polar, u.origin)
  const scale: Germ = { terms: [{ q, c: [{ power: 0, coefficient: ONE }] }], origin: null }
  return f.mul(scale, factor)
}

function atom(f: TailField, polar: Laurent, origin: Germ['origin']): ReturnType<typeof atomExponent> {
  const name = origin?.name ?? `#${f.atoms.size}`
  const factor = origin?.factor ?? 1
  if (!f.atoms.has(name)) {
    const unit = polar.map((m) => ({ power: m.power, coefficient: div(m.coefficient, point(factor)) }))
    f.atoms.set(name, unit)
  }
  return atomExponent(name, factor)
}

/** A falling exponential whose factor is beyond doubles: half of the exponent is set against it. */
function halved(f: TailField, polar: Laurent, rest: Germ): MaybeGerm {
  if (!polar.every(({ coefficient }) => coefficient.hi < 0)) return null
  const half = polar.map(({ power: p, coefficient }) => ({ power: p, coefficient: div(coefficient, point(2)) }))
  // It falls, so that its largest value is that at the start.
  const first = half.reduce(
    (sum, { power: p, coefficient }) => add(sum, mul(coefficient, power(point(f.start), p))),
    ZERO,
  )
  const most = exp(add(first, f.range(rest))).hi
  if (!Number.isFinite(most)) return null
  const q = exactExponent(half) ?? atom(f, half, null)
  return { terms: [{ q, c: [{ power: 0, coefficient: interval(0, most) }] }], origin: null }
}

/** `exp(u)` where `u` itself falls exponentially: between zero and some `exp(-x^k)`. */
function vanishing(f: TailField, u: Germ): MaybeGerm {
  for (const k of [4, 3, 2, 1]) {
    const monomials: Laurent = [{ power: k, coefficient: ONE }]
    const sum = f.add(u, { terms: [{ q: NO_EXPONENT, c: monomials }], origin: null })
    if (sum === null || f.sign(sum) !== -1) continue
    const q = exactExponent([{ power: k, coefficient: point(-1) }])!
    return { terms: [{ q, c: [{ power: 0, coefficient: interval(0, 1) }] }], origin: null }
  }
  return null
}

/** `q + log(c) + log(1 + rest)`; a power of the variable in front would leave a `log(x)`, which terms cannot say. */
function logarithm(f: TailField, u: Germ): MaybeGerm {
  const lead = f.leading(u)
  if (lead === null || lead.monomial.power !== 0 || signOf(lead.monomial.coefficient) !== 1) return null
  const around = hull(add(ONE, f.range(lead.rest)), ONE)
  if (around.lo <= 0) return null
  const small = f.taylor([ZERO, ONE, point(-1)], mul(point(2), power(around, -3)), lead.rest)
  const polynomial = f.polynomial(lead.q)
  const c = addLaurent(polynomial, [{ power: 0, coefficient: logOf(lead.monomial.coefficient) }], f.start)
  return f.add({ terms: c.length === 0 ? [] : [{ q: NO_EXPONENT, c }], origin: null }, small)
}

/**
 * `erfc` of a germ that grows: `exp(-u^2)/(u sqrt(pi)) * (1 - 1/(2u^2) + 3/(4u^4) - …)`, where the sum lies between any two
 * successive partial sums. Source: Abramowitz and Stegun 7.1.23.
 */
function complement(f: TailField, u: Germ): MaybeGerm {
  const square = f.power(u, 2)
  const bell = square === null ? null : exponential(f, negated(f, square), -1)
  const inverse = f.power(u, -1)
  const s = f.power(inverse, 2)
  const number = (x: number): Germ => f.constant(point(x))
  const third = f.mul(f.constant(interval(-15 / 8, 0)), s)
  const second = f.add(number(3 / 4), third)
  const first = f.add(number(-1 / 2), f.mul(second, s))
  const series = f.add(number(1), f.mul(first, s))
  return f.mul(f.mul(f.constant(div(ONE, sqrt(PI))), f.mul(inverse, bell)), series)
}
