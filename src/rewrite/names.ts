import type { Rational } from '../base/rational.ts'
import { divide, multiply } from '../base/rational.ts'
import { mergePowers } from './algebra.ts'
import type { Costs } from './cost.ts'
import type { Atom, Factor, Form, Power, Sum } from './form.ts'

/** `coefficient * powers` is 1, because a definition says so. */
interface Relation {
  readonly coefficient: Rational
  readonly powers: readonly Power<Factor>[]
}

/**
 * What definitions say about forms. A polynomial or an unknown that is the body of one is replaced by its name; where
 * the body is a product, as in `A = E./S`, products that hold some of it are rewritten when that makes them shorter.
 */
export class Names {
  readonly #costs: Costs
  readonly #named = new Map<Factor, { readonly atom: Atom; readonly coefficient: Rational }>()
  readonly #relations = new Map<Factor, Relation[]>()

  constructor(costs: Costs) {
    this.#costs = costs
  }

  /** Notes that `atom` is the name of `body`. False for a body that is better left as it is: a number or another name. */
  learn(body: Form, atom: Atom): boolean {
    const [first] = body.powers
    if (first === undefined) return false
    if (body.powers.length === 1 && first[1] === 1) {
      const [factor] = first
      if (factor.kind === 'atom' && isLeaf(factor)) return false
      if (!this.#named.has(factor)) this.#named.set(factor, { atom, coefficient: body.coefficient })
      return true
    }
    const relation: Relation = { coefficient: body.coefficient, powers: [...body.powers, [atom, -1]] }
    for (const [factor] of relation.powers) {
      const known = this.#relations.get(factor)
      if (known === undefined) this.#relations.set(factor, [relation])
      else known.push(relation)
    }
    return true
  }

  /** `form` with names put in. */
  folded(form: Form): Form {
    let result = form
    if (this.#named.size > 0 && form.powers.some(([factor]) => this.#named.has(factor))) result = this.#renamed(form)
    return this.#relations.size === 0 ? result : this.#related(result)
  }

  #renamed(form: Form): Form {
    let { coefficient } = form
    let powers: readonly Power<Factor>[] = []
    for (const [factor, exponent] of form.powers) {
      const name = this.#named.get(factor)
      if (name === undefined) {
        powers = mergePowers(powers, [[factor, exponent]])
        continue
      }
      powers = mergePowers(powers, [[name.atom, exponent]])
      for (let count = 0; count < Math.abs(exponent); count++) {
        coefficient = exponent > 0 ? divide(coefficient, name.coefficient) : multiply(coefficient, name.coefficient)
      }
    }
    return { coefficient, powers }
  }

  #related(form: Form): Form {
    let best = form
    let cost = this.#cost(form.powers)
    for (let changed = true; changed;) {
      changed = false
      const candidates = new Set(best.powers.flatMap(([factor]) => this.#relations.get(factor) ?? []))
      for (const relation of candidates) {
        for (const direction of [1, -1]) {
          const powers = mergePowers(
            best.powers,
            relation.powers.map(([factor, exponent]): Power<Factor> => [factor, -direction * exponent]),
          )
          const other = this.#cost(powers)
          if (other >= cost) continue
          const coefficient = (direction === 1 ? divide : multiply)(best.coefficient, relation.coefficient)
          best = { coefficient, powers }
          cost = other
          changed = true
        }
        if (changed) break
      }
    }
    return best
  }

  #cost(powers: readonly Power<Factor>[]): number {
    let cost = 0
    for (const [factor, exponent] of powers) cost += this.#weight(factor) + (Math.abs(exponent) > 1 ? 2 : 1)
    return cost
  }

  #weight(factor: Factor): number {
    return factor.kind === 'atom' ? this.#costs.of(factor.node) : sumWeight(factor)
  }
}

const isLeaf = (atom: Atom): boolean => atom.node.inputs.length === 0 || atom.node.kind === 'definition'

const sumWeight = (sum: Sum): number =>
  sum.terms.reduce((total, term) => total + 2 * Math.max(1, term.powers.length), 0)
