import { numberText } from './matrix.ts'
import { padStart } from './layout.ts'

const EIGHTHS = ' ▁▂▃▄▅▆▇█'
const ROWS = 8
/** The columns that a number in three digits may take. */
const LABEL = 9

/** Costs over the steps as a bar chart of text, so wide as there is room; a bar is the mean of the steps that it stands for. */
export function curveLines(costs: readonly number[], width: number): string[] {
  const shown = means(costs, Math.min(costs.length, width - LABEL - 2))
  const [low, high] = shown.reduce(([a, b], cost) => [Math.min(a, cost), Math.max(b, cost)], [Infinity, -Infinity])
  if (costs.length < 2 || !(high > low)) return []
  const labels = [numberText(high, 3), numberText(low, 3)]
  const margin = Math.max(...labels.map((label) => label.length))
  // The lowest cost is still seen.
  const heights = shown.map((cost) => 1 + ((cost - low) / (high - low)) * (8 * ROWS - 1))
  const bars = Array.from({ length: ROWS }, (_, row) => {
    const floor = 8 * (ROWS - 1 - row)
    const line = heights.map((height) => EIGHTHS[Math.max(0, Math.min(8, Math.round(height - floor)))]).join('')
    const label = row === 0 ? labels[0]! : row === ROWS - 1 ? labels[1]! : ''
    return `${padStart(label, margin)} ${line}`.trimEnd()
  })
  const last = `step ${costs.length - 1}`
  // Where there is no room for it, the axis goes without its end.
  const end = shown.length > last.length + 2 ? padStart(last, shown.length - 1) : ''
  return [...bars, `${padStart('0', margin + 2)}${end}`]
}

/** The means of so many parts of equal length, in order. */
const means = (costs: readonly number[], parts: number): number[] =>
  Array.from({ length: parts }, (_, at) => {
    const start = Math.floor((at * costs.length) / parts)
    const part = costs.slice(start, Math.floor(((at + 1) * costs.length) / parts))
    return part.reduce((sum, cost) => sum + cost / part.length, 0)
  })
