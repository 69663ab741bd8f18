import type { InputNode, Node } from '../../graph/node.ts'
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
  /** Bytes of an entry. */
  readonly bytes: number
}

const entryCount = (input: InputNode, sizes: Sizes): number =>
  input.shape.reduce((product, size) => product * evaluateSize(size, sizes), 1)

/** A plan that reads a large input once where others would read it twice, or `null` where that does not fit. */
function sweptPlan(roots: readonly Node[], sizes: Sizes, { constants, bytes }: PlanOptions): Plan | null {
  const inputs = reachable(roots).filter((node): node is InputNode => node.kind === 'input')
  const large = inputs.filter((input) => entryCount(input, sizes) >= LARGE)
  if (large.length === 0) return null
  const asGiven = sweeping(schedule(roots, sizes), bytes)
  if (asGiven !== null) return asGiven
  for (const { name, shape } of large) {
    if (shape.length !== 2 || !constants.includes(name)) continue
    const turned = sweeping(schedule(roots, sizes, new Set([name])), bytes)
    if (turned !== null) return turned
  }
  return null
}

/** The steps that work out prepared roots at the given sizes: one pass for a small graph, else array by array. */
export function makePlan(roots: readonly Node[], sizes: Sizes, options: PlanOptions): Plan {
  const swept = sweptPlan(roots, sizes, options)
  if (swept !== null) return swept
  return (options.unroll ? unroll(roots, sizes) : null) ?? schedule(roots, sizes)
}
