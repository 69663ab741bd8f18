import { Random } from '../../src/base/random.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { evaluateSize } from '../../src/shape/size.ts'

/** Numbers in [0, 1) that depend on the seed only. */
export function random(seed: number): () => number {
  const stream = new Random(seed)
  return () => stream.unit()
}

/** A value for each input of the roots, entries drawn by `draw`. */
export function drawInputs(
  roots: readonly Node[],
  sizes: ReadonlyMap<string, number>,
  draw: () => number,
): Map<Node & { kind: 'input' }, Tensor> {
  const inputs = new Map<Node & { kind: 'input' }, Tensor>()
  for (const node of reachable(roots)) {
    if (node.kind !== 'input') continue
    const shape = node.shape.map((size) => evaluateSize(size, sizes))
    const count = shape.reduce((a, b) => a * b, 1)
    inputs.set(node, { shape, data: Float64Array.from({ length: count }, draw) })
  }
  return inputs
}
