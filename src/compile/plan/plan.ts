import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { evaluateSize } from '../../shape/size.ts'
import type { Sizes } from './concrete.ts'
import type { Plan } from './nest.ts'
import { schedule } from './schedule.ts'
import { LARGE, sweeping } from './sweep.ts'
import { unroll } from './unroll.ts'

export interface PlanOptions {
  /** Whether a small graph is written out. */
  readonly unroll: boolean
  /** Inputs that may be laid out in another order. */
  readonly constants: readonly string[]
}

/** The steps that work out prepared roots at the given sizes: one pass for a small graph, else array by array. */
export function makePlan(roots: readonly Node[], sizes: Sizes, options: PlanOptions): Plan {
  const written = options.unroll ? unroll(roots, sizes) : null
  if (written !== null) return written
  const plan = schedule(roots, sizes)
  const swept = sweeping(plan)
  if (swept !== null) return swept
  for (const node of reachable(roots)) {
    if (node.kind !== 'input' || node.shape.length !== 2 || !options.constants.includes(node.name)) continue
    if (node.shape.reduce((product, size) => product * evaluateSize(size, sizes), 1) < LARGE) continue
    const turned = sweeping(schedule(roots, sizes, new Set([node.name])))
    if (turned !== null) return turned
  }
  return plan
}
