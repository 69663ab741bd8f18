import type { Picture, PictureNode } from './picture.ts'
import { escaped } from './svg.ts'

export interface FormatOptions {
  readonly gradient: boolean
}

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`

const COLOURS: { readonly [kind in PictureNode['kind']]: string } = {
  operation: '#2f6fb8',
  layer: '#2f6fb8',
  param: '#1a8a66',
  input: '#7b8490',
  label: '#7b8490',
  onehot: '#7b8490',
}

const hasGradient = (node: PictureNode | undefined): boolean => node !== undefined && node.gradient.length > 0

/** The picture in Graphviz' language. */
export function toDot({ nodes, edges }: Picture, { gradient }: FormatOptions): string {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const lines = [
    'digraph {',
    '  rankdir=LR;',
    '  node [shape=box, style=rounded, fontname="monospace"];',
    '  edge [fontname="monospace", fontsize=10];',
  ]
  for (const node of nodes) {
    const label = [node.name, ...node.lines, node.shape].filter((line) => line !== '').join('\n')
    lines.push(`  ${quoted(node.id)} [label=${quoted(label)}, color="${COLOURS[node.kind]}"];`)
    if (!gradient || !hasGradient(node)) continue
    const text = [node.gradientName, ...node.gradient].join('\n')
    lines.push(`  ${quoted(node.gradientName)} [label=${quoted(text)}, color="#c8641b"];`)
  }
  for (const { from, to, derivative } of edges) {
    const label = derivative === '' || gradient ? '' : `, label=${quoted(derivative)}`
    lines.push(`  ${quoted(from)} -> ${quoted(to)} [color="#2f6fb8"${label}];`)
    if (!gradient || !hasGradient(byId.get(from)) || !hasGradient(byId.get(to))) continue
    lines.push(
      `  ${quoted(byId.get(to)!.gradientName)} -> ${quoted(byId.get(from)!.gradientName)} [color="#c8641b", constraint=false, label=${quoted(derivative)}];`,
    )
  }
  return [...lines, '}', ''].join('\n')
}

/** The picture as data: `{ version, nodes, edges }`; each edge with its local derivative. */
export function toJson({ nodes, edges }: Picture, { gradient }: FormatOptions): string {
  const plain = nodes.map(({ id, kind, name, lines, shape, layer, gradient: parts, gradientName }) => ({
    id,
    kind,
    name,
    operation: lines.join('; '),
    shape,
    layer,
    ...(gradient && parts.length > 0 ? { gradientName, gradient: parts.join(' + ') } : {}),
  }))
  const links = edges.map(({ from, to, derivative }) => ({
    from,
    to,
    derivative: derivative === '' ? null : derivative,
  }))
  return `${JSON.stringify({ version: 1, nodes: plain, edges: links }, null, 2)}\n`
}

/** The picture in GEXF 1.2, for Gephi and its kin. Source: https://gexf.net/1.2/ */
export function toGexf({ nodes, edges }: Picture, { gradient }: FormatOptions): string {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const value = (key: string, text: string): string => `<attvalue for="${key}" value="${escaped(text)}"/>`
  const vertex = (id: string, label: string, kind: string, operation: string, shape: string): string =>
    `      <node id="${escaped(id)}" label="${escaped(label)}"><attvalues>${value('kind', kind)}${value('operation', operation)}${value('shape', shape)}</attvalues></node>`
  const vertices = nodes.flatMap((node) => {
    const own = vertex(node.id, node.name, node.kind, node.lines.join('; '), node.shape)
    if (!gradient || !hasGradient(node)) return [own]
    return [own, vertex(node.gradientName, node.gradientName, 'gradient', node.gradient.join(' + '), node.shape)]
  })
  const links = edges.flatMap(({ from, to, derivative }) => {
    const own = { source: from, target: to, derivative, kind: 'forward' }
    const flows = gradient && hasGradient(byId.get(from)) && hasGradient(byId.get(to))
    return flows
      ? [
          own,
          { source: byId.get(to)!.gradientName, target: byId.get(from)!.gradientName, derivative, kind: 'gradient' },
        ]
      : [own]
  })
  const arcs = links.map(
    ({ source, target, derivative, kind }, at) =>
      `      <edge id="${at}" source="${escaped(source)}" target="${escaped(target)}" label="${escaped(derivative)}"><attvalues>${value('flow', kind)}</attvalues></edge>`,
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">',
    '  <graph mode="static" defaultedgetype="directed">',
    '    <attributes class="node"><attribute id="kind" title="kind" type="string"/><attribute id="operation" title="operation" type="string"/><attribute id="shape" title="shape" type="string"/></attributes>',
    '    <attributes class="edge"><attribute id="flow" title="flow" type="string"/></attributes>',
    '    <nodes>',
    ...vertices,
    '    </nodes>',
    '    <edges>',
    ...arcs,
    '    </edges>',
    '  </graph>',
    '</gexf>',
    '',
  ].join('\n')
}
