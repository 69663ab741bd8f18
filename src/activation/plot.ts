import type { Analysis } from './analyse.ts'
import { frameOf, heightOf, repeatedPlaces, steepPlaces, strokesOf } from './curve.ts'
import type { Stroke } from './curve.ts'
import type { LearningCurve } from './learning-plot.ts'
import { learningPanel } from './learning-plot.ts'
import { display } from './display.ts'
import { drifts } from './period.ts'
import { lonePlaces } from './pieces.ts'
import { clipped, COLOURS, escaped, HEADING, LEFT, loadPlot, PANEL, placed, RIGHT, WIDTH } from './plot-page.ts'
import type { Mark, Page, Plot } from './plot-page.ts'
import { short } from './report.ts'

const NAMES = ['g(z)', "g'(z)", "g''(z)"]

/** Learning curves of a network with each of the activations, in their order. */
export interface Learning {
  readonly title: string
  readonly curves: readonly LearningCurve[]
}

/**
 * `g`, `g'` and `g''` of one activation, or `g` and `g'` of several in different colours, as one SVG; below them the
 * learning curves, if any.
 */
export async function plotSvg(analyses: readonly Analysis[], learning: Learning | null = null): Promise<string> {
  const { Plot, document } = await loadPlot()
  const frame = frameOf(analyses)
  const orders = analyses.length === 1 ? [0, 1, 2] : [0, 1]
  const panels = orders.map((k) => panelOf(Plot, document, analyses, k, frame))
  const legend = analyses.length === 1 ? '' : legendSvg(analyses)
  const top = analyses.length === 1 ? 0 : 14 + 20 * Math.ceil(analyses.length / PER_LINE)
  const bottom = top + panels.length * (PANEL + HEADING) + 24
  const height = bottom + (learning === null ? 0 : PANEL + HEADING + 24)
  const middle = (WIDTH + LEFT - RIGHT) / 2
  const body = panels.map((panel, at) => {
    const y = top + at * (PANEL + HEADING)
    const [only] = analyses
    const title =
      at === 0 && analyses.length === 1 ? `${NAMES[0]!} = ${clipped(only!.subject.text)}` : NAMES[orders[at]!]!
    return `<text x="16" y="${y + 19}" class="title">${escaped(title)}</text>${placed(panel, y + HEADING)}`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" class="activation" role="img" aria-label="${escaped(analyses.map(({ subject }) => subject.text).join(', '))}">`,
    STYLE,
    `<rect class="paper" width="100%" height="100%" fill="#ffffff"/>`,
    legend,
    ...body,
    `<text x="${middle}" y="${bottom - 8}" text-anchor="middle" class="axis">z</text>`,
    ...(learning === null
      ? []
      : [
          `<text x="16" y="${bottom + 19}" class="title">${escaped(learning.title)}</text>`,
          placed(learningPanel(Plot, document, learning.curves), bottom + HEADING),
          `<text x="${middle}" y="${height - 8}" text-anchor="middle" class="axis">step</text>`,
        ]),
    '</svg>',
    '',
  ].join('\n')
}

/** Ink and paper change places where the reader prefers dark. */
const STYLE = `<style>
.activation { color: #1c2127; font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 12px; }
.activation .title { font-weight: 600; font-size: 13px; fill: #1c2127; }
.activation .axis { fill: #1c2127; }
[aria-label="saturated"] { paint-order: stroke; stroke: #eeefef; stroke-width: 4px; }
@media (prefers-color-scheme: dark) {
  .activation { color: #e6e9ee; }
  [aria-label="saturated"] { stroke: #22252b; }
  .activation .paper { fill: #14171c; }
  .activation .title, .activation .axis { fill: #e6e9ee; }
}
</style>`

function panelOf(
  Plot: Plot,
  document: Page,
  analyses: readonly Analysis[],
  k: number,
  frame: readonly [number, number],
): string {
  const curves = analyses.map((analysis) => strokesOf(analysis, k, frame[0], frame[1], 600))
  const [only] = analyses
  const single = analyses.length === 1 ? only! : null
  const asymptotes = k === 0 && single !== null ? asymptotesOf(single) : []
  const lone = k === 0 && single !== null ? lonePlaces(single.pieces).map(({ value }) => display(value)) : []
  const y = heightOf(curves.flat(), [...asymptotes.map(({ value }) => value), ...lone])
  const marks: Mark[] = [
    Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.35 }),
    Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.35 }),
  ]
  if (single !== null) marks.unshift(...saturationMarks(Plot, single, frame, k, y))
  for (const { value, from, to } of asymptotes) {
    marks.push(
      Plot.link([value], { x1: from ?? frame[0], x2: to ?? frame[1], y1: value, y2: value, stroke: 'currentColor', strokeOpacity: 0.55, strokeDasharray: '2 4' }),
    ) // prettier-ignore
  }
  const kinks = analyses.flatMap((analysis) =>
    analysis.kinks.flatMap((kink) => repeatedPlaces(analysis, kink.at, ...frame)),
  )
  for (const at of new Set(kinks)) {
    marks.push(Plot.ruleX([at], { stroke: 'currentColor', strokeOpacity: 0.6, strokeDasharray: '5 4' }))
  }
  curves.forEach((strokes, at) => {
    for (const { points } of strokes) {
      const colour = COLOURS[(single === null ? at : k) % COLOURS.length]!
      marks.push(
        Plot.line(
          points.map((point) => cut(point, y)),
          {
            x: 'z',
            y: 'value',
            stroke: colour,
            strokeWidth: 2.2,
            strokeLinejoin: 'round',
            clip: true,
          },
        ),
      )
    }
  })
  if (single !== null) marks.push(...kinkMarks(Plot, single, frame, k, curves[0]!))
  if (single !== null && k === 0) marks.push(holeMarks(Plot, single, frame))
  const element = Plot.plot({
    document,
    width: WIDTH,
    height: PANEL,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: 8,
    marginBottom: 24,
    style: { background: 'transparent', color: 'inherit', fontSize: '12px' },
    x: { domain: [...frame], label: null, ticks: 9, tickSize: 4 },
    y: {
      domain: [...y],
      label: null,
      ticks: 5,
      tickSize: 4,
      tickFormat: tickText,
      grid: true,
    },
    marks,
  })
  return element.outerHTML
}

