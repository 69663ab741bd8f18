import { BackproveError } from '../base/errors.ts'
import type { Bound } from '../compile/bound.ts'
import { compile, valueAndGradRoots } from '../compile/compile.ts'
import type { Compiled } from '../compile/compile.ts'
import type { CompileOptions } from '../compile/options.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { Builder } from '../graph/builder.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { evaluateSize, sizeNames } from '../shape/size.ts'
import { Batches, takeSamples } from './batches.ts'
import { initialise } from './initialise.ts'
import type { Initialisation } from './initialise.ts'
import type { TrainingState } from './state.ts'
import { vetBatch, vetInitialisation, vetRate, vetState, vetWhole } from './vet.ts'

/** What is to be fitted to what. */
export interface Problem {
  readonly builder: Builder
  /** A scalar without derivatives in it. */
  readonly cost: Node
  /** Values of all inputs of the cost that are no parameters. */
  readonly values: ReadonlyMap<InputNode, Tensor>
  /** Lengths of all size names. */
  readonly sizes: ReadonlyMap<string, number>
}

export interface TrainOptions {
  readonly learningRate: number
  /** Samples for one step; all of them unless given. */
  readonly batch?: number
  /** The size name that counts samples; unless given, the one that data have and no parameter has. */
  readonly samples?: string
  /** Starting values and the order of batches follow from it; 1 unless given. */
  readonly seed?: number
  /** `he` unless given. */
  readonly initialisation?: Initialisation
  /** Where an earlier training stopped, or parameters to start from. */
  readonly resume?: TrainingState
  readonly compile?: Pick<CompileOptions, 'precision' | 'backend'>
}

/** The parameters of a cost, in order of declaration. */
export const paramsOf = (cost: Node): InputNode[] =>
  reachable([cost]).filter((node): node is InputNode => node.kind === 'input' && node.role === 'param')

/**
 * Gradient descent, a step at a time. A training that is stopped and resumed goes the same way as one that is not.
 * Throws `argument` for options out of their domain, `data` where an input has no value or what is resumed has other
 * parameters, `size` where samples cannot be told.
 */
export class Trainer {
  readonly #rate: number
  readonly #params: readonly InputNode[]
  readonly #values = new Map<string, Float64Array>()
  /** The parameters before the last step, once there was one. */
  readonly #before = new Map<string, Float64Array>()
  #canUndo = false
  readonly #history: number[]
  readonly #problem: Problem
  readonly #samplesName: string | null
  readonly #batches: Batches
  readonly #compiled: Compiled
  /** With all samples in place, where every step sees all. */
  readonly #full: Bound | null
  #iteration: number

