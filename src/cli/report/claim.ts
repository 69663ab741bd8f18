import { BackproveError } from '../../base/errors.ts'
import type { Program } from '../../graph/program.ts'
import { sidesAt } from '../../pipeline.ts'
import type { Judgement } from '../../pipeline.ts'
import { toText as sheetText } from '../../print/text.ts'
import { explain } from '../../prove/explain.ts'
import type { Counterexample, Faulty, Nested, Refuted, Verdict } from '../../prove/verdict.ts'
import { shapeText } from '../../shape/shape.ts'
import { beside, JOINT, padEnd, padStart, wrap } from './layout.ts'
import { apart, matrixLines } from './matrix.ts'
import type { Paint } from './paint.ts'
import { COLOUR, nameOf } from './summary.ts'

export interface ClaimStyle {
  readonly paint: Paint
  readonly width: number
  /** Prints the certificate of a proof and what it rests on. */
  readonly explain: boolean
}

const SIGN = { proved: '✓', tested: '~', refuted: '✗', undecided: '?', error: '!' } as const

/** Characters of a claim that are shown: some ten lines. */
const LONGEST_SHOWN = 600

/** A claim is told by its line; of a very long one the beginning and the end are enough. */
function shortened(text: string): string {
  if (text.length <= LONGEST_SHOWN) return text
  return `${text.slice(0, LONGEST_SHOWN / 2)} … ${text.slice(-LONGEST_SHOWN / 4)}`
}

/** What stands left of a claim's text: sign, verdict, line. */
const MARGIN = 19
/** What stands left of what is said about it. */
const INSET = 6
const TIME = 8

export function timeText(milliseconds: number): string {
  if (milliseconds >= 9999.5) return `${Math.round(milliseconds / 1000)} s`
  if (milliseconds >= 999.5) return `${(milliseconds / 1000).toFixed(1)} s`
  return `${milliseconds < 9.95 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`
}

/** One line for the claim, and below it whatever a reader needs who does not take it as it is. */
export function claimLines(judgement: Judgement, program: Program, style: ClaimStyle): string[] {
  const { claim, verdict, milliseconds } = judgement
  const { paint, width } = style
  const name = nameOf(verdict.verdict)
  const iteration = [...(claim.iteration ?? [])].map(([variable, value]) => `${variable}=${value}`).join(', ')
  const text = `${shortened(claim.text)}${iteration === '' ? '' : `   [${iteration}]`}`
  const [first = '', ...rest] = wrap(text, width - MARGIN - TIME - 1)
  const head = `${paint[COLOUR[name]](`${SIGN[name]} ${padEnd(name, 9)}`)} ${paint.faint(padStart(String(claim.span.line), 5))}  `
  const time = paint.faint(padStart(timeText(milliseconds), TIME))
  const lines = [`${head}${padEnd(first, width - MARGIN - TIME)}${time}`]
  const below = [...detailLines(verdict, judgement, program, style), ...noteLines(verdict, style)]
  return [...lines, ...rest.map((line) => ' '.repeat(MARGIN) + line), ...below.map((line) => ' '.repeat(INSET) + line)]
}

function detailLines(verdict: Verdict, judgement: Judgement, program: Program, style: ClaimStyle): string[] {
  const room = roomOf(style)
  switch (verdict.verdict) {
    case 'proved':
      return style.explain ? explanation(verdict, style) : []
    case 'tested':
      return wrap(
        `no difference in ${verdict.trials} trials, relative tolerance ${verdict.tolerance.toPrecision(2)}; ${verdict.reason}`,
        room,
      )
    case 'refuted':
      return [...witnessLines(verdict, judgement, program, style), ...diagnosisLines(verdict, style)]
    case 'undecided':
      return wrap(verdict.reason, room)
    case 'error': {
      const { span, message, hint } = verdict.error
      const { line, column } = span ?? judgement.claim.span
      const place = line === judgement.claim.span.line ? `column ${column}` : `line ${line}, column ${column}`
      const hints = hint === '' ? [] : wrap(`hint: ${hint}`, room)
      return [...wrap(`${place}: ${message}`, room), ...hints, ...diagnosisLines(verdict, style)]
    }
    case 'disagreement':
      return wrap(`a fault of backprove, and no verdict: ${verdict.message}`, room)
  }
}

/** Wrapped below its own beginning, two columns in. */
function hanging(line: string, room: number): string[] {
  const inset = line.length - line.trimStart().length
  return wrap(line.trim(), room - inset - 2).map((part, at) => ' '.repeat(at === 0 ? inset : inset + 2) + part)
}

