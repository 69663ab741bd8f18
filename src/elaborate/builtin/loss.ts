import { rational } from '../../base/rational.ts'
import type { Builder } from '../../graph/builder.ts'
import type { Node } from '../../graph/node.ts'
import { broadcastShapes } from '../../shape/shape.ts'
import { bind, whole } from '../call.ts'
import type { Builtin } from '../call.ts'
import { wrongArray } from './array.ts'

/** The entries of a loss before they are summed. */
type Entries = (builder: Builder, a: Node, y: Node) => Node

const crossEntropy: Entries = (builder, a, y) => builder.call('mul', y, builder.call('log', a))

/** Each loss is summed over all entries and divided by nothing. */
function loss(entries: Entries, isNegated: boolean): Builtin {
  return whole((call) => {
    const bound = bind(call, { positional: ['A', 'Y'], required: 2 })
    const [a, y] = [call.value(bound.get('A')!), call.value(bound.get('Y')!)]
    if (broadcastShapes([a.shape, y.shape]) === null) throw wrongArray(call, [a, y], 'the shapes must be the same')
    const total = call.builder.sum(entries(call.builder, a, y))
    return isNegated ? call.builder.call('neg', total) : total
  })
}

export const losses: readonly (readonly [string, Builtin])[] = [
  [
    'binary_cross_entropy',
    loss((builder, a, y) => {
      const [notY, notA] = [y, a].map((node) => builder.call('sub', builder.whole(1), node)) as [Node, Node]
      return builder.call('add', crossEntropy(builder, a, y), crossEntropy(builder, notA, notY))
    }, true),
  ],
  ['cross_entropy', loss(crossEntropy, true)],
  [
    'mse',
    loss((builder, a, y) => builder.call('pow', builder.call('sub', a, y), builder.constant(rational(2))), false),
  ],
]
