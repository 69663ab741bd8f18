import { exp } from '../interval/elementary.ts'
import { add, down, interval, isEmpty, neg, point, signOf, up } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { exactExponent, NO_EXPONENT } from '../tail/exponent.ts'
import { TailField } from '../tail/germ.ts'
import type { Germ, MaybeGerm } from '../tail/germ.ts'
import { boundsOn } from './bounds.ts'
import { runTape } from './jet.ts'
import type { Jet } from './jet.ts'
import type { Tape } from './tape.ts'

/** Where `z` goes: to an end of a piece, from inside. */
export interface Approach {
  /** The end: infinite, or bounds of a number. */
  readonly end: Interval
  /** -1 for the left end of a piece. */
  readonly side: -1 | 1
  /** Steps that are known to be zero at a finite end, although bounds of it do not show it. */
  readonly zeros?: ReadonlySet<number>
}

export const atInfinity = (side: -1 | 1): Approach => ({ end: point(side * Infinity), side })

/**
 * How a variable `x >= start` leads to the end: as `z = x` or `c + 1/x`, or by `exp(x)` in place of `x`, in which logarithms
 * of `z` are powers of `x`.
 */
export interface Scale {
  readonly isExponential: boolean
  readonly start: number
}

const scales = (isExponential: boolean, starts: readonly number[]): Scale[] =>
  starts.map((start) => ({ isExponential, start }))

/** What is tried, nearest to the origin or farthest from the end first. */
const SCALES: readonly Scale[] = [
  ...scales(false, [1, 3, 8, 16, 32, 64, 128, 512, 4096, 65536, 2 ** 24]),
  ...scales(true, [2, 3, 5, 8, 16, 40]),
]

/** How a tape behaves beyond `start` on one side, with its derivatives up to `order`. */
export interface Tail {
  readonly field: TailField
  readonly jet: Jet<MaybeGerm>
}

const USUAL_ORDER = 3
const known = new WeakMap<Tape, Map<string, Tail>>()

export function tailOf(tape: Tape, approach: Approach, scale: Scale, order: number): Tail {
  let tails = known.get(tape)
  if (tails === undefined) known.set(tape, (tails = new Map<string, Tail>()))
  const key = `${approach.end.lo} ${approach.end.hi} ${approach.side} ${scale.isExponential} ${scale.start}`
  const tail = tails.get(key)
  if (tail !== undefined && tail.jet.length > order) return tail
  // Whoever asks for a derivative asks for the others next.
  const made = makeTail(tape, approach, scale, order === 0 ? 0 : Math.max(order, USUAL_ORDER))
  tails.set(key, made)
  return made
}

function makeTail(tape: Tape, approach: Approach, scale: Scale, order: number): Tail {
  const field = new TailField(scale.start)
  const jets = runTape<MaybeGerm>(field, tape, variable(approach, scale), order, (value, index, instruction) => {
    const settled = value !== null && approach.zeros?.has(index) === true ? withoutConstant(value) : value
    return settled === null || settled.origin !== null || instruction.op === 'constant'
      ? settled
      : { ...settled, origin: { name: `${index}`, factor: 1, whole: true } }
  })
  return { field, jet: jets[tape.result]! }
}

function variable({ end, side }: Approach, { isExponential }: Scale): Germ {
  const isFinite = Number.isFinite(end.lo)
  const direction = isFinite ? -side : side
  const power = isFinite ? -1 : 1
  const q = isExponential ? exactExponent([{ power: 1, coefficient: point(power) }])! : NO_EXPONENT
  const moving = { q, c: [{ power: isExponential ? 0 : power, coefficient: point(direction) }] }
  if (!isFinite || (end.lo === 0 && end.hi === 0)) return { terms: [moving], origin: null }
  const constant = { power: 0, coefficient: end }
  if (isExponential) return { terms: [{ q: NO_EXPONENT, c: [constant] }, moving], origin: null }
  return { terms: [{ q, c: [constant, ...moving.c] }], origin: null }
}

function withoutConstant(germ: Germ): Germ {
  const terms = germ.terms.map(({ q, c }) => ({
    q,
    c: q.key === NO_EXPONENT.key ? c.filter(({ power }) => power !== 0) : c,
  }))
  return { terms: terms.filter(({ c }) => c.length > 0), origin: null }
}

/** Where `x = start` is on the axis of `z`, and all that lies beyond. */
function placeOf({ end, side }: Approach, { isExponential, start }: Scale): { at: number; beyond: Interval } {
  const reach = isExponential ? exp(point(start)).hi : start
  if (!Number.isFinite(end.lo)) return { at: side * reach, beyond: tailInterval(side, reach) }
  const distance = down(1 / reach)
  const at = side < 0 ? down(end.lo + distance) : up(end.hi - distance)
  return { at, beyond: side < 0 ? interval(end.lo, at) : interval(at, end.hi) }
}

/** The numbers of a tail. */
export const tailInterval = (side: -1 | 1, start: number): Interval =>
  side > 0 ? interval(start, Infinity) : neg(interval(start, Infinity))

/**
 * A place from which the `k`-th derivative keeps a sign up to the end, short of `other`, where the piece ends on the other
 * side: by intervals where they tell, else by growth. `null` where none is found.
 */
export function settledFrom(
  tape: Tape,
  approach: Approach,
  k: number,
  other: number,
): { readonly at: number; readonly sign: -1 | 0 | 1 } | null {
  const { side } = approach
  for (const scale of SCALES) {
    const { at, beyond } = placeOf(approach, scale)
    if (!Number.isFinite(at) || (Number.isFinite(other) && side * at <= side * other)) continue
    if (beyond.lo >= beyond.hi) continue
    const plain = boundsOn(tape, beyond, k)[k]!
    const sign = isEmpty(plain) ? null : signOf(plain)
    if (sign !== null) return { at, sign }
    const { field, jet } = tailOf(tape, approach, scale, k)
    const germ = jet[k]
    const grown = germ === null || germ === undefined ? null : field.sign(germ)
    if (grown !== null) return { at, sign: grown }
  }
  return null
}

/** Narrower than this, bounds tell what a limit is. */
const NARROW = 1e-9

/** Bounds of what the `k`-th derivative tends to, by its growth; `null` where that does not tell. */
export function grownLimit(tape: Tape, approach: Approach, k: number): Interval | null {
  for (const scale of SCALES) {
    const { field, jet } = tailOf(tape, approach, scale, k)
    const germ = jet[k]
    const limit = germ === null || germ === undefined ? null : field.limit(germ)
    if (limit === null) continue
    const isInfinite = limit.lo === -Infinity || limit.hi === Infinity
    if (isInfinite || limit.hi - limit.lo < NARROW * (1 + Math.abs(limit.lo))) return limit
  }
  return null
}

/** Bounds of all values of the `k`-th derivative beyond a place at infinity. */
export function rangeBeyond(tape: Tape, side: -1 | 1, place: number, k: number): Interval {
  const whole = interval(-Infinity, Infinity)
  if (!(Math.abs(place) >= 1)) return whole
  const { field, jet } = tailOf(tape, atInfinity(side), { isExponential: false, start: Math.abs(place) }, k)
  const germ = jet[k]
  return germ === null || germ === undefined ? whole : add(field.range(germ), point(0))
}
