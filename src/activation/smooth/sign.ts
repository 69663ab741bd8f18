import { isEmpty, signOf } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { INTERVALS } from './field.ts'
import type { Primitive } from './field.ts'
import { runTape } from './jet.ts'
import type { Instruction, Tape } from './tape.ts'

/** A side of zero on which all values lie; `strict` where none of them is zero. */
export interface Side {
  readonly sign: -1 | 1
  readonly strict: boolean
}

/** Positive for every argument. */
export const POSITIVE: ReadonlySet<Primitive> = new Set(['exp', 'sigmoid', 'softplus', 'cosh', 'erfc'])

/** Of the sign of the argument. */
export const SIGN_KEEPING: ReadonlySet<Primitive> = new Set([
  'expm1', 'log1p', 'sinh', 'tanh', 'atan', 'asin', 'erf',
]) // prettier-ignore

/**
 * The side of zero on which a tape stays wherever it is defined on `x`, by the signs of its steps: bounds alone lose it where
 * an exponential underflows. `null` where that is not known.
 */
export function sideOf(tape: Tape, x: Interval): Side | null {
  if (tape.removable.length > 0) return null
  const values = runTape(INTERVALS, tape, x, 0, (value) => value)
  const sides: (Side | null)[] = []
  tape.instructions.forEach((instruction, at) => {
    const made = sideOfStep(instruction, sides)
    sides.push(made?.strict === true ? made : (strictSide(values[at]![0]!) ?? made ?? closedSide(values[at]![0]!)))
  })
  return sides[tape.result] ?? null
}

function strictSide(value: Interval): Side | null {
  const sign = isEmpty(value) ? null : signOf(value)
  return sign === null || sign === 0 ? null : { sign, strict: true }
}

function closedSide(value: Interval): Side | null {
  if (value.lo >= 0) return { sign: 1, strict: false }
  return value.hi <= 0 ? { sign: -1, strict: false } : null
}

function sideOfStep(instruction: Instruction, sides: readonly (Side | null)[]): Side | null {
  if (instruction.op === 'z' || instruction.op === 'constant') return null
  const of = (ref: number): Side | null => sides[ref] ?? null
  const a = of(instruction.a)
  switch (instruction.op) {
    case 'neg':
      return opposite(a)
    case 'add':
      return sum(a, of(instruction.b))
    case 'sub':
      return sum(a, opposite(of(instruction.b)))
    case 'mul':
      return product(a, of(instruction.b))
    case 'div': {
      const b = of(instruction.b)
      return product(a, b === null ? null : { ...b, strict: true })
    }
    case 'power':
      return powerOf(a, instruction.exponent)
    case 'apply':
      if (POSITIVE.has(instruction.fn)) return { sign: 1, strict: true }
      return SIGN_KEEPING.has(instruction.fn) ? a : null
  }
}

const opposite = (a: Side | null): Side | null => (a === null ? null : { ...a, sign: a.sign === 1 ? -1 : 1 })

const sum = (a: Side | null, b: Side | null): Side | null =>
  a === null || b?.sign !== a.sign ? null : { sign: a.sign, strict: a.strict || b.strict }

const product = (a: Side | null, b: Side | null): Side | null =>
  a === null || b === null ? null : { sign: a.sign === b.sign ? 1 : -1, strict: a.strict && b.strict }

function powerOf(a: Side | null, exponent: number): Side | null {
  // A negative power is not defined at zero.
  const strict = a?.strict === true || exponent <= 0
  if (!Number.isInteger(exponent) || exponent % 2 === 0) return { sign: 1, strict }
  return a === null ? null : { sign: a.sign, strict }
}
