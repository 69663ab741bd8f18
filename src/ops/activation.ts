import { HALF, ONE, ZERO, parseRational, rational } from '../base/rational.ts'
import { arg } from './calculus.ts'
import type { Calculus, ElementwiseOp } from './calculus.ts'
import { erfc } from './kernels/erf.ts'

/** Source: Klambauer et al. 2017, "Self-Normalizing Neural Networks", equation 14, to 31 digits. */
const SELU_SCALE = parseRational('1.0507009873554804934193349852946')
const SELU_ALPHA = parseRational('1.6732632423543772848170429916717')
/** Source: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 2. */
const GELU_CUBIC = parseRational('0.044715')

const times = <N>(c: Calculus<N>, ...factors: N[]): N => factors.reduce((a, b) => c.call('mul', a, b))
const plus = <N>(c: Calculus<N>, a: N, b: N): N => c.call('add', a, b)
const oneMinus = <N>(c: Calculus<N>, x: N): N => c.call('sub', c.constant(ONE), x)
const oneMinusSquare = <N>(c: Calculus<N>, x: N): N => oneMinus(c, c.call('pow', x, c.constant(rational(2))))
const isPositive = <N>(c: Calculus<N>, x: N): N => c.call('gt', x, c.constant(ZERO))

function sigmoidKernel(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}
const softplusKernel = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

const sigmoid: ElementwiseOp = {
  arity: 1,
  kernel: sigmoidKernel,
  partials: [(c, _args, y) => times(c, y, oneMinus(c, y))],
  expansion: (c, args) =>
    c.call('div', c.constant(ONE), plus(c, c.constant(ONE), c.call('exp', c.call('neg', arg(args, 0))))),
}

const softplus: ElementwiseOp = {
  arity: 1,
  kernel: softplusKernel,
  partials: [(c, args) => c.call('sigmoid', arg(args, 0))],
  expansion: (c, args) => c.call('log', plus(c, c.constant(ONE), c.call('exp', arg(args, 0)))),
}

/** `x` above zero, else `alpha*(exp(x) - 1)`. Source: Clevert et al. 2015, equation 15. */
const elu: ElementwiseOp = {
  arity: 2,
  kernel: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  partials: [
    (c, args) =>
      c.call(
        'where',
        isPositive(c, arg(args, 0)),
        c.constant(ONE),
        times(c, arg(args, 1), c.call('exp', arg(args, 0))),
      ),
    (c, args) => c.call('where', isPositive(c, arg(args, 0)), c.constant(ZERO), c.call('expm1', arg(args, 0))),
  ],
  expansion: (c, args) => {
    const [x, alpha] = [arg(args, 0), arg(args, 1)]
    return c.call('where', isPositive(c, x), x, times(c, alpha, c.call('sub', c.call('exp', x), c.constant(ONE))))
  },
  switches: (_, args) => [arg(args, 0)],
}

const selu: ElementwiseOp = {
  arity: 1,
  kernel: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  partials: [
    (c, args) => {
      const below = times(c, c.constant(SELU_ALPHA), c.call('exp', arg(args, 0)))
      return times(c, c.constant(SELU_SCALE), c.call('where', isPositive(c, arg(args, 0)), c.constant(ONE), below))
    },
  ],
  expansion: (c, args) => times(c, c.constant(SELU_SCALE), c.call('elu', arg(args, 0), c.constant(SELU_ALPHA))),
  switches: (_, args) => [arg(args, 0)],
}

const normalCdf = <N>(c: Calculus<N>, x: N): N => {
  const scaled = c.call('div', x, c.call('sqrt', c.constant(rational(2))))
  return times(c, c.constant(HALF), plus(c, c.constant(ONE), c.call('erf', scaled)))
}

