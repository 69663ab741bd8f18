import { numberText } from './matrix.ts'
import { padStart } from './layout.ts'

const EIGHTHS = ' ▁▂▃▄▅▆▇█'
const ROWS = 8

/** Costs over the steps as a bar chart of text, so wide as there is room. */
export function curveLines(costs: readonly number[], width: number): string[] {
  const [low, high] = costs.reduce(([a, b], cost) => [Math.min(a, cost), Math.max(b, cost)], [Infinity, -Infinity])
  if (costs.length < 2 || !(high > low)) return []
  const labels = [numberText(high, 3), numberText(low, 3)]
  const margin = Math.max(...labels.map((label) => label.length))
  const columns = Math.min(costs.length, width - margin - 2)
  const heights = Array.from({ length: columns }, (_, at) => {
    const cost = costs[Math.round((at * (costs.length - 1)) / (columns - 1))]!
    // The lowest cost is still seen.
    return 1 + ((cost - low) / (high - low)) * (8 * ROWS - 1)
  })
  return Array.from({ length: ROWS }, (_, row) => {
    const floor = 8 * (ROWS - 1 - row)
    const bars = heights.map((height) => EIGHTHS[Math.max(0, Math.min(8, Math.round(height - floor)))]).join('')
    const label = row === 0 ? labels[0]! : row === ROWS - 1 ? labels[1]! : ''
    return `${padStart(label, margin)} ${bars}`.trimEnd()
  })
}
