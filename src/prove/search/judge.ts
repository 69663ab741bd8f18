import type { InputNode, Node } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { BOUNDED } from '../../evaluate/bound.ts'
import type { Bounded } from '../../evaluate/bound.ts'
import { evaluateAll } from '../../evaluate/evaluate.ts'
import { broadcastLengths, broadcastPositions } from '../../evaluate/kernels/broadcast.ts'
import { forEachGroup } from '../../evaluate/kernels/reduce.ts'
import { neededEntries } from '../../evaluate/needed.ts'
import { saturatedNodes } from '../../evaluate/saturation.ts'
import type { Point } from './draw.ts'
import type { SwitchTable } from './pattern.ts'
import type { Plan } from './plan.ts'
import { persists, switchValues } from './switches.ts'
import type { Tie } from './switches.ts'

/** The difference at which a claim falls: so many times the bound of rounding. */
const TIMES_BOUND = 1000
/** And so much of the larger side, where assumed equalities hold only to rounding. */
const OF_LARGER = 1e-6
/** Equality to fewer digits than this says little: the trial is drawn again. */
const EVIDENCE = 1e-8
/** How nearly an assumed equality must hold, relative to its sides. */
const OBEYED = 1e-12

export interface Comparison {
  /** The entry to show: the first whose relative difference is near the largest. */
  readonly entry: number
  readonly lhs: number
  readonly rhs: number
  /** The difference at that entry, relative to the larger side. */
  readonly relative: number
  /** A difference that refutes, if it is confirmed. */
  readonly differs: boolean
  readonly withinRounding: boolean
  /** The largest difference or bound, relative to the largest entry of either side. */
  readonly tolerance: number
  /** Both sides are zero, to rounding. */
  readonly zero: boolean
}

export type Judgement =
  | {
      readonly kind: 'outside'
      readonly why: 'assumption' | 'undefined' | 'ill-conditioned' | 'kink' | 'too-large'
      /** The side that is defined where the other is not. */
      readonly only?: 'lhs' | 'rhs'
    }
  | { readonly kind: 'inside'; readonly comparison: Comparison; readonly switches: SwitchTable }

/** Whether a point counts, and if so what the sides are there. */
export function judge(plan: Plan, point: Point): Judgement {
  if (!plan.inputs.every((input) => hasRole(input, point))) return { kind: 'outside', why: 'assumption' }
  const values = evaluateAll(BOUNDED, plan.roots, point)
  const valueOf = (node: Node): Bounded => values.get(node)!
  if (!plan.assumptions.every((assumption) => obeys(assumption, valueOf))) return { kind: 'outside', why: 'assumption' }
  if (!plan.problem.domain.every((node) => isDefined(valueOf(node)))) return { kind: 'outside', why: 'undefined' }
  const [lhs, rhs] = [valueOf(plan.problem.lhs), valueOf(plan.problem.rhs)]
  const defined = [isDefined(lhs), isDefined(rhs)]
  if (!defined[0] || !defined[1]) {
    const side = defined[0] === true ? 'lhs' : defined[1] === true ? 'rhs' : null
    return side === null ? { kind: 'outside', why: 'undefined' } : { kind: 'outside', why: 'undefined', only: side }
  }
  if (!haveBases(plan, point, values)) return { kind: 'outside', why: 'undefined' }
  if (!plan.fragile.every((node) => isSound(node, valueOf))) return { kind: 'outside', why: 'ill-conditioned' }
  const comparison = compareSides(lhs, rhs, inputScale(point), plan.rests ? OF_LARGER : 0)
  if (comparison === null) return { kind: 'outside', why: 'ill-conditioned' }
  const switches = switchesAt(plan, point, values)
  return switches === null ? { kind: 'outside', why: 'kink' } : { kind: 'inside', comparison, switches }
}

/** Whether labels are 0 or 1, one 1 in each column where they are one-hot. */
function hasRole(input: InputNode, point: Point): boolean {
  if (input.role !== 'label' && input.role !== 'onehot') return true
  const { shape, data } = point.inputs.get(input)!
  if (!data.every((x) => x === 0 || x === 1)) return false
  if (input.role === 'label') return true
  let isOneHot = true
  forEachGroup(shape, [0], (positions) => {
    isOneHot &&= positions.reduce((sum, place) => sum + data[place]!, 0) === 1
  })
  return isOneHot
}

/** Whether a divisor is no rounded zero, or an inverse no rounding of one that does not exist. */
function isSound(node: Node, valueOf: (node: Node) => Bounded): boolean {
  if (node.kind === 'map') {
    const { value, bound } = valueOf(node.inputs[1] as Node)
    return value.data.every((x, i) => bound.data[i] === 0 || Math.abs(x) > TIMES_BOUND * bound.data[i]!)
  }
  const { value, bound } = valueOf(node)
  const largest = value.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return node.kind !== 'matrix' || node.fn === 'logdet' || bound.data.every((x) => TIMES_BOUND * x < largest)
}

