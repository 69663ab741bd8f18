/** Colours that stand out on white and on near-black alike. Source: Okabe and Ito 2008, "Color Universal Design", lightened. */
export const COLOURS = [
  '#2f7ed8',
  '#e07b00',
  '#1a9e77',
  '#c94fa0',
  '#8a6fdf',
  '#b58900',
  '#d64541',
  '#3aa6b9',
  '#7a8a2a',
  '#9c6b4e',
]
export const WIDTH = 640
export const LEFT = 56
export const RIGHT = 24
export const PANEL = 210
export const HEADING = 26

export type Options = Readonly<Record<string, unknown>>
export type Mark = object
export type Draw = (data: readonly unknown[], options: Options) => Mark

/** What is used of Observable Plot, whose own types want a browser's. */
export interface Plot {
  plot(options: Options): { readonly outerHTML: string }
  readonly areaY: Draw
  readonly line: Draw
  readonly dot: Draw
  readonly rect: Draw
  readonly text: Draw
  readonly link: Draw
  readonly ruleX: Draw
  readonly ruleY: Draw
}
export type Page = object

/** Drawn without a browser, and loaded only when a plot is asked for. */
export async function loadPlot(): Promise<{ Plot: Plot; document: Page }> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')])
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: Page }
  return { Plot: Plot as unknown as Plot, document }
}

/** A drawing inside another, at a height. */
export const placed = (svg: string, y: number): string => svg.replace('<svg ', `<svg x="0" y="${y}" `)

export const clipped = (text: string, most = 70): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
