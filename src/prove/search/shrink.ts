import { Random } from '../../base/random.ts'
import type { InputNode, Node } from '../../graph/node.ts'
import { entriesOf } from '../../evaluate/tensor.ts'
import type { Tensor } from '../../evaluate/tensor.ts'
import { evaluateSize } from '../../shape/size.ts'
import { draw, obey } from './draw.ts'
import type { Point } from './draw.ts'
import { judge } from './judge.ts'
import type { Comparison } from './judge.ts'
import type { Plan } from './plan.ts'
import { project } from './project.ts'
import type { Lengths } from './sizes.ts'
import { styleOf } from './style.ts'

/** A point at which the sides differ. */
export interface Witness {
  readonly point: Point
  readonly comparison: Comparison
}

/** Sides that differ by less than this, of the larger, make a poor example where there is a better one. */
const PLAIN = 0.01
const MOST_SIZES = 80
/** The part of the effort that looking for smaller sizes may take. */
const FOR_SIZES = 0.5

/**
 * A smaller and plainer witness: the smallest sizes at which the sides still differ, then integers, or short decimals,
 * and zeros where they do. `effort` bounds the number of points looked at.
 */
export function shrink(plan: Plan, witness: Witness, seed: number, effort: number): Witness {
  const least = Math.min(PLAIN, witness.comparison.relative / 2)
  let left = effort
  const test = (point: Point): Witness | null => {
    left -= 1
    const judgement = judge(plan, point)
    if (judgement.kind !== 'inside') return null
    const { comparison } = judgement
    return comparison.differs && comparison.relative >= least ? { point, comparison } : null
  }
  const isLeft = (): boolean => left > effort * (1 - FOR_SIZES)
  let best = withSmallerSizes(plan, witness, seed, test, isLeft)
  for (const input of plan.inputs) if (left > 0) best = wholeArray(plan, best, input, test) ?? best
  for (const input of plan.inputs) {
    const count = best.point.inputs.get(input)!.data.length
    for (let place = 0; place < count && left > 0; place++) best = oneEntry(plan, best, input, place, test) ?? best
  }
  return best
}

type Test = (point: Point) => Witness | null

function withSmallerSizes(plan: Plan, witness: Witness, seed: number, test: Test, isLeft: () => boolean): Witness {
  let tried = 0
  for (const sizes of smaller(plan, witness.point.sizes)) {
    if (++tried > MOST_SIZES || !isLeft()) break
    for (let round = 0; round < 2; round++) {
      const random = new Random(seed, 2, tried, round)
      const point = draw(plan, sizes, styleOf(0, random), random)
      const found = point === null ? null : test(project(plan, point))
      if (found !== null) return found
    }
    for (const isLast of [false, true]) {
      const found = test(project(plan, obey(plan, cropped(plan, witness.point, sizes, isLast))))
      if (found !== null) return found
    }
  }
  return witness
}

/** The first or the last entries along each axis, as many as the smaller sizes have room for. */
function cropped(plan: Plan, { sizes, inputs }: Point, smaller: Lengths, isLast: boolean): Point {
  const parts = plan.inputs.map((input): [InputNode, Tensor] => {
    const [from, to] = [sizes, smaller].map((lengths) => input.shape.map((size) => evaluateSize(size, lengths)))
    const { data } = inputs.get(input)!
    const kept = Float64Array.from({ length: entriesOf(to!) }, (_, place) => {
      let [rest, step, at] = [place, 1, 0]
      for (let axis = to!.length - 1; axis >= 0; axis--) {
        const length = to![axis]!
        at += step * ((rest % length) + (isLast ? Math.max(0, from![axis]! - length) : 0))
        step *= from![axis]!
        rest = Math.floor(rest / length)
      }
      return data[at] ?? 0
    })
    return [input, { shape: to!, data: kept }]
  })
  return { sizes: smaller, inputs: new Map(parts) }
}

const total = (sizes: Lengths): number => [...sizes.values()].reduce((a, b) => a + b, 0)

