import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Assumption, Warning } from '../graph/program.ts'
import { evaluateAll } from '../evaluate/evaluate.ts'
import { TENSORS } from '../evaluate/algebra.ts'
import { reachable } from '../graph/walk.ts'
import { declaredTraits } from './assumptions.ts'
import type { Declared } from './assumptions.ts'
import { neededLemmas } from './certificate.ts'
import type { Certificate, Lemma, ProofSetting } from './certificate.ts'
import { declarationsOf } from './declarations.ts'
import { contradiction, definednessConditions } from './conditions.ts'
import { crossCheck } from './cross-check.ts'
import { nodeTraits } from './node-traits.ts'
import { DIRECT, PATIENT, provePair } from './prover.ts'
import type { Failure, ProofContext } from './prover.ts'
import { Search } from './search/search.ts'
import type { Agreement, Problem, SearchResult } from './search/problem.ts'
import { isSameStructure } from './structure.ts'
import { sweep } from './sweep.ts'
import type { Sample } from './sweep.ts'
import type { ShapesDiffer, Verdict } from './verdict.ts'

export interface JudgeOptions {
  readonly seed: number
  readonly trials: number
  /** Time for one claim. */
  readonly milliseconds: number
  readonly signal?: { readonly aborted: boolean }
}

export interface JudgeRequest {
  readonly builder: Builder
  readonly problem: Problem
  readonly shapesDiffer: ShapesDiffer | null
  readonly warnings: readonly Warning[]
  /** The sheet's spelling of a node. */
  readonly describe: (node: Node) => string
  readonly options: JudgeOptions
}

/** Points at which a claim is looked at before a proof is sought: most false ones fall at the first. */
const FIRST_TRIALS = 2
/** Points that must agree with a proof: lengths that differ, in two orders, that are equal, and that are 1. */
const TRIALS_BESIDE_PROOF = 4

/**
 * The verdict on one claim, by the ladder: shapes, one trial, the same node, normal forms, a sweep, then more trials that
 * must agree with what was proved.
 */
export function judge(request: JudgeRequest): Verdict {
  const { problem, options, shapesDiffer, warnings } = request
  if (shapesDiffer !== null) {
    return {
      verdict: 'refuted',
      method: 'shapes',
      trials: 0,
      witness: { kind: 'shapes', shapes: shapesDiffer },
      diagnosis: null,
      warnings,
    }
  }
  const deadline = Date.now() + options.milliseconds
  const trials = new Search(problem, options.seed)
  const first = trials.run({ ...options, trials: FIRST_TRIALS, thorough: false })
  if (first.kind !== 'agreement') return withoutProof(request, first)
  const ties = telling(problem, first)
  let proof = prove(request, first, ties, deadline)
  const milliseconds = Math.max(50, deadline - Date.now())
  const enough = 'steps' in proof ? Math.min(options.trials, TRIALS_BESIDE_PROOF) : options.trials
  let second = trials.run({ ...options, trials: enough, milliseconds, far: !('steps' in proof) })
  if ('steps' in proof && !ties && leavesOut(problem, second)) {
    proof = prove(request, first, true, deadline)
    if (!('steps' in proof) && second.kind === 'agreement') second = trials.run({ ...options, milliseconds, far: true })
  }
  if ('steps' in proof) {
    if (second.kind === 'agreement') return checked(request, proof, second)
    if (second.kind === 'none') return withoutProof(request, second)
    return {
      verdict: 'disagreement',
      message: `a proof by ${proof.method} and a counterexample contradict one another; please report this sheet with seed ${options.seed}`,
      counterexample: second.counterexample,
      warnings,
    }
  }
  if (second.kind !== 'agreement') return withoutProof(request, second)
  return tested(request, second, proof.reason)
}

function tested({ warnings }: JudgeRequest, agreement: Agreement, reason: string): Verdict {
  return {
    verdict: 'tested',
    method: 'trials',
    conditions: [],
    trials: agreement.trials,
    tolerance: agreement.tolerance,
    reason: agreement.explainedByRounding ? 'the sides differ by the rounding of a constant' : reason,
    warnings: [...warnings, ...agreement.warnings],
  }
}

function withoutProof(request: JudgeRequest, result: Exclude<SearchResult, Agreement>): Verdict {
  const { warnings } = request
  switch (result.kind) {
    case 'difference':
      return {
        verdict: 'refuted',
        method: 'counterexample',
        trials: result.trials + 1,
        witness: { kind: 'counterexample', counterexample: result.counterexample },
        diagnosis: null,
        warnings: [...warnings, ...result.warnings],
      }
    case 'none':
      return { verdict: 'undecided', trials: 0, reason: result.reason, warnings: [...warnings, ...result.warnings] }
    case 'conflict':
      return { verdict: 'disagreement', message: result.message, counterexample: result.counterexample, warnings }
  }
}

interface Proof extends Certificate {
  readonly method: string
  readonly assumptions: readonly string[]
}

