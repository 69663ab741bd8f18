import { BackproveError } from '../../base/errors.ts'
import { Random } from '../../base/random.ts'
import type { Bindings } from '../../evaluate/evaluate.ts'
import type { Tensor } from '../../evaluate/tensor.ts'
import type { Node, InputNode } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { draw } from './draw.ts'
import type { Point } from './draw.ts'
import { judge } from './judge.ts'
import { planOf } from './plan.ts'
import type { Plan } from './plan.ts'
import { project } from './project.ts'
import { relaxed, styleOf } from './style.ts'

const ATTEMPTS = 60
/** The longest axis along which parameters of the usual size do not add up to much. */
const WIDE = 8

/** Values that a point must take over, and the lengths that follow from them. */
export interface Given {
  readonly values: ReadonlyMap<InputNode, Tensor>
  readonly sizes: ReadonlyMap<string, number>
}

/** What is known before a point is drawn. Neither loss nor assumptions hold a derivative still to be taken. */
export interface PointRequest {
  readonly loss: Node
  readonly inputs: readonly InputNode[]
  readonly sizes: readonly string[]
  readonly assumptions: readonly Assumption[]
  readonly data: Given | null
  readonly seed: number
}

/**
 * A point of the domain, off the kinks, at which the loss is defined: the given data, and small random values for the rest.
 * Throws `data` where none is found.
 */
export function drawPoint(request: PointRequest): Bindings {
  const { loss, inputs, sizes, assumptions, data, seed } = request
  const nothing = { lhsRaw: loss, rhsRaw: loss, domain: [], roundedConstants: new Map<Node, string>() }
  const plan = planOf({ ...nothing, lhs: loss, rhs: loss, inputs, sizes, assumptions })
  const refusals = new Set<string>()
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const random = new Random(seed, 0, attempt)
    const style = relaxed(styleOf(0, random), attempt, random)
    const chosen = plan.chooser.choose(style.sizes, random)
    if (chosen === null) break
    const lengths = new Map([...chosen, ...(data?.sizes ?? [])])
    const drawn = draw(plan, lengths, style, random)
    if (drawn === null) continue
    const point = withData(project(plan, gentle(plan, drawn)), data)
    const judgement = judge(plan, point)
    if (judgement.kind === 'inside') return point
    refusals.add(judgement.why)
  }
  const why =
    refusals.has('assumption') && refusals.size === 1 ? 'the assumptions of the sheet hold' : 'the loss is defined'
  throw new BackproveError('data', `no point was found at which ${why}`, {
    hint: data === null ? 'give data with --data' : 'look at the data and at the assumptions of the sheet',
  })
}

/**
 * In a wide network, parameters that nothing is assumed of are made smaller, as they start in training, since sums over
 * so many entries would saturate what comes after them. Source: He et al. 2015, section 2.2.
 */
function gentle(plan: Plan, point: Point): Point {
  const params = plan.inputs.filter(({ role }) => role === 'param')
  const longest = (param: InputNode): number => Math.max(1, ...point.inputs.get(param)!.shape)
  if (params.every((param) => longest(param) <= WIDE)) return point
  const inputs = new Map(point.inputs)
  for (const param of params) {
    if (plan.rules.some((rule) => rule.input === param)) continue
    const { shape, data } = point.inputs.get(param)!
    const scale = Math.min(1, Math.sqrt(2 / longest(param)))
    inputs.set(param, { shape, data: data.map((x) => x * scale) })
  }
  return { sizes: point.sizes, inputs }
}

function withData(point: Point, data: Given | null): Point {
  if (data === null) return point
  const inputs = new Map<Node, Tensor>(point.inputs)
  for (const [input, value] of data.values) if (inputs.has(input)) inputs.set(input, value)
  return { sizes: point.sizes, inputs }
}
