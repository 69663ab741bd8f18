import { parseRational, toNumber } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import type { Builder } from '../graph/builder.ts'
import { reachable } from '../graph/walk.ts'
import { elaborate } from '../elaborate/elaborate.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import { toText } from '../print/text.ts'
import { judge } from '../prove/judge.ts'
import { parseSheet } from '../syntax/sheet.ts'
import { ALL, neg, point } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import type { Pieces } from './pieces.ts'
import { boundsOn } from './smooth/bounds.ts'
import { KNOWN } from './known.ts'
import type { KnownActivation } from './known.ts'
import type { Subject } from './subject.ts'

export interface Recognition {
  readonly known: KnownActivation
  /** The family's parameters as they stand in the expression. */
  readonly parameters: Readonly<Record<string, string>>
  /** Whether equality was proved; otherwise it was only tested. */
  readonly proved: boolean
}

/** Whether two scalar nodes of one graph are equal for all values of their inputs, by proof. */
export type Prove = (builder: Builder, a: Node, b: Node, subject: Subject) => boolean

/** Time for one question to the prover, in milliseconds. */
const PATIENCE = 150

export const proveByJudge: Prove = (builder, lhs, rhs, { z, parameters }) => {
  const inputs = [z, ...parameters.map((parameter) => parameter.node)]
  const problem = {
    lhs, rhs, lhsRaw: lhs, rhsRaw: rhs, inputs, sizes: [], assumptions: [], domain: [], roundedConstants: new Map<Node, string>(),
  } // prettier-ignore
  const options = { seed: 1, trials: 4, milliseconds: PATIENCE }
  const request = {
    builder,
    problem,
    shapesDiffer: null,
    warnings: [],
    describe: (node: Node) => toText(node),
    options,
  }
  return judge(request).verdict === 'proved'
}

/** Places that tell the known activations apart, on both sides of their kinks. */
const PROBES = [-7.3, -3.6, -2.1, -1.3, -0.6, -0.2, 0.3, 0.9, 1.7, 2.6, 3.4, 6.7]

/** The value of a scalar node by the plain kernels. */
export function valueOf(root: Node, given: ReadonlyMap<Node, number>): number {
  const values = new Map<Node, number>()
  for (const node of reachable([root])) values.set(node, step(node, values, given))
  return values.get(root)!
}

function step(node: Node, values: ReadonlyMap<Node, number>, given: ReadonlyMap<Node, number>): number {
  const known = given.get(node)
  if (known !== undefined) return known
  if (node.kind === 'constant') return toNumber(node.value)
  if (node.kind === 'symbol') return node.name === 'pi' ? Math.PI : Math.E
  if (node.kind === 'definition') return values.get(node.inputs[0]!)!
  const inputs = node.inputs.map((input) => values.get(input)!)
  if (node.kind === 'map') return ELEMENTWISE[node.fn].kernel(...inputs)
  return node.kind === 'contract' ? inputs.reduce((a, b) => a * b, 1) : NaN
}

/** The known activation that the subject is: numbers first, then a proof. `null` where none agrees. */
export function recognise(subject: Subject, prove: Prove = proveByJudge): Recognition | null {
  const given = new Map<Node, number>(subject.parameters.map(({ node, value }) => [node, toNumber(value)]))
  const wanted = PROBES.map((z) => valueOf(subject.root, new Map(given).set(subject.z, z)))
  let tested: Recognition | null = null
  for (const known of candidatesFor(subject)) {
    for (const parameters of assignments(known, subject)) {
      const root = build(known, parameters, subject)
      if (root === null) continue
      const agrees = PROBES.every(
        (z, at) => Number.isFinite(wanted[at]!) && near(valueOf(root, new Map(given).set(subject.z, z)), wanted[at]!),
      )
      if (!agrees) continue
      const texts = Object.fromEntries([...parameters].map(([name, node]) => [name, toText(node)]))
      if (root === subject.root || prove(subject.builder, root, subject.root, subject))
        return { known, parameters: texts, proved: true }
      tested ??= { known, parameters: texts, proved: false }
    }
  }
  return tested
}

const near = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 1e-12 * Math.max(1e-3, Math.abs(a), Math.abs(b))

function candidatesFor(subject: Subject): readonly KnownActivation[] {
  const asked = KNOWN.find((known) => known.name === subject.name)
  return asked === undefined ? KNOWN : [asked]
}

