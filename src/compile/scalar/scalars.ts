import { toNumber } from '../../base/rational.ts'
import type { Rational } from '../../base/rational.ts'
import type { Calculus } from '../../ops/calculus.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import { erfc } from '../../ops/kernels/erf.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import { LOWERED } from './lower.ts'

/** Operations that both back ends know how to emit. `div` gives NaN over zero; `quot` divides by what cannot be zero. */
export type Primitive =
  | 'add' | 'sub' | 'mul' | 'div' | 'quot' | 'neg' | 'abs' | 'min' | 'max' | 'sqrt'
  | 'gt' | 'ge' | 'eq' | 'ne' | 'select'
  | 'exp' | 'log' | 'log1p' | 'expm1' | 'tanh' | 'erf' | 'erfc' | 'sin' | 'cos' // prettier-ignore

/** Where a nest finds or puts an entry: `buffer[offset + sum of strides[axis] * index[axis]]`, in entries. */
export interface Access {
  readonly buffer: number
  readonly offset: number
  readonly strides: readonly number[]
  /** Entries from one sample to the next where a nest is run for a few samples at a time. */
  readonly sweep?: number
}

export type ScalarOp =
  | { readonly op: 'const'; readonly value: number; readonly args: readonly number[] }
  | { readonly op: 'load'; readonly access: Access; readonly args: readonly number[] }
  | { readonly op: 'call'; readonly fn: ElementwiseName; readonly args: readonly number[] }
  | { readonly op: Primitive; readonly args: readonly number[] }

/** A power of two whose reciprocal is exact, so that dividing by it is multiplying. */
const isPlainPowerOfTwo = (y: number): boolean => {
  const exponent = Math.log2(Math.abs(y))
  return Number.isInteger(exponent) && Math.abs(exponent) <= 1000
}

const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'mul', 'min', 'max', 'eq', 'ne'])

/** What folds a primitive on constants: the kernels of the operations of the same name. */
const fold = (op: Primitive, args: readonly number[]): number => {
  if (op === 'quot') return ELEMENTWISE.div.kernel(...args)
  if (op === 'erfc') return erfc(args[0]!)
  return ELEMENTWISE[op === 'select' ? 'where' : op].kernel(...args)
}

/**
 * Straight-line scalar code in single-assignment form, the body of a nest: operations are numbered in order, arguments
 * before their uses, equal operations once. As a `Calculus` it takes the expansions of the operation table.
 */
export class Scalars implements Calculus<number> {
  readonly ops: ScalarOp[] = []
  readonly #known = new Map<string, number>()
  readonly #lowest: ('positive' | 'nonnegative' | 'any')[] = []

  const(value: number): number {
    return this.#add({ op: 'const', value, args: [] }, `const ${Object.is(value, -0) ? '-0' : value}`)
  }

  constant(value: Rational): number {
    return this.const(toNumber(value))
  }

  pi(): number {
    return this.const(Math.PI)
  }

