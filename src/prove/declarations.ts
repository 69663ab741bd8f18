import { sign } from '../base/rational.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import { unname } from '../graph/walk.ts'
import type { Traits } from '../index/term.ts'
import { declaredTraits, withOneHot } from './assumptions.ts'
import type { Declared } from './assumptions.ts'
import { inversePairs } from './inverse-pairs.ts'
import { neededNodes } from './needed.ts'

/** What the sheet declares, and what follows from both sides of a claim being defined. */
export function declarationsOf(
  inputs: readonly InputNode[],
  assumptions: readonly Assumption[],
  sides: readonly Node[],
): Declared {
  const declared = withUnimodular(withOneHot(declaredTraits(inputs, assumptions), assumptions), assumptions)
  const needed = neededNodes(sides)
  return { ...declared, needed, traits: withDomain(declared.traits, needed) }
}

/** Matrices that are their own inverse, or whose transpose is: `det(Q)^2 = 1`. */
function withUnimodular(declared: Declared, assumptions: readonly Assumption[]): Declared {
  const traits = new Map(declared.traits)
  for (const { left, right } of inversePairs(assumptions)) {
    const known = left.node === right.node ? traits.get(left.node) : undefined
    if (known !== undefined) traits.set(left.node, { ...known, unimodular: true })
  }
  return { ...declared, traits }
}

/** Signs of data of which a logarithm, a root or a power is taken: elsewhere a claim says nothing. */
function withDomain(declared: ReadonlyMap<Node, Traits>, needed: ReadonlySet<Node>): ReadonlyMap<Node, Traits> {
  const traits = new Map(declared)
  for (const node of needed) {
    const demanded = node.kind === 'map' ? demandedSign(node) : null
    if (demanded === null) continue
    const input = unname(node.inputs[0] as Node)
    const known = input.kind === 'input' ? traits.get(input) : undefined
    if (known === undefined || known.binary) continue
    traits.set(input, { ...known, nonnegative: true, positive: known.positive || demanded === 'positive' })
  }
  return traits
}

/** The sign that an operation demands of its first argument. */
function demandedSign(node: Node & { kind: 'map' }): 'positive' | 'nonnegative' | null {
  if (node.fn === 'log') return 'positive'
  if (node.fn === 'sqrt') return 'nonnegative'
  const exponent = node.inputs[1]
  if (node.fn !== 'pow' || exponent?.kind !== 'constant' || exponent.value.d === 1n) return null
  return sign(exponent.value) < 0 ? 'positive' : 'nonnegative'
}
