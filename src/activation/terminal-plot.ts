import type { Analysis } from './analyse.ts'
import { Braille } from './braille.ts'
import { frameOf, heightOf, strokesOf } from './curve.ts'
import { axisOf } from './learning-plot.ts'
import type { LearningCurve } from './learning-plot.ts'
import { clipped } from './plot-page.ts'
import { short } from './report.ts'

const COLUMNS = 68
const ROWS = 15
/** Columns left of a drawing. */
const MARGIN = 9
/** Columns for names on the right of learning curves. */
const NAMES = 12

/** A curve of the `k`-th derivative in Braille dots with axes, 80 columns wide. */
export function terminalPlot(analysis: Analysis, k = 0): string {
  const [left, right] = frameOf([analysis])
  const strokes = strokesOf(analysis, k, left, right, COLUMNS * 8)
  const [low, high] = heightOf(strokes, [0])
  const canvas = new Braille(COLUMNS, ROWS)
  const column = (z: number): number => canvas.column((z - left) / (right - left))
  const line = (value: number): number => canvas.row((high - value) / (high - low))
  for (let x = 0; x < COLUMNS * 2; x += 4) canvas.dot(x, line(0))
  for (let y = 0; y < ROWS * 4; y += 3) canvas.dot(column(0), y)
  for (const { points } of strokes) {
    points.slice(1).forEach((point, at) => canvas.stroke(column(point.z), line(points[at]!.value), line(point.value)))
  }
  const labels = new Map([[0, short(high, 3)], [ROWS - 1, short(low, 3)]]) // prettier-ignore
  const zero = line(0) >> 2
  if (zero > 0 && zero < ROWS - 1) labels.set(zero, '0')
  const title = `${' '.repeat(MARGIN)}${['g', "g'", "g''"][k] ?? ''}(z)`
  const ends = `${' '.repeat(MARGIN)}${short(left, 3).padEnd(COLUMNS / 2 - 1)}0${short(right, 3).padStart(COLUMNS / 2)}`
  return `${[title, ...labelled(canvas, labels), ends].join('\n')}\n`
}

/** Learning curves, the median of the runs of each, in one drawing of 80 columns; each has its name where it ends. */
export function terminalLearning(title: string, names: readonly string[], curves: readonly LearningCurve[]): string {
  const { shown, domain, isLog } = axisOf(curves, 'medians')
  const canvas = new Braille(COLUMNS - NAMES, ROWS)
  const scale = isLog ? Math.log : (x: number): number => x
  const [low, high] = domain.map(scale) as [number, number]
  const last = Math.max(1, ...shown.flat().map(({ step }) => step))
  const line = (value: number): number => canvas.row((high - scale(value)) / (high - low))
  for (const curve of shown) {
    for (const [at, { step, median }] of curve.entries()) {
      const before = curve[at - 1] ?? curve[at]!
      const [from, to] = [canvas.column(before.step / last), canvas.column(step / last)]
      // Between two points the line is straight.
      for (let x = from; x <= to; x++) {
        const share = (x - from) / Math.max(1, to - from)
        const y = line(before.median) + share * (line(median) - line(before.median))
        canvas.stroke(x, Math.round(y), x === to ? line(median) : Math.round(y))
      }
    }
  }
  const ends = shown.map((curve, at) => ({ name: names[at]!, row: curve.length === 0 ? null : line(curve.at(-1)!.median) >> 2 })) // prettier-ignore
  const beside = namesByRow(ends.flatMap(({ name, row }) => (row === null ? [] : [{ name, row }])))
  const labels = new Map([[0, short(domain[1], 3)], [ROWS - 1, short(domain[0], 3)]]) // prettier-ignore
  const body = labelled(canvas, labels).map((text, at) => {
    const name = beside.get(at)
    return name === undefined ? text : `${text.padEnd(MARGIN + COLUMNS - NAMES)} ${clipped(name, NAMES + 1)}`
  })
  const steps = `${' '.repeat(MARGIN)}0${`step ${short(last)}`.padStart(COLUMNS - NAMES - 1)}`
  return `${[`${' '.repeat(MARGIN)}${title}${isLog ? ', logarithmic' : ''}`, ...body, steps].join('\n')}\n`
}

/** A row for each name, near the one it wants; lower ones give way upwards where the drawing ends. */
function namesByRow(wanted: readonly { readonly name: string; readonly row: number }[]): Map<number, string> {
  const taken = new Map<number, string>()
  for (const { name, row } of [...wanted].sort((a, b) => a.row - b.row)) {
    const rows = Array.from({ length: ROWS }, (_, at) => at).sort((a, b) => Math.abs(a - row) - Math.abs(b - row))
    const free = rows.find((at) => !taken.has(at))
    if (free !== undefined) taken.set(free, name)
  }
  return taken
}

const labelled = (canvas: Braille, labels: ReadonlyMap<number, string>): string[] =>
  canvas.lines().map((text, at) => `${(labels.get(at) ?? '').padStart(MARGIN - 1)} ${text}`.trimEnd())
