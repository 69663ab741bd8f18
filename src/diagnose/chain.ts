import { BackproveError } from '../base/errors.ts'
import { sourcesOf } from '../elaborate/elaborate.ts'
import type { Claim, Program } from '../graph/program.ts'
import { sameShape } from '../shape/shape.ts'
import { Goal } from './goal.ts'
import type { GoalRequest } from './goal.ts'
import { attempt } from './surroundings.ts'

/** What is to be said of the other links of a chain, `a == b == c`: whether its ends agree. */
export function chainNote(program: Program, claim: Claim, request: Omit<GoalRequest, 'fixed'>): string | null {
  const { claims } = sourcesOf(program)
  const own = claims.get(claim)
  if (own === undefined) return null
  const links = program.claims.filter((other) => claims.get(other)?.scope === own.scope)
  const subjects = links.map(({ subject }) => (subject instanceof BackproveError ? null : subject))
  const [first, last] = [subjects[0], subjects.at(-1)]
  if (links.length < 2 || first === null || last === null || first === undefined || last === undefined) return null
  if (!sameShape(first.lhs.shape, last.rhs.shape)) return null
  const goal = attempt(() => new Goal({ ...request, fixed: first.lhs }))
  if (goal === null || goal.points.length === 0) return null
  const which = `link ${links.indexOf(claim) + 1} of the chain breaks`
  return goal.agrees(last.rhs) ? `${which}; its two ends agree` : which
}
