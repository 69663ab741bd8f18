import { forEachGroup } from '../evaluate/kernels/reduce.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Assumption, Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { literalValue, namedSize } from '../shape/size.ts'
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

/** An assumption under which the claim is proved, in the sheet's language; `null` where none is found. */
export function findAssumption(
  program: Program,
  goal: Goal,
  side: Node,
  options: { readonly seed: number; readonly clock: Clock },
): string | null {
  const { seed, clock } = options
  const ofSizes = sizeAssumption(program, goal, side)
  if (ofSizes !== null) return ofSizes
  // What holds at some points as it stands needs no equality to hold.
  if (goal.points.some((point) => agreesAt(goal, side, point))) return null
  let proofs = 0
  for (const { assumption, impose, input } of [...candidates(program, goal, side)].slice(0, MOST_ASSUMPTIONS)) {
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

/** Sizes that must be 1 or equal, where the sides differ by a factor made of them. */
function sizeAssumption(program: Program, goal: Goal, side: Node): string | null {
  const { builder } = program
  const ratio = ratioOf(program, goal, side, goal.node)
  if (ratio === null || ratio.isNegative || !ratio.isSize) return null
  const { over, under } = ratio
  const names = [...over, ...under]
  if (over.length > 1 || under.length > 1) return null
  const product = (sizes: readonly string[]): Node =>
    sizes.map((name) => builder.size(namedSize(name))).reduce((a, b) => builder.call('mul', a, b), builder.whole(1))
  const without = builder.call('mul', builder.call('div', product(under), product(over)), side)
  if (!goal.proves(without)) return null
  return names.length === 1 ? `${names[0]!} == 1` : `${names[0]!} == ${names[1]!}`
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
function* candidates(program: Program, goal: Goal, side: Node): Generator<Candidate> {
  const { builder } = program
  const inputs = reachable([goal.node, side]).filter((node): node is InputNode => node.kind === 'input')
  const one = builder.whole(1)
  for (const input of inputs) {
    for (const [axis, size] of input.shape.entries()) {
      if (literalValue(size) === 1) continue
      const impose = isLabel(input)
        ? (value: Tensor) => oneEach(value, axis)
        : (value: Tensor) => scaledEach(value, axis)
      const text = input.shape.length === 1 ? `sum(${input.name}) == 1` : `sum(${input.name}, axis=${axis}) == 1`
      yield { assumption: equality(builder.sum(input, [axis], input.shape.length > 1), one, text), impose, input }
    }
    const [rows, columns] = input.shape
    if (input.shape.length === 2 && rows === columns && literalValue(rows!) === null) {
      const assumption = equality(builder.transpose(input), input, `${input.name}' == ${input.name}`)
      yield { assumption, impose: symmetric, input }
    }
  }
  for (const input of inputs) {
    // That data is all zero or all one is no setting in which anybody derives a formula; that a parameter is may be one.
    if (isLabel(input) || input.shape.length > 0) continue
    for (const value of [0, 1]) {
      const assumption = equality(input, builder.whole(value), `${input.name} == ${value}`)
      yield { assumption, impose: ({ shape, data }) => ({ shape, data: data.map(() => value) }), input }
    }
  }
}

const isLabel = ({ role }: InputNode): boolean => role === 'label' || role === 'onehot'

const equality = (lhs: Node, rhs: Node, text: string): Assumption => ({
  relation: 'equal',
  lhs,
  rhs,
  aboutSizes: false,
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
