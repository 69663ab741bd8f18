import { MINUS_ONE, ONE, ZERO } from '../base/rational.ts'
import { arg } from './calculus.ts'
import type { Calculus, ElementwiseOp } from './calculus.ts'

const itself = <N>(_: Calculus<N>, args: readonly N[]): N[] => [arg(args, 0)]
const difference = <N>(c: Calculus<N>, args: readonly N[]): N[] => [c.call('sub', arg(args, 0), arg(args, 1))]

/**
 * The larger argument. The two local derivatives add up to one also where the arguments tie, so that a tie on an
 * open set (`max(x, x)`) is differentiated rightly.
 */
const max: ElementwiseOp = {
  arity: 2,
  kernel: Math.max,
  partials: [
    (c, args) => c.call('ge', arg(args, 0), arg(args, 1)),
    (c, args) => c.call('gt', arg(args, 1), arg(args, 0)),
  ],
  expansion: (c, args) => c.call('where', c.call('ge', arg(args, 0), arg(args, 1)), arg(args, 0), arg(args, 1)),
  switches: difference,
}

const min: ElementwiseOp = {
  arity: 2,
  kernel: Math.min,
  partials: [
    (c, args) => c.call('ge', arg(args, 1), arg(args, 0)),
    (c, args) => c.call('gt', arg(args, 0), arg(args, 1)),
  ],
  expansion: (c, args) => c.call('where', c.call('ge', arg(args, 1), arg(args, 0)), arg(args, 0), arg(args, 1)),
  switches: difference,
}

const abs: ElementwiseOp = {
  arity: 1,
  kernel: Math.abs,
  partials: [(c, args) => c.call('sign', arg(args, 0))],
  expansion: (c, args) => c.call('mul', arg(args, 0), c.call('sign', arg(args, 0))),
  switches: itself,
}

/** −1, 0 or 1. */
const sign: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (Number.isNaN(x) ? NaN : x > 0 ? 1 : x < 0 ? -1 : 0),
  partials: [null],
  expansion: (c, args) => {
    const zero = c.constant(ZERO)
    const above = c.call('gt', arg(args, 0), zero)
    return c.call('add', above, c.call('mul', c.constant(MINUS_ONE), c.call('gt', zero, arg(args, 0))))
  },
  switches: itself,
}

/** 1 above zero, else 0; so `step(0)` is 0. */
const step: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (Number.isNaN(x) ? NaN : x > 0 ? 1 : 0),
  partials: [null],
  expansion: (c, args) => c.call('gt', arg(args, 0), c.constant(ZERO)),
  switches: itself,
}

const relu: ElementwiseOp = {
  arity: 1,
  kernel: (x) => (Number.isNaN(x) ? NaN : x > 0 ? x : 0),
  partials: [(c, args) => c.call('gt', arg(args, 0), c.constant(ZERO))],
  expansion: (c, args) => c.call('max', arg(args, 0), c.constant(ZERO)),
  switches: itself,
}

/** `x` above zero, else `slope*x`. Source: Maas, Hannun, Ng 2013, section 2. */
const leaky_relu: ElementwiseOp = {
  arity: 2,
  kernel: (x, slope) => (x > 0 ? x : slope * x),
  partials: [
    (c, args) => c.call('where', c.call('gt', arg(args, 0), c.constant(ZERO)), c.constant(ONE), arg(args, 1)),
    (c, args) => c.call('where', c.call('gt', arg(args, 0), c.constant(ZERO)), c.constant(ZERO), arg(args, 0)),
  ],
  expansion: (c, args) => {
    const [x, slope] = [arg(args, 0), arg(args, 1)]
    return c.call('where', c.call('gt', x, c.constant(ZERO)), x, c.call('mul', slope, x))
  },
  switches: itself,
}

export const piecewise = { max, min, abs, sign, step, relu, leaky_relu }
