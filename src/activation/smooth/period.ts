import { div, hull, isPoint, magnitude, mul, neg, PI, point, signOf } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { INTERVALS } from './field.ts'
import type { Tape } from './tape.ts'

/** `slope*z` plus a function that repeats, whose angular frequencies are listed; no frequencies: a constant. */
interface Shape {
  readonly slope: Interval
  readonly frequencies: readonly Interval[]
}

const NONE: Interval = point(0)
const isZero = (a: Interval): boolean => a.lo === 0 && a.hi === 0

/** The period of a tape that is `slope*z` plus a periodic function; `null` where it is not known to be one. */
export function periodOf(tape: Tape): { readonly period: Interval; readonly slope: Interval } | null {
  const shapes: (Shape | null)[] = []
  for (const instruction of tape.instructions) shapes.push(shapeOf(instruction, shapes, tape))
  const shape = shapes[tape.result] ?? null
  if (shape === null || shape.frequencies.length === 0) return null
  const base = commonFrequency(shape.frequencies)
  return base === null ? null : { period: div(mul(point(2), PI), base), slope: shape.slope }
}

function shapeOf(
  instruction: Tape['instructions'][number],
  shapes: readonly (Shape | null)[],
  tape: Tape,
): Shape | null {
  if (instruction.op === 'z') return { slope: point(1), frequencies: [] }
  if (instruction.op === 'constant') return { slope: NONE, frequencies: [] }
  const a = shapes[instruction.a] ?? null
  const b: Shape | null = 'b' in instruction ? (shapes[instruction.b] ?? null) : { slope: NONE, frequencies: [] }
  if (a === null || b === null) return null
  const frequencies = [...new Set([...a.frequencies, ...b.frequencies])]
  switch (instruction.op) {
    case 'add':
    case 'sub':
      return { slope: INTERVALS[instruction.op](a.slope, b.slope), frequencies }
    case 'neg':
      return { slope: neg(a.slope), frequencies }
    case 'mul':
    case 'div': {
      if (isZero(a.slope) && isZero(b.slope)) return { slope: NONE, frequencies }
      const left = tape.instructions[instruction.a]!
      const right = tape.instructions[instruction.b]!
      if (right.op === 'constant') return { slope: INTERVALS[instruction.op](a.slope, right.value), frequencies }
      if (left.op === 'constant' && instruction.op === 'mul') return { slope: mul(left.value, b.slope), frequencies }
      return null
    }
    case 'power':
      return isZero(a.slope) ? a : null
    case 'apply': {
      if (isZero(a.slope)) return a
      const isWave = instruction.fn === 'sin' || instruction.fn === 'cos'
      if (!isWave || a.frequencies.length > 0 || signOf(a.slope) === null) return null
      const frequency = signOf(a.slope) === 1 ? a.slope : neg(a.slope)
      return { slope: NONE, frequencies: [frequency] }
    }
  }
}

/** The largest frequency of which all are whole multiples. Inexact ones must be the same number. */
function commonFrequency(frequencies: readonly Interval[]): Interval | null {
  const [first] = frequencies
  if (frequencies.length === 1) return first!
  if (!frequencies.every(isPoint)) return null
  const smallest = frequencies.reduce((a, b) => (a.lo < b.lo ? a : b)).lo
  for (let parts = 1; parts <= 24; parts++) {
    const whole = frequencies.every(
      ({ lo }) => Number.isInteger((lo * parts) / smallest) && isExactMultiple(lo, parts, smallest),
    )
    if (whole) return div(point(smallest), point(parts))
  }
  return null
}

/** Whether `a*parts` is exactly a whole multiple of `b`. */
function isExactMultiple(a: number, parts: number, b: number): boolean {
  const left = mul(point(a), point(parts))
  const times = Math.round((a * parts) / b)
  const right = mul(point(times), point(b))
  return isPoint(left) && isPoint(right) && left.lo === right.lo
}

/** A bounded stretch that holds a whole period, around zero. */
export function onePeriod(period: Interval): Interval {
  const half = magnitude(period) / 2
  return hull(point(-half * (1 + 1e-12)), point(half * (1 + 1e-12)))
}
