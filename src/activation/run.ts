import { BackproveError } from '../base/errors.ts'
import { analyse } from './analyse.ts'
import type { Analysis } from './analyse.ts'
import { toJsonDocument } from './json.ts'
import { plotSvg } from './plot.ts'
import type { Learning } from './plot.ts'
import { reportText, tableText } from './report.ts'
import { readActivation, readFromSheet } from './subject.ts'
import type { Settings, Subject } from './subject.ts'
import { terminalPlot } from './terminal-plot.ts'

/** What `backprove activation` was asked. */
export interface ActivationRequest {
  /** An expression in `z` or a name; `null` where only others are compared, or a sheet gives the function. */
  readonly expression: string | null
  /** The text of a sheet and the function to take from it. */
  readonly from?: { readonly sheet: string; readonly name: string }
  /** Commas outside brackets separate. */
  readonly compare?: string
  /** `--set`: values of parameters. */
  readonly settings?: Settings
}

/** Cuts at commas outside brackets. */
export function splitExpressions(text: string): string[] {
  const parts: string[] = ['']
  let depth = 0
  for (const character of text) {
    if ('([{'.includes(character)) depth++
    if (')]}'.includes(character)) depth--
    if (character === ',' && depth === 0) parts.push('')
    else parts.push(`${parts.pop() ?? ''}${character}`)
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** Analyses all that a request names, in order. Throws as reading and analysing do, and `usage` where it names nothing. */
export function runActivation(request: ActivationRequest): Analysis[] {
  const { expression, from, compare, settings = new Map<string, string>() } = request
  const subjects: Subject[] = []
  const named = [expression ?? '', ...splitExpressions(compare ?? '')].map((text) => text.trim())
  const texts = [...new Set(named)].filter((text, index) => text !== '' || (index === 0 && expression !== null))
  // A setting goes to the functions that have such a parameter; that none has it is an error.
  const unused = new Set(settings.keys())
  const applicable = (read: (settings: Settings) => Subject): Subject => {
    const names = new Set(read(new Map()).parameters.map(({ name }) => name))
    const own = new Map([...settings].filter(([name]) => names.has(name)))
    for (const name of own.keys()) unused.delete(name)
    return read(own)
  }
  if (from !== undefined) subjects.push(applicable((own) => readFromSheet(from.sheet, from.name, own)))
  for (const text of texts) subjects.push(applicable((own) => readActivation(text, own)))
  if (subjects.length === 0) {
    throw new BackproveError('usage', 'an activation is wanted', {
      hint: "such as backprove activation 'z*sigmoid(z)'",
    })
  }
  for (const name of unused) {
    const names = [...new Set(subjects.flatMap(({ parameters }) => parameters.map((parameter) => parameter.name)))]
    const hint = names.length === 0 ? 'there are no parameters' : `the parameters are ${names.join(', ')}`
    throw new BackproveError('usage', `there is no parameter \`${name}\``, { hint })
  }
  return subjects.map((subject) => analyse(subject))
}

/** What the command prints: facts of one, a table of several; with `plot`, curves in the terminal. */
export function activationText(analyses: readonly Analysis[], options: { readonly plot?: boolean } = {}): string {
  const [only] = analyses
  const plots =
    options.plot === true ? analyses.map((analysis) => `\n${analysis.subject.text}\n${terminalPlot(analysis)}`) : []
  const text = analyses.length === 1 ? reportText(only!) : tableText(analyses)
  return [text, ...plots].join('')
}

/** What `--json` prints. */
export const activationJson = (analyses: readonly Analysis[], training?: object): string =>
  `${JSON.stringify({ ...toJsonDocument(analyses), ...(training === undefined ? {} : { training }) }, null, 2)}\n`

/** What `--plot FILE.svg` writes. */
export const activationSvg = (analyses: readonly Analysis[], learning: Learning | null = null): Promise<string> =>
  plotSvg(analyses, learning)
