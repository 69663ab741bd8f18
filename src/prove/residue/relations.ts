import { toNumber } from '../../base/rational.ts'
import type { InputNode, Node } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { reachable, unname } from '../../graph/walk.ts'
import { summedLabels } from '../../ops/contraction.ts'
import type { Declared } from '../assumptions.ts'

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
  /** Assumptions that random values do not obey, as written. */
  readonly disobeyed: readonly string[]
}

/** What of the assumptions random values can be made to obey. */
export function relationsOf(
  inputs: readonly InputNode[],
  assumptions: readonly Assumption[],
  declared: Declared,
): Relations {
  const ranges = new Map<Node, Range>()
  const totals = new Map<Node, TotalOf[]>()
  const disobeyed: string[] = []
  const known = new Set<Node>(inputs)
  for (const assumption of assumptions) {
    const { relation, lhs, rhs, aboutSizes, text } = assumption
    if (aboutSizes || relation === 'not-equal') continue
    if (relation !== 'equal') {
      limit(ranges, lhs, rhs)
      continue
    }
    const total = totalOf(lhs, rhs) ?? totalOf(rhs, lhs)
    if (total !== null && known.has(total.input)) totals.set(total.input, [...(totals.get(total.input) ?? []), total])
    else if (!declared.used.includes(text) || hasOtherSquare(declared, assumption)) disobeyed.push(text)
  }
  // Each makes up for the others in its last entries, which two declared sums would both claim.
  for (const [input, all] of totals) {
    const onehot = (declared.traits.get(input)?.onehot ?? -1) >= 0
    if (all.length > 1 || (!onehot && declared.traits.get(input)?.binary === true)) disobeyed.push(`sums of ${input.kind === 'input' ? input.name : 'data'}`) // prettier-ignore
  }
  return { ranges, totals, disobeyed }
}

/** `x^2 == c` for a `c` without a whole root. */
function hasOtherSquare({ traits }: Declared, { lhs, rhs }: Assumption): boolean {
  return reachable([lhs, rhs]).some((node) => {
    const square = traits.get(node)?.square ?? null
    return square !== null && (square.n !== 1n || square.d !== 1n)
  })
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
