import { vjp } from '../differentiate/reverse.ts'
import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { toTex } from '../print/tex.ts'
import { toText } from '../print/text.ts'
import { shorten, Shortener } from '../rewrite/shorten.ts'
import type { ShortenOptions } from '../rewrite/shorten.ts'
import { sizeText } from '../shape/size.ts'
import type { Shape } from '../shape/shape.ts'
import { nameAdjoints, withDifferences } from './adjoints.ts'
import type { Adjoint } from './adjoints.ts'
import { chained } from './chain.ts'
import type { Link } from './chain.ts'
import { FreshNames } from './fresh.ts'
import { commonSizes, divided } from './scale.ts'
import { nameShared } from './shared.ts'
import { vanishingSums } from './vanishing.ts'
import { subjectOf } from './subject.ts'
import type { NamedNode, Subject, SubjectOptions } from './subject.ts'

export type DeriveOptions = SubjectOptions

/** The gradient by one name. */
export interface Gradient {
  readonly wrt: string
  /** `dW1`, or the like where the sheet uses that name. Where others are written by it, it is that of a definition. */
  readonly name: string
  readonly shape: readonly string[]
  readonly node: Node
  /** In the sheet language. */
  readonly text: string
  readonly tex: string
}

/** A name introduced for a part of gradients that is used again. */
export interface DerivedDefinition {
  readonly name: string
  readonly node: DefinitionNode
  readonly text: string
  readonly tex: string
}

export interface Derivation {
  readonly of: string
  readonly gradients: readonly Gradient[]
  /** In the order in which they rest on one another. */
  readonly definitions: readonly DerivedDefinition[]
}

/** Gradients before they are written in any language. */
export interface DerivedNodes {
  readonly subject: Subject
  /** By each of the subject's `wrt`. */
  readonly gradients: readonly { readonly name: string; readonly node: Node }[]
  readonly definitions: readonly DefinitionNode[]
}

/**
 * The gradients of a sheet's scalar, as a textbook writes them: short, in the sheet's own names, and with names like
 * `dZ2` for adjoints that are used again.
 *
 * By the convention of the course, these stand for the derivative of the summed loss: the sizes that all adjoints share
 * (`1/m` of `J = L/m`) are left to the gradients, so `dZ2 = A2 - Y` and `dW2 = 1/m * dZ2*A1'`. Where the gradient by a
 * value between is asked for, as by `Z2`, all are whole: `dZ2 = 1/m * (A2 - Y)` and `dW2 = dZ2*A1'`.
 *
 * The definitions followed by `grad(J, W1) == text`, appended to the sheet, are true.
 * Throws what `subjectOf` throws, and `unsupported` for a gradient that the sheet language cannot say.
 */
export function derive(program: Program, options: DeriveOptions = {}): Derivation {
  const { subject, gradients, definitions } = deriveNodes(program, options, true)
  return {
    of: subject.of.name,
    gradients: gradients.map(({ name, node }, at) => {
      const by = subject.wrt[at]!
      return { wrt: by.name, name, shape: shapeTexts(by.shape), node, text: toText(node), tex: toTex(node) }
    }),
    definitions: definitions.map((node) => ({
      name: node.name,
      node,
      text: toText(node.inputs[0]!),
      tex: toTex(node.inputs[0]!),
    })),
  }
}

/**
 * What `derive` finds, before it is written. Where it `isRead`, not run, a long derivative is written by way of another:
 * this may divide by what cancels, as by `p` in `dp.*p`. Throws what `subjectOf` throws.
 */
