import { short, wrap } from '../../activation/report.ts'
import { accuracies, curveOf, finalCosts, formulaOf, spreadOf } from '../training.ts'
import type { Spread, Trials } from '../training.ts'

const WIDTH = 80
const NARROWEST = 8

/** A line for each activation: the cost at the end, the share of samples that are classified rightly, failures. */
export function trainingText({ of, iterations, assumed, trials, interrupted }: Trials): string {
  const isJudged = trials.some((trial) => accuracies(trial).length > 0)
  const fails = trials.some(({ runs }) => runs.some(({ diverged }) => diverged))
  const header = ['', of, ...(isJudged ? ['accuracy'] : []), ...(fails ? ['diverged'] : [])]
  const rows = trials.map((trial) => [
    trial.subject.text,
    spreadText(spreadOf(finalCosts(trial)), (x) => short(x, 3)),
    ...(isJudged ? [accuracyText(spreadOf(accuracies(trial)))] : []),
    ...(fails ? [`${trial.runs.filter(({ diverged }) => diverged).length} of ${trial.runs.length}`] : []),
  ])
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((cells) => cells[at]!.length)))
  const spare = WIDTH - widths.slice(1).reduce((sum, width) => sum + width + 2, 0)
  widths[0] = Math.max(NARROWEST, Math.min(widths[0]!, spare))
  const cell = (text: string, width: number): string =>
    text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
  const line = (cells: readonly string[]): string => cells.map((text, at) => cell(text, widths[at]!)).join('  ').trimEnd() // prettier-ignore
  const runs = Math.max(...trials.map((trial) => trial.runs.length))
  const note = `after ${iterations} steps: mean ± standard deviation of ${runs} ${runs === 1 ? 'run' : 'runs'}`
  const lengths = [...assumed].map(([name, length]) => `${name} = ${length}`).join(', ')
  return `${[
    line(header),
    ...rows.map(line),
    '',
    ...wrap(note, WIDTH),
    ...(interrupted ? ['interrupted'] : []),
    ...(lengths === '' ? [] : wrap(`assumed ${lengths}; --sizes says otherwise`, WIDTH)),
  ].join('\n')}\n`
}

const spreadText = (spread: Spread | null, show: (x: number) => string): string =>
  spread === null ? '-' : `${show(spread.mean)} ± ${short(spread.deviation, 2)}`

const accuracyText = (spread: Spread | null): string =>
  spread === null ? '-' : `${(100 * spread.mean).toFixed(1)} ± ${(100 * spread.deviation).toFixed(1)} %`

/** JSON has no infinity: a cost that is no longer finite is `null`. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)

/** What stands under `training` in the output of `activation --json`. */
export const trainingJson = ({ of, iterations, assumed, trials }: Trials) => ({
  of,
  iterations,
  assumed: Object.fromEntries(assumed),
  trials: trials.map((trial) => ({
    expression: trial.subject.text,
    formula: formulaOf(trial.subject),
    cost: spreadOf(finalCosts(trial)),
    accuracy: spreadOf(accuracies(trial)),
    runs: trial.runs.map(({ seed, diverged, accuracy, costs }) => ({
      seed,
      diverged,
      cost: costs.at(-1) ?? null,
      accuracy,
    })),
    curve: curveOf(trial, iterations).map(({ step, low, median, high }) => ({
      step,
      low: finite(low),
      median: finite(median),
      high: finite(high),
    })),
  })),
})
