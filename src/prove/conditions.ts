import { isZero, sign } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { MapNode, Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import { reachable, unname } from '../graph/walk.ts'
import type { Traits } from '../index/term.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { Calculus, Condition } from '../ops/calculus.ts'
import type { Builder } from '../graph/builder.ts'
import { neededNodes } from './needed.ts'
import { nodeTraits } from './node-traits.ts'
import type { Problem } from './search/problem.ts'
import { leastWhole } from './whole.ts'

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
    const demands = domainOf(node, declared) ?? [...(domain?.(calculus, node.inputs) ?? []), ...(smooth?.(calculus, node.inputs) ?? [])] // prettier-ignore
    for (const condition of demands) add(found, condition, declared, describe)
  }
  return [...found]
}

/** What a whole power demands: nothing, or of one that may be negative, a base that is not zero. `null` for all else. */
function domainOf(node: MapNode, declared: ReadonlyMap<Node, Traits>): readonly Condition<Node>[] | null {
  if (node.fn !== 'pow') return null
  const [base, exponent] = node.inputs as [Node, Node]
  const least = leastWhole(exponent, declared)
  if (least === null) return null
  return least >= 0n ? [] : [{ relation: 'nonzero', of: base }]
}

/**
 * A condition of the sides that no point obeys, in words: on a number, or on what an assumption gives the other sign.
 * `null` where there is none. What only an untaken branch demands is no condition.
 */
export function contradiction(
  builder: Builder,
  { lhs, rhs, assumptions }: Pick<Problem, 'lhs' | 'rhs' | 'assumptions'>,
  declared: ReadonlyMap<Node, Traits>,
  describe: (node: Node) => string,
): string | null {
  for (const node of neededNodes([lhs, rhs])) {
    if (node.kind !== 'map') continue
    for (const condition of domainOf(node, declared) ?? ELEMENTWISE[node.fn].domain?.(builder, node.inputs) ?? []) {
      const { relation, of } = condition
      const text = `${describe(of)} ${RELATION[relation]}`
      if (isExcluded(condition, builder, declared)) return `\`${text}\` holds nowhere`
      const against = assumptions.find((assumption) => excludes(assumption, condition))
      if (against !== undefined) return `\`${against.text}\` and \`${text}\` hold together nowhere`
    }
  }
  return null
}

/** Whether the sign of what a condition speaks of, as it is made, is never the one it demands. */
function isExcluded({ relation, of }: Condition<Node>, builder: Builder, declared: ReadonlyMap<Node, Traits>): boolean {
  const inner = unname(of)
  if (inner.kind === 'constant') return relation === 'nonzero' ? isZero(inner.value) : !isOnSide(inner.value, relation)
  if (relation === 'nonzero') return false
  const opposite = builder.call('neg', inner)
  const traits = nodeTraits([opposite], declared).get(opposite)
  return relation === 'positive' ? traits?.nonnegative === true : traits?.positive === true
}

const isOnSide = (value: Rational, relation: 'positive' | 'nonnegative'): boolean =>
  sign(value) > 0 || (sign(value) === 0 && relation === 'nonnegative')

/** Whether an assumption bounds the same quantity by a number, from the wrong side. */
function excludes(assumption: Assumption, { relation, of }: Condition<Node>): boolean {
  const bound = upperBound(assumption, unname(of))
  if (bound === null) return false
  if (relation === 'nonzero') return assumption.relation === 'equal' && isZero(bound)
  const strict = assumption.relation === 'greater'
  return sign(bound) < 0 || (sign(bound) === 0 && (relation === 'positive' || strict))
}

/** The number that an assumption says a node to be, or not to exceed; `null` for any other assumption. */
function upperBound({ relation, lhs, rhs }: Assumption, node: Node): Rational | null {
  if (relation === 'not-equal') return null
  const [greater, less] = [unname(lhs), unname(rhs)]
  if (less === node && greater.kind === 'constant') return greater.value
  return relation === 'equal' && greater === node && less.kind === 'constant' ? less.value : null
}

function add(
  found: Set<string>,
  { relation, of }: Condition<Node>,
  declared: ReadonlyMap<Node, Traits>,
  describe: (node: Node) => string,
): void {
  const traits = nodeTraits([of], declared).get(of)
  const inner = unname(of)
  if (relation === 'nonzero' && inner.kind === 'constant' && !isZero(inner.value)) return
  if (traits?.positive === true || (relation === 'nonnegative' && traits?.nonnegative === true)) return
  found.add(`${describe(of)} ${RELATION[relation]}`)
}
