import { BackproveError } from '../base/errors.ts'
import { sourcesOf } from '../elaborate/elaborate.ts'
import type { Node } from '../graph/node.ts'
import type { Claim, Program } from '../graph/program.ts'
import { Goal } from './goal.ts'
import type { GoalRequest } from './goal.ts'
import { attempt } from './surroundings.ts'

/** A chain of claims, `a == b == c`, of which one is a link. */
export interface Chain {
  /** Counted from 1. */
  readonly link: number
  /** Whether a node equals the beginning of the chain, as far as numbers tell. */
  readonly isLikeFirst: (node: Node) => boolean
  readonly endsAgree: boolean
}

/** The chain that a claim belongs to; `null` for a claim that stands alone. */
export function chainOf(claim: Claim, request: Omit<GoalRequest, 'fixed'>): Chain | null {
  const { program } = request
  const links = linksBeside(program, claim)
  const [first, last] = [links[0]?.subject, links.at(-1)?.subject]
  if (links.length < 2 || first === undefined || first instanceof BackproveError) return null
  const goal = attempt(() => new Goal({ ...request, fixed: first.lhs }))
  if (goal === null || goal.points.length === 0) return null
  const isLikeFirst = (node: Node): boolean => {
    const fitted = goal.fitted(node)
    return fitted !== null && goal.agrees(fitted)
  }
  const endsAgree = last !== undefined && !(last instanceof BackproveError) && isLikeFirst(last.rhs)
  return { link: links.indexOf(claim) + 1, isLikeFirst, endsAgree }
}

function linksBeside(program: Program, claim: Claim): Claim[] {
  const { claims } = sourcesOf(program)
  const place = claims.get(claim)?.scope
  return program.claims.filter((other) => claims.get(other)?.scope === place)
}

export const chainText = ({ link, endsAgree }: Chain): string =>
  `link ${link} of the chain breaks${endsAgree ? '; its two ends agree' : ''}`
