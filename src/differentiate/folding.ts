import {
  add,
  divide,
  isInteger,
  isOne,
  isZero,
  multiply,
  negate,
  ONE,
  power,
  subtract,
  ZERO,
} from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { Calculus } from '../ops/calculus.ts'
import type { ElementwiseName } from '../ops/names.ts'

/** Powers of constants are folded up to this exponent; beyond it the exact number grows long. */
const MAX_FOLDED_POWER = 16

const constantOf = (node: Node): Rational | null => (node.kind === 'constant' ? node.value : null)

/** The calculus in which local derivatives are written: the builder, but constants are folded and units dropped. */
export class Folding implements Calculus<Node> {
  readonly builder: Builder

  constructor(builder: Builder) {
    this.builder = builder
  }

  constant(value: Rational): Node {
    return this.builder.constant(value)
  }

  pi(): Node {
    return this.builder.pi()
  }

  call(fn: ElementwiseName, ...args: readonly Node[]): Node {
    return this.#folded(fn, args) ?? this.builder.call(fn, ...args)
  }

  /** The local derivative of `node` by its argument in `slot`, or `null` where that is zero off the kinks. */
  partial(node: Node & { kind: 'map' }, slot: number): Node | null {
    const partial = ELEMENTWISE[node.fn].partials[slot] ?? null
    const value = partial === null ? null : partial<Node>(this, node.inputs, node)
    return value?.kind === 'constant' && isZero(value.value) ? null : value
  }

  #folded(fn: ElementwiseName, [a, b]: readonly Node[]): Node | null {
    if (a === undefined) return null
    const p = constantOf(a)
    if (b === undefined) return fn === 'neg' && p !== null ? this.constant(negate(p)) : null
    const q = constantOf(b)
    switch (fn) {
      case 'add':
        if (p !== null && q !== null) return this.constant(add(p, q))
        return p !== null && isZero(p) ? b : q !== null && isZero(q) ? a : null
      case 'sub':
        if (p !== null && q !== null) return this.constant(subtract(p, q))
        return q !== null && isZero(q) ? a : null
      case 'mul':
        return this.#product(a, b, p, q)
      case 'div':
        if (p !== null && q !== null && !isZero(q)) return this.constant(divide(p, q))
        return q !== null && isOne(q) ? a : null
      case 'pow':
        return q === null ? null : this.#power(a, p, q)
      default:
        return null
    }
  }

  #product(a: Node, b: Node, p: Rational | null, q: Rational | null): Node | null {
    if (p !== null && q !== null) return this.constant(multiply(p, q))
    if (p !== null)
      return isOne(p) ? b : isOne(negate(p)) ? this.call('neg', b) : isZero(p) ? this.constant(ZERO) : null
    if (q !== null)
      return isOne(q) ? a : isOne(negate(q)) ? this.call('neg', a) : isZero(q) ? this.constant(ZERO) : null
    return null
  }

  #power(a: Node, p: Rational | null, q: Rational): Node | null {
    if (isOne(q)) return a
    if (isZero(q)) return this.constant(ONE)
    const exponent = isInteger(q) ? Number(q.n) : NaN
    if (p === null || isZero(p) || !(Math.abs(exponent) <= MAX_FOLDED_POWER)) return null
    return this.constant(power(p, exponent))
  }
}
