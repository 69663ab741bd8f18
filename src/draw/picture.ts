import { vjp } from '../differentiate/reverse.ts'
import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, InputNode, Node, Role } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { toText } from '../print/text.ts'
import { shorten } from '../rewrite/shorten.ts'
import { shapeText } from '../shape/shape.ts'

export type NamedNode = InputNode | DefinitionNode

/** A value of the sheet, or a layer of them. */
export interface PictureNode {
  readonly id: string
  readonly kind: Role | 'operation' | 'layer'
  /** As in the sheet; of a layer, `layer 2`. */
  readonly name: string
  /** What is computed, a line for each value: `W1*X + b1`. */
  readonly lines: readonly string[]
  readonly shape: string
  /** What the gradient by it is called. */
  readonly gradientName: string
  /** The gradient that arrives here, in terms of those it is made of. */
  readonly gradient: readonly string[]
  /** The index or trailing number of the name, if any. */
  readonly layer: string | null
}

export interface PictureEdge {
  readonly from: string
  readonly to: string
  /** How the gradient of `to` reaches `from`: the local derivative applied to `dZ`. Empty where nothing passes. */
  readonly derivative: string
}

/** A computation in terms of the names of its sheet, inputs before outputs. */
export interface Picture {
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly PictureEdge[]
}

const isNamed = (node: Node): node is NamedNode => node.kind === 'input' || (node.kind === 'definition' && !node.hidden)

/** The named values from which a node is computed directly, in order of first use. */
function sourcesOf(body: Node): NamedNode[] {
  const found = new Set<NamedNode>()
  const seen = new Set<Node>()
  const stack: Node[] = [body]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (isNamed(node)) found.add(node)
    else stack.push(...node.inputs.toReversed())
  }
  return [...found]
}

/** The trailing number or index of a name: `2` of `W2`, of `W_2` and of `W[2]`. */
export function layerOf(name: string): string | null {
  const match = /(?:\[([^\]]+)\]|_?(\d+))$/.exec(name)
  return match === null || match.index === 0 ? null : (match[1] ?? match[2] ?? null)
}

/** The picture of how `of` is computed, and of how its gradient flows back. `of` holds no derivative still to be taken. */
export function pictureOf(builder: Builder, of: DefinitionNode): Picture {
  const all = reachable([of])
  const named = all.filter(isNamed)
  const moving = movingNodes(all)
  const prefix = gradientPrefix(builder, named)
  const edges: PictureEdge[] = []
  const contributions = new Map<NamedNode, string[]>([[of, ['1']]])
  const texts = new Map<NamedNode, string>()
  for (const node of named) {
    if (node.kind === 'input') continue
    const body = node.inputs[0]!
    texts.set(node, toText(body))
    const sources = sourcesOf(body)
    const derivatives = localDerivatives(builder, node, sources, node === of ? null : `${prefix}${node.name}`)
    sources.forEach((source, at) => {
      const derivative = derivatives[at]!
      edges.push({ from: idOf(source), to: idOf(node), derivative: moving.has(source) ? derivative : '' })
      if (derivative !== '') contributions.set(source, [...(contributions.get(source) ?? []), derivative])
    })
  }
  const nodes = named.map((node): PictureNode => ({
    id: idOf(node),
    kind: node.kind === 'input' ? node.role : 'operation',
    name: node.name,
    lines: node.kind === 'input' ? [] : [texts.get(node)!],
    shape: shapeText(node.shape),
    gradientName: `${prefix}${node.name}`,
    gradient: moving.has(node) ? (contributions.get(node) ?? []) : [],
    layer: layerOf(node.name),
  }))
  return { nodes, edges }
}

const idOf = (node: NamedNode): string => node.name

/** `d`, as in `dZ1`, unless the sheet calls something else by such a name. */
function gradientPrefix(builder: Builder, named: readonly NamedNode[]): string {
  const taken = new Set(named.map((node) => node.name))
  for (const node of builder.dag.nodes) if (node.kind === 'input') taken.add(node.name)
  const prefixes = ['d', 'd_', 'grad_']
  return prefixes.find((prefix) => named.every(({ name }) => !taken.has(`${prefix}${name}`))) ?? 'gradient_of_'
}

/** What depends on a parameter, or where there is none on data: only their gradients are of interest. */
function movingNodes(all: readonly Node[]): Set<Node> {
  const hasParams = all.some((node) => node.kind === 'input' && node.role === 'param')
  const moving = new Set<Node>()
  for (const node of all) {
    const moves = node.kind === 'input' && node.role === (hasParams ? 'param' : 'input')
    if (moves || node.inputs.some((input) => moving.has(input))) moving.add(node)
  }
  return moving
}

/** For each source, the product of the local derivative with the gradient of `node`, which goes by its name, or of 1. */
function localDerivatives(
  builder: Builder,
  node: DefinitionNode,
  sources: readonly NamedNode[],
  gradientName: string | null,
): string[] {
  // What lies behind the names is not looked at: they become plain inputs of the same names.
  const plain = new Map<Node, Node>(sources.map((source) => [source, builder.input(source.name, source.shape)]))
  const body = replaced(builder, node.inputs[0]!, plain)
  const cotangent = gradientName === null ? undefined : builder.input(gradientName, node.shape)
  const raw = vjp(builder, body, [...plain.values()], cotangent)
  // The value may be used by its name: `1 - A1.^2` rather than `1 - tanh(Z1).^2`.
  const scope = [builder.define(node.name, body)]
  return shorten(builder, raw, { scope }).map((derivative) => {
    const text = toText(derivative)
    return text === '0' || text.startsWith('zeros(') ? '' : text
  })
}

function replaced(builder: Builder, root: Node, by: ReadonlyMap<Node, Node>): Node {
  const done = new Map<Node, Node>(by)
  const stack = [root]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const missing = done.has(node) ? [] : node.inputs.filter((input) => !done.has(input))
    if (missing.length > 0) {
      stack.push(...missing)
      continue
    }
    stack.pop()
    if (!done.has(node)) done.set(node, builder.rebuild(node, node.inputs.map((input) => done.get(input)!))) // prettier-ignore
  }
  return done.get(root)!
}
