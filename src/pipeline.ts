import { BackproveError } from './base/errors.ts'
import { checkGradient } from './check/check.ts'
import { drawPoint } from './prove/search/point.ts'
import { readData } from './data/data.ts'
import { derive } from './derive/derive.ts'
import type { Derivation } from './derive/derive.ts'
import { derivationSteps } from './derive/steps.ts'
import type { Steps } from './derive/steps.ts'
import { subjectOf } from './derive/subject.ts'
import type { SubjectOptions } from './derive/subject.ts'
import { diagnose, USUAL_MILLISECONDS } from './diagnose/diagnose.ts'
import { expandDerivatives, expandEach } from './differentiate/expand.ts'
import type { ExpansionWarning } from './differentiate/expand.ts'
import { vjp } from './differentiate/reverse.ts'
import { elaborate } from './elaborate/elaborate.ts'
import { evaluate } from './evaluate/evaluate.ts'
import { nestedOf, tensorOf } from './evaluate/nested.ts'
import type { Tensor } from './evaluate/tensor.ts'
import type { Builder } from './graph/builder.ts'
import type { DerivativeNode, InputNode, Node } from './graph/node.ts'
import type { Claim, ClaimSubject, Program, Warning } from './graph/program.ts'
import { reachable } from './graph/walk.ts'
import { toText } from './print/text.ts'
import { judge } from './prove/judge.ts'
import type { Problem } from './prove/search/problem.ts'
import type { Counterexample, Nested, Verdict } from './prove/verdict.ts'
import { sameShape } from './shape/shape.ts'
import { sizeNames } from './shape/size.ts'
import { parseSheet } from './syntax/sheet.ts'

export interface JudgeOptions {
  readonly seed: number
  /** Points at which the sides of a claim are compared. */
  readonly trials: number
  /** The most time for one claim. */
  readonly milliseconds: number
  /** Whether to look for what would mend a claim that is refuted. Default `true`. */
  readonly diagnose?: boolean
}

export const USUAL_OPTIONS: JudgeOptions = { seed: 1, trials: 24, milliseconds: 10_000 }

/** A claim and what became of it. */
export interface Judgement {
  readonly claim: Claim
  readonly verdict: Verdict
  readonly milliseconds: number
}

/** The text of a sheet as a graph. Never throws for what the text holds: its faults are in the program. */
export function readProgram(text: string): Program {
  return elaborate(parseSheet(text))
}

/**
 * Judges the claims of a program one by one, in order; the caller may stop between any two. Derivatives are taken for all
 * claims together, so that a network's gradients share one sweep.
 */
export function* judgeClaims(program: Program, options: JudgeOptions): Generator<Judgement> {
  const problems = problemsOf(program)
  for (const [at, claim] of program.claims.entries()) yield judgement(program, claim, problems[at]!, options)
}

/** Judges the claim at one place, counted from 0. */
export function judgeClaimAt(program: Program, at: number, options: JudgeOptions): Judgement {
  return judgement(program, program.claims[at]!, problemsOf(program)[at]!, options)
}

type Prepared = PreparedClaim | BackproveError

function judgement(program: Program, claim: Claim, prepared: Prepared, options: JudgeOptions): Judgement {
  const start = performance.now()
  const verdict = safely(claim, () => judgeClaim(program, claim, prepared, options))
  return { claim, verdict: withMend(program, claim, verdict, options), milliseconds: performance.now() - start }
}

/** A fault of ours in one claim leaves the others to be judged. */
function safely(claim: Claim, work: () => Verdict): Verdict {
  try {
    return work()
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { verdict: 'disagreement', message, counterexample: null, warnings: claim.warnings }
  }
}

/** What is wrong with a claim that is refuted or ill shaped. */
function withMend(program: Program, claim: Claim, verdict: Verdict, options: JudgeOptions): Verdict {
  if (options.diagnose === false || (verdict.verdict !== 'refuted' && verdict.verdict !== 'error')) return verdict
  const milliseconds = Math.min(options.milliseconds, USUAL_MILLISECONDS)
  try {
    const isPoint = verdict.verdict === 'refuted' && verdict.witness.kind === 'counterexample'
    const counterexample = isPoint ? verdict.witness.counterexample : null
    const request = { program, claim, counterexample, describe: toText, seed: options.seed, milliseconds }
    return { ...verdict, diagnosis: diagnose(request) }
  } catch {
    // The verdict stands by itself; a fault in looking for a mend must not cost it.
    return verdict
  }
}

interface PreparedClaim {
  readonly problem: Problem
  readonly warnings: readonly Warning[]
}

function judgeClaim(program: Program, claim: Claim, prepared: Prepared, options: JudgeOptions): Verdict {
  if (prepared instanceof BackproveError || claim.subject instanceof BackproveError) {
    const error = claim.subject instanceof BackproveError ? claim.subject : (prepared as BackproveError)
    return { verdict: 'error', error: error.at(claim.span), warnings: claim.warnings }
  }
  return judge({
    builder: program.builder,
    problem: prepared.problem,
    shapesDiffer: claim.subject.shapesDiffer,
    warnings: prepared.warnings,
    describe: toText,
    options,
  })
}

