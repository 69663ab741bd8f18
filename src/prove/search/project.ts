import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { evaluateWithBound } from '../../evaluate/bound.ts'
import { broadcastLengths, spread } from '../../evaluate/kernels/broadcast.ts'
import type { Point } from './draw.ts'
import type { Plan } from './plan.ts'

/** Beyond these a numerical Jacobian costs more than a point is worth. */
const MOST_UNKNOWNS = 120
const MOST_EQUATIONS = 120
const STEPS = 12

/** One real entry that may move. */
interface Unknown {
  readonly input: Node
  readonly place: number
}

/**
 * The point moved, by the shortest way to first order, to where the assumed equalities hold: Gauss–Newton steps with a
 * Jacobian by differences. Where they hold already it is returned as it is; where it does not converge, the last iterate
 * is, and the judge rejects it. Source: Nocedal and Wright 2006, "Numerical Optimization", section 11.1.
 */
export function project(plan: Plan, point: Point): Point {
  const equalities = plan.assumptions.filter(({ relation }) => relation === 'equal')
  if (equalities.length === 0) return point
  const sides = equalities.flatMap(({ lhs, rhs }) => [lhs, rhs])
  let current = point
  let residual = residualOf(sides, current)
  if (residual.settled) return point
  const unknowns = unknownsOf(plan, sides, point)
  const equations = residual.values.length
  if (unknowns.length === 0 || unknowns.length > MOST_UNKNOWNS || equations > MOST_EQUATIONS) return point
  for (let step = 0; step < STEPS && !residual.settled; step++) {
    const jacobian = unknowns.map((unknown) => {
      const x = valueAt(current, unknown)
      const h = 1e-7 * Math.max(Math.abs(x), 1e-2)
      const moved = residualOf(sides, moveBy(current, [unknown], [h])).values
      return moved.map((value, i) => (value - residual.values[i]!) / h)
    })
    const weights = solve(gram(jacobian, equations), residual.values)
    const change = jacobian.map((row) => -row.reduce((sum, slope, i) => sum + slope * weights[i]!, 0))
    if (!change.every(Number.isFinite)) return current
    current = moveBy(current, unknowns, change)
    residual = residualOf(sides, current)
  }
  return current
}

interface Residual {
  readonly values: number[]
  /** Every equality holds to rounding. */
  readonly settled: boolean
}

function residualOf(sides: readonly Node[], point: Point): Residual {
  const results = evaluateWithBound(sides, point)
  const values: number[] = []
  let settled = true
  for (let i = 0; i < results.length; i += 2) {
    const [lhs, rhs] = [results[i]!, results[i + 1]!]
    const shape = broadcastLengths([lhs.value.shape, rhs.value.shape])
    const [left, right] = [spread(lhs.value, shape), spread(rhs.value, shape)]
    const [leftBound, rightBound] = [spread(lhs.bound, shape), spread(rhs.bound, shape)]
    left.forEach((x, entry) => {
      const residual = x - right[entry]!
      values.push(residual)
      settled &&= Math.abs(residual) <= leftBound[entry]! + rightBound[entry]!
    })
  }
  return { values, settled }
}

function unknownsOf(plan: Plan, sides: readonly Node[], point: Point): Unknown[] {
  const reached = new Set(reachable(sides))
  const signs = new Set<Node>(plan.rules.filter(({ kind }) => kind === 'sign').map(({ input }) => input))
  const free = plan.inputs.filter(
    (input) => reached.has(input) && input.role !== 'label' && input.role !== 'onehot' && !signs.has(input),
  )
  return free.flatMap((input) => Array.from(point.inputs.get(input)!.data, (_, place) => ({ input, place })))
}

const valueAt = (point: Point, { input, place }: Unknown): number => point.inputs.get(input)!.data[place]!

/** A new point with some entries changed. */
export function moveBy(point: Point, unknowns: readonly Unknown[], change: readonly number[]): Point {
  const inputs = new Map(point.inputs)
  const copied = new Set<Node>()
  unknowns.forEach(({ input, place }, i) => {
    if (!copied.has(input)) {
      const { shape, data } = inputs.get(input)!
      inputs.set(input, { shape, data: Float64Array.from(data) })
      copied.add(input)
    }
    inputs.get(input)!.data[place]! += change[i]!
  })
  return { sizes: point.sizes, inputs }
}

/** `J*J'` for a Jacobian given by columns, with a little added to its diagonal: equations may repeat one another. */
function gram(jacobian: readonly (readonly number[])[], equations: number): number[][] {
  const result = Array.from({ length: equations }, () => new Array<number>(equations).fill(0))
  for (const column of jacobian) {
    for (let i = 0; i < equations; i++) {
      if (column[i] === 0) continue
      for (let j = 0; j < equations; j++) result[i]![j]! += column[i]! * column[j]!
    }
  }
  const trace = result.reduce((sum, row, i) => sum + row[i]!, 0)
  for (let i = 0; i < equations; i++) result[i]![i]! += 1e-12 * trace + Number.MIN_VALUE
  return result
}

/** Solves a symmetric positive definite system by elimination. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const n = right.length
  const x = [...right]
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i]![k]! / matrix[k]![k]!
      if (factor === 0) continue
      for (let j = k; j < n; j++) matrix[i]![j]! -= factor * matrix[k]![j]!
      x[i]! -= factor * x[k]!
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) x[k]! -= matrix[k]![j]! * x[j]!
    x[k]! /= matrix[k]![k]!
  }
  return x
}
