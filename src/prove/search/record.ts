import type { Warning } from '../../graph/program.ts'
import type { Point } from './draw.ts'
import type { Comparison, Judgement } from './judge.ts'
import type { SwitchTable } from './pattern.ts'
import type { Plan } from './plan.ts'
import type { Agreement, NoPoint, SwitchReport } from './problem.ts'
import type { Lengths } from './sizes.ts'

type Refusal = Extract<Judgement, { kind: 'outside' }>['why']

/** What the trials of a search have shown so far. */
export class Record {
  readonly points: Point[] = []
  readonly tables: SwitchTable[] = []
  readonly #plan: Plan
  readonly #refusals = new Map<Refusal, number>()
  readonly #warnings = new Map<Warning['code'], Warning>()
  #tolerance = 0
  #withinRounding = true
  #explained = false
  #zero = true

  constructor(plan: Plan) {
    this.#plan = plan
  }

  get trials(): number {
    return this.points.length
  }

  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()]
  }

  /** A difference was met that is more than rounding, less than refutes, and due to no rounded constant. */
  get isUnsettled(): boolean {
    return !this.#withinRounding && !this.#explained
  }

  /** A point of the domain at which the sides agree. */
  agree(point: Point, comparison: Comparison, switches: SwitchTable, explained: boolean): void {
    this.points.push(point)
    this.tables.push(switches)
    this.#explained ||= explained
    this.#withinRounding &&= comparison.withinRounding
    this.#tolerance = Math.max(this.#tolerance, comparison.tolerance)
    this.#zero &&= comparison.zero
  }

  refuse(why: Refusal): void {
    this.#refusals.set(why, (this.#refusals.get(why) ?? 0) + 1)
  }

  /** One warning of each kind is enough. */
  warn(warning: Warning): void {
    if (!this.#warnings.has(warning.code)) this.#warnings.set(warning.code, warning)
  }

  has(code: Warning['code']): boolean {
    return this.#warnings.has(code)
  }

  agreement(): Agreement {
    const vacuous: readonly Warning[] = this.#zero
      ? [{ code: 'vacuous', message: 'both sides are zero everywhere' }]
      : []
    const sizes = new Map<string, Lengths>()
    for (const point of this.points) sizes.set([...point.sizes.values()].join(), point.sizes)
    return {
      kind: 'agreement',
      trials: this.trials,
      points: this.points,
      sizes: [...sizes.values()],
      tolerance: this.#tolerance,
      withinRounding: this.#withinRounding,
      explainedByRounding: this.#explained,
      vacuous: this.#zero,
      switches: this.#switches(),
      warnings: [...vacuous, ...this.warnings],
    }
  }

  #switches(): SwitchReport[] {
    const met = (test: (x: number) => boolean) => (tables: readonly Float64Array[]) => tables.some((values) => values.some(test)) // prettier-ignore
    const [above, below, tie] = [met((x) => x > 0), met((x) => x < 0), met((x) => x === 0)]
    return this.#plan.switches
      .filter((node) => this.#plan.moving.has(node))
      .map((node) => {
        const values = this.tables.map((table) => table.get(node)!)
        return { node, above: above(values), below: below(values), tie: tie(values) }
      })
  }

  none(outOfTime: boolean): NoPoint {
    const [most] = [...this.#refusals].sort(([, a], [, b]) => b - a)
    const reason = outOfTime
      ? 'the time given was over before a point of the domain was found'
      : most?.[0] === 'undefined' && this.#plan.inputs.length === 0
        ? 'a side is not defined, or too large for a double'
        : REASONS[most?.[0] ?? 'undefined']
    return { kind: 'none', reason, warnings: this.warnings }
  }
}

const REASONS: { readonly [why in Refusal]: string } = {
  assumption: 'no point was found that obeys the assumptions',
  undefined: 'no point was found at which both sides are defined',
  'ill-conditioned': 'at every point tried, rounding hides whether the sides are equal',
  kink: 'every point tried lies on a kink',
  'too-large': 'arrays of these literal sizes are too large to try; sizes that are names stand for any length',
}
