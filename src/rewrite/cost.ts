import type { Node } from '../graph/node.ts'
import type { Contraction } from '../ops/contraction.ts'
import { ONE_SIZE } from '../shape/size.ts'

/**
 * The one measure by which of two forms the shorter wins: the number of names, numbers and operators that are printed,
 * parentheses not counted, a definition counting as the one name that it is. Shared parts count wherever they stand, and
 * `1/m * x` counts as `x/m`.
 *
 * Costs of inputs are computed before their users', so none is looked for in depth.
 */
export class Costs {
  readonly #known = new Map<Node, number>()

  of(node: Node): number {
    const known = this.#known.get(node)
    if (known !== undefined) return known
    const stack = [node]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const missing = isLeaf(top) ? [] : top.inputs.filter((input) => !this.#known.has(input))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      this.#known.set(top, this.#cost(top))
    }
    return this.#known.get(node)!
  }

  #cost(node: Node): number {
    if (node.kind === 'constant') return node.value.d === 1n ? 1 : 3
    if (isLeaf(node) && node.kind !== 'contract') return 1
    let cost = node.kind === 'contract' ? contractionCost(node.spec) : 1
    if (node.kind === 'map' && node.fn === 'mul' && isUnitFraction(node.inputs[0]!)) cost -= 2
    for (const input of node.inputs) cost += this.#known.get(input)!
    return cost
  }
}

const isLeaf = (node: Node): boolean =>
  node.inputs.length === 0 || (node.kind === 'definition' && !node.hidden) || node.kind === 'derivative'

/** Whether a node is one over something, as a factor in front. */
function isUnitFraction(node: Node): boolean {
  if (node.kind === 'constant') return node.value.n === 1n && node.value.d !== 1n
  const top = node.kind === 'map' && node.fn === 'div' ? node.inputs[0] : undefined
  return top?.kind === 'constant' && top.value.n === 1n && top.value.d === 1n
}

/** Operators and words that saying a contraction takes, its operands apart. */
function contractionCost(spec: Contraction): number {
  const { operands, output, sizes } = spec
  const long = (labels: readonly number[]): number[] => labels.filter((label) => sizes[label] !== ONE_SIZE)
  const out = long(output)
  if (operands.length === 0) return 1 + output.length
  if (operands.length === 1) {
    const own = long(operands[0]!)
    const isSummed = own.some((label) => !out.includes(label))
    const isRepeated = out.some((label) => !own.includes(label))
    const kept = out.filter((label) => own.includes(label))
    const isTurned = kept.some((label, at) => at > 0 && own.indexOf(label) < own.indexOf(kept[at - 1]!))
    return (isSummed ? 2 : 0) + (isRepeated ? 2 + output.length : 0) + (isTurned ? 1 : 0) ||
      1 // prettier-ignore
  }
  if (operands.length > 2 || output.length !== 2) return 3 * operands.length
  const [row, column] = output as [number, number]
  const [a, b] = (operands[0]!.includes(row) ? operands : [...operands].reverse()) as [readonly number[], readonly number[]] // prettier-ignore
  return 1 + (a.indexOf(row) === 1 ? 1 : 0) + (b.indexOf(column) === 0 ? 1 : 0)
}
