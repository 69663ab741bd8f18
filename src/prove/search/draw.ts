import type { Random } from '../../base/random.ts'
import type { InputNode, Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import { forEachGroup } from '../../evaluate/kernels/reduce.ts'
import { broadcastLengths, broadcastPositions } from '../../evaluate/kernels/broadcast.ts'
import { entriesOf } from '../../evaluate/tensor.ts'
import type { Tensor } from '../../evaluate/tensor.ts'
import { evaluateSize } from '../../shape/size.ts'
import { makeOrthonormal, makeSymmetric, scaleToLength, scaleToTotal } from './obey.ts'
import type { Plan } from './plan.ts'
import type { Lengths } from './sizes.ts'
import type { Style } from './style.ts'

/** A point of the space of all inputs. */
export interface Point {
  readonly sizes: Lengths
  readonly inputs: ReadonlyMap<Node, Tensor>
}

type Values = Map<Node, Tensor>

/** Entries allowed for one input. */
interface Range {
  readonly low: Float64Array
  readonly high: Float64Array
}

const isLabel = (input: InputNode): boolean => input.role === 'label' || input.role === 'onehot'

/** Random data that obeys the roles of the inputs and the assumptions that have a construction; `null` where these clash. */
export function draw(plan: Plan, sizes: Lengths, style: Style, random: Random): Point | null {
  const inputs: Values = new Map()
  for (const input of plan.inputs) {
    const shape = input.shape.map((size) => evaluateSize(size, sizes))
    const value = isLabel(input) ? drawLabels(plan, input, shape, style, random, inputs, sizes) : drawReals(plan, input, shape, style, random, inputs, sizes) // prettier-ignore
    if (value === null) return null
    inputs.set(input, value)
  }
  return obey(plan, { sizes, inputs })
}

/** Brings real data to the structure that assumptions ask for: symmetric, of given sums, orthonormal. */
export function obey(plan: Plan, point: Point): Point {
  const structural = plan.rules.filter(({ kind }) => kind !== 'above' && kind !== 'below')
  if (structural.length === 0) return point
  const inputs: Values = new Map(point.inputs)
  for (const rule of structural) {
    const value = inputs.get(rule.input)
    if (value === undefined || isLabel(rule.input)) continue
    switch (rule.kind) {
      case 'symmetric':
        inputs.set(rule.input, makeSymmetric(value, rule.sign))
        break
      case 'orthonormal':
        inputs.set(rule.input, makeOrthonormal(value, rule.by))
        break
      case 'sign':
        inputs.set(rule.input, { shape: value.shape, data: value.data.map((x) => (x < 0 ? -1 : 1)) })
        break
      case 'total':
        inputs.set(rule.input, scaleToTotal(value, rule.axes, numberAt(rule.other, point)))
        break
      case 'length':
        inputs.set(rule.input, scaleToLength(value, numberAt(rule.other, point)))
        break
      case 'equal': {
        const other = valueOf(rule.other, point.sizes, inputs)
        if (other !== null && other.data.length === 1)
          inputs.set(rule.input, { shape: value.shape, data: value.data.map(() => other.data[0]!) })
        else if (other?.data.length === value.data.length)
          inputs.set(rule.input, { shape: value.shape, data: other.data })
        break
      }
      case 'above':
      case 'below':
    }
  }
  return { sizes: point.sizes, inputs }
}

function drawLabels(
  plan: Plan,
  input: InputNode,
  shape: readonly number[],
  style: Style,
  random: Random,
  inputs: Values,
  sizes: Lengths,
): Tensor | null {
  const data = new Float64Array(entriesOf(shape))
  const rule = plan.rules.find((candidate) => candidate.input === input && candidate.kind === 'total')
  if (rule?.kind === 'total' || input.role === 'onehot') {
    const axes = rule?.kind === 'total' ? rule.axes : [0]
    const total = rule?.kind === 'total' ? numberAt(rule.other, { sizes, inputs }) : 1
    const longest = axes.reduce((count, axis) => count * shape[axis]!, 1)
    if (!Number.isInteger(total) || total < 0 || total > longest) return null
    forEachGroup(shape, axes, (positions) => {
      for (const place of random.shuffled(positions).slice(0, total)) data[place] = 1
    })
    return { shape, data }
  }
  const value = style.labels === 'ones' ? 1 : 0
  for (let i = 0; i < data.length; i++) data[i] = style.labels === 'mixed' ? random.below(2) : value
  // Both values stand in mixed labels wherever there is room for them.
  if (style.labels === 'mixed' && data.length > 1 && data.every((x) => x === data[0])) data[0] = 1 - data[0]!
  return { shape, data }
}

function drawReals(
  plan: Plan,
  input: InputNode,
  shape: readonly number[],
  style: Style,
  random: Random,
  inputs: Values,
  sizes: Lengths,
): Tensor | null {
  const data = new Float64Array(entriesOf(shape))
  const range = rangeOf(plan, input, shape, inputs, sizes)
  const signs =
    style.signs !== 'any' ? style.signs : random.chance(0.4) ? 'positive' : random.chance(0.3) ? 'negative' : 'both'
  // Sums along long axes stay of the size of their terms, as in a network that is initialised to train.
  const scale = Math.min(1, Math.sqrt(LONG / Math.max(1, ...shape)))
  const short = data.length > MANY ? dyadic : decimal
  for (let i = 0; i < data.length; i++) {
    const [low, high] = [range.low[i]!, range.high[i]!]
    if (low > high) return null
    const size = scale * style.magnitude * (style.wide ? 10 ** random.between(-1, 1.3) : random.between(0.3, 1.7))
    if (low === high) data[i] = low
    else if (low > -Infinity && high < Infinity) data[i] = within(low, high, random.between(0.05, 0.95), short)
    else if (low > -Infinity) data[i] = low + short(size)
    else if (high < Infinity) data[i] = high - short(size)
    else data[i] = short(size) * (signs === 'positive' ? 1 : signs === 'negative' ? -1 : random.sign())
  }
  return { shape, data }
}

/** Axes longer than this are long. */
const LONG = 12
/** Entries of which nobody reads the digits. */
const MANY = 1000

/** Three digits: as good as many for a trial, and short where the point ends as a counterexample. */
const decimal = (x: number): number => Number(x.toPrecision(3))
const dyadic = (x: number): number => Math.fround(x)

function within(low: number, high: number, at: number, short: (x: number) => number): number {
  const exact = low + (high - low) * at
  const rounded = short(exact)
  return rounded > low && rounded < high ? rounded : exact
}

/** What the assumptions that compare `input` with values already drawn leave open. */
function rangeOf(plan: Plan, input: InputNode, shape: readonly number[], inputs: Values, sizes: Lengths): Range {
  const low = new Float64Array(entriesOf(shape)).fill(-Infinity)
  const high = new Float64Array(entriesOf(shape)).fill(Infinity)
  for (const rule of plan.rules) {
    if (rule.input !== input || (rule.kind !== 'above' && rule.kind !== 'below')) continue
    const other = valueOf(rule.other, sizes, inputs)
    if (other === null) continue
    const common = broadcastLengths([shape, other.shape])
    const [mine, its] = [broadcastPositions(shape, common), broadcastPositions(other.shape, common)]
    mine.forEach((place, entry) => {
      const limit = other.data[its[entry]!]!
      if (rule.kind === 'above') low[place] = Math.max(low[place]!, limit)
      else high[place] = Math.min(high[place]!, limit)
    })
  }
  return { low, high }
}

/** The value of a node, or `null` where it depends on an input not drawn yet. */
function valueOf(node: Node, sizes: Lengths, inputs: Values): Tensor | null {
  if (reachable([node]).some((inner) => inner.kind === 'input' && !inputs.has(inner))) return null
  return evaluate([node], { sizes, inputs })[0]!
}

/** The number that a node without inputs has everywhere. */
const numberAt = (node: Node, point: Point): number => evaluate([node], point)[0]!.data[0]!
