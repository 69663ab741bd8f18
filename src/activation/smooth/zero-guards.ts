import { isEmpty } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { INTERVALS } from './field.ts'
import { evaluateTape } from './jet.ts'
import { partOf } from './tape.ts'
import type { Tape } from './tape.ts'

/** The steps that are zero at an end of a piece: that of a guard, if it can only be one. */
export function zeroGuards(tape: Tape, end: Interval): ReadonlySet<number> {
  const unsigned = (index: number): number => {
    const step = tape.instructions[index]!
    return step.op === 'neg' ? step.a : index
  }
  const around = [...new Set(tape.guards.map(({ index }) => unsigned(index)))].filter((index) => {
    const [value] = evaluateTape(INTERVALS, partOf(tape, index), end, 0)
    return !isEmpty(value!) && value!.lo <= 0 && value!.hi >= 0
  })
  if (around.length !== 1) return new Set()
  const [zero] = around as [number]
  // With a step its negative is zero.
  const negatives = tape.instructions.flatMap((other, at) => (other.op === 'neg' && other.a === zero ? [at] : []))
  return new Set([zero, ...negatives])
}
