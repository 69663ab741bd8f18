import { ONE, ZERO } from '../base/rational.ts'
import { arg } from './calculus.ts'
import type { Calculus, ElementwiseOp } from './calculus.ts'

const difference = <N>(c: Calculus<N>, args: readonly N[]): N[] => [c.call('sub', arg(args, 0), arg(args, 1))]
const truth = (value: boolean): number => (value ? 1 : 0)
const undefinedIn = (...args: number[]): boolean => args.some(Number.isNaN)

function comparison(holds: (a: number, b: number) => boolean): ElementwiseOp {
  return {
    arity: 2,
    kernel: (a, b) => (undefinedIn(a, b) ? NaN : truth(holds(a, b))),
    partials: [null, null],
    switches: difference,
  }
}

const gt = comparison((a, b) => a > b)
const ge = comparison((a, b) => a >= b)
const eq = comparison((a, b) => a === b)
const ne = comparison((a, b) => a !== b)

/** Truth is "not zero", as in NumPy's `logical_and`. */
const and: ElementwiseOp = {
  arity: 2,
  kernel: (a, b) => (undefinedIn(a, b) ? NaN : truth(a !== 0 && b !== 0)),
  partials: [null, null],
  expansion: (c, args) =>
    c.call('mul', c.call('ne', arg(args, 0), c.constant(ZERO)), c.call('ne', arg(args, 1), c.constant(ZERO))),
}

const or: ElementwiseOp = {
  arity: 2,
  kernel: (a, b) => (undefinedIn(a, b) ? NaN : truth(a !== 0 || b !== 0)),
  partials: [null, null],
  expansion: (c, args) => {
    const [a, b] = [c.call('eq', arg(args, 0), c.constant(ZERO)), c.call('eq', arg(args, 1), c.constant(ZERO))]
    return c.call('sub', c.constant(ONE), c.call('mul', a, b))
  },
}

const not: ElementwiseOp = {
  arity: 1,
  kernel: (a) => (undefinedIn(a) ? NaN : truth(a === 0)),
  partials: [null],
  expansion: (c, args) => c.call('eq', arg(args, 0), c.constant(ZERO)),
}

/** `condition ? a : b`; the branch that is not taken imposes nothing. */
const where: ElementwiseOp = {
  arity: 3,
  kernel: (condition, a, b) => (undefinedIn(condition) ? NaN : condition !== 0 ? a : b),
  partials: [
    null,
    (c, args) => c.call('ne', arg(args, 0), c.constant(ZERO)),
    (c, args) => c.call('eq', arg(args, 0), c.constant(ZERO)),
  ],
}

export const comparisons = { gt, ge, eq, ne, and, or, not, where }
