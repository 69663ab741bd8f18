import { ONE } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { Algebra } from './algebra.ts'
import { mergePowers } from './algebra.ts'
import { isNothing, NOTHING } from './form.ts'
import type { Factor, Form, Power } from './form.ts'

/**
 * `where(c, a, b)`. What both branches share comes out: `where(c, x*y, x*z) = x .* where(c, y, z)`, and of a branch
 * beside a zero everything, `where(c, x, 0) = x .* where(c, 1, 0)`. Only factors that have a value everywhere come out:
 * the branch that is not taken may have none.
 */
export class Choices {
  readonly #algebra: Algebra
  readonly #where: (condition: Form, a: Form, b: Form) => Form
  readonly #total = new Map<Node, boolean>()

  /** `where` applies the rules to what is left. */
  constructor(algebra: Algebra, where: (condition: Form, a: Form, b: Form) => Form) {
    this.#algebra = algebra
    this.#where = where
  }

  shortened([condition, a, b]: readonly [Form, Form, Form]): Form | null {
    const outside = this.#outside(a, b)
    if (outside === null) return null
    const inverse = { coefficient: { n: outside.coefficient.d, d: outside.coefficient.n }, powers: outside.powers.map(([factor, exponent]): Power<Factor> => [factor, -exponent]) } // prettier-ignore
    const [x, y] = [a, b].map((form) => isNothing(form) ? NOTHING : this.#times(form, inverse)) as [Form, Form] // prettier-ignore
    const rest = this.#where(condition, x, y)
    return this.#algebra.times(outside, rest)
  }

  /** The same powers without anything being cancelled beyond them. */
  #times(form: Form, by: Form): Form {
    return { ...this.#algebra.scale(form, by.coefficient), powers: mergePowers(form.powers, by.powers) }
  }

  /** What comes out of both branches, or `null` for nothing. The number comes out where one branch is zero. */
  #outside(a: Form, b: Form): Form | null {
    if (isNothing(a) && isNothing(b)) return null
    if (isNothing(a) || isNothing(b)) {
      const form = isNothing(a) ? b : a
      const powers = form.powers.filter((power) => this.#isTotal(power))
      const isNumber = form.coefficient.n === form.coefficient.d
      return powers.length === 0 && isNumber ? null : { coefficient: form.coefficient, powers }
    }
    const others = new Map(b.powers)
    const powers = a.powers.flatMap(([factor, i]): Power<Factor>[] => {
      const j = others.get(factor)
      if (j === undefined || i > 0 !== j > 0) return []
      const shared: Power<Factor> = [factor, i > 0 ? Math.min(i, j) : Math.max(i, j)]
      return this.#isTotal(shared) ? [shared] : []
    })
    return powers.length === 0 ? null : { coefficient: ONE, powers }
  }

  #isTotal([factor, exponent]: Power<Factor>): boolean {
    if (factor.kind === 'sum') {
      return exponent > 0 && factor.terms.every((term) => term.powers.every((power) => this.#isTotal(power)))
    }
    // Sizes are positive.
    if (factor.node.kind === 'size') return true
    return exponent > 0 && this.#hasValue(factor.node)
  }

  /** Whether a node has a value wherever the names in it have one. */
  #hasValue(node: Node): boolean {
    const known = this.#total.get(node)
    if (known !== undefined) return known
    const stack = [node]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const inputs = isBoundary(top) ? [] : top.inputs
      const missing = inputs.filter((input) => !this.#total.has(input))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      this.#total.set(top, isDefinedByItself(top) && inputs.every((input) => this.#total.get(input) === true))
    }
    return this.#total.get(node)!
  }
}

const isBoundary = (node: Node): boolean => node.kind === 'definition' && !node.hidden

function isDefinedByItself(node: Node): boolean {
  if (node.kind === 'map') return ELEMENTWISE[node.fn].domain === undefined
  return node.kind !== 'matrix' && node.kind !== 'derivative'
}
