import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Warning } from '../graph/program.ts'
import { evaluateAll } from '../evaluate/evaluate.ts'
import { TENSORS } from '../evaluate/algebra.ts'
import { reachable } from '../graph/walk.ts'
import { declaredTraits, withOneHot } from './assumptions.ts'
import type { Certificate } from './certificate.ts'
import { definednessConditions } from './conditions.ts'
import { DIRECT, PATIENT, provePair } from './prover.ts'
import type { Failure, Lemma, ProofContext } from './prover.ts'
import { search } from './search/search.ts'
import type { Agreement, Problem } from './search/problem.ts'
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
  const first = search(problem, { ...options, trials: 2, thorough: false })
  if (first.kind !== 'agreement') return withoutProof(request, first)
  const proof = prove(request, first, deadline)
  const left = Math.max(50, deadline - Date.now())
  const second = search(problem, { ...options, milliseconds: left })
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

function withoutProof(request: JudgeRequest, result: Exclude<ReturnType<typeof search>, Agreement>): Verdict {
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
  const declared = withOneHot(declaredTraits(problem.inputs, problem.assumptions), problem.assumptions)
  const context: ProofContext = {
    inputs: problem.inputs,
    assumptions: problem.assumptions,
    declared,
    generic: trial.switches.every(({ tie }) => !tie),
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
