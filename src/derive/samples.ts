import { BackproveError } from '../base/errors.ts'
import { toNumber } from '../base/rational.ts'
import { Random } from '../base/random.ts'
import { drawPoint } from '../prove/search/point.ts'
import { SizeChooser } from '../prove/search/sizes.ts'
import type { PointRequest } from '../prove/search/point.ts'
import { lengthsOf } from '../evaluate/algebra.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Bindings } from '../evaluate/evaluate.ts'
import { entriesOf, tensor } from '../evaluate/tensor.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Assumption, Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import type { Sample } from '../print/module/language.ts'
import { sizeNames } from '../shape/size.ts'

/** Larger graphs are not tried out. */
const MAX_NODES = 5000
const DRAWS = 3

/** A matrix that is singular for being wide is not for being tall. */
const PATTERNS = ['different', 'reversed'] as const

/** Ranges for data, tried in order until everything is finite: any numbers, probabilities, positive ones. */
const RANGES = [[-1, 1], [0.2, 0.8], [1.2, 2]] as const // prettier-ignore

export interface Samples {
  readonly samples: ReadonlyMap<InputNode, Sample>
  readonly lengths: ReadonlyMap<string, number>
}

/**
 * Random data for the self-check of a printed program: pairwise different small lengths, labels by their roles, and
 * ranges within declared bounds for which the roots are finite. Where more than bounds is assumed of the data, a point of
 * the domain instead.
 */
export function samplesFor(program: Program, roots: readonly Node[]): Samples {
  const nodes = reachable(roots)
  const inputs = nodes.filter((node): node is InputNode => node.kind === 'input')
  const names = new Set([...program.sizes, ...nodes.flatMap(({ shape }) => shape.flatMap(sizeNames))])
  if (nodes.length <= MAX_NODES && program.assumptions.some((assumption) => isAbout(assumption, inputs))) {
    const given = obeying(program, roots, inputs, [...names])
    if (given !== null) return given
  }
  const bounds = new Map(inputs.map((input) => [input, boundsOf(program, input)]))
  const chooser = new SizeChooser([...names], program.assumptions)
  // Where no small lengths obey the sheet, the program is right but its check may not be.
  const anyway = new Map([...names].map((name, at) => [name, 2 + (at % 5)]))
  let last: Samples | null = null
  for (const pattern of PATTERNS) {
    const lengths = chooser.choose(pattern, new Random(1)) ?? anyway
    for (const [low, high] of RANGES) {
      const drawn = inputs.map((input): [InputNode, Sample] => [input, sampleOf(input, lengths, bounds.get(input)!, [low, high])]) // prettier-ignore
      last = { samples: new Map(drawn), lengths }
      if (nodes.length > MAX_NODES || isDefined(roots, last)) return last
    }
  }
  return last!
}

function sampleOf(
  input: InputNode,
  lengths: ReadonlyMap<string, number>,
  { low, high }: Bounds,
  [from, to]: readonly [number, number],
): Sample {
  // prettier-ignore
  const kind = input.role === 'label' || input.role === 'onehot' ? input.role : 'uniform'
  let range: [number, number] = [from, to]
  if (Number.isFinite(low) && Number.isFinite(high)) range = [low + 0.2 * (high - low), high - 0.2 * (high - low)]
  else if (from < low) range = [low + 0.2, low + 1.2]
  else if (to > high) range = [high - 1.2, high - 0.2]
  return { lengths: lengthsOf(input, lengths), kind, range }
}

/** Whether more is assumed of an input than `boundsOf` can tell. */
function isAbout({ relation, aboutSizes, lhs, rhs }: Assumption, inputs: readonly InputNode[]): boolean {
  if (aboutSizes) return false
  const isOrder = relation === 'greater' || relation === 'at-least'
  if (
    isOrder &&
    ((lhs.kind === 'input' && rhs.kind === 'constant') || (rhs.kind === 'input' && lhs.kind === 'constant'))
  )
    return false
  const within = new Set<Node>(reachable([lhs, rhs]))
  return inputs.some((input) => within.has(input))
}

/** A point at which all assumptions hold and the roots are finite; `null` where none is found. */
function obeying(
  program: Program,
  roots: readonly Node[],
  inputs: readonly InputNode[],
  sizes: readonly string[],
): Samples | null {
  const [loss] = roots as [Node]
  for (let seed = 1; seed <= DRAWS; seed++) {
    const point = pointOrNull({ loss, inputs, sizes, assumptions: program.assumptions, data: null, seed })
    if (point === null) return null
    if (!evaluate(roots, point).every(({ data }) => data.every(Number.isFinite))) continue
    const samples = inputs.map((input): [InputNode, Sample] => {
      const { shape, data } = point.inputs.get(input)!
      return [input, { lengths: shape, kind: 'uniform', range: [-1, 1], entries: [...data] }]
    })
    return { samples: new Map(samples), lengths: point.sizes }
  }
  return null
}

function pointOrNull(request: PointRequest): Bindings | null {
  try {
    return drawPoint(request)
  } catch (error) {
    if (error instanceof BackproveError && error.code === 'data') return null
    throw error
  }
}

interface Bounds {
  readonly low: number
  readonly high: number
}

/** What `x > 0` and `x < 1` declare of an input. */
function boundsOf(program: Program, input: InputNode): Bounds {
  let [low, high] = [-Infinity, Infinity]
  for (const { relation, lhs, rhs } of program.assumptions) {
    if (relation !== 'greater' && relation !== 'at-least') continue
    if (lhs === input && rhs.kind === 'constant') low = Math.max(low, toNumber(rhs.value))
    if (rhs === input && lhs.kind === 'constant') high = Math.min(high, toNumber(lhs.value))
  }
  return { low, high }
}

function isDefined(roots: readonly Node[], { samples, lengths: sizes }: Samples): boolean {
  // prettier-ignore
  return Array.from({ length: DRAWS }, (_, at) => new Random(1, at)).every((random) => {
    const inputs = new Map([...samples].map(([input, sample]): [Node, Tensor] => [input, drawn(sample, random)]))
    return evaluate(roots, { sizes, inputs }).every(({ data }) => data.every(Number.isFinite))
  })
}

/** Data as the self-check draws it. */
export function drawn({ lengths, kind, range, entries }: Sample, random: Random): Tensor {
  if (entries !== undefined) return tensor(lengths, Float64Array.from(entries))
  const result = tensor(lengths, new Float64Array(entriesOf(lengths)))
  if (kind === 'uniform') return { ...result, data: result.data.map(() => random.between(...range)) }
  if (kind === 'label') return { ...result, data: result.data.map(() => random.below(2)) }
  const [rows = 1] = lengths
  const columns = result.data.length / rows
  for (let column = 0; column < columns; column++) result.data[random.below(rows) * columns + column] = 1
  return result
}
