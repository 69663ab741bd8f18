import type { Program } from '../../graph/program.ts'
import type { Judgement } from '../../pipeline.ts'
import type { Verdict } from '../../prove/verdict.ts'
import { claimLines } from './claim.ts'
import type { ClaimStyle } from './claim.ts'
import { claimJson } from './json.ts'
import type { JsonClaim } from './json.ts'

/** All that is printed of a claim, as plain data: it may come from another thread. */
export interface ClaimReport {
  readonly verdict: Verdict['verdict']
  readonly line: number
  readonly column: number
  readonly lines: readonly string[]
  readonly json: JsonClaim
  /** What a proof rests on. */
  readonly conditions: readonly string[]
  /** Of a fault of ours. */
  readonly message: string | null
}

export function reportOf(judgement: Judgement, program: Program, style: ClaimStyle): ClaimReport {
  const { claim, verdict } = judgement
  return {
    verdict: verdict.verdict,
    line: claim.span.line,
    column: claim.span.column,
    lines: claimLines(judgement, program, style),
    json: claimJson(judgement),
    conditions: verdict.verdict === 'proved' ? verdict.conditions : [],
    message: verdict.verdict === 'disagreement' ? verdict.message : null,
  }
}
