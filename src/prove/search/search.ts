import { Random } from '../../base/random.ts'
import { nestedOf } from '../../evaluate/nested.ts'
import { indexOf } from '../../evaluate/tensor.ts'
import { evaluateSize } from '../../shape/size.ts'
import type { Counterexample, Nested } from '../verdict.ts'
import { repair, steer } from './climb.ts'
import { confirm } from './confirm.ts'
import { draw } from './draw.ts'
import type { Point } from './draw.ts'
import { isUndefined, overflowWarnings } from './extremes.ts'
import { judge } from './judge.ts'
import type { Comparison, Judgement } from './judge.ts'
import { unreached } from './pattern.ts'
import type { SwitchTable } from './pattern.ts'
import { planOf } from './plan.ts'
import type { Plan } from './plan.ts'
import type { Conflict, Difference, Problem, SearchOptions, SearchResult } from './problem.ts'
import { project } from './project.ts'
import { Record } from './record.ts'
import { explainedByRounding } from './rounding.ts'
import { shrink } from './shrink.ts'
import type { Witness } from './shrink.ts'
import { isOwedToAssumptions } from './slack.ts'
import { relaxed, styleOf } from './style.ts'
import type { Style } from './style.ts'
import { workOf } from './work.ts'

const ATTEMPTS = 12
/** Attempts of a trial at which sides that both vanish are passed over: they say little. */
const PASSED_OVER = 3
/** Trials in a row without a point of the domain, after which the domain counts as empty. */
const FRUITLESS = 3
/** Sizes of data at which a small constant may matter, or a large one. */
const MAGNITUDES = [1e-12, 1e-8, 1e-5, 1e-3, 1e10, 1e8, 1e4, 1e2]
/** Lengths at which something may begin, and the scalar operations that a trial at such lengths may take. */
const LONG = [9, 21, 101, 1009]
const LONG_WORK = 200_000
/** Scalar operations of one trial beyond which a claim cannot be looked at: some seconds. */
const MOST_WORK = 1e8
/** Scalar operations of all trials after which one that counts is enough. */
const ENOUGH_WORK = 1e8
/** Scalar operations spent in looking for a plain witness, whatever the size of the claim. */
const SHRINKING_EFFORT = 400_000

/**
 * A search that can be taken up again: each `run` goes on with the trials where the last one stopped, and says what all
 * of them have shown. After a difference or a conflict it is over.
 */
export class Search {
  readonly #plan: Plan
  readonly #seed: number
  readonly #record: Record
  #trial = 0
  #fruitless = 0
  #work = 0
  #stopped: () => boolean = () => false

  constructor(problem: Problem, seed: number) {
    this.#plan = planOf(problem)
    this.#seed = seed
    this.#record = new Record(this.#plan)
  }

