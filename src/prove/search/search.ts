import { Random } from '../../base/random.ts'
import type { Node } from '../../graph/node.ts'
import type { Warning } from '../../graph/program.ts'
import { evaluateSize } from '../../shape/size.ts'
import { nestedOf } from '../../evaluate/nested.ts'
import { indexOf } from '../../evaluate/tensor.ts'
import type { Counterexample, Nested } from '../verdict.ts'
import { repair, steer } from './climb.ts'
import { confirm } from './confirm.ts'
import { draw } from './draw.ts'
import type { Point } from './draw.ts'
import { isUndefined, overflowWarnings } from './extremes.ts'
import { judge } from './judge.ts'
import type { Comparison, Judgement, Outcome } from './judge.ts'
import { planOf } from './plan.ts'
import type { Plan } from './plan.ts'
import type { Agreement, Conflict, Difference, Problem, SearchOptions, SearchResult, SwitchReport } from './problem.ts'
import { project } from './project.ts'
import { explainedByRounding } from './rounding.ts'
import { shrink } from './shrink.ts'
import type { Lengths } from './sizes.ts'
import { relaxed, styleOf } from './style.ts'

const ATTEMPTS = 12
/** Trials in a row without a point of the domain, after which the domain counts as empty. */
const FRUITLESS = 3
/** Switches whose unreached outcomes are sought. */
const STEERED = 8
/** Entries computed in looking for a plain witness, whatever the size of the claim. */
const SHRINKING_EFFORT = 400_000

type Outside = Extract<Judgement, { kind: 'outside' }>

/** A search in progress: what the trials have shown so far. */
class Search {
  readonly plan: Plan
  readonly #options: SearchOptions
  readonly #deadline: number
  readonly #refusals = new Map<Outside['why'], number>()
  readonly #outcomes = new Map<Node, Outcome>()
  readonly #sizes = new Map<string, Lengths>()
  readonly #warnings: Warning[] = []
  #trials = 0
  #tolerance = 0
  #withinRounding = true
  #explained = false
  #zero = true
  #last: Point | null = null
  readonly #points: Point[] = []

  constructor(plan: Plan, options: SearchOptions) {
    this.plan = plan
    this.#options = options
    this.#deadline = performance.now() + options.milliseconds
  }

  get stopped(): boolean {
    return this.#options.signal?.aborted === true || performance.now() > this.#deadline
  }

