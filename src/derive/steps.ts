import { vjp } from '../differentiate/reverse.ts'
import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { toTex } from '../print/tex.ts'
import { toText } from '../print/text.ts'
import { Costs } from '../rewrite/cost.ts'
import { shorten } from '../rewrite/shorten.ts'
import type { ShortenOptions } from '../rewrite/shorten.ts'
import { nameAdjoints } from './adjoints.ts'
import type { Adjoint } from './adjoints.ts'
import { cutAt } from './chain.ts'
import { rulesOf } from './derive.ts'
import { FreshNames } from './fresh.ts'
import { commonSizes, divided } from './scale.ts'
import { subjectOf } from './subject.ts'
import type { NamedNode, SubjectOptions } from './subject.ts'
import { inside, visibleInputs } from './visible.ts'

/** One line of a derivation in the sheet language and in TeX. */
export interface Line {
  readonly text: string
  readonly tex: string
}

/** The derivative by one named value, as one would write it on paper. */
export interface Step {
  /** The value by which is differentiated, and the name of the derivative. */
  readonly wrt: string
  readonly name: string
  /** The definitions that use the value, through which the chain rule goes: `A2 = sigmoid(Z2)`. */
  readonly through: readonly Line[]
  /** By the chain rule, in terms of the derivatives before: `dA2.*A2.*(1 - A2)`. */
  readonly chain: Line
  /** The same, shortened, with no derivative in it that shortening could take out: `A2 - Y`. */
  readonly result: Line
}

export interface Steps {
  readonly of: string
  /** The sizes that were taken off all derivatives but those by what was asked for: `1/m`; `null` for none. */
  readonly factor: Line | null
  readonly steps: readonly Step[]
}

const lineOf = (node: Node): Line => ({ text: toText(node), tex: toTex(node) })

/**
 * The derivation of the gradients node by node, from the loss to what it is differentiated by: for each named value the
 * chain rule through the definitions that use it, with the local derivative of each, and what that comes to.
 *
 * By the convention of the course the sizes of a mean are left to the gradients at the end (see `derive`).
 * Throws what `derive` throws.
 */
export function derivationSteps(program: Program, options: SubjectOptions = {}): Steps {
  const { builder } = program
  const subject = subjectOf(program, options)
  const { value, between } = subject
  const used = usersOf([value])
  const inner = between.filter((node) => used.has(node) && !subject.wrt.includes(node)).reverse()
  const nodes: NamedNode[] = [...inner, ...subject.wrt]
  const raw = vjp(builder, value, nodes)
  // What the sheet derives by hand is what is to be derived here.
  const rules: ShortenOptions = { ...rulesOf(program), scope: [value, ...between] }
  const short = shorten(builder, raw, rules)
  const factor = commonSizes(builder, short.slice(0, inner.length))
  const fresh = new FreshNames(program)
  // A derivative stands for itself over the common sizes, those asked for are whole.
  const names = nodes.map((node) => fresh.take(`d${node.name}`))
  const whole = shorten(builder, short.map((node, at) => at < inner.length ? divided(builder, node, factor) : node), rules) // prettier-ignore
  const results = named(builder, whole, inner, names, rules)
  const leaves = names.map((name, at) => builder.define(name, whole[at]!) as DefinitionNode)

  // The derivatives of inner values, each by its node; where two are one node the later value goes first on paper.
  const known = new Map<Node, { readonly leaf: Node; readonly at: number }>()
  const forward = new Set(reachable([value]))
  inner.forEach((_, at) => {
    const node = raw[at]!
    // A derivative that is a value of the sheet is written as that value.
    if (known.has(node) || forward.has(node) || whole[at]!.kind === 'constant') return
    const leaf = factor === null ? leaves[at]! : builder.call('mul', factor, leaves[at]!)
    known.set(node, { leaf, at })
  })
  const opaque = new Set<Node>(leaves)
  const chains = nodes.map((_, at) => {
    const cut = cutAt(builder, raw[at]!, known, at)
    return at < inner.length ? divided(builder, cut, factor) : cut
  })
  const written = shorten(builder, chains, { ...rules, opaque })
  return {
    of: subject.of.name,
    factor: factor === null ? null : lineOf(factor),
    steps: nodes.map((node, at) => ({
      wrt: node.name,
      name: names[at]!,
      through: (used.get(node) ?? []).map((user) => definitionLine(user)),
      chain: lineOf(written[at]!),
      result: lineOf(isBetter(results[at]!, written[at]!, names.slice(at)) ? results[at]! : written[at]!),
    })),
  }
}

/**
 * Whether a result says more than the chain rule: by no name that comes only after it, as of parts of which it is made,
 * and not at twice the length.
 */
function isBetter(result: Node, chain: Node, later: readonly string[]): boolean {
  const costs = new Costs()
  const isLater = inside([result]).some((node) => node.kind === 'definition' && later.includes(node.name))
  return !isLater && costs.of(result) <= 2 * costs.of(chain)
}

/** The derivatives in terms of those that were named before them, as `derive` names them. */
function named(
  builder: Builder,
  whole: readonly Node[],
  inner: readonly DefinitionNode[],
  names: readonly string[],
  rules: ShortenOptions,
): Node[] {
  const nameOf = new Map(inner.map((of, at) => [of, names[at]!]))
  const adjoints = inner.map((of, at): Adjoint => ({ of, body: whole[at]! })).reverse()
  const gradients = whole.slice(inner.length)
  const result = nameAdjoints(builder, gradients, adjoints, (of) => nameOf.get(of)!, whole.slice(0, inner.length))
  const bodies = new Map(result.definitions.map((definition) => [definition.name, definition.inputs[0]!]))
  const nodes = [...names.slice(0, inner.length).map((name, at) => bodies.get(name) ?? result.others[at]!), ...result.gradients] // prettier-ignore
  return shorten(builder, nodes, { ...rules, opaque: new Set<Node>(result.definitions) })
}

const definitionLine = (node: DefinitionNode): Line => {
  const body = lineOf(node.inputs[0]!)
  return { text: `${node.name} = ${body.text}`, tex: `${toTex(node)} = ${body.tex}` }
}

/** By a named value the definitions in which its name stands, directly. */
function usersOf(roots: readonly Node[]): Map<Node, DefinitionNode[]> {
  const users = new Map<Node, DefinitionNode[]>()
  const seen = new Set<Node>(roots)
  for (const root of seen) {
    if (root.kind !== 'definition') continue
    // The names in one definition's body.
    const body = new Set<Node>(root.inputs)
    for (const node of body) {
      const isName = node.kind === 'input' || (node.kind === 'definition' && !node.hidden)
      if (!isName) for (const input of visibleInputs(node)) body.add(input)
      if (!isName) continue
      users.set(node, [...(users.get(node) ?? []), root])
      if (node.kind === 'definition') seen.add(node)
    }
  }
  return users
}
