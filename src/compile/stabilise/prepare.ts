import { BackproveError } from '../../base/errors.ts'
import { Builder } from '../../graph/builder.ts'
import type { ContractNode, Node, NormaliseNode } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { contraction } from '../../ops/contraction.ts'
import type { Size } from '../../shape/size.ts'
import { STABLE_RULES } from './rules.ts'

/**
 * The graph as the scheduler wants it, in a builder of its own: names are looked through, what may overflow is worked
 * out another way (unless `stable` is false), normalisations are written out, and no contraction has more than two
 * operands. Throws `internal` for a derivative that has not been expanded.
 */
export function prepare(roots: readonly Node[], stable: boolean): Node[] {
  const plain = new Builder()
  return rebuildAll(stabilise(roots, stable).roots, (node, inputs) => {
    if (node.kind === 'normalise') return normalised(plain, node, inputs[0]!)
    if (node.kind === 'contract') return pairwise(plain, node, inputs)
    if (node.kind === 'derivative')
      throw new BackproveError('internal', 'a derivative is to be expanded before compiling')
    return plain.rebuild(node, inputs)
  })
}

/** The graph without names and, unless `stable` is false, with the stable way of working out each node. */
export function stabilise(roots: readonly Node[], stable: boolean): { builder: Builder; roots: Node[] } {
  const builder = new Builder()
  const made = rebuildAll(roots, (node, inputs) =>
    node.kind === 'definition' ? inputs[0]! : stabilised(builder, builder.rebuild(node, inputs), stable),
  )
  return { builder, roots: made }
}

function rebuildAll(roots: readonly Node[], make: (node: Node, inputs: Node[]) => Node): Node[] {
  const made = new Map<Node, Node>()
  for (const node of reachable(roots)) {
    made.set(node, make(node, node.inputs.map((input) => made.get(input)!))) // prettier-ignore
  }
  return roots.map((root) => made.get(root)!)
}

function stabilised(b: Builder, node: Node, stable: boolean): Node {
  if (!stable) return node
  for (const rule of STABLE_RULES) {
    const better = rule.apply(b, node)
    if (better !== null) return better
  }
  return node
}

/** With the maximum taken away, the largest exponential is 1 and nothing overflows; the value is the same for any shift. */
function normalised(b: Builder, node: NormaliseNode, z: Node): Node {
  const shift = b.reduce('max', z, node.axes)
  const shifted = b.call('sub', z, shift)
  const exponentials = b.call('exp', shifted)
  const total = b.sum(exponentials, node.axes, true)
  switch (node.fn) {
    case 'softmax':
      return b.call('mul', exponentials, b.call('div', b.whole(1), total))
    case 'log_softmax':
      return b.call('sub', shifted, b.call('log', total))
    case 'logsumexp':
      return b.call('add', shift, b.call('log', total))
  }
}

/** A contraction of many operands as contractions of two: those first whose result has fewest axes. */
function pairwise(b: Builder, node: ContractNode, inputs: readonly Node[]): Node {
  const { spec } = node
  const sizes = new Map<number, Size>(spec.sizes.entries())
  let operands = inputs.map((value, slot) => ({ value, labels: spec.operands[slot]! }))
  const needed = (labels: readonly number[], others: readonly { labels: readonly number[] }[]): number[] =>
    [...new Set(labels)].filter(
      (label) => spec.output.includes(label) || others.some((other) => other.labels.includes(label)),
    )
  const product = (parts: typeof operands, output: readonly number[]): Node =>
    b.contract(contraction(parts.map(({ labels }) => labels), output, sizes), ...parts.map(({ value }) => value)) // prettier-ignore
  if (operands.length > 1) {
    // What only one operand has is summed there.
    operands = operands.map((operand) => {
      const kept = needed(operand.labels, operands.filter((other) => other !== operand)) // prettier-ignore
      if (kept.length === new Set(operand.labels).size) return operand
      return { value: product([operand], kept), labels: kept }
    })
  }
  while (operands.length > 2) {
    let best: { i: number; j: number; labels: number[] } | null = null
    for (let i = 0; i < operands.length; i++) {
      for (let j = i + 1; j < operands.length; j++) {
        const rest = operands.filter((_, slot) => slot !== i && slot !== j)
        const labels = needed([...operands[i]!.labels, ...operands[j]!.labels], rest)
        if (best === null || labels.length < best.labels.length) best = { i, j, labels }
      }
    }
    const { i, j, labels } = best!
    const merged = { value: product([operands[i]!, operands[j]!], labels), labels }
    operands = [...operands.filter((_, slot) => slot !== i && slot !== j), merged]
  }
  return product(operands, spec.output)
}
