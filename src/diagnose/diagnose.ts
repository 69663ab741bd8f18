import { elaborateSide, sourcesOf } from '../elaborate/elaborate.ts'
import type { DefinitionSource } from '../elaborate/elaborate.ts'
import type { Node } from '../graph/node.ts'
import type { Claim, Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import type { Diagnosis } from '../prove/verdict.ts'
import type { Expr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import { findAssumption } from './assume.ts'
import { blame } from './blame.ts'
import { chainNote } from './chain.ts'
import { Clock } from './clock.ts'
import { explain, otherLoss } from './explain.ts'
import { Goal } from './goal.ts'
import { findMend } from './search.ts'
import { attempt } from './surroundings.ts'
import { servingDefinitions, targetsOf } from './target.ts'
import type { Target } from './target.ts'

export interface DiagnosisRequest {
  readonly program: Program
  readonly claim: Claim
  /** The sheet's spelling of a node. */
  readonly describe: (node: Node) => string
  readonly seed: number
  /** The most time for one claim. */
  readonly milliseconds: number
}

export const USUAL_MILLISECONDS = 300

/** What is wrong with a claim that was refuted or is ill formed; `null` where nothing can be said. */
export function diagnose(request: DiagnosisRequest): Diagnosis | null {
  const { program, claim, describe, seed } = request
  const source = sourcesOf(program).claims.get(claim)
  if (source === undefined) return null
  const clock = new Clock(request.milliseconds)
  const { link, scope } = source
  const sides = orient(program, link.lhs, link.rhs, scope)
  if (sides === null) return null
  const goal = attempt(() => new Goal({ program, fixed: sides.fixed, describe, seed, clock }))
  if (goal === null || goal.points.length === 0) return null
  const side = attempt(() => goal.fitted(elaborateSide(program, sides.edited, scope)))
  // A difference that these points do not show is not explained at them.
  if (side !== null && goal.agrees(side)) return null
  const serving = servingDefinitions(program, sides.edited, scope, goal.raw)
  const { wrong, right } = blame(program, goal, serving)
  const targets = targetsOf(program, sides.edited, scope, serving)
  const mend = findMend(program, goal, ranked(targets, wrong?.source ?? null, right), clock.part(MENDING))
  const holdsIf = side === null ? null : findAssumption(program, goal, side, seed, clock)
  const note = chainNote(program, claim, { program, describe, seed, clock })
  const said = mend === null ? null : mendText(mend.phrase, mend.target)
  const loss = side === null ? null : otherLoss(program, goal, side)
  const blamed = wrong === null ? null : `${toSource(wrong.source.target)} is not the derivative by ${wrong.by}`
  const explained = side === null ? null : explain(program, goal, side)
  const parts = [
    loss !== null && mend !== null ? `${said!}; ${loss}` : (said ?? explained ?? blamed),
    holdsIf !== null && mend === null ? `right only if ${holdsIf}` : null,
    note,
  ].filter((part) => part !== null)
  if (parts.length === 0) return null
  return { message: parts.join('; '), suggestion: mend?.suggestion ?? null, holdsIf }
}

/** The share of the time for the search of an edit. */
const MENDING = 0.8

function mendText(phrase: string, { definition }: Target): string {
  return definition === null ? phrase : `in ${toSource(definition.target)}: ${phrase}`
}

/** The definition to blame first, then the others; those that are right are left alone. */
function ranked(targets: readonly Target[], wrong: DefinitionSource | null, right: ReadonlySet<DefinitionSource>): Target[] {
  const first = targets.filter(({ definition }) => wrong !== null && definition?.expr === wrong.expr)
  const others = targets.filter((target) => {
    const isRight = target.definition !== null && right.has(target.definition)
    return !first.includes(target) && (!isRight || targets[0] === target)
  })
  return [...first, ...others]
}

/** Which side is taken as right: the one that is a derivative, and else the left one. */
function orient(program: Program, lhs: Expr, rhs: Expr, scope: number): { fixed: Node; edited: Expr } | null {
  const left = attempt(() => elaborateSide(program, lhs, scope))
  const right = attempt(() => elaborateSide(program, rhs, scope))
  const isTurned = left === null || (right !== null && differentiates(right) && !differentiates(left))
  const fixed = isTurned ? right : left
  return fixed === null || !differentiates(fixed) ? null : { fixed, edited: isTurned ? lhs : rhs }
}

const differentiates = (node: Node): boolean => reachable([node]).some(({ kind }) => kind === 'derivative')
