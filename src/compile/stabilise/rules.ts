import { isOne, isZero } from '../../base/rational.ts'
import type { Builder } from '../../graph/builder.ts'
import type { MapNode, Node } from '../../graph/node.ts'
import { summedLabels } from '../../ops/contraction.ts'
import type { ElementwiseName } from '../../ops/names.ts'

/** A way of working out the same value that neither overflows nor cancels. `apply` gives `null` where it does not fit. */
export interface StableRule {
  readonly name: string
  /** The arguments for which both sides have the same real value. */
  readonly preserves: string
  readonly apply: (b: Builder, node: Node) => Node | null
}

const isMap = <F extends ElementwiseName>(node: Node | undefined, fn: F): node is MapNode & { readonly fn: F } =>
  node?.kind === 'map' && node.fn === fn
const isNumber = (node: Node | undefined, value: 0 | 1): boolean =>
  node?.kind === 'constant' && (value === 0 ? isZero(node.value) : isOne(node.value))
const argument = (node: Node, slot = 0): Node => node.inputs[slot]!

/** The other term of a sum with 1, or `null`. */
function plusOne(node: Node): Node | null {
  if (!isMap(node, 'add')) return null
  const [a, b] = node.inputs as [Node, Node]
  return isNumber(a, 1) ? b : isNumber(b, 1) ? a : null
}

/** `x` where the node is `1 - x`, or `null`. */
const oneMinus = (node: Node): Node | null =>
  isMap(node, 'sub') && isNumber(argument(node), 1) ? argument(node, 1) : null

const softplusOfNegative = (b: Builder, z: Node): Node => b.call('neg', b.call('softplus', b.call('neg', z)))

/** A plain sum over axes; `axes` are those of its operand. */
interface Sum {
  readonly of: Node
  readonly axes: readonly number[]
}

/** The node as a sum over axes whose other axes stay in order, with or without ones in place of the summed. */
function asSum(node: Node): Sum | null {
  if (node.kind !== 'contract' || node.inputs.length !== 1) return null
  const [labels] = node.spec.operands as [readonly number[]]
  const summed = summedLabels(node.spec)
  if (summed.length === 0 || new Set(labels).size !== labels.length) return null
  const kept = node.spec.output.filter((label) => labels.includes(label))
  const inOrder = labels.filter((label) => !summed.includes(label))
  const extra = node.spec.output.filter((label) => !labels.includes(label))
  if (kept.length !== inOrder.length || kept.some((label, position) => label !== inOrder[position])) return null
  if (extra.some((label) => node.spec.sizes[label]!.key !== '1')) return null
  return { of: argument(node), axes: summed.map((label) => labels.indexOf(label)) }
}

/** Whether `total` has the shape of its sum with the axes kept, so that it stands over what was summed. */
const keepsAxes = (total: Node, sum: Sum): boolean =>
  total.shape.length === sum.of.shape.length && sum.axes.every((axis) => total.shape[axis]!.key === '1')

const shapeLike = (b: Builder, value: Node, like: Node): Node =>
  value.shape.length === like.shape.length ? value : b.reshape(value, like.shape)

const logOfSigmoid: StableRule = {
  name: 'log-of-sigmoid',
  preserves: 'every real z: log(1/(1 + exp(-z))) = -log(1 + exp(-z))',
  apply: (b, node) => (isMap(node, 'log') && isMap(argument(node), 'sigmoid') ? softplusOfNegative(b, argument(argument(node))) : null), // prettier-ignore
}

const logOfOneMinusSigmoid: StableRule = {
  name: 'log-of-one-minus-sigmoid',
  preserves: 'every real z: 1 - sigmoid(z) = sigmoid(-z)',
  apply: (b, node) => {
    if (!isMap(node, 'log')) return null
    const inner = oneMinus(argument(node))
    return inner !== null && isMap(inner, 'sigmoid') ? b.call('neg', b.call('softplus', argument(inner))) : null
  },
}

const oneMinusSigmoid: StableRule = {
  name: 'one-minus-sigmoid',
  preserves: 'every real z: 1 - 1/(1 + exp(-z)) = 1/(1 + exp(z))',
  apply: (b, node) => {
    const inner = oneMinus(node)
    return inner !== null && isMap(inner, 'sigmoid') ? b.call('sigmoid', b.call('neg', argument(inner))) : null
  },
}

const reciprocalAsSigmoid: StableRule = {
  name: 'reciprocal-as-sigmoid',
  preserves: 'every real x: the definition of sigmoid',
  apply: (b, node) => {
    if (!isMap(node, 'div') || !isNumber(argument(node), 1)) return null
    const term = plusOne(argument(node, 1))
    if (term === null || !isMap(term, 'exp')) return null
    const exponent = argument(term)
    return b.call('sigmoid', isMap(exponent, 'neg') ? argument(exponent) : b.call('neg', exponent))
  },
}

