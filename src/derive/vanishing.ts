import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { toText } from '../print/text.ts'
import { judge } from '../prove/judge.ts'
import { sameShape } from '../shape/shape.ts'
import { literalValue, ONE_SIZE } from '../shape/size.ts'

/** Time for one proof, in milliseconds. */
const PATIENCE = 100
/** Sums that a proof is tried of, and values looked at, in one sheet. */
const MOST = 12
const MOST_VALUES = 60

/**
 * Sums over an axis of named values that are zero for all data, by proof: `sum(N, axis=1) == 0` of what was centred by its
 * mean. Gradients of norms are short only by these.
 */
export function vanishingSums(program: Program, names: readonly Node[]): { readonly lhs: Node; readonly rhs: Node }[] {
  const { builder, inputs, sizes, roundedConstants } = program
  const found: { lhs: Node; rhs: Node }[] = []
  for (const { node, axis } of candidates(names)) {
    const lhs = builder.sum(node, [axis], true)
    const rhs = builder.zeros(lhs.shape)
    const { verdict } = judge({
      builder,
      problem: { lhs, rhs, lhsRaw: lhs, rhsRaw: rhs, inputs, sizes, assumptions: [], domain: [], roundedConstants },
      shapesDiffer: null,
      warnings: [],
      describe: (part) => toText(part),
      options: { seed: 1, trials: 4, milliseconds: PATIENCE },
    })
    if (verdict === 'proved') found.push({ lhs, rhs })
  }
  return found
}

interface Candidate {
  readonly node: Node
  readonly axis: number
}

/** Values on the way to which something that does not vary along an axis was subtracted. */
function candidates(names: readonly Node[]): Candidate[] {
  const centred = new Map<Node, readonly number[]>()
  for (const part of reachable(names)) {
    if (part.kind !== 'map' || part.fn !== 'sub') continue
    const axes = [...part.shape.keys()].filter(
      (axis) => literalValue(part.shape[axis]!) === null && part.inputs.some(({ shape }) => shape[axis] === ONE_SIZE),
    )
    if (axes.length > 0) centred.set(part, axes)
  }
  const isAlike = (node: Node): boolean => [...centred.keys()].some((part) => sameShape(part.shape, node.shape))
  const values = centred.size === 0 ? [] : names.filter(isAlike).slice(0, MOST_VALUES)
  return values
    .flatMap((node) => {
      const parts = reachable([node]).filter((part) => centred.has(part) && sameShape(part.shape, node.shape))
      return [...new Set(parts.flatMap((part) => centred.get(part)!))].map((axis): Candidate => ({ node, axis }))
    })
    .slice(0, MOST)
}