/** Whether the bases of powers that vary freely are positive, wherever a side needs them. */
function haveBases({ powers, problem }: Plan, point: Point, values: ReadonlyMap<Node, Bounded>): boolean {
  const valueOf = (node: Node): Bounded => values.get(node)!
  const isPositive = (x: number): boolean => x > 0
  const doubtful = powers.filter(({ inputs: [base] }) => !valueOf(base as Node).value.data.every(isPositive))
  if (doubtful.length === 0) return true
  const masks = neededEntries([problem.lhs, problem.rhs, ...problem.domain], values, point)
  return doubtful.every((power) => {
    const base = valueOf(power.inputs[0] as Node).value
    const positions = broadcastPositions(base.shape, valueOf(power).value.shape)
    return masks.get(power)?.every((wanted, entry) => wanted === 0 || base.data[positions[entry]!]! > 0) ?? true
  })
}

const isDefined = ({ value }: Bounded): boolean => value.data.every(Number.isFinite)

/** Whether an assumption holds at every entry, beyond the doubt of rounding where it is strict. */
export function obeys({ lhs, rhs, relation }: Assumption, valueOf: (node: Node) => Bounded): boolean {
  const [a, b] = [valueOf(lhs), valueOf(rhs)]
  const shape = broadcastLengths([a.value.shape, b.value.shape])
  const [left, right] = [broadcastPositions(a.value.shape, shape), broadcastPositions(b.value.shape, shape)]
  return left.every((i, entry) => {
    const j = right[entry]!
    const [x, y] = [a.value.data[i]!, b.value.data[j]!]
    const bound = a.bound.data[i]! + b.bound.data[j]!
    switch (relation) {
      case 'equal':
        return Math.abs(x - y) <= Math.max(bound, OBEYED * Math.max(Math.abs(x), Math.abs(y)))
      case 'not-equal':
        return Math.abs(x - y) > bound
      case 'greater':
        return x - y > bound
      case 'at-least':
        return x - y >= -bound
    }
  })
}

function inputScale(point: Point): number {
  let scale = 0
  for (const { data } of point.inputs.values()) for (const x of data) scale = Math.max(scale, Math.abs(x))
  // A claim about numbers alone is measured against one.
  return scale === 0 ? 1 : scale
}

/** `null` where the sides are too inaccurate for their agreement to mean anything. */
export function compareSides(lhs: Bounded, rhs: Bounded, scaleOfData: number, least: number): Comparison | null {
  const count = lhs.value.data.length
  let [scale, largestBound, largest, worst, withinRounding, differs] = [0, 0, 0, 0, true, false]
  const relative = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const [x, y] = [lhs.value.data[i]!, rhs.value.data[i]!]
    const bound = lhs.bound.data[i]! + rhs.bound.data[i]!
    const difference = Math.abs(x - y)
    const larger = Math.max(Math.abs(x), Math.abs(y))
    if (Number.isNaN(bound)) return null
    if (difference > bound) {
      withinRounding = false
      if (difference > TIMES_BOUND * bound && difference > least * larger) {
        differs = true
        relative[i] = difference / larger
        largest = Math.max(largest, relative[i]!)
      }
    }
    scale = Math.max(scale, larger)
    largestBound = Math.max(largestBound, bound)
    worst = Math.max(worst, difference, bound)
  }
  const zero = scale <= TIMES_BOUND * largestBound
  // Where both sides vanish, rounding is measured against the data that they vanish at.
  if (!differs && !(largestBound <= EVIDENCE * (zero ? Math.min(1, scaleOfData) : scale)) && largestBound > 0)
    return null
  const entry = differs ? relative.findIndex((x) => x >= largest / 2) : 0
  return {
    entry,
    lhs: lhs.value.data[entry] ?? 0,
    rhs: rhs.value.data[entry] ?? 0,
    relative: relative[entry] ?? 0,
    differs,
    withinRounding,
    tolerance: zero ? 0 : worst / scale,
    zero,
  }
}

/** The values of the switches at the point; `null` at a kink, or too near to one to tell. */
function switchesAt(plan: Plan, point: Point, values: ReadonlyMap<Node, Bounded>): SwitchTable | null {
  const valueOf = (node: Node): Bounded => values.get(node)!
  let saturated: ReadonlySet<Node> | null = null
  const table = new Map<Node, Float64Array>()
  if (plan.conditions.some((node) => valueOf(node).value.data.includes(0))) {
    saturated = saturatedNodes(values)
    const all = saturated
    if (plan.conditions.some((node) => all.has(node) && valueOf(node).value.data.includes(0))) return null
  }
  const ties: Tie[] = []
  for (const node of plan.switches) {
    const { value, bound } = switchValues(node, node.inputs.map(valueOf))
    const tied: number[] = []
    for (let i = 0; i < value.length; i++) {
      const x = value[i]!
      if (x === 0) tied.push(i)
      // An untaken branch may be undefined: its comparison then decides nothing.
      else if (Number.isNaN(x) ? bound[i] === Infinity : !(Math.abs(x) > TIMES_BOUND * bound[i]!)) return null
    }
    if (tied.length > 0) {
      saturated ??= saturatedNodes(values)
      const all = saturated
      if (node.inputs.some((input) => all.has(input))) return null
      if (plan.moving.has(node)) ties.push({ node, entries: tied })
    }
    table.set(node, value)
  }
  return ties.length > 0 && !persists(plan, point, ties) ? null : table
}