  /** Goes on until `trials` trials have been made in all. */
  run({ trials, milliseconds, thorough, far, signal }: Omit<SearchOptions, 'seed'>): SearchResult {
    const deadline = performance.now() + milliseconds
    this.#stopped = () => signal?.aborted === true || performance.now() > deadline
    const isEnough = (): boolean => this.#work > ENOUGH_WORK && this.#record.trials > 0
    while (this.#trial < trials && this.#fruitless < FRUITLESS && !this.#stopped() && !isEnough()) {
      const found = this.#next(this.#trial++)
      if (found === 'none') this.#fruitless++
      else if (found !== null) return found
      else this.#fruitless = 0
    }
    if (this.#record.trials === 0) return this.#record.none(this.#stopped())
    if (this.#record.isUnsettled || far === true) {
      const found = this.#magnified()
      if (found !== null) return found
    }
    if (far === true) {
      const found = this.#lengthened()
      if (found !== null) return found
    }
    if (thorough !== false && !isEnough()) {
      const found = this.#steered()
      if (found !== null) return found
      for (const warning of overflowWarnings(this.#plan, this.#record.points[0]!)) this.#record.warn(warning)
    }
    return this.#record.agreement()
  }

  /** Draws until a point counts; `'none'` if none did, `null` if the sides agree there. */
  #next(trial: number): Difference | Conflict | 'none' | null {
    for (let attempt = 0; attempt < (this.#isFixed ? 1 : ATTEMPTS) && !(attempt > 0 && this.#stopped()); attempt++) {
      const found = this.#attempt(trial, attempt)
      if (found !== 'none') return found
    }
    return 'none'
  }

  /** A claim about numbers alone has one point. */
  get #isFixed(): boolean {
    return this.#plan.inputs.length + this.#plan.chooser.names.length === 0
  }

  #attempt(trial: number, attempt: number): Difference | Conflict | 'none' | null {
    const plan = this.#plan
    const random = new Random(this.#seed, trial, attempt)
    const style = relaxed(styleOf(trial, random), attempt, random)
    const sizes = plan.chooser.choose(style.sizes, random)
    if (sizes !== null && plan.work(sizes) > MOST_WORK) {
      this.#record.refuse('too-large')
      return 'none'
    }
    if (sizes !== null) this.#work += plan.work(sizes)
    const drawn = sizes === null ? null : draw(plan, sizes, style, random)
    if (drawn === null) {
      this.#record.refuse('assumption')
      return 'none'
    }
    let point = project(plan, drawn)
    let judgement = judge(plan, point)
    const mendable = judgement.kind === 'outside' && (judgement.why === 'assumption' || judgement.why === 'undefined')
    if (mendable && attempt % 2 === 1) {
      point = repair(plan, point, random)
      judgement = judge(plan, point)
    }
    if (judgement.kind === 'outside') {
      this.#note(judgement, point)
      return 'none'
    }
    const passes = attempt < PASSED_OVER && !this.#isFixed
    if (judgement.comparison.zero && passes && !judgement.comparison.differs) return 'none'
    return this.#admit(point, judgement.comparison, judgement.switches)
  }

  /** Takes a point of the domain into account. */
  #admit(point: Point, comparison: Comparison, switches: SwitchTable): Difference | Conflict | 'none' | null {
    const withinRounding = comparison.withinRounding || isOwedToAssumptions(this.#plan, point)
    const explained = !withinRounding && explainedByRounding(this.#plan.problem, point)
    if (!comparison.differs || withinRounding || explained) {
      this.#record.agree(point, { ...comparison, withinRounding }, switches, explained)
      return null
    }
    const found = this.#refute({ point, comparison })
    if (found === null) this.#record.refuse('ill-conditioned')
    return found ?? 'none'
  }

  /** `null` where more digits take the difference away. */
  #refute(first: Witness): Difference | Conflict | null {
    const plan = this.#plan
    const effort = Math.floor(SHRINKING_EFFORT / workOf(plan.roots, first.point.sizes))
    const small = shrink(plan, first, this.#seed, Math.max(6, Math.min(250, effort)))
    for (const { point, comparison } of small === first ? [first] : [small, first]) {
      const confirmation = confirm(plan, point, comparison)
      if (confirmation.kind === 'rounding') continue
      if (confirmation.kind === 'conflict') {
        return {
          kind: 'conflict',
          message: confirmation.message,
          counterexample: this.#counterexample(point, comparison),
        }
      }
      const counterexample = this.#counterexample(point, {
        ...comparison,
        lhs: confirmation.lhs,
        rhs: confirmation.rhs,
      })
      return { kind: 'difference', counterexample, trials: this.#record.trials, warnings: this.#record.warnings }
    }
    return null
  }

  #counterexample(point: Point, { entry, lhs, rhs }: Comparison): Counterexample {
    const lengths = this.#plan.problem.lhs.shape.map((size) => evaluateSize(size, point.sizes))
    const values = new Map<string, Nested>()
    for (const input of this.#plan.inputs) values.set(input.name, nestedOf(point.inputs.get(input)!))
    return { sizes: point.sizes, values, entry: indexOf(lengths, entry), lhs, rhs, seed: this.#seed }
  }

  /** Looks for points at the outcomes of comparisons that no trial has met. */
  #steered(): Difference | Conflict | null {
    const plan = this.#plan
    const random = new Random(this.#seed, -1)
    const { points, tables } = this.#record
    for (const goal of unreached(tables, plan.moving)) {
      if (this.#stopped()) return null
      const point = steer(plan, points[random.below(points.length)]!, goal, random)
      const judgement = judge(plan, point)
      if (judgement.kind === 'outside') continue
      const found = this.#admit(point, judgement.comparison, judgement.switches)
      if (found !== null && found !== 'none') return found
    }
    return null
  }

  /** Looks where a difference may be larger, or begin: at much smaller and much larger data. */
  #magnified(): Difference | Conflict | null {
    for (const [i, magnitude] of MAGNITUDES.entries()) {
      for (const signs of ['positive', 'negative', 'both'] as const) {
        const random = new Random(this.#seed, -2, i)
        const found = this.#extra({ ...styleOf(0, random), magnitude, signs }, random, MOST_WORK)
        if (found !== null) return found
      }
    }
    return null
  }

  /** Looks where something may begin with the length of an axis. */
  #lengthened(): Difference | Conflict | null {
    if (this.#plan.chooser.names.length === 0) return null
    for (const from of LONG) {
      const random = new Random(this.#seed, -3, from)
      const found = this.#extra({ ...styleOf(0, random), sizes: { from } }, random, LONG_WORK)
      if (found !== null) return found
    }
    return null
  }

  /** One trial beside the others, if it is affordable and lies in the domain. */
  #extra(style: Style, random: Random, most: number): Difference | Conflict | null {
    const plan = this.#plan
    const sizes = plan.chooser.choose(style.sizes, random)
    if (sizes === null || plan.work(sizes) > most || this.#stopped()) return null
    const drawn = draw(plan, sizes, style, random)
    if (drawn === null) return null
    const point = project(plan, drawn)
    const judgement = judge(plan, point)
    if (judgement.kind === 'outside') return null
    const found = this.#admit(point, judgement.comparison, judgement.switches)
    return found === 'none' ? null : found
  }

  #note(judgement: Extract<Judgement, { kind: 'outside' }>, point: Point): void {
    this.#record.refuse(judgement.why)
    const { only } = judgement
    if (only === undefined || this.#record.has('domain')) return
    const { lhs, rhs } = this.#plan.problem
    if (!isUndefined(only === 'lhs' ? rhs : lhs, point)) return
    const [defined, other] = only === 'lhs' ? ['left', 'right'] : ['right', 'left']
    const message = `the ${defined} side is defined at points where the ${other} side is not`
    this.#record.warn({ code: 'domain', message })
  }
}

/**
 * Looks for a point of the domain at which the sides of a claim differ. It never reports one for a true claim: a difference
 * must exceed the bound of its own rounding by far, be there with more digits, and be there in forward mode.
 * Bounded by the trials and milliseconds of the options; the same seed gives the same result unless time runs out.
 */
export function search(problem: Problem, { seed, ...options }: SearchOptions): SearchResult {
  return new Search(problem, seed).run(options)
}
