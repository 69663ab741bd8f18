import type { InputNode, Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import type { Declared } from './assumptions.ts'
import type { Merge, Scale, Step } from './equal.ts'
import type { ResidueResult } from './residue/residue.ts'

/** `lhs = scale * rhs`, shown with the given nodes closed. */
export interface Lemma {
  readonly lhs: Node
  readonly rhs: Node
  readonly scale: Scale | null
  /** Read as arbitrary arrays of which only the traits are known: what holds for those holds for the nodes. */
  readonly opaque: ReadonlySet<Node>
  /** Whether `tanh` and `sigmoid` were read as rational in `exp`. */
  readonly open: boolean
  readonly steps: readonly Step[]
  readonly assumptions: readonly string[]
  /** Earlier lemmas that it uses: nodes read as others. */
  readonly uses: ReadonlyMap<Node, Merge>
}

/** What all lemmas of one proof have in common. */
export interface ProofSetting {
  readonly inputs: readonly InputNode[]
  readonly assumptions: readonly Assumption[]
  readonly declared: Declared
  /** No comparison was seen to tie on an open set. */
  readonly generic: boolean
}

/** What a proof rests on: lemmas in order, each of which may use those before it, the last being the claim itself. */
export interface Certificate {
  readonly lemmas: readonly Lemma[]
  readonly steps: readonly Step[]
  readonly setting: ProofSetting
  /** What the claim itself came to in exact residues; absent until it was looked at. */
  readonly residues?: ResidueResult
  /** What the replay found; absent until it was made. */
  readonly replay?: Replay
}

/** A certificate that was accepted: how many lemmas were shown again, and what each came to in exact residues. */
export interface Replay {
  readonly lemmas: number
  readonly residues: readonly ResidueResult[]
}

/** The lemmas on which the last one rests, itself included, in order. */
export function neededLemmas(lemmas: readonly Lemma[]): Lemma[] {
  const needed: Lemma[] = []
  const used = new Set<Node>()
  for (const lemma of lemmas.toReversed()) {
    if (needed.length > 0 && !used.has(lemma.lhs)) continue
    needed.unshift(lemma)
    for (const node of lemma.uses.keys()) used.add(node)
  }
  return needed
}
