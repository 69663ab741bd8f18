import type { Node } from '../../graph/node.ts'
import type { Sizes } from './concrete.ts'
import type { Plan } from './nest.ts'
import { schedule } from './schedule.ts'
import { unroll } from './unroll.ts'

/** The steps that work out prepared roots at the given sizes: one pass for a small graph if it may be `written` out, else array by array. */
export function makePlan(roots: readonly Node[], sizes: Sizes, written: boolean): Plan {
  return (written ? unroll(roots, sizes) : null) ?? schedule(roots, sizes)
}
