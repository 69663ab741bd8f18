import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { toText } from '../print/text.ts'
import { judge } from '../prove/judge.ts'
import { sameShape } from '../shape/shape.ts'
import { literalValue, ONE_SIZE } from '../shape/size.ts'

/** Time for one proof, in milliseconds. */
const PATIENCE = 100
/** Sums looked at in one sheet. */
const MOST = 12

/**
 * Sums over an axis of named values that are zero for all data, by proof: `sum(N, axis=1) == 0` of what was centred by its
 * mean. Gradients of norms are short only by these.
 */
export function vanishingSums(
  { builder, inputs, sizes, roundedConstants }: Program,
  names: readonly Node[],
): { readonly lhs: Node; readonly rhs: Node }[] {
  const found: { lhs: Node; rhs: Node }[] = []
  let tried = 0
  for (const node of names) {
    for (const axis of centredAxes(node)) {
      if (++tried > MOST) return found
      const lhs = builder.sum(node, [axis], true)
      const rhs = builder.zeros(lhs.shape)
      const problem = {
        lhs,
        rhs,
        lhsRaw: lhs,
        rhsRaw: rhs,
        inputs,
        sizes,
        assumptions: [],
        domain: [],
        roundedConstants,
      }
      const options = { seed: 1, trials: 4, milliseconds: PATIENCE }
      const { verdict } = judge({
        builder,
        problem,
        shapesDiffer: null,
        warnings: [],
        describe: (part) => toText(part),
        options,
      })
      if (verdict === 'proved') found.push({ lhs, rhs })
    }
  }
  return found
}

/** Axes along which something that does not vary is subtracted on the way to a value. */
function centredAxes(node: Node): number[] {
  const differences = reachable([node]).filter(
    (part) => part.kind === 'map' && part.fn === 'sub' && sameShape(part.shape, node.shape),
  )
  return [...node.shape.keys()].filter(
    (axis) =>
      literalValue(node.shape[axis]!) === null &&
      differences.some(({ inputs }) => inputs.some(({ shape }) => shape[axis] === ONE_SIZE)),
  )
}
