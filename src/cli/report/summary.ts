import type { Verdict } from '../../prove/verdict.ts'
import { STATUS } from '../command.ts'
import type { Status } from '../command.ts'
import type { Paint } from './paint.ts'

/** Verdicts by the names of the contract; where two methods disagree there is none, which counts as an error. */
export type VerdictName = 'proved' | 'tested' | 'refuted' | 'undecided' | 'error'

export type Summary = Record<VerdictName, number>

export const nameOf = (verdict: Verdict['verdict']): VerdictName => (verdict === 'disagreement' ? 'error' : verdict)

export function summarise(names: Iterable<VerdictName>): Summary {
  const summary: Summary = { proved: 0, tested: 0, refuted: 0, undecided: 0, error: 0 }
  for (const name of names) summary[name]++
  return summary
}

/** What a verdict means for the exit status. */
export function statusOf(verdict: Verdict['verdict'], strict: boolean): Status {
  switch (verdict) {
    case 'proved':
      return STATUS.holds
    case 'tested':
      return strict ? STATUS.refuted : STATUS.holds
    case 'refuted':
      return STATUS.refuted
    case 'undecided':
      return strict ? STATUS.refuted : STATUS.undecided
    case 'error':
      return STATUS.faulty
    case 'disagreement':
      return STATUS.disagreement
  }
}

export const COLOUR: { readonly [name in VerdictName]: keyof Paint } = {
  proved: 'good',
  tested: 'unsure',
  refuted: 'bad',
  undecided: 'unsure',
  error: 'fault',
}

/** `9 claims: 7 proved, 2 refuted` */
export function summaryText(summary: Summary, paint: Paint): string {
  const all = Object.values(summary).reduce((sum, count) => sum + count, 0)
  const parts = (Object.keys(summary) as VerdictName[])
    .filter((name) => summary[name] > 0)
    .map((name) => paint[COLOUR[name]](`${summary[name]} ${name}`))
  return `${all} ${all === 1 ? 'claim' : 'claims'}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`
}
