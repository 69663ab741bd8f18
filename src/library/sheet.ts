import { BackproveError } from '../base/errors.ts'
import type { ParameterCheck } from '../check/check.ts'
import type { Derivation } from '../derive/derive.ts'
import type { SubjectOptions } from '../derive/subject.ts'
import { vetWhole } from '../fit/vet.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { checkProgram, deriveProgram, judgeClaims, judgeSides, readProgram, USUAL_OPTIONS } from '../pipeline.ts'
import type { CheckOptions, JudgeOptions, Judgement } from '../pipeline.ts'
import type { Verdict } from '../prove/verdict.ts'
import { programOf, SUBJECT_OPTIONS, vetOptions } from './options.ts'
import type { OptionNames } from './options.ts'

/** A sheet and what became of its claims. */
export interface Verification {
  readonly program: Program
  readonly judgements: readonly Judgement[]
  /** Faults outside the claims. */
  readonly errors: readonly BackproveError[]
  /** Whether the sheet is understood, makes claims, and all of them are proved, or tested without a difference. */
  readonly holds: boolean
}

export type VerifyOptions = Partial<JudgeOptions>

const JUDGE_OPTIONS: OptionNames<JudgeOptions> = { seed: true, trials: true, milliseconds: true, diagnose: true }
const CHECK_OPTIONS: OptionNames<CheckOptions> = { seed: true, data: true, of: true }

function judging(what: string, given: VerifyOptions): JudgeOptions {
  const options = { ...USUAL_OPTIONS, ...vetOptions(what, given, JUDGE_OPTIONS) }
  vetWhole('seed', options.seed, 0)
  vetWhole('trials', options.trials, 1)
  if (!(options.milliseconds > 0)) {
    throw new BackproveError(
      'argument',
      `milliseconds takes a positive number, not \`${String(options.milliseconds)}\``,
    )
  }
  return options
}

/** Reads a sheet. What is wrong with it stands in `errors`, or in the claims concerned. */
export const parseSheet = (text: string): Program => readProgram(text)

/** Judges every claim of a sheet. */
export function verify(sheet: string | Program, options: VerifyOptions = {}): Verification {
  const program = programOf(sheet)
  const judgements = [...judgeClaims(program, judging('verify', options))]
  const good = judgements.every(({ verdict }) => verdict.verdict === 'proved' || verdict.verdict === 'tested')
  const holds = good && judgements.length > 0 && program.errors.length === 0
  return { program, judgements, errors: program.errors, holds }
}

export interface GradientCheck {
  readonly of: string
  readonly parameters: readonly ParameterCheck[]
  readonly pass: boolean
}

/** Compares the gradient of a sheet's cost by each parameter with central differences. */
export function check(sheet: string | Program, options: Partial<CheckOptions> = {}): GradientCheck {
  const program = programOf(sheet)
  vetOptions('check', options, CHECK_OPTIONS)
  const { of, run } = checkProgram(program, { seed: USUAL_OPTIONS.seed, ...options })
  let step = run.next()
  while (step.done !== true) step = run.next()
  const parameters = step.value
  return { of, parameters, pass: parameters.every(({ pass }) => pass) }
}

/** The gradients of a sheet's cost by its parameters, short, as text and TeX. */
export function derive(sheet: string | Program, options: SubjectOptions = {}): Derivation {
  return deriveProgram(programOf(sheet), vetOptions('derive', options, SUBJECT_OPTIONS))
}

/** The function that judges whether two expressions of a graph are equal. */
export function createVerifier(builder: Builder) {
  return {
    /** The verdict on `lhs == rhs`, for all sizes and all values. */
    verifyEqual: (lhs: Node, rhs: Node, options: VerifyOptions = {}): Verdict =>
      judgeSides(builder, { lhs, rhs }, judging('verifyEqual', options)),
  }
}
