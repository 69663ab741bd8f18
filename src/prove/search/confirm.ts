import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { absolute, Arithmetic, compare, exponentOf, isZero, toNumber } from '../../evaluate/bigfloat.ts'
import type { BigFloat } from '../../evaluate/bigfloat.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import { evaluateForwardIn } from '../../evaluate/forward.ts'
import { evaluatePrecisely, preciseAlgebra } from '../../evaluate/precise.ts'
import type { Precise } from '../../evaluate/precise.ts'
import type { Point } from './draw.ts'
import { violated } from './switches.ts'
import type { Plan } from './plan.ts'

/** Some 57 decimal digits: cancellation that leaves none of them does not look like a difference in doubles. */
const BITS = 192
const ARITHMETIC = new Arithmetic(BITS)

/** A difference counts where it is this much of the larger side; two ways of computing one value agree to far less. */
const OF_LARGER = 1e-6
const AGREEING_BITS = 40

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly lhs: number; readonly rhs: number }
  /** With more digits there is no difference, or no value: the point proves nothing. */
  | { readonly kind: 'rounding' }
  /** Forward mode on the claim as written gives another value than the derivatives taken before. */
  | { readonly kind: 'conflict'; readonly message: string }

/**
 * Whether the sides differ at an entry of a point, computed with more digits and, where derivatives are to be taken, again
 * by forward mode, which shares no derivative with reverse mode.
 */
export function confirm(plan: Plan, point: Point, entry: number): Confirmation {
  const { problem } = plan
  const [lhs, rhs] = evaluatePrecisely([problem.lhs, problem.rhs], point, BITS)
  const [left, right] = [lhs!.data[entry] as Precise, rhs!.data[entry] as Precise]
  if (left === null || right === null) return { kind: 'rounding' }
  const larger = compare(absolute(left), absolute(right)) > 0 ? absolute(left) : absolute(right)
  const difference = absolute(ARITHMETIC.sub(left, right))
  if (isZero(difference)) return { kind: 'rounding' }
  const relative = toNumber(ARITHMETIC.div(difference, larger) as BigFloat)
  if (relative <= OF_LARGER || relative <= sensitivity(plan, point, entry)) return { kind: 'rounding' }
  if (hasDerivative([problem.lhsRaw, problem.rhsRaw])) {
    const again = evaluateForwardIn(preciseAlgebra(BITS), [problem.lhsRaw, problem.rhsRaw], point)
    const [first, second] = [again[0]!.data[entry] as Precise, again[1]!.data[entry] as Precise]
    if (first === null || second === null) return { kind: 'rounding' }
    const scale = exponentOf(larger)
    if (!agree(left, first, scale) || !agree(right, second, scale)) {
      const numbers = [left, right, first, second].map((x) => String(toNumber(x)))
      return {
        kind: 'conflict',
        message: `reverse mode gives ${numbers[0]!} and ${numbers[1]!}, forward mode ${numbers[2]!} and ${numbers[3]!}`,
      }
    }
  }
  return { kind: 'confirmed', lhs: toNumber(left), rhs: toNumber(right) }
}

/** Assumed equalities hold to some 1e-12 of their sides; to be on the safe side, a thousand times that. */
const VIOLATION = 1e-4
const SAFE = 1e-9 / VIOLATION

/**
 * How much of the larger side the difference may owe to assumed equalities that hold only to rounding: what breaking them
 * by more changes, scaled down.
 */
function sensitivity(plan: Plan, point: Point, entry: number): number {
  if (plan.assumptions.every(({ relation }) => relation !== 'equal')) return 0
  const sides = [plan.problem.lhs, plan.problem.rhs]
  const relativeAt = (at: Point): number => {
    const [x, y] = evaluate(sides, at).map(({ data }) => data[entry]!) as [number, number]
    return (x - y) / Math.max(Math.abs(x), Math.abs(y), Number.MIN_VALUE)
  }
  const change = Math.abs(relativeAt(violated(plan, point, VIOLATION)) - relativeAt(point))
  // Where the broken point is not defined it says nothing.
  return Number.isNaN(change) ? 0 : change * SAFE
}

const hasDerivative = (roots: readonly Node[]): boolean => reachable(roots).some((node) => node.kind === 'derivative')

const agree = (a: BigFloat, b: BigFloat, scale: number): boolean =>
  exponentOf(ARITHMETIC.sub(a, b)) < scale - AGREEING_BITS
