import type { Node } from '../../graph/node.ts'

/** An outcome of a switch: its value above zero, or below. */
export interface Part {
  readonly node: Node
  readonly side: 1 | -1
}

/** Outcomes that are to meet at one entry. */
export type Goal = readonly Part[]

/** The values of every switch at a point. */
export type SwitchTable = ReadonlyMap<Node, Float64Array>

/** Switches looked at, and combinations of two sought: their number grows with the square. */
const MOST_SWITCHES = 8
const MOST_PAIRS = 24

/**
 * The outcomes, alone and by two at one entry, that no table shows. Switches whose values are the same but for the sign,
 * such as `relu(Z)` and `Z > 0`, count as one.
 */
export function unreached(tables: readonly SwitchTable[], moving: ReadonlySet<Node>): Goal[] {
  const last = tables.at(-1)
  if (last === undefined) return []
  const representatives = new Map<string, Node>()
  for (const [node, values] of last) {
    if (!moving.has(node) || values.length === 0) continue
    const key = values.map(Math.abs).join()
    if (!representatives.has(key)) representatives.set(key, node)
  }
  const nodes = [...representatives.values()].slice(0, MOST_SWITCHES)
  const goals = nodes.flatMap((node) => sides(node).map((side): Goal => [{ node, side }]))
  const pairs = nodes.flatMap((a, i) =>
    nodes.slice(i + 1).flatMap(
      (b) =>
      sides(a).flatMap((side) => sides(b).map((other): Goal => [{ node: a, side }, { node: b, side: other }])), // prettier-ignore
    ),
  )
  const missed = (goal: Goal): boolean => !tables.some((table) => nearness(goal, table) > 0)
  return [...goals.filter(missed), ...pairs.filter(missed).slice(0, MOST_PAIRS)]
}

/** The gap between the extreme entry and the next is never negative. */
const sides = (node: Node): (1 | -1)[] => (node.kind === 'reduce' ? [1] : [1, -1])

/** How near some entry is to showing all outcomes of a goal; positive where one does. */
export function nearness(goal: Goal, table: SwitchTable): number {
  const columns = goal.map(({ node }) => table.get(node)!)
  const length = Math.max(...columns.map((column) => column.length))
  // Switches of different shapes have no entry in common, unless one is a single number.
  if (columns.some((column) => column.length !== length && column.length !== 1)) return 1
  let best = -Infinity
  for (let entry = 0; entry < length; entry++) {
    const parts = columns.map((column, i) => goal[i]!.side * column[column.length === 1 ? 0 : entry]!)
    // Short of the goal every part that is nearer counts, so that each can be improved on its own.
    const lacking = parts.reduce((sum, x) => sum + Math.min(0, x), 0)
    const near = lacking < 0 ? lacking : Math.min(...parts)
    if (near > best) best = near
  }
  return best
}
