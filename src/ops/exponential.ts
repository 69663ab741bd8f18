import { HALF, ONE, rational } from '../base/rational.ts'
import { arg } from './calculus.ts'
import type { ElementwiseOp } from './calculus.ts'

const exp: ElementwiseOp = { arity: 1, kernel: Math.exp, partials: [(_c, _args, y) => y] }

const log: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (x > 0 ? Math.log(x) : NaN),
  partials: [(c, args) => c.call('div', c.constant(ONE), arg(args, 0))],
  domain: (_, args) => [{ relation: 'positive', of: arg(args, 0) }],
}

const log1p: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (x > -1 ? Math.log1p(x) : NaN),
  partials: [(c, args) => c.call('div', c.constant(ONE), c.call('add', c.constant(ONE), arg(args, 0)))],
  expansion: (c, args) => c.call('log', c.call('add', c.constant(ONE), arg(args, 0))),
  domain: (c, args) => [{ relation: 'positive', of: c.call('add', c.constant(ONE), arg(args, 0)) }],
}

const expm1: ElementwiseOp = {
  arity: 1,
  kernel: Math.expm1,
  partials: [(c, args) => c.call('exp', arg(args, 0))],
  expansion: (c, args) => c.call('sub', c.call('exp', arg(args, 0)), c.constant(ONE)),
}

const sqrt: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (x >= 0 ? Math.sqrt(x) : NaN),
  partials: [(c, _args, y) => c.call('div', c.constant(ONE), c.call('mul', c.constant(rational(2)), y))],
  expansion: (c, args) => c.call('pow', arg(args, 0), c.constant(HALF)),
  domain: (_, args) => [{ relation: 'nonnegative', of: arg(args, 0) }],
  smooth: (_, args) => [{ relation: 'positive', of: arg(args, 0) }],
}

export const exponentials = { exp, log, log1p, expm1, sqrt }
