import { parseArgs } from 'node:util'
import { BackproveError } from '../../src/base/errors.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Program } from '../../src/graph/program.ts'
import { judgeClaims, USUAL_OPTIONS } from '../../src/pipeline.ts'
import type { ClaimLink, Sheet, Statement } from '../../src/syntax/ast.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'
import { toSource } from '../../src/syntax/source.ts'
import { examples } from '../support/examples.ts'
import { mutantsOf } from './mutate.ts'
import type { Mutant } from './mutate.ts'
import { sidesAgree } from './oracle.ts'

// `npm run selftest -- [--only TEXT] [--every N] [--verbose]`: makes every single slip in every true claim of the examples
// and holds the verdicts to numbers that the judge does not use. A slip that changes the value must not be proved, one
// that does not must not be refuted.

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    /** Only every so manieth mutant. */
    every: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
})

interface Place {
  readonly sheet: Sheet
  readonly link: ClaimLink
}

/** The sheet with one claim, `link` edited; other claims are left out. */
function withOnly({ sheet, link }: Place, edited: ClaimLink): Sheet {
  const only = (statements: readonly Statement[]): Statement[] =>
    statements.flatMap((statement): Statement[] => {
      if (statement.kind === 'loop') return [{ ...statement, body: only(statement.body) }]
      if (statement.kind !== 'claim') return [statement]
      return statement.links.includes(link) ? [{ ...statement, links: [edited] }] : []
    })
  return { statements: only(sheet.statements) }
}

function linksOf(statements: readonly Statement[]): ClaimLink[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'loop') return linksOf(statement.body)
    return statement.kind === 'claim' ? statement.links : []
  })
}

function* slipsIn(link: ClaimLink): Generator<{ readonly mutant: Mutant; readonly edited: ClaimLink }> {
  for (const mutant of mutantsOf(link.rhs)) {
    const text = `${toSource(link.lhs)} == ${toSource(mutant.expr)}`
    yield { mutant, edited: { ...link, rhs: mutant.expr, text } }
  }
}

const counts = new Map<string, number>()
const faults: string[] = []
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)

/** Judges the one claim of a program, in each pass of the loops around it, and compares with the numbers. */
function holdToNumbers(program: Program, name: string, mutant: Mutant, text: string): void {
  for (const { claim, verdict } of judgeClaims(program, { ...USUAL_OPTIONS, milliseconds: 2000, diagnose: false })) {
    const place = `${name}:${claim.span.line} ${mutant.kind}: ${text}`
    if (verdict.verdict === 'disagreement') faults.push(`${place}: ${verdict.message}`)
    if (claim.subject instanceof BackproveError || verdict.verdict === 'error') {
      count('ill-formed')
      continue
    }
    const agree = sidesAgree(program, claim.subject, 5)
    const truth = agree === null ? 'unclear' : agree ? 'equal' : 'different'
    count(`${truth}: ${verdict.verdict}`)
    const isFalse =
      (truth === 'different' && verdict.verdict === 'proved') || (truth === 'equal' && verdict.verdict === 'refuted')
    if (isFalse) faults.push(`${place}: ${verdict.verdict}, though the sides are ${truth}`)
    else if (options.verbose && verdict.verdict !== (truth === 'equal' ? 'proved' : 'refuted')) {
      console.log(`${place}: ${verdict.verdict}, ${truth}`)
    }
  }
}

const start = performance.now()
let index = 0
for (const { name, text, expected } of examples) {
  if (name.includes('misprints') || !name.includes(options.only)) continue
  const sheet = parseSheet(text)
  for (const link of linksOf(sheet.statements)) {
    if (expected.get(link.span.line) !== 'proved') continue
    for (const { mutant, edited } of slipsIn(link)) {
      if (index++ % Number(options.every) !== 0) continue
      holdToNumbers(elaborate(withOnly({ sheet, link }, edited)), name, mutant, edited.text)
    }
  }
  process.stderr.write(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`)
}
for (const [what, number] of [...counts].sort()) console.log(`${String(number).padStart(7)}  ${what}`)
for (const fault of faults) console.log(`FALSE  ${fault}`)
console.log(`${faults.length} false verdicts`)
process.exitCode = faults.length > 0 || counts.size === 0 ? 1 : 0
