import type { ElementwiseName } from '../ops/names.ts'

/** What the rules below are written in: numbers, or arrays of them that broadcast. */
export interface Arithmetic<T> {
  number(value: number): T
  map(fn: ElementwiseName, args: readonly T[]): T
}

/** Short spellings of what the rules use. */
class Spelling<T> {
  readonly #base: Arithmetic<T>

  constructor(base: Arithmetic<T>) {
    this.#base = base
  }

  number = (value: number): T => this.#base.number(value)
  of = (fn: ElementwiseName, ...args: T[]): T => this.#base.map(fn, args)
  add = (a: T, b: T): T => this.of('add', a, b)
  sub = (a: T, b: T): T => this.of('sub', a, b)
  mul = (a: T, b: T): T => this.of('mul', a, b)
  div = (a: T, b: T): T => this.of('div', a, b)
  times = (k: number, a: T): T => this.of('mul', this.number(k), a)
  over = (a: T): T => this.of('div', this.number(1), a)
  square = (a: T): T => this.of('mul', a, a)
  neg = (a: T): T => this.of('neg', a)
  positive = (a: T): T => this.of('gt', a, this.number(0))
  where = (c: T, a: T, b: T): T => this.of('where', c, a, b)
}

/** How fast the value moves with one argument, from all arguments. */
type Slope = <T>(s: Spelling<T>, a: T, b: T) => T

/** How the value moves when its arguments move by `tangents`; `null` stands for not at all. */
type Rule = <T>(base: Arithmetic<T>, args: readonly T[], tangents: readonly (T | null)[]) => T | null

/** The sum over the arguments of slope times tangent. `null` in place of a slope: zero. */
function slopes(...slots: readonly (Slope | null)[]): Rule {
  return (base, args, tangents) => {
    const s = new Spelling(base)
    let sum: ReturnType<typeof base.number> | null = null
    slots.forEach((slope, slot) => {
      const tangent = tangents[slot]
      if (slope === null || tangent === null || tangent === undefined) return
      const term = s.mul(slope(s, args[0]!, args[1]!), tangent)
      sum = sum === null ? term : s.add(sum, term)
    })
    return sum
  }
}

/** The value is that of one of two arguments, and moves with that one; what the other does is of no matter. */
function selects(condition: <T>(s: Spelling<T>, args: readonly T[]) => T, first: number): Rule {
  return (base, args, tangents) => {
    const [a, b] = [tangents[first] ?? null, tangents[first + 1] ?? null]
    if (a === null && b === null) return null
    const s = new Spelling(base)
    return s.where(condition(s, args), a ?? s.number(0), b ?? s.number(0))
  }
}

const still: Rule = () => null

/** `exp(-x^2/2)` over the root of `2 pi`. */
const density = <T>(s: Spelling<T>, x: T): T =>
  s.times(1 / Math.sqrt(2 * Math.PI), s.of('exp', s.times(-0.5, s.square(x))))

/** `sigmoid(x) * sigmoid(-x)`. */
const logisticDensity = <T>(s: Spelling<T>, x: T): T => s.mul(s.of('sigmoid', x), s.of('sigmoid', s.neg(x)))

const swishSlope: Slope = (s, x, beta) => {
  const u = s.mul(beta, x)
  return s.add(s.of('sigmoid', u), s.mul(u, logisticDensity(s, u)))
}

/** The inner argument of `gelu_tanh` is `k*(x + 0.044715 x^3)`, and `1 + tanh(u)` is `2 sigmoid(2u)`. */
const geluTanhSlope: Slope = (s, x) => {
  const k = Math.sqrt(8 / Math.PI)
  const twice = s.times(k, s.add(x, s.times(0.044715, s.mul(x, s.square(x)))))
  const inner = s.times(k, s.add(s.number(1), s.times(3 * 0.044715, s.square(x))))
  return s.add(s.of('sigmoid', twice), s.mul(s.mul(x, inner), logisticDensity(s, twice)))
}

/**
 * The derivatives of all elementwise operations, for forward mode alone: written apart from those of reverse mode, so
 * that the two check each other. At a tie they follow the operation's own convention.
 */
