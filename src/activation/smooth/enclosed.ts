import { add, intersect, isEmpty, middle, mul, point, signOf, sub, width } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { boundsOn } from './bounds.ts'
import { MAX_ORDER } from './field.ts'
import type { Enclosed } from './isolate.ts'
import type { Tape } from './tape.ts'

/** On wider intervals the mean value theorem gains little. */
const SMALL = 2 ** -6

/** Bounds of the `k`-th derivative and of the next. */
export function enclosedOrder(tape: Tape, k: number): Enclosed {
  return (x, withSlope = true) => {
    const jet = boundsOn(tape, x, withSlope ? Math.min(k + 1, MAX_ORDER) : k)
    const next = jet[k + 1]
    return next === undefined ? [jet[k]!] : [jet[k]!, centred(tape, k + 1, x, next)]
  }
}

/** Bounds whose sign is open, cut to what the mean value theorem allows: near a double zero they shrink faster. */
function centred(tape: Tape, k: number, x: Interval, value: Interval): Interval {
  if (k >= MAX_ORDER || isEmpty(value) || signOf(value) !== null || !(width(x) > 0 && width(x) < SMALL)) return value
  const slope = boundsOn(tape, x, k + 1)[k + 1]!
  if (isEmpty(slope) || !Number.isFinite(slope.lo) || !Number.isFinite(slope.hi)) return value
  const m = point(middle(x))
  const at = boundsOn(tape, m, k)[k]!
  return isEmpty(at) ? value : (intersect(value, add(at, mul(slope, sub(x, m)))) ?? value)
}
