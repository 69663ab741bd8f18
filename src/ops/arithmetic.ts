import { MINUS_ONE, ONE } from '../base/rational.ts'
import { arg } from './calculus.ts'
import type { ElementwiseOp } from './calculus.ts'

const add: ElementwiseOp = {
  arity: 2,
  kernel: (a, b) => a + b,
  partials: [(c) => c.constant(ONE), (c) => c.constant(ONE)],
}

const sub: ElementwiseOp = {
  arity: 2,
  kernel: (a, b) => a - b,
  partials: [(c) => c.constant(ONE), (c) => c.constant(MINUS_ONE)],
}

const mul: ElementwiseOp = {
  arity: 2,
  kernel: (a, b) => a * b,
  partials: [(_, args) => arg(args, 1), (_, args) => arg(args, 0)],
}

const div: ElementwiseOp = {
  arity: 2,
  kernel: (a, b) => (b === 0 ? NaN : a / b),
  partials: [
    (c, args) => c.call('div', c.constant(ONE), arg(args, 1)),
    (c, args, y) => c.call('neg', c.call('div', y, arg(args, 1))),
  ],
  domain: (_, args) => [{ relation: 'nonzero', of: arg(args, 1) }],
}

const neg: ElementwiseOp = {
  arity: 1,
  kernel: (a) => -a,
  partials: [(c) => c.constant(MINUS_ONE)],
}

/**
 * `x^p`. A constant whole `p` is defined for every `x` (but 0 where `p < 0`); that case is the builder's `power` and the
 * printers'; the domain below is for a general exponent.
 */
const pow: ElementwiseOp = {
  arity: 2,
  kernel: (x, p) => (x === 0 && p < 0 ? NaN : Math.pow(x, p)),
  partials: [
    (c, args) => {
      const [x, p] = [arg(args, 0), arg(args, 1)]
      return c.call('mul', p, c.call('pow', x, c.call('sub', p, c.constant(ONE))))
    },
    (c, args, y) => c.call('mul', y, c.call('log', arg(args, 0))),
  ],
  domain: (_, args) => [{ relation: 'positive', of: arg(args, 0) }],
}

export const arithmetic = { add, sub, mul, div, neg, pow }
