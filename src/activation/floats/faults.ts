import type { Node } from '../../graph/node.ts'
import { FORMATS } from './format.ts'
import type { FloatFormat } from './format.ts'
import type { Program, Trace } from './program.ts'
import { allowance, strainOf } from './strain.ts'
import type { Truth } from './truth.ts'

/** What goes wrong at a place. */
export interface Fault {
  /** A value on the way is not finite; or nothing overflows, but digits are lost. */
  readonly kind: 'overflow' | 'digits'
  /** The first value that is not finite, and what it is. */
  readonly node: Node | null
  readonly value: number
  /** What comes of it. */
  readonly result: 'right' | 'wrong' | 'infinite' | 'nan'
  /** The result is right, or a slope whose error is within the rounding of the largest slope. */
  readonly harmless: boolean
}

/** `unknown`: the function is not defined there, or its value is not known. */
export type Finding = Fault | 'fine' | 'unknown'

/** Slopes are added up; an error below so many units of roundoff of a large one is none. */
const UNITS = 64

/** Tells the faults of one spelling of a function or of its derivative in one format. */
export class Judge {
  readonly #program: Program
  readonly #order: 0 | 1
  readonly #truth: Truth
  readonly #format: FloatFormat
  /** An error that does not matter beside the largest values. */
  readonly #negligible: number

  /** `largest` is the size of the largest slope near the origin. */
  constructor(program: Program, order: 0 | 1, truth: Truth, format: FloatFormat, largest: number) {
    this.#program = program
    this.#order = order
    this.#truth = truth
    this.#format = format
    this.#negligible = order === 0 ? 0 : UNITS * format.unit * largest
  }

  at(place: number): Finding {
    const z = this.#format.round(place)
    // A formula of the derivative may have values where the function has none.
    if (!this.#truth.isDefined(z)) return 'unknown'
    const trace = this.#program.at(z, this.#format)
    if (trace.broken !== null) return this.#broken(trace.broken, trace, z)
    const digits: Fault = { kind: 'digits', node: null, value: 0, result: 'wrong', harmless: trace.bound <= this.#negligible } // prettier-ignore
    const isStrained = strainOf(trace, z, this.#format) > 1
    // Where floats keep half of their digits, doubles keep all that floats have, but for a branch that both take wrongly.
    const guide = isStrained || this.#format === FORMATS.f64 ? null : trace.precise
    const truth = this.#truth.quickAt(z, this.#order) ?? guide
    const { smallest, largest } = this.#format
    if (truth !== null && Math.abs(truth) < smallest && Math.abs(trace.result) < smallest) return 'fine'
    if (isStrained) return digits
    if (truth === null || Math.abs(truth) > largest) return 'fine'
    const error = Math.abs(trace.result - truth)
    return error > this.#allowed(truth, trace, z) ? { ...digits, harmless: error <= this.#negligible } : 'fine'
  }

  /** What can be told without the true value: which value on the way is not finite, or whether digits may be lost. */
  signAt(place: number): string {
    const z = this.#format.round(place)
    if (!this.#truth.isDefined(z)) return 'undefined'
    const trace = this.#program.at(z, this.#format)
    if (trace.broken !== null) return `${trace.broken.node.id} ${trace.broken.value}`
    return strainOf(trace, z, this.#format) > 1 ? `digits ${trace.bound <= this.#negligible}` : ''
  }

  /** Whether a value on the way is not finite, where the function is defined. */
  breaksAt(place: number): boolean {
    const z = this.#format.round(place)
    return this.#truth.isDefined(z) && this.#program.at(z, this.#format).broken !== null
  }

  /** Whether the result is seen to be off by more than half of its digits; `null` where the true value is not known. */
  isOff(place: number): boolean | null {
    const z = this.#format.round(place)
    const trace = this.#program.at(z, this.#format)
    if (trace.broken !== null || !this.#truth.isDefined(z)) return false
    const truth = this.#truthFor(z)
    if (truth === null) return null
    if (Math.abs(truth) > this.#format.largest) return false
    return !(Math.abs(trace.result - truth) <= this.#allowed(truth, trace, z))
  }

  /** The fault at a single place at which the spelling gives no number although the function has a limit; `null`: none. */
  missing(place: number): Fault | null {
    const { broken, result } = this.#program.at(place, this.#format)
    if (broken === null || Number.isFinite(result) || ![-1, 1].every((side) => this.#tends(place, side))) return null
    return { kind: 'overflow', ...broken, result: Number.isNaN(result) ? 'nan' : 'infinite', harmless: false } // prettier-ignore
  }

  /** Whether there seems to be a finite limit from one side. */
  #tends(place: number, side: number): boolean {
    const [before, last] = [1e-9, 1e-12].map((share) => this.#truth.at(place + side * share * (place === 0 ? 1 : Math.abs(place)), this.#order)) // prettier-ignore
    if (before === null || before === undefined || last === null || last === undefined) return false
    return Math.abs(last - before) <= 1e-3 * Math.max(1, Math.abs(last))
  }

  #broken({ node, value }: NonNullable<Trace['broken']>, trace: Trace, z: number): Finding {
    const truth = this.#truthFor(z)
    if (truth === null) return 'unknown'
    if (Math.abs(truth) > this.#format.largest) return 'fine'
    const error = Math.abs(trace.result - truth)
    const isRight = error <= Math.max(this.#allowed(truth, trace, z), this.#negligible)
    // A branch that is not taken may be anything.
    if (isRight && Number.isNaN(value)) return 'fine'
    const { result } = trace
    return {
      kind: 'overflow',
      node,
      value,
      result: isRight ? 'right' : Number.isNaN(result) ? 'nan' : Number.isFinite(result) ? 'wrong' : 'infinite',
      harmless: isRight,
    }
  }

  #allowed(truth: number, trace: Trace, z: number): number {
    return allowance(Math.abs(truth), z, trace.slope, this.#format)
  }

  /** A value in doubles that has lost little is the truth for floats. */
  #truthFor(z: number): number | null {
    if (this.#format !== FORMATS.f64) {
      const inDoubles = this.#program.at(z, FORMATS.f64)
      if (inDoubles.broken === null && strainOf(inDoubles, z, FORMATS.f64) < 2 ** -6) return inDoubles.result
    }
    return this.#truth.at(z, this.#order)
  }
}
