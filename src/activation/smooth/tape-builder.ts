import { fromRational, isPoint, ONE, PI, point, signOf } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import type { Rational } from '../../base/rational.ts'
import type { Calculus } from '../../ops/calculus.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import { INTERVALS } from './field.ts'
import type { Primitive } from './field.ts'
import type { Guard, Instruction, Tape } from './tape.ts'

/** Builds a tape, folding constants and choosing spellings that do not cancel. */
export class TapeBuilder implements Calculus<number> {
  readonly #sample: Interval
  readonly #instructions: Instruction[] = []
  readonly #known = new Map<string, number>()
  /** The value of each step at the sample. */
  readonly #values: Interval[] = []
  readonly #guards: Guard[] = []
  #defined = true
  #certain = true

  constructor(sample: number) {
    this.#sample = point(sample)
  }

  finish(result: number): Tape {
    const bound = this.#values[result]!
    const defined = this.#defined && !Number.isNaN(bound.lo) && !Number.isNaN(bound.hi)
    return {
      instructions: this.#instructions,
      result,
      guards: this.#guards,
      defined,
      certain: this.#certain,
      removable: [],
    }
  }

  variable(): number {
    return this.#add({ op: 'z' }, 'z', this.#sample)
  }

  number(value: Interval): number {
    return this.#add({ op: 'constant', value }, `c ${value.lo} ${value.hi}`, value)
  }

  constant(value: Rational): number {
    return this.number(fromRational(value))
  }

  pi(): number {
    return this.number(PI)
  }

  isTrue(ref: number): boolean {
    const sign = signOf(this.#values[ref]!)
    if (this.#constantOf(ref) === null) this.#guard(ref, 'switch')
    if (sign === null) this.#certain = false
    return sign !== 0
  }

  call(name: ElementwiseName, ...args: readonly number[]): number {
    const [a, b, c] = args as [number, number, number]
    switch (name) {
      case 'add':
        return this.#sum(a, b)
      case 'sub':
        return this.#difference(a, b)
      case 'mul':
        return this.#product(a, b)
      case 'div':
        return this.#quotient(a, b)
      case 'neg':
        return this.#negative(a)
      case 'pow':
        return this.#pow(a, b)
      case 'sqrt':
        return this.#root(a)
      case 'gt':
        return this.#truth(this.#compare(a, b) > 0)
      case 'ge':
        return this.#truth(this.#compare(a, b) >= 0)
      case 'eq':
        return this.#truth(this.#compare(a, b) === 0)
      case 'ne':
        return this.#truth(this.#compare(a, b) !== 0)
      case 'where':
        return this.isTrue(a) ? b : c
      case 'abs':
        return this.#absolute(a)
      case 'max':
        return this.#compare(a, b) >= 0 ? a : b
      case 'min':
        return this.#compare(a, b) <= 0 ? a : b
      case 'exp':
      case 'sin':
      case 'cos':
      case 'sinh':
      case 'cosh':
      case 'tanh':
      case 'atan':
      case 'erf':
      case 'expm1':
      case 'sigmoid':
      case 'softplus':
        return this.#apply(name, a)
      case 'log':
        return this.#log(a)
      case 'log1p':
        this.#guard(this.#sum(this.number(ONE), a), 'positive')
        return this.#fused('log1p', a)
      case 'asin':
      case 'acos':
        this.#guard(this.#difference(this.number(ONE), this.#power(a, 2)), 'nonnegative')
        return this.#apply(name, a)
      case 'and':
      case 'or':
      case 'not':
      case 'sign':
      case 'step':
      case 'tan':
      case 'relu':
      case 'leaky_relu':
      case 'elu':
      case 'selu':
      case 'gelu':
      case 'gelu_tanh':
      case 'silu':
      case 'swish':
      case 'mish':
        return this.#expand(name, args)
    }
  }

  #absolute(a: number): number {
    return this.#compare(a, this.number(point(0))) >= 0 ? a : this.#negative(a)
  }

  /** `sqrt(u^2)` is `|u|`, whose kink a power would hide. */
  #root(a: number): number {
    const instruction = this.#instructions[a]!
    if (instruction.op === 'power' && instruction.exponent % 4 === 2) {
      return this.#power(this.#absolute(instruction.a), instruction.exponent / 2)
    }
    if (instruction.op === 'power' && instruction.exponent % 4 === 0) {
      return this.#power(instruction.a, instruction.exponent / 2)
    }
    this.#guard(a, 'nonnegative')
    return this.#power(a, 0.5)
  }

