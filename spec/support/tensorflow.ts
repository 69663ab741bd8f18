import type { ElementwiseName } from '../../src/ops/names.ts'
import { contraction, einsum as specOf } from '../../src/ops/contraction.ts'
import { contractTensors } from '../../src/evaluate/kernels/contract.ts'
import { mapTensors } from '../../src/evaluate/kernels/elementwise.ts'
import { normaliseTensor, reduceTensor } from '../../src/evaluate/kernels/reduce.ts'
import { spread } from '../../src/evaluate/kernels/broadcast.ts'
import { entriesOf, filled } from '../../src/evaluate/tensor.ts'
import type { Tensor as Values } from '../../src/evaluate/tensor.ts'
import { literalSize } from '../../src/shape/size.ts'

/** A thin stand-in for the part of TensorFlow.js that printed programs use, in 64 bits. */

type Nested = number | readonly Nested[]
type Operand = Tensor | Nested
type Kind = 'float32' | 'bool'

export class Tensor {
  readonly shape: readonly number[]
  readonly data: Float64Array
  readonly dtype: Kind

  constructor({ shape, data }: Values, dtype: Kind = 'float32') {
    this.shape = shape
    this.data = data
    this.dtype = dtype
  }

  dataSync(): Float64Array {
    return this.data
  }

  arraySync(): Nested {
    let items: Nested[] = [...this.data]
    for (const length of this.shape.slice(1).reverse()) {
      items = Array.from({ length: items.length / length }, (_, i) => items.slice(i * length, (i + 1) * length))
    }
    return this.shape.length === 0 ? items[0]! : items
  }
}

const shapeOf = (value: Nested): number[] => (typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0]!)])
const entries = (value: Nested): number[] => (typeof value === 'number' ? [value] : value.flatMap(entries))

export function tensor(value: Nested, shape?: readonly number[]): Tensor {
  if ((value as unknown) instanceof Tensor) throw new TypeError('tensor takes no tensor')
  return new Tensor({ shape: shape ?? shapeOf(value), data: Float64Array.from(entries(value)) })
}

const of = (value: Operand): Tensor => (value instanceof Tensor ? value : tensor(value))
const number = (value: Operand): Tensor => {
  const result = of(value)
  if (result.dtype === 'bool') throw new TypeError('a truth value where a number is wanted')
  return result
}

const entrywise =
  (fn: ElementwiseName, dtype: Kind = 'float32') =>
  (...args: readonly Operand[]): Tensor =>
    new Tensor(mapTensors(fn, args.map(number)), dtype)

export const [add, sub, mul, div, neg, pow] = (['add', 'sub', 'mul', 'div', 'neg', 'pow'] as const).map((fn) => entrywise(fn)) // prettier-ignore
export const [abs, sign, step, exp, log, log1p] = (['abs', 'sign', 'step', 'exp', 'log', 'log1p'] as const).map((fn) => entrywise(fn)) // prettier-ignore
export const [expm1, sqrt, sin, cos, tan, sinh] = (['expm1', 'sqrt', 'sin', 'cos', 'tan', 'sinh'] as const).map((fn) => entrywise(fn)) // prettier-ignore
export const [cosh, tanh, asin, acos, atan, erf] = (['cosh', 'tanh', 'asin', 'acos', 'atan', 'erf'] as const).map((fn) => entrywise(fn)) // prettier-ignore
export const [sigmoid, softplus, relu, selu] = (['sigmoid', 'softplus', 'relu', 'selu'] as const).map((fn) => entrywise(fn)) // prettier-ignore
export const [maximum, minimum] = (['max', 'min'] as const).map((fn) => entrywise(fn))
export const [greater, greaterEqual, equal, notEqual] = (['gt', 'ge', 'eq', 'ne'] as const).map((fn) => entrywise(fn, 'bool')) // prettier-ignore
export const square = (x: Operand): Tensor => mul!(x, x)
export const logSigmoid = (x: Operand): Tensor => neg!(softplus!(neg!(x)))

