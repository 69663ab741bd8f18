import { Random } from '../../src/base/random.ts'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { admit } from '../../src/evaluate/admission.ts'
import { BOUNDED, evaluateWithBound } from '../../src/evaluate/bound.ts'
import type { Bounded } from '../../src/evaluate/bound.ts'
import type { Bindings } from '../../src/evaluate/evaluate.ts'
import { evaluateForwardIn } from '../../src/evaluate/forward.ts'
import { tensorOf } from '../../src/evaluate/nested.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import type { Node } from '../../src/graph/node.ts'
import type { ClaimSubject, Program } from '../../src/graph/program.ts'
import { reachable } from '../../src/graph/walk.ts'
import { draw } from '../../src/prove/search/draw.ts'
import { obeys } from '../../src/prove/search/judge.ts'
import { planOf } from '../../src/prove/search/plan.ts'
import { project } from '../../src/prove/search/project.ts'
import { relaxed, styleOf } from '../../src/prove/search/style.ts'
import type { Counterexample } from '../../src/prove/verdict.ts'

const POINTS = 10
const TRIES = 60
/** Doubles agree to this where formulas do; formulas that differ, differ by more at random points. */
const EQUAL = 1e-9
const DIFFERENT = 1e-5

/**
 * Whether the sides of a claim are the same at random points, by forward mode: it shares neither derivatives nor
 * normal forms nor rules with what judges. `null` where the numbers do not tell.
 */
export function sidesAgree(program: Program, subject: ClaimSubject, seed: number): boolean | null {
  const { lhs, rhs, shapesDiffer } = subject
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
    // The usual styles, and those of later trials: lengths of 1, labels that are all alike, entries of different sizes.
    const style = relaxed(styleOf(attempt % 10, random), Math.floor(attempt / 10), random)
    const lengths = plan.chooser.choose(style.sizes, random)
    const drawn = lengths === null ? null : draw(plan, lengths, style, random)
    if (drawn === null) continue
    const point = project(plan, drawn)
    const holds = plan.assumptions.every((assumption) => {
      const [left, right] = evaluateWithBound([assumption.lhs, assumption.rhs], point)
      return obeys(assumption, (node) => (node === assumption.lhs ? left! : right!))
    })
    if (!holds) continue
    const found = compareAt(subject, point)
    if (found === null) continue
    points++
    if (found === 'different') return false
    if (found === 'equal') agree++
  }
  return points >= 3 && agree === points ? true : null
}

/** Whether a counterexample is one. */
export function differAt(program: Program, subject: ClaimSubject, { sizes, values }: Counterexample): boolean {
  const inputs = new Map<Node, Tensor>()
  for (const input of program.inputs) {
    const value = values.get(input.name)
    if (value !== undefined) inputs.set(input, tensorOf(value))
  }
  return compareAt(subject, { sizes, inputs }) === 'different'
}

/** Whether a comparison ties with what only rounding makes a limit: `tanh(40)` is not 1. */
function hasRoundedTie(sides: readonly Node[], point: Bindings): boolean {
  if (reachable(sides).some(({ kind }) => kind === 'derivative')) return false
  return admit(sides, point).obstacles.some(({ kind }) => kind === 'near-tie')
}

/** The sides at a point, differences measured against the rounding of both; `null` where something is undefined. */
function compareAt({ lhs, rhs }: ClaimSubject, point: Bindings): 'equal' | 'different' | 'near' | null {
  if (hasRoundedTie([lhs, rhs], point)) return null
  const [a, b] = evaluateForwardIn(BOUNDED, [lhs, rhs], point) as [Bounded, Bounded]
  let [scale, beyond, within] = [0, 0, true]
  for (const [i, x] of a.value.data.entries()) {
    const y = b.value.data[i]!
    if (!Number.isFinite(x - y)) return null
    const rounding = 100 * (a.bound.data[i]! + b.bound.data[i]!)
    scale = Math.max(scale, Math.abs(x), Math.abs(y))
    if (Math.abs(x - y) > rounding) beyond = Math.max(beyond, Math.abs(x - y))
    within &&= Math.abs(x - y) <= Math.max(rounding, EQUAL * Math.max(Math.abs(x), Math.abs(y)))
  }
  if (beyond > DIFFERENT * scale) return 'different'
  return within ? 'equal' : 'near'
}