/** Allowed lengths below the given ones, those that add up to the least first. */
function smaller(plan: Plan, sizes: Lengths): Lengths[] {
  const { chooser } = plan
  const result: Lengths[] = []
  const limits = chooser.names.map((name) => Math.min(3, sizes.get(name)!))
  const count = limits.reduce((a, b) => a * b, 1)
  if (count <= 256) {
    for (let code = 0; code < count; code++) {
      let rest = code
      const values = limits.map((limit) => {
        const value = (rest % limit) + 1
        rest = Math.floor(rest / limit)
        return value
      })
      result.push(new Map(chooser.names.map((name, i) => [name, values[i]!])))
    }
  } else {
    // With many names: all ones, one two among ones, and so on to all twos.
    for (const base of [1, 2]) {
      result.push(new Map(chooser.names.map((name) => [name, base])))
      for (const other of chooser.names)
        result.push(new Map(chooser.names.map((name) => [name, name === other ? 3 - base : base])))
    }
  }
  // Where something begins with a longer axis, the length at which it does.
  for (let length = 4; length <= 12; length++) result.push(new Map(chooser.names.map((name) => [name, length])))
  for (let part = 2; part <= 16; part *= 2) {
    result.push(
      new Map(chooser.names.map((name) => [name, Math.max(1, Math.round(sizes.get(name)! * (1 - 1 / part)))])),
    )
  }
  const allowed = result.filter((lengths) => chooser.allows(lengths) && total(lengths) < total(sizes))
  return allowed.sort((a, b) => total(a) - total(b))
}

const isLabel = ({ role }: InputNode): boolean => role === 'label' || role === 'onehot'

/** The witness with one array replaced, if it still is one after the assumptions are seen to. */
function replaced(plan: Plan, { point }: Witness, input: Node, value: Tensor, test: Test): Witness | null {
  const inputs = new Map(point.inputs).set(input, value)
  return test(project(plan, obey(plan, { sizes: point.sizes, inputs })))
}

const roundings: readonly ((x: number) => number)[] = [
  (x) => Math.sign(x) * Math.max(1, Math.round(Math.abs(x))),
  (x) => Math.round(x * 10) / 10,
]

/** Zeros if those will do, else zeros but for one entry, else integers, else one decimal. */
function wholeArray(plan: Plan, witness: Witness, input: InputNode, test: Test): Witness | null {
  const { shape, data } = witness.point.inputs.get(input)!
  if (isLabel(input)) return null
  const sparse = data.length > 1 ? [data.map((x, i) => (i === data.length - 1 ? Math.sign(x) : 0))] : []
  const candidates = [data.map(() => 0), ...sparse, ...roundings.map((rounding) => data.map(rounding))]
  for (const candidate of candidates) {
    if (candidate.every((x, i) => x === data[i])) return null
    const found = replaced(plan, witness, input, { shape, data: candidate }, test)
    if (found !== null) return found
  }
  return null
}

/** Powers of ten between one and `x`, the plainest first: a place beyond a threshold, or short of one. */
function powersTowards(x: number): number[] {
  const size = Math.log10(Math.abs(x))
  if (!Number.isFinite(size) || Math.abs(size) < 1) return []
  const count = Math.min(MOST_POWERS, Math.ceil(Math.abs(size)) - 1)
  return Array.from({ length: count }, (_, k) => Math.sign(x) * Number(`1e${Math.sign(size) * (k + 1)}`))
}

const MOST_POWERS = 24

/** Zero if that will do, else one, else a power of ten, else fewer digits. */
function oneEntry(plan: Plan, witness: Witness, input: InputNode, place: number, test: Test): Witness | null {
  const { shape, data } = witness.point.inputs.get(input)!
  if (input.role === 'onehot') return null
  const x = data[place]!
  const candidates = isLabel(input) ? [0] : [0, 1, ...powersTowards(x), ...roundings.map((rounding) => rounding(x))]
  for (const candidate of candidates) {
    if (candidate === x) return null
    const found = replaced(plan, witness, input, { shape, data: data.with(place, candidate) }, test)
    if (found !== null) return found
  }
  return null
}
