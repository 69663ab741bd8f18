import { Random } from '../../base/random.ts'
import { toNumber } from '../../base/rational.ts'
import type { Node } from '../../graph/node.ts'
import type { Calculus } from '../../ops/calculus.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import type { Bounded } from '../../evaluate/bound.ts'
import { broadcastLengths, broadcastPositions } from '../../evaluate/kernels/broadcast.ts'
import { forEachGroup } from '../../evaluate/kernels/reduce.ts'
import { UNIT_ROUNDOFF } from '../../evaluate/roundoff.ts'
import { filled } from '../../evaluate/tensor.ts'
import type { Tensor } from '../../evaluate/tensor.ts'
import { obey } from './draw.ts'
import type { Point } from './draw.ts'
import type { Plan } from './plan.ts'
import { project } from './project.ts'

/**
 * Values whose signs decide what an operation does, and how wrong rounding may have made them: `NaN` with the bound
 * `Infinity` where overflow hides which of two is larger, and with the bound `NaN` where there is nothing to compare.
 */
export interface SwitchValues {
  readonly value: Float64Array
  readonly bound: Float64Array
}

/** Entries of a switch at which its two sides are equal. */
export interface Tie {
  readonly node: Node
  readonly entries: readonly number[]
}

const NUMBERS: Calculus<number> = {
  constant: toNumber,
  pi: () => Math.PI,
  call: (name, ...args) => ELEMENTWISE[name].kernel(...args),
}

/** The switches of a node from the values of its inputs: of an elementwise operation, or of a largest or least entry. */
export function switchValues(node: Node, inputs: readonly Bounded[]): SwitchValues {
  if (node.kind === 'reduce') return gaps(node.fn === 'min' ? -1 : 1, node.axes, inputs[0]!)
  const switches = node.kind === 'map' ? ELEMENTWISE[node.fn].switches : undefined
  if (switches === undefined) return { value: new Float64Array(), bound: new Float64Array() }
  const shape = broadcastLengths(inputs.map((input) => input.value.shape))
  const positions = inputs.map((input) => broadcastPositions(input.value.shape, shape))
  const value: number[] = []
  const bound: number[] = []
  const args = new Array<number>(inputs.length).fill(0)
  for (let entry = 0; entry < positions[0]!.length; entry++) {
    let error = 0
    inputs.forEach((input, slot) => {
      const place = positions[slot]![entry]!
      args[slot] = input.value.data[place]!
      error += input.bound.data[place]! + UNIT_ROUNDOFF * Math.abs(args[slot])
    })
    const isHidden = args.some((x) => !Number.isFinite(x)) && !args.some(Number.isNaN)
    for (const x of switches(NUMBERS, args)) {
      value.push(x)
      bound.push(Number.isNaN(x) ? (isHidden ? Infinity : NaN) : error)
    }
  }
  return { value: Float64Array.from(value), bound: Float64Array.from(bound) }
}

/** How far the extreme entry of each group is from the next. */
function gaps(sign: 1 | -1, axes: readonly number[], a: Bounded): SwitchValues {
  const value: number[] = []
  const bound: number[] = []
  forEachGroup(a.value.shape, axes, (positions) => {
    let [first, second, error] = [-Infinity, -Infinity, 0]
    for (const place of positions) {
      const x = sign * a.value.data[place]!
      error = Math.max(error, a.bound.data[place]!)
      if (x > first) [first, second] = [x, first]
      else if (x > second) second = x
    }
    if (positions.length < 2) return
    value.push(first - second)
    bound.push(first === second && !Number.isFinite(first) ? Infinity : 2 * error + UNIT_ROUNDOFF * Math.abs(first))
  })
  return { value: Float64Array.from(value), bound: Float64Array.from(bound) }
}

/** Real data moved by up to the given part of itself, whether or not the assumptions like it. */
function shaken(plan: Plan, point: Point, part: number, random: Random): Point {
  const inputs = new Map(point.inputs)
  for (const input of plan.inputs) {
    const value = inputs.get(input)
    if (value === undefined || input.role === 'label' || input.role === 'onehot') continue
    const scale = value.data.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1
    // A zero moves upwards, which is where the domain of something at zero usually lies.
    const data = value.data.map((x) => x + part * (x === 0 ? scale * random.unit() : x * random.between(-1, 1)))
    inputs.set(input, { shape: value.shape, data })
  }
  return { sizes: point.sizes, inputs }
}

/** A point at which the assumed equalities are broken by about the given part. */
export const violated = (plan: Plan, point: Point, part: number): Point => shaken(plan, point, part, new Random(2))

/** A nearby point that has the structure which assumptions ask for. */
export const nudged = (plan: Plan, point: Point, random: Random): Point =>
  project(plan, obey(plan, shaken(plan, point, 1e-4, random)))

/** Whether ties hold at nearby points too, so that they count as written. */
export function persists(plan: Plan, point: Point, ties: readonly Tie[]): boolean {
  const exact = (value: Tensor): Bounded => ({ value, bound: filled(value.shape, 0) })
  const random = new Random(1, ties.length)
  const roots = ties.flatMap(({ node }) => node.inputs)
  for (let round = 0; round < 2; round++) {
    const values = evaluate(roots, nudged(plan, point, random))
    let at = 0
    for (const { node, entries } of ties) {
      const inputs = node.inputs.map(() => exact(values[at++]!))
      const { value } = switchValues(node, inputs)
      if (entries.some((entry) => value[entry] !== 0)) return false
    }
  }
  return true
}
