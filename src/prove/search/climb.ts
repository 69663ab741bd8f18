import type { Random } from '../../base/random.ts'
import type { Node } from '../../graph/node.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import { broadcastLengths, spread } from '../../evaluate/kernels/broadcast.ts'
import { filled } from '../../evaluate/tensor.ts'
import type { Tensor } from '../../evaluate/tensor.ts'
import { obey } from './draw.ts'
import type { Point } from './draw.ts'
import { nearness } from './pattern.ts'
import type { Goal } from './pattern.ts'
import type { Plan } from './plan.ts'
import { project } from './project.ts'
import { switchValues } from './switches.ts'

/** How far a point is from a goal, as a number that is positive where the goal is reached. */
type Objective = (point: Point) => number

/** Scalar operations that a climb may take, where the first step does not take more. */
const MOST_CLIMBING = 2e7

/** Moves real data at random, keeping what brings it nearer to a goal. Bounded by `most` evaluations, and by their work. */
function climb(plan: Plan, start: Point, objective: Objective, random: Random, most: number): Point {
  const steps = Math.min(most, Math.ceil(MOST_CLIMBING / plan.work(start.sizes)))
  const movable = plan.inputs.filter(({ role }) => role === 'input' || role === 'param')
  let best = start
  let height = objective(start)
  for (let step = 0; step < steps && !(height > 0) && movable.length > 0; step++) {
    const input = movable[random.below(movable.length)]!
    const value = move(best.inputs.get(input)!, random)
    const inputs = new Map(best.inputs).set(input, value)
    const next = project(plan, obey(plan, { sizes: best.sizes, inputs }))
    const reached = objective(next)
    if (reached > height || Number.isNaN(height)) [best, height] = [next, reached]
  }
  return best
}

const FACTORS = [-1, -1, 3, -3, 10, -10, 0.3, -0.3]

/** One entry, one row or all of an array scaled, turned or shifted. */
function move({ shape, data }: Tensor, random: Random): Tensor {
  const kind = random.below(3)
  const at = random.below(data.length)
  const row = shape.length < 2 ? 1 : data.length / shape[0]!
  const chosen = (i: number): boolean =>
    kind === 0 || (kind === 1 ? i === at : Math.floor(i / row) === Math.floor(at / row))
  if (random.chance(0.3)) {
    const shift = Number((random.sign() * 10 ** random.between(-1, 1)).toPrecision(2))
    return { shape, data: data.map((x, i) => (chosen(i) ? x + shift : x)) }
  }
  const factor = FACTORS[random.below(FACTORS.length)]!
  return { shape, data: data.map((x, i) => (chosen(i) ? x * factor : x)) }
}

/** The point moved to where the assumed inequalities hold and everything is defined, as far as that succeeds. */
export function repair(plan: Plan, point: Point, random: Random): Point {
  const inequalities = plan.assumptions.filter(({ relation }) => relation === 'greater' || relation === 'at-least')
  const sides = inequalities.flatMap(({ lhs, rhs }) => [lhs, rhs])
  const needed = [plan.problem.lhs, plan.problem.rhs, ...plan.problem.domain]
  const objective = (at: Point): number => {
    const values = evaluate([...sides, ...needed], at)
    let penalty = 0
    for (let i = 0; i < sides.length; i += 2) penalty += violation(values[i]!, values[i + 1]!)
    for (const { data } of values.slice(sides.length)) for (const x of data) if (!Number.isFinite(x)) penalty += 1
    return penalty === 0 ? 1 : -penalty
  }
  return climb(plan, point, objective, random, 40)
}

/** How far entries are from `a > b`, each counted from 0 to 2. */
function violation(a: Tensor, b: Tensor): number {
  const shape = broadcastLengths([a.shape, b.shape])
  const [left, right] = [spread(a, shape), spread(b, shape)]
  return left.reduce((sum, x, i) => {
    const gap = right[i]! - x
    return gap < 0 ? sum : sum + (Number.isNaN(gap) ? 2 : (gap + 1e-9) / (Math.abs(x) + Math.abs(right[i]!) + 1e-9))
  }, 0)
}

/** The point moved to where some entry shows the outcomes of a goal, as far as that succeeds. */
export function steer(plan: Plan, point: Point, goal: Goal, random: Random): Point {
  const roots = goal.flatMap(({ node }) => node.inputs)
  const objective = (at: Point): number => {
    const values = evaluate(roots, at)
    const table = new Map<Node, Float64Array>()
    for (const { node } of goal) {
      const inputs = values.splice(0, node.inputs.length).map((value) => ({ value, bound: filled(value.shape, 0) }))
      table.set(node, switchValues(node, inputs).value)
    }
    return nearness(goal, table)
  }
  return climb(plan, point, objective, random, 20 + 20 * goal.length)
}
