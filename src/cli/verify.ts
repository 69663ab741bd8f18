import { BackproveError } from '../base/errors.ts'
import type { Program } from '../graph/program.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../pipeline.ts'
import type { JudgeOptions } from '../pipeline.ts'
import { STATUS, worst } from './command.ts'
import type { Command, Status } from './command.ts'
import { readArguments, secondsOption, usageError, wholeOption } from './options.ts'
import { readText } from './read.ts'
import { timeText } from './report/claim.ts'
import { errorText, reproductionText } from './report/errors.ts'
import { errorJson } from './report/json.ts'
import { reportOf } from './report/report.ts'
import type { ClaimReport } from './report/report.ts'
import { nameOf, statusOf, summarise, summaryText } from './report/summary.ts'
import type { Terminal } from './terminal.ts'
import { judgeInThread } from './thread.ts'
import { watch } from './watch.ts'

const HELP = `usage: backprove verify SHEET… [--json] [--strict] [--explain] [--watch]
                        [--seed N] [--trials N] [--timeout SECONDS]

Judges every claim of the sheets; \`-\` is standard input.

  --json             one JSON object instead of text
  --strict           a claim that is only tested or undecided counts as refuted
  --explain          print the steps of each proof and what it rests on
  --watch            judge again whenever a sheet is saved
  --seed N           of the random points (${USUAL_OPTIONS.seed})
  --trials N         points at which both sides are compared (${USUAL_OPTIONS.trials})
  --timeout SECONDS  the most time for one claim (${USUAL_OPTIONS.milliseconds / 1000})

Signs: ✓ proved  ~ tested  ✗ refuted  ? undecided  ! error
`

export const verify: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { options, positionals } = readArguments('verify', args, {
      json: 'flag',
      strict: 'flag',
      explain: 'flag',
      watch: 'flag',
      seed: 'text',
      trials: 'text',
      timeout: 'text',
    })
    const settings: Settings = {
      ...options,
      judging: {
        seed: wholeOption('seed', options.seed, USUAL_OPTIONS.seed, { least: 0, most: Number.MAX_SAFE_INTEGER }),
        trials: wholeOption('trials', options.trials, USUAL_OPTIONS.trials, { least: 1, most: 1_000_000 }),
        milliseconds: secondsOption('timeout', options.timeout, USUAL_OPTIONS.milliseconds),
      },
    }
    if (positionals.length === 0) throw usageError('no sheet is named', 'verify')
    if (!options.watch) return verifyAll(positionals, settings, terminal)
    if (positionals.includes('-')) throw usageError('--watch needs files, not standard input', 'verify')
    return watch(positionals, terminal, () => verifyAll(positionals, settings, terminal))
  },
}

interface Settings {
  readonly json: boolean
  readonly strict: boolean
  readonly explain: boolean
  readonly judging: JudgeOptions
}

/** What is known of a sheet: all of it unless the run was interrupted. */
interface Judged {
  readonly file: string
  readonly errors: readonly BackproveError[]
  readonly reports: ClaimReport[]
}

async function verifyAll(files: readonly string[], settings: Settings, terminal: Terminal): Promise<Status> {
  const judged: Judged[] = []
  for (const [at, file] of files.entries()) {
    if (!(await terminal.breathe())) break
    if (!settings.json && at > 0) terminal.print('\n')
    await verifyOne(file, settings, terminal, judged)
  }
  const summary = summarise(judged.flatMap(({ reports }) => reports.map(({ verdict }) => nameOf(verdict))))
  if (settings.json) {
    const sheets = judged.map(({ file, reports, errors }) => ({
      file,
      claims: reports.map(({ json }) => json),
      errors: errors.map(errorJson),
    }))
    const { interrupted } = terminal
    const report = { version: 1, seed: settings.judging.seed, ...(interrupted ? { interrupted } : {}), sheets, summary }
    terminal.print(`${JSON.stringify(report, null, 2)}\n`)
  } else if (judged.length > 1) {
    terminal.print(`\n${terminal.paint.strong(`${judged.length} sheets`)}, ${summaryText(summary, terminal.paint)}\n`)
  }
  if (terminal.interrupted) {
    terminal.message('backprove: interrupted\n')
    return STATUS.interrupted
  }
  return worst(judged.flatMap((sheet) => [...statusesOf(sheet, settings.strict)]))
}

