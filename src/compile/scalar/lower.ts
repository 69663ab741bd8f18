import type { ElementwiseName } from '../../ops/names.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { Primitive, Scalars } from './scalars.ts'

/** An operation of the table written in primitives; total over the names by its type. */
type Lowering = (s: Scalars, ...args: number[]) => number

const direct =
  (op: Primitive): Lowering =>
  (s, ...args) =>
    s.emit(op, ...args)

const expanded =
  (name: ElementwiseName): Lowering =>
  (s, ...args) => {
    const { expansion } = ELEMENTWISE[name]
    return expansion === undefined ? s.external(name, ...args) : expansion(s, args)
  }

const external =
  (name: ElementwiseName): Lowering =>
  (s, ...args) =>
    s.external(name, ...args)

const over = (s: Scalars, a: number, b: number): number => s.emit('div', a, b)
/** Below this, `exp(x)` is zero in doubles; a factor so clamped keeps `-Infinity * 0` from arising. */
const VANISHED = -800

/** Above this, `1 + exp(-x)` rounds to 1 in doubles, and the square of `exp` of it is still a float. */
const SATURATED = 40

/** `exp(x)`, no longer growing where what is made of it by the functions below has reached its limit. */
const growth = (s: Scalars, x: number): number => s.emit('exp', s.emit('min', x, s.const(SATURATED)))

/** `u/(1 + u)` with `u = exp(x)`. */
const sigmoid: Lowering = (s, x) => {
  const u = growth(s, x)
  return over(s, u, s.emit('add', s.const(1), u))
}

/** `log(1 + exp(x))`, which is `x` above the point of saturation. */
const softplus: Lowering = (s, x) => {
  const beyond = s.emit('max', s.emit('sub', x, s.const(SATURATED)), s.const(0))
  return s.emit('add', s.emit('log1p', growth(s, x)), beyond)
}

/**
 * `tanh(log(1 + u)) = (u² + 2u)/(u² + 2u + 2)` with `u = exp(x)`, for every real x: one exponential where the definition
 * has three transcendental functions.
 */
const tanhOfSoftplus: Lowering = (s, x) => {
  const u = growth(s, x)
  const numerator = s.emit('mul', u, s.emit('add', u, s.const(2)))
  return over(s, numerator, s.emit('add', numerator, s.const(2)))
}

/** The `x` of which `id` is the softplus as written above, or `null`. */
function softplusArgument(s: Scalars, id: number): number | null {
  const sum = s.ops[id]!
  if (sum.op !== 'add') return null
  for (const [first, second] of [sum.args, [...sum.args].reverse()] as [number, number][]) {
    const [logarithm, maximum] = [s.ops[first]!, s.ops[second]!]
    if (maximum.op !== 'max' || logarithm.op !== 'log1p') continue
    for (const beyond of maximum.args) {
      const x = s.ops[beyond]!.op === 'sub' ? s.ops[beyond]!.args[0]! : null
      if (x !== null && softplus(s, x) === id) return x
    }
  }
  return null
}

const tanh: Lowering = (s, x) => {
  const inner = softplusArgument(s, x)
  return inner === null ? s.emit('tanh', x) : tanhOfSoftplus(s, inner)
}

const scaledElu = (s: Scalars, x: number, alpha: number): number =>
  s.emit('select', s.emit('gt', x, s.const(0)), x, s.emit('mul', alpha, s.emit('expm1', x)))

/** Powers up to this are multiplied out; the rounding error stays within a few units in the last place. */
const LONGEST_POWER = 64

function wholePower(s: Scalars, x: number, exponent: number): number {
  let result: number | null = null
  let square = x
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === null ? square : s.emit('mul', result, square)
    if (rest > 1) square = s.emit('mul', square, square)
  }
  return result ?? s.const(1)
}

const pow: Lowering = (s, x, p) => {
  const exponent = s.value(p)
  if (exponent === null) return s.external('pow', x, p)
  if (Number.isInteger(exponent) && Math.abs(exponent) <= LONGEST_POWER) {
    const power = wholePower(s, x, Math.abs(exponent))
    return exponent >= 0 ? power : over(s, s.const(1), power)
  }
  // Adding zero turns -0 into 0, of which the power is 0 as well.
  if (exponent === 0.5) return s.emit('sqrt', s.emit('add', x, s.const(0)))
  if (exponent === -0.5) return over(s, s.const(1), s.emit('sqrt', x))
  if (exponent === 1.5) return s.emit('mul', x, s.emit('sqrt', x))
  return s.external('pow', x, p)
}

const times = (s: Scalars, ...factors: number[]): number => factors.reduce((a, b) => s.emit('mul', a, b))

const gelu: Lowering = (s, x) => {
  const twiceCdf = s.emit('erfc', s.emit('quot', s.emit('neg', x), s.const(Math.SQRT2)))
  return times(s, s.emit('mul', s.const(0.5), s.emit('max', x, s.const(VANISHED))), twiceCdf)
}

/** `(1 + tanh(u))/2` is `sigmoid(2*u)`, which does not cancel. */
const geluTanh: Lowering = (s, x) => {
  const cubic = times(s, s.const(0.044715), x, s.emit('mul', x, x))
  const twice = times(s, s.const(Math.sqrt(8 / Math.PI)), s.emit('add', x, cubic))
  return s.emit('mul', s.emit('max', x, s.const(VANISHED)), sigmoid(s, twice))
}

export const LOWERED: { readonly [name in ElementwiseName]: Lowering } = {
  add: direct('add'),
  sub: direct('sub'),
  mul: direct('mul'),
  div: direct('div'),
  neg: direct('neg'),
  pow,
  gt: direct('gt'),
  ge: direct('ge'),
  eq: direct('eq'),
  ne: direct('ne'),
  and: expanded('and'),
  or: expanded('or'),
  not: expanded('not'),
  where: direct('select'),
  max: direct('max'),
  min: direct('min'),
  abs: direct('abs'),
  sign: expanded('sign'),
  step: expanded('step'),
  exp: direct('exp'),
  log: direct('log'),
  log1p: direct('log1p'),
  expm1: direct('expm1'),
  sqrt: direct('sqrt'),
  sin: direct('sin'),
  cos: direct('cos'),
  tan: external('tan'),
  sinh: external('sinh'),
  cosh: external('cosh'),
  tanh,
  asin: external('asin'),
  acos: external('acos'),
  atan: external('atan'),
  erf: direct('erf'),
  sigmoid,
  softplus,
  relu: (s, x) => s.emit('max', x, s.const(0)),
  leaky_relu: (s, x, slope) => s.emit('select', s.emit('gt', x, s.const(0)), x, s.emit('mul', slope, x)),
  elu: (s, x, alpha) => scaledElu(s, x, alpha),
  selu: (s, x) => s.emit('mul', s.const(1.0507009873554805), scaledElu(s, x, s.const(1.6732632423543772))),
  gelu,
  gelu_tanh: geluTanh,
  silu: (s, x) => s.emit('mul', s.emit('max', x, s.const(VANISHED)), sigmoid(s, x)),
  // At zero the slope does not matter, not even an infinite one.
  swish: (s, x, beta) => s.emit('select', x, s.emit('mul', x, sigmoid(s, s.emit('mul', beta, x))), s.const(0)),
  mish: (s, x) => s.emit('mul', s.emit('max', x, s.const(VANISHED)), tanhOfSoftplus(s, x)),
}
