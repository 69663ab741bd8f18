import type { Interval } from '../interval/interval.ts'
import type { Primitive } from './field.ts'
import { POSITIVE, SIGN_KEEPING, sideOf } from './sign.ts'
import { partOf } from './tape.ts'
import type { Tape } from './tape.ts'

const STRICTLY_MONOTONE: ReadonlySet<Primitive> = new Set([
  'exp', 'expm1', 'log', 'log1p', 'sinh', 'tanh', 'sigmoid', 'softplus', 'atan', 'asin', 'acos', 'erf', 'erfc',
]) // prettier-ignore

/** The `k`-th derivative of a tape. */
export interface Factor {
  readonly tape: Tape
  readonly k: number
}

/**
 * Derivatives of steps whose zeros together are those of the `k`-th derivative of the tape on `x`: a power hides a double
 * zero, and an exponential that underflows looks like one.
 */
export function factorsOf(tape: Tape, k: number, x: Interval): Factor[] {
  const instruction = tape.instructions[tape.result]!
  // The factors of a quotient vanish where that only tends to something.
  if (k > 1 || tape.removable.length > 0 || instruction.op === 'z' || instruction.op === 'constant')
    return [{ tape, k }]
  const of = (index: number, order = k): Factor[] =>
    tape.instructions[index]!.op === 'constant' ? [] : factorsOf(partOf(tape, index), order, x)
  const isNumber = (index: number): boolean => {
    const step = tape.instructions[index]!
    return step.op === 'constant' && (step.value.lo > 0 || step.value.hi < 0)
  }
  switch (instruction.op) {
    case 'neg':
      return of(instruction.a)
    case 'mul':
      if (isNumber(instruction.a)) return of(instruction.b)
      if (isNumber(instruction.b)) return of(instruction.a)
      return k === 0 ? [...of(instruction.a), ...of(instruction.b)] : [{ tape, k }]
    case 'div':
      return k === 0 || isNumber(instruction.b) ? of(instruction.a) : [{ tape, k }]
    case 'power':
      if (k === 0) return instruction.exponent > 0 ? of(instruction.a) : []
      return instruction.exponent > 1 ? [...of(instruction.a, 0), ...of(instruction.a, 1)] : of(instruction.a)
    case 'apply':
      if (k === 0 && instruction.fn === 'exp') {
        const base = rootedIn(tape, instruction.a)
        return base === null ? [] : of(base)
      }
      if (k === 0 && POSITIVE.has(instruction.fn)) return []
      if (k === 0 && SIGN_KEEPING.has(instruction.fn)) return of(instruction.a)
      return k === 1 && STRICTLY_MONOTONE.has(instruction.fn) ? of(instruction.a) : [{ tape, k }]
    case 'add':
    case 'sub':
      return k === 0 && sideOf(tape, x)?.strict === true ? [] : [{ tape, k }]
  }
}

/** `u` where the step is `p*log(u)`, `p > 0`: its exponential, a power of `u`, is zero where `u` is. */
function rootedIn({ instructions }: Tape, index: number): number | null {
  const product = instructions[index]!
  if (product.op !== 'mul') return null
  for (const [p, log] of [[product.a, product.b], [product.b, product.a]] as const) {
    const [factor, inner] = [instructions[p]!, instructions[log]!]
    const isPower = factor.op === 'constant' && factor.value.lo > 0 && inner.op === 'apply' && inner.fn === 'log'
    if (isPower) return inner.a
  } // prettier-ignore
  return null
}