export const TANGENTS: { readonly [name in ElementwiseName]: Rule } = {
  add: slopes((s) => s.number(1), (s) => s.number(1)), // prettier-ignore
  sub: slopes((s) => s.number(1), (s) => s.number(-1)), // prettier-ignore
  mul: slopes((_, _a, b) => b, (_, a) => a), // prettier-ignore
  div: slopes((s, _, b) => s.over(b), (s, a, b) => s.div(s.div(a, s.neg(b)), b)), // prettier-ignore
  neg: slopes((s) => s.number(-1)),
  pow: slopes(
    (s, x, p) => s.where(p, s.mul(p, s.of('pow', x, s.sub(p, s.number(1)))), s.number(0)),
    (s, x, p) => s.mul(s.of('log', x), s.of('pow', x, p)),
  ),
  gt: still,
  ge: still,
  eq: still,
  ne: still,
  and: still,
  or: still,
  not: still,
  where: selects((_, args) => args[0]!, 1),
  max: selects((s, [a, b]) => s.of('ge', a!, b!), 0),
  min: selects((s, [a, b]) => s.of('ge', b!, a!), 0),
  abs: slopes((s, x) => s.sub(s.positive(x), s.positive(s.neg(x)))),
  sign: still,
  step: still,
  exp: slopes((s, x) => s.of('exp', x)),
  log: slopes((s, x) => s.over(x)),
  log1p: slopes((s, x) => s.over(s.add(x, s.number(1)))),
  expm1: slopes((s, x) => s.of('exp', x)),
  sqrt: slopes((s, x) => s.div(s.number(0.5), s.of('sqrt', x))),
  sin: slopes((s, x) => s.of('cos', x)),
  cos: slopes((s, x) => s.neg(s.of('sin', x))),
  tan: slopes((s, x) => s.over(s.square(s.of('cos', x)))),
  sinh: slopes((s, x) => s.of('cosh', x)),
  cosh: slopes((s, x) => s.of('sinh', x)),
  tanh: slopes((s, x) => s.times(4, logisticDensity(s, s.times(2, x)))),
  asin: slopes((s, x) => s.over(s.of('sqrt', s.mul(s.sub(s.number(1), x), s.add(s.number(1), x))))),
  acos: slopes((s, x) => s.neg(s.over(s.of('sqrt', s.mul(s.sub(s.number(1), x), s.add(s.number(1), x)))))),
  atan: slopes((s, x) => s.over(s.add(s.number(1), s.square(x)))),
  erf: slopes((s, x) => s.times(2 / Math.sqrt(Math.PI), s.of('exp', s.neg(s.square(x))))),
  sigmoid: slopes(logisticDensity),
  softplus: slopes((s, x) => s.of('sigmoid', x)),
  relu: slopes((s, x) => s.positive(x)),
  leaky_relu: slopes(
    (s, x, slope) => s.where(s.positive(x), s.number(1), slope),
    (s, x) => s.where(s.positive(x), s.number(0), x),
  ),
  elu: slopes(
    (s, x, alpha) => s.where(s.positive(x), s.number(1), s.mul(alpha, s.of('exp', x))),
    (s, x) => s.where(s.positive(x), s.number(0), s.of('expm1', x)),
  ),
  selu: slopes((s, x) => {
    const [scale, alpha] = [1.0507009873554805, 1.6732632423543772]
    return s.where(s.positive(x), s.number(scale), s.times(scale * alpha, s.of('exp', x)))
  }),
  gelu: slopes((s, x) => {
    const cdf = s.times(0.5, s.add(s.number(1), s.of('erf', s.times(Math.SQRT1_2, x))))
    return s.add(cdf, s.mul(x, density(s, x)))
  }),
  gelu_tanh: slopes(geluTanhSlope),
  silu: slopes((s, x) => s.add(s.of('sigmoid', x), s.mul(x, logisticDensity(s, x)))),
  swish: slopes(swishSlope, (s, x, beta) => s.mul(s.square(x), logisticDensity(s, s.mul(beta, x)))),
  // With t = tanh(softplus(x)): (1 - t^2) = 1/cosh(softplus(x))^2.
  mish: slopes((s, x) => {
    const soft = s.of('softplus', x)
    const fall = s.mul(s.of('sigmoid', x), s.over(s.square(s.of('cosh', soft))))
    return s.add(s.of('tanh', soft), s.mul(x, fall))
  }),
}
