import type { Random } from '../../src/base/random.ts'
import { rational } from '../../src/base/rational.ts'
import type { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { entryCount, sameShape } from '../../src/shape/shape.ts'
import type { Shape } from '../../src/shape/shape.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import type { Size } from '../../src/shape/size.ts'

/** Smooth everywhere and slow to grow, so that a chain of them stays far from overflow. */
const TAME: readonly ElementwiseName[] = [
  'sin', 'cos', 'tanh', 'atan', 'sigmoid', 'softplus', 'gelu', 'silu', 'mish', 'erf', 'neg',
] // prettier-ignore

const AXES: readonly Size[] = [namedSize('p'), namedSize('q'), ONE_SIZE]

/** A shape of up to `most` axes. */
export const randomShape = (random: Random, most = 2): Size[] =>
  Array.from({ length: random.below(most + 1) }, () => AXES[random.below(AXES.length)]!)

/**
 * Expressions over a few inputs, made to measure: the shape is given first, then operations and arguments that have it.
 * Nodes are used again, so that values fan out; all operations are smooth, so that any point will do.
 */
export class Expressions {
  readonly #builder: Builder
  readonly #random: Random
  readonly #made: Node[] = []

  constructor(builder: Builder, random: Random) {
    this.#builder = builder
    this.#random = random
  }

  /** An expression of the shape, `depth` operations deep at most. */
  of(shape: Shape, depth: number): Node {
    const fitting = this.#made.filter((node) => sameShape(node.shape, shape))
    if (fitting.length > 0 && this.#random.chance(0.25)) return fitting[this.#random.below(fitting.length)]!
    const node = depth === 0 ? this.#leaf(shape) : this.#operation(shape, depth - 1)
    this.#made.push(node)
    return node
  }

  #leaf(shape: Shape): Node {
    const { dag } = this.#builder
    if (shape.length === 0 && this.#random.chance(0.3)) {
      return this.#builder.constant(rational(1 + this.#random.below(5), 1 + this.#random.below(3)))
    }
    return this.#builder.input(`x${dag.size}`, shape)
  }

  #operation(shape: Shape, depth: number): Node {
    const builder = this.#builder
    const makers: (() => Node)[] = [
      () => builder.call(TAME[this.#random.below(TAME.length)]!, this.of(shape, depth)),
      () => builder.call(this.#random.chance(0.5) ? 'add' : 'sub', ...this.#pair(shape, depth)),
      () => builder.call('mul', ...this.#pair(shape, depth)),
      () => builder.call('div', this.of(shape, depth), this.#aboveOne(shape, depth)),
      () => builder.call('log', this.#aboveOne(shape, depth)),
      () => builder.call('pow', this.of(shape, depth), builder.whole(2 + this.#random.below(2))),
      () => builder.call('where', this.#condition(shape), ...this.#pair(shape, depth)),
      () => builder.define(`d${builder.dag.size}`, this.of(shape, depth)),
      () => this.#summed(shape, depth),
      () => builder.reshape(this.of([entryCount(shape)], depth), shape),
    ]
    if (shape.length > 0) makers.push(() => this.#normalised(shape, depth))
    if (shape.length === 2) makers.push(() => builder.transpose(this.of([shape[1]!, shape[0]!], depth)))
    if (shape.length === 2) makers.push(() => this.#product(shape as [Size, Size], depth))
    return makers[this.#random.below(makers.length)]!()
  }

  /** Two arguments of which one at least fills the shape; the other may repeat. */
  #pair(shape: Shape, depth: number): [Node, Node] {
    const smaller = shape.map((size) => (this.#random.chance(0.3) ? ONE_SIZE : size)).slice(this.#random.below(2))
    const pair: [Node, Node] = [this.of(shape, depth), this.of(smaller, depth)]
    return this.#random.chance(0.5) ? pair : [pair[1], pair[0]]
  }

  #aboveOne(shape: Shape, depth: number): Node {
    return this.#builder.call('add', this.#builder.whole(1), this.#builder.call('softplus', this.of(shape, depth)))
  }

  /** A comparison of an input with zero, which generic points do not meet. */
  #condition(shape: Shape): Node {
    return this.#builder.call('gt', this.#builder.input(`c${this.#builder.dag.size}`, shape), this.#builder.whole(0))
  }

  #summed(shape: Shape, depth: number): Node {
    const axis = this.#random.below(shape.length + 1)
    const longer = [...shape.slice(0, axis), AXES[this.#random.below(2)]!, ...shape.slice(axis)]
    return this.#builder.sum(this.of(longer, depth), [axis])
  }

  #normalised(shape: Shape, depth: number): Node {
    const axis = this.#random.below(shape.length)
    const fn = this.#random.chance(0.5) ? 'softmax' : 'log_softmax'
    return this.#builder.normalise(fn, this.of(shape, depth), [axis])
  }

  #product([rows, columns]: [Size, Size], depth: number): Node {
    const inner = AXES[this.#random.below(AXES.length)]!
    return this.#builder.matmul(this.of([rows, inner], depth), this.of([inner, columns], depth))
  }
}
