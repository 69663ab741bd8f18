import { Random } from '../base/random.ts'
import { TENSORS } from '../evaluate/algebra.ts'
import { evaluateAll } from '../evaluate/evaluate.ts'
import type { Bindings } from '../evaluate/evaluate.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { slopeOf } from './difference.ts'
import { probeFor } from './probe.ts'

/** A loss whose gradient is compared with differences. */
export interface CheckRequest {
  readonly loss: Node
  /** What is differentiated by, and the gradient that is doubted; neither holds a derivative still to be taken. */
  readonly parameters: readonly { readonly parameter: InputNode; readonly gradient: Node }[]
  readonly point: Bindings
  readonly seed: number
}

export interface ParameterCheck {
  readonly name: string
  /** ‖g − ĝ‖/(‖g‖ + ‖ĝ‖); 0 where both are zero to rounding. */
  readonly relativeDifference: number
  readonly entries: number
  /** Entries that were compared: fewer where a parameter is very large, or where every step crosses a kink. */
  readonly checked: number
  readonly pass: boolean
}

/** The relative difference up to which the course calls a gradient right is 1e-7; steps near kinks lose a digit. */
export const PASSING = 1e-6
/** The most entries that are compared whatever each of them costs; of more, a random part of each parameter is. */
export const MOST_ENTRIES = 20_000

/**
 * The gradient check of the course: central differences along every entry of every parameter. Yields after each entry
 * how many are done, so that the caller may show it or stop. Source: Ng, "Improving Deep Neural Networks", week 1.
 */
export function* checkGradient(request: CheckRequest): Generator<Progress, ParameterCheck[]> {
  const { loss, parameters, point, seed } = request
  const values = evaluateAll(TENSORS, [loss, ...parameters.map(({ gradient }) => gradient)], point)
  const probings = parameters.map(({ parameter }) => probeFor(loss, parameter, values, point.sizes))
  const countOf = (at: number): number => values.get(parameters[at]!.parameter)!.data.length
  const all = parameters.reduce((sum, _, at) => sum + countOf(at), 0)
  const affordable = probings.map((probing, at) => Math.floor((probing.affordable * countOf(at)) / all))
  const costly = parameters.reduce((sum, _, at) => (affordable[at]! < countOf(at) ? sum + countOf(at) : sum), 0)
  const share = Math.min(1, MOST_ENTRIES / costly)
  const random = new Random(seed, 1)
  const plans = parameters.map(({ parameter, gradient }, at) => {
    const { data } = values.get(parameter)!
    const entries = Array.from(data.keys())
    const most = Math.max(affordable[at]!, Math.ceil(data.length * share))
    const chosen = most >= data.length ? entries : random.shuffled(entries).slice(0, most)
    // Neighbours read the same data.
    chosen.sort((a, b) => a - b)
    return { parameter, exact: values.get(gradient)!.data, data, probe: probings[at]!.probe, chosen }
  })
  const total = plans.reduce((sum, { chosen }) => sum + chosen.length, 0)
  const results: ParameterCheck[] = []
  let done = 0
  for (const { parameter, exact, data, probe, chosen } of plans) {
    const comparison = new Comparison()
    for (const entry of chosen) {
      const slope = slopeOf(probe, entry, data[entry]!)
      if (slope !== null) comparison.add(exact[entry]!, slope.value, slope.noise)
      yield { done: ++done, total }
    }
    const { relativeDifference, checked, pass } = comparison
    results.push({ name: parameter.name, relativeDifference, entries: data.length, checked, pass })
  }
  return results
}

export interface Progress {
  readonly done: number
  readonly total: number
}

/** Norms of a gradient, its numerical twin and their difference, added up entry by entry. */
class Comparison {
  checked = 0
  #exact = 0
  #numeric = 0
  #difference = 0
  #noise = 0

  add(exact: number, numeric: number, noise: number): void {
    this.checked++
    this.#exact += exact ** 2
    this.#numeric += numeric ** 2
    this.#difference += (exact - numeric) ** 2
    this.#noise += noise ** 2
  }

  get relativeDifference(): number {
    const noise = Math.sqrt(this.#noise)
    if (Math.sqrt(this.#exact) <= noise && Math.sqrt(this.#numeric) <= noise) return 0
    return Math.sqrt(this.#difference) / (Math.sqrt(this.#exact) + Math.sqrt(this.#numeric))
  }

  get pass(): boolean {
    return this.relativeDifference <= PASSING || Math.sqrt(this.#difference) <= Math.sqrt(this.#noise)
  }
}
