import * as elementary from '../interval/elementary.ts'
import * as intervals from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { erf as erfKernel } from '../../ops/kernels/erf.ts'

/** Smooth functions of one argument that a tape may apply. */
export const PRIMITIVES = [
  'exp', 'expm1', 'log', 'log1p', 'sin', 'cos', 'sinh', 'cosh', 'tanh', 'sigmoid', 'softplus',
  'atan', 'asin', 'acos', 'erf', 'erfc',
] as const // prettier-ignore

export type Primitive = (typeof PRIMITIVES)[number]

/** Numbers of some kind on which smooth functions can be computed: doubles, intervals, behaviours at infinity. */
export interface Field<T> {
  constant(value: Interval): T
  add(a: T, b: T): T
  sub(a: T, b: T): T
  mul(a: T, b: T): T
  div(a: T, b: T): T
  neg(a: T): T
  power(a: T, exponent: number): T
  apply(fn: Primitive, a: T): T
}

export const INTERVALS: Field<Interval> = {
  constant: (value) => value,
  add: intervals.add,
  sub: intervals.sub,
  mul: intervals.mul,
  div: intervals.div,
  neg: intervals.neg,
  power: elementary.power,
  apply: (fn, a) => elementary[fn](a),
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

const NUMBER_KERNELS: { readonly [name in Primitive]: (x: number) => number } = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  sigmoid,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  atan: Math.atan,
  asin: Math.asin,
  acos: Math.acos,
  erf: erfKernel,
  erfc: (x) => {
    const value = elementary.erfc(intervals.point(x))
    return value.lo / 2 + value.hi / 2
  },
}

export const NUMBERS: Field<number> = {
  constant: (value) => value.lo / 2 + value.hi / 2,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  power: (a, exponent) => (exponent === 0.5 ? Math.sqrt(a) : Math.pow(a, exponent)),
  apply: (fn, a) => NUMBER_KERNELS[fn](a),
}

/** The highest derivative that is carried along. */
export const MAX_ORDER = 4

/**
 * A primitive's value and derivatives up to `order` at `u`, in any field. The forms are those that keep relative accuracy
 * where the function saturates: `tanh' = 4*sigmoid(2u)*sigmoid(-2u)`, not `1 - tanh^2`.
 */
export function derivativesOf<T>(f: Field<T>, fn: Primitive, u: T, order: number): T[] {
  const value = f.apply(fn, u)
  if (order === 0) return [value]
  const whole = (n: number): T => f.constant(intervals.point(n))
  const scaled = (n: number, a: T): T => f.mul(whole(n), a)
  const square = (a: T): T => f.power(a, 2)
  switch (fn) {
    case 'exp':
      return [value, value, value, value, value]
    case 'expm1': {
      const e = f.apply('exp', u)
      return [value, e, e, e, e]
    }
    case 'log':
    case 'log1p': {
      const r = f.div(whole(1), fn === 'log' ? u : f.add(whole(1), u))
      return [value, r, f.neg(square(r)), scaled(2, f.power(r, 3)), scaled(-6, f.power(r, 4))]
    }
    case 'sin': {
      const c = f.apply('cos', u)
      return [value, c, f.neg(value), f.neg(c), value]
    }
    case 'cos': {
      const s = f.apply('sin', u)
      return [value, f.neg(s), f.neg(value), s, value]
    }
    case 'sinh':
    case 'cosh': {
      const other = f.apply(fn === 'sinh' ? 'cosh' : 'sinh', u)
      return [value, other, value, other, value]
    }
    case 'tanh': {
      const d = scaled(4, f.mul(f.apply('sigmoid', scaled(2, u)), f.apply('sigmoid', scaled(-2, u))))
      // Higher ones with `d = 1 - t^2` put in, so that t stands as seldom as can be.
      const third = f.mul(d, f.sub(scaled(6, square(value)), whole(2)))
      const fourth = f.mul(f.mul(value, d), f.sub(whole(16), scaled(24, square(value))))
      return [value, d, scaled(-2, f.mul(value, d)), third, fourth]
    }
    case 'sigmoid':
      return sigmoidDerivatives(f, value, u)
    case 'softplus': {
      const [s, d, dd, ddd] = sigmoidDerivatives(f, f.apply('sigmoid', u), u)
      return [value, s!, d!, dd!, ddd!]
    }
    case 'atan': {
      const r = f.div(whole(1), f.add(whole(1), square(u)))
      const third = f.mul(f.sub(scaled(6, square(u)), whole(2)), f.power(r, 3))
      const fourth = f.mul(scaled(24, f.mul(u, f.sub(whole(1), square(u)))), f.power(r, 4))
      return [value, r, scaled(-2, f.mul(u, square(r))), third, fourth]
    }
    case 'asin':
    case 'acos': {
      const sign = (a: T): T => (fn === 'asin' ? a : f.neg(a))
      const r = f.div(whole(1), f.power(f.sub(whole(1), square(u)), 0.5))
      const third = f.mul(f.add(whole(1), scaled(2, square(u))), f.power(r, 5))
      const fourth = f.mul(f.mul(u, f.add(whole(9), scaled(6, square(u)))), f.power(r, 7))
      return [value, sign(r), sign(f.mul(u, f.power(r, 3))), sign(third), sign(fourth)]
    }
    case 'erf':
    case 'erfc': {
      const factor = f.constant(fn === 'erf' ? elementary.ERF_FACTOR : intervals.neg(elementary.ERF_FACTOR))
      const bell = f.mul(factor, f.apply('exp', f.neg(square(u))))
      const third = f.mul(f.sub(scaled(4, square(u)), whole(2)), bell)
      const fourth = f.mul(f.mul(u, f.sub(whole(12), scaled(8, square(u)))), bell)
      return [value, bell, scaled(-2, f.mul(u, bell)), third, fourth]
    }
  }
}

/** With `n = sigmoid(-u) = 1 - s`: `s' = s*n`, `s'' = s'*(n - s)`, `s''' = s'*(1 - 6*s')`, `s'''' = s''*(1 - 12*s')`. */
function sigmoidDerivatives<T>(f: Field<T>, s: T, u: T): T[] {
  const n = f.apply('sigmoid', f.neg(u))
  const d = f.mul(s, n)
  const second = f.mul(d, f.sub(n, s))
  const less = (times: number): T => f.sub(f.constant(intervals.ONE), f.mul(f.constant(intervals.point(times)), d))
  return [s, d, second, f.mul(d, less(6)), f.mul(second, less(12))]
}
