import { interval, isEmpty, point, signOf } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { costOf } from './smooth/effort.ts'
import type { Effort } from './smooth/effort.ts'
import { enclosedOrder } from './smooth/enclosed.ts'
import { factorsOf } from './smooth/factors.ts'
import { isolate } from './smooth/isolate.ts'
import { settledFrom } from './smooth/tail-sign.ts'
import { partOf } from './smooth/tape.ts'
import type { Guard, Tape } from './smooth/tape.ts'

/** The places where a guard may change its sign, and whether these are all between two others. */
export interface GuardZeros {
  readonly at: readonly Interval[]
  readonly complete: boolean
  readonly from: Interval
  readonly to: Interval
}

/** Places between `from` and `to` where a guard may change its sign, and whether these are all; `known` keeps them for other gaps. */
export function guardZeros(
  tape: Tape,
  guard: Guard,
  from: Interval,
  to: Interval,
  known: Map<string, GuardZeros>,
  effort: Effort,
): GuardZeros {
  const part = partOf(tape, guard.index)
  const key = JSON.stringify(part.instructions)
  const earlier = known.get(key)
  const isWider = earlier !== undefined && earlier.from.lo <= from.lo && earlier.to.hi >= to.hi
  const found = isWider ? earlier : { ...zerosOf(part, from, to, effort), from, to }
  if (!isWider) known.set(key, found)
  // A zero at the end of the gap is the branch point that is known already.
  return { ...found, at: found.at.filter((at) => at.hi > from.hi && at.lo < to.lo) }
}

function zerosOf(
  part: Tape,
  from: Interval,
  to: Interval,
  effort: Effort,
): { readonly at: readonly Interval[]; readonly complete: boolean } {
  const [whole] = enclosedOrder(part, 0)(interval(from.lo, to.hi))
  const sign = isEmpty(whole) ? null : signOf(whole)
  if (sign !== null) return { at: [], complete: true }
  const left = from.lo === -Infinity ? farEnough(part, -1, to.lo) : { at: from.lo, complete: true }
  const right = to.hi === Infinity ? farEnough(part, 1, from.hi) : { at: to.hi, complete: true }
  const found = factorsOf(part, 0, interval(from.lo, to.hi)).map(({ tape }) =>
    isolate(enclosedOrder(tape, 0), interval(left.at, right.at), effort, costOf(tape, 1)),
  )
  const at = found.flatMap(({ zeros, flat }) => [...zeros.map((zero) => zero.at), ...flat])
  return { at, complete: found.every(({ complete }) => complete) && left.complete && right.complete }
}

/** How far a guard is followed whose sign beyond that is not known. */
const FOLLOWED = 32

/** A place on one side beyond which the guard keeps its sign. */
function farEnough(part: Tape, side: -1 | 1, other: number): { at: number; complete: boolean } {
  const settled = settledFrom(part, { end: point(side * Infinity), side }, 0, other)
  if (settled !== null) return { at: settled.at, complete: true }
  return { at: side * FOLLOWED + (Number.isFinite(other) ? other : 0), complete: false }
}