export function deriveNodes(program: Program, options: DeriveOptions, isRead: boolean): DerivedNodes {
  const { builder } = program
  const subject = subjectOf(program, options)
  const { wrt, between, value } = subject
  const raw = vjp(builder, value, [...wrt, ...between])
  const rules = rulesOf(program)
  const short = shorten(builder, raw, rules)
  // The derivative by a value between, where it is asked for, is whole: so are then all that stand beside it.
  const isInner = wrt.some((by) => by.kind === 'definition')
  const sizes = isInner ? null : commonSizes(builder, short.slice(wrt.length))
  const bodies = shorten(builder, short.slice(wrt.length).map((node) => divided(builder, node, sizes)), rules) // prettier-ignore
  const adjoints = between.map((of, at): Adjoint => {
    const body = bodies[at]!
    return sizes === null ? { of, body } : { of, body, found: { node: short[wrt.length + at]!, over: sizes } }
  })
  const fresh = new FreshNames(program)
  const names = new Map<NamedNode, string>(wrt.map((by) => [by, fresh.take(`d${by.name}`)]))
  const given = new Map<string, DefinitionNode>()
  const nameOf = (of: DefinitionNode): string => {
    const name = names.get(of) ?? fresh.take(`d${of.name}`)
    given.set(name, of)
    return name
  }
  const named = nameAdjoints(builder, short.slice(0, wrt.length), adjoints, nameOf)
  const tidy = (nodes: readonly Node[], names: readonly DefinitionNode[]): Node[] =>
    shorten(builder, nodes, { ...rules, opaque: new Set(names) })
  const bodiesOf = named.definitions.map((definition) => definition.inputs[0]!)
  const tidied = tidy([...named.gradients, ...bodiesOf], named.definitions)
  // Differences that only now stand out by themselves.
  const renamed = withDifferences(builder, tidied, named.definitions)
  const results = renamed.every((node, at) => node === tidied[at]) ? tidied : tidy(renamed, named.definitions)
  const gradients = results.slice(0, wrt.length).map((gradient) => opened(builder, gradient, subject, rules, named.definitions)) // prettier-ignore
  const links = between.map((of, at): Link => ({
    raw: raw[wrt.length + at]!,
    body: bodies[at]!,
    name: () => nameOf(of),
  }))
  const bodyOf = new Map(named.definitions.map((definition, at) => [definition, results[wrt.length + at]!]))
  const defined = isRead
    ? chained(builder, links, bodyOf, {
        at: (definition) => between.indexOf(given.get(definition.name)!),
        sizes,
        shortener: (leaves) => new Shortener(builder, { ...rules, opaque: leaves }),
      })
    : bodyOf
  const final = nameShared(builder, gradients, [...defined.keys()], [...defined.values()], fresh)
  return {
    subject,
    gradients: wrt.map((by, at) => {
      const name = names.get(by)!
      // Where others are written by this one, it is a definition already.
      const shared = final.definitions.find((definition) => definition.name === name)
      return { name, node: shared ?? final.gradients[at]! }
    }),
    definitions: final.definitions,
  }
}

/** What may be used to shorten the gradients of a sheet: its names, what it assumes of values, and sums that are zero. */
export function rulesOf(program: Program): ShortenOptions {
  const hasDerivative = (nodes: readonly Node[]): boolean => reachable(nodes).some((node) => node.kind === 'derivative')
  const scope = [...program.definitions.values()].filter((node) => !hasDerivative([node]))
  const assumptions = program.assumptions.filter(
    ({ relation, aboutSizes, lhs, rhs }) => relation === 'equal' && !aboutSizes && !hasDerivative([lhs, rhs]),
  )
  return { scope, assumptions: [...assumptions, ...vanishingSums(program, scope)] }
}

/** A gradient that the sheet itself defines, derived by hand, is shown as what it is, not by that name. */
function opened(
  builder: Builder,
  gradient: Node,
  { between, wrt }: Subject,
  rules: ShortenOptions,
  names: readonly DefinitionNode[],
): Node {
  if (gradient.kind !== 'definition' || gradient.hidden) return gradient
  if ([...between, ...wrt, ...names].includes(gradient)) return gradient
  const scope = (rules.scope ?? []).filter((node) => node !== gradient)
  return shorten(builder, [gradient.inputs[0]!], { ...rules, scope, opaque: new Set(names) })[0]!
}

export const shapeTexts = (shape: Shape): string[] => shape.map(sizeText)
