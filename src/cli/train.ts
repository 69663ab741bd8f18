import { basename } from 'node:path'
import { BackproveError } from '../base/errors.ts'
import { fit } from '../fit/fit.ts'
import type { Fit } from '../fit/fit.ts'
import type { Initialisation } from '../fit/initialise.ts'
import { trainingOf, USUAL_LENGTH } from '../fit/program.ts'
import type { Training } from '../fit/program.ts'
import { readState, writeState } from '../fit/state.ts'
import type { TrainingState } from '../fit/state.ts'
import { paramsOf } from '../fit/trainer.ts'
import { vetInitialisation, vetRate, vetState } from '../fit/vet.ts'
import { readProgram } from '../pipeline.ts'
import { STATUS } from './command.ts'
import type { Command, Status } from './command.ts'
import { readArguments, usageError, wholeOption } from './options.ts'
import { ProgressBar } from './progress.ts'
import { readText } from './read.ts'
import { curveLines } from './report/curve.ts'
import { curveSvg } from './report/curve-svg.ts'
import { errorText, locating, quoted } from './report/errors.ts'
import { wrap } from './report/layout.ts'
import { numberText } from './report/matrix.ts'
import type { Terminal } from './terminal.ts'
import { requireWritable, writeNew, writeText } from './write.ts'

const USUAL = { iterations: 1000, rate: 0.1, seed: 1 } as const

const HELP = `usage: backprove train SHEET --data FILE [--out PARAMS.json] [--from PARAMS.json] [--of J]
                       [--iterations N] [--rate R] [--batch N] [--init he|xavier|small]
                       [--sizes n_1=4,n_2=3] [--seed N] [--plot FILE.svg] [--json]

Fits the parameters of a sheet to data by gradient descent on its cost.

  --data FILE      values: JSON { "X": [[…]], … }, or CSV with columns X1,X2,Y and a row for each example;
                   without names, columns go in the order of the sheet; Y may hold the names of classes
  --out FILE       where the parameters go, as JSON; also when interrupted. Without it an interrupted
                   training writes SHEET-params.json into the working folder, under a new name if there is one
  --from FILE      parameters that --out wrote, to go on from
  --of J           the cost (J, or L, or the last scalar of the sheet)
  --iterations N   steps in all (${USUAL.iterations})
  --rate R         the learning rate (${USUAL.rate})
  --batch N        samples for a step (all)
  --init NAME      how weights start (he)
  --sizes n_1=4    lengths that the data does not tell (${USUAL_LENGTH})
  --seed N         of the starting values and the batches (${USUAL.seed})
  --plot FILE.svg  the cost over the steps as a picture
  --json           the parameters and the costs on standard output
`

export const train: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { options, positionals } = readArguments('train', args, {
      data: 'text',
      out: 'text',
      from: 'text',
      of: 'text',
      iterations: 'text',
      rate: 'text',
      batch: 'text',
      init: 'text',
      sizes: 'text',
      seed: 'text',
      plot: 'text',
      json: 'flag',
    })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw usageError('one sheet is to be named', 'train')
    const { data: dataFile, from } = options
    if (dataFile === undefined) throw usageError('no data is named: --data FILE', 'train')
    if (isSwapped(file, dataFile)) {
      throw new BackproveError(
        'usage',
        `\`${file}\` takes the place of the sheet, and \`${dataFile}\` that of the data`,
        {
          hint: `backprove train ${quoted(dataFile)} --data ${quoted(file)}`,
        },
      )
    }
    const bounds = { least: 1, most: 1e9 }
    const iterations = wholeOption('iterations', options.iterations, USUAL.iterations, bounds)
    const fitting = {
      iterations,
      learningRate: rateOf(options.rate),
      initialisation: initialisationOf(options.init),
      seed: wholeOption('seed', options.seed, USUAL.seed, { least: 0, most: Number.MAX_SAFE_INTEGER }),
      ...(options.batch === undefined ? {} : { batch: wholeOption('batch', options.batch, 1, bounds) }),
    }
    const sizes = sizesOf(options.sizes)
    const program = readProgram(await locating(file, () => readText(file)))
    for (const error of program.errors) terminal.message(errorText(file, error))
    const text = await locating(dataFile, () => readText(dataFile))
    const of = options.of === undefined ? {} : { of: options.of }
    const training = await locatingBoth(file, dataFile, () => trainingOf(program, { data: text, sizes, ...of }))
    const resume = from === undefined ? undefined : await locating(from, () => stateFor(training, from))
    if (from !== undefined && resume !== undefined && resume.iteration >= iterations) {
      terminal.message(nothingLeft(from, resume.iteration, iterations))
    }
    const { out, plot } = options
    // Not after hours of training.
    for (const target of [out, plot]) if (target !== undefined) await requireWritable(target)
    const result = await locating(file, () =>
      follow(training, { ...fitting, ...(resume === undefined ? {} : { resume }) }, terminal),
    )
    const state = writeState(result)
    const kept = await keep(`${state}\n`, file, out, result)
    if (plot !== undefined) await writeText(plot, curveSvg(training.of, result.history))
    terminal.print(options.json ? `${state}\n` : report(training, result, terminal))
    if (kept !== null) terminal.message(endText(training, result, fitting, { kept, args }))
    return statusOf(result, program.errors.length > 0)
  },
}

async function stateFor({ problem }: Training, from: string): Promise<TrainingState> {
  const state = readState(await readText(from))
  vetState(state, paramsOf(problem.cost), problem.sizes)
  return state
}