  constructor(problem: Problem, options: TrainOptions) {
    const { cost, builder, sizes } = problem
    const { seed = 1, initialisation = 'he', resume } = options
    this.#problem = problem
    this.#rate = vetRate(options.learningRate)
    this.#params = paramsOf(cost)
    if (this.#params.length === 0) {
      throw new BackproveError('data', 'the cost has no parameters to train', {
        hint: 'declare what is to be found as a parameter: `w = param(1, n)`',
      })
    }
    vetInitialisation(initialisation)
    vetWhole('seed', seed, 0)
    this.#samplesName = options.samples ?? samplesName(cost, this.#params, options.batch !== undefined)
    const samples = this.#samplesName === null ? 1 : lengthOf(this.#samplesName, sizes)
    if (options.batch !== undefined) vetBatch(options.batch, samples)
    if (resume !== undefined) vetState(resume, this.#params, sizes)
    this.#batches = new Batches(samples, options.batch ?? samples, seed)
    for (const [name, start] of initialise(cost, this.#params, sizes, initialisation, seed)) {
      this.#values.set(name, resume?.params.get(name)?.data.slice() ?? start)
    }
    this.#iteration = resume?.iteration ?? 0
    this.#history = [...(resume?.history ?? [])]
    const roots = valueAndGradRoots(builder, cost, this.#params)
    const constants = this.#batches.perEpoch === 1 ? [...problem.values.keys()].map(({ name }) => name) : []
    this.#compiled = compile(roots, { ...options.compile, constants })
    this.#full = this.#batches.at(0) === null ? this.#bindAll() : null
  }

  get iteration(): number {
    return this.#iteration
  }

  /** The cost before each step. */
  get history(): readonly number[] {
    return this.#history
  }

  /**
   * One step of gradient descent; gives the cost before it. Where that is not finite nothing is changed, nor where a
   * gradient is not: the result is then NaN.
   */
  step(): number {
    const bound = this.#bindStep()
    for (const [name, value] of this.#values) if (bound.reads(name)) bound.input(name).set(value)
    bound.run()
    const cost = bound.outputs[0]!.data[0]!
    if (!Number.isFinite(cost)) return cost
    if (bound.outputs.some(({ data }) => !data.every((x) => Number.isFinite(this.#rate * x)))) return NaN
    this.#params.forEach(({ name }, index) => {
      const value = this.#values.get(name)!
      const next = this.#before.get(name) ?? new Float64Array(value.length)
      const { data: gradient } = bound.outputs[index + 1]!
      for (let i = 0; i < value.length; i++) next[i] = value[i]! - this.#rate * gradient[i]!
      this.#values.set(name, next)
      this.#before.set(name, value)
    })
    this.#canUndo = true
    this.#history.push(cost)
    this.#iteration++
    return cost
  }

  /** Takes back the last step and gives the cost before it; `null` where there is none, or it is taken back already. */
  undo(): number | null {
    if (!this.#canUndo) return null
    this.#canUndo = false
    for (const [name, before] of this.#before) {
      this.#before.set(name, this.#values.get(name)!)
      this.#values.set(name, before)
    }
    this.#iteration--
    return this.#history.pop()!
  }

  state(): TrainingState {
    const { sizes } = this.#problem
    const params = this.#params.map(({ name, shape }): [string, Tensor] => [
      name,
      { shape: shape.map((size) => evaluateSize(size, sizes)), data: this.#values.get(name)!.slice() },
    ])
    return { iteration: this.#iteration, params: new Map(params), history: [...this.#history] }
  }

  #bindAll(): Bound {
    const { values, sizes } = this.#problem
    const bound = this.#compiled.bind(Object.fromEntries(sizes))
    for (const [{ name }, value] of values) if (bound.reads(name)) bound.set(name, value)
    return bound
  }

  /** The compiled function with the samples of the next step. */
  #bindStep(): Bound {
    const { values, sizes } = this.#problem
    const chosen = this.#batches.at(this.#iteration)
    if (chosen === null) return this.#full!
    const bound = this.#compiled.bind({ ...Object.fromEntries(sizes), [this.#samplesName!]: chosen.length })
    for (const [input, value] of values) {
      if (!bound.reads(input.name)) continue
      const axis = input.shape.findIndex((size) => size.key === this.#samplesName)
      if (axis < 0) bound.set(input.name, value)
      else takeSamples(value, axis, chosen, bound.input(input.name))
    }
    return bound
  }
}

function lengthOf(samples: string, sizes: ReadonlyMap<string, number>): number {
  const length = sizes.get(samples)
  if (length !== undefined) return length
  throw new BackproveError('argument', `there is no size \`${samples}\` that could count samples`, {
    hint: `the sizes are ${[...sizes.keys()].join(', ')}`,
  })
}

/** The size name that the data have and no parameter; `null` where there is none and none is needed. */
function samplesName(cost: Node, params: readonly InputNode[], needed: boolean): string | null {
  const names = (inputs: readonly Node[]): Set<string> =>
    new Set(inputs.flatMap(({ shape }) => shape.flatMap(sizeNames)))
  const ofParams = names(params)
  const data = reachable([cost]).filter((node) => node.kind === 'input' && node.role !== 'param')
  const own = [...names(data)].filter((name) => !ofParams.has(name))
  if (own.length === 1) return own[0]!
  if (!needed) return null
  throw new BackproveError('size', 'which size counts the samples cannot be told', {
    hint: own.length === 0 ? 'no data has a size that no parameter has' : `name one of ${own.join(', ')}`,
  })
}
