import type { Picture, PictureNode } from './picture.ts'

/** Width of a character of the font and height of a line, in pixels. */
export const CHARACTER = 7.3
export const LINE = 17
const PADDING = 12
/** Longer texts are cut. */
export const MOST = 46
const MOST_LABEL = 30
const LANE_GAP = 56

export interface Box {
  readonly node: PictureNode
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly texts: readonly string[]
  readonly lane: 'forward' | 'gradient'
}

export interface Arrow {
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly lane: 'forward' | 'gradient'
  readonly label: { readonly text: string; readonly x: number; readonly y: number } | null
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
}

export const cut = (text: string, most = MOST): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

const forwardTexts = ({ name, lines, shape, kind }: PictureNode): string[] => {
  const role = kind === 'operation' || kind === 'layer' ? '' : ` (${kind})`
  return [`${name}${role}`, ...lines.map((line) => cut(line)), ...(shape === '' ? [] : [shape])]
}

function gradientTexts({ gradientName, kind, gradient, shape }: PictureNode): string[] {
  if (kind === 'layer') return [gradientName, ...gradient.map((line) => cut(line))]
  return [gradientName, ...gradient.map((line, at) => cut(at === 0 ? line : `+ ${line}`)), shape]
}

const sizeOf = (texts: readonly string[]): { width: number; height: number } => ({
  width: Math.max(...texts.map((text) => text.length)) * CHARACTER + 2 * PADDING,
  height: texts.length * LINE + PADDING,
})

/** What is used of dagre, whose types do not resolve. */
interface Dagre {
  readonly Graph: new () => DagreGraph
  readonly layout: (graph: DagreGraph) => void
}