function explanation(verdict: Verdict & { verdict: 'proved' }, style: ClaimStyle): string[] {
  const room = roomOf(style)
  const { certificate } = verdict
  const derivation = certificate === undefined ? [] : explain(certificate, sheetText)
  return [
    ...wrap(`method: ${verdict.method}; agrees with ${verdict.trials} trials`, room),
    ...derivation.flatMap((line) => hanging(line, room)),
    ...verdict.conditions.flatMap((condition) => wrap(`where ${condition}`, room)),
  ].map((line) => style.paint.faint(line))
}

function witnessLines(verdict: Refuted, { claim }: Judgement, program: Program, style: ClaimStyle): string[] {
  const room = roomOf(style)
  if (verdict.witness.kind === 'shapes') {
    const { lhs, rhs } = verdict.witness.shapes
    return wrap(`the left side is ${shapeText(lhs)}, the right side ${shapeText(rhs)}`, room)
  }
  const point = verdict.witness.counterexample
  const sizes = listed(
    [...point.sizes].map(([name, length]) => [name, String(length)]),
    'sizes',
  )
  const [left, right] = apart(point.lhs, point.rhs)
  const where = point.entry.length === 0 ? '' : ` at entry [${point.entry.join(', ')}]`
  const head = wrap(`${sizes === '' ? '' : `${sizes}: `}left ${left}, right ${right}${where}`, room)
  if (claim.subject instanceof BackproveError) return head
  const { lhs, rhs } = sidesAt(program, claim.subject, point)
  const sides = isSingle(lhs) ? [] : [titled('left', lhs, point.entry), titled('right', rhs, point.entry)]
  return [...head, ...beside(sides, room), ...valueLines(point, style)]
}

/** Names beyond which those that share the commonest value are not listed one by one. */
const MOST_LISTED = 12

/** `n = 2, m = 1`; of many, `n[3] = 2, all other sizes 1`. */
function listed(entries: readonly (readonly [name: string, value: string])[], what: string): string {
  const counts = new Map<string, number>()
  for (const [, value] of entries) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [commonest, count] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0])
  const isShort = entries.length > MOST_LISTED && count > 2
  const shown = isShort ? entries.filter(([, value]) => value !== commonest) : entries
  const texts = shown.map(([name, value]) => `${name}${JOINT}=${JOINT}${value}`)
  if (isShort) texts.push(`all ${shown.length > 0 ? 'other ' : ''}${what} ${commonest}`)
  return texts.join(', ')
}

const roomOf = ({ width }: ClaimStyle): number => width - INSET

/** Whether it is one number, whatever the brackets around it. */
function isSingle(value: Nested): boolean {
  return typeof value === 'number' || (value.length === 1 && isSingle(value[0]!))
}

function titled(title: string, value: Nested, mark: readonly number[] | null): string[] {
  return [title, ...matrixLines(value, mark).map((line) => `  ${line}`)]
}

/** The data of the counterexample; single numbers in one line, other arrays as small matrices. */
function valueLines(point: Counterexample, style: ClaimStyle): string[] {
  const room = roomOf(style)
  const singles = [...point.values].filter(([, value]) => isSingle(value))
  const arrays = [...point.values].filter(([, value]) => !isSingle(value))
  const line = listed(
    singles.map(([name, value]) => [name, matrixLines(value).at(-1)?.trim() ?? '']),
    'values',
  )
  const blocks = arrays.map(([name, value]) => titled(name, value, null))
  const lines = [...(line === '' ? [] : wrap(`with ${line}`, room)), ...beside(blocks, room)]
  return lines.map((text) => style.paint.faint(text))
}

function diagnosisLines({ diagnosis }: Refuted | Faulty, style: ClaimStyle): string[] {
  if (diagnosis === null || diagnosis === undefined) return []
  const { message, suggestion, holdsIf } = diagnosis
  const room = roomOf(style)
  return [
    ...wrap(message, room),
    ...(suggestion === null ? [] : wrap(`proved instead: ${suggestion}`, room)),
    ...(holdsIf === null ? [] : wrap(`it would hold if ${holdsIf}`, room)),
  ].map((line) => style.paint.strong(line))
}

const noteLines = (verdict: Verdict, style: ClaimStyle): string[] =>
  verdict.warnings
    .flatMap(({ message }) => wrap(`note: ${message}`, roomOf(style)))
    .map((line) => style.paint.unsure(line))
