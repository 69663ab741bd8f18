import type { ElementwiseName } from '../../ops/names.ts'
import type { MapNode } from '../../graph/node.ts'

/** Work up to this is repeated where it is used rather than stored: about what a store and a load cost. */
export const DEFERRED_COST = 8

/** A nest with more operations than this takes in no others, so that loops stay of a size that engines optimise well. */
export const PLACED = 400

const CHEAP: ReadonlySet<ElementwiseName> = new Set([
  'add', 'sub', 'mul', 'neg', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'where', 'max', 'min', 'abs', 'sign', 'step',
  'relu', 'leaky_relu',
]) // prettier-ignore

/** Rough work of an elementwise operation in additions. */
export function costOf(node: MapNode): number {
  if (CHEAP.has(node.fn)) return 1
  const [, exponent] = node.inputs
  if (node.fn === 'pow' && exponent?.kind === 'constant' && exponent.value.d === 1n && exponent.value.n > 0n) {
    return exponent.value.n <= 4n ? 2 : 6
  }
  if (node.fn === 'div' && node.inputs[1]!.shape.length === 0) return 3
  return 20
}