/** `x*Phi(x)`, Phi the standard normal distribution. Source: Hendrycks and Gimpel 2016, section 2. */
const gelu: ElementwiseOp = {
  arity: 1,
  // Left of zero, `1 + erf` would cancel.
  kernel: (x) => (x === -Infinity ? 0 : 0.5 * x * erfc(-x / Math.SQRT2)),
  partials: [
    (c, args) => {
      const x = arg(args, 0)
      const square = c.call('pow', x, c.constant(rational(2)))
      const bell = c.call('exp', c.call('neg', times(c, c.constant(HALF), square)))
      const density = c.call('div', bell, c.call('sqrt', times(c, c.constant(rational(2)), c.pi())))
      return plus(c, normalCdf(c, x), times(c, x, density))
    },
  ],
  expansion: (c, args) => times(c, arg(args, 0), normalCdf(c, arg(args, 0))),
}

const tanhArgument = <N>(c: Calculus<N>, x: N): N => {
  const cubic = times(c, c.constant(GELU_CUBIC), c.call('pow', x, c.constant(rational(3))))
  return times(c, c.call('sqrt', c.call('div', c.constant(rational(2)), c.pi())), plus(c, x, cubic))
}
const halfOnePlus = <N>(c: Calculus<N>, t: N): N => times(c, c.constant(HALF), plus(c, c.constant(ONE), t))

const gelu_tanh: ElementwiseOp = {
  arity: 1,
  // `(1 + tanh(u))/2` is `sigmoid(2*u)`, which does not cancel.
  kernel: (x) => (x === -Infinity ? 0 : x * sigmoidKernel(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x))),
  partials: [
    (c, args) => {
      const x = arg(args, 0)
      const t = c.call('tanh', tanhArgument(c, x))
      const square = c.call('pow', x, c.constant(rational(2)))
      const three = times(c, c.constant(rational(3)), c.constant(GELU_CUBIC), square)
      const inner = times(
        c,
        c.call('sqrt', c.call('div', c.constant(rational(2)), c.pi())),
        plus(c, c.constant(ONE), three),
      )
      return plus(c, halfOnePlus(c, t), times(c, c.constant(HALF), x, oneMinusSquare(c, t), inner))
    },
  ],
  expansion: (c, args) => times(c, arg(args, 0), halfOnePlus(c, c.call('tanh', tanhArgument(c, arg(args, 0))))),
}

/** `y = x*s`: the derivative is `s + y*(1 - s)`, which reuses the value. */
const silu: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (x === -Infinity ? 0 : x * sigmoidKernel(x)),
  partials: [
    (c, args, y) => {
      const s = c.call('sigmoid', arg(args, 0))
      return plus(c, s, times(c, y, oneMinus(c, s)))
    },
  ],
  expansion: (c, args) => times(c, arg(args, 0), c.call('sigmoid', arg(args, 0))),
}

/** `x*sigmoid(beta*x)`. Source: Ramachandran, Zoph, Le 2017, section 4. */
const swish: ElementwiseOp = {
  arity: 2,
  kernel: (x, beta) => (x === 0 ? 0 : x * sigmoidKernel(beta * x)),
  partials: [
    (c, args, y) => {
      const s = c.call('sigmoid', times(c, arg(args, 1), arg(args, 0)))
      return plus(c, s, times(c, arg(args, 1), y, oneMinus(c, s)))
    },
    (c, args, y) => times(c, arg(args, 0), y, oneMinus(c, c.call('sigmoid', times(c, arg(args, 1), arg(args, 0))))),
  ],
  expansion: (c, args) => times(c, arg(args, 0), c.call('sigmoid', times(c, arg(args, 1), arg(args, 0)))),
}

/** `x*tanh(softplus(x))`. Source: Misra 2019, section 1. */
const mish: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (x === -Infinity ? 0 : x * Math.tanh(softplusKernel(x))),
  partials: [
    (c, args) => {
      const x = arg(args, 0)
      const t = c.call('tanh', c.call('softplus', x))
      return plus(c, t, times(c, x, c.call('sigmoid', x), oneMinusSquare(c, t)))
    },
  ],
  expansion: (c, args) => times(c, arg(args, 0), c.call('tanh', c.call('softplus', arg(args, 0)))),
}

export const activations = { sigmoid, softplus, elu, selu, gelu, gelu_tanh, silu, swish, mish }
