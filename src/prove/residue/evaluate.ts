import { Random } from '../../base/random.ts'
import { lengthsOf, numericContraction } from '../../evaluate/algebra.ts'
import { entriesOf } from '../../evaluate/tensor.ts'
import type { Node } from '../../graph/node.ts'
import { unname } from '../../graph/walk.ts'
import type { Traits } from '../../index/term.ts'
import { evaluateSize } from '../../shape/size.ts'
import { Arithmetic, levelsRead } from './arithmetic.ts'
import { chainOf } from './chain.ts'
import type { Level } from './chain.ts'
import { drawValue } from './draw.ts'
import { Oracle } from './oracle.ts'
import type { Range, TotalOf } from './relations.ts'
import { laidOut, lazily } from './value.ts'
import type { Value } from './value.ts'
import { contractValues, matrixValue, normaliseValue, reduceValue } from './whole-array.ts'

/** How nodes are read. */
export interface Setting {
  /** Arrays of which only the traits are known: they get random values. */
  readonly closed: ReadonlySet<Node>
  /** Nodes that are another one times a factor made of sizes. */
  readonly merged: ReadonlyMap<Node, { readonly node: Node; readonly factor: (sizes: ReadonlyMap<string, number>) => readonly [bigint, bigint] }> // prettier-ignore
  /** Inputs that an assumption defines. */
  readonly solved: ReadonlyMap<Node, Node>
  readonly traits: ReadonlyMap<Node, Traits>
  readonly ranges: ReadonlyMap<Node, Range>
  readonly totals: ReadonlyMap<Node, readonly TotalOf[]>
}

/** What a node is computed from in a setting. */
export function sources(setting: Setting, node: Node): readonly Node[] {
  const merge = setting.merged.get(node)
  if (merge !== undefined) return [merge.node]
  if (setting.closed.has(node)) return totalsOf(setting, node)
  if (node.kind !== 'input') return node.inputs
  const solved = setting.solved.get(node)
  return solved === undefined ? totalsOf(setting, node) : [solved]
}

const totalsOf = ({ totals }: Setting, node: Node): Node[] => (totals.get(node) ?? []).map(({ other }) => other)

/** The nodes that the roots are read from, each after its sources; `null` where they lead back to themselves. Iterative. */
export function ordered(setting: Setting, roots: readonly Node[]): Node[] | null {
  const state = new Map<Node, 'open' | 'done'>()
  const order: Node[] = []
  const stack = [...roots]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const known = state.get(node)
    const waiting = known === 'done' ? [] : sources(setting, node).filter((source) => state.get(source) !== 'done')
    if (waiting.length > 0) {
      if (known === 'open' && waiting.some((source) => state.get(source) === 'open')) return null
      state.set(node, 'open')
      stack.push(...waiting)
      continue
    }
    if (known !== 'done') order.push(node)
    state.set(node, 'done')
    stack.pop()
  }
  return order
}

/** The levels at which each node is read, as bits; what lies beyond the last level is read at the last. */
function levelsOf(setting: Setting, order: readonly Node[], roots: readonly Node[], last: number): Map<Node, number> {
  const levels = new Map<Node, number>(roots.map((root) => [root, 1]))
  const within = (bits: number): number => (bits < 2 << last ? bits : (bits & ((2 << last) - 1)) | (1 << last))
  for (const node of order.toReversed()) {
    const bits = levels.get(node) ?? 1
    const read = setting.merged.has(node) || setting.closed.has(node) ? 1 : relativeLevels(node)
    let wanted = 0
    for (let level = 0; level <= last; level++) if ((bits >> level) & 1) wanted |= read << level
    for (const source of sources(setting, node)) levels.set(source, within((levels.get(source) ?? 0) | wanted))
  }
  return levels
}

function relativeLevels(node: Node): number {
  if (node.kind === 'map') return levelsRead(node.fn)
  if (node.kind !== 'normalise') return 1
  return node.fn === 'log_softmax' ? 3 : 2
}

/** Nodes in the order of their evaluation, and at which levels each is read, as bits. */
export interface Work {
  readonly order: readonly Node[]
  readonly levels: ReadonlyMap<Node, number>
}

/** What is to be evaluated for the roots; `null` where a node would be read from itself. */
export function workOf(setting: Setting, roots: readonly Node[], order = ordered(setting, roots)): Work | null {
  return order === null ? null : { order, levels: levelsOf(setting, order, roots, chainOf(0).length - 1) }
}

/** Products of residues that one exponential takes. */
const EXPONENTIAL = 12

/** Products of residues that an evaluation at these sizes takes, about; infinite where an axis would be empty. */
export function costOf({ order, levels }: Work, sizes: ReadonlyMap<string, number>): number {
  let cost = 0
  for (const node of order) {
    const shape = node.kind === 'contract' ? node.spec.sizes : node.shape
    const weight = node.kind === 'normalise' || (node.kind === 'map' && levelsRead(node.fn) > 1) ? EXPONENTIAL : 1
    let entries = 1
    for (const size of shape) {
      const length = evaluateSize(size, sizes)
      if (length < 1) return Infinity
      entries *= length
    }
    for (let bits = levels.get(node) ?? 1; bits > 0; bits >>= 1) if (bits & 1) cost += entries * weight
  }
  return cost
}

