import { add, isEmpty, mul, neg, ONE, point, signOf, ZERO } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { power } from '../interval/elementary.ts'
import { INTERVALS } from '../smooth/field.ts'
import type { Field, Primitive } from '../smooth/field.ts'
import { POSITIVE, SIGN_KEEPING } from '../smooth/sign.ts'

/** A limit and the sign on the way to it, 0 for what is zero throughout. */
export interface Limit {
  /** Bounds of a number, or infinity as both bounds. */
  readonly at: Interval
  readonly sign: -1 | 0 | 1 | null
}

const isInfinite = ({ at }: Limit): boolean => !Number.isFinite(at.lo) && at.lo === at.hi
const isZero = ({ at }: Limit): boolean => at.lo === 0 && at.hi === 0
const infinite = (sign: -1 | 1): Limit => ({ at: point(sign * Infinity), sign })

/** `null` where bounds overflow, which says nothing of a limit. */
function limit(at: Interval, sign: Limit['sign']): Limit | null {
  if (isEmpty(at) || (at.lo !== at.hi && !(Number.isFinite(at.lo) && Number.isFinite(at.hi)))) return null
  const own = signOf(at)
  return { at, sign: own === 1 || own === -1 ? own : sign }
}

const times = (a: Limit['sign'], b: Limit['sign']): Limit['sign'] =>
  a === 0 || b === 0 ? 0 : a === null || b === null ? null : a === b ? 1 : -1

const THROUGH_ZERO: ReadonlySet<Primitive> = new Set([...SIGN_KEEPING, 'sin'])

/** Limits of results from limits of operands; `null` for forms that these do not decide, such as infinity less infinity. */
export const LIMITS: Field<Limit | null> = {
  constant: (value) => limit(value, signOf(value)),
  add: (a, b) => {
    if (a === null || b === null) return null
    if (isInfinite(a) || isInfinite(b)) {
      if (isInfinite(a) && isInfinite(b) && a.at.lo !== b.at.lo) return null
      return isInfinite(a) ? a : b
    }
    const sign = a.sign === b.sign ? a.sign : a.sign === 0 ? b.sign : b.sign === 0 ? a.sign : null
    return limit(add(a.at, b.at), sign)
  },
  sub: (a, b) => LIMITS.add(a, LIMITS.neg(b)),
  mul: (a, b) => {
    if (a?.sign === 0 || b?.sign === 0) return limit(ZERO, 0)
    if (a === null || b === null) return null
    const sign = times(a.sign, b.sign)
    if (isInfinite(a) || isInfinite(b)) {
      const other = isInfinite(a) ? b : a
      if (!isInfinite(other) && signOf(other.at) !== 1 && signOf(other.at) !== -1) return null
      return sign === 1 || sign === -1 ? infinite(sign) : null
    }
    return limit(mul(a.at, b.at), sign)
  },
  div: (a, b) => LIMITS.mul(a, LIMITS.power(b, -1)),
  neg: (a) => (a === null ? null : { at: neg(a.at), sign: times(a.sign, -1) }),
  power: (a, exponent) => {
    if (exponent === 0) return limit(ONE, 1)
    if (a === null) return null
    const whole = Number.isInteger(exponent)
    const sign = whole && exponent % 2 === 0 ? times(a.sign, a.sign) : a.sign
    if (!whole && a.sign !== 1) return null
    if (isZero(a) || isInfinite(a)) {
      if (isInfinite(a) === exponent > 0) return sign === 1 || sign === -1 ? infinite(sign) : null
      return limit(ZERO, sign)
    }
    if (exponent < 0 && signOf(a.at) === null) return null
    return limit(power(a.at, exponent), sign)
  },
  apply: (fn, a) => {
    if (a === null) return null
    if (fn === 'log' && isZero(a)) return a.sign === 1 ? infinite(-1) : null
    if (isInfinite(a) && (fn === 'sin' || fn === 'cos')) return null
    const sign = POSITIVE.has(fn) ? 1 : THROUGH_ZERO.has(fn) ? a.sign : null
    return limit(INTERVALS.apply(fn, a.at), sign)
  },
}

/** The variable where it goes to an end of a stretch, from inside; `side` is -1 at the left end. */
export function variableTo(end: Interval, side: -1 | 1): Limit {
  if (!Number.isFinite(end.lo)) return infinite(side)
  const own = signOf(end)
  return { at: end, sign: own === 0 ? (side < 0 ? 1 : -1) : own }
}
