import { reachable } from '../../graph/walk.ts'
import { absolute, Arithmetic, compare, exponentOf, fromNumber, isZero, toNumber } from '../../evaluate/bigfloat.ts'
import type { BigFloat } from '../../evaluate/bigfloat.ts'
import { evaluateForward, evaluateForwardIn } from '../../evaluate/forward.ts'
import { evaluatePrecisely, preciseAlgebra } from '../../evaluate/precise.ts'
import type { Precise } from '../../evaluate/precise.ts'
import type { Point } from './draw.ts'
import type { Comparison } from './judge.ts'
import { tiesLast } from './lasting.ts'
import type { Plan } from './plan.ts'
import type { Problem } from './problem.ts'
import { owedToAssumptions } from './slack.ts'
import { forwardWorkOf, workOf } from './work.ts'

/** Some 57 decimal digits: cancellation that leaves none of them does not look like a difference in doubles. */
const BITS = 192
const ARITHMETIC = new Arithmetic(BITS)

/**
 * A difference counts where it is this much of the larger side: on doubles and where assumed equalities hold to rounding
 * only, and else with many digits, to which two ways of computing one value agree far better.
 */
const OF_LARGER = 1e-6
const OF_LARGER_PRECISELY = 1e-25
const AGREEING_BITS = 40
const DOUBLE_BITS = 25

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly lhs: number; readonly rhs: number }
  /** With more digits there is no difference, no value, or a kink: the point proves nothing. */
  | { readonly kind: 'rounding' }
  /** Forward mode on the claim as written gives another value than the derivatives taken before. */
  | { readonly kind: 'conflict'; readonly message: string }

/** Scalar operations with many digits, and on doubles, that a confirmation may take: some seconds of each. */
const MOST_PRECISE = 2e6
const MOST_DOUBLE = 2e8

/**
 * Whether the sides differ at an entry of a point, computed with more digits and, where derivatives are to be taken, again
 * by forward mode, which shares no derivative with reverse mode. At large literal sizes, where that would take minutes,
 * forward mode runs on doubles, and what cannot be afforded at all is left to the bound on rounding.
 */
export function confirm(plan: Plan, point: Point, { entry, lhs, rhs }: Comparison): Confirmation {
  const { problem } = plan
  const sides = [problem.lhs, problem.rhs]
  const isPrecise = workOf(sides, point.sizes) <= MOST_PRECISE
  const [left, right] = isPrecise
    ? evaluatePrecisely(sides, point, BITS).map(({ data }) => data[entry] as Precise)
    : [fromNumber(lhs), fromNumber(rhs)]
  if (left === null || left === undefined || right === null || right === undefined) return { kind: 'rounding' }
  const larger = compare(absolute(left), absolute(right)) > 0 ? absolute(left) : absolute(right)
  const difference = absolute(ARITHMETIC.sub(left, right))
  if (isZero(difference)) return { kind: 'rounding' }
  const relative = toNumber(ARITHMETIC.div(difference, larger) as BigFloat)
  const owed = owedToAssumptions(plan, point)[entry]!
  const least = isPrecise && !plan.rests ? OF_LARGER_PRECISELY : OF_LARGER
  if (relative <= least || toNumber(difference) <= owed) return { kind: 'rounding' }
  // Where assumed equalities hold to rounding only, more digits say nothing of a tie.
  if (isPrecise && !plan.rests && !tiesLast(plan, point, BITS)) return { kind: 'rounding' }
  return againForward(problem, point, entry, left, right) ?? { kind: 'confirmed', lhs: toNumber(left), rhs: toNumber(right) } // prettier-ignore
}

/** `null` where forward mode gives the same values. */
function againForward(
  problem: Problem,
  point: Point,
  entry: number,
  left: BigFloat,
  right: BigFloat,
): Confirmation | null {
  const written = [problem.lhsRaw, problem.rhsRaw]
  if (reachable(written).every((node) => node.kind !== 'derivative')) return null
  const work = forwardWorkOf(written, point.sizes)
  const scale = Math.max(exponentOf(left), exponentOf(right))
  if (work > MOST_DOUBLE) return null
  if (work > MOST_PRECISE) {
    const [first, second] = evaluateForward(written, point).map(({ data }) => fromNumber(data[entry]!))
    const same = agree(left, first, scale - DOUBLE_BITS) && agree(right, second, scale - DOUBLE_BITS)
    // Doubles carry no bound here: that they do not confirm is no proof of a fault.
    return same ? null : { kind: 'rounding' }
  }
  const [first, second] = evaluateForwardIn(preciseAlgebra(BITS), written, point).map(({ data }) => data[entry] as Precise) // prettier-ignore
  if (first === null || first === undefined || second === null || second === undefined) return { kind: 'rounding' }
  if (agree(left, first, scale - AGREEING_BITS) && agree(right, second, scale - AGREEING_BITS)) return null
  const [a, b, c, d] = [left, right, first, second].map((x) => String(toNumber(x))) as [string, string, string, string]
  return { kind: 'conflict', message: `reverse mode gives ${a} and ${b}, forward mode ${c} and ${d}` }
}

const agree = (a: BigFloat, b: Precise | undefined, exponent: number): boolean =>
  b !== null && b !== undefined && exponentOf(ARITHMETIC.sub(a, b)) < exponent
