import { elaborateSide, sourcesOf } from '../elaborate/elaborate.ts'
import type { Node } from '../graph/node.ts'
import type { Claim, Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import type { Diagnosis } from '../prove/verdict.ts'
import type { Expr } from '../syntax/ast.ts'
import { Clock } from './clock.ts'
import { Goal } from './goal.ts'
import { findMend } from './search.ts'
import { attempt } from './surroundings.ts'
import { servingDefinitions, targetsOf } from './target.ts'

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
  const serving = servingDefinitions(program, sides.edited, scope, goal.raw)
  const targets = targetsOf(program, sides.edited, scope, serving)
  const mend = findMend(program, goal, targets, clock)
  if (mend === null) return null
  return { message: mend.phrase, suggestion: mend.suggestion, holdsIf: null }
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
