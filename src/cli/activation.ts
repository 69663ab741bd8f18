import type { Analysis } from '../activation/analyse.ts'
import type { Learning } from '../activation/plot.ts'
import { activationJson, activationSvg, activationText, runActivation } from '../activation/run.ts'
import { terminalLearning } from '../activation/terminal-plot.ts'
import { STATUS } from './command.ts'
import type { Command } from './command.ts'
import { readArguments, usageError, wholeOption } from './options.ts'
import type { Options } from './options.ts'
import { ProgressBar } from './progress.ts'
import { readText } from './read.ts'
import { locating } from './report/errors.ts'
import { trainingJson, trainingText } from './report/training.ts'
import type { Terminal } from './terminal.ts'
import { initialisationOf, rateOf, sizesOf } from './train.ts'
import { curveOf, runTrials } from './training.ts'
import type { Trials } from './training.ts'
import { requireWritable, writeText } from './write.ts'

const USUAL_RUNS = 5
const USUAL_ITERATIONS = 1000

const HELP = `usage: backprove activation 'z*sigmoid(z)' [--set beta=1.5] [--compare relu,gelu] [--from SHEET g]
       backprove activation --compare relu,gelu --train SHEET --data FILE

Everything worth knowing of an activation: derivatives, limits, range, slopes, kinks, moments, stability.
It is an expression in z, or the name of a known one; other names in it are parameters.

  --set NAME=VALUE     the value of a parameter; commas separate several
  --compare A,B        others beside it, in one table and one plot; commas outside brackets separate
  --from SHEET         take the function that is named from a sheet
  --plot FILE.svg      plot the function, its derivative and its second derivative; - plots on the terminal
  --json               all facts as JSON

  --train SHEET        train the sheet's network with each, in place of the function g(z) that it defines
  --data FILE          the values to train on, as for \`backprove train\`; likewise --of, --iterations (1000),
                       --rate (0.1), --batch, --init and --sizes
  --runs N             trainings of each, from the seeds 1 to N (${USUAL_RUNS})
`

const TRAINING = {
  train: 'text',
  data: 'text',
  of: 'text',
  iterations: 'text',
  rate: 'text',
  batch: 'text',
  init: 'text',
  sizes: 'text',
  runs: 'text',
} as const

type TrainingOptions = Options<typeof TRAINING>

export const activation: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const kinds = { set: 'text', compare: 'text', from: 'text', plot: 'text', json: 'flag', ...TRAINING } as const
    const { options, positionals } = readArguments('activation', args, kinds)
    const [expression, more] = positionals
    if (more !== undefined) throw usageError(`\`${more}\` is one expression too many`, 'activation')
    if (options.from !== undefined && expression === undefined) {
      throw usageError('the function to take from the sheet is to be named', 'activation')
    }
    const train = trainerOf(options)
    const from = options.from
    const sheet = from === undefined ? undefined : await locating(from, () => readText(from))
    const analyses = runActivation({
      expression: sheet === undefined ? (expression ?? null) : null,
      ...(sheet === undefined || expression === undefined ? {} : { from: { sheet, name: expression } }),
      ...(options.compare === undefined ? {} : { compare: options.compare }),
      settings: settingsIn(options.set),
    })
    const onTerminal = options.plot === '-'
    const { plot } = options
    // Not after minutes of training.
    if (plot !== undefined && !onTerminal) await requireWritable(plot)
    const trials = train === null ? null : await train(analyses, terminal)
    const text = activationText(analyses, { plot: onTerminal })
    terminal.print(
      options.json
        ? activationJson(analyses, ...(trials === null ? [] : [trainingJson(trials)]))
        : trials === null
          ? text
          : `${text}\n${trainingText(trials)}${onTerminal ? `\n${learningText(trials)}` : ''}`,
    )
    if (plot !== undefined && !onTerminal) {
      await writeText(plot, await activationSvg(analyses, trials === null ? null : learningOf(trials)))
    }
    if (trials?.interrupted === true) return STATUS.interrupted
    return STATUS.holds
  },
}

type Train = (analyses: readonly Analysis[], terminal: Terminal) => Promise<Trials>

/** What `--train` asks for, its options read; `null` without it. */
function trainerOf(options: TrainingOptions): Train | null {
  const { train, data } = options
  if (train === undefined) {
    const stray = Object.keys(TRAINING).find((name) => options[name as keyof TrainingOptions] !== undefined)
    if (stray !== undefined) throw usageError(`--${stray} goes with --train SHEET`, 'activation')
    return null
  }
  if (data === undefined) throw usageError('no data is named to train on: --data FILE', 'activation')
  const bounds = { least: 1, most: 1e9 }
  const iterations = wholeOption('iterations', options.iterations, USUAL_ITERATIONS, bounds)
  const fitting = {
    iterations,
    runs: wholeOption('runs', options.runs, USUAL_RUNS, { least: 1, most: 1000 }),
    learningRate: rateOf(options.rate),
    initialisation: initialisationOf(options.init),
    ...(options.batch === undefined ? {} : { batch: wholeOption('batch', options.batch, 1, bounds) }),
  }
  const sizes = sizesOf(options.sizes)
  return async (analyses, terminal) => {
    const sheet = await locating(train, () => readText(train))
    const text = await locating(data, () => readText(data))
    const request = { data: text, sizes, ...(options.of === undefined ? {} : { of: options.of }) }
    const bar = new ProgressBar('training', terminal)
    terminal.hold()
    try {
      const subjects = analyses.map(({ subject }) => subject)
      return await locating(train, () =>
        runTrials(sheet, request, subjects, {
          ...fitting,
          signal: terminal.stop,
          onProgress: (done, total) => {
            bar.isDue({ done, total })
          },
        }),
      )
    } finally {
      bar.clear()
    }
  }
}

/** The curves of all trials for the plot. */
const learningOf = ({ of, iterations, trials }: Trials): Learning => ({
  title: `${of}: median and extent of ${trials[0]!.runs.length} runs`,
  curves: trials.map((trial) => curveOf(trial, iterations)),
})

function learningText(trials: Trials): string {
  const { curves } = learningOf(trials)
  const title = `${trials.of}: median of ${trials.trials[0]!.runs.length} runs`
  return terminalLearning(title, trials.trials.map(({ subject }) => subject.text), curves) // prettier-ignore
}

function settingsIn(text: string | undefined): Map<string, string> {
  const settings = new Map<string, string>()
  for (const part of (text ?? '').split(',').filter((piece) => piece.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map((piece) => piece.trim())
    if (name === '' || value === '') throw usageError(`--set takes NAME=VALUE, not \`${part}\``, 'activation')
    settings.set(name, value)
  }
  return settings
}
