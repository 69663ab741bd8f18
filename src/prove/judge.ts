import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Assumption, Warning } from '../graph/program.ts'
import { evaluateAll } from '../evaluate/evaluate.ts'
import { TENSORS } from '../evaluate/algebra.ts'
import { reachable } from '../graph/walk.ts'
import { declaredTraits, withOneHot } from './assumptions.ts'
import type { Declared } from './assumptions.ts'
import type { Certificate } from './certificate.ts'
import { definednessConditions } from './conditions.ts'
import { nodeTraits } from './node-traits.ts'
import { DIRECT, PATIENT, provePair } from './prover.ts'
import type { Failure, Lemma, ProofContext } from './prover.ts'
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
  const proof = prove(request, first, deadline)
  const milliseconds = Math.max(50, deadline - Date.now())
  const enough = 'steps' in proof ? Math.min(options.trials, TRIALS_BESIDE_PROOF) : options.trials
  const second = trials.run({ ...options, trials: enough, milliseconds })
  if ('steps' in proof) {
    if (second.kind === 'agreement') return proved(request, proof, second)
    if (second.kind === 'none') return withoutProof(request, second)
    return {
      verdict: 'disagreement',
      message: `a proof by ${proof.method} and a counterexample contradict one another; please report this sheet with seed ${options.seed}`,
      counterexample: second.counterexample,
      warnings,
    }
  }
  if (second.kind !== 'agreement') return withoutProof(request, second)
  return {
    verdict: 'tested',
    method: 'trials',
    conditions: [],
    trials: second.trials,
    tolerance: second.tolerance,
    reason: second.explainedByRounding ? 'the sides differ by the rounding of a constant' : proof.reason,
    warnings: [...warnings, ...second.warnings],
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

function prove(request: JudgeRequest, trial: Agreement, deadline: number): Proof | Failure {
  const { problem } = request
  if (isSameStructure(problem.lhs, problem.rhs)) {
    const steps = [{ rule: 'same-node', place: 'both sides', conditions: [] }]
    return { method: 'same-node', steps, lemmas: [], assumptions: [] }
  }
  const assumptions = relevantAssumptions(problem)
  const declared = withOneHot(declaredTraits(problem.inputs, assumptions), assumptions)
  const context: ProofContext = {
    inputs: problem.inputs,
    assumptions,
    declared,
    generic: isGeneric(trial, declared),
    deadline,
  }
  const pair = { lhs: problem.lhs, rhs: problem.rhs, scale: null }
  const direct = provePair(context, pair, new Map(), DIRECT)
  if ('opaque' in direct) return finished('normal-form', [direct])
  const samples = trial.points.map((point): Sample => ({
    sizes: point.sizes,
    values: evaluateAll(TENSORS, reachable([problem.lhs, problem.rhs]), point),
  }))
  const { merged, lemmas } = sweep(context, problem.lhs, problem.rhs, samples)
  const last = provePair(context, pair, merged, PATIENT)
  return 'opaque' in last ? finished('sweep', [...lemmas, last]) : last
}

/**
 * Whether ties may be left out: none was met in the comparison of analytic values or in a maximum. Other comparisons tie
 * by nature (`a == max(a)` at the maximum, `relu(z) > 0` where `z < 0`), and nothing is concluded from theirs.
 */
function isGeneric(trial: Agreement, declared: Declared): boolean {
  const tied = trial.switches.filter(({ tie }) => tie).map(({ node }) => node)
  const traits = nodeTraits(tied, declared.traits)
  return tied.every(
    (node) => node.kind !== 'reduce' && node.inputs.some((input) => traits.get(input)?.analytic !== true),
  )
}

/** Assumptions about something that the claim depends on. */
function relevantAssumptions({ lhs, rhs, assumptions }: Problem): Assumption[] {
  const used = new Set(reachable([lhs, rhs]))
  return assumptions.filter((assumption) =>
    reachable([assumption.lhs, assumption.rhs]).some((node) => node.kind === 'input' && used.has(node)),
  )
}

function finished(method: string, lemmas: readonly Lemma[]): Proof {
  const assumptions = new Set(lemmas.flatMap((lemma) => lemma.assumptions))
  return { method, lemmas, steps: lemmas.flatMap(({ steps }) => steps), assumptions: [...assumptions] }
}

function proved(request: JudgeRequest, proof: Proof, agreement: Agreement): Verdict {
  const { builder, problem, describe, warnings } = request
  const declared = declaredTraits(problem.inputs, problem.assumptions)
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
