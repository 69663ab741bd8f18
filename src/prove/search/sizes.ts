import type { Random } from '../../base/random.ts'
import { toNumber } from '../../base/rational.ts'
import type { Node } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { reachable } from '../../graph/walk.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import { evaluateSize } from '../../shape/size.ts'

/** A length for each size name. */
export type Lengths = ReadonlyMap<string, number>

/** How the lengths of a trial relate. */
export type SizePattern =
  'different' | 'reversed' | 'equal' | 'ones' | { readonly one: number } | { readonly from: number } | 'any'

/** Numbers of sizes beyond this are drawn, not listed. */
const MOST_LISTED = 4096
/** Names that get lengths of their own; of more, neighbours in order of declaration still differ and no length grows. */
const CYCLE = 7
/** The largest length looked at where sizes are bound by assumptions. */
const LARGEST = 12

/**
 * Gives lengths that obey the assumptions on sizes. Small ones come first, because trials cost by the entry and readers
 * by the number.
 */
export class SizeChooser {
  readonly names: readonly string[]
  readonly #assumptions: readonly Assumption[]
  #admitted: Lengths[] | null = null

  constructor(names: readonly string[], assumptions: readonly Assumption[]) {
    this.names = names
    this.#assumptions = assumptions.filter((assumption) => assumption.aboutSizes)
  }

  allows(lengths: Lengths): boolean {
    return this.#assumptions.every((assumption) => holds(assumption, lengths))
  }

  /** Lengths of the pattern, or the nearest to it that the assumptions allow; `null` where they allow none. */
  choose(pattern: SizePattern, random: Random): Lengths | null {
    const direct = this.#direct(pattern, random)
    if (this.allows(direct)) return direct
    const admitted = (this.#admitted ??= this.#list(random))
    let best: Lengths | null = null
    let least = Infinity
    for (const lengths of admitted) {
      const cost = this.#distance(lengths, pattern) + 0.5 * random.unit()
      if (cost < least) [best, least] = [lengths, cost]
    }
    return best
  }

  #direct(pattern: SizePattern, random: Random): Lengths {
    const { names } = this
    const length = (index: number): number => {
      if (pattern === 'different') return names.length <= CYCLE ? index + 2 : ((index * 3) % CYCLE) + 2
      if (pattern === 'reversed')
        return names.length <= CYCLE ? names.length + 1 - index : ((index * 5 + 3) % CYCLE) + 2
      if (pattern === 'equal') return 2 + (names.length < 3 ? 1 : 0)
      if (pattern === 'ones') return 1
      if (pattern === 'any') return 1 + random.below(4)
      if ('from' in pattern) return pattern.from + index
      return index === pattern.one % Math.max(1, names.length) ? 1 : ((index + pattern.one) % 3) + 2
    }
    return new Map(names.map((name, index) => [name, length(index)]))
  }

  /** How far lengths are from a pattern, small lengths being preferred. */
  #distance(lengths: Lengths, pattern: SizePattern): number {
    const values = [...lengths.values()]
    const volume = values.reduce((a, b) => a + Math.log2(b), 0)
    const distinct = new Set(values).size
    const ones = values.filter((value) => value === 1).length
    if (pattern === 'equal') return 10 * distinct + volume
    if (pattern === 'ones') return -10 * ones + volume
    if (typeof pattern === 'object' && 'one' in pattern)
      return (values[pattern.one % Math.max(1, values.length)] === 1 ? 0 : 20) - distinct + volume
    return 5 * ones - 10 * distinct + volume
  }

  #list(random: Random): Lengths[] {
    const { names } = this
    const result: Lengths[] = []
    const admit = (values: readonly number[]): void => {
      const lengths = new Map(names.map((name, index) => [name, values[index]!]))
      if (this.allows(lengths)) result.push(lengths)
    }
    if (LARGEST ** names.length <= MOST_LISTED) {
      for (let code = 0; code < LARGEST ** names.length; code++) {
        admit(names.map((_, index) => (Math.floor(code / LARGEST ** index) % LARGEST) + 1))
      }
    } else {
      for (let i = 0; i < MOST_LISTED; i++) {
        const limit = i % 2 === 0 ? 5 : LARGEST
        admit(names.map(() => 1 + random.below(limit)))
      }
    }
    return result
  }
}

/** Whether an assumption on sizes holds. One that is not defined does not. */
function holds({ lhs, rhs, relation }: Assumption, lengths: Lengths): boolean {
  const [a, b] = [sizeValue(lhs, lengths), sizeValue(rhs, lengths)]
  const close = Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b))
  switch (relation) {
    case 'equal':
      return close
    case 'not-equal':
      return !close && !Number.isNaN(a - b)
    case 'greater':
      return a > b && !close
    case 'at-least':
      return a >= b || close
  }
}

/** The value of a scalar made of sizes and numbers; `NaN` for anything else. */
function sizeValue(root: Node, lengths: Lengths): number {
  const values = new Map<Node, number>()
  for (const node of reachable([root])) {
    const inputs = node.inputs.map((input) => values.get(input)!)
    values.set(node, valueOf(node, inputs, lengths))
  }
  return values.get(root)!
}

function valueOf(node: Node, inputs: readonly number[], lengths: Lengths): number {
  switch (node.kind) {
    case 'constant':
      return toNumber(node.value)
    case 'symbol':
      return node.name === 'pi' ? Math.PI : Math.E
    case 'size':
      return evaluateSize(node.size, lengths)
    case 'definition':
      return inputs[0]!
    case 'map':
      return ELEMENTWISE[node.fn].kernel(...inputs)
    case 'contract':
      return node.spec.sizes.every((size) => size.key === '1') ? inputs.reduce((a, b) => a * b, 1) : NaN
    case 'input':
    case 'reduce':
    case 'normalise':
    case 'matrix':
    case 'reshape':
    case 'derivative':
      return NaN
  }
}