const logic =
  (fn: ElementwiseName) =>
  (...args: readonly Tensor[]): Tensor => {
    if (args.some(({ dtype }) => dtype !== 'bool')) throw new TypeError('a number where a truth value is wanted')
    return new Tensor(mapTensors(fn, args), 'bool')
  }
export const [logicalAnd, logicalOr, logicalNot] = (['and', 'or', 'not'] as const).map(logic)

export const cast = (x: Tensor, dtype: Kind): Tensor => new Tensor(x, dtype)
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== 'bool') throw new TypeError('a number where a truth value is wanted')
  return new Tensor(mapTensors('where', [condition, number(a), number(b)]))
}

const lettered = (text: string, ...args: readonly Tensor[]): Tensor => {
  const spec = specOf(text, args.map(({ shape }) => shape.map(literalSize))) // prettier-ignore
  return new Tensor(contractTensors({ ...spec, sizes: spec.sizes.map((size) => Number(size.key)) }, args))
}

export const dot = (v: Tensor, w: Tensor): Tensor => lettered('i,i->', v, w)
export const outerProduct = (v: Tensor, w: Tensor): Tensor => lettered('i,j->ij', v, w)

export function matMul(a: Tensor, b: Tensor): Tensor {
  const lead = 'pqrs'.slice(0, a.shape.length - 2)
  return lettered(`${lead}ij,${lead}jk->${lead}ik`, a, b)
}

export function transpose(a: Tensor, axes: readonly number[] = [...a.shape.keys()].reverse()): Tensor {
  const spec = contraction([[...a.shape.keys()]], axes, new Map(a.shape.map((length, axis) => [axis, literalSize(length)]))) // prettier-ignore
  return new Tensor(contractTensors({ ...spec, sizes: spec.sizes.map((size) => Number(size.key)) }, [a]))
}

export function sum(a: Tensor, axes: readonly number[] = [...a.shape.keys()], keep = false): Tensor {
  const kept = [...a.shape.keys()].filter((axis) => !axes.includes(axis))
  const spec = { operands: [[...a.shape.keys()]], output: kept, sizes: [...a.shape] }
  const { data, shape } = contractTensors(spec, [number(a)])
  return new Tensor({ data, shape: keep ? a.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)) : shape })
}

const kept = (keep: boolean): void => {
  if (!keep) throw new TypeError('the stand-in keeps reduced axes')
}

const reduced =
  (fn: 'max' | 'min' | 'prod') =>
  (a: Tensor, axes: readonly number[], keep = false): Tensor => {
    kept(keep)
    return new Tensor(reduceTensor(fn, axes, a))
  }
export const [max, min, prod] = (['max', 'min', 'prod'] as const).map(reduced)

export function logSumExp(a: Tensor, axes: readonly number[], keep = false): Tensor {
  const result = new Tensor(normaliseTensor('logsumexp', axes, a))
  return keep ? result : reshape(result, result.shape.filter((_, axis) => !axes.includes(axis))) // prettier-ignore
}

export const scalar = (value: number): Tensor => tensor(value)
export const ones = (shape: readonly number[]): Tensor => new Tensor(filled(shape, 1))
export const zeros = (shape: readonly number[]): Tensor => new Tensor(filled(shape, 0))
export const fill = (shape: readonly number[], value: number): Tensor => new Tensor(filled(shape, value))
export const eye = (n: number): Tensor =>
  new Tensor({ shape: [n, n], data: Float64Array.from({ length: n * n }, (_, at) => Number(at % (n + 1) === 0)) })
export const broadcastTo = (a: Operand, shape: readonly number[]): Tensor =>
  new Tensor({ shape, data: Float64Array.from(spread(of(a), shape)) })

export function reshape(a: Operand, shape: readonly number[]): Tensor {
  const { data } = of(a)
  if (entriesOf(shape) !== data.length) throw new TypeError('a reshape with another number of entries')
  return new Tensor({ shape, data })
}
export const expandDims = (a: Operand, axis: number): Tensor => reshape(a, of(a).shape.toSpliced(axis, 0, 1))

export const tidy = <T>(work: () => T): T => work()
