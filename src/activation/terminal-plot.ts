import type { Analysis } from './analyse.ts'
import { frameOf, heightOf, strokesOf } from './curve.ts'
import { short } from './report.ts'

const COLUMNS = 68
const ROWS = 15

/** Dots of a Braille character by column and row. Source: Unicode 15, block "Braille Patterns". */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/** A curve of the `k`-th derivative in Braille dots with axes, 80 columns wide. */
export function terminalPlot(analysis: Analysis, k = 0): string {
  const [left, right] = frameOf([analysis])
  const strokes = strokesOf(analysis, k, left, right, COLUMNS * 8)
  const [low, high] = heightOf(strokes, [0])
  const cells = Array.from({ length: ROWS }, () => new Uint8Array(COLUMNS))
  const column = (z: number): number => Math.round(((z - left) / (right - left)) * (COLUMNS * 2 - 1))
  const line = (value: number): number => Math.round(((high - value) / (high - low)) * (ROWS * 4 - 1))
  const dot = (x: number, y: number): void => {
    const row = cells[y >> 2]
    if (row !== undefined && x >= 0 && x < COLUMNS * 2) row[x >> 1]! |= DOTS[x & 1]![y & 3]!
  }
  for (let x = 0; x < COLUMNS * 2; x += 4) dot(x, line(0))
  for (let y = 0; y < ROWS * 4; y += 3) dot(column(0), y)
  for (const { points } of strokes) {
    points.slice(1).forEach((point, at) => {
      const before = points[at]!
      const [x, from, to] = [column(point.z), line(before.value), line(point.value)]
      for (let y = Math.min(from, to); y <= Math.max(from, to); y++) dot(x, y)
    })
  }
  const labels = new Map([[0, short(high, 3)], [ROWS - 1, short(low, 3)]]) // prettier-ignore
  const zero = line(0) >> 2
  if (zero > 0 && zero < ROWS - 1) labels.set(zero, '0')
  const body = cells.map((row, at) => {
    const text = [...row].map((cell) => (cell === 0 ? ' ' : String.fromCodePoint(0x2800 + cell))).join('')
    return `${(labels.get(at) ?? '').padStart(8)} ${text}`.trimEnd()
  })
  const ends = `${' '.repeat(9)}${short(left, 3).padEnd(COLUMNS / 2 - 1)}0${short(right, 3).padStart(COLUMNS / 2)}`
  const title = `${' '.repeat(9)}${['g', "g'", "g''"][k] ?? ''}(z)`
  return `${[title, ...body, ends].join('\n')}\n`
}
