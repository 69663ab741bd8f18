import { isOne } from '../base/rational.ts'
import type { ContractNode, Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'

/**
 * Spellings that neither overflow nor cancel where the plain one does:
 *
 * | spelling | for |
 * | --- | --- |
 * | `log_sigmoid` | `log(sigmoid(z))` |
 * | `log_not_sigmoid` | `log(1 - sigmoid(z))`, which is `log_sigmoid(-z)` |
 * | `softplus` | `log(1 + exp(z))` |
 * | `logaddexp` | `log(exp(a) + exp(b))` |
 * | `log_softmax` | `log(softmax(z))` |
 * | `logsumexp` | `log(sum(exp(z)))`, the axes kept |
 * | `log1p`, `expm1` | `log(1 + x)`, `exp(x) - 1` |
 */
export const STABLE_NAMES = [
  'log_sigmoid', 'log_not_sigmoid', 'softplus', 'logaddexp', 'log_softmax', 'logsumexp', 'log1p', 'expm1',
] as const // prettier-ignore

export type StableName = (typeof STABLE_NAMES)[number]

/** A node said by a stable spelling of other nodes. */
export interface Stable {
  readonly name: StableName
  readonly args: readonly Node[]
  readonly axes: readonly number[]
}

const isUnit = (node: Node): boolean => node.kind === 'constant' && isOne(node.value)

const stable = (name: StableName, args: readonly Node[], axes: readonly number[] = []): Stable => ({ name, args, axes })

/** The stable spelling of a node, or `null`. Names are looked through: `log(A)` where `A = sigmoid(Z)` is one of them. */
export function stableOf(node: Node): Stable | null {
  if (node.kind !== 'map') return null
  const [a, b] = node.inputs.map(unname) as [Node, Node?]
  if (node.fn === 'sub' && b !== undefined && isUnit(b) && a.kind === 'map' && a.fn === 'exp') {
    return stable('expm1', a.inputs)
  }
  if (node.fn === 'log1p' && a.kind === 'map' && a.fn === 'exp') return stable('softplus', a.inputs)
  return node.fn === 'log' ? logarithm(a) : null
}

function logarithm(a: Node): Stable | null {
  if (a.kind === 'normalise' && a.fn === 'softmax') return stable('log_softmax', a.inputs, a.axes)
  if (a.kind === 'contract') return logSumExp(a)
  if (a.kind !== 'map') return null
  if (a.fn === 'sigmoid') return stable('log_sigmoid', a.inputs)
  if (a.fn !== 'add' && a.fn !== 'sub') return null
  const [x, y] = a.inputs.map(unname) as [Node, Node]
  if (a.fn === 'sub')
    return isUnit(x) && y.kind === 'map' && y.fn === 'sigmoid' ? stable('log_not_sigmoid', y.inputs) : null
  const isPower = (node: Node): node is Node & { kind: 'map' } => node.kind === 'map' && node.fn === 'exp'
  if (isPower(x) && isPower(y)) return stable('logaddexp', [...x.inputs, ...y.inputs])
  if (!isUnit(x) && !isUnit(y)) return null
  const [rest, named] = isUnit(x) ? [y, a.inputs[1]!] : [x, a.inputs[0]!]
  return isPower(rest) ? stable('softplus', rest.inputs) : stable('log1p', [named])
}

/** A sum of exponentials over some axes, which stay with length 1. */
function logSumExp({ spec, inputs, shape }: ContractNode): Stable | null {
  const [labels] = spec.operands
  const inner = inputs.length === 1 ? unname(inputs[0]!) : null
  if (inner?.kind !== 'map' || inner.fn !== 'exp' || labels?.length !== shape.length) return null
  if (new Set(labels).size !== labels.length || new Set(spec.output).size !== spec.output.length) return null
  const axes = labels.flatMap((label, axis) => (spec.output[axis] === label ? [] : [axis]))
  const isReduced = axes.every((axis) => !spec.output.includes(labels[axis]!) && !labels.includes(spec.output[axis]!) && spec.sizes[spec.output[axis]!]!.key === '1') // prettier-ignore
  return axes.length > 0 && isReduced ? stable('logsumexp', inner.inputs, axes) : null
}
