import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, Node } from '../graph/node.ts'
import { Costs } from '../rewrite/cost.ts'
import type { Shortener } from '../rewrite/shorten.ts'
import { divided } from './scale.ts'
import { inside, visibleInputs } from './visible.ts'

/** A derivative by a named value that stands for itself in the derivatives by earlier ones. */
export interface Leaf {
  readonly leaf: Node
  readonly at: number
}

/** Derivatives with more symbols than this are compared with what the chain rule says. */
const LONG_BODY = 60

/** The chain rule is followed where what it has to be written is no more than this part of what is written without it. */
const MOST = 0.6

/** How many values further on are looked at. */
const REACH = 32

/** The derivative by one value, and the name under which it stands in others. */
export interface Link {
  readonly raw: Node
  readonly body: Node
  readonly name: () => string
}

export interface ChainOptions {
  /** Which of the links a definition stands for. */
  readonly at: (definition: DefinitionNode) => number
  /** The sizes that were taken off the bodies, not off the raw derivatives. */
  readonly sizes: Node | null
  /** What shortens nodes, with these definitions as they stand. */
  readonly shortener: (leaves: ReadonlySet<Node>) => Shortener
}

/**
 * Long derivatives by way of those by later values: `dp.*p.*(1 - p)` where multiplying `dp` out is long. The bodies of
 * definitions come back, some of them so shortened, with those of the derivatives on which they now rest.
 */
export function chained(
  builder: Builder,
  links: readonly Link[],
  bodies: ReadonlyMap<DefinitionNode, Node>,
  { at: linkOf, sizes, shortener }: ChainOptions,
): ReadonlyMap<DefinitionNode, Node> {
  const costs = new Costs()
  const own = new Map([...bodies.keys()].map((definition) => [linkOf(definition), definition]))
  const result = new Map(bodies)
  const leafOf = links.map(({ body }, other) => own.get(other) ?? builder.define(` ${other}`, body))
  let shortened: Shortener | null = null
  for (const [definition, body] of bodies) {
    const at = linkOf(definition)
    if (costs.of(body) <= LONG_BODY) continue
    const leaves = new Map<Node, number>()
    const known = new Map<Node, Leaf>()
    // Of two values with one derivative the later one comes first in the chain.
    for (let other = Math.min(at + REACH, links.length - 1); other > at; other--) {
      const { raw } = links[other]!
      if (known.has(raw) || raw.kind === 'constant') continue
      const leaf = own.get(other) ?? leafOf[other]!
      leaves.set(leaf, other)
      known.set(raw, { leaf: sizes === null ? leaf : builder.call('mul', sizes, leaf), at: other })
    }
    const cut = divided(builder, cutAt(builder, links[at]!.raw, known, at), sizes)
    shortened ??= shortener(new Set([...leafOf, ...bodies.keys()]))
    const [chain] = shortened.shorten([cut]) as [Node]
    const used = inside([chain]).flatMap((node): [Node, number][] => {
      const other = leaves.get(node)
      return other === undefined || own.has(other) ? [] : [[node, other]]
    })
    const added = used.reduce((sum, [, other]) => sum + costs.of(links[other]!.body), 0)
    if (costs.of(chain) + added > MOST * costs.of(body)) continue
    const named = new Map<Node, Node>()
    for (const [leaf, other] of used) {
      const link = links[other]!
      const made = builder.define(link.name(), link.body) as DefinitionNode
      named.set(leaf, made)
      own.set(other, made)
      result.set(made, link.body)
    }
    result.set(definition, replaced(builder, chain, named))
  }
  return result
}

/** `root` with the derivatives in `known` by name, but not the one that it is itself about. */
export function cutAt(builder: Builder, root: Node, known: ReadonlyMap<Node, Leaf>, at: number): Node {
  const leaves = new Map<Node, Node>()
  for (const [node, entry] of known) if (entry.at !== at) leaves.set(node, entry.leaf)
  return replaced(builder, root, leaves)
}

function replaced(builder: Builder, root: Node, by: ReadonlyMap<Node, Node>): Node {
  const became = new Map(by)
  const stack = [root]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const inputs = visibleInputs(node)
    const missing = became.has(node) ? [] : inputs.filter((input) => !became.has(input))
    if (missing.length > 0) {
      stack.push(...missing)
      continue
    }
    stack.pop()
    if (became.has(node)) continue
    const isSame = inputs.every((input) => became.get(input) === input)
    became.set(node, isSame ? node : builder.rebuild(node, inputs.map((input) => became.get(input)!))) // prettier-ignore
  }
  return became.get(root)!
}