/** The values of all nodes of `order` at one random point. Throws `NoRoot` where a root does not exist at it. */
export class Evaluation {
  readonly oracle: Oracle
  readonly chain: readonly Level[]
  readonly #setting: Setting
  readonly #sizes: ReadonlyMap<string, number>
  readonly #random: Random
  readonly #arithmetic: Arithmetic
  readonly #values = new Map<Node, Value>()
  readonly #drawn = new Map<Node, Value>()

  constructor(setting: Setting, sizes: ReadonlyMap<string, number>, seed: number, point: number, attempt: number) {
    this.#setting = setting
    this.#sizes = sizes
    this.chain = chainOf(point)
    this.oracle = new Oracle(seed, point)
    this.#random = new Random(seed, point, attempt, 61)
    this.#arithmetic = new Arithmetic(this.chain, this.oracle, seed)
  }

  run({ order, levels }: Work): void {
    for (const node of order) {
      const value = this.#valueOf(node)
      this.#values.set(node, value)
      // Computed now, in order, so that no value waits for a deep chain of others.
      for (let bits = levels.get(node) ?? 1, level = 0; bits > 0; bits >>= 1, level++) if (bits & 1) value.at(level)
      if (this.oracle.consulted.has('a comparison') || this.oracle.consulted.has('a largest entry')) value.real()
    }
  }

  value(node: Node): Value {
    return this.#values.get(node)!
  }

  /** Whether two nodes that broadcast to one shape have the same entries. */
  agree(a: Node, b: Node): boolean {
    const same = this.#arithmetic.call('eq', this.value(a), this.value(b))
    return same.at(0).every((entry) => entry === 1n)
  }

  #valueOf(node: Node): Value {
    const merge = this.#setting.merged.get(node)
    if (merge !== undefined) {
      const [n, d] = merge.factor(this.#sizes)
      return this.#arithmetic.call('mul', this.value(merge.node), this.#arithmetic.constant({ n, d }))
    }
    // A definition and what it names are one array.
    if (this.#setting.closed.has(node)) return this.#draw(unname(node), node)
    const [first] = node.inputs
    const input = (): Value => this.value(first!)
    const arithmetic = this.#arithmetic
    switch (node.kind) {
      case 'constant':
        return arithmetic.constant(node.value)
      case 'symbol':
        return node.name === 'pi' ? arithmetic.pi() : arithmetic.e()
      case 'size':
        return arithmetic.constant({ n: BigInt(evaluateSize(node.size, this.#sizes)), d: 1n })
      case 'input':
        return this.#input(node)
      case 'definition':
        return input()
      case 'map':
        return arithmetic.call(node.fn, ...node.inputs.map((source) => this.value(source)))
      case 'contract':
        return contractValues(
          numericContraction(node, this.#sizes),
          node.inputs.map((source) => this.value(source)),
          this.chain,
        )
      case 'reduce':
        return reduceValue(node.fn, node.axes, input(), arithmetic)
      case 'normalise':
        return normaliseValue(node.fn, node.axes, input(), arithmetic)
      case 'matrix':
        return matrixValue(node.fn, input(), arithmetic)
      case 'reshape': {
        const value = input()
        return lazily(lengthsOf(node, this.#sizes), (level) => value.at(level), () => value.real()) // prettier-ignore
      }
      case 'derivative':
        throw new Error('a derivative was left to be taken')
    }
  }

  #input(node: Node): Value {
    const solved = this.#setting.solved.get(node)
    if (solved === undefined) return this.#draw(node, node)
    const value = this.value(solved)
    const shape = lengthsOf(node, this.#sizes)
    const spread = this.#arithmetic.call('add', value, lazily(shape, () => new Array<bigint>(entriesOf(shape)).fill(0n), () => new Float64Array(entriesOf(shape)))) // prettier-ignore
    return lazily(shape, (level) => laidOut(spread, level, shape), () => spread.real()) // prettier-ignore
  }

  #draw(key: Node, node: Node): Value {
    const known = this.#drawn.get(key)
    if (known !== undefined) return known
    const { traits, ranges, totals } = this.#setting
    const { low, high } = ranges.get(node) ?? { low: -Infinity, high: Infinity }
    const leaf = {
      shape: lengthsOf(node, this.#sizes),
      traits: traits.get(node)!,
      low,
      high,
      totals: (totals.get(node) ?? []).map(({ axes, other }) => ({ axes, other: this.value(other) })),
    }
    const value = drawValue(leaf, this.chain, this.#random)
    this.#drawn.set(key, value)
    return value
  }
}
