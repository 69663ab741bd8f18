import { rational } from '../../base/rational.ts'
import type { Builder } from '../../graph/builder.ts'
import type { Node } from '../../graph/node.ts'
import { entryCount } from '../../shape/shape.ts'
import { literalValue } from '../../shape/size.ts'
import { bind, entrywise, whole } from '../call.ts'
import type { Builtin, Call } from '../call.ts'
import { NUMPY, readAxes, readKeepdims, SHEET } from './axis.ts'
import type { Convention } from './axis.ts'
import { chained } from './entrywise.ts'

/** Reduces axes, which stay with length 1 if they are to be kept. */
type Reduce = (builder: Builder, a: Node, axes: readonly number[], keep: boolean) => Node

const sum: Reduce = (builder, a, axes, keep) => builder.sum(a, axes, keep)

/** The number of entries that are put together. */
function count(builder: Builder, a: Node, axes: readonly number[]): Node {
  const size = entryCount(axes.map((axis) => a.shape[axis]!))
  const literal = literalValue(size)
  return literal === null ? builder.size(size) : builder.whole(literal)
}

const mean: Reduce = (builder, a, axes, keep) =>
  builder.call('div', sum(builder, a, axes, keep), count(builder, a, axes))

const square = (builder: Builder, a: Node): Node => builder.call('pow', a, builder.constant(rational(2)))

/** Divides by the count, as NumPy does unless told otherwise. */
const variance: Reduce = (builder, a, axes, keep) =>
  mean(builder, square(builder, builder.call('sub', a, mean(builder, a, axes, true))), axes, keep)

const deviation: Reduce = (builder, a, axes, keep) => builder.call('sqrt', variance(builder, a, axes, keep))

const norm: Reduce = (builder, a, axes, keep) => builder.call('sqrt', sum(builder, square(builder, a), axes, keep))

/** A reduction whose nodes always keep their axes. */
const keeping =
  (reduce: (builder: Builder, a: Node, axes: readonly number[]) => Node): Reduce =>
  (builder, a, axes, keep) => {
    if (axes.length === 0) return a
    const kept = reduce(builder, a, axes)
    return keep ? kept : builder.sum(kept, axes)
  }

const logsumexp = keeping((builder, a, axes) => builder.normalise('logsumexp', a, axes))

const nonlinear = (fn: 'max' | 'min' | 'prod'): Reduce => keeping((builder, a, axes) => builder.reduce(fn, a, axes))

function applyReduction(call: Call, reduce: Reduce, convention: Convention, axisByName = false): Node {
  const bound = axisByName
    ? bind(call, { positional: ['a'], required: 1, named: ['axis', 'keepdims'] })
    : bind(call, { positional: ['a', 'axis'], required: 1, named: ['keepdims'] })
  const a = call.value(bound.get('a')!)
  const axes = readAxes(call, bound, a.shape.length, convention.first)
  const keep = readKeepdims(bound) ?? (axes !== null && convention.keeps)
  return reduce(call.builder, a, axes ?? a.shape.map((_, axis) => axis), keep)
}

const reduction = (reduce: Reduce, convention: Convention, axisByName = false): Builtin =>
  whole((call) => applyReduction(call, reduce, convention, axisByName))

/** `max(a, b)` is entry by entry; `max(A)` and `max(A, axis=0)` reduce. */
function extremum(fn: 'max' | 'min'): Builtin {
  const pairwise = entrywise(chained(fn))
  const isReduction: Builtin['isWhole'] = ({ args, keywords }) => args.length < 2 || keywords.length > 0
  return {
    isWhole: isReduction,
    apply: (call) => (isReduction(call.expr) ? applyReduction(call, nonlinear(fn), SHEET, true) : pairwise.apply(call)),
  }
}

export const reductions: readonly (readonly [string, Builtin])[] = [
  ['sum', reduction(sum, SHEET)],
  ['mean', reduction(mean, SHEET)],
  ['prod', reduction(nonlinear('prod'), SHEET)],
  ['var', reduction(variance, SHEET)],
  ['std', reduction(deviation, SHEET)],
  ['norm', reduction(norm, SHEET, true)],
  ['logsumexp', reduction(logsumexp, SHEET)],
  ['max', extremum('max')],
  ['min', extremum('min')],
]

export const numpyReductions: readonly (readonly [string, Builtin])[] = [
  ['sum', reduction(sum, NUMPY)],
  ['mean', reduction(mean, NUMPY)],
  ['prod', reduction(nonlinear('prod'), NUMPY)],
  ['var', reduction(variance, NUMPY)],
  ['std', reduction(deviation, NUMPY)],
  ['max', reduction(nonlinear('max'), NUMPY)],
  ['amax', reduction(nonlinear('max'), NUMPY)],
  ['min', reduction(nonlinear('min'), NUMPY)],
  ['amin', reduction(nonlinear('min'), NUMPY)],
  ['linalg.norm', reduction(norm, NUMPY, true)],
]
