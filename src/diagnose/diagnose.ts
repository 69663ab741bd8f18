import { elaborateSide, sourcesOf } from '../elaborate/elaborate.ts'
import type { DefinitionSource } from '../elaborate/elaborate.ts'
import type { Node } from '../graph/node.ts'
import type { Claim, Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import type { Counterexample, Diagnosis } from '../prove/verdict.ts'
import type { ClaimLink, Expr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import { findAssumption } from './assume.ts'
import { blame } from './blame.ts'
import { chainOf, chainText } from './chain.ts'
import type { Chain } from './chain.ts'
import { Clock } from './clock.ts'
import { explain, otherLoss } from './explain.ts'
import { Goal } from './goal.ts'
import { findMend } from './search.ts'
import type { Mend } from './search.ts'
import { attempt } from './surroundings.ts'
import { servingDefinitions, targetsOf } from './target.ts'
import type { Target } from './target.ts'

export interface DiagnosisRequest {
  readonly program: Program
  readonly claim: Claim
  /** Where its sides differ, if that is known. */
  readonly counterexample: Counterexample | null
  /** The sheet's spelling of a node. */
  readonly describe: (node: Node) => string
  readonly seed: number
  /** The most time for one claim; the work is bounded besides. */
  readonly milliseconds: number
}

export const USUAL_MILLISECONDS = 2000
/** Work for one claim: see `Clock`. */
const MOST_WORK = 40_000

/** What is wrong with a claim that was refuted or is ill formed; `null` where nothing can be said. */
export function diagnose(request: DiagnosisRequest): Diagnosis | null {
  const { program, claim, describe, seed, counterexample } = request
  const source = sourcesOf(program).claims.get(claim)
  if (source === undefined) return null
  const clock = new Clock(MOST_WORK, request.milliseconds)
  const { link, scope } = source
  const chain = chainOf(claim, { program, describe, seed, clock, counterexample })
  const sides = orient(program, link, scope, chain)
  if (sides === null) return null
  const goal = attempt(() => new Goal({ program, fixed: sides.fixed, describe, seed, clock, counterexample }))
  if (goal === null || goal.points.length === 0) return null
  const side = attempt(() => goal.fitted(elaborateSide(program, sides.edited, scope)))
  // A difference that these points do not show is not explained at them.
  if (side !== null && goal.agrees(side)) return null
  const serving = servingDefinitions(program, sides.edited, scope, goal.raw)
  const { wrong, right } = blame(program, goal, serving)
  const targets = targetsOf(program, sides.edited, scope, serving)
  const mend = findMend(program, goal, ranked(targets, wrong?.source ?? null, right), clock.part(MENDING))
  const holdsIf = side === null ? null : findAssumption(program, goal, side, { seed, clock })
  const isElsewhere = wrong !== null && wrong.source.expr !== targets[0]!.expr
  const message = [
    mend === null && isElsewhere ? `${toSource(wrong.source.target)} is not the derivative by ${wrong.by}` : null,
    mend === null ? null : mendText(mend),
    side === null ? null : mend === null ? explain(program, goal, side) : otherLoss(program, goal, side),
    holdsIf !== null && mend === null ? `right only if ${holdsIf}` : null,
    chain === null ? null : chainText(chain),
  ].filter((part) => part !== null)
  const suggestion = mend?.isProved === true ? mend.suggestion : null
  return message.length === 0 ? null : { message: message.join('; '), suggestion, holdsIf }
}

/** The share of the work for the search of an edit. */
const MENDING = 0.8

function mendText({ phrase, target, isProved, mended }: Mend): string {
  const { definition } = target
  const said = isProved ? phrase : `perhaps ${phrase}: with that the numbers agree, but there is no proof`
  return definition === null ? said : `in ${toSource(definition.target)}: ${said}: write ${mended}`
}

/** The definition to blame first, then the others; those that are right are left alone. */
function ranked(
  targets: readonly Target[],
  wrong: DefinitionSource | null,
  right: ReadonlySet<DefinitionSource>,
): Target[] {
  const first = targets.filter(({ definition }) => wrong !== null && definition?.expr === wrong.expr)
  const others = targets.filter((target) => {
    const isRight = target.definition !== null && right.has(target.definition)
    return !first.includes(target) && (!isRight || targets[0] === target)
  })
  return [...first, ...others]
}

/** Which side is taken as right: a derivative, or what a chain begins with, or else the left one. */
function orient(
  program: Program,
  { lhs, rhs }: ClaimLink,
  scope: number,
  chain: Chain | null,
): { fixed: Node; edited: Expr } | null {
  const left = attempt(() => elaborateSide(program, lhs, scope))
  const right = attempt(() => elaborateSide(program, rhs, scope))
  const isSure = (node: Node): boolean => differentiates(node) || chain?.isLikeFirst(node) === true
  const isTurned = left === null || (right !== null && isSure(right) && !isSure(left))
  const fixed = isTurned ? right : left
  return fixed === null ? null : { fixed, edited: isTurned ? lhs : rhs }
}

const differentiates = (node: Node): boolean => reachable([node]).some(({ kind }) => kind === 'derivative')
