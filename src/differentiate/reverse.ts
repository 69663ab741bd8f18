import { BackproveError } from '../base/errors.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { sameShape, shapeText } from '../shape/shape.ts'
import { Cotangents } from './cotangent.ts'
import { Pullback } from './pullback.ts'

/** The nodes that any of `sources` enters, sources included. */
function entered(order: readonly Node[], sources: ReadonlySet<Node>): Set<Node> {
  const active = new Set<Node>()
  for (const node of order) {
    if (sources.has(node) || node.inputs.some((input) => active.has(input))) active.add(node)
  }
  return active
}

/**
 * Reverse mode: for each of `wrt`, the sum over all paths from it to `y` of the local derivatives on the way, contracted
 * with `cotangent`. The result is nodes of the same DAG, each of the shape of its `wrt` node, so it can be
 * differentiated again; zeros where nothing depends on it.
 *
 * Each of `wrt` is free by itself: a definition among them is differentiated by as a variable, while for another one
 * below it, it is passed through. Without a `cotangent` it is ones, that is, the gradient of the sum of `y`'s entries.
 * A cotangent may carry axes in front of those of `y`; the results then carry them too, one gradient for each index.
 * Throws `internal` where the cotangent does not fit, and for a derivative node on a path.
 */
export function vjp(builder: Builder, y: Node, wrt: readonly Node[], cotangent?: Node): Node[] {
  const cotangents = new Cotangents(builder)
  const seed = cotangent ?? cotangents.ones(y.shape)
  const batch = seed.shape.slice(0, seed.shape.length - y.shape.length)
  if (!sameShape(seed.shape, [...batch, ...y.shape])) {
    throw new BackproveError('internal', `a cotangent of ${shapeText(seed.shape)} for ${shapeText(y.shape)}`)
  }
  const pullback = new Pullback(cotangents, batch)
  const wanted = new Set(wrt)
  const order = reachable([y])
  const active = entered(order, wanted)
  const sums = new Map<Node, Node>([[y, seed]])
  // Inputs come before outputs, so each sum is complete when it is read.
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!
    const g = sums.get(node)
    if (g === undefined || !active.has(node)) continue
    node.inputs.forEach((input, slot) => {
      if (!active.has(input)) return
      const contribution = pullback.of(node, slot, g)
      if (contribution === null) return
      const sum = sums.get(input)
      sums.set(input, sum === undefined ? contribution : cotangents.add(sum, contribution))
    })
    if (!wanted.has(node)) sums.delete(node)
  }
  return wrt.map((x) => sums.get(x) ?? cotangents.zeros([...batch, ...x.shape]))
}
