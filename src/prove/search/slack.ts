import { evaluate } from '../../evaluate/evaluate.ts'
import type { Point } from './draw.ts'
import type { Plan } from './plan.ts'
import { violated } from './switches.ts'

/** Assumed equalities are broken by this part of the data, to see what that changes. */
const BROKEN = 1e-4
/** They hold to some 1e-12 of their sides; to be on the safe side, a thousand times that. */
const HELD = 1e-9

/**
 * For each entry, how much of the difference between the sides may be due to assumed equalities that hold at the point
 * only to rounding: what breaking them by more changes, scaled down.
 */
export function owedToAssumptions(plan: Plan, point: Point): Float64Array {
  const differences = (at: Point): Float64Array => {
    const [lhs, rhs] = evaluate([plan.problem.lhs, plan.problem.rhs], at)
    return lhs!.data.map((x, i) => x - rhs!.data[i]!)
  }
  const base = differences(point)
  if (plan.assumptions.every(({ relation }) => relation !== 'equal')) return base.fill(0)
  const broken = differences(violated(plan, point, BROKEN))
  // Where the broken point is not defined it says nothing.
  return base.map((x, i) => (Number.isNaN(broken[i]) ? 0 : (Math.abs(broken[i]! - x) * HELD) / BROKEN))
}

/** Whether all of the difference may be due to that. */
export function isOwedToAssumptions(plan: Plan, point: Point): boolean {
  if (plan.assumptions.every(({ relation }) => relation !== 'equal')) return false
  const [lhs, rhs] = evaluate([plan.problem.lhs, plan.problem.rhs], point)
  const owed = owedToAssumptions(plan, point)
  return owed.every((slack, i) => {
    const [x, y] = [lhs!.data[i]!, rhs!.data[i]!]
    return Math.abs(x - y) <= slack + 1e-13 * Math.max(Math.abs(x), Math.abs(y))
  })
}
