import { forEachGroup } from '../evaluate/kernels/reduce.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Assumption, Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { literalValue, namedSize, sizeNames } from '../shape/size.ts'
import type { Clock } from './clock.ts'
import { equal } from './goal.ts'
import type { Goal } from './goal.ts'
import { ratioOf } from './measure.ts'

/** Assumptions tried for one claim. */
const MOST_ASSUMPTIONS = 40
const MOST_PROOFS = 3

interface Candidate {
  readonly assumption: Assumption
  /** What the assumption makes of the values of its input: enough to see quickly whether it could help. */
  readonly impose: ((value: Tensor) => Tensor) | null
  readonly input: InputNode | null
}

/**
 * An assumption under which the claim is proved, in the sheet's language; `null` where none is found. With `vanishing`, that
 * an array is zero is one as well.
 */
export function findAssumption(
  program: Program,
  goal: Goal,
  side: Node,
  options: { readonly seed: number; readonly clock: Clock; readonly vanishing: boolean },
): string | null {
  const { seed, clock } = options
  let proofs = 0
  for (const { assumption, impose, input } of [...candidates(program, goal, side, options.vanishing)].slice(0, MOST_ASSUMPTIONS)) {
    if (clock.isOver || proofs >= MOST_PROOFS) return null
    if (impose !== null && input !== null && !couldHelp(goal, side, input, impose)) continue
    const assumptions = [...goal.assumptions, assumption]
    const points = goal.pointsUnder(assumptions, [side], seed, clock)
    if (points.length === 0 || !points.every((point) => agreesAt(goal, side, point))) continue
    proofs++
    if (goal.proves(side, assumptions)) return assumption.text
  }
  return null
}

/** Whether the sides agree, and not only because both vanish. */
function agreesAt(goal: Goal, side: Node, point: Goal['points'][number]): boolean {
  const right = goal.valueAt(goal.node, point)
  return right.data.some((x) => x !== 0) && equal(goal.valueAt(side, point), right)
}

function couldHelp(goal: Goal, side: Node, input: InputNode, impose: (value: Tensor) => Tensor): boolean {
  const [point] = goal.points
  if (point === undefined) return false
  const values = new Map([...point.values].filter(([node]) => node.kind === 'input'))
  const value = values.get(input)
  if (value === undefined) return false
  values.set(input, impose(value))
  return agreesAt(goal, side, { sizes: point.sizes, values })
}

/** Kinds of assumptions that make a formula right which is not so in general. */
function* candidates(program: Program, goal: Goal, side: Node, vanishing: boolean): Generator<Candidate> {
  const { builder } = program
  const inputs = reachable([goal.node, side]).filter((node): node is InputNode => node.kind === 'input')
  const one = builder.whole(1)
  for (const input of inputs) {
    for (const [axis, size] of input.shape.entries()) {
      if (literalValue(size) === 1) continue
      const impose = isLabel(input) ? (value: Tensor) => oneEach(value, axis) : (value: Tensor) => scaledEach(value, axis)
      const text = input.shape.length === 1 ? `sum(${input.name}) == 1` : `sum(${input.name}, axis=${axis}) == 1`
      yield { assumption: equality(builder.sum(input, [axis], input.shape.length > 1), one, text), impose, input }
    }
    const [rows, columns] = input.shape
    if (input.shape.length === 2 && rows === columns && literalValue(rows!) === null) {
      const assumption = equality(builder.transpose(input), input, `${input.name}' == ${input.name}`)
      yield { assumption, impose: symmetric, input }
    }
  }
  // Lengths matter where the sides differ by a factor made of them.
  if (ratioOf(program, goal, side, goal.node)?.isSize === true) {
    const used = new Set(reachable([goal.node, side]).flatMap(sizesOf))
    const names = program.sizes.filter((name) => used.has(name))
    const size = (name: string): Node => builder.size(namedSize(name))
    const abouts = [
      ...names.map((name) => equality(size(name), one, `${name} == 1`, true)),
      ...names.flatMap((a, at) => names.slice(at + 1).map((b) => equality(size(a), size(b), `${a} == ${b}`, true))),
    ]
    for (const assumption of abouts) yield { assumption, impose: null, input: null }
  }
  for (const input of inputs) {
    if (isLabel(input) || (input.shape.length > 0 && !vanishing)) continue
    for (const value of input.shape.length === 0 ? [0, 1] : [0]) {
      const assumption = equality(input, builder.whole(value), `${input.name} == ${value}`)
      yield { assumption, impose: ({ shape, data }) => ({ shape, data: data.map(() => value) }), input }
    }
  }
}

const isLabel = ({ role }: InputNode): boolean => role === 'label' || role === 'onehot'

const equality = (lhs: Node, rhs: Node, text: string, aboutSizes = false): Assumption => ({
  relation: 'equal',
  lhs,
  rhs,
  aboutSizes,
  text,
  span: { line: 1, column: 1 },
})

function symmetric({ shape, data }: Tensor): Tensor {
  const n = shape[0] ?? 0
  return { shape, data: data.map((x, i) => (x + data[(i % n) * n + Math.floor(i / n)]!) / 2) }
}

function scaledEach({ shape, data }: Tensor, axis: number): Tensor {
  const result = data.slice()
  forEachGroup(shape, [axis], (positions) => {
    const total = positions.reduce((sum, i) => sum + data[i]!, 0)
    for (const i of positions) result[i] = data[i]! / total
  })
  return { shape, data: result }
}

function oneEach({ shape, data }: Tensor, axis: number): Tensor {
  const result = new Float64Array(data.length)
  forEachGroup(shape, [axis], (positions, group) => (result[positions[group % positions.length]!] = 1))
  return { shape, data: result }
}

function sizesOf(node: Node): string[] {
  const own = node.kind === 'contract' ? node.spec.sizes : node.kind === 'size' ? [node.size] : node.shape
  return own.flatMap(sizeNames)
}
