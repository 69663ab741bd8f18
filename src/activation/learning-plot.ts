import { COLOURS, LEFT, PANEL, RIGHT, WIDTH } from './plot-page.ts'
import type { Mark, Page, Plot } from './plot-page.ts'
import { short } from './report.ts'

/** A step of several trainings that differ in their seed; infinite where a training had failed by then. */
export interface LearningPoint {
  readonly step: number
  readonly low: number
  readonly median: number
  readonly high: number
}

export type LearningCurve = readonly LearningPoint[]

/** Above this quotient of the largest and the smallest cost the axis is logarithmic. */
const WIDE = 20

/** What of the curves can be drawn, and between which costs: those of all runs, or of the medians. */
export function axisOf(
  curves: readonly LearningCurve[],
  of: 'runs' | 'medians',
): {
  readonly shown: readonly LearningCurve[]
  readonly domain: readonly [number, number]
  readonly isLog: boolean
} {
  // A run that fails takes its band's upper edge out of every axis; the median may go on.
  const shown = curves.map((curve) => curve.filter(({ median }) => Number.isFinite(median)))
  const all = shown.flat()
  const isAll = of === 'runs'
  const low = Math.min(...all.map((point) => (isAll ? point.low : point.median)))
  const high = Math.max(...all.map((point) => (isAll && Number.isFinite(point.high) ? point.high : point.median)))
  const isLog = low > 0 && high / low > WIDE
  const domain =
    all.length === 0 ? ([0, 1] as const) : low < high ? ([low, high] as const) : ([low - 1, high + 1] as const)
  return { shown, domain, isLog }
}

/** A line for the median of each curve's runs, in a band from the lowest to the highest. */
export function learningPanel(Plot: Plot, document: Page, curves: readonly LearningCurve[]): string {
  const { shown, domain, isLog } = axisOf(curves, 'runs')
  const all = shown.flat()
  const top = domain[1]
  const bands: Mark[] = shown.map((curve, at) =>
    Plot.areaY(
      curve.map((point) => ({ ...point, high: Math.min(point.high, top) })),
      { x: 'step', y1: 'low', y2: 'high', fill: COLOURS[at % COLOURS.length]!, fillOpacity: 0.2, clip: true },
    ),
  )
  const lines: Mark[] = shown.map((curve, at) =>
    Plot.line(curve, {
      x: 'step',
      y: 'median',
      stroke: COLOURS[at % COLOURS.length]!,
      strokeWidth: 2.2,
      strokeLinejoin: 'round',
      clip: true,
    }),
  )
  const last = Math.max(1, ...all.map(({ step }) => step))
  return Plot.plot({
    document,
    width: WIDTH,
    height: PANEL,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: 8,
    marginBottom: 24,
    style: { background: 'transparent', color: 'inherit', fontSize: '12px' },
    x: { domain: [0, last], label: null, ticks: 9, tickSize: 4, tickFormat: (step: number) => short(step) },
    y: {
      domain,
      type: isLog ? 'log' : 'linear',
      label: null,
      ticks: 5,
      tickSize: 4,
      tickFormat: (value: number) => short(value, 3),
      grid: true,
    },
    marks: [...bands, ...lines],
  }).outerHTML
}
