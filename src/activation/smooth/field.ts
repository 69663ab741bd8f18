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
  const result: T[] = [value]
  const higher = higherDerivatives(f, fn, u, value)
  for (let k = 1; k <= order; k++) result.push(higher(k, result))
  return result
}

/** The derivative of order `k >= 1`, from those of lower order. */
type Higher<T> = (k: number, lower: readonly T[]) => T

function higherDerivatives<T>(f: Field<T>, fn: Primitive, u: T, value: T): Higher<T> {
  const whole = (n: number): T => f.constant(intervals.point(n))
  const scaled = (n: number, a: T): T => f.mul(whole(n), a)
  const square = (a: T): T => f.power(a, 2)
  switch (fn) {
    case 'exp':
      return () => value
    case 'expm1':
      return (k, lower) => (k === 1 ? f.apply('exp', u) : lower[1]!)
    case 'log':
    case 'log1p':
      return (k, lower) => {
        if (k === 1) return f.div(whole(1), fn === 'log' ? u : f.add(whole(1), u))
        return scaled([-1, 2, -6][k - 2]!, f.power(lower[1]!, k))
      }
    case 'sin':
    case 'cos':
      return (k, lower) => {
        if (k === 1) return fn === 'sin' ? f.apply('cos', u) : f.neg(f.apply('sin', u))
        return f.neg(lower[k - 2]!)
      }
    case 'sinh':
    case 'cosh':
      return (k, lower) => (k === 1 ? f.apply(fn === 'sinh' ? 'cosh' : 'sinh', u) : lower[k - 2]!)
    case 'tanh':
      return (k, lower) => {
        const d = lower[1]!
        // Higher ones with `d = 1 - t^2` put in, so that t stands as seldom as can be.
        if (k === 1) return scaled(4, f.mul(f.apply('sigmoid', scaled(2, u)), f.apply('sigmoid', scaled(-2, u))))
        if (k === 2) return scaled(-2, f.mul(value, d))
        if (k === 3) return f.mul(d, f.sub(scaled(6, square(value)), whole(2)))
        return f.mul(f.mul(value, d), f.sub(whole(16), scaled(24, square(value))))
      }
    case 'sigmoid':
      return sigmoidDerivatives(f, u, value)
    case 'softplus': {
      const s = f.apply('sigmoid', u)
      const higher = sigmoidDerivatives(f, u, s)
      return (k, lower) => (k === 1 ? s : higher(k - 1, lower.slice(1)))
    }
    case 'atan':
      return (k, lower) => {
        const r = lower[1]!
        if (k === 1) return f.div(whole(1), f.add(whole(1), square(u)))
        if (k === 2) return scaled(-2, f.mul(u, square(r)))
        if (k === 3) return f.mul(f.sub(scaled(6, square(u)), whole(2)), f.power(r, 3))
        return f.mul(scaled(24, f.mul(u, f.sub(whole(1), square(u)))), f.power(r, 4))
      }
    case 'asin':
    case 'acos': {
      const sign = (a: T): T => (fn === 'asin' ? a : f.neg(a))
      const r = f.div(whole(1), f.power(f.sub(whole(1), square(u)), 0.5))
      return (k) => {
        if (k === 1) return sign(r)
        if (k === 2) return sign(f.mul(u, f.power(r, 3)))
        if (k === 3) return sign(f.mul(f.add(whole(1), scaled(2, square(u))), f.power(r, 5)))
        return sign(f.mul(f.mul(u, f.add(whole(9), scaled(6, square(u)))), f.power(r, 7)))
      }
    }
    case 'erf':
    case 'erfc':
      return (k, lower) => {
        const bell = lower[1]!
        const factor = fn === 'erf' ? elementary.ERF_FACTOR : intervals.neg(elementary.ERF_FACTOR)
        if (k === 1) return f.mul(f.constant(factor), f.apply('exp', f.neg(square(u))))
        if (k === 2) return scaled(-2, f.mul(u, bell))
        if (k === 3) return f.mul(f.sub(scaled(4, square(u)), whole(2)), bell)
        return f.mul(f.mul(u, f.sub(whole(12), scaled(8, square(u)))), bell)
      }
  }
}

/** With `n = sigmoid(-u) = 1 - s`: `s' = s*n`, `s'' = s'*(n - s)`, `s''' = s'*(1 - 6*s')`, `s'''' = s''*(1 - 12*s')`. */
function sigmoidDerivatives<T>(f: Field<T>, u: T, s: T): Higher<T> {
  const n = f.apply('sigmoid', f.neg(u))
  const less = (times: number, d: T): T =>
    f.sub(f.constant(intervals.ONE), f.mul(f.constant(intervals.point(times)), d))
  return (k, lower) => {
    const d = lower[1]!
    if (k === 1) return f.mul(s, n)
    if (k === 2) return f.mul(d, f.sub(n, s))
    return k === 3 ? f.mul(d, less(6, d)) : f.mul(lower[2]!, less(12, d))
  }
}
