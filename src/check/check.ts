import { Random } from '../base/random.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Bindings } from '../evaluate/evaluate.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { Probe } from './difference.ts'

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
/** The most entries compared; of more, a random part of each parameter is. */
export const MOST_ENTRIES = 20_000

/**
 * The gradient check of the course: central differences along every entry of every parameter. Yields after each entry
 * how many are done, so that the caller may show it or stop. Source: Ng, "Improving Deep Neural Networks", week 1.
 */
export function* checkGradient(request: CheckRequest): Generator<Progress, ParameterCheck[]> {
  const { loss, parameters, point, seed } = request
  const gradients = evaluate(parameters.map(({ gradient }) => gradient), point) // prettier-ignore
  const counts = gradients.map(({ data }) => data.length)
  const all = counts.reduce((sum, count) => sum + count, 0)
  const share = Math.min(1, MOST_ENTRIES / all)
  const random = new Random(seed, 1)
  const chosen = counts.map((count) => {
    const entries = Array.from({ length: count }, (_, entry) => entry)
    return share === 1 ? entries : random.shuffled(entries).slice(0, Math.ceil(count * share))
  })
  const total = chosen.reduce((sum, entries) => sum + entries.length, 0)
  const results: ParameterCheck[] = []
  let done = 0
  for (const [at, { parameter }] of parameters.entries()) {
    const probe = new Probe(loss, parameter, point)
    const comparison = new Comparison()
    for (const entry of chosen[at]!) {
      const slope = probe.slope(entry)
      if (slope !== null) comparison.add(gradients[at]!.data[entry]!, slope.value, slope.noise)
      yield { done: ++done, total }
    }
    const { relativeDifference, checked, pass } = comparison
    results.push({ name: parameter.name, relativeDifference, entries: counts[at]!, checked, pass })
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
