import { interval, isEmpty, neg, signOf } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { TailField } from '../tail/germ.ts'
import type { MaybeGerm } from '../tail/germ.ts'
import { INTERVALS } from './field.ts'
import { evaluateTape, runTape } from './jet.ts'
import type { Jet } from './jet.ts'
import type { Tape } from './tape.ts'

/** How a tape behaves beyond `start` on one side, with its derivatives up to `order`. */
export interface Tail {
  readonly field: TailField
  readonly jet: Jet<MaybeGerm>
}

export function tailOf(tape: Tape, side: -1 | 1, start: number, order: number): Tail {
  let tails = known.get(tape)
  if (tails === undefined) known.set(tape, (tails = new Map<number, Tail>()))
  const tail = tails.get(side * start)
  if (tail !== undefined && tail.jet.length > order) return tail
  // Whoever asks for a derivative asks for the others next.
  const made = makeTail(tape, side, start, order === 0 ? 0 : Math.max(order, USUAL_ORDER))
  tails.set(side * start, made)
  return made
}

const USUAL_ORDER = 3
const known = new WeakMap<Tape, Map<number, Tail>>()

function makeTail(tape: Tape, side: -1 | 1, start: number, order: number): Tail {
  const field = new TailField(start)
  const jets = runTape<MaybeGerm>(field, tape, field.variable(side), order, (value, index, instruction) =>
    value === null || value.origin !== null || instruction.op === 'constant'
      ? value
      : { ...value, origin: { name: `${index}`, factor: 1, whole: true } },
  )
  return { field, jet: jets[tape.result]! }
}

/** The numbers of a tail. */
export const tailInterval = (side: -1 | 1, start: number): Interval =>
  side > 0 ? interval(start, Infinity) : neg(interval(start, Infinity))

/** The sign of the k-th derivative beyond `start`: by intervals where they tell, else by growth; `null` if neither does. */
export function tailSign(tape: Tape, side: -1 | 1, start: number, k: number): -1 | 0 | 1 | null {
  const plain = evaluateTape(INTERVALS, tape, tailInterval(side, start), k)[k]!
  const sign = isEmpty(plain) ? null : signOf(plain)
  if (sign !== null) return sign
  const { field, jet } = tailOf(tape, side, start, k)
  const germ = jet[k]
  return germ === null || germ === undefined ? null : field.sign(germ)
}

/** Where tails are tried, nearest first. */
export const TAIL_STARTS = [8, 16, 32, 64, 128, 512, 4096, 65536, 2 ** 24] as const
