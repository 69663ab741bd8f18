import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import type { Verdict } from '../../src/prove/verdict.ts'

/**
 * What a claim's line ends in: `# proved` and `# tested` (with a reason) are true, `# wrong` is false and must be found
 * out, `# false` is false where trials hardly reach and must only not be proved, `# void` speaks of no point at all.
 */
export type Mark = 'proved' | 'tested' | 'wrong' | 'false' | 'void'

const ALLOWED: { readonly [mark in Mark]: readonly Verdict['verdict'][] } = {
  proved: ['proved'],
  tested: ['tested', 'proved'],
  wrong: ['refuted', 'error'],
  false: ['refuted', 'error', 'tested', 'undecided'],
  void: ['undecided'],
}

export interface Marked {
  readonly name: string
  readonly text: string
}

/** The sheets of a folder; a line of hyphens in a comment starts another sheet. */
export function markedSheets(folder: string): Marked[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.bp'))
    .sort()
    .flatMap((file) => {
      const parts = readFileSync(join(folder, file), 'utf8').split(/^# ---+$/m)
      return parts.map((text, at) => ({ name: parts.length === 1 ? file : `${file} (${at + 1})`, text }))
    })
}

/** The claims whose verdict is not what their mark allows, and those without a mark, in words. */
export function surprises(text: string): string[] {
  const lines = text.split('\n')
  const program = readProgram(text)
  const found = program.errors.map(({ message }) => message)
  for (const { claim, verdict } of judgeClaims(program, USUAL_OPTIONS)) {
    const line = lines[claim.span.line - 1] ?? ''
    const mark = /# (proved|tested|wrong|false|void)\b[^#]*$/.exec(line)?.[1] as Mark | undefined
    const holds = mark !== undefined && ALLOWED[mark].includes(verdict.verdict)
    if (!holds) found.push(`${claim.text}: ${verdict.verdict}, marked ${mark ?? 'with nothing'}`)
  }
  return found
}
