import { HALF, ONE, rational } from '../base/rational.ts'
import { arg } from './calculus.ts'
import type { Calculus, ElementwiseOp } from './calculus.ts'
import { erf as erfKernel } from './kernels/erf.ts'

const TWO = rational(2)
const square = <N>(c: Calculus<N>, x: N): N => c.call('pow', x, c.constant(TWO))
const reciprocal = <N>(c: Calculus<N>, x: N): N => c.call('div', c.constant(ONE), x)
const oneMinusSquare = <N>(c: Calculus<N>, x: N): N => c.call('sub', c.constant(ONE), square(c, x))
const onePlusSquare = <N>(c: Calculus<N>, x: N): N => c.call('add', c.constant(ONE), square(c, x))

const sin: ElementwiseOp = { arity: 1, kernel: Math.sin, partials: [(c, args) => c.call('cos', arg(args, 0))] }

const cos: ElementwiseOp = {
  arity: 1,
  kernel: Math.cos,
  partials: [(c, args) => c.call('neg', c.call('sin', arg(args, 0)))],
}

const tan: ElementwiseOp = {
  arity: 1,
  kernel: Math.tan,
  partials: [(c, _args, y) => onePlusSquare(c, y)],
  expansion: (c, args) => c.call('div', c.call('sin', arg(args, 0)), c.call('cos', arg(args, 0))),
  domain: (c, args) => [{ relation: 'nonzero', of: c.call('cos', arg(args, 0)) }],
}

const halfOf = <N>(c: Calculus<N>, combine: 'add' | 'sub', x: N): N => {
  const sum = c.call(combine, c.call('exp', x), c.call('exp', c.call('neg', x)))
  return c.call('mul', c.constant(HALF), sum)
}

const sinh: ElementwiseOp = {
  arity: 1,
  kernel: Math.sinh,
  partials: [(c, args) => c.call('cosh', arg(args, 0))],
  expansion: (c, args) => halfOf(c, 'sub', arg(args, 0)),
}

const cosh: ElementwiseOp = {
  arity: 1,
  kernel: Math.cosh,
  partials: [(c, args) => c.call('sinh', arg(args, 0))],
  expansion: (c, args) => halfOf(c, 'add', arg(args, 0)),
}

const tanh: ElementwiseOp = {
  arity: 1,
  kernel: Math.tanh,
  partials: [(c, _args, y) => oneMinusSquare(c, y)],
  expansion: (c, args) => c.call('div', c.call('sinh', arg(args, 0)), c.call('cosh', arg(args, 0))),
}

const asin: ElementwiseOp = {
  arity: 1,
  kernel: Math.asin,
  partials: [(c, args) => reciprocal(c, c.call('sqrt', oneMinusSquare(c, arg(args, 0))))],
  domain: (c, args) => [{ relation: 'nonnegative', of: oneMinusSquare(c, arg(args, 0)) }],
  smooth: (c, args) => [{ relation: 'positive', of: oneMinusSquare(c, arg(args, 0)) }],
}

const acos: ElementwiseOp = {
  arity: 1,
  kernel: Math.acos,
  partials: [(c, args) => c.call('neg', reciprocal(c, c.call('sqrt', oneMinusSquare(c, arg(args, 0)))))],
  expansion: (c, args) => c.call('sub', c.call('mul', c.constant(HALF), c.pi()), c.call('asin', arg(args, 0))),
  domain: (c, args) => [{ relation: 'nonnegative', of: oneMinusSquare(c, arg(args, 0)) }],
  smooth: (c, args) => [{ relation: 'positive', of: oneMinusSquare(c, arg(args, 0)) }],
}

const atan: ElementwiseOp = {
  arity: 1,
  kernel: Math.atan,
  partials: [(c, args) => reciprocal(c, onePlusSquare(c, arg(args, 0)))],
}

/** `2/sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`. Source: Abramowitz and Stegun 7.1.1. */
const erf: ElementwiseOp = {
  arity: 1,
  kernel: erfKernel,
  partials: [
    (c, args) => {
      const scale = c.call('div', c.constant(TWO), c.call('sqrt', c.pi()))
      return c.call('mul', scale, c.call('exp', c.call('neg', square(c, arg(args, 0)))))
    },
  ],
}

export const trigonometric = { sin, cos, tan, sinh, cosh, tanh, asin, acos, atan, erf }
