import type { Node } from '../graph/node.ts'
import type { Lemma, ProofSetting } from './certificate.ts'
import { cone, sharedCut } from './cone.ts'
import { isEqual } from './equal.ts'
import type { Merge, Scale } from './equal.ts'

/** What all attempts of one claim have in common. */
export interface ProofContext extends ProofSetting {
  /** Milliseconds since the epoch. */
  readonly deadline: number
}

/** How a pair is read in one attempt: `depth` heavy nodes are opened above the nodes that both sides share. */
interface Attempt {
  readonly depth: number
  /** Also closes sums and products that a lemma has shown both sides to share. */
  readonly lemmas?: boolean
  readonly open: boolean
  readonly operations: number
}

/** For a pair within a larger proof. */
export const LOCAL: readonly Attempt[] = [
  { depth: 0, lemmas: true, open: false, operations: 2_000 },
  { depth: 0, open: false, operations: 3_000 },
  { depth: 1, open: false, operations: 6_000 },
  { depth: 2, open: true, operations: 8_000 },
  { depth: 4, open: true, operations: 12_000 },
]

/** For a whole claim, before anything else is known of it: cheap, since most claims are small. */
export const DIRECT: readonly Attempt[] = [
  { depth: 0, open: false, operations: 4_000 },
  { depth: Infinity, open: false, operations: 4_000 },
  { depth: Infinity, open: true, operations: 4_000 },
  { depth: 1, open: false, operations: 2_000 },
]

/** For a whole claim once everything cheap has failed. */
export const PATIENT: readonly Attempt[] = [
  { depth: 0, lemmas: true, open: false, operations: 20_000 },
  { depth: 0, open: false, operations: 20_000 },
  { depth: 1, open: false, operations: 20_000 },
  { depth: 2, open: true, operations: 20_000 },
  { depth: Infinity, open: false, operations: 40_000 },
  { depth: Infinity, open: true, operations: 40_000 },
  { depth: 0, open: false, operations: 300_000 },
  { depth: 1, open: true, operations: 300_000 },
  { depth: 2, open: true, operations: 300_000 },
  { depth: Infinity, open: false, operations: 1_000_000 },
  { depth: Infinity, open: true, operations: 1_000_000 },
]

export interface Failure {
  readonly reason: string
}

/** A proof of `lhs = scale * rhs` by the first attempt that succeeds. */
export function provePair(
  context: ProofContext,
  pair: { readonly lhs: Node; readonly rhs: Node; readonly scale: Scale | null },
  merged: ReadonlyMap<Node, Merge>,
  attempts: readonly Attempt[],
): Lemma | Failure {
  const [left, right] = [cone(pair.lhs, merged), cone(pair.rhs, merged)]
  let reason = 'no attempt was made'
  const tried = new Set<string>()
  const targets = new Set([...merged.values()].map(({ node }) => node))
  for (const { depth, lemmas, open, operations } of attempts) {
    if (Date.now() > context.deadline) return { reason: 'the time for a proof ran out' }
    const opaque =
      depth === Infinity ? new Set<Node>() : sharedCut(left, right, depth, lemmas === true ? targets : undefined)
    opaque.delete(pair.lhs)
    opaque.delete(pair.rhs)
    const key = `${open} ${[...opaque].map(({ id }) => id).join(',')} ${operations > 100_000}`
    if (tried.has(key)) continue
    tried.add(key)
    const budget = { operations, deadline: context.deadline }
    const result = isEqual({
      ...pair,
      opaque,
      merged,
      open,
      generic: context.generic,
      inputs: context.inputs,
      assumptions: context.assumptions,
      declared: context.declared,
      budget,
    })
    if (result.equal) {
      const { steps, assumptions, uses } = result
      return { ...pair, opaque, open, steps, assumptions, uses }
    }
    reason = result.reason
  }
  return { reason }
}
