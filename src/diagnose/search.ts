import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import type { Expr } from '../syntax/ast.ts'
import { parseExpression } from '../syntax/sheet.ts'
import { toSource } from '../syntax/source.ts'
import type { Clock } from './clock.ts'
import type { Surroundings } from './edit.ts'
import { scaled } from './edits/factor.ts'
import { EDITS } from './edits/table.ts'
import type { Goal } from './goal.ts'
import { isZeroLiteral, minus } from './make.ts'
import { ratioOf } from './measure.ts'
import { sitesOf } from './site.ts'
import type { Site } from './site.ts'
import { attempt, surroundingsOf } from './surroundings.ts'
import type { Target } from './target.ts'

/** What reading an edited text costs, in evaluations of a node. */
const READING_WORK = 5
/** Proofs tried for one claim: what agrees at the points is almost always provable. */
const MOST_PROOFS = 6

/** An edit that makes the sides agree at all points tried. */
export interface Mend {
  readonly target: Target
  readonly edit: string
  readonly phrase: string
  /** The text that was mended, as it stands in the sheet. */
  readonly mended: string
  /** What to write in place of the claim's side; the mended definition where that cannot be said there. */
  readonly suggestion: string
  readonly isProved: boolean
}

const bySize = (sites: readonly Site[]): Site[] => {
  const lengths = new Map(sites.map((site) => [site, toSource(site.expr).length]))
  return [...sites].sort((a, b) => lengths.get(a)! - lengths.get(b)!)
}

/** From this row of edits on, two likely slips are likelier than one of these. */
const RARE = 7
/** Rows whose edits may go together with a factor. */
const LIKELY = 4

/**
 * The likeliest edit of one of the targets that makes the claim provable, or at least agree with the numbers: a single
 * one, or one together with a factor or a sign of the whole.
 */
export function findMend(program: Program, goal: Goal, targets: readonly Target[], clock: Clock): Mend | null {
  if (goal.points.length === 0) return null
  const trial = new Trial(program, goal, clock)
  const sites = new Map<Target, readonly Site[]>(targets.map((target) => [target, sitesOf(target.expr)]))
  const around = new Map<Target, Surroundings>()
  const pairs: Attempt[] = targets.flatMap((target) => trial.pair(target, target.expr, null))
  for (const [row, edits] of EDITS.entries()) {
    if (row === RARE) for (const pair of pairs) if (trial.isProved(pair)) return trial.best
    for (const target of targets) {
      if (!around.has(target)) around.set(target, surroundingsOf(program, goal, target))
      for (const edit of edits) {
        const outermostFirst = sites.get(target)!
        for (const site of edit.smallestFirst === true ? bySize(outermostFirst) : outermostFirst) {
          for (const { expr, phrase } of edit.propose(site, around.get(target)!)) {
            if (trial.isOver) return trial.best
            clock.spend(READING_WORK)
            const whole = site.replace(expr)
            if (trial.isProved({ target, whole, phrase, edit: edit.name })) return trial.best
            if (row < LIKELY) pairs.push(...trial.pair(target, whole, phrase))
          }
        }
      }
    }
  }
  return trial.best
}

/** A text to try in the place of a target, and what was wrong. */
interface Attempt {
  readonly target: Target
  readonly whole: Expr
  readonly phrase: () => string
  readonly edit: string
}

/** What has been tried for one claim, and the best that was found. */
class Trial {
  best: Mend | null = null
  readonly #program: Program
  readonly #goal: Goal
  readonly #clock: Clock
  readonly #seen = new Set<Node>()
  #proofs = 0

  constructor(program: Program, goal: Goal, clock: Clock) {
    this.#program = program
    this.#goal = goal
    this.#clock = clock
  }

  get isOver(): boolean {
    return this.#clock.isOver || this.#proofs >= MOST_PROOFS
  }

  /** Whether the text makes the claim provable; where it only agrees, it is the best until something is proved. */
  isProved({ target, whole, phrase, edit }: Attempt): boolean {
    const fitted = this.#fitted(target, whole)
    if (this.isOver || fitted === null || this.#seen.has(fitted)) return false
    this.#seen.add(fitted)
    if (!this.#goal.agrees(fitted)) return false
    this.#proofs++
    const isProved = this.#goal.proves(fitted)
    if (!isProved && this.best !== null) return false
    const suggestion = suggestionOf(target, whole, this.#goal)
    this.best = { target, edit, phrase: phrase(), mended: target.suggest(whole), suggestion, isProved }
    return isProved
  }

  /** The text with the factor that it still lacks, where there is one: with its sign, or beside another edit. */
  pair(target: Target, whole: Expr, phrase: (() => string) | null): Attempt[] {
    if (target.definition !== null) return []
    const fitted = this.#fitted(target, whole)
    const ratio = fitted === null ? null : ratioOf(this.#program, this.#goal, this.#goal.node, fitted)
    if (ratio === null) return []
    const factor = ratio.text === '1' ? null : parseExpression(ratio.text)
    const slips = [
      ...(phrase === null ? [] : [phrase]),
      ...(factor === null ? [] : [(): string => `the factor ${ratio.text} is missing`]),
      ...(ratio.isNegative ? [(): string => 'the sign is wrong'] : []),
    ]
    if (slips.length < 2) return []
    const sized = factor === null ? whole : scaled(factor, whole)
    return [
      {
        target,
        whole: ratio.isNegative ? minus(sized) : sized,
        phrase: () => slips.map((slip) => slip()).join(', and '),
        edit: 'two-slips',
      },
    ]
  }

  #fitted(target: Target, whole: Expr): Node | null {
    const side = attempt(() => target.sideWith(whole))
    return side === null || isZeroLiteral(whole) ? null : this.#goal.fitted(side)
  }
}

function suggestionOf(target: Target, whole: Expr, goal: Goal): string {
  const inside = target.inlined(whole)
  const side = inside === null ? null : attempt(() => goal.fitted(target.readSide(inside)))
  return inside !== null && side !== null && goal.agrees(side) ? toSource(inside) : target.suggest(whole)
}
