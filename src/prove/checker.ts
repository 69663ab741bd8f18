import type { InputNode, Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { sizeNames } from '../shape/size.ts'
import { declarationsOf } from './declarations.ts'
import type { Lemma, ProofSetting, Replay } from './certificate.ts'
import { isEqual } from './equal.ts'
import type { EqualityRequest, Merge, Scale } from './equal.ts'
import { compareResidues } from './residue/residue.ts'
import type { ResidueResult } from './residue/residue.ts'
import { isSameStructure } from './structure.ts'

/** A certificate, what it is to prove, and what may be taken for granted. */
export interface CheckRequest {
  readonly lemmas: readonly Lemma[]
  readonly lhs: Node
  readonly rhs: Node
  readonly inputs: readonly InputNode[]
  readonly assumptions: readonly Assumption[]
  /** No comparison was seen to tie on an open set. */
  readonly generic: boolean
  readonly seed: number
  /** Milliseconds since the epoch. */
  readonly deadline: number
}

export type CheckResult =
  | { readonly accepted: true; readonly replay: Replay }
  /** `spent` where it is not known to be wrong, but was too long to be shown again. */
  | { readonly accepted: false; readonly reason: string; readonly spent: boolean }

/** Term operations that the replay of one lemma may take: what the longest attempt of a search may, twice. */
const MOST_OPERATIONS = 2_000_000
/** Lengths up to which a lemma is looked at in residues, where as many index variables run along an axis. */
const MOST_LENGTH = 3

/**
 * Replays a certificate: every lemma it uses was shown before, the last one is the claim, and each is shown again on its
 * own, by a kernel that knows of nothing before, and by exact residues, in which a closed node is any array at all.
 * `show` is how equality is shown; one that believes everything leaves residues alone to object.
 */
export function checkCertificate(request: CheckRequest, show = isEqual): CheckResult {
  const { lemmas, lhs, rhs } = request
  if (lemmas.length === 0) {
    if (isSameStructure(lhs, rhs)) return { accepted: true, replay: { lemmas: 0, residues: [] } }
    return rejected(0, 'there is no lemma, and the sides are not the same expression')
  }
  const { inputs, assumptions, generic } = request
  // What the assumptions declare is read anew, not taken from the certificate.
  const setting = {
    inputs,
    assumptions,
    generic,
    declared: declarationsOf(inputs, assumptions, [lhs, rhs]),
  }
  const residues: ResidueResult[] = []
  for (const [at, lemma] of lemmas.entries()) {
    const fault = structuralFault(setting, lemmas.slice(0, at), lemma)
    if (fault !== null) return rejected(at, fault)
    const again = show(equality(setting, request, lemma))
    if (!again.equal) return rejected(at, `it cannot be shown again: ${again.reason}`, again.spent)
    const found = residuesOf(setting, request, lemma)
    if (found.kind === 'differs') return rejected(at, `its sides differ modulo ${found.point.prime}`)
    residues.push(found)
  }
  const last = lemmas.at(-1)!
  if (last.lhs !== lhs || last.rhs !== rhs || last.scale !== null)
    return rejected(lemmas.length - 1, 'it is not the claim')
  return { accepted: true, replay: { lemmas: lemmas.length, residues } }
}

const rejected = (at: number, why: string, spent = false): CheckResult => ({
  accepted: false,
  reason: `lemma ${at + 1}: ${why}`,
  spent,
})

/** What is wrong with how a lemma refers to others, to closed nodes and to the sheet. */
function structuralFault(setting: ProofSetting, before: readonly Lemma[], lemma: Lemma): string | null {
  if (lemma.scale !== null && (lemma.scale.n === 0n || lemma.scale.d === 0n)) return 'its factor is zero or infinite'
  for (const [node, merge] of lemma.uses) {
    const shown = before.some((other) => other.lhs === node && other.rhs === merge.node && sameScale(other.scale, merge.scale)) // prettier-ignore
    if (!shown) return 'it uses an equality that no earlier lemma shows'
  }
  // A node that stands for itself says nothing: `a = b` with both closed would be taken for shown.
  if (lemma.opaque.has(lemma.lhs) || lemma.opaque.has(lemma.rhs)) return 'it keeps one of its own sides closed'
  const known = new Set(reachable([lemma.lhs, lemma.rhs, ...[...lemma.uses.values()].map(({ node }) => node)]))
  for (const node of lemma.opaque) if (!known.has(node)) return 'it keeps a node closed that neither side contains'
  const declared = new Set(setting.assumptions.map(({ text }) => text))
  for (const { name, role } of setting.inputs) if (role === 'onehot') declared.add(`${name} is one-hot`)
  for (const text of lemma.assumptions) if (!declared.has(text)) return `it assumes \`${text}\`, which is not declared`
  return null
}

function sameScale(a: Scale | null, b: Scale | null): boolean {
  if (a === null || b === null) return a === b
  const names = new Set([...a.powers.keys(), ...b.powers.keys()])
  return a.n * b.d === b.n * a.d && [...names].every((name) => (a.powers.get(name) ?? 0) === (b.powers.get(name) ?? 0))
}

/** A lemma as a question to a fresh kernel, with nothing closed or merged but what it names. */
const equality = (setting: ProofSetting, { deadline }: CheckRequest, lemma: Lemma): EqualityRequest => ({
  ...setting,
  lhs: lemma.lhs,
  rhs: lemma.rhs,
  scale: lemma.scale,
  opaque: lemma.opaque,
  merged: lemma.uses,
  open: lemma.open,
  budget: { operations: MOST_OPERATIONS, deadline },
})

/** The lemma at a random point, its closed nodes being arbitrary arrays: more than the claim, and not by the normal form. */
function residuesOf(setting: ProofSetting, { seed }: CheckRequest, lemma: Lemma): ResidueResult {
  const variables = variableCounts([lemma.lhs, lemma.rhs], lemma.opaque, lemma.uses)
  return compareResidues({
    lhs: lemma.lhs,
    rhs: lemma.rhs,
    scale: lemma.scale,
    closed: lemma.opaque,
    merged: lemma.uses,
    assumptions: setting.assumptions,
    declared: setting.declared,
    seed,
    points: 1,
    least: (name) => Math.min(MOST_LENGTH, variables.get(name) ?? 1),
  })
}

/** How many index variables run along axes of each size: one for an axis of a side, one for each label that is summed. */
function variableCounts(
  roots: readonly [Node, Node],
  opaque: ReadonlySet<Node>,
  uses: ReadonlyMap<Node, Merge>,
): Map<string, number> {
  const counts = new Map<string, number>()
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
  roots[0].shape.flatMap(sizeNames).forEach(count)
  const seen = new Set<Node>(roots)
  for (const node of seen) {
    if (opaque.has(node)) continue
    const merge = uses.get(node)
    for (const source of merge === undefined ? node.inputs : [merge.node]) seen.add(source)
    if (merge !== undefined || node.kind !== 'contract') continue
    const { sizes, output } = node.spec
    sizes.forEach((size, label) => {
      if (!output.includes(label)) sizeNames(size).forEach(count)
    })
  }
  return counts
}
