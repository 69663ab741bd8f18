import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import type { Expr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import type { Clock } from './clock.ts'
import type { Surroundings } from './edit.ts'
import { EDITS } from './edits/table.ts'
import type { Goal } from './goal.ts'
import { isZeroLiteral } from './make.ts'
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

/** The likeliest single edit of one of the targets that makes the claim provable, or at least agree with the numbers. */
export function findMend(program: Program, goal: Goal, targets: readonly Target[], clock: Clock): Mend | null {
  if (goal.points.length === 0) return null
  const sites = new Map<Target, readonly Site[]>(targets.map((target) => [target, sitesOf(target.expr)]))
  const around = new Map<Target, Surroundings>()
  const seen = new Set<Node>()
  let proofs = 0
  let likely: Mend | null = null
  for (const edits of EDITS) {
    for (const target of targets) {
      if (!around.has(target)) around.set(target, surroundingsOf(program, goal, target))
      for (const edit of edits) {
        const outermostFirst = sites.get(target)!
        for (const site of edit.smallestFirst === true ? bySize(outermostFirst) : outermostFirst) {
          for (const { expr, phrase } of edit.propose(site, around.get(target)!)) {
            if (clock.isOver || proofs >= MOST_PROOFS) return likely
            clock.spend(READING_WORK)
            const whole = site.replace(expr)
            const side = attempt(() => target.sideWith(whole))
            const fitted = side === null || isZeroLiteral(whole) ? null : goal.fitted(side)
            if (fitted === null || seen.has(fitted)) continue
            seen.add(fitted)
            if (!goal.agrees(fitted)) continue
            proofs++
            const isProved = goal.proves(fitted)
            const mend = (): Mend => ({
              target,
              edit: edit.name,
              phrase: phrase(),
              mended: target.suggest(whole),
              suggestion: suggestionOf(target, whole, goal),
              isProved,
            })
            if (isProved) return mend()
            likely ??= mend()
          }
        }
      }
    }
  }
  return likely
}

function suggestionOf(target: Target, whole: Expr, goal: Goal): string {
  const inside = target.inlined(whole)
  const side = inside === null ? null : attempt(() => goal.fitted(target.readSide(inside)))
  return inside !== null && side !== null && goal.agrees(side) ? toSource(inside) : target.suggest(whole)
}
