import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { toNumber } from '../../base/rational.ts'
import type { Rational } from '../../base/rational.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import { scalar } from '../../evaluate/tensor.ts'
import type { Point } from './draw.ts'
import type { Problem } from './problem.ts'

/** Half a unit in the last decimal place of a literal that was written without needless zeros. */
function halfUnit({ d }: Rational): number {
  let places = 0
  for (let power = 1n; power % d !== 0n && places < 40; power *= 10n) places++
  return 0.5 * 10 ** -places
}

/**
 * Whether the last digits of the rounded constants account for the differences at a point: whether at every entry the sides
 * come as near to one another as half a unit there moves them.
 */
export function explainedByRounding(problem: Problem, point: Point): boolean {
  const sides = [problem.lhs, problem.rhs]
  const literals = reachable(sides).filter((node) => problem.roundedConstants.has(node))
  if (literals.length === 0) return false
  const differences = (inputs: Point['inputs']): Float64Array => {
    const [lhs, rhs] = evaluate(sides, { sizes: point.sizes, inputs })
    return lhs!.data.map((x, i) => x - rhs!.data[i]!)
  }
  const base = differences(point.inputs)
  const reach = new Float64Array(base.length)
  for (const literal of literals) {
    if (literal.kind !== 'constant') continue
    const moved = scalar(toNumber(literal.value) + halfUnit(literal.value))
    differences(new Map<Node, typeof moved>(point.inputs).set(literal, moved)).forEach(
      (x, i) => (reach[i]! += Math.abs(x - base[i]!)),
    )
  }
  // A tenth more, for what is not linear in the literal.
  return base.every((x, i) => Math.abs(x) <= 1.1 * reach[i]! + 1e-15 * Math.abs(x))
}
