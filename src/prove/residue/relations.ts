import { toNumber } from '../../base/rational.ts'
import type { InputNode, Node } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { reachable, unname } from '../../graph/walk.ts'
import { summedLabels } from '../../ops/contraction.ts'

/** Open ends of real values. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** The sums over `axes` of an array are declared to be `other`, which is the same at all points. */
export interface TotalOf {
  readonly axes: readonly number[]
  readonly other: Node
}

export interface Relations {
  readonly ranges: ReadonlyMap<Node, Range>
  readonly totals: ReadonlyMap<Node, readonly TotalOf[]>
}

/** What of the assumptions random values are made to obey besides traits and definitions. */
export function relationsOf(assumptions: readonly Assumption[]): Relations {
  const ranges = new Map<Node, Range>()
  const totals = new Map<Node, TotalOf[]>()
  for (const { relation, lhs, rhs } of assumptions) {
    if (relation === 'not-equal') continue
    if (relation !== 'equal') {
      limit(ranges, lhs, rhs)
      continue
    }
    const total = totalOf(lhs, rhs) ?? totalOf(rhs, lhs)
    if (total !== null) totals.set(total.input, [...(totals.get(total.input) ?? []), total])
  }
  return { ranges, totals }
}

function limit(ranges: Map<Node, Range>, greater: Node, less: Node): void {
  const [above, below] = [unname(greater), unname(less)]
  const range = (node: Node): Range => ranges.get(node) ?? { low: -Infinity, high: Infinity }
  if (above.kind === 'input' && below.kind === 'constant') {
    const { low, high } = range(above)
    ranges.set(above, { low: Math.max(low, toNumber(below.value)), high })
  } else if (above.kind === 'constant' && below.kind === 'input') {
    const { low, high } = range(below)
    ranges.set(below, { low, high: Math.min(high, toNumber(above.value)) })
  }
}

function totalOf(node: Node, other: Node): (TotalOf & { input: InputNode }) | null {
  const sum = unname(node)
  if (sum.kind !== 'contract' || sum.inputs.length !== 1) return null
  const input = unname(sum.inputs[0]!)
  const labels = sum.spec.operands[0]!
  const summed = summedLabels(sum.spec)
  if (input.kind !== 'input' || summed.length === 0 || new Set(labels).size !== labels.length) return null
  if (reachable([other]).some((inner) => inner.kind === 'input')) return null
  return { input, axes: summed.map((label) => labels.indexOf(label)), other }
}