const ratioAsSigmoid: StableRule = {
  name: 'ratio-as-sigmoid',
  preserves: 'every real x: exp(x)/(1 + exp(x)) = 1/(1 + exp(-x))',
  apply: (b, node) => {
    if (isMap(node, 'div') && isMap(argument(node), 'exp') && plusOne(argument(node, 1)) === argument(node)) {
      return b.call('sigmoid', argument(argument(node)))
    }
    if (!isMap(node, 'mul')) return null
    // 1/(1 + exp(x)) stands here as sigmoid(-x).
    for (const [power, rest] of [node.inputs, [...node.inputs].reverse()] as [Node, Node][]) {
      if (!isMap(power, 'exp') || !isMap(rest, 'sigmoid')) continue
      const inner = argument(rest)
      if (isMap(inner, 'neg') && argument(inner) === argument(power)) return b.call('sigmoid', argument(power))
    }
    return null
  },
}

const logOfOnePlusExp: StableRule = {
  name: 'log-of-one-plus-exp',
  preserves: 'every real x: the definition of softplus',
  apply: (b, node) => {
    const term = isMap(node, 'log') ? plusOne(argument(node)) : isMap(node, 'log1p') ? argument(node) : null
    return term !== null && isMap(term, 'exp') ? b.call('softplus', argument(term)) : null
  },
}

const logOfOnePlus: StableRule = {
  name: 'log-of-one-plus',
  preserves: 'x > -1, where the logarithm is defined on both sides',
  apply: (b, node) => {
    const term = isMap(node, 'log') ? plusOne(argument(node)) : null
    return term === null ? null : b.call('log1p', term)
  },
}

const expMinusOne: StableRule = {
  name: 'exp-minus-one',
  preserves: 'every real x',
  apply: (b, node) =>
    isMap(node, 'sub') && isNumber(argument(node, 1), 1) && isMap(argument(node), 'exp')
      ? b.call('expm1', argument(argument(node)))
      : null,
}

const logOfExp: StableRule = {
  name: 'log-of-exp',
  preserves: 'every real x: exp is positive',
  apply: (_, node) => (isMap(node, 'log') && isMap(argument(node), 'exp') ? argument(argument(node)) : null),
}

const logOfSoftmax: StableRule = {
  name: 'log-of-softmax',
  preserves: 'every real z: a softmax is positive',
  apply: (b, node) => {
    const inner = isMap(node, 'log') ? argument(node) : null
    return inner?.kind === 'normalise' && inner.fn === 'softmax'
      ? b.normalise('log_softmax', argument(inner), inner.axes)
      : null
  },
}

const logOfSumOfExp: StableRule = {
  name: 'log-of-sum-of-exp',
  preserves: 'every real x: log(sum(exp(x))) = c + log(sum(exp(x - c))) for any c',
  apply: (b, node) => {
    const sum = isMap(node, 'log') ? asSum(argument(node)) : null
    if (sum === null || !isMap(sum.of, 'exp')) return null
    return shapeLike(b, b.normalise('logsumexp', argument(sum.of), sum.axes), node)
  },
}

const ratioAsSoftmax: StableRule = {
  name: 'ratio-as-softmax',
  preserves: 'every real x: exp(x)/sum(exp(x)) is the definition of softmax; the sum is positive',
  apply: (b, node) => {
    if (!isMap(node, 'div')) return null
    const [top, bottom] = node.inputs as [Node, Node]
    const sum = asSum(bottom)
    if (sum === null || sum.of !== top || !isMap(top, 'exp')) return null
    const whole = bottom.shape.length === 0 && sum.axes.length === top.shape.length
    return keepsAxes(bottom, sum) || whole ? b.normalise('softmax', argument(top), sum.axes) : null
  },
}

const logOfQuotientByPositive: StableRule = {
  name: 'log-of-exp-over-sum',
  preserves: 'every real x: log(exp(x)/s) = x - log(s) where s is a sum of exponentials, so positive',
  apply: (b, node) => {
    const ratio = isMap(node, 'log') ? argument(node) : null
    if (ratio === null || !isMap(ratio, 'div') || !isMap(argument(ratio), 'exp')) return null
    const sum = asSum(argument(ratio, 1))
    if (sum === null || !isMap(sum.of, 'exp')) return null
    return b.call('sub', argument(argument(ratio)), b.call('log', argument(ratio, 1)))
  },
}

/** Tried in order on each node, whose inputs have been through all of them. */
export const STABLE_RULES: readonly StableRule[] = [
  logOfSigmoid,
  logOfOneMinusSigmoid,
  oneMinusSigmoid,
  reciprocalAsSigmoid,
  ratioAsSigmoid,
  logOfOnePlusExp,
  logOfOnePlus,
  expMinusOne,
  logOfExp,
  logOfSoftmax,
  logOfQuotientByPositive,
  logOfSumOfExp,
  ratioAsSoftmax,
]
