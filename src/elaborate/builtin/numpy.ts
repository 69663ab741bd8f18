import type { Node } from '../../graph/node.ts'
import { broadcastShapes } from '../../shape/shape.ts'
import { bind, whole } from '../call.ts'
import type { Builtin, Call } from '../call.ts'
import { diagonal, eye, filled, flattened, kron, matrix, permutation, reshape, trace, wrongArray } from './array.ts'
import { numpyEntrywise } from './entrywise.ts'
import { numpyReductions } from './reduction.ts'

function pair(call: Call): [Node, Node] {
  const bound = bind(call, { positional: ['a', 'b'], required: 2 })
  return [call.value(bound.get('a')!), call.value(bound.get('b')!)]
}

/** Source: NumPy reference, `numpy.dot`: the last axis of `a` with the last but one of `b`, or its only one. */
const dot = whole((call) => {
  const [a, b] = pair(call)
  if (a.shape.length === 0 || b.shape.length === 0) return call.builder.call('mul', a, b)
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  const left = letters.slice(0, a.shape.length)
  const inner = left.at(-1)!
  const free = letters.slice(a.shape.length, a.shape.length + b.shape.length)
  const at = Math.max(0, b.shape.length - 2)
  if (a.shape.at(-1) !== b.shape[at]) throw misfit(call, a, b)
  const right = free.slice(0, at) + inner + free.slice(at + 1)
  return call.builder.einsum(`${left},${right}->${left.slice(0, -1)}${right.replace(inner, '')}`, [a, b])
})

/** Source: NumPy reference, `numpy.matmul`: an array of one axis is a row on the left and a column on the right. */
const matmul = whole((call) => {
  const [a, b] = pair(call)
  if (a.shape.length === 0 || b.shape.length === 0) throw wrongArray(call, [a, b], 'a scalar is scaled with `*`')
  if (a.shape.length === 1 || b.shape.length === 1) {
    if (a.shape.length > 2 || b.shape.length > 2)
      throw wrongArray(call, [a, b], 'an array of one axis meets one of many')
    return dot.apply(call)
  }
  const fits =
    a.shape.at(-1) === b.shape.at(-2) && broadcastShapes([a.shape.slice(0, -2), b.shape.slice(0, -2)]) !== null
  if (!fits) throw misfit(call, a, b)
  return call.builder.matmul(a, b)
})

const misfit = (call: Call, a: Node, b: Node) =>
  wrongArray(
    call,
    [a, b],
    `the product needs ${a.shape.at(-1)!.key} = ${b.shape.at(Math.max(-2, -b.shape.length))!.key}`,
  )

/** Source: NumPy reference, `numpy.outer`: both are flattened. */
const outer = whole((call) => {
  const [a, b] = pair(call).map((node) => flattened(call.builder, node)) as [Node, Node]
  return call.builder.einsum('i,j->ij', [a, b])
})

/** Without axes, their order is reversed. */
const transpose = whole((call) => {
  const bound = bind(call, { positional: ['a', 'axes'], required: 1 })
  const a = call.value(bound.get('a')!)
  const axes = bound.get('axes')
  return call.builder.transpose(a, axes === undefined ? [...a.shape.keys()].reverse() : permutation(call, axes))
})

const like = (value: 0 | 1): Builtin =>
  whole((call) => {
    const bound = bind(call, { positional: ['a'], required: 1 })
    const { shape } = call.value(bound.get('a')!)
    if (shape.length === 0) return call.builder.whole(value)
    return value === 1 ? call.builder.ones(shape) : call.builder.zeros(shape)
  })

/** The functions under `np.`, which mean what they mean in NumPy. */
export const NUMPY_FUNCTIONS: ReadonlyMap<string, Builtin> = new Map([
  ...numpyEntrywise,
  ...numpyReductions,
  ['dot', dot],
  ['matmul', matmul],
  ['outer', outer],
  ['kron', kron],
  ['reshape', reshape],
  ['transpose', transpose],
  ['trace', trace],
  ['diag', diagonal],
  ['ones', filled(1)],
  ['zeros', filled(0)],
  ['ones_like', like(1)],
  ['zeros_like', like(0)],
  ['eye', eye],
  ['identity', eye],
  ['linalg.inv', matrix('inv')],
  ['linalg.det', matrix('det')],
])