/** What each claim asks, with its derivatives taken, or why they cannot be. */
function problemsOf(program: Program): Prepared[] {
  const { builder, claims } = program
  const sides = claims.map(({ subject }) => (subject instanceof BackproveError ? [] : [subject.lhs, subject.rhs]))
  const expansion = expand(builder, [...sides.flat(), ...program.assumptions.flatMap(({ lhs, rhs }) => [lhs, rhs])])
  return claims.map((claim) => {
    if (claim.subject instanceof BackproveError) return claim.subject
    try {
      const { problem, warnings } = problemOf(claim.subject, program, expansion)
      return { problem, warnings: [...claim.warnings, ...warnings] }
    } catch (error) {
      if (error instanceof BackproveError) return error
      throw error
    }
  })
}

interface Expanded {
  /** The node with its derivatives taken; throws why they cannot be. */
  readonly taken: (node: Node) => Node
  readonly warnings: readonly ExpansionWarning[]
}

/** Takes the derivatives of `roots` and of what they are taken of. */
function expand(builder: Builder, roots: readonly Node[]): Expanded {
  const asked = [...new Set([...roots, ...derivativesIn(roots).map((node) => node.inputs[0] as Node)])]
  const { roots: results, warnings } = expandEach(builder, asked)
  const expanded = new Map(asked.map((node, at) => [node, results[at]!]))
  const taken = (node: Node): Node => {
    const result = expanded.get(node)!
    if (result instanceof BackproveError) throw result
    return result
  }
  return { taken, warnings }
}

const derivativesIn = (roots: readonly Node[]): DerivativeNode[] =>
  reachable(roots).filter((node) => node.kind === 'derivative')

type Setting = Pick<Program, 'inputs' | 'sizes' | 'assumptions' | 'roundedConstants'>

function problemOf({ lhs, rhs }: Sides, setting: Setting, { taken, warnings }: Expanded): PreparedClaim {
  const derivatives = derivativesIn([lhs, rhs])
  const problem: Problem = {
    lhs: taken(lhs),
    rhs: taken(rhs),
    lhsRaw: lhs,
    rhsRaw: rhs,
    inputs: setting.inputs,
    sizes: setting.sizes,
    assumptions: setting.assumptions.map((one) => ({ ...one, lhs: taken(one.lhs), rhs: taken(one.rhs) })),
    domain: [...new Set(derivatives.map((node) => taken(node.inputs[0] as Node)))],
    roundedConstants: setting.roundedConstants,
  }
  return { problem, warnings: warnings.filter(({ of }) => derivatives.includes(of)) }
}

export interface Sides {
  readonly lhs: Node
  readonly rhs: Node
}

/** The verdict on two expressions without a sheet, under no assumptions. */
export function judgeSides(builder: Builder, { lhs, rhs }: Sides, options: JudgeOptions): Verdict {
  const nodes = reachable([lhs, rhs])
  const inputs = nodes.filter((node) => node.kind === 'input')
  const sizes = [...new Set(nodes.flatMap(({ shape }) => shape.flatMap(sizeNames)))]
  const setting = { inputs, sizes, assumptions: [], roundedConstants: new Map<Node, string>() }
  const { problem, warnings } = problemOf({ lhs, rhs }, setting, expand(builder, [lhs, rhs]))
  const shapesDiffer = sameShape(lhs.shape, rhs.shape) ? null : { lhs: lhs.shape, rhs: rhs.shape }
  return judge({ builder, problem, shapesDiffer, warnings, describe: toText, options })
}

/** The values of both sides of a claim at a point where they differ. */
export function sidesAt(program: Program, subject: ClaimSubject, point: Counterexample): { lhs: Nested; rhs: Nested } {
  const { roots } = expandDerivatives(program.builder, [subject.lhs, subject.rhs])
  const inputs = new Map<Node, Tensor>()
  for (const input of program.inputs) {
    const value = point.values.get(input.name)
    if (value !== undefined) inputs.set(input, tensorOf(value))
  }
  const [lhs, rhs] = evaluate(roots, { sizes: point.sizes, inputs })
  return { lhs: nestedOf(lhs!), rhs: nestedOf(rhs!) }
}

export interface CheckOptions {
  readonly seed: number
  /** Text of a file with values: JSON, or a table of comma-separated numbers. */
  readonly data?: string
  readonly of?: string
}

/** The gradient check of a sheet's loss by its parameters, ready to run; see `checkGradient`. */
export function checkProgram(
  program: Program,
  options: CheckOptions,
): { of: string; run: ReturnType<typeof checkGradient> } {
  const { builder, inputs, sizes } = program
  const { of, value, wrt } = subjectOf(program, options.of === undefined ? {} : { of: options.of })
  const data = options.data === undefined ? null : readData(options.data, inputs)
  const sides = program.assumptions.flatMap(({ lhs, rhs }) => [lhs, rhs])
  const expanded = expandDerivatives(builder, sides).roots
  const assumptions = program.assumptions.map((assumption, at) => ({
    ...assumption,
    lhs: expanded[2 * at]!,
    rhs: expanded[2 * at + 1]!,
  }))
  const below = new Set(reachable([value]))
  const parameters = wrt.filter((node): node is InputNode => node.kind === 'input' && below.has(node))
  const gradients = vjp(builder, value, parameters)
  const point = drawPoint({ loss: value, inputs, sizes, assumptions, data, seed: options.seed })
  const request = {
    loss: value,
    parameters: parameters.map((parameter, at) => ({ parameter, gradient: gradients[at]! })),
    point,
    seed: options.seed,
  }
  return { of: of.name, run: checkGradient(request) }
}

/** The gradients of a sheet's loss, short. */
export const deriveProgram = (program: Program, options: SubjectOptions = {}): Derivation => derive(program, options)

/** How they are derived, node by node. */
export const stepsOf = (program: Program, options: SubjectOptions = {}): Steps => derivationSteps(program, options)
