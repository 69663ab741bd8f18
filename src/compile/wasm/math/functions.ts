import type { ElementwiseName } from '../../../ops/names.ts'
import type { Primitive } from '../../scalar/scalars.ts'
import type { Lanes, Precision, V } from '../lanes.ts'
import { simd } from '../opcodes.ts'
import { erf, erfc } from './error-function.ts'
import { exp, expm1, log, log1p, tanh } from './exponential.ts'
import { cos, sin } from './trigonometric.ts'

/** Applies an operation's JavaScript kernel to each of the first `lanes` lanes. */
export type CallKernel = (l: Lanes, fn: ElementwiseName, args: readonly V[], lanes: number) => V

type Evaluate = (l: Lanes, x: V, exact: (x: V) => V) => V

/** Functions of one argument, in lanes of either precision. */
const EITHER: Partial<Record<Primitive, Evaluate>> = { exp, log, log1p, expm1, tanh }

/** Those evaluated in doubles only. */
const DOUBLE: Partial<Record<Primitive, Evaluate>> = { erf, erfc, sin, cos }

export const isTranscendental = (op: string): boolean => op in EITHER || op in DOUBLE

/** Whether it is evaluated in two halves of doubles. */
export const isWidened = (op: string, precision: Precision): boolean => precision === 'f32' && op in DOUBLE

function transcendental(l: Lanes, op: 'exp' | 'sin' | 'cos', x: V, lanes: number, kernel: CallKernel): V {
  const evaluate = (EITHER[op] ?? DOUBLE[op])!
  if (!isWidened(op, l.precision)) return evaluate(l, x, (y) => kernel(l, op, [y], lanes))
  // Floats are widened, worked out as doubles and rounded back, two at a time.
  const wide = l.wide
  const half = (from: V, count: number): V => {
    const widened = wide.bits(simd.promoteLow, from)
    return l.bits(
      simd.demote,
      evaluate(wide, widened, (y) => kernel(wide, op, [y], count)),
    )
  }
  const low = half(x, Math.min(lanes, 2))
  if (lanes <= 2) return low
  const high = half(l.permute(x, x, [2, 3, 0, 1]), lanes - 2)
  return l.permute(low, high, [0, 1, 4, 5])
}

/** All bits set in lanes where `a` or `b` is not a number: read as a number, that is itself not one. */
function undefinedIn(l: Lanes, a: V, b: V | null): V {
  const first = l.op('ne', a, a)
  return b === null ? first : l.bits(simd.or, first, l.op('ne', b, b))
}

/** A truth value as 1 or 0, NaN where an argument is. `b` is given as `null` if it is known to be a number. */
function truth(l: Lanes, mask: V, a: V, b: V | null): V {
  return l.bits(simd.or, l.bits(simd.and, mask, l.const(1)), undefinedIn(l, a, b))
}

/** What is known of an argument besides its vector. */
export interface Known {
  readonly constant: number | null
}

/** Emits one primitive on vectors of which the first `lanes` lanes matter. */
export function emitPrimitive(
  l: Lanes,
  op: Primitive,
  args: readonly V[],
  known: readonly Known[],
  lanes: number,
  kernel: CallKernel,
): V {
  const [a, b, c] = args as [V, V, V]
  switch (op) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'neg':
    case 'abs':
    case 'sqrt': // prettier-ignore
      return l.op(op, ...args)
    case 'quot':
      return l.op('div', a, b)
    case 'div':
      return l.bits(simd.or, l.op('div', a, b), l.op('eq', b, l.const(0)))
    case 'min':
    case 'max': {
      // The pseudo-minimum gives its first argument where that is NaN, so a constant goes second.
      const pseudo = op === 'min' ? 'pmin' : 'pmax'
      if (known[1]?.constant !== null) return l.op(pseudo, a, b)
      if (known[0]?.constant !== null) return l.op(pseudo, b, a)
      return l.op(op, a, b)
    }
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne': {
      // prettier-ignore
      const mask = l.op(op, a, b)
      if (known[0]?.constant !== null) return truth(l, mask, b, null)
      return truth(l, mask, a, known[1]?.constant === null ? b : null)
    }
    case 'select': {
      const chosen = l.select(l.op('ne', a, l.const(0)), b, c)
      return l.bits(simd.or, chosen, l.op('ne', a, a))
    }
    case 'exp':
    case 'log':
    case 'log1p':
    case 'expm1':
    case 'tanh':
    case 'erf':
    case 'erfc':
    case 'sin':
    case 'cos': // prettier-ignore
      return transcendental(l, op as 'exp', a, lanes, kernel)
  }
}
