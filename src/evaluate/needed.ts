import type { Node } from '../graph/node.ts'
import { numericContraction } from './algebra.ts'
import type { Bounded } from './bound.ts'
import type { Bindings } from './evaluate.ts'
import { broadcastPositions } from './kernels/broadcast.ts'
import { forEachTerm, loopsOf } from './kernels/contract.ts'
import { forEachGroup } from './kernels/reduce.ts'

/** For each node, 1 at the entries on which the roots depend. */
type Masks = Map<Node, Uint8Array>

/** Marks, in the masks of a node's inputs, the entries from which its needed entries are computed. */
function passDown(
  node: Node,
  mask: Uint8Array,
  masks: Masks,
  values: ReadonlyMap<Node, Bounded>,
  sizes: Bindings['sizes'],
): void {
  const shapes = node.inputs.map((input) => values.get(input)!.value.shape)
  const below = node.inputs.map((input) => masks.get(input)!)
  switch (node.kind) {
    case 'map': {
      const { shape } = values.get(node)!.value
      const positions = shapes.map((from) => broadcastPositions(from, shape))
      const condition = node.fn === 'where' ? values.get(node.inputs[0]!)!.value.data : null
      mask.forEach((wanted, entry) => {
        if (wanted === 0) return
        const left = condition === null ? -1 : condition[positions[0]![entry]!]! !== 0 ? 2 : 1
        below.forEach((target, slot) => {
          if (slot !== left) target[positions[slot]![entry]!] = 1
        })
      })
      return
    }
    case 'contract':
      forEachTerm(loopsOf(numericContraction(node, sizes)), (positions) => {
        if (mask[positions[below.length]!] === 0) return
        below.forEach((target, slot) => (target[positions[slot]!] = 1))
      })
      return
    case 'reduce':
    case 'normalise': {
      const grouped = node.kind === 'reduce' || node.fn === 'logsumexp'
      forEachGroup(shapes[0]!, node.axes, (positions, group) => {
        if (grouped ? mask[group] === 0 : positions.every((i) => mask[i] === 0)) return
        for (const i of positions) below[0]![i] = 1
      })
      return
    }
    case 'definition':
    case 'reshape':
      mask.forEach((wanted, entry) => {
        if (wanted === 1) below[0]![entry] = 1
      })
      return
    case 'matrix':
    case 'derivative':
      below.forEach((target) => target.fill(1))
      return
    case 'constant':
    case 'symbol':
    case 'size':
    case 'input':
      return
  }
}

/**
 * The entries of each node that the roots' values rest on, outputs first. A branch of `where` is needed only where it
 * is taken, and then so is what it is computed from; nodes of which nothing is needed are left out.
 */
export function neededEntries(
  roots: readonly Node[],
  values: ReadonlyMap<Node, Bounded>,
  { sizes, inputs }: Bindings,
): Masks {
  const masks: Masks = new Map()
  for (const [node, { value }] of values) masks.set(node, new Uint8Array(value.data.length))
  for (const root of roots) masks.get(root)!.fill(1)
  const result: Masks = new Map()
  for (const node of [...values.keys()].reverse()) {
    const mask = masks.get(node)!
    if (mask.every((wanted) => wanted === 0)) continue
    result.set(node, mask)
    if (!inputs.has(node)) passDown(node, mask, masks, values, sizes)
  }
  return result
}