  #expand(name: ElementwiseName, args: readonly number[]): number {
    return ELEMENTWISE[name].expansion!<number>(this, args)
  }

  #add(instruction: Instruction, key: string, value: Interval): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.#instructions.length)
    this.#instructions.push(instruction)
    this.#values.push(value)
    return this.#instructions.length - 1
  }

  #constantOf(ref: number): Interval | null {
    const instruction = this.#instructions[ref]!
    return instruction.op === 'constant' ? instruction.value : null
  }

  #exactly(ref: number, value: number): boolean {
    const constant = this.#constantOf(ref)
    return constant !== null && constant.lo === value && constant.hi === value
  }

  #binary(op: 'add' | 'sub' | 'mul' | 'div', a: number, b: number): number {
    const value = INTERVALS[op](this.#values[a]!, this.#values[b]!)
    if (this.#constantOf(a) !== null && this.#constantOf(b) !== null) return this.number(value)
    return this.#add({ op, a, b }, `${op} ${a} ${b}`, value)
  }

  #sum(a: number, b: number): number {
    if (this.#exactly(a, 0)) return b
    if (this.#exactly(b, 0)) return a
    const [p, q] = [this.#unsquared(a), this.#unsquared(b)]
    if (p !== a || q !== b) return this.#sum(p, q)
    const [left, right] = [this.#instructions[a]!, this.#instructions[b]!]
    if (this.#exactly(a, 1) && right.op === 'apply') return this.#onePlus(a, b, right)
    if (this.#exactly(b, 1) && left.op === 'apply') return this.#onePlus(b, a, left)
    if (right.op === 'neg') return this.#difference(a, right.a)
    return this.#binary('add', Math.min(a, b), Math.max(a, b))
  }

  /** A multiple of `sin(u)^2` or `cos(u)^2` by the double angle, so that the slope of a sum has one wave instead of a product. */
  #unsquared(ref: number): number {
    const instruction = this.#instructions[ref]!
    const part = (of: number, rebuilt: (inner: number) => number): number => {
      const inner = this.#unsquared(of)
      return inner === of ? ref : rebuilt(inner)
    }
    if (instruction.op === 'neg') return part(instruction.a, (inner) => this.#negative(inner))
    if (instruction.op === 'div' && this.#constantOf(instruction.b) !== null) {
      return part(instruction.a, (inner) => this.#quotient(inner, instruction.b))
    }
    if (instruction.op === 'mul' && this.#constantOf(instruction.a) !== null) {
      return part(instruction.b, (inner) => this.#product(instruction.a, inner))
    }
    if (instruction.op === 'mul' && this.#constantOf(instruction.b) !== null) {
      return part(instruction.a, (inner) => this.#product(inner, instruction.b))
    }
    if (instruction.op !== 'power' || instruction.exponent !== 2) return ref
    const wave = this.#instructions[instruction.a]!
    if (wave.op !== 'apply' || (wave.fn !== 'sin' && wave.fn !== 'cos')) return ref
    const half = this.number(point(0.5))
    const double = this.#product(half, this.#apply('cos', this.#double(wave.a)))
    return wave.fn === 'sin' ? this.#binary('sub', half, double) : this.#binary('add', half, double)
  }

  #onePlus(one: number, b: number, { fn, a }: { readonly fn: Primitive; readonly a: number }): number {
    if (fn === 'tanh') return this.#product(this.number(point(2)), this.#apply('sigmoid', this.#double(a)))
    if (fn === 'erf') return this.#apply('erfc', this.#negative(a))
    return this.#binary('add', one, b)
  }

  #double(a: number): number {
    return this.#product(this.number(point(2)), a)
  }

  #difference(a: number, b: number): number {
    if (a === b) return this.number(point(0))
    if (this.#exactly(b, 0)) return a
    if (this.#exactly(a, 0)) return this.#negative(b)
    const [p, q] = [this.#unsquared(a), this.#unsquared(b)]
    if (p !== a || q !== b) return this.#difference(p, q)
    const [left, right] = [this.#instructions[a]!, this.#instructions[b]!]
    if (this.#exactly(a, 1) && right.op === 'apply') {
      if (right.fn === 'tanh') {
        return this.#product(this.number(point(2)), this.#apply('sigmoid', this.#negative(this.#double(right.a))))
      }
      if (right.fn === 'sigmoid') return this.#apply('sigmoid', this.#negative(right.a))
      if (right.fn === 'erf') return this.#apply('erfc', right.a)
    }
    if (this.#exactly(b, 1) && left.op === 'apply' && left.fn === 'exp') return this.#apply('expm1', left.a)
    if (right.op === 'neg') return this.#sum(a, right.a)
    return this.#binary('sub', a, b)
  }

  #negative(a: number): number {
    const instruction = this.#instructions[a]!
    if (instruction.op === 'neg') return instruction.a
    const value = INTERVALS.neg(this.#values[a]!)
    return instruction.op === 'constant' ? this.number(value) : this.#add({ op: 'neg', a }, `neg ${a}`, value)
  }

  #product(a: number, b: number): number {
    if (this.#exactly(a, 0) || this.#exactly(b, 0)) return this.number(point(0))
    if (this.#exactly(a, 1)) return b
    if (this.#exactly(b, 1)) return a
    if (this.#exactly(a, -1)) return this.#negative(b)
    if (this.#exactly(b, -1)) return this.#negative(a)
    if (a === b) return this.#power(a, 2)
    const [left, right] = [this.#instructions[a]!, this.#instructions[b]!]
    if (left.op === 'neg' && right.op === 'neg') return this.#product(left.a, right.a)
    return this.#binary('mul', Math.min(a, b), Math.max(a, b))
  }

  #quotient(a: number, b: number): number {
    if (this.#exactly(b, 1)) return a
    this.#guard(b, 'nonzero')
    if (a === b && this.#constantOf(a) === null) return this.number(ONE)
    if (this.#exactly(a, 0)) return a
    const divisor = this.#instructions[b]!
    const dividend = this.#instructions[a]!
    const isOpposite = (divisor.op === 'neg' && divisor.a === a) || (dividend.op === 'neg' && dividend.a === b)
    if (isOpposite && this.#constantOf(a) === null) return this.number(point(-1))
    // Where p is infinite, a/(q/p) has a value that intervals do not see.
    if (divisor.op === 'div' && this.#constantOf(b) === null)
      return this.#quotient(this.#product(a, divisor.b), divisor.a)
    const reciprocalOf = this.#onePlusExp(b)
    if (reciprocalOf !== null) return this.#product(a, this.#apply('sigmoid', this.#negative(reciprocalOf)))
    return this.#binary('div', a, b)
  }

  /** `u` where the step is `1 + exp(u)`. */
  #onePlusExp(ref: number): number | null {
    const instruction = this.#instructions[ref]!
    if (instruction.op !== 'add') return null
    for (const [one, other] of [[instruction.a, instruction.b], [instruction.b, instruction.a]] as const) {
      const inner = this.#instructions[other]!
      if (this.#exactly(one, 1) && inner.op === 'apply' && inner.fn === 'exp') return inner.a
    } // prettier-ignore
    return null
  }

  #log(a: number): number {
    const u = this.#onePlusExp(a)
    if (u !== null) return this.#apply('softplus', u)
    const instruction = this.#instructions[a]!
    if (instruction.op === 'apply' && instruction.fn === 'exp') return instruction.a
    if (instruction.op === 'apply' && instruction.fn === 'sigmoid') {
      return this.#negative(this.#apply('softplus', this.#negative(instruction.a)))
    }
    this.#guard(a, 'positive')
    if (instruction.op === 'add' && this.#exactly(instruction.a, 1)) return this.#fused('log1p', instruction.b)
    if (instruction.op === 'add' && this.#exactly(instruction.b, 1)) return this.#fused('log1p', instruction.a)
    return this.#apply('log', a)
  }

  #fused(fn: 'log1p', a: number): number {
    const instruction = this.#instructions[a]!
    return instruction.op === 'apply' && instruction.fn === 'exp'
      ? this.#apply('softplus', instruction.a)
      : this.#apply(fn, a)
  }

  #apply(fn: Primitive, a: number): number {
    const value = INTERVALS.apply(fn, this.#values[a]!)
    if (this.#constantOf(a) !== null) return this.number(value)
    return this.#add({ op: 'apply', fn, a }, `${fn} ${a}`, value)
  }

  #power(a: number, exponent: number): number {
    if (exponent === 0) return this.number(ONE)
    if (exponent === 1) return a
    const instruction = this.#instructions[a]!
    if (instruction.op === 'neg' && exponent % 2 === 0) return this.#power(instruction.a, exponent)
    const value = INTERVALS.power(this.#values[a]!, exponent)
    if (this.#constantOf(a) !== null) return this.number(value)
    return this.#add({ op: 'power', a, exponent }, `power ${a} ${exponent}`, value)
  }

  #pow(a: number, p: number): number {
    const exponent = this.#constantOf(p)
    if (exponent !== null && isPoint(exponent)) {
      if (exponent.lo === 0.5) return this.#root(a)
      if (exponent.lo < 0) this.#guard(a, 'nonzero')
      if (!Number.isInteger(exponent.lo)) this.#guard(a, exponent.lo < 0 ? 'positive' : 'nonnegative')
      return this.#power(a, exponent.lo)
    }
    const isRoot = exponent !== null && exponent.lo > 0
    this.#guard(a, isRoot ? 'nonnegative' : 'positive')
    const base = this.#values[a]!
    // At this one place the logarithm has no value, and the power has.
    if (isRoot && base.lo === 0 && base.hi === 0) return this.number(point(0))
    return this.#apply('exp', this.#product(p, this.#apply('log', a)))
  }

  #guard(index: number, kind: Guard['kind']): void {
    const instruction = this.#instructions[index]!
    // What is zero where a simpler step is: that one's zeros are easier to tell.
    if (kind === 'nonzero' || (kind === 'positive' && instruction.op === 'power' && instruction.exponent % 2 === 0)) {
      if (instruction.op === 'neg') return this.#guard(instruction.a, 'nonzero')
      if (instruction.op === 'power' && Number.isInteger(instruction.exponent))
        return this.#guard(instruction.a, 'nonzero')
      if (instruction.op === 'mul') {
        this.#guard(instruction.a, 'nonzero')
        return this.#guard(instruction.b, 'nonzero')
      }
      if (instruction.op === 'div') return this.#guard(instruction.a, 'nonzero')
    }
    // That the base is not negative stands already.
    if (instruction.op === 'power' && !Number.isInteger(instruction.exponent)) {
      if (kind === 'nonnegative') return
      if (kind === 'positive') return this.#guard(instruction.a, 'positive')
    }
    const value = this.#values[index]!
    if (this.#constantOf(index) === null) this.#guards.push({ index, kind })
    if (kind === 'switch') return
    const violated =
      kind === 'nonzero' ? value.lo === 0 && value.hi === 0 : kind === 'positive' ? value.hi <= 0 : value.hi < 0
    if (violated || Number.isNaN(value.lo)) this.#defined = false
  }

  /** The sign of `a - b` at the sample, which is its sign on the whole piece. */
  #compare(a: number, b: number): -1 | 0 | 1 {
    const difference = this.#difference(a, b)
    const value = this.#values[difference]!
    if (this.#constantOf(difference) === null) this.#guards.push({ index: difference, kind: 'switch' })
    const sign = signOf(value)
    if (sign !== null) return sign
    this.#certain = false
    const mid = value.lo / 2 + value.hi / 2
    return mid > 0 ? 1 : mid < 0 ? -1 : 0
  }

  #truth(value: boolean): number {
    return this.number(point(value ? 1 : 0))
  }
}