function prove(request: JudgeRequest, trial: Agreement, ties: boolean, deadline: number): Proof | Failure {
  const { problem } = request
  const { assumptions, declared } = declarations(problem)
  const context: ProofContext = {
    inputs: problem.inputs,
    assumptions,
    declared,
    generic: !ties,
    deadline,
  }
  if (isSameStructure(problem.lhs, problem.rhs)) {
    const steps = [{ rule: 'same-node', place: 'both sides', conditions: [] }]
    return { method: 'same-node', steps, lemmas: [], assumptions: [], setting: context }
  }
  const pair = { lhs: problem.lhs, rhs: problem.rhs, scale: null }
  const direct = provePair(context, pair, new Map(), DIRECT)
  if ('opaque' in direct) return finished('normal-form', [direct], context)
  const samples = trial.points.map((point): Sample => ({
    sizes: point.sizes,
    values: evaluateAll(TENSORS, reachable([problem.lhs, problem.rhs]), point),
  }))
  const { merged, lemmas } = sweep(context, problem.lhs, problem.rhs, samples)
  const last = provePair(context, pair, merged, PATIENT)
  return 'opaque' in last ? finished('sweep', neededLemmas([...lemmas, last]), context) : last
}

function declarations(problem: Problem): { assumptions: readonly Assumption[]; declared: Declared } {
  const assumptions = relevantAssumptions(problem)
  return { assumptions, declared: declarationsOf(problem.inputs, assumptions, [problem.lhs, problem.rhs]) }
}

/**
 * Whether a proof that leaves ties out, on the word of the first trials, is called in question by later ones: a tie that
 * stays was met, or a difference.
 */
const leavesOut = (problem: Problem, later: SearchResult): boolean =>
  later.kind === 'difference' || (later.kind === 'agreement' && telling(problem, later))

/**
 * Whether a tie was met that a proof may not leave out: in the comparison of analytic values, or in a maximum. Other
 * comparisons tie by nature (`a == max(a)` at the maximum, `relu(z) > 0` where `z < 0`), and nothing is concluded from
 * theirs.
 */
function telling(problem: Problem, trial: Agreement): boolean {
  const tied = trial.switches.filter(({ tie }) => tie).map(({ node }) => node)
  if (tied.length === 0) return false
  const traits = nodeTraits(tied, declarations(problem).declared.traits)
  return tied.some(
    (node) => node.kind === 'reduce' || node.inputs.every((input) => traits.get(input)?.analytic === true),
  )
}

/** Assumptions about something that the claim depends on. */
function relevantAssumptions({ lhs, rhs, assumptions }: Problem): Assumption[] {
  const used = new Set(reachable([lhs, rhs]))
  return assumptions.filter((assumption) =>
    reachable([assumption.lhs, assumption.rhs]).some((node) => node.kind === 'input' && used.has(node)),
  )
}

function finished(method: string, lemmas: readonly Lemma[], setting: ProofSetting): Proof {
  const assumptions = new Set(lemmas.flatMap((lemma) => lemma.assumptions))
  return { method, lemmas, steps: lemmas.flatMap(({ steps }) => steps), assumptions: [...assumptions], setting }
}

/** Longest that the checks of a proof may take beyond the time for its search: about as long as the search itself. */
const CHECKING_MILLISECONDS = 20_000

/** `proved`, unless exact residues or the replay of the certificate deny it. */
function checked(request: JudgeRequest, proof: Proof, agreement: Agreement): Verdict {
  const { problem, options, warnings } = request
  const check = crossCheck(proof, problem, options.seed, Date.now() + CHECKING_MILLISECONDS)
  if ('certificate' in check) return proved(request, { ...proof, ...check.certificate }, agreement)
  if ('unfinished' in check) return tested(request, agreement, check.unfinished)
  return {
    verdict: 'disagreement',
    message: `a proof by ${proof.method} stands, but ${check.contradiction}; please report this sheet with seed ${options.seed}`,
    counterexample: null,
    warnings,
  }
}

function proved(request: JudgeRequest, proof: Proof, agreement: Agreement): Verdict {
  const { builder, problem, describe, warnings } = request
  const declared = declaredTraits(problem.inputs, problem.assumptions)
  // From a contradiction anything follows, and the proof says nothing.
  const nowhere = contradiction(builder, problem, declared.traits, describe)
  if (nowhere !== null)
    return { verdict: 'undecided', trials: 0, reason: `no point of the domain: ${nowhere}`, warnings }
  const kinks = agreement.switches.filter(({ tie }) => !tie).map(({ node }) => `off the kinks of ${describe(node)}`)
  const conditions = [
    ...proof.assumptions.map((text) => `assumed: ${text}`),
    ...new Set(kinks),
    ...definednessConditions(builder, [problem.lhs, problem.rhs], declared.traits, describe),
  ]
  return {
    verdict: 'proved',
    method: proof.method,
    conditions,
    trials: agreement.trials,
    certificate: proof,
    warnings: [...warnings, ...agreement.warnings],
  }
}
