import type { ElementwiseName } from '../../src/ops/names.ts'

/** A complex number, for derivatives by a step along the imaginary axis. */
export interface Complex {
  readonly re: number
  readonly im: number
}

const c = (re: number, im = 0): Complex => ({ re, im })
const add = (a: Complex, b: Complex): Complex => c(a.re + b.re, a.im + b.im)
const sub = (a: Complex, b: Complex): Complex => c(a.re - b.re, a.im - b.im)
const mul = (a: Complex, b: Complex): Complex => c(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
const times = (k: number, a: Complex): Complex => c(k * a.re, k * a.im)
const over = (a: Complex): Complex => times(1 / (a.re * a.re + a.im * a.im), c(a.re, -a.im))
const div = (a: Complex, b: Complex): Complex => mul(a, over(b))
const exp = (a: Complex): Complex => times(Math.exp(a.re), c(Math.cos(a.im), Math.sin(a.im)))
const log = (a: Complex): Complex => c(Math.log(Math.hypot(a.re, a.im)), Math.atan2(a.im, a.re))
const sqrt = (a: Complex): Complex => exp(times(0.5, log(a)))
const ONE = c(1)
const sin = (a: Complex): Complex => c(Math.sin(a.re) * Math.cosh(a.im), Math.cos(a.re) * Math.sinh(a.im))
const cos = (a: Complex): Complex => c(Math.cos(a.re) * Math.cosh(a.im), -Math.sin(a.re) * Math.sinh(a.im))
const sinh = (a: Complex): Complex => times(0.5, sub(exp(a), exp(times(-1, a))))
const cosh = (a: Complex): Complex => times(0.5, add(exp(a), exp(times(-1, a))))
const tanh = (a: Complex): Complex => div(sinh(a), cosh(a))
const sigmoid = (a: Complex): Complex => over(add(ONE, exp(times(-1, a))))
const softplus = (a: Complex): Complex => log(add(ONE, exp(a)))
/** One Newton step from the real inverse, in which the small imaginary part is not lost beside the real one. */
const inverse =
  (real: (x: number) => number, fn: (a: Complex) => Complex, slope: (a: Complex) => Complex) =>
  (a: Complex): Complex => {
    const guess = c(real(a.re))
    return add(guess, div(sub(a, fn(guess)), slope(guess)))
  }
const asin = inverse(Math.asin, sin, cos)
const atan = inverse(Math.atan, (a) => div(sin(a), cos(a)), (a) => over(mul(cos(a), cos(a)))) // prettier-ignore
const expm1 = (a: Complex): Complex => sub(exp(a), ONE)

/** Its Maclaurin series. Source: Abramowitz and Stegun 7.1.5. */
function erf(a: Complex): Complex {
  let term = a
  let sum = a
  for (let n = 1; n < 80; n++) {
    term = times(-1 / n, mul(term, mul(a, a)))
    sum = add(sum, times(1 / (2 * n + 1), term))
  }
  return times(2 / Math.sqrt(Math.PI), sum)
}

const left = (a: Complex): boolean => a.re <= 0
const elu = (a: Complex, alpha: Complex): Complex => (left(a) ? mul(alpha, expm1(a)) : a)

/** Each operation on complex numbers, written apart from the engine; `null` where the value is a truth value. */
export const COMPLEX: { readonly [name in ElementwiseName]: ((...args: Complex[]) => Complex) | null } = {
  add: (a, b) => add(a, b),
  sub: (a, b) => sub(a, b),
  mul: (a, b) => mul(a, b),
  div: (a, b) => div(a, b),
  neg: (a) => times(-1, a),
  pow: (a, p) => exp(mul(p, log(a))),
  gt: null,
  ge: null,
  eq: null,
  ne: null,
  and: null,
  or: null,
  not: null,
  where: (condition, a, b) => (condition.re !== 0 ? a : b),
  max: (a, b) => (a.re >= b.re ? a : b),
  min: (a, b) => (a.re <= b.re ? a : b),
  abs: (a) => (left(a) ? times(-1, a) : a),
  sign: null,
  step: null,
  exp: (a) => exp(a),
  log: (a) => log(a),
  log1p: (a) => log(add(ONE, a)),
  expm1: (a) => expm1(a),
  sqrt: (a) => sqrt(a),
  sin: (a) => sin(a),
  cos: (a) => cos(a),
  tan: (a) => div(sin(a), cos(a)),
  sinh: (a) => sinh(a),
  cosh: (a) => cosh(a),
  tanh: (a) => tanh(a),
  asin: (a) => asin(a),
  acos: (a) => sub(c(Math.PI / 2), asin(a)),
  atan: (a) => atan(a),
  erf: (a) => erf(a),
  sigmoid: (a) => sigmoid(a),
  softplus: (a) => softplus(a),
  relu: (a) => (left(a) ? c(0) : a),
  leaky_relu: (a, slope) => (left(a) ? mul(slope, a) : a),
  elu: (a, alpha) => elu(a, alpha),
  selu: (a) => times(1.0507009873554805, elu(a, c(1.6732632423543772))),
  gelu: (a) => times(0.5, mul(a, add(ONE, erf(times(Math.SQRT1_2, a))))),
  gelu_tanh: (a) => {
    const inner = times(Math.sqrt(2 / Math.PI), add(a, times(0.044715, mul(a, mul(a, a)))))
    return times(0.5, mul(a, add(ONE, tanh(inner))))
  },
  silu: (a) => mul(a, sigmoid(a)),
  swish: (a, beta) => mul(a, sigmoid(mul(beta, a))),
  mish: (a) => mul(a, tanh(softplus(a))),
}

/** So small that its square vanishes beside 1, and the quotient loses no digit. */
const STEP = 1e-30

/** The derivative of an operation by the argument in `slot`. Source: Squire and Trapp 1998, SIAM Review 40. */
export function complexStep(fn: (...args: Complex[]) => Complex, args: readonly number[], slot: number): number {
  return fn(...args.map((re, other) => c(re, other === slot ? STEP : 0))).im / STEP
}
