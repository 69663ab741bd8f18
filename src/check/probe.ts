import type { Sizes } from '../evaluate/algebra.ts'
import { entriesOf } from '../evaluate/tensor.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { dependents, reachable } from '../graph/walk.ts'
import { evaluateSize } from '../shape/size.ts'
import { WholeProbe } from './difference.ts'
import type { LossProbe } from './difference.ts'
import { SliceProbe } from './slice-probe.ts'
import { slicesOf } from './slices.ts'

/** Multiplications and the like in the interpreter in the time that it takes to compile a function. */
const WORTH_COMPILING = 4e6
/** Those that compiled code may do in all: some 20 s. */
const MOST_WORK = 2e10

/** How the loss is to follow a parameter, and how many of its entries can be afforded. */
export interface Probing {
  readonly probe: LossProbe
  readonly affordable: number
}

/** Compiled code for what an entry reaches where there is enough to do, and it gives the loss at rest; else the interpreter. */
export function probeFor(loss: Node, parameter: InputNode, values: ReadonlyMap<Node, Tensor>, sizes: Sizes): Probing {
  const whole = { probe: new WholeProbe(loss, parameter, values, sizes), affordable: 0 }
  const { data } = values.get(parameter)!
  if (2 * data.length * workOf(dependents([loss], parameter), sizes) < WORTH_COMPILING) return whole
  const slices = slicesOf(loss, parameter)
  const probe = new SliceProbe(slices, parameter, values, sizes)
  if (!probe.agrees(0, data[0]!, values.get(loss)!.data[0]!)) return whole
  const work = workOf(reachable([slices.loss, slices.crossings]), sizes)
  return { probe, affordable: Math.floor(MOST_WORK / (2 * work)) }
}

/** Entries worked out, those of a sum with all its terms. */
function workOf(nodes: Iterable<Node>, sizes: Sizes): number {
  let work = 0
  for (const node of nodes) {
    if (node.inputs.length === 0) continue
    const lengths = node.kind === 'contract' ? node.spec.sizes : node.shape
    work += entriesOf(lengths.map((size) => evaluateSize(size, sizes)))
  }
  return work
}