interface DagreGraph {
  setGraph(options: object): void
  setDefaultEdgeLabel(make: () => object): void
  setNode(id: string, size: { readonly width: number; readonly height: number }): void
  setEdge(from: string, to: string, label: object): void
  node(id: string): { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  edge(from: string, to: string): DagreEdge
}

interface DagreEdge {
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly label: string
  readonly x?: number
  readonly y?: number
}

/**
 * Places values from left to right by how far they are from the inputs, and under each, where gradients are wanted, its
 * gradient, which flows from right to left.
 */
export async function layOut(picture: Picture, withGradient: boolean): Promise<Layout> {
  const { Graph, layout } = (await import('@dagrejs/dagre')) as unknown as Dagre
  const graph = new Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 46, edgesep: 12, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  const shown = (node: PictureNode): boolean => withGradient && node.gradient.length > 0
  const texts = new Map(picture.nodes.map((node) => [node.id, forwardTexts(node)]))
  for (const node of picture.nodes) {
    const forward = sizeOf(texts.get(node.id)!)
    const width = shown(node) ? Math.max(forward.width, sizeOf(gradientTexts(node)).width) : forward.width
    graph.setNode(node.id, { width, height: forward.height })
  }
  for (const { from, to, derivative } of picture.edges) {
    const label = withGradient ? '' : cut(derivative, MOST_LABEL)
    const size = label === '' ? {} : { width: label.length * CHARACTER * 0.9 + 8, height: LINE, labelpos: 'c' as const }
    graph.setEdge(from, to, { label, ...size })
  }
  layout(graph)
  const boxes: Box[] = picture.nodes.map((node) => {
    const { x, y, width, height } = graph.node(node.id)
    return { node, x: x - width / 2, y: y - height / 2, width, height, texts: texts.get(node.id)!, lane: 'forward' }
  })
  const arrows: Arrow[] = picture.edges.map(({ from, to }) => {
    const edge = graph.edge(from, to)
    const label = edge.label === '' ? null : { text: edge.label, x: edge.x ?? 0, y: edge.y ?? 0 }
    return { points: edge.points, lane: 'forward', label }
  })
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  const right = Math.max(
    ...boxes.map((box) => box.x + box.width),
    ...arrows.flatMap((arrow) => arrow.points.map(({ x }) => x)),
  )
  if (!withGradient) return { width: right + 24, height: bottom + 24, boxes, arrows }
  const lower = gradientBoxes(
    boxes.filter((box) => shown(box.node)),
    bottom + LANE_GAP,
  )
  const low = Math.max(bottom, ...lower.map((box) => box.y + box.height))
  return {
    width: right + 24,
    height: low + 24,
    boxes: [...boxes, ...lower],
    arrows: [...arrows, ...gradientArrows(picture, lower)],
  }
}

const GAP = 22

/** The gradients, each in the column of its value and as nearly below it as the others there allow. */
function gradientBoxes(boxes: readonly Box[], top: number): Box[] {
  const columns = new Map<number, Box[]>()
  for (const box of boxes) {
    const centre = Math.round(box.x + box.width / 2)
    columns.set(centre, [...(columns.get(centre) ?? []), box])
  }
  const heightOf = (box: Box): number => sizeOf(gradientTexts(box.node)).height
  const needed = Math.max(
    ...[...columns.values()].map((column) => column.reduce((sum, box) => sum + heightOf(box) + GAP, -GAP)),
  )
  const from = Math.min(...boxes.map((box) => box.y))
  const scale = Math.max(0, needed) / Math.max(1, ...boxes.map((box) => box.y + box.height - from))
  return [...columns.values()].flatMap((column) => {
    const sorted = column.sort((a, b) => a.y - b.y)
    let rest = sorted.reduce((sum, box) => sum + heightOf(box) + GAP, -GAP)
    let y = top
    return sorted.map((box): Box => {
      const height = heightOf(box)
      const wanted = top + (box.y + box.height / 2 - from) * scale - height / 2
      y = Math.max(y, Math.min(wanted, top + needed - rest))
      const placed: Box = { ...box, y, height, texts: gradientTexts(box.node), lane: 'gradient' }
      y += height + GAP
      rest -= height + GAP
      return placed
    })
  })
}

/** Half of the space between columns, where arrows turn. */
const TURN = 23

/** Arrows from each gradient to those it flows on to. They turn between columns, and pass the boxes of others. */
function gradientArrows({ edges }: Picture, boxes: readonly Box[]): Arrow[] {
  const byId = new Map(boxes.map((box) => [box.node.id, box]))
  return edges.flatMap(({ from, to }) => {
    const [source, target] = [byId.get(to), byId.get(from)]
    if (source === undefined || target === undefined) return []
    const column = boxes.filter((box) => box.x < target.x + target.width && box.x + box.width > target.x)
    const columnEnd = Math.max(...column.map((box) => box.x + box.width))
    const start = { x: source.x, y: source.y + source.height / 2 }
    const end = { x: target.x + target.width, y: target.y + target.height / 2 }
    const between = boxes.filter((box) => box.x > columnEnd && box.x + box.width < start.x)
    const isFree = (y: number): boolean => between.every((box) => y < box.y - 4 || y > box.y + box.height + 4)
    const below = Math.max(0, ...between.map((box) => box.y + box.height)) + LINE
    const y = [end.y, start.y].find(isFree) ?? below
    // Those that start one above the other turn one beside the other.
    const peers = boxes.filter((box) => box.x < source.x + source.width && box.x + box.width > source.x)
    const rank = peers.filter((box) => box.y < source.y).length
    const room = Math.min(start.x - columnEnd, 2 * TURN)
    const turn = start.x - (room * (rank + 1)) / (peers.length + 1)
    const into = Math.min(turn, columnEnd + TURN)
    const bend = [start, { x: turn, y: start.y }, { x: turn, y }, { x: into, y }, { x: into, y: end.y }, end]
    const points = bend.filter((point, at) => at === 0 || point.x !== bend[at - 1]!.x || point.y !== bend[at - 1]!.y)
    return [{ points, lane: 'gradient' as const, label: null }]
  })
}
