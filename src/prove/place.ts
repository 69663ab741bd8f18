import type { Node } from '../graph/node.ts'
import type { Index } from '../index/term.ts'
import { ONE_SIZE } from '../shape/size.ts'

/** The place in an operand that broadcasts up to `at`. */
export function placeIn(operand: Node, at: readonly Index[]): Index[] {
  const offset = at.length - operand.shape.length
  return operand.shape.map((size, axis) => (size === ONE_SIZE ? 0 : (at[axis + offset] as Index)))
}
