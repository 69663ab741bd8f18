import { rewritten } from '../activation/spelling.ts'
import type { LearningCurve } from '../activation/learning-plot.ts'
import type { Subject } from '../activation/subject.ts'
import { BackproveError } from '../base/errors.ts'
import { pause } from '../base/pause.ts'
import { elaborate } from '../elaborate/elaborate.ts'
import { fit } from '../fit/fit.ts'
import type { FitOptions } from '../fit/fit.ts'
import { trainingOf } from '../fit/program.ts'
import type { TrainingRequest } from '../fit/program.ts'
import type { Node } from '../graph/node.ts'
import { toText } from '../print/text.ts'
import { partsOf } from '../syntax/ast.ts'
import type { Definition, FunctionDefinition, Sheet, Statement } from '../syntax/ast.ts'
import { parseExpression, parseSheet } from '../syntax/sheet.ts'

/** What the sheet's activation is called: its definition is what the compared functions take the place of. */
const SLOT = 'g'

/** One training, from one seed. */
export interface Run {
  readonly seed: number
  /** The cost before each step. */
  readonly costs: readonly number[]
  readonly diverged: boolean
  /** `null` without labels, or where the cost is no longer finite. */
  readonly accuracy: number | null
}

export interface Trial {
  readonly subject: Subject
  readonly runs: readonly Run[]
}

export interface Trials {
  /** The cost. */
  readonly of: string
  readonly iterations: number
  readonly assumed: ReadonlyMap<string, number>
  readonly trials: readonly Trial[]
  readonly interrupted: boolean
}

export interface TrialOptions extends Omit<FitOptions, 'onProgress' | 'seed' | 'resume'> {
  /** Trainings of each activation, from the seeds 1, 2, …: the same for all of them. */
  readonly runs: number
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * The activation as an expression that means the same in any sheet: parameters are numbers, and what another sheet had
 * names for is written out.
 */
export function formulaOf({ builder, root, z, parameters }: Subject): string {
  const values = new Map<Node, Node>(parameters.map(({ node, value }) => [node, builder.constant(value)]))
  const closed = rewritten(root, builder, (node) => {
    if (node.kind === 'definition') return node.inputs[0]!
    return values.get(node) ?? node
  })
  return toText(closed, { names: new Map([[z, z.name]]) })
}

/**
 * The sheet with the activation in place of its `g(z)`, without claims: these may hold for the sheet's own `g` alone.
 * Throws `unknown-function` where there is no `g(z)`, or nothing calls it.
 */
export function withActivation(sheet: Sheet, subject: Subject): Sheet {
  const isSlot = (statement: Statement): statement is FunctionDefinition | Definition =>
    (statement.kind === 'function' || (statement.kind === 'definition' && statement.value.kind === 'name')) &&
    statement.target.name === SLOT &&
    statement.target.indices.length === 0
  const own = sheet.statements.find(isSlot)
  const hint = `define ${SLOT}(z) = tanh(z) and let the hidden layer be ${SLOT}(Z1)`
  if (own === undefined) throw new BackproveError('unknown-function', `the sheet defines no \`${SLOT}(z)\``, { hint })
  // `g = tanh` names a function of one number.
  if (own.kind === 'function' && own.parameters.length !== 1) {
    throw new BackproveError('argument', `\`${SLOT}\` must be a function of one number`, { hint, span: own.span })
  }
  // That a lone name stands for a function shows where it is called.
  if (!sheet.statements.some((statement) => calls(statement, own.kind === 'function'))) {
    throw new BackproveError('unknown-function', `nothing in the sheet calls \`${SLOT}\``, { hint, span: own.span })
  }
  const { name } = subject.z
  const body = parseExpression(formulaOf(subject))
  return {
    statements: sheet.statements
      .filter(({ kind }) => kind !== 'claim')
      .map((statement) =>
        isSlot(statement)
          ? { kind: 'function', target: own.target, parameters: [{ name, span: own.span }], body, span: own.span }
          : statement,
      ),
  }
}

function calls(statement: Statement, byName: boolean): boolean {
  if (statement.kind === 'loop') return statement.body.some((inner) => calls(inner, byName))
  if (statement.kind !== 'definition' && statement.kind !== 'function') return false
  const value = statement.kind === 'definition' ? statement.value : statement.body
  for (const part of partsOf(value)) {
    // `h = g` gives the function another name.
    if (part.kind === 'name' ? byName && part.name === SLOT : part.kind === 'call' && part.callee.name === SLOT)
      return true
  }
  return false
}

/** Trains the sheet's network with each activation from the same seeds. Throws as `withActivation` and `trainingOf` do. */
export async function runTrials(
  sheetText: string,
  request: TrainingRequest,
  subjects: readonly Subject[],
  { runs, onProgress, ...options }: TrialOptions,
): Promise<Trials> {
  const sheet = parseSheet(sheetText)
  const problems = subjects.map((subject) => {
    const program = elaborate(withActivation(sheet, subject))
    const [error] = program.errors
    if (error !== undefined) throw error
    return { subject, training: trainingOf(program, request) }
  })
  const total = problems.length * runs * options.iterations
  const trials: Trial[] = []
  let finished = 0
  let interrupted = false
  for (const { subject, training } of problems) {
    const done: Run[] = []
    for (let seed = 1; seed <= runs && !interrupted; seed++) {
      // A short training leaves no gap in which an interrupt is heard.
      await pause()
      const result = await fit(training.problem, {
        ...options,
        seed,
        onProgress: (step) => onProgress?.(finished + step, total),
      })
      finished += options.iterations
      interrupted = result.ended === 'interrupted'
      if (interrupted) break
      const diverged = result.ended === 'diverged'
      const accuracy = diverged || training.accuracy === null ? null : training.accuracy(result.params)
      done.push({ seed, costs: result.history, diverged, accuracy })
    }
    trials.push({ subject, runs: done })
  }
  const { of, assumed } = problems[0]!.training
  return { of, iterations: options.iterations, assumed, trials, interrupted }
}

/** Points of a curve. */
const MOST_POINTS = 240

/** The median of the runs and how far they lie apart, at steps that are evenly spread. */
export function curveOf({ runs }: Trial, iterations: number): LearningCurve {
  const count = Math.min(iterations, MOST_POINTS)
  const steps = Array.from({ length: count }, (_, at) => Math.round((at * (iterations - 1)) / Math.max(1, count - 1)))
  return steps.map((step) => {
    const costs = runs.map(({ costs }) => costs[step] ?? Infinity).sort((a, b) => a - b)
    return { step, low: costs[0] ?? NaN, median: medianOf(costs), high: costs.at(-1) ?? NaN }
  })
}

function medianOf(sorted: readonly number[]): number {
  const [a, b] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN]
  return a === b ? a : (a + b) / 2
}

export interface Spread {
  readonly mean: number
  /** The standard deviation of the sample; 0 for a single value. */
  readonly deviation: number
}

/** `null` for no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return { mean, deviation: values.length === 1 ? 0 : Math.sqrt(squares / (values.length - 1)) }
}

/** The costs before the last step of the runs that came to it. */
export const finalCosts = ({ runs }: Trial): number[] =>
  runs.flatMap(({ costs, diverged }) => (diverged || costs.length === 0 ? [] : [costs.at(-1)!]))

export const accuracies = ({ runs }: Trial): number[] =>
  runs.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]))