function* statusesOf({ errors, reports }: Judged, strict: boolean): Generator<Status> {
  if (errors.length > 0) yield STATUS.faulty
  for (const { verdict } of reports) yield statusOf(verdict, strict)
}

async function verifyOne(file: string, settings: Settings, terminal: Terminal, into: Judged[]): Promise<void> {
  const start = performance.now()
  const { paint } = terminal
  const text = await orError(() => readText(file))
  terminal.hold()
  const program = text instanceof BackproveError ? text : await orError(() => readProgram(text))
  const errors = program instanceof BackproveError ? [program] : [...program.errors, ...noClaims(program)]
  const sheet: Judged = { file, errors, reports: [] }
  into.push(sheet)
  if (!settings.json) terminal.print(`${paint.strong(file)}\n`)
  if (!settings.json) for (const error of errors) terminal.message(errorText(file, error))
  if (program instanceof BackproveError || text instanceof BackproveError) return
  for await (const report of reports(text, program, settings, terminal)) {
    sheet.reports.push(report)
    if (!settings.json) terminal.print(`${report.lines.join('\n')}\n`)
    if (report.message !== null) {
      terminal.message(reproductionText(file, report, settings.judging, report.message))
    }
  }
  if (settings.json) return
  const resting = restingOn(sheet.reports)
  if (resting !== '' && !settings.explain) terminal.print(paint.faint(resting))
  const summary = summarise(sheet.reports.map(({ verdict }) => nameOf(verdict)))
  terminal.print(`${summaryText(summary, paint)} ${paint.faint(`in ${timeText(performance.now() - start)}`)}\n`)
}

/** A claim that takes longer than this is judged anew in a thread, so that an interrupt is heard meanwhile. */
const SLICE = 1500

/** What became of each claim, until there is no reason to go on. */
async function* reports(
  text: string,
  program: Program,
  { judging, explain }: Settings,
  terminal: Terminal,
): AsyncGenerator<ClaimReport> {
  const { paint, width, isColoured } = terminal
  const isSliced = judging.milliseconds > SLICE
  let at = 0
  for (const judgement of judgeClaims(program, isSliced ? { ...judging, milliseconds: SLICE } : judging)) {
    const { verdict } = judgement.verdict
    const isCutOff = judgement.milliseconds > 0.9 * SLICE && (verdict === 'tested' || verdict === 'undecided')
    const report =
      isSliced && isCutOff
        ? await judgeInThread({ text, at, options: judging, style: { isColoured, width, explain } }, terminal)
        : reportOf(judgement, program, { paint, width, explain })
    if (report === null) return
    yield report
    if (!(await terminal.breathe())) return
    at++
  }
}

async function orError<T>(work: () => T | Promise<T>): Promise<T | BackproveError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BackproveError && error.code !== 'internal') return error
    throw error
  }
}

const noClaims = ({ claims, errors }: Program): BackproveError[] =>
  claims.length > 0 || errors.length > 0
    ? []
    : [new BackproveError('empty', 'the sheet makes no claim', { hint: 'a claim is written `lhs == rhs`' })]

/** How many conditions are named before the rest is counted. */
const NAMED_CONDITIONS = 4

/** What the proofs of a sheet rest on, each once. */
function restingOn(reports: readonly ClaimReport[]): string {
  const conditions = new Set(reports.flatMap((report) => report.conditions))
  if (conditions.size === 0) return ''
  const named = [...conditions].slice(0, NAMED_CONDITIONS).map((condition) => `  where ${condition}\n`)
  const more = conditions.size - named.length
  return named.join('') + (more > 0 ? `  and ${more} more: --explain tells which\n` : '')
}
