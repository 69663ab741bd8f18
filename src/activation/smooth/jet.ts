import { point } from '../interval/interval.ts'
import { derivativesOf } from './field.ts'
import type { Field } from './field.ts'
import type { Instruction, Tape } from './tape.ts'

/** A value and its derivatives by `z`, lowest order first. */
export type Jet<T> = readonly T[]

/**
 * The derivatives up to `order`, at most `MAX_ORDER`, of all instructions of a tape, where `z` is the given jet. Source of the chain rule to
 * third order: Faà di Bruno 1855. `named` may mark the value of an instruction before it is used further.
 */
export function runTape<T>(
  f: Field<T>,
  tape: Tape,
  z: T,
  order: number,
  named: (value: T, index: number, instruction: Instruction) => T = (value) => value,
): Jet<T>[] {
  const zero = f.constant(point(0))
  const jets: T[][] = []
  tape.instructions.forEach((instruction, index) => {
    const jet = step(f, instruction, jets, z, zero, order)
    jet[0] = named(jet[0]!, index, instruction)
    jets.push(jet)
  })
  return jets
}

/** The derivatives up to `order` of the tape's result. */
export const evaluateTape = <T>(f: Field<T>, tape: Tape, z: T, order: number): Jet<T> =>
  runTape(f, tape, z, order)[tape.result]!

function step<T>(f: Field<T>, instruction: Instruction, jets: readonly T[][], z: T, zero: T, order: number): T[] {
  switch (instruction.op) {
    case 'z': {
      const jet: T[] = [z]
      for (let k = 1; k <= order; k++) jet.push(k === 1 ? f.constant(point(1)) : zero)
      return jet
    }
    case 'constant': {
      const jet = [f.constant(instruction.value)]
      for (let k = 1; k <= order; k++) jet.push(zero)
      return jet
    }
    case 'add':
    case 'sub': {
      const [a, b] = [jets[instruction.a]!, jets[instruction.b]!]
      return a.map((entry, k) => f[instruction.op](entry, b[k]!))
    }
    case 'neg':
      return jets[instruction.a]!.map((entry) => f.neg(entry))
    case 'mul':
      return product(f, jets[instruction.a]!, jets[instruction.b]!)
    case 'div': {
      const b = jets[instruction.b]!
      const quotient = product(f, jets[instruction.a]!, chain(f, b, powerDerivatives(f, b[0]!, -1, order)))
      // The value from one division: `a*(1/b)` would double the width.
      quotient[0] = f.div(jets[instruction.a]![0]!, b[0]!)
      return quotient
    }
    case 'power': {
      const a = jets[instruction.a]!
      return chain(f, a, powerDerivatives(f, a[0]!, instruction.exponent, order))
    }
    case 'apply': {
      const a = jets[instruction.a]!
      return chain(f, a, derivativesOf(f, instruction.fn, a[0]!, order))
    }
  }
}

const BINOMIALS = [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 4, 6, 4, 1]]

function product<T>(f: Field<T>, a: readonly T[], b: readonly T[]): T[] {
  return a.map((_, k) => {
    let sum = f.mul(a[0]!, b[k]!)
    for (let i = 1; i <= k; i++) {
      const term = f.mul(a[i]!, b[k - i]!)
      const weight = BINOMIALS[k]![i]!
      sum = f.add(sum, weight === 1 ? term : f.mul(f.constant(point(weight)), term))
    }
    return sum
  })
}

function chain<T>(f: Field<T>, u: readonly T[], d: readonly T[]): T[] {
  const result: T[] = [d[0]!]
  if (u.length > 1) result.push(f.mul(d[1]!, u[1]!))
  if (u.length > 2) result.push(f.add(f.mul(d[2]!, f.power(u[1]!, 2)), f.mul(d[1]!, u[2]!)))
  if (u.length > 3) {
    const mixed = f.mul(f.constant(point(3)), f.mul(d[2]!, f.mul(u[1]!, u[2]!)))
    result.push(f.add(f.add(f.mul(d[3]!, f.power(u[1]!, 3)), mixed), f.mul(d[1]!, u[3]!)))
  }
  if (u.length > 4) {
    const times = (n: number, a: T): T => f.mul(f.constant(point(n)), a)
    const pure = f.add(f.mul(d[4]!, f.power(u[1]!, 4)), times(6, f.mul(d[3]!, f.mul(f.power(u[1]!, 2), u[2]!))))
    const second = f.add(times(3, f.power(u[2]!, 2)), times(4, f.mul(u[1]!, u[3]!)))
    result.push(f.add(f.add(pure, f.mul(d[2]!, second)), f.mul(d[1]!, u[4]!)))
  }
  return result
}

function powerDerivatives<T>(f: Field<T>, u: T, exponent: number, order: number): T[] {
  const result: T[] = []
  let factor = 1
  for (let k = 0; k <= order; k++) {
    const weight = f.constant(point(factor))
    result.push(
      factor === 0 ? weight : factor === 1 ? f.power(u, exponent - k) : f.mul(weight, f.power(u, exponent - k)),
    )
    factor *= exponent - k
  }
  return result
}
