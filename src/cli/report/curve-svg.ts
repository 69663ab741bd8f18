const WIDTH = 640
const HEIGHT = 320
const LEFT = 64
const RIGHT = 28
const TOP = 32
const BOTTOM = 40
/** Points of the line; of more steps, each point is the mean of as many. */
const MOST_POINTS = 1200
/** Marks on an axis, about. */
const TICKS = 5

/** Costs over the steps as a picture; costs of very different sizes on a logarithmic axis. */
export function curveSvg(name: string, costs: readonly number[]): string {
  const shown = thinned(costs)
  const [low, high] = shown.reduce(([a, b], [, cost]) => [Math.min(a, cost), Math.max(b, cost)], [Infinity, -Infinity])
  const isLog = low > 0 && high / low > 100
  const scale = isLog ? Math.log10 : (x: number): number => x
  const [bottom, top] = high > low ? [scale(low), scale(high)] : [scale(low) - 1, scale(low) + 1]
  const x = (step: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * step) / Math.max(1, costs.length - 1)
  const y = (level: number): number => TOP + ((HEIGHT - TOP - BOTTOM) * (top - level)) / (top - bottom)
  const points = shown.map(([step, cost]) => `${x(step).toFixed(1)},${y(scale(cost)).toFixed(1)}`)
  const levels = isLog ? powersBetween(low, high) : marksBetween(bottom, top)
  const steps = marksBetween(0, Math.max(1, costs.length - 1)).filter((step) => Number.isInteger(step))
  const title = escaped(name)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" class="curve" role="img" aria-label="${title} over the steps">
<style>
.curve { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #1c2127; }
.curve .paper { fill: #fff; }
.curve .grid { stroke: #1c2127; stroke-opacity: 0.15; }
.curve .line { fill: none; stroke: #2f7ed8; stroke-width: 2; stroke-linejoin: round; }
@media (prefers-color-scheme: dark) {
  .curve { fill: #e6e9ee; }
  .curve .paper { fill: #14171c; }
  .curve .grid { stroke: #e6e9ee; }
}
</style>
<rect class="paper" width="100%" height="100%"/>
<text x="${LEFT}" y="20" font-weight="600">${title}${isLog ? ', logarithmic' : ''}</text>
${levels.map((level) => `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(level).toFixed(1)}" y2="${y(level).toFixed(1)}"/><text x="${LEFT - 8}" y="${(y(level) + 4).toFixed(1)}" text-anchor="end">${short(isLog ? 10 ** level : level)}</text>`).join('\n')}
${steps.map((step) => `<text x="${x(step).toFixed(1)}" y="${HEIGHT - 20}" text-anchor="middle">${step}</text>`).join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 4}" text-anchor="middle">step</text>
<polyline class="line" points="${points.join(' ')}"/>
</svg>
`
}

/** Steps and costs, neighbours taken together where there are too many; the first and the last stand alone. */
function thinned(costs: readonly number[]): (readonly [step: number, cost: number])[] {
  if (costs.length <= MOST_POINTS) return costs.map((cost, step) => [step, cost] as const)
  const last = costs.length - 1
  const inner = Array.from({ length: MOST_POINTS - 2 }, (_, at) => {
    const from = 1 + Math.floor((at * (last - 1)) / (MOST_POINTS - 2))
    const to = 1 + Math.floor(((at + 1) * (last - 1)) / (MOST_POINTS - 2))
    const mean = costs.slice(from, to).reduce((sum, cost) => sum + cost, 0) / (to - from)
    return [(from + to - 1) / 2, mean] as const
  })
  return [[0, costs[0]!], ...inner, [last, costs[last]!]]
}

/** Round numbers from `low` to `high`, evenly spread: 1, 2 or 5 times a power of ten apart. */
function marksBetween(low: number, high: number): number[] {
  const raw = (high - low) / TICKS
  const power = 10 ** Math.floor(Math.log10(raw))
  const width = power * ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10)
  const [first, last] = [Math.ceil(low / width), Math.floor(high / width)]
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * width).toPrecision(12)))
}

/** Logarithms of powers of ten between two numbers that are at least two of them apart. */
function powersBetween(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const apart = Math.max(1, Math.ceil((last - first) / TICKS))
  return Array.from({ length: Math.floor((last - first) / apart) + 1 }, (_, at) => first + at * apart)
}

const short = (x: number): string => String(Number(x.toPrecision(3))).replace('-', '−')

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
