import { BackproveError } from '../base/errors.ts'
import { rational } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { contraction, contractionShape, einsum, isIdentity, isPermutation } from '../ops/contraction.ts'
import type { Contraction } from '../ops/contraction.ts'
import type { Calculus } from '../ops/calculus.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { broadcastShapes, entryCount, normaliseAxis, SCALAR, shapeText } from '../shape/shape.ts'
import type { Shape } from '../shape/shape.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { Dag } from './dag.ts'
import type { Draft } from './dag.ts'
import type { MatrixName, Node, NormaliseName, ReduceName, Role } from './node.ts'

const wrongShape = (what: string, hint = ''): BackproveError => new BackproveError('shape', what, { hint })

/**
 * Adds nodes to a DAG, checking shapes as it goes; throws `shape`, `axis` or `arity`.
 * It says what was built as written: nothing is simplified but a transpose that a product takes in.
 */
export class Builder implements Calculus<Node> {
  readonly dag: Dag

  constructor(dag: Dag = new Dag()) {
    this.dag = dag
  }

  constant(value: Rational): Node {
    return this.dag.add({ kind: 'constant', value, inputs: [], shape: SCALAR })
  }

  whole(value: number): Node {
    return this.constant(rational(value))
  }

  pi(): Node {
    return this.dag.add({ kind: 'symbol', name: 'pi', inputs: [], shape: SCALAR })
  }

  e(): Node {
    return this.dag.add({ kind: 'symbol', name: 'e', inputs: [], shape: SCALAR })
  }

  size(size: Size): Node {
    return this.dag.add({ kind: 'size', size, inputs: [], shape: SCALAR })
  }

  input(name: string, shape: Shape, role: Role = 'input'): Node {
    return this.dag.add({ kind: 'input', name, role, inputs: [], shape })
  }

  define(name: string, value: Node, hidden = false): Node {
    return this.dag.add({ kind: 'definition', name, hidden, inputs: [value], shape: value.shape })
  }

  call(fn: ElementwiseName, ...args: readonly Node[]): Node {
    const { arity } = ELEMENTWISE[fn]
    if (args.length !== arity) throw new BackproveError('arity', `${fn} takes ${arity} arguments, got ${args.length}`)
    const shape = broadcastShapes(args.map((node) => node.shape))
    if (shape === null) {
      throw wrongShape(`${fn} of shapes ${args.map((node) => shapeText(node.shape)).join(' and ')}`)
    }
    return this.dag.add({ kind: 'map', fn, inputs: args, shape })
  }

  /** A multilinear operation. Operands that are themselves permutations are read through: no transpose is kept for them. */
  contract(spec: Contraction, ...operands: readonly Node[]): Node {
    if (isIdentity(spec)) return operands[0] as Node
    spec.operands.forEach((labels, slot) => {
      const shape = operands[slot]?.shape
      if (shape?.length !== labels.length || labels.some((label, axis) => spec.sizes[label] !== shape[axis])) {
        throw wrongShape(
          `operand ${slot} of a contraction has shape ${shape === undefined ? 'none' : shapeText(shape)}`,
        )
      }
    })
    if (operands.some((node) => node.kind === 'contract' && isPermutation(node.spec))) {
      return this.#contractThroughPermutations(spec, operands)
    }
    return this.dag.add({ kind: 'contract', spec, inputs: operands, shape: contractionShape(spec) })
  }

