import { BackproveError } from '../base/errors.ts'
import { readData } from '../data/data.ts'
import { subjectOf } from '../derive/subject.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { dependents, reachable } from '../graph/walk.ts'
import { sameShape } from '../shape/shape.ts'
import { sizeNames } from '../shape/size.ts'
import { accuracy } from './accuracy.ts'
import { paramsOf } from './trainer.ts'
import type { Problem } from './trainer.ts'
import { vetSizes } from './vet.ts'

/** The length of a size that neither data nor options tell, as of a hidden layer. */
export const USUAL_LENGTH = 4

export interface TrainingRequest {
  /** Text of a file with values: JSON, or a table of comma-separated numbers. */
  readonly data: string
  readonly of?: string
  readonly sizes?: ReadonlyMap<string, number>
}

/** A sheet's cost and data, ready to be fitted. */
export interface Training {
  readonly of: string
  /** Other scalars of the sheet that could be trained, where the request names none. */
  readonly others: readonly string[]
  readonly problem: Problem
  /** Sizes that nothing told, with the length that they were given. */
  readonly assumed: ReadonlyMap<string, number>
  /** What labels stand for, by their name, where the data have words or numbers of classes. */
  readonly classes: ReadonlyMap<string, readonly string[]>
  /** The share of samples that parameters classify rightly; `null` for a sheet without labels. */
  readonly accuracy: ((params: ReadonlyMap<string, Tensor>) => number) | null
}

/** Throws `data` for a value that is missing or does not fit, and what `subjectOf` throws. */
export function trainingOf(program: Program, request: TrainingRequest): Training {
  const { builder, inputs } = program
  const { of, value: cost, others } = subjectOf(program, request.of === undefined ? {} : { of: request.of })
  const data = readData(request.data, inputs)
  const params = paramsOf(cost)
  const needed = reachable([cost]).filter((node): node is InputNode => node.kind === 'input' && node.role !== 'param')
  const missing = needed.filter((input) => !data.values.has(input))
  if (missing.length > 0) {
    throw new BackproveError('data', `the data lacks ${missing.map(({ name }) => `\`${name}\``).join(', ')}`, {
      hint: `\`${of.name}\` is made of ${needed.map(({ name }) => name).join(', ')} and the parameters`,
    })
  }
  const sizes = new Map([...data.sizes, ...(request.sizes ?? [])])
  const assumed = new Map<string, number>()
  for (const name of [...needed, ...params].flatMap(({ shape }) => shape.flatMap(sizeNames))) {
    if (!sizes.has(name)) assumed.set(name, USUAL_LENGTH)
  }
  vetSizes(
    request.sizes ?? new Map(),
    data.sizes,
    [...needed, ...params].flatMap(({ shape }) => shape.flatMap(sizeNames)),
  )
  const values = new Map(needed.map((input) => [input, data.values.get(input)!]))
  const problem: Problem = { builder, cost, values, sizes: new Map([...sizes, ...assumed]) }
  const classes = new Map([...data.classes].map(([input, names]) => [input.name, names]))
  return {
    of: of.name,
    others: others.map(({ name }) => name),
    problem,
    assumed,
    classes,
    accuracy: judgeOf(problem, params, needed),
  }
}

/** Classifies with the last named value that has the shape of the labels and is computed from parameters alone. */
function judgeOf(problem: Problem, params: readonly InputNode[], data: readonly InputNode[]): Training['accuracy'] {
  const labels = data.find(({ role, shape }) => (role === 'label' || role === 'onehot') && shape.length === 2)
  if (labels === undefined) return null
  const { cost, values, sizes } = problem
  const knowing = dependents([cost], labels)
  const learnt = new Set(params.flatMap((param) => [...dependents([cost], param)]))
  const output = reachable([cost]).findLast(
    (node) =>
      node.kind === 'definition' && sameShape(node.shape, labels.shape) && learnt.has(node) && !knowing.has(node),
  )
  if (output === undefined) return null
  const samples = values.get(labels)!
  const names = new Set(params.flatMap(({ shape }) => shape.flatMap(sizeNames)))
  const axis = labels.shape.findIndex((size) => sizeNames(size).some((name) => !names.has(name)))
  return (trained) => {
    const inputs = new Map<Node, Tensor>([
      ...values,
      ...params.map((param) => [param, trained.get(param.name)!] as const),
    ])
    return accuracy(evaluate([output], { sizes, inputs })[0]!, samples, axis === 0 ? 0 : 1)
  }
}
