import { BackproveError } from '../base/errors.ts'
import { toNumber } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { MatrixName, Node, NormaliseName, ReduceName } from '../graph/node.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { evaluateSize } from '../shape/size.ts'
import { contractTensors } from './kernels/contract.ts'
import type { NumericContraction } from './kernels/contract.ts'
import { mapTensors } from './kernels/elementwise.ts'
import { matrixTensor } from './kernels/matrix.ts'
import { normaliseTensor, reduceTensor } from './kernels/reduce.ts'
import { scalar } from './tensor.ts'
import type { Tensor } from './tensor.ts'

/** What the operations of the graph do to one kind of value: tensors, tensors with tangents, tensors with error bounds. */
export interface Algebra<T> {
  /** A number without error. */
  exact(value: Tensor): T
  rational(value: Rational): T
  symbol(name: 'pi' | 'e'): T
  map(fn: ElementwiseName, args: readonly T[]): T
  contract(spec: NumericContraction, operands: readonly T[]): T
  reduce(fn: ReduceName, axes: readonly number[], a: T): T
  normalise(fn: NormaliseName, axes: readonly number[], a: T): T
  matrix(fn: MatrixName, a: T): T
  reshape(shape: readonly number[], a: T): T
  shape(a: T): readonly number[]
}

/** The reference: tensors of doubles. */
export const TENSORS: Algebra<Tensor> = {
  exact: (value) => value,
  rational: (value) => scalar(toNumber(value)),
  symbol: (name) => scalar(name === 'pi' ? Math.PI : Math.E),
  map: mapTensors,
  contract: contractTensors,
  reduce: reduceTensor,
  normalise: normaliseTensor,
  matrix: matrixTensor,
  reshape: (shape, a) => ({ shape, data: a.data }),
  shape: (a) => a.shape,
}

export type Sizes = ReadonlyMap<string, number>

export const lengthsOf = (node: Node, sizes: Sizes): number[] => node.shape.map((size) => evaluateSize(size, sizes))

/** The contraction of a node with its labels' lengths. */
export function numericContraction(node: Node & { kind: 'contract' }, sizes: Sizes): NumericContraction {
  const { operands, output } = node.spec
  return { operands, output, sizes: node.spec.sizes.map((size) => evaluateSize(size, sizes)) }
}

/** The value of a node from those of its inputs. Throws `data` for an input, which has no value of its own. */
export function apply<T>(algebra: Algebra<T>, node: Node, inputs: readonly T[], sizes: Sizes): T {
  switch (node.kind) {
    case 'constant':
      return algebra.rational(node.value)
    case 'symbol':
      return algebra.symbol(node.name)
    case 'size':
      return algebra.exact(scalar(evaluateSize(node.size, sizes)))
    case 'input':
      throw new BackproveError('data', `\`${node.name}\` has no value`)
    case 'definition':
      return inputs[0]!
    case 'map':
      return algebra.map(node.fn, inputs)
    case 'contract':
      return algebra.contract(numericContraction(node, sizes), inputs)
    case 'reduce':
      return algebra.reduce(node.fn, node.axes, inputs[0]!)
    case 'normalise':
      return algebra.normalise(node.fn, node.axes, inputs[0]!)
    case 'matrix':
      return algebra.matrix(node.fn, inputs[0]!)
    case 'reshape':
      return algebra.reshape(lengthsOf(node, sizes), inputs[0]!)
    case 'derivative':
      throw new BackproveError('internal', 'a derivative is expanded before it is evaluated')
  }
}