/** Whether data stand where the sheet should, going by how files are called. */
const isSwapped = (sheet: string, data: string): boolean => /\.(csv|json)$/i.test(sheet) && /\.bp$/i.test(data)

/** Says of an error in the values that the data have it, and of any other the sheet. */
async function locatingBoth<T>(sheet: string, data: string, work: () => T): Promise<T> {
  try {
    return work()
  } catch (error) {
    const isData = error instanceof BackproveError && error.code === 'data'
    return locating(isData ? data : sheet, () => {
      throw error
    })
  }
}

/** Writes the parameters where they are wanted, or where they would be lost; gives the file. */
async function keep(text: string, sheet: string, out: string | undefined, { ended }: Fit): Promise<string | null> {
  if (out !== undefined) await writeText(out, text)
  else if (ended !== 'done')
    return writeNew(`${sheet === '-' ? 'sheet' : basename(sheet, '.bp')}-params`, '.json', text)
  return out ?? null
}

/** Why a training ended before its time, what is kept of it and how to go on. */
function endText(
  { of }: Training,
  { ended, iteration, divergence }: Fit,
  { iterations, learningRate }: { readonly iterations: number; readonly learningRate: number },
  { kept, args }: { readonly kept: string; readonly args: readonly string[] },
): string {
  if (ended === 'interrupted') {
    return `backprove: interrupted after ${iteration} of ${iterations} steps; the parameters are in ${kept}
  to go on: backprove train ${goingOn(args, kept)}
`
  }
  if (divergence === null) return ''
  const { cost, lastFinite } = divergence
  const met = Number.isNaN(cost) ? 'NaN, or its gradient is not finite,' : numberText(cost)
  if (lastFinite === null) {
    const step =
      learningRate > 1e6 ? `, or --rate ${numberText(learningRate)} makes the step too large for a double` : ''
    return `backprove: ${of} is ${met} before the first step, at the starting values${step}
  hint: ${step === '' ? '' : 'take a smaller --rate; or '}look for huge numbers in the data, scale them, or start from other values (--init small, --seed 2)
`
  }
  return `backprove: ${of} is ${met} after step ${divergence.iteration}; the last finite one was ${numberText(lastFinite)}
  hint: take a smaller learning rate, for instance --rate ${numberText(learningRate / 10)}
  the parameters before that step are in ${kept}
`
}

const nothingLeft = (from: string, done: number, iterations: number): string =>
  `backprove: ${from} has taken ${done} steps already, and --iterations ${iterations} counts these: none is taken
  to take ${iterations} more: --iterations ${done + iterations}
`

/** The arguments of a training that goes on from a file. */
function goingOn(args: readonly string[], from: string): string {
  const rest = args.filter((arg, at) => arg !== '--from' && args[at - 1] !== '--from' && !arg.startsWith('--from='))
  return [...rest, '--from', from].map(quoted).join(' ')
}

/** A cost that is no longer finite is a training that failed. */
const statusOf = ({ ended }: Fit, faulty: boolean): Status =>
  ended === 'interrupted'
    ? STATUS.interrupted
    : faulty
      ? STATUS.faulty
      : ended === 'diverged'
        ? STATUS.refuted
        : STATUS.holds

async function follow(
  { problem }: Training,
  options: Omit<Parameters<typeof fit>[1], 'onProgress' | 'signal'>,
  terminal: Terminal,
): Promise<Fit> {
  const bar = new ProgressBar('training', terminal)
  terminal.protect()
  try {
    return await fit(problem, {
      ...options,
      signal: terminal.stop,
      onProgress: (done) => {
        bar.isDue({ done, total: options.iterations })
      },
    })
  } finally {
    bar.clear()
  }
}

function report(
  { of, others, assumed, classes, accuracy }: Training,
  { history, params }: Fit,
  terminal: Terminal,
): string {
  const { width } = terminal
  const [first, last] = [history[0], history.at(-1)]
  const lengths = [...assumed].map(([name, length]) => `${name} = ${length}`).join(', ')
  const which =
    others.length === 0 ? '' : `${of} is trained, of the scalars ${[of, ...others].join(', ')}: --of says otherwise`
  const lines = [
    ...(which === '' ? [] : wrap(which, width)),
    ...(lengths === '' ? [] : [`assumed ${lengths}; --sizes says otherwise`]),
    ...[...classes].flatMap(([name, names]) => wrap(`classes of ${name}: ${names.join(', ')}`, width)),
    ...curveLines(history, width),
    first === undefined || last === undefined
      ? `no step was taken`
      : `${of} from ${numberText(first)} to ${numberText(last)} in ${history.length} steps`,
    ...(accuracy === null ? [] : [`accuracy ${(100 * accuracy(params)).toFixed(1)} %`]),
  ]
  return `${lines.join('\n')}\n`
}

export const rateOf = (text: string | undefined): number =>
  text === undefined ? USUAL.rate : vetRate(text.trim() === '' ? NaN : Number(text), '--rate')

export const initialisationOf = (text = 'he'): Initialisation => vetInitialisation(text)

export function sizesOf(text: string | undefined): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const part of text === undefined ? [] : text.split(',')) {
    const [, name, length] = /^\s*([^=]+?)\s*=\s*(\d+)\s*$/.exec(part) ?? []
    if (name === undefined || Number(length) < 1) {
      throw new BackproveError('usage', `\`${part}\` gives no length`, { hint: 'write --sizes n_1=4,n_2=3' })
    }
    sizes.set(name.normalize('NFC'), Number(length))
  }
  return sizes
}
