import type { Contraction } from '../../ops/contraction.ts'
import type { Product, View } from './nest.ts'

/** Below this many multiplications a product is left to an ordinary nest. */
const SMALLEST = 512

interface Strided {
  readonly count: number
  /** Strides in the two arrays that have the label. */
  readonly first: number
  readonly second: number
}

/** Labels as one run where both arrays allow it (the outer stride is the inner one times the inner count), or `null`. */
function merge(labels: readonly Strided[]): Strided | null {
  if (labels.length === 0) return { count: 1, first: 0, second: 0 }
  const sorted = [...labels].sort((a, b) => a.first - b.first || a.second - b.second)
  let run = sorted[0]!
  const [inner] = sorted as [Strided]
  for (const label of sorted.slice(1)) {
    if (label.first !== inner.first * run.count || label.second !== inner.second * run.count) return null
    run = { ...inner, count: run.count * label.count }
  }
  return run
}

/**
 * The contraction as a matrix product, or `null` where it is none or too small. Labels of both operands and the output
 * are repeated over. Given no views, only what the labels themselves decide is asked.
 */
export function asProduct(
  spec: Contraction,
  lengths: readonly number[],
  views: readonly [View, View] | null,
  outputStrides: readonly number[],
): Product | null {
  const [left, right] = spec.operands as [readonly number[], readonly number[]]
  const long = (labels: readonly number[]): number[] => [...new Set(labels)].filter((label) => lengths[label] !== 1)
  const inLeft = new Set(long(left))
  const inRight = new Set(long(right))
  const inOutput = new Set(long(spec.output))
  if ([...inOutput].some((label) => !inLeft.has(label) && !inRight.has(label))) return null
  const rows = [...inLeft].filter((label) => !inRight.has(label))
  const columns = [...inRight].filter((label) => !inLeft.has(label))
  if ([...rows, ...columns].some((label) => !inOutput.has(label))) return null
  const shared = [...inLeft].filter((label) => inRight.has(label))
  const inner = shared.filter((label) => !inOutput.has(label))
  const batch = shared.filter((label) => inOutput.has(label))
  const count = (labels: readonly number[]): number => labels.reduce((product, label) => product * lengths[label]!, 1)
  if (count(rows) < 2 || count(columns) < 2 || count(inner) < 2) return null
  if (count(rows) * count(columns) * count(inner) < SMALLEST) return null
  const along = (labels: readonly number[], strides: readonly number[] | undefined, label: number): number =>
    labels.reduce((sum, other, axis) => (other === label ? sum + (strides?.[axis] ?? 0) : sum), 0)
  const a = (label: number): number => along(left, views?.[0].strides, label)
  const b = (label: number): number => along(right, views?.[1].strides, label)
  const c = (label: number): number => along(spec.output, outputStrides, label)
  const run = (labels: readonly number[], first: typeof a, second: typeof a): Strided | null =>
    merge(labels.map((label) => ({ count: lengths[label]!, first: first(label), second: second(label) })))
  const m = run(rows, a, c)
  const n = run(columns, b, c)
  const k = run(inner, a, b)
  if (views !== null && (m === null || n === null || k === null)) return null
  // The result's rows or its columns must be contiguous.
  if (n?.second !== 1 && m?.second !== 1) return null
  return {
    kind: 'product',
    rows: count(rows),
    inner: count(inner),
    columns: count(columns),
    a: { buffer: views?.[0].buffer ?? -1, offset: views?.[0].offset ?? 0, row: m?.first ?? 0, column: k?.first ?? 0 },
    b: { buffer: views?.[1].buffer ?? -1, offset: views?.[1].offset ?? 0, row: k?.second ?? 0, column: n?.first ?? 0 },
    c: { buffer: -1, offset: 0, row: m?.second ?? 0, column: n?.second ?? 0 },
    batch: batch.map((label) => ({ count: lengths[label]!, a: a(label), b: b(label), c: c(label) })),
  }
}
