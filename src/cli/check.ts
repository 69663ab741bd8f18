import { PASSING } from '../check/check.ts'
import type { ParameterCheck, Progress } from '../check/check.ts'
import { checkProgram, readProgram, USUAL_OPTIONS } from '../pipeline.ts'
import { STATUS } from './command.ts'
import type { Command, Status } from './command.ts'
import { readArguments, usageError, wholeOption } from './options.ts'
import { ProgressBar } from './progress.ts'
import { readText } from './read.ts'
import { errorText, locating } from './report/errors.ts'
import { padEnd, padStart } from './report/layout.ts'
import type { Terminal } from './terminal.ts'

const HELP = `usage: backprove check SHEET [--json] [--data FILE] [--of J] [--seed N]

Compares the gradient of the sheet's cost by every parameter with central differences, as the course does:
the relative difference is |g - g'|/(|g| + |g'|), and passes up to ${PASSING}.

  --json        one JSON object instead of text
  --data FILE   values: JSON { "X": [[…]], … }, or CSV with columns X1,X2,Y and a row for each example;
                what it does not give is random, of small sizes
  --of J        the scalar to differentiate (J, or L, or the last scalar of the sheet)
  --seed N      of the random values (${USUAL_OPTIONS.seed})
`

export const check: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { options, positionals } = readArguments('check', args, {
      json: 'flag',
      data: 'text',
      of: 'text',
      seed: 'text',
    })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw usageError('one sheet is to be named', 'check')
    const seed = wholeOption('seed', options.seed, USUAL_OPTIONS.seed, { least: 0, most: Number.MAX_SAFE_INTEGER })
    const program = readProgram(await locating(file, () => readText(file)))
    for (const error of program.errors) terminal.message(errorText(file, error))
    const dataFile = options.data
    const data = dataFile === undefined ? undefined : await locating(dataFile, () => readText(dataFile))
    const { of, run } = await locating(dataFile ?? file, () =>
      checkProgram(program, {
        seed,
        ...(data === undefined ? {} : { data }),
        ...(options.of === undefined ? {} : { of: options.of }),
      }),
    )
    const parameters = await follow(run, terminal)
    if (parameters === null) return STATUS.interrupted
    const pass = parameters.every((parameter) => parameter.pass)
    terminal.print(options.json ? asJson(of, parameters, pass) : asText(of, parameters, pass, terminal))
    return statusOf(pass, program.errors.length > 0)
  },
}

const statusOf = (pass: boolean, faulty: boolean): Status =>
  faulty ? STATUS.faulty : pass ? STATUS.holds : STATUS.refuted

/** Runs to the end, showing progress; `null` if interrupted. */
async function follow(
  run: Generator<Progress, ParameterCheck[]>,
  terminal: Terminal,
): Promise<ParameterCheck[] | null> {
  const bar = new ProgressBar('checking', terminal)
  try {
    for (let step = run.next(); ; step = run.next()) {
      if (step.done === true) return step.value
      if (bar.isDue(step.value) && !(await terminal.breathe())) return null
    }
  } finally {
    bar.clear()
  }
}

function asJson(of: string, parameters: readonly ParameterCheck[], pass: boolean): string {
  const list = parameters.map(({ name, relativeDifference, entries, checked }) => ({
    name,
    relativeDifference,
    entries,
    checked,
  }))
  return `${JSON.stringify({ version: 1, of, parameters: list, pass }, null, 2)}\n`
}

function asText(of: string, parameters: readonly ParameterCheck[], pass: boolean, { paint }: Terminal): string {
  const width = Math.max(9, ...parameters.map(({ name }) => name.length))
  const lines = parameters.map((parameter) => {
    const sign = parameter.pass ? paint.good('✓') : paint.bad('✗')
    const entries = `${parameter.checked} of ${parameter.entries}`
    return `${sign} ${padEnd(parameter.name, width)}  ${padStart(parameter.relativeDifference.toExponential(2), 10)}  ${entries}`
  })
  const verdict = pass
    ? paint.good('the gradient agrees with central differences')
    : paint.bad('the gradient differs from central differences')
  return `gradient of ${of}\n  ${padEnd('parameter', width)}  difference  entries\n${lines.join('\n')}\n${verdict}\n`
}
