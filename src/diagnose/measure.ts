import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { sameShape } from '../shape/shape.ts'
import { equal } from './goal.ts'
import type { Goal } from './goal.ts'

/** A factor between two values, as it is said and as it is written. */
export interface Ratio {
  readonly text: string
  readonly isSize: boolean
  readonly isNegative: boolean
}

/**
 * The constant by which `node` differs from `reference` at all points of the goal: a small number or a product of sizes,
 * with a sign. `null` where there is none.
 */
export function ratioOf(program: Program, goal: Goal, node: Node, reference: Node): Ratio | null {
  if (!sameShape(node.shape, reference.shape) || goal.points.length === 0) return null
  const ratios: number[] = []
  for (const at of goal.points.keys()) {
    const [a, b] = [goal.value(node, at), goal.value(reference, at)]
    const place = b.data.reduce((best, x, i) => (Math.abs(x) > Math.abs(b.data[best]!) ? i : best), 0)
    const ratio = a.data[place]! / b.data[place]!
    if (!Number.isFinite(ratio) || ratio === 0) return null
    if (!equal(a, { shape: b.shape, data: b.data.map((x) => x * ratio) })) return null
    ratios.push(ratio)
  }
  const isNegative = ratios.every((ratio) => ratio < 0)
  if (!isNegative && !ratios.every((ratio) => ratio > 0)) return null
  const sizes = ratios.map(Math.abs)
  for (const { text, isSize, values } of factorsOf(program, goal)) {
    if (values.every((value, at) => Math.abs(value - sizes[at]!) <= 1e-8 * value)) return { text, isSize, isNegative }
  }
  return null
}

interface Known {
  readonly text: string
  readonly isSize: boolean
  readonly values: readonly number[]
}

function factorsOf(program: Program, goal: Goal): Known[] {
  const at = (value: number): number[] => goal.points.map(() => value)
  const numbers = [1, 2, 3, 4].flatMap((n) => [
    { text: String(n), isSize: false, values: at(n) },
    ...(n === 1 ? [] : [{ text: `1/${n}`, isSize: false, values: at(1 / n) }]),
  ])
  const sizes = program.sizes.map((name) => ({ name, values: goal.points.map((point) => point.sizes.get(name) ?? NaN) }))
  const pairs = sizes.flatMap((a, i) =>
    sizes.slice(i + 1).map((b) => ({
      name: `(${a.name}*${b.name})`,
      values: a.values.map((value, place) => value * b.values[place]!),
    })),
  )
  const products = [...sizes, ...pairs].flatMap(({ name, values }) => [
    { text: name, isSize: true, values },
    { text: `1/${name}`, isSize: true, values: values.map((value) => 1 / value) },
  ])
  return [...numbers, ...products]
}
