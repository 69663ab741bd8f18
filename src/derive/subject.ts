import { BackproveError } from '../base/errors.ts'
import { expandDerivatives } from '../differentiate/expand.ts'
import { nearest } from '../elaborate/nearest.ts'
import type { DefinitionNode, InputNode, Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { isScalarLike, shapeText } from '../shape/shape.ts'

export type NamedNode = InputNode | DefinitionNode

/** What is differentiated by what. */
export interface Subject {
  readonly of: DefinitionNode
  /** The value of `of` without derivatives still to be taken. */
  readonly value: Node
  readonly wrt: readonly NamedNode[]
  /** Other scalars that would do as well as `of`, where nothing said which is meant. */
  readonly others: readonly DefinitionNode[]
  /** Named values that lie between them, in the order of the sheet; `of` is none of them. */
  readonly between: readonly DefinitionNode[]
}

export interface SubjectOptions {
  readonly of?: string
  readonly wrt?: readonly string[]
}

const hasRole = (program: Program, ...roles: readonly string[]): InputNode[] =>
  program.inputs.filter((input) => roles.includes(input.role))

/**
 * The scalar that a sheet is about and what moves it. Unless `options` says otherwise: the last scalar definition that
 * depends on parameters and on which no other scalar definition rests, but `J` or else `L` if that is one; by all
 * parameters, or where there are none by all data but labels. Throws `unknown-name`, `not-scalar`, `argument`.
 */
export function subjectOf(program: Program, options: SubjectOptions = {}): Subject {
  const params = hasRole(program, 'param')
  const variables = params.length > 0 ? params : hasRole(program, 'input')
  const [of, ...others] = options.of === undefined ? lossesOf(program, variables) : [scalarNamed(program, options.of)]
  const value = expandDerivatives(program.builder, [of]).roots[0] as DefinitionNode
  const inside = reachable([value])
  const byName = new Map<string, NamedNode>()
  for (const node of inside) {
    if (node.kind === 'input' || (node.kind === 'definition' && !node.hidden)) byName.set(node.name, node)
  }
  const wrt = options.wrt === undefined
    ? variables
    : options.wrt.map((name) => byName.get(name) ?? declared(program, name)) // prettier-ignore
  if (wrt.length === 0) {
    throw new BackproveError('argument', `there is nothing to differentiate \`${of.name}\` by`, {
      hint: 'declare parameters, `W = param(n, m)`, or name what to differentiate by',
    })
  }
  const moving = movedBy(wrt, inside)
  const between = inside.filter(
    (node): node is DefinitionNode => node.kind === 'definition' && !node.hidden && node !== value && moving.has(node),
  )
  return { of, value, wrt, others, between }
}

/** Those of `nodes`, inputs before outputs, that depend on a source; sources included. */
function movedBy(sources: readonly Node[], nodes: readonly Node[]): Set<Node> {
  const moving = new Set<Node>(sources)
  for (const node of nodes) if (node.inputs.some((input) => moving.has(input))) moving.add(node)
  return moving
}

/** The scalars at the end, the one that is meant first. */
function lossesOf(program: Program, variables: readonly Node[]): [DefinitionNode, ...DefinitionNode[]] {
  const scalars = [...program.definitions.values()].filter((node) => isScalarLike(node.shape))
  const moving = movedBy(variables, reachable(scalars))
  const used = new Set<Node>()
  const isScalar = new Set<Node>(scalars)
  const candidates = scalars.filter((node) => moving.has(node))
  for (const scalar of candidates) {
    for (const node of reachable(scalar.inputs)) if (isScalar.has(node)) used.add(node)
  }
  const ends = candidates.filter((node) => !used.has(node))
  const found = ends.find((node) => node.name === 'J') ?? ends.find((node) => node.name === 'L') ?? ends.at(-1)
  if (found !== undefined) return [found, ...ends.filter((node) => node !== found)]
  throw new BackproveError('not-scalar', 'the sheet defines no scalar that depends on its parameters', {
    hint: 'define a loss, `L = sum((A - Y).^2)`, or name it with `--of`',
  })
}

function scalarNamed(program: Program, name: string): DefinitionNode {
  const node = program.definitions.get(name)
  if (node === undefined) throw unknownName(program, name)
  if (isScalarLike(node.shape)) return node
  throw new BackproveError('not-scalar', `\`${name}\` has the shape ${shapeText(node.shape)}: it is no scalar`, {
    hint: `a gradient is of a scalar, such as \`sum(${name})\``,
  })
}

function declared(program: Program, name: string): NamedNode {
  const node = program.inputs.find((input) => input.name === name) ?? program.definitions.get(name)
  if (node === undefined) throw unknownName(program, name)
  return node
}

function unknownName(program: Program, name: string): BackproveError {
  const names = [...program.inputs.map((input) => input.name), ...program.definitions.keys()]
  const meant = nearest(name, names)
  const hint = meant === null ? `the sheet names ${names.join(', ')}` : `did you mean \`${meant}\`?`
  return new BackproveError('unknown-name', `the sheet has no value \`${name}\``, { hint })
}