/** A number beside an axis, in few characters. */
const tickText = (value: number): string =>
  (Math.abs(value) < 1e5 ? short(value, 4) : value.toExponential().replace('e+', 'e')).replace('-', '−')

/** What is far outside of the panel moved nearer: drawing programs lose coordinates that are too large. */
const cut = <P extends { readonly value: number }>(point: P, [low, high]: readonly [number, number]): P => ({
  ...point,
  value: Math.min(high + 2 * (high - low), Math.max(low - 2 * (high - low), point.value)),
})

/** Horizontal lines that the curve tends to: across half of the panel, or all of it where both sides share one. */
function asymptotesOf({ limits, saturates }: Analysis): { value: number; from?: number; to?: number }[] {
  if (saturates.left && saturates.right && limits.left === limits.right) return [{ value: limits.left }]
  const left = saturates.left ? [{ value: limits.left, to: 0 }] : []
  return saturates.right ? [...left, { value: limits.right, from: 0 }] : left
}

/** A band where the function has saturated, with a word in the first panel. */
function saturationMarks(
  Plot: Plot,
  analysis: Analysis,
  frame: readonly [number, number],
  k: number,
  y: readonly [number, number],
): Mark[] {
  const steep = steepPlaces(analysis, ...frame, 600)
  const { left, right } = analysis.saturates
  const from = steep[0] ?? frame[0]
  const to = steep.at(-1) ?? frame[1]
  const bands: [number, number][] = []
  if (left && from > frame[0]) bands.push([frame[0], from])
  if (right && to < frame[1]) bands.push([to, frame[1]])
  return bands.flatMap(([x1, x2]) => {
    const band = Plot.rect([0], { x1, x2, y1: y[0], y2: y[1], fill: 'currentColor', fillOpacity: 0.07 })
    const isWide = (x2 - x1) / (frame[1] - frame[0]) > 0.14
    if (k !== 1 || !isWide) return [band]
    const label = Plot.text(['saturated'], {
      x: (x1 + x2) / 2,
      y: y[1],
      dy: 12,
      fill: 'currentColor',
      fillOpacity: 0.8,
      ariaLabel: 'saturated',
    })
    return [band, label]
  })
}

