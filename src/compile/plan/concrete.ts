import { toNumber } from '../../base/rational.ts'
import type { Node } from '../../graph/node.ts'
import { summedLabels } from '../../ops/contraction.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import { evaluateSize } from '../../shape/size.ts'
import { BackproveError } from '../../base/errors.ts'

export type Sizes = ReadonlyMap<string, number>

/** Shapes and constant values of nodes where every size has a value. */
export class Concrete {
  readonly #sizes: Sizes
  readonly #dims = new Map<Node, readonly number[]>()
  readonly #constants = new Map<Node, number | null>()

  constructor(sizes: Sizes) {
    this.#sizes = sizes
  }

  dims(node: Node): readonly number[] {
    const known = this.#dims.get(node)
    if (known !== undefined) return known
    const dims = node.shape.map((size) => evaluateSize(size, this.#sizes))
    if (dims.some((length) => length < 1)) {
      throw new BackproveError('size', `an axis of length ${Math.min(...dims)}: every axis needs at least one entry`)
    }
    this.#dims.set(node, dims)
    return dims
  }

  /** The lengths of a contraction's labels. */
  labels(node: Node & { kind: 'contract' }): number[] {
    return node.spec.sizes.map((size) => evaluateSize(size, this.#sizes))
  }

  /** The number that every entry of the node is, or `null`. Asked of inputs first, so nothing recurses deeply. */
  constant(node: Node): number | null {
    const known = this.#constants.get(node)
    if (known !== undefined) return known
    const value = this.#findConstant(node)
    this.#constants.set(node, value)
    return value
  }

  #findConstant(node: Node): number | null {
    switch (node.kind) {
      case 'constant':
        return toNumber(node.value)
      case 'symbol':
        return node.name === 'pi' ? Math.PI : Math.E
      case 'size':
        return evaluateSize(node.size, this.#sizes)
      case 'map': {
        const values = this.#inputs(node)
        return values === null ? null : ELEMENTWISE[node.fn].kernel(...values)
      }
      case 'contract': {
        const values = this.#inputs(node)
        if (values === null || new Set(node.spec.output).size !== node.spec.output.length) return null
        const lengths = this.labels(node)
        const repeats = summedLabels(node.spec).reduce((product, label) => product * lengths[label]!, 1)
        return values.reduce((a, b) => a * b, repeats)
      }
      case 'definition':
      case 'reshape':
        return this.constant(node.inputs[0]!)
      case 'input':
      case 'reduce':
      case 'normalise':
      case 'matrix':
      case 'derivative':
        return null
    }
  }

  #inputs(node: Node): number[] | null {
    const values = node.inputs.map((input) => this.constant(input))
    return values.every((value) => value !== null) ? values : null
  }
}