  run(): SearchResult {
    const { trials } = this.#options
    for (let trial = 0, fruitless = 0; trial < trials && fruitless < FRUITLESS && !this.stopped; trial++) {
      const found = this.#trial(trial)
      if (found === 'none') fruitless++
      else if (found !== null) return found
      else fruitless = 0
    }
    if (this.#last === null) return { kind: 'none', reason: this.#reason(), warnings: this.#warnings }
    if (this.#options.thorough !== false) {
      const found = this.#steered(this.#last)
      if (found !== null) return found
      this.#warnings.push(...overflowWarnings(this.plan, this.#last))
    }
    return this.#agreement()
  }

  /** Draws until a point counts; `'none'` if none did, `null` if the sides agree there. */
  #trial(trial: number): Difference | Conflict | 'none' | null {
    const attempts = this.plan.inputs.length + this.plan.chooser.names.length === 0 ? 1 : ATTEMPTS
    for (let attempt = 0; attempt < attempts && !(attempt > 0 && this.stopped); attempt++) {
      const random = new Random(this.#options.seed, trial, attempt)
      const style = relaxed(styleOf(trial, random), attempt, random)
      const sizes = this.plan.chooser.choose(style.sizes, random)
      if (sizes === null) {
        this.#refuse('assumption')
        return 'none'
      }
      const drawn = draw(this.plan, sizes, style, random)
      if (drawn === null) {
        this.#refuse('assumption')
        continue
      }
      let point = project(this.plan, drawn)
      let judgement = judge(this.plan, point)
      if (
        judgement.kind === 'outside' &&
        attempt % 2 === 1 &&
        (judgement.why === 'assumption' || judgement.why === 'undefined')
      ) {
        this.#note(judgement, point)
        point = repair(this.plan, point, random)
        judgement = judge(this.plan, point)
      }
      if (judgement.kind === 'outside') {
        this.#note(judgement, point)
        continue
      }
      const found = this.#admit(point, judgement.comparison, judgement.outcomes)
      if (found !== 'none') return found
    }
    return 'none'
  }

  /** Takes a point of the domain into account. */
  #admit(
    point: Point,
    comparison: Comparison,
    outcomes: ReadonlyMap<Node, Outcome>,
  ): Difference | Conflict | 'none' | null {
    const { problem } = this.plan
    const explained = !comparison.withinRounding && explainedByRounding(problem, point)
    if (comparison.differs && !explained) {
      const found = this.#refute(point, comparison)
      if (found === null) this.#refuse('ill-conditioned')
      return found ?? 'none'
    }
    this.#trials += 1
    this.#last = point
    this.#points.push(point)
    this.#explained ||= explained
    this.#withinRounding &&= comparison.withinRounding
    this.#tolerance = Math.max(this.#tolerance, comparison.tolerance)
    this.#zero &&= comparison.zero
    this.#sizes.set([...point.sizes.values()].join(','), point.sizes)
    for (const [node, { above, below, tie }] of outcomes) {
      const known = this.#outcomes.get(node)
      this.#outcomes.set(node, {
        above: above || known?.above === true,
        below: below || known?.below === true,
        tie: tie || known?.tie === true,
      })
    }
    return null
  }

  /** `null` where more digits take the difference away. */
  #refute(point: Point, comparison: Comparison): Difference | Conflict | null {
    const { plan } = this
    const cost = plan.roots.length + this.#entries(point)
    const effort = Math.max(20, Math.min(250, Math.floor(SHRINKING_EFFORT / Math.max(1, cost * 20))))
    const first = { point, comparison }
    const small = shrink(plan, first, this.#options.seed, effort)
    for (const witness of small === first ? [first] : [small, first]) {
      const { entry } = witness.comparison
      const confirmation = confirm(plan.problem, witness.point, entry)
      if (confirmation.kind === 'rounding') continue
      if (confirmation.kind === 'conflict') {
        const { lhs, rhs } = witness.comparison
        const counterexample = this.#counterexample(witness.point, entry, lhs, rhs)
        return { kind: 'conflict', message: confirmation.message, counterexample }
      }
      const counterexample = this.#counterexample(witness.point, entry, confirmation.lhs, confirmation.rhs)
      return { kind: 'difference', counterexample, trials: this.#trials, warnings: this.#warnings }
    }
    return null
  }

  #entries(point: Point): number {
    let count = 0
    for (const { data } of point.inputs.values()) count += data.length
    return count
  }

  #counterexample(point: Point, entry: number, lhs: number, rhs: number): Counterexample {
    const shape = this.plan.problem.lhs.shape
    const lengths = shape.map((size) => evaluateSize(size, point.sizes))
    const values = new Map<string, Nested>()
    for (const input of this.plan.inputs) values.set(input.name, nestedOf(point.inputs.get(input)!))
    return { sizes: point.sizes, values, entry: indexOf(lengths, entry), lhs, rhs, seed: this.#options.seed }
  }

  /** Looks for points at the outcomes of comparisons that no trial has met. */
  #steered(from: Point): Difference | Conflict | null {
    const { plan } = this
    const random = new Random(this.#options.seed, -1)
    for (const node of plan.switches.filter((candidate) => plan.moving.has(candidate)).slice(0, STEERED)) {
      for (const side of [1, -1] as const) {
        const known = this.#outcomes.get(node)
        if (this.stopped || (side === 1 ? known?.above : known?.below) === true) continue
        if (node.kind === 'reduce' && side === -1) continue
        const point = steer(plan, from, node, side, random)
        const judgement = judge(plan, point)
        if (judgement.kind === 'outside') continue
        const found = this.#admit(point, judgement.comparison, judgement.outcomes)
        if (found !== null && found !== 'none') return found
      }
    }
    return null
  }

  #agreement(): Agreement {
    const switches: SwitchReport[] = this.plan.switches
      .filter((node) => this.plan.moving.has(node))
      .map((node) => ({ node, ...(this.#outcomes.get(node) ?? { above: false, below: false, tie: false }) }))
    if (this.#zero) this.#warnings.push({ code: 'vacuous', message: 'both sides are zero everywhere' })
    return {
      kind: 'agreement',
      trials: this.#trials,
      points: this.#points,
      sizes: [...this.#sizes.values()],
      tolerance: this.#tolerance,
      withinRounding: this.#withinRounding,
      explainedByRounding: this.#explained,
      vacuous: this.#zero,
      switches,
      warnings: this.#warnings,
    }
  }

  #refuse(why: Outside['why']): void {
    this.#refusals.set(why, (this.#refusals.get(why) ?? 0) + 1)
  }

  #note(judgement: Outside, point: Point): void {
    this.#refuse(judgement.why)
    const { only } = judgement
    if (only === undefined || this.#warnings.some(({ code }) => code === 'domain')) return
    const { lhs, rhs } = this.plan.problem
    if (!isUndefined(only === 'lhs' ? rhs : lhs, point)) return
    const [defined, other] = only === 'lhs' ? ['left', 'right'] : ['right', 'left']
    this.#warnings.push({
      code: 'domain',
      message: `the ${defined} side is defined at points where the ${other} side is not`,
    })
  }

  #reason(): string {
    if (this.stopped) return 'the time given was over before a point of the domain was found'
    const [most] = [...this.#refusals].sort(([, a], [, b]) => b - a)
    switch (most?.[0]) {
      case 'assumption':
        return 'no point was found that obeys the assumptions'
      case 'ill-conditioned':
        return 'at every point tried, rounding hides whether the sides are equal'
      case 'kink':
        return 'every point tried lies on a kink'
      case 'undefined':
      case undefined:
        return 'no point was found at which both sides are defined'
    }
  }
}

/**
 * Looks for a point of the domain at which the sides of a claim differ. It never reports one for a true claim: a difference
 * must exceed the bound of its own rounding by far, be there with more digits, and be there in forward mode.
 * Bounded by the trials and milliseconds of the options; the same seed gives the same result unless time runs out.
 */
export function search(problem: Problem, options: SearchOptions): SearchResult {
  return new Search(planOf(problem), options).run()
}