  #contractThroughPermutations(spec: Contraction, operands: readonly Node[]): Node {
    const inner: Node[] = []
    const labels = spec.operands.map((outer, slot) => {
      const node = operands[slot] as Node
      if (node.kind !== 'contract' || !isPermutation(node.spec)) {
        inner.push(node)
        return outer
      }
      const { output } = node.spec
      inner.push(node.inputs[0] as Node)
      return (node.spec.operands[0] as readonly number[]).map((label) => outer[output.indexOf(label)] as number)
    })
    return this.contract(contraction(labels, spec.output, new Map(spec.sizes.entries())), ...inner)
  }

  /** A contraction in einsum letters, sizes from the operands; `extra` gives sizes of labels that stand only in the output. */
  einsum(text: string, operands: readonly Node[], extra: Readonly<Record<string, Size>> = {}): Node {
    return this.contract(einsum(text, operands.map((node) => node.shape), extra), ...operands) // prettier-ignore
  }

  transpose(a: Node, permutation: readonly number[] = [1, 0]): Node {
    const axes = permutation.map((axis) => normaliseAxis(axis, a.shape.length))
    if (axes.length !== a.shape.length || new Set(axes).size !== axes.length) {
      throw new BackproveError('axis', `transpose of ${shapeText(a.shape)} by [${permutation.join(', ')}]`)
    }
    const sizes = new Map(a.shape.entries())
    return this.contract(contraction([[...sizes.keys()]], axes, sizes), a)
  }

  /** The sum over `axes` (all of them unless given). With `keep`, reduced axes stay with length 1. */
  sum(a: Node, axes?: readonly number[], keep = false): Node {
    const rank = a.shape.length
    const reduced = new Set((axes ?? a.shape.map((_, axis) => axis)).map((axis) => normaliseAxis(axis, rank)))
    const sizes = new Map<number, Size>(a.shape.entries())
    const output: number[] = []
    for (let axis = 0; axis < rank; axis++) {
      if (!reduced.has(axis)) output.push(axis)
      else if (keep) {
        sizes.set(rank + axis, ONE_SIZE)
        output.push(rank + axis)
      }
    }
    return this.contract(contraction([a.shape.map((_, axis) => axis)], output, sizes), a)
  }

  /** The array repeated up to `shape`, aligned at the last axis. */
  broadcast(a: Node, shape: Shape): Node {
    const sizes = new Map<number, Size>(shape.entries())
    const offset = shape.length - a.shape.length
    const labels = a.shape.map((size, axis) => {
      if (size === shape[axis + offset]) return axis + offset
      if (size !== ONE_SIZE) throw wrongShape(`${shapeText(a.shape)} does not broadcast to ${shapeText(shape)}`)
      sizes.set(shape.length + axis, ONE_SIZE)
      return shape.length + axis
    })
    return this.contract(contraction([labels], [...shape.keys()], sizes), a)
  }

  /** The product of arrays of two axes; of more, on the last two, the others broadcasting. */
  matmul(a: Node, b: Node): Node {
    if (a.shape.length < 2 || b.shape.length < 2) throw wrongShape('a matrix product needs two axes on both sides')
    const batch = broadcastShapes([a.shape.slice(0, -2), b.shape.slice(0, -2)])
    const [rows, inner] = a.shape.slice(-2) as [Size, Size]
    const [innerB, columns] = b.shape.slice(-2) as [Size, Size]
    if (batch === null || inner !== innerB) {
      throw wrongShape(`the matrix product of ${shapeText(a.shape)} and ${shapeText(b.shape)}`)
    }
    const sizes = new Map<string, Size>([['r', rows], ['k', inner], ['c', columns]]) // prettier-ignore
    const batchLabels = (node: Node, side: string): string[] =>
      node.shape.slice(0, -2).map((size, axis) => {
        const full = axis + batch.length - (node.shape.length - 2)
        const label = size === batch[full] ? `b${full}` : `${side}${full}`
        sizes.set(label, size)
        return label
      })
    const left = [...batchLabels(a, 'p'), 'r', 'k']
    const right = [...batchLabels(b, 'q'), 'k', 'c']
    batch.forEach((size, axis) => sizes.set(`b${axis}`, size))
    return this.contract(contraction([left, right], [...batch.map((_, axis) => `b${axis}`), 'r', 'c'], sizes), a, b)
  }

  ones(shape: Shape): Node {
    return this.contract(contraction([], [...shape.keys()], new Map(shape.entries())))
  }

  zeros(shape: Shape): Node {
    return this.broadcast(this.whole(0), shape)
  }

  eye(size: Size): Node {
    return this.contract(contraction([], ['i', 'i'], new Map([['i', size]])))
  }

  reduce(fn: ReduceName, a: Node, axes: readonly number[]): Node {
    const reduced = this.#axes(a, axes)
    const shape = a.shape.map((size, axis) => (reduced.includes(axis) ? ONE_SIZE : size))
    return this.dag.add({ kind: 'reduce', fn, axes: reduced, inputs: [a], shape })
  }

  normalise(fn: NormaliseName, a: Node, axes: readonly number[]): Node {
    const over = this.#axes(a, axes)
    const shape = a.shape.map((size, axis) => (fn === 'logsumexp' && over.includes(axis) ? ONE_SIZE : size))
    return this.dag.add({ kind: 'normalise', fn, axes: over, inputs: [a], shape })
  }

  matrix(fn: MatrixName, a: Node): Node {
    if (a.shape.length !== 2 || a.shape[0] !== a.shape[1]) {
      throw wrongShape(`${fn} needs a square matrix, not ${shapeText(a.shape)}`)
    }
    return this.dag.add({ kind: 'matrix', fn, inputs: [a], shape: fn === 'inv' ? a.shape : SCALAR })
  }

  /** The same entries, row-major, under a shape with as many of them. */
  reshape(a: Node, shape: Shape): Node {
    if (entryCount(a.shape) !== entryCount(shape)) {
      throw wrongShape(`${shapeText(a.shape)} has not as many entries as ${shapeText(shape)}`)
    }
    if (a.shape.length === shape.length && a.shape.every((size, axis) => size === shape[axis])) return a
    return this.dag.add({ kind: 'reshape', inputs: [a], shape })
  }

  derivative(fn: 'grad' | 'jacobian', y: Node, x: Node): Node {
    const shape = fn === 'grad' ? x.shape : [entryCount(y.shape), entryCount(x.shape)]
    return this.dag.add({ kind: 'derivative', fn, inputs: [y, x], shape })
  }

  /** The same operation as `node` on other inputs; shapes are inferred anew. */
  rebuild(node: Node, inputs: readonly Node[]): Node {
    const [first, second] = inputs as [Node, Node]
    switch (node.kind) {
      case 'constant':
      case 'symbol':
      case 'size':
      case 'input':
        return this.dag.add(withoutId(node))
      case 'definition':
        return this.define(node.name, first, node.hidden)
      case 'map':
        return this.call(node.fn, ...inputs)
      case 'contract':
        return this.contract(node.spec, ...inputs)
      case 'reduce':
        return this.reduce(node.fn, first, node.axes)
      case 'normalise':
        return this.normalise(node.fn, first, node.axes)
      case 'matrix':
        return this.matrix(node.fn, first)
      case 'reshape':
        return this.reshape(first, node.shape)
      case 'derivative':
        return this.derivative(node.fn, first, second)
    }
  }

  #axes(a: Node, axes: readonly number[]): number[] {
    return [...new Set(axes.map((axis) => normaliseAxis(axis, a.shape.length)))].sort((x, y) => x - y)
  }
}

function withoutId(node: Node): Draft {
  const { id: _, ...draft } = node
  return draft
}