  load(access: Access): number {
    return this.#add(
      { op: 'load', access, args: [] },
      `load ${access.buffer} ${access.offset} ${access.strides.join(',')} ${access.sweep ?? 0}`,
    )
  }

  /** An operation of the table, in primitives. */
  call(name: ElementwiseName, ...args: readonly number[]): number {
    return LOWERED[name](this, ...args)
  }

  /** An operation that is left to its kernel in JavaScript. */
  external(fn: ElementwiseName, ...args: readonly number[]): number {
    const values = args.map((arg) => this.value(arg))
    if (values.every((value) => value !== null)) return this.const(ELEMENTWISE[fn].kernel(...values))
    return this.#add({ op: 'call', fn, args }, `call ${fn} ${args.join(' ')}`)
  }

  emit(op: Primitive, ...args: readonly number[]): number {
    const values = args.map((arg) => this.value(arg))
    if (values.every((value) => value !== null)) return this.const(fold(op, values))
    const same = this.#shortcut(op, args, values)
    if (same !== null) return same
    const ordered = COMMUTATIVE.has(op) ? [...args].sort((a, b) => a - b) : args
    return this.#add({ op, args: ordered }, `${op} ${ordered.join(' ')}`)
  }

  /** The number that an operation always is, or `null`. */
  value(id: number): number | null {
    const op = this.ops[id]!
    return op.op === 'const' ? op.value : null
  }

  /** Whether the value is above zero (or NaN) whatever is loaded, rounding included. */
  isPositive(id: number): boolean {
    return this.#lowest[id] === 'positive'
  }

  isNonnegative(id: number): boolean {
    return this.#lowest[id] !== 'any'
  }

  /** Identities that hold for every double, NaN included, but for the sign of zero. */
  #shortcut(op: Primitive, args: readonly number[], values: readonly (number | null)[]): number | null {
    const [a, b, c] = args as [number, number, number]
    const [x, y] = values
    switch (op) {
      case 'add':
        return x === 0 ? b : y === 0 ? a : null
      case 'sub':
        return y === 0 ? a : x === 0 ? this.emit('neg', b) : null
      case 'mul':
        if (x === 1) return b
        if (y === 1) return a
        return x === -1 ? this.emit('neg', b) : y === -1 ? this.emit('neg', a) : null
      case 'div':
        if (y === 1) return a
        if (y !== undefined && y !== null && y !== 0 && isPlainPowerOfTwo(y)) {
          return this.emit('mul', a, this.const(1 / y))
        }
        return this.isPositive(b) || (y !== null && y !== 0) ? this.emit('quot', a, b) : null
      case 'neg': {
        const inner = this.ops[a]!
        return inner.op === 'neg' ? inner.args[0]! : null
      }
      case 'abs':
        if (this.ops[a]!.op === 'neg') return this.emit('abs', this.ops[a]!.args[0]!)
        return this.isNonnegative(a) ? a : null
      case 'select':
        return x === null || x === undefined ? null : x === 0 ? c : b
      case 'quot':
      case 'min':
      case 'max':
      case 'sqrt':
      case 'gt':
      case 'ge':
      case 'eq':
      case 'ne':
      case 'exp':
      case 'log':
      case 'log1p':
      case 'expm1':
      case 'tanh':
      case 'erf':
      case 'erfc':
      case 'sin':
      case 'cos': // prettier-ignore
        return null
    }
  }

  #add(op: ScalarOp, key: string): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const id = this.ops.length
    this.ops.push(op)
    this.#lowest.push(this.#bound(op))
    this.#known.set(key, id)
    return id
  }

  #bound(op: ScalarOp): 'positive' | 'nonnegative' | 'any' {
    const [a, b, c] = op.args
    const all = (...ids: number[]): 'nonnegative' | 'any' =>
      ids.every((id) => this.isNonnegative(id)) ? 'nonnegative' : 'any'
    switch (op.op) {
      case 'const':
        return op.value > 0 ? 'positive' : op.value === 0 ? 'nonnegative' : 'any'
      case 'add':
        if (all(a!, b!) === 'any') return 'any'
        return this.isPositive(a!) || this.isPositive(b!) ? 'positive' : 'nonnegative'
      case 'exp':
      case 'erfc':
      case 'abs':
      case 'sqrt':
      case 'gt':
      case 'ge':
      case 'eq':
      case 'ne': // prettier-ignore
        return 'nonnegative'
      case 'mul':
        return a === b ? 'nonnegative' : all(a!, b!)
      case 'max':
        if (this.isPositive(a!) || this.isPositive(b!)) return 'positive'
        return this.isNonnegative(a!) || this.isNonnegative(b!) ? 'nonnegative' : 'any'
      case 'select':
        return this.isPositive(b!) && this.isPositive(c!) ? 'positive' : all(b!, c!)
      case 'min':
      case 'quot':
      case 'div':
        return all(a!, b!)
      default:
        return 'any'
    }
  }
}