/** Dots at both ends of a kink or jump, open where the curve does not have the value; and values of single places. */
function kinkMarks(
  Plot: Plot,
  analysis: Analysis,
  frame: readonly [number, number],
  k: number,
  strokes: readonly Stroke[],
): Mark[] {
  const places = (at: number): number[] => repeatedPlaces(analysis, at, ...frame)
  const kinks = analysis.kinks.flatMap(({ at }) => places(at))
  const ends = strokes.flatMap(({ points }) => [points[0]!, points.at(-1)!])
  const dots = ends.filter(({ z }) => kinks.some((at) => Math.abs(z - at) < 1e-9))
  const lone = k > 0 ? [] : lonePlaces(analysis.pieces).flatMap(({ at, value }) => places(display(at)).map((z) => ({ z, value: display(value) }))) // prettier-ignore
  const starts = analysis.pieces.pieces.flatMap(({ from, start }) => (start === null ? [] : places(display(from)).map((z) => ({ z, value: display(start) })))) // prettier-ignore
  const isReached = ({ z, value }: Point): boolean => {
    const twin = dots.filter((dot) => Math.abs(dot.z - z) < 1e-9)
    const meets = twin.every((dot) => near(dot.value, value))
    return meets || (k === 0 && starts.some((start) => Math.abs(start.z - z) < 1e-9 && near(start.value, value)))
  }
  const circle = { x: 'z', y: 'value', r: 3.2, strokeWidth: 1.4 }
  return [
    Plot.dot(dots.filter((dot) => !isReached(dot)), { ...circle, stroke: COLOURS[k]! }),
    Plot.dot([...dots.filter(isReached), ...lone], { ...circle, fill: COLOURS[k]!, stroke: 'currentColor', strokeWidth: 0.8 }),
  ] // prettier-ignore
}

interface Point {
  readonly z: number
  readonly value: number
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b))

/** Circles at what the function tends to where it is not defined. */
function holeMarks(Plot: Plot, analysis: Analysis, frame: readonly [number, number]): Mark {
  const ends = analysis.holes.flatMap(({ at, left, right }) =>
    [left, right].flatMap((bounds) => {
      const value = bounds === null ? NaN : display(bounds)
      const isRepeated = analysis.period === null || !drifts(analysis.period)
      const places = isRepeated ? repeatedPlaces(analysis, display(at), ...frame) : [display(at)]
      return Number.isFinite(value) ? places.map((z) => ({ z, value })) : []
    }),
  )
  return Plot.dot(ends, { x: 'z', y: 'value', r: 3.6, stroke: COLOURS[0]!, strokeWidth: 1.6 })
}

const PER_LINE = 5

function legendSvg(analyses: readonly Analysis[]): string {
  return analyses
    .map(({ subject }, at) => {
      const x = 16 + (at % PER_LINE) * ((WIDTH - 32) / PER_LINE)
      const y = 20 + 20 * Math.floor(at / PER_LINE)
      const colour = COLOURS[at % COLOURS.length]!
      return `<rect x="${x}" y="${y - 7}" width="18" height="4" rx="2" fill="${colour}"/><text x="${x + 24}" y="${y}" class="axis">${escaped(clipped(subject.text, 14))}</text>`
    })
    .join('\n')
}
