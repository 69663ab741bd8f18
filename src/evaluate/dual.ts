import type { MatrixName, NormaliseName, ReduceName } from '../graph/node.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Algebra } from './algebra.ts'
import type { NumericContraction } from './kernels/contract.ts'
import { reducedShape } from './kernels/reduce.ts'
import { entriesOf, filled, scalar, unit } from './tensor.ts'
import { TANGENTS } from './tangents.ts'

/** A value and how it moves along one direction; `null` where it does not. */
export interface Dual<T> {
  readonly value: T
  readonly tangent: T | null
}

/** The sum over `axes`, which keep length 1. */
function sumOver<T>(algebra: Algebra<T>, axes: readonly number[], a: T): T {
  const shape = algebra.shape(a)
  const rank = shape.length
  const output = shape.map((_, axis) => (axes.includes(axis) ? rank + axis : axis))
  const spec = { operands: [[...shape.keys()]], output, sizes: [...shape, ...shape.map(() => 1)] }
  return algebra.contract(spec, [a])
}

/**
 * Values of another algebra that carry a tangent: forward mode. Over tensors these are dual numbers; over duals, second
 * derivatives. The rules are this file's and those of `tangents.ts`; reverse mode has its own.
 */
export class Duals<T> implements Algebra<Dual<T>> {
  readonly #base: Algebra<T>

  constructor(base: Algebra<T>) {
    this.#base = base
  }

  exact: Algebra<Dual<T>>['exact'] = (value) => this.lift(this.#base.exact(value))
  rational: Algebra<Dual<T>>['rational'] = (value) => this.lift(this.#base.rational(value))
  symbol: Algebra<Dual<T>>['symbol'] = (name) => this.lift(this.#base.symbol(name))
  shape = (a: Dual<T>): readonly number[] => this.#base.shape(a.value)

  lift(value: T): Dual<T> {
    return { value, tangent: null }
  }

  map(fn: ElementwiseName, args: readonly Dual<T>[]): Dual<T> {
    const values = args.map((arg) => arg.value)
    const value = this.#base.map(fn, values)
    const arithmetic = {
      number: (x: number) => this.#base.exact(scalar(x)),
      map: (name: ElementwiseName, inner: readonly T[]) => this.#base.map(name, inner),
    }
    const tangent = TANGENTS[fn](arithmetic, values, args.map((arg) => arg.tangent)) // prettier-ignore
    return { value, tangent: tangent === null ? null : this.#filling(tangent, value) }
  }

  /** Linear in each operand: the sum over the operands with one replaced by its tangent. */
  contract(spec: NumericContraction, operands: readonly Dual<T>[]): Dual<T> {
    const values = operands.map((operand) => operand.value)
    let tangent: T | null = null
    operands.forEach((operand, slot) => {
      if (operand.tangent === null) return
      const term = this.#base.contract(spec, values.with(slot, operand.tangent))
      tangent = tangent === null ? term : this.#base.map('add', [tangent, term])
    })
    return { value: this.#base.contract(spec, values), tangent }
  }

  reduce(fn: ReduceName, axes: readonly number[], a: Dual<T>): Dual<T> {
    const value = this.#base.reduce(fn, axes, a.value)
    if (a.tangent === null) return this.lift(value)
    if (fn === 'prod') return { value, tangent: this.#productTangent(axes, a.value, a.tangent) }
    const attained = this.#base.map('eq', [a.value, value])
    const moved = this.#base.map('where', [attained, a.tangent, this.#base.exact(scalar(0))])
    const shares = [sumOver(this.#base, axes, moved), sumOver(this.#base, axes, attained)]
    return { value, tangent: this.#base.map('div', shares) }
  }

  /** For each entry of a group, its tangent times the product of the others: right also where an entry is zero. */
  #productTangent(axes: readonly number[], value: T, tangent: T): T {
    const shape = this.#base.shape(value)
    const group = shape.map((length, axis) => (axes.includes(axis) ? length : 1))
    let sum = this.#base.exact(filled(reducedShape(shape, axes), 0))
    for (let entry = 0; entry < entriesOf(group); entry++) {
      const here = this.#base.exact(unit(group, entry))
      const swapped = this.#base.map('where', [here, tangent, value])
      sum = this.#base.map('add', [sum, this.#base.reduce('prod', axes, swapped)])
    }
    return sum
  }

  normalise(fn: NormaliseName, axes: readonly number[], a: Dual<T>): Dual<T> {
    const base = this.#base
    const value = base.normalise(fn, axes, a.value)
    if (a.tangent === null) return this.lift(value)
    const softmax = fn === 'softmax' ? value : base.normalise('softmax', axes, a.value)
    const mean = sumOver(base, axes, base.map('mul', [softmax, a.tangent]))
    if (fn === 'logsumexp') return { value, tangent: mean }
    const centred = base.map('sub', [a.tangent, mean])
    return { value, tangent: fn === 'softmax' ? base.map('mul', [softmax, centred]) : centred }
  }

  /** Sources: Petersen and Pedersen, The Matrix Cookbook, equations 41, 43 and 40. */
  matrix(fn: MatrixName, a: Dual<T>): Dual<T> {
    const base = this.#base
    const value = base.matrix(fn, a.value)
    if (a.tangent === null) return this.lift(value)
    const n = base.shape(a.value)[0]!
    const inverse = fn === 'inv' ? value : base.matrix('inv', a.value)
    if (fn === 'inv') {
      const spec = { operands: [[0, 1], [1, 2], [2, 3]], output: [0, 3], sizes: [n, n, n, n] } // prettier-ignore
      return { value, tangent: base.map('neg', [base.contract(spec, [value, a.tangent, value])]) }
    }
    const spec = { operands: [[0, 1], [1, 0]], output: [], sizes: [n, n] } // prettier-ignore
    const trace = base.contract(spec, [inverse, a.tangent])
    return { value, tangent: fn === 'logdet' ? trace : base.map('mul', [value, trace]) }
  }

  reshape(shape: readonly number[], a: Dual<T>): Dual<T> {
    const tangent = a.tangent === null ? null : this.#base.reshape(shape, a.tangent)
    return { value: this.#base.reshape(shape, a.value), tangent }
  }

  /** The tangent repeated to the shape of the value: an argument that broadcasts, or a constant slope, is smaller. */
  #filling(tangent: T, value: T): T {
    const shape = this.#base.shape(value)
    const here = this.#base.shape(tangent)
    const same = here.length === shape.length && here.every((length, axis) => length === shape[axis])
    return same ? tangent : this.#base.map('add', [tangent, this.#base.exact(filled(shape, 0))])
  }
}
