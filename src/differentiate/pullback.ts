import { BackproveError } from '../base/errors.ts'
import { ONE } from '../base/rational.ts'
import type { MapNode, MatrixNode, Node, NormaliseNode, ReduceNode } from '../graph/node.ts'
import type { Shape } from '../shape/shape.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import type { Cotangents, Label } from './cotangent.ts'

/** Contributions to the cotangents of a node's inputs, given the cotangent of the node. */
export class Pullback {
  readonly #cotangents: Cotangents
  /** The axes that stand in front of a node's own in every cotangent: one for each of the seeds swept together. */
  readonly #batch: Shape

  constructor(cotangents: Cotangents, batch: Shape) {
    this.#cotangents = cotangents
    this.#batch = batch
  }

  /** What `node` with the cotangent `g` contributes to the cotangent of its input in `slot`; `null` for nothing. */
  of(node: Node, slot: number, g: Node): Node | null {
    switch (node.kind) {
      case 'definition':
        return g
      case 'map':
        return this.#map(node, slot, g)
      case 'contract':
        return this.#contract(node, slot, g)
      case 'reduce':
        return this.#reduce(node, g)
      case 'normalise':
        return this.#normalise(node, g)
      case 'matrix':
        return this.#matrix(node, g)
      case 'reshape':
        return this.#cotangents.builder.reshape(g, [...this.#batch, ...node.inputs[0]!.shape])
      case 'derivative':
        throw new BackproveError('internal', 'an inner derivative is expanded before an outer one')
      case 'constant':
      case 'symbol':
      case 'size':
      case 'input':
        return null
    }
  }

