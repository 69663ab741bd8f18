import { BackproveError } from '../../src/base/errors.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Program } from '../../src/graph/program.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import type { ClaimLink, Sheet, Statement } from '../../src/syntax/ast.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'
import { toSource } from '../../src/syntax/source.ts'
import { mutantsOf } from './mutate.ts'
import type { Mutant } from './mutate.ts'
import { KINDS, lookalikes } from './lookalikes.ts'
import { namesakes } from './namesakes.ts'
import { differAt, sidesAgree } from './oracle.ts'
import { sources } from './sources.ts'

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

function* slipsIn(link: ClaimLink, others: (name: string) => readonly string[]): Generator<Slip> {
  for (const side of ['rhs', 'lhs'] as const) {
    for (const mutant of mutantsOf(link[side], others)) {
      const edited = { ...link, [side]: mutant.expr }
      yield { mutant, edited: { ...edited, text: `${toSource(edited.lhs)} == ${toSource(edited.rhs)}` } }
    }
  }
}

interface Slip {
  readonly mutant: Mutant
  readonly edited: ClaimLink
}

export interface HoldOptions {
  /** Part of the names of the sheets to be used. */
  readonly only: string
  /** Every so manieth mutant, counted from `from`. */
  readonly every: number
  readonly from: number
  readonly folder?: string | undefined
  /** Told of each verdict that falls short of what the numbers say. */
  readonly tell: (text: string) => void
  /** Told the name of each sheet that is done. */
  readonly progress: (name: string) => void
}

export interface Held {
  /** How many mutants the numbers and the judge say what of. */
  readonly counts: ReadonlyMap<string, number>
  /** False verdicts, contradictions and crashes. */
  readonly faults: readonly string[]
  readonly slow: readonly string[]
}

/** Milliseconds for one claim that are worth a look. */
const SLOW = 1000

class Holder {
  readonly counts = new Map<string, number>()
  readonly faults: string[] = []
  readonly slow: string[] = []
  readonly #tell: (text: string) => void

  constructor(tell: (text: string) => void) {
    this.#tell = tell
  }

  /** Judges the one claim of a program, in each pass of the loops around it, and compares with the numbers. */
  hold(program: Program, name: string, slip: string, text: string): void {
    for (const { claim, verdict, milliseconds } of judgeClaims(program, OPTIONS)) {
      const place = `${name}:${claim.span.line} ${slip}: ${text}`
      if (milliseconds > SLOW) this.slow.push(`${place}: ${milliseconds.toFixed(0)} ms, ${verdict.verdict}`)
      if (verdict.verdict === 'disagreement') this.faults.push(`${place}: ${verdict.message}`)
      if (claim.subject instanceof BackproveError || verdict.verdict === 'error') {
        this.#count('ill-formed')
        continue
      }
      const witness =
        verdict.verdict === 'refuted' && verdict.witness.kind === 'counterexample' ? verdict.witness : null
      const isWitnessed = witness !== null && differAt(program, claim.subject, witness.counterexample)
      const agree = isWitnessed ? false : sidesAgree(program, claim.subject, 5)
      const truth = agree === null ? 'unclear' : agree ? 'equal' : 'different'
      this.#count(`${truth}: ${verdict.verdict}`)
      const isFalse =
        (truth === 'different' && verdict.verdict === 'proved') || (truth === 'equal' && verdict.verdict === 'refuted')
      if (isFalse) this.faults.push(`${place}: ${verdict.verdict}, though the sides are ${truth}`)
      else if (verdict.verdict !== (truth === 'equal' ? 'proved' : 'refuted'))
        this.#tell(`${place}: ${verdict.verdict}, ${truth}`)
    }
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}

const OPTIONS = { ...USUAL_OPTIONS, milliseconds: 2000, diagnose: false }

/** Judges the mutants of all true claims, each on its own sheet. */
export function holdMutants({ only, every, from, folder, tell, progress }: HoldOptions): Held {
  const holder = new Holder(tell)
  let index = 0
  for (const { name, text, trueLines } of sources(folder)) {
    if (!name.includes(only)) continue
    const sheet = parseSheet(text)
    const others = namesakes(elaborate(sheet))
    for (const link of linksOf(sheet.statements)) {
      if (!trueLines.has(link.span.line)) continue
      for (const { mutant, edited } of slipsIn(link, others)) {
        if (index++ % every !== from) continue
        try {
          holder.hold(elaborate(withOnly({ sheet, link }, edited)), name, mutant.kind, edited.text)
        } catch (error) {
          holder.faults.push(`${name}: ${edited.text}: ${String(error)}`)
        }
      }
    }
    progress(name)
  }
  return holder
}

export interface LookalikeOptions {
  readonly seed: number
  /** Random expressions of each kind. */
  readonly expressions: number
  /** Claims of each kind. */
  readonly claims: number
  readonly tell: (text: string) => void
  readonly progress: (name: string) => void
}

/** Judges random claims whose sides have the same values at special points. */
export function holdLookalikes({ seed, expressions, claims, tell, progress }: LookalikeOptions): Held {
  const holder = new Holder(tell)
  for (const [name, kind] of Object.entries(KINDS)) {
    for (const sheet of lookalikes(kind, seed, expressions, claims)) {
      const text = sheet.trim().split('\n').at(-1)!
      try {
        holder.hold(readProgram(sheet), name, 'lookalike', text)
      } catch (error) {
        holder.faults.push(`${name}: ${text}: ${String(error)}`)
      }
    }
    progress(`${name} alike at special points`)
  }
  return holder
}
