import type { Certificate } from './certificate.ts'
import { checkCertificate } from './checker.ts'
import { compareResidues } from './residue/residue.ts'
import type { Problem } from './search/problem.ts'

/** Random points at which a proved claim is looked at in residues. */
const POINTS = 2

export type CrossCheck =
  | { readonly certificate: Certificate }
  | { readonly contradiction: string }
  /** The checks took too long: nothing is said against the proof, and nothing for it. */
  | { readonly unfinished: string }

/**
 * Holds a proof against what was made without it: the claim in exact residues, and a replay of the certificate. Where
 * either denies it, the message says what is needed to see that again.
 */
export function crossCheck(certificate: Certificate, problem: Problem, seed: number, deadline: number): CrossCheck {
  const { setting, lemmas } = certificate
  const { lhs, rhs } = problem
  const nothing = { scale: null, closed: new Set<never>(), merged: new Map<never, never>() }
  const residues = compareResidues({ ...setting, ...nothing, lhs, rhs, seed, points: POINTS })
  if (residues.kind === 'differs') {
    const { prime, sizes } = residues.point
    const lengths = [...sizes].map(([name, length]) => `${name} = ${length}`).join(', ')
    return { contradiction: `the sides differ modulo ${prime} at ${lengths === '' ? 'a random point' : lengths}` }
  }
  const replay = checkCertificate({ ...setting, lemmas, lhs, rhs, seed, deadline })
  if (!replay.accepted && replay.spent) return { unfinished: `the proof could not be replayed: ${replay.reason}` }
  if (!replay.accepted) return { contradiction: `the replay of the certificate rejects ${replay.reason}` }
  return { certificate: { ...certificate, residues, replay: replay.replay } }
}