/** What the parameters of a known activation may be: those of the subject, constants in it, or the usual values. */
function* assignments(known: KnownActivation, subject: Subject): Generator<ReadonlyMap<string, Node>> {
  const [name, ...others] = Object.keys(known.parameters)
  if (name === undefined) {
    yield new Map()
    return
  }
  if (others.length > 0) return
  const own = subject.parameters.map((parameter): Node => parameter.node)
  const constants = reachable([subject.root]).filter((node) => node.kind === 'constant')
  const usual = subject.builder.constant(parseRational(known.parameters[name]!))
  for (const node of new Set<Node>([...own, ...constants, usual])) yield new Map([[name, node]])
}

const programs = new WeakMap<Builder, Map<string, Node | null>>()

function build(known: KnownActivation, parameters: ReadonlyMap<string, Node>, subject: Subject): Node | null {
  let built = programs.get(subject.builder)
  if (built === undefined) programs.set(subject.builder, (built = new Map<string, Node | null>()))
  const names = Object.keys(known.parameters)
  const statements = [
    'z_ = input()',
    ...names.map((name) => `${name} = input()`),
    `known_${known.name} = ${known.expression.replaceAll(/\bz\b/g, 'z_')}`,
  ]
  let root = built.get(known.name)
  if (root === undefined) {
    const program = elaborate(parseSheet(statements.join('\n')), subject.builder)
    root = program.definitions.get(`known_${known.name}`)?.inputs[0] ?? null
    built.set(known.name, root)
  }
  return root === null ? null : substituted(root, subject, parameters)
}

function substituted(root: Node, subject: Subject, parameters: ReadonlyMap<string, Node>): Node {
  const replaced = new Map<Node, Node>()
  for (const node of reachable([root])) {
    const given = node.kind !== 'input' ? undefined : node.name === 'z_' ? subject.z : parameters.get(node.name)
    const inputs = node.inputs.map((input) => replaced.get(input)!)
    const same = inputs.every((input, at) => input === node.inputs[at])
    replaced.set(node, given ?? (same ? node : subject.builder.rebuild(node, inputs)))
  }
  return replaced.get(root)!
}

/** The function with `z` replaced, as for `g(-z)`. */
export function withVariable(subject: Subject, replacement: Node): Node {
  const replaced = new Map<Node, Node>()
  for (const node of reachable([subject.root])) {
    const inputs = node.inputs.map((input) => replaced.get(input)!)
    const same = inputs.every((input, at) => input === node.inputs[at])
    replaced.set(node, node === subject.z ? replacement : same ? node : subject.builder.rebuild(node, inputs))
  }
  return replaced.get(subject.root)!
}

/** Whether bounds show that `g(-z)` is not `sign*g(z)` at some place, or that only one of them is defined. */
function differs({ pieces, complete, window }: Pieces, sign: 1 | -1): boolean {
  const on = (z: number): Interval | null => {
    const piece = pieces.find(({ from, to }) => from.hi < z && z < to.lo)
    if (piece !== undefined && complete) return boundsOn(piece.lean, point(z), 0)[0]!
    const isOutside =
      complete && z > window.lo && z < window.hi && pieces.every(({ from, to }) => z < from.lo || z > to.hi)
    return isOutside ? null : ALL
  }
  return [...PROBES, 20, 300].some((z) => {
    const [a, b] = [on(z), on(-z)]
    if (a === null || b === null) return (a ?? b ?? ALL) !== ALL
    const mirrored = sign === 1 ? b : neg(b)
    return a.hi < mirrored.lo || mirrored.hi < a.lo
  })
}

export type Symmetry = 'odd' | 'even' | 'none'

/** Whether `g(-z)` is `-g(z)` or `g(z)`: numbers first, then a proof. */
export function symmetryOf(
  subject: Subject,
  pieces: Pieces,
  prove: Prove = proveByJudge,
): { readonly symmetry: Symmetry; readonly proved: boolean } {
  const given = new Map<Node, number>(subject.parameters.map(({ node, value }) => [node, toNumber(value)]))
  const value = (z: number): number => valueOf(subject.root, new Map(given).set(subject.z, z))
  const pairs = PROBES.map((z) => [value(z), value(-z)] as const).filter(
    ([a, b]) => !Number.isNaN(a) || !Number.isNaN(b),
  )
  const holds = (sign: 1 | -1): boolean => pairs.length > 0 && pairs.every(([a, b]) => near(a, sign * b))
  const symmetry: Symmetry = holds(1) ? 'even' : holds(-1) ? 'odd' : 'none'
  if (symmetry === 'none') return { symmetry, proved: differs(pieces, 1) && differs(pieces, -1) }
  const { builder, z, root } = subject
  const mirrored = withVariable(subject, builder.call('neg', z))
  return { symmetry, proved: prove(builder, mirrored, symmetry === 'even' ? root : builder.call('neg', root), subject) }
}
