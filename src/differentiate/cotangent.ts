import { isOne, isZero, ONE, ZERO } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { MapNode, Node } from '../graph/node.ts'
import { contraction } from '../ops/contraction.ts'
import { sameShape } from '../shape/shape.ts'
import type { Shape } from '../shape/shape.ts'
import { multiplySizes, ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { Folding } from './folding.ts'

const isConstant = (node: Node, is: (value: typeof ONE) => boolean): boolean =>
  node.kind === 'constant' && is(node.value)

/** `where(condition, value, 0)` or, with `taken` false, `where(condition, 0, value)`. */
interface Gated {
  readonly condition: Node
  readonly value: Node
  readonly taken: boolean
}

/** A label of a contraction before it is numbered. */
export type Label = string | number

/**
 * Arithmetic on cotangents. A cotangent has the full shape of its node behind any batch axes. Nothing is simplified
 * but what adding up and multiplying make from nothing: units, absent terms, constants, repeated scalars and deltas.
 *
 * A cotangent that is zero where a `where` was not taken stays behind a `where` when it is multiplied, because the
 * factor may be infinite or undefined there: `0 * NaN` would leak.
 */
export class Cotangents {
  readonly folding: Folding
  readonly builder: Builder

  constructor(builder: Builder) {
    this.builder = builder
    this.folding = new Folding(builder)
  }

  zeros(shape: Shape): Node {
    return this.#full(this.builder.constant(ZERO), shape)
  }

  ones(shape: Shape): Node {
    return shape.length === 0 ? this.builder.constant(ONE) : this.builder.ones(shape)
  }

  negate(g: Node): Node {
    return this.scale(g, this.builder.whole(-1))
  }

  /** `g .* factor`, of the shape of `g`, to which `factor` broadcasts. */
  scale(g: Node, factor: Node): Node {
    if (isConstant(factor, isOne)) return g
    return this.#full(this.#times(this.#repeated(g) ?? g, factor), g.shape)
  }

  #times(g: Node, factor: Node): Node {
    const gate = this.#gateOf(g)
    if (gate !== null) return this.#where({ ...gate, value: this.#times(gate.value, factor) })
    // A reciprocal divides.
    const isReciprocal = factor.kind === 'map' && factor.fn === 'div' && isConstant(factor.inputs[0]!, isOne)
    return isReciprocal ? this.folding.call('div', g, factor.inputs[1]!) : this.folding.call('mul', g, factor)
  }

  divide(g: Node, divisor: Node): Node {
    return this.scale(g, this.builder.call('div', this.builder.constant(ONE), divisor))
  }

  /** The sum of two contributions of one shape. Where both are behind gates, so is their sum. */
  add(a: Node, b: Node): Node {
    const [left, right] = [this.#gateOf(a), this.#gateOf(b)]
    if (left !== null && right !== null) {
      if (left.condition === right.condition && left.taken === right.taken) {
        return this.#full(this.#where({ ...left, value: this.add(left.value, right.value) }), a.shape)
      }
      if (left.condition === right.condition) {
        const [then, otherwise] = left.taken ? [left.value, right.value] : [right.value, left.value]
        return this.#full(this.builder.call('where', left.condition, then, otherwise), a.shape)
      }
      const either = this.builder.call('or', this.#holds(left), this.#holds(right))
      return this.#where({ condition: either, value: this.builder.call('add', a, b), taken: true })
    }
    const [p, q] = [this.#repeated(a), this.#repeated(b)]
    if (p !== null && q !== null) return this.#full(this.folding.call('add', p, q), a.shape)
    return this.folding.call('add', a, b)
  }

  /** `g` where the truth of `condition` is `taken`, else 0; `null` where that is nowhere. */
  gate(g: Node, condition: Node, taken: boolean): Node | null {
    const inner = this.#gateOf(g)
    if (inner === null) return this.#full(this.#where({ condition, value: g, taken }), g.shape)
    if (inner.condition === condition) return inner.taken === taken ? g : null
    const both = this.builder.call('and', this.#holds({ condition, value: g, taken }), this.#holds(inner))
    return this.#full(this.#where({ condition: both, value: inner.value, taken: true }), g.shape)
  }

  /**
   * The contraction of `g`, whose axes carry `labels`, with other operands. A `g` made of repeated values and deltas
   * alone is no operand: its deltas identify labels, and a label that only it carries gives the factor of its size.
   * A gate stays outside where entries are only moved or repeated.
   */
  contract(
    g: Node,
    labels: readonly Label[],
    others: readonly { readonly node: Node; readonly labels: readonly Label[] }[],
    output: readonly Label[],
    sizes: ReadonlyMap<Label, Size>,
  ): Node {
    const gate = this.#gateOf(g)
    if (
      gate !== null &&
      others.length === 0 &&
      labels.every((label) => output.includes(label) || sizes.get(label) === ONE_SIZE)
    ) {
      const [condition, value] = [gate.condition, gate.value].map((part) =>
        this.contract(this.#full(part, g.shape), labels, [], output, sizes),
      ) as [Node, Node]
      return this.#where({ condition, value, taken: gate.taken })
    }
    const constant = this.#constantPattern(g)
    if (constant === null) {
      const operands = [labels, ...others.map((other) => other.labels)]
      return this.builder.contract(contraction(operands, output, sizes), g, ...others.map((other) => other.node))
    }
    const same = identified(labels, constant.pattern)
    const rename = (list: readonly Label[]): Label[] => list.map((label) => same.get(label) ?? label)
    const operands = others.map((other) => rename(other.labels))
    const out = rename(output)
    const kept = new Set([...operands.flat(), ...out])
    const lost = new Set(rename(labels).filter((label) => !kept.has(label)))
    const count = [...lost].reduce((product, label) => multiplySizes(product, sizes.get(label)!), ONE_SIZE)
    const factor = count === ONE_SIZE ? constant.scalar : this.folding.call('mul', constant.scalar, this.#count(count))
    if (operands.length === 0 && new Set(out).size === out.length) {
      return this.#full(
        factor,
        out.map((label) => sizes.get(label)!),
      )
    }
    const product = this.builder.contract(contraction(operands, out, sizes), ...others.map((other) => other.node))
    return this.scale(product, factor)
  }

  #count(size: Size): Node {
    const [term] = size.terms
    const literal = size.terms.length === 1 && term !== undefined && term.powers.length === 0
    return literal ? this.builder.constant({ n: term.coefficient, d: 1n }) : this.builder.size(size)
  }

  #full(node: Node, shape: Shape): Node {
    if (sameShape(node.shape, shape)) return node
    return isConstant(node, isOne) ? this.builder.ones(shape) : this.builder.broadcast(node, shape)
  }

  #holds({ condition, taken }: Gated): Node {
    return taken ? condition : this.builder.call('not', condition)
  }

  #where({ condition, value, taken }: Gated): Node {
    const zero = this.builder.constant(ZERO)
    return taken
      ? this.builder.call('where', condition, value, zero)
      : this.builder.call('where', condition, zero, value)
  }

  #gateOf(g: Node): Gated | null {
    if (g.kind !== 'map' || g.fn !== 'where') return null
    const [condition, then, otherwise] = (g satisfies MapNode).inputs as [Node, Node, Node]
    if (isConstant(otherwise, isZero)) return { condition, value: then, taken: true }
    return isConstant(then, isZero) ? { condition, value: otherwise, taken: false } : null
  }

  /** The scalar of which all entries of `g` are copies, or `null`. */
  #repeated(g: Node): Node | null {
    if (g.shape.length === 0) return g
    const constant = this.#constantPattern(g)
    return constant !== null && new Set(constant.pattern).size === constant.pattern.length ? constant.scalar : null
  }

  /** `g` as a scalar times deltas between its axes: axes with the same number in `pattern` must have equal indices. */
  #constantPattern(g: Node): { scalar: Node; pattern: readonly number[] } | null {
    if (g.shape.length === 0) return { scalar: g, pattern: [] }
    if (g.kind !== 'contract' || g.inputs.length > 1 || g.spec.operands.flat().length > 0) return null
    return { scalar: g.inputs[0] ?? this.builder.constant(ONE), pattern: g.spec.output }
  }
}

/** For each label, the one that stands for all labels that deltas make equal to it. */
function identified(labels: readonly Label[], pattern: readonly number[]): Map<Label, Label> {
  const parent = new Map<Label, Label>()
  const root = (label: Label): Label => {
    let top = label
    for (let up = parent.get(top); up !== undefined; up = parent.get(top)) top = up
    return top
  }
  const first = new Map<number, Label>()
  labels.forEach((label, axis) => {
    const other = first.get(pattern[axis]!)
    if (other === undefined) first.set(pattern[axis]!, label)
    else if (root(other) !== root(label)) parent.set(root(label), root(other))
  })
  return new Map(labels.map((label) => [label, root(label)]))
}
