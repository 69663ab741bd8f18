import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Contraction } from '../ops/contraction.ts'

/** A node as `scalar * core`: the scalar that a short form carries in front. */
export interface Scaled {
  readonly scalar: Node | null
  readonly core: Node
}

const isSpread = ({ output }: Contraction): boolean => output.length > 0 && new Set(output).size === output.length

/** Takes the sign and the scalar off a node that `shorten` wrote. */
export function scaledOf(builder: Builder, node: Node): Scaled {
  const [only] = node.inputs
  if (node.kind === 'contract' && node.inputs.length === 1 && only!.shape.length === 0 && isSpread(node.spec)) {
    return { scalar: only!, core: builder.ones(node.shape) }
  }
  if (node.kind !== 'map') return { scalar: null, core: node }
  const [a, b] = node.inputs as [Node, Node]
  if (node.fn === 'neg') {
    const inner = scaledOf(builder, a)
    return { scalar: builder.call('neg', inner.scalar ?? builder.whole(1)), core: inner.core }
  }
  if (node.fn === 'mul' && a.shape.length === 0 && node.shape.length > 0) return { scalar: a, core: b }
  return { scalar: null, core: node }
}

/**
 * The sizes in a scalar as one factor: of `lambda/(2*m)` it is `1/m`. Sizes stand in products and quotients only, as
 * `shorten` writes them; `null` where there are none.
 */
export function sizeFactor(builder: Builder, scalar: Node): Node | null {
  let factor: Node | null = null
  const stack: { node: Node; isOver: boolean }[] = [{ node: scalar, isOver: false }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, isOver } = top
    if (isSizePower(node)) {
      const start: Node = factor ?? builder.whole(1)
      factor = builder.call(isOver ? 'div' : 'mul', start, node)
      continue
    }
    if (node.kind !== 'map' || (node.fn !== 'mul' && node.fn !== 'div' && node.fn !== 'neg')) continue
    node.inputs.forEach((input, slot) => {
      stack.push({ node: input, isOver: node.fn === 'div' && slot === 1 ? !isOver : isOver })
    })
  }
  return factor
}

const isSizePower = (node: Node): boolean =>
  node.kind === 'size' || (node.kind === 'map' && node.fn === 'pow' && node.inputs[0]?.kind === 'size')

/**
 * The sizes that most of the adjoints carry in front, as one factor: `1/m` where a mean of losses is differentiated.
 * Of several that are as common, the one nearest the loss. `null` where most carry none.
 */
export function commonSizes(builder: Builder, adjoints: readonly Node[]): Node | null {
  const counts = new Map<Node | null, number>()
  for (const adjoint of adjoints) {
    // Adjoints that are a mere number, like that of the loss itself, carry their sizes alone.
    const { scalar, core } = scaledOf(builder, adjoint)
    const front = scalar ?? (core.shape.length === 0 ? core : null)
    const factor = front === null ? null : sizeFactor(builder, front)
    counts.set(factor, (counts.get(factor) ?? 0) + 1)
  }
  let best: Node | null = null
  let most = 0
  for (const [factor, count] of counts) if (count >= most) [best, most] = [factor, count]
  return best
}

/** `node/factor`, not yet shortened. */
export const divided = (builder: Builder, node: Node, factor: Node | null): Node =>
  factor === null ? node : builder.call('div', node, factor)
