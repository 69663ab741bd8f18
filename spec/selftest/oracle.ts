import { Random } from '../../src/base/random.ts'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { evaluateForward } from '../../src/evaluate/forward.ts'
import type { ClaimSubject, Program } from '../../src/graph/program.ts'
import { reachable } from '../../src/graph/walk.ts'
import { draw } from '../../src/prove/search/draw.ts'
import { obeys } from '../../src/prove/search/judge.ts'
import { planOf } from '../../src/prove/search/plan.ts'
import { project } from '../../src/prove/search/project.ts'
import { styleOf } from '../../src/prove/search/style.ts'
import { evaluateWithBound } from '../../src/evaluate/bound.ts'

const POINTS = 8
const TRIES = 40
/** Doubles agree to this where formulas do; formulas that differ, differ by more at random points. */
const EQUAL = 1e-9
const DIFFERENT = 1e-5

/**
 * Whether the sides of a claim are the same at random points, by forward mode: it shares neither derivatives nor
 * normal forms nor rules with what judges. `null` where the numbers do not tell.
 */
export function sidesAgree(program: Program, { lhs, rhs, shapesDiffer }: ClaimSubject, seed: number): boolean | null {
  if (shapesDiffer !== null) return false
  const { builder, inputs, sizes } = program
  const assumed = expandDerivatives(builder, program.assumptions.flatMap((one) => [one.lhs, one.rhs])).roots // prettier-ignore
  const assumptions = program.assumptions.map((one, at) => ({
    ...one,
    lhs: assumed[2 * at]!,
    rhs: assumed[2 * at + 1]!,
  }))
  const nothing = { lhsRaw: lhs, rhsRaw: rhs, domain: [], roundedConstants: new Map<never, never>() }
  const plan = planOf({ ...nothing, lhs, rhs, inputs, sizes, assumptions })
  let points = 0
  let agree = 0
  for (let attempt = 0; attempt < TRIES && points < POINTS; attempt++) {
    const random = new Random(seed, 77, attempt)
    const lengths = plan.chooser.choose(attempt % 2 === 0 ? 'different' : 'reversed', random)
    const drawn = lengths === null ? null : draw(plan, lengths, styleOf(0, random), random)
    if (drawn === null) continue
    const point = project(plan, drawn)
    const holds = plan.assumptions.every((assumption) => {
      const [left, right] = evaluateWithBound([assumption.lhs, assumption.rhs], point)
      return obeys(assumption, (node) => (node === assumption.lhs ? left! : right!))
    })
    if (!holds) continue
    const difference = relativeDifference(evaluateForward([lhs, rhs], point).map(({ data }) => data))
    if (Number.isNaN(difference)) continue
    points++
    if (difference > DIFFERENT) return false
    if (difference < EQUAL) agree++
  }
  return points >= 3 && agree === points ? true : null
}

/** The largest difference of two arrays over their largest entry; `NaN` where one holds what is no number. */
function relativeDifference([a, b]: readonly Float64Array[]): number {
  let [scale, largest] = [0, 0]
  for (const [i, x] of a!.entries()) {
    const y = b![i]!
    scale = Math.max(scale, Math.abs(x), Math.abs(y))
    largest = Math.max(largest, Math.abs(x - y))
    if (!Number.isFinite(x - y)) return NaN
  }
  return scale === 0 ? 0 : largest / scale
}

/** The number of nodes that a claim is made of. */
export const weightOf = ({ lhs, rhs }: ClaimSubject): number => reachable([lhs, rhs]).length
