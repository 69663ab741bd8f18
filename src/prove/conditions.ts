import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import type { Traits } from '../index/term.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { Calculus, Condition } from '../ops/calculus.ts'
import type { Builder } from '../graph/builder.ts'
import { nodeTraits } from './node-traits.ts'

const RELATION = { positive: '> 0', nonnegative: '>= 0', nonzero: '!= 0' } as const

/** Conditions listed at most; a reader stops there too. */
const MOST_LISTED = 12

/**
 * Under which conditions both sides are defined and smooth, in words of the sheet: those of divisions, roots, logarithms
 * and inverses that do not follow from the signs of what they are made of.
 */
export function definednessConditions(
  builder: Builder,
  roots: readonly Node[],
  declared: ReadonlyMap<Node, Traits>,
  describe: (node: Node) => string,
): string[] {
  const found = new Set<string>()
  const calculus: Calculus<Node> = builder
  for (const node of reachable(roots)) {
    if (found.size >= MOST_LISTED) break
    if (node.kind === 'matrix') found.add(`${describe(node.inputs[0] as Node)} is invertible`)
    if (node.kind !== 'map') continue
    const { domain, smooth } = ELEMENTWISE[node.fn]
    const wholePower = node.fn === 'pow' && node.inputs[1]?.kind === 'constant' && node.inputs[1].value.d === 1n
    if (wholePower) {
      const exponent = node.inputs[1]
      if (exponent?.kind === 'constant' && exponent.value.n < 0n)
        add(found, { relation: 'nonzero', of: node.inputs[0] as Node }, declared, describe)
      continue
    }
    for (const condition of [...(domain?.(calculus, node.inputs) ?? []), ...(smooth?.(calculus, node.inputs) ?? [])]) {
      add(found, condition, declared, describe)
    }
  }
  return [...found]
}

function add(
  found: Set<string>,
  { relation, of }: Condition<Node>,
  declared: ReadonlyMap<Node, Traits>,
  describe: (node: Node) => string,
): void {
  const traits = nodeTraits([of], declared).get(of)
  if (traits?.positive === true || (relation === 'nonnegative' && traits?.nonnegative === true)) return
  found.add(`${describe(of)} ${RELATION[relation]}`)
}
