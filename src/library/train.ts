import { BackproveError } from '../base/errors.ts'
import { bindValues } from '../data/data.ts'
import { expandDerivatives } from '../differentiate/expand.ts'
import { nestedOf, tensorOf } from '../evaluate/nested.ts'
import type { NestedArray } from '../evaluate/nested.ts'
import { fit as fitProblem } from '../fit/fit.ts'
import type { Fit, FitOptions } from '../fit/fit.ts'
import { trainingOf } from '../fit/program.ts'
import type { TrainingState } from '../fit/state.ts'
import { Trainer } from '../fit/trainer.ts'
import { vetSizes, vetWhole } from '../fit/vet.ts'
import type { Problem, TrainOptions } from '../fit/trainer.ts'
import type { Builder } from '../graph/builder.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { sizeNames } from '../shape/size.ts'
import { programOf, vetOptions } from './options.ts'
import type { OptionNames } from './options.ts'
import type { Values } from './evaluate.ts'

/** Where a training stands, as JSON can hold it. Parameters alone will do to go on from. */
export interface Progress {
  readonly params: Readonly<Record<string, NestedArray>>
  readonly iteration?: number
  readonly history?: readonly number[]
}

export interface Trained extends Required<Progress> {
  readonly ended: Fit['ended']
  readonly divergence: Fit['divergence']
}

interface More {
  /** Lengths that no value tells, as of hidden layers. */
  readonly sizes?: Readonly<Record<string, number>>
  readonly resume?: Progress
}

export type FitSettings = Omit<FitOptions, 'resume'> & More
export type TrainerSettings = Omit<TrainOptions, 'resume'> & More

export interface TrainSettings extends FitSettings {
  /** Text of a file with values: JSON, or a table of comma-separated numbers. */
  readonly data: string
  readonly of?: string
}

export interface TrainedSheet extends Trained {
  readonly of: string
  /** The share of samples that are classified rightly; `null` for a sheet without labels. */
  readonly accuracy: number | null
}

const TRAINER_SETTINGS: OptionNames<TrainerSettings> = {
  learningRate: true,
  batch: true,
  samples: true,
  seed: true,
  initialisation: true,
  compile: true,
  sizes: true,
  resume: true,
}
const FIT_SETTINGS: OptionNames<FitSettings> = { ...TRAINER_SETTINGS, iterations: true, onProgress: true, signal: true }
const TRAIN_SETTINGS: OptionNames<TrainSettings> = { ...FIT_SETTINGS, data: true, of: true }

function stateOf(progress: Progress): TrainingState {
  const { params, iteration = 0, history = [] } = progress
  if (typeof (params as unknown) !== 'object' || (params as unknown) === null) {
    throw new BackproveError('argument', '`resume` has no parameters to go on from', {
      hint: 'give what a training gave back, or { params: { W1: [[…]] } }',
    })
  }
  vetWhole('the `iteration` of `resume`', iteration, 0)
  return { params: new Map(Object.entries(params).map(([name, value]) => [name, tensorOf(value)])), iteration, history }
}

/** The options of `fit` and `Trainer` in settings. */
const optionsIn = <T extends More>({ resume, sizes: _, ...options }: T) => ({
  ...options,
  ...(resume === undefined ? {} : { resume: stateOf(resume) }),
})

const trained = ({ params, iteration, history, ended, divergence }: Fit): Trained => ({
  params: Object.fromEntries([...params].map(([name, value]) => [name, nestedOf(value)])),
  iteration,
  history,
  ended,
  divergence,
})

/** Fits the parameters of a sheet to data by gradient descent on its cost. */
export async function train(sheet: string | Program, settings: TrainSettings): Promise<TrainedSheet> {
  const program = programOf(sheet)
  vetOptions('train', settings, TRAIN_SETTINGS)
  const { data, of, ...options } = settings
  const request = { data, sizes: new Map(Object.entries(options.sizes ?? {})), ...(of === undefined ? {} : { of }) }
  const training = trainingOf(program, request)
  const result = await fitProblem(training.problem, optionsIn(options))
  return { ...trained(result), of: training.of, accuracy: training.accuracy?.(result.params) ?? null }
}

/** The functions that fit parameters of a graph to data. */
export function createTraining(builder: Builder) {
  const problemOf = (y: Node, values: Values, sizes: Readonly<Record<string, number>> = {}): Problem => {
    const cost = expandDerivatives(builder, [y]).roots[0]!
    const inputs = reachable([cost]).filter((node): node is InputNode => node.kind === 'input')
    const needed = inputs.filter(({ role }) => role !== 'param')
    const data = bindValues(Object.entries(values), needed)
    const missing = needed.filter((input) => !data.values.has(input))
    if (missing.length > 0) {
      throw new BackproveError('data', `${missing.map(({ name }) => `\`${name}\``).join(', ')} has no value`, {
        hint: 'give values of all data of the cost',
      })
    }
    const given = new Map(Object.entries(sizes))
    vetSizes(given, data.sizes, inputs.flatMap(({ shape }) => shape.flatMap(sizeNames))) // prettier-ignore
    return { builder, cost, values: data.values, sizes: new Map([...data.sizes, ...given]) }
  }
  return {
    /** Fits the parameters of a scalar by gradient descent, letting other work go on meanwhile. */
    fit: async (cost: Node, values: Values, settings: FitSettings): Promise<Trained> =>
      trained(
        await fitProblem(problemOf(cost, values, vetOptions('fit', settings, FIT_SETTINGS).sizes), optionsIn(settings)),
      ),
    /** The same a step at a time. */
    trainer: (cost: Node, values: Values, settings: TrainerSettings): Trainer =>
      new Trainer(
        problemOf(cost, values, vetOptions('trainer', settings, TRAINER_SETTINGS).sizes),
        optionsIn(settings),
      ),
  }
}
