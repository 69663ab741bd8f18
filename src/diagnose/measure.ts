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
  /** The sizes whose product it is, and those by which it is divided. */
  readonly over: readonly string[]
  readonly under: readonly string[]
}

/**
 * The constant by which `node` differs from `reference` at all points of the goal: a small number or a product of sizes,
 * with a sign. `null` where there is none.
 */
export function ratioOf(program: Program, goal: Goal, node: Node, reference: Node): Ratio | null {
  if (!sameShape(node.shape, reference.shape) || goal.points.length === 0) return null
  const ratios: number[] = []
  const telling: number[] = []
  for (const at of goal.points.keys()) {
    const [a, b] = [goal.value(node, at), goal.value(reference, at)]
    // Where both vanish, any factor fits.
    if (a.data.every((x) => x === 0) && b.data.every((x) => x === 0)) continue
    const place = b.data.reduce((best, x, i) => (Math.abs(x) > Math.abs(b.data[best]!) ? i : best), 0)
    const ratio = a.data[place]! / b.data[place]!
    if (!Number.isFinite(ratio) || ratio === 0) return null
    if (!equal(a, { shape: b.shape, data: b.data.map((x) => x * ratio) })) return null
    ratios.push(ratio)
    telling.push(at)
  }
  if (ratios.length === 0) return null
  const isNegative = ratios.every((ratio) => ratio < 0)
  if (!isNegative && !ratios.every((ratio) => ratio > 0)) return null
  const sizes = ratios.map(Math.abs)
  for (const { text, over, under, values } of factorsOf(program, goal)) {
    if (!telling.every((point, at) => Math.abs(values[point]! - sizes[at]!) <= 1e-8 * values[point]!)) continue
    return { text, over, under, isSize: over.length + under.length > 0, isNegative }
  }
  return null
}

interface Known {
  readonly text: string
  readonly over: readonly string[]
  readonly under: readonly string[]
  readonly values: readonly number[]
}

function factorsOf(program: Program, goal: Goal): Known[] {
  const numbers = [1, 2, 3, 4].flatMap((n) => [
    { text: String(n), over: [], under: [], values: goal.points.map(() => n) },
    ...(n === 1 ? [] : [{ text: `1/${n}`, over: [], under: [], values: goal.points.map(() => 1 / n) }]),
  ])
  const ofSizes = (text: string, over: readonly string[], under: readonly string[]): Known => {
    const product = (names: readonly string[], sizes: ReadonlyMap<string, number>): number =>
      names.reduce((value, name) => value * (sizes.get(name) ?? NaN), 1)
    return { text, over, under, values: goal.points.map(({ sizes }) => product(over, sizes) / product(under, sizes)) }
  }
  const { sizes } = program
  return [
    ...numbers,
    ...sizes.flatMap((a) => [ofSizes(a, [a], []), ofSizes(`1/${a}`, [], [a])]),
    ...sizes.flatMap((a) => sizes.filter((b) => b !== a).map((b) => ofSizes(`${a}/${b}`, [a], [b]))),
    ...sizes.flatMap((a, at) =>
      sizes.slice(at + 1).flatMap((b) => [ofSizes(`${a}*${b}`, [a, b], []), ofSizes(`1/(${a}*${b})`, [], [a, b])]),
    ),
  ]
}
