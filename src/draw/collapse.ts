import type { Picture, PictureEdge, PictureNode } from './picture.ts'

/** From this many values on, a picture shows layers instead of values. */
export const MANY = 26
/** From this many layers on, those in the middle are left out. */
const MANY_LAYERS = 9
const KEPT = 3

/** A picture with one node for each layer: values whose names end in the same index, and nothing lost on the way. */
export function collapsed(picture: Picture): Picture {
  const groups = new Map<string, PictureNode[]>()
  for (const node of picture.nodes) {
    const key =
      node.layer === null || node.kind === 'input' || node.kind === 'label' ? `= ${node.id}` : `layer ${node.layer}`
    groups.set(key, [...(groups.get(key) ?? []), node])
  }
  const layers = [...groups]
    .filter(([key, members]) => key.startsWith('layer ') && members.length > 1)
    .map(([key]) => key)
  const middle = layers.length >= MANY_LAYERS ? layers.slice(KEPT, -KEPT) : []
  const names = new Map<string, string>()
  for (const [key, members] of groups) {
    const group = middle.includes(key)
      ? `${middle[0]!.replace('layer', 'layers')} to ${middle.at(-1)!.replace('layer ', '')}`
      : key
    for (const member of members)
      names.set(member.id, members.length === 1 && !middle.includes(key) ? member.id : group)
  }
  const merged = new Map<string, PictureNode[]>()
  for (const node of picture.nodes) {
    const name = names.get(node.id)!
    merged.set(name, [...(merged.get(name) ?? []), node])
  }
  const nodes = [...merged].map(([name, members]) =>
    members.length === 1 ? members[0]! : layerNode(name, members, middle.length),
  )
  return { nodes, edges: mergedEdges(picture.edges, names) }
}

function layerNode(id: string, members: readonly PictureNode[], hidden: number): PictureNode {
  const operations = members.filter(({ kind }) => kind === 'operation')
  const parameters = members.filter(({ kind }) => kind === 'param')
  const isMiddle = id.includes(' to ')
  const lines = isMiddle
    ? [`${hidden} layers like their neighbours`]
    : operations.map(({ name, lines: [text = ''] }) => `${name} = ${text}`)
  const gradient = isMiddle
    ? [`through ${hidden} layers`]
    : members
        .filter((member) => member.gradient.length > 0)
        .map((member) => `${member.gradientName} = ${member.gradient.join(' + ')}`)
  const shape = isMiddle ? '' : parameters.map(({ name, shape: size }) => `${name}: ${size}`).join(', ')
  return {
    id,
    kind: 'layer',
    name: id,
    lines,
    shape,
    gradientName: `gradients, ${id}`,
    gradient,
    layer: members[0]!.layer,
  }
}

function mergedEdges(edges: readonly PictureEdge[], names: ReadonlyMap<string, string>): PictureEdge[] {
  const result = new Map<string, PictureEdge>()
  for (const { from, to, derivative } of edges) {
    const [source, target] = [names.get(from)!, names.get(to)!]
    if (source === target) continue
    const key = JSON.stringify([source, target])
    const known = result.get(key)
    const isLong = source.includes(' to ') || target.includes(' to ')
    const text = isLong
      ? ''
      : [known?.derivative, derivative].filter((part) => part !== undefined && part !== '').join(', ')
    result.set(key, { from: source, to: target, derivative: text })
  }
  return [...result.values()]
}
