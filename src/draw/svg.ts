import { CHARACTER, layOut, LINE } from './layout.ts'
import type { Arrow, Box } from './layout.ts'
import type { Picture } from './picture.ts'

/** Fill and line by lane, for light and for dark paper. */
const STYLE = `<style>
.graph { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; font-size: 12px; }
.graph .paper { fill: #ffffff; }
.graph text { fill: #1c2127; }
.graph .name { font-weight: 700; }
.graph .shape { fill: #5b6470; }
.graph .box { stroke-width: 1.4; }
.graph .forward .box { fill: #e8f1fc; stroke: #2f6fb8; }
.graph .param .box { fill: #e6f5ee; stroke: #1a8a66; }
.graph .data .box { fill: #f1f2f4; stroke: #7b8490; }
.graph .gradient .box { fill: #fdeee2; stroke: #c8641b; }
.graph .arrow { fill: none; stroke-width: 1.4; }
.graph .arrow.forward { stroke: #2f6fb8; }
.graph .arrow.gradient { stroke: #c8641b; }
.graph .head.forward { fill: #2f6fb8; }
.graph .head.gradient { fill: #c8641b; }
.graph .label { font-size: 11px; fill: #a04a0c; }
@media (prefers-color-scheme: dark) {
  .graph .paper { fill: #14171c; }
  .graph text { fill: #e6e9ee; }
  .graph .shape { fill: #9aa4b1; }
  .graph .forward .box { fill: #1b2a3d; stroke: #6aa7ea; }
  .graph .param .box { fill: #16302a; stroke: #4fc39c; }
  .graph .data .box { fill: #262b32; stroke: #8d97a4; }
  .graph .gradient .box { fill: #3a2616; stroke: #f09a55; }
  .graph .arrow.forward { stroke: #6aa7ea; }
  .graph .arrow.gradient { stroke: #f09a55; }
  .graph .head.forward { fill: #6aa7ea; }
  .graph .head.gradient { fill: #f09a55; }
  .graph .label { fill: #f6b27d; }
}
</style>`

const number = (x: number): string => `${Math.round(x * 10) / 10}`

/** The picture as SVG: values from left to right; with `gradient`, below them the gradients from right to left. */
export async function toSvg(picture: Picture, options: { readonly gradient: boolean }): Promise<string> {
  const { width, height, boxes, arrows } = await layOut(picture, options.gradient)
  const size = `viewBox="0 0 ${number(width)} ${number(height)}" width="${number(width)}" height="${number(height)}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} class="graph" role="img">`,
    STYLE,
    `<rect class="paper" width="100%" height="100%"/>`,
    ...arrows.map(arrowSvg),
    ...boxes.map(boxSvg),
    ...arrows.map(labelSvg).filter((label) => label !== ''),
    '</svg>',
    '',
  ].join('\n')
}

function boxSvg({ node, x, y, width, height, texts, lane }: Box): string {
  const role = lane === 'gradient' ? 'gradient' : node.kind === 'param' ? 'param' : node.kind === 'operation' || node.kind === 'layer' ? 'forward' : 'data' // prettier-ignore
  const hasShape = node.shape !== '' && !(lane === 'gradient' && node.kind === 'layer')
  const lines = texts.map((text, at) => {
    const kind = at === 0 ? ' class="name"' : hasShape && at === texts.length - 1 ? ' class="shape"' : ''
    return `<text x="${number(x + width / 2)}" y="${number(y + 6 + LINE * (at + 0.72))}" text-anchor="middle"${kind}>${escaped(text)}</text>`
  })
  const rect = `<rect class="box" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="6"/>`
  return `<g class="${role}">${rect}${lines.join('')}</g>`
}

/** A smooth line through the points, with a head at its end. */
function arrowSvg({ points, lane }: Arrow): string {
  const [first, ...rest] = points
  const last = points.at(-1)!
  const parts = [`M${number(first!.x)},${number(first!.y)}`]
  rest.forEach((point, at) => {
    const next = rest[at + 1]
    if (next === undefined) parts.push(`L${number(point.x)},${number(point.y)}`)
    else {
      const half = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
      parts.push(`Q${number(point.x)},${number(point.y)} ${number(half.x)},${number(half.y)}`)
    }
  })
  const before = points.at(-2)!
  const angle = lane === 'gradient' ? 180 : (Math.atan2(last.y - before.y, last.x - before.x) * 180) / Math.PI
  const head = `<path class="head ${lane}" d="M0,0 L-8,-4 L-8,4 Z" transform="translate(${number(last.x)},${number(last.y)}) rotate(${number(angle)})"/>`
  return `<path class="arrow ${lane}" d="${parts.join(' ')}"/>${head}`
}

function labelSvg({ label }: Arrow): string {
  if (label === null) return ''
  const width = label.text.length * CHARACTER * 0.92 + 6
  const back = `<rect class="paper" x="${number(label.x - width / 2)}" y="${number(label.y - 8)}" width="${number(width)}" height="16"/>`
  return `${back}<text class="label" x="${number(label.x)}" y="${number(label.y + 4)}" text-anchor="middle">${escaped(label.text)}</text>`
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