  #map(node: MapNode, slot: number, g: Node): Node | null {
    const input = node.inputs[slot]!
    const through =
      node.fn === 'where' && slot > 0
        ? this.#cotangents.gate(g, node.inputs[0]!, slot === 1)
        : this.#times(node, slot, g)
    return through === null ? null : this.#unbroadcast(through, node.shape, input.shape)
  }

  #times(node: MapNode, slot: number, g: Node): Node | null {
    const partial = this.#cotangents.folding.partial(node, slot)
    return partial === null ? null : this.#cotangents.scale(g, partial)
  }

  /** Adds up over the axes along which an input was repeated to fill the shape `from`. */
  #unbroadcast(g: Node, from: Shape, to: Shape): Node {
    const offset = from.length - to.length
    const { labels, sizes } = this.#labelled(from, 'f')
    const output = this.#batch.map((_, axis): Label => `b${axis}`)
    to.forEach((size, axis) => {
      const repeated = size === ONE_SIZE && from[axis + offset] !== ONE_SIZE
      output.push(repeated ? `t${axis}` : `f${axis + offset}`)
      if (repeated) sizes.set(`t${axis}`, ONE_SIZE)
    })
    if (labels.length === output.length && labels.every((label, axis) => label === output[axis])) return g
    return this.#cotangents.contract(g, labels, [], output, sizes)
  }

  /**
   * The transposed map of a multilinear operation: the cotangent takes the place of the operand, and the labels of the
   * output and of that operand change roles. A label that only the operand carried is repeated, one that only the
   * output carried is added up, repeated labels become deltas and diagonals of each other.
   */
  #contract(node: Node & { kind: 'contract' }, slot: number, g: Node): Node {
    const { spec } = node
    const sizes = new Map<Label, Size>(spec.sizes.entries())
    const batch = this.#batch.map((size, axis): Label => {
      sizes.set(`b${axis}`, size)
      return `b${axis}`
    })
    const others = node.inputs.flatMap((other, at) =>
      at === slot ? [] : [{ node: other, labels: spec.operands[at]! }],
    )
    return this.#cotangents.contract(g, [...batch, ...spec.output], others, [...batch, ...spec.operands[slot]!], sizes)
  }

  /** Ties share: each of the entries that attain a maximum gets an equal part. A product divides itself by the entry. */
  #reduce(node: ReduceNode, g: Node): Node {
    const { builder, folding } = this.#cotangents
    const [input] = node.inputs as [Node]
    const wide = this.#widen(g, node.shape, input.shape)
    if (node.fn === 'prod')
      return this.#cotangents.scale(this.#cotangents.scale(wide, node), reciprocal(folding, input))
    const attains = builder.call('eq', input, node)
    const ties = builder.sum(attains, node.axes, true)
    return this.#cotangents.scale(wide, builder.call('div', attains, ties))
  }

  #normalise(node: NormaliseNode, g: Node): Node {
    const { builder } = this.#cotangents
    const [input] = node.inputs as [Node]
    const total = (a: Node): Node => this.#total(a, node.shape, node.axes)
    switch (node.fn) {
      case 'softmax': {
        const centred = builder.call('sub', g, total(this.#cotangents.scale(g, node)))
        return this.#cotangents.scale(centred, node)
      }
      case 'log_softmax': {
        const softmax = builder.normalise('softmax', input, node.axes)
        return builder.call('sub', g, builder.call('mul', softmax, total(g)))
      }
      case 'logsumexp': {
        const softmax = builder.normalise('softmax', input, node.axes)
        return this.#cotangents.scale(this.#widen(g, node.shape, input.shape), softmax)
      }
    }
  }

  /** Sources: Petersen and Pedersen, The Matrix Cookbook, equations 46 and 57 to 60. */
  #matrix(node: MatrixNode, g: Node): Node {
    const { builder } = this.#cotangents
    const [input] = node.inputs as [Node]
    if (node.fn === 'inv') {
      const left = this.#contractBatched(g, ['k', 'l'], node, ['k', 'i'], ['i', 'l'])
      return this.#contractBatched(this.#cotangents.negate(left), ['i', 'l'], node, ['j', 'l'], ['i', 'j'])
    }
    const inverse = builder.matrix('inv', input)
    const scaled = node.fn === 'det' ? this.#cotangents.scale(g, node) : g
    return this.#contractBatched(scaled, [], inverse, ['j', 'i'], ['i', 'j'])
  }

  #contractBatched(g: Node, own: string[], other: Node, otherLabels: string[], output: string[]): Node {
    const batch = this.#batch.map((_, axis) => `b${axis}`)
    const sizes = new Map<Label, Size>(this.#batch.map((size, axis) => [`b${axis}`, size]))
    for (const label of [...own, ...otherLabels]) sizes.set(label, other.shape[0]!)
    const others = [{ node: other, labels: otherLabels }]
    return this.#cotangents.contract(g, [...batch, ...own], others, [...batch, ...output], sizes)
  }

  #labelled(shape: Shape, letter: string): { labels: Label[]; sizes: Map<Label, Size> } {
    const sizes = new Map<Label, Size>()
    this.#batch.forEach((size, axis) => sizes.set(`b${axis}`, size))
    shape.forEach((size, axis) => sizes.set(`${letter}${axis}`, size))
    return { labels: [...sizes.keys()], sizes }
  }

  /** The cotangent repeated along axes that a reduction had shortened to 1. */
  #widen(g: Node, from: Shape, to: Shape): Node {
    const { labels, sizes } = this.#labelled(from, 'f')
    const output = this.#batch.map((_, axis): Label => `b${axis}`)
    to.forEach((size, axis) => {
      const label = size === from[axis] ? `f${axis}` : `t${axis}`
      sizes.set(label, size)
      output.push(label)
    })
    return this.#cotangents.contract(g, labels, [], output, sizes)
  }

  /** The sum over `axes` of a node's shape, kept with length 1, behind the batch axes. */
  #total(a: Node, shape: Shape, axes: readonly number[]): Node {
    return this.#unbroadcast(
      a,
      shape,
      shape.map((size, axis) => (axes.includes(axis) ? ONE_SIZE : size)),
    )
  }
}

const reciprocal = (folding: Cotangents['folding'], x: Node): Node => folding.call('div', folding.constant(ONE), x)
