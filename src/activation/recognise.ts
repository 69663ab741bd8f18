import { parseRational, toNumber } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import type { Builder } from '../graph/builder.ts'
import { reachable } from '../graph/walk.ts'
import { elaborate } from '../elaborate/elaborate.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import { toText } from '../print/text.ts'
import { judge } from '../prove/judge.ts'
import { parseSheet } from '../syntax/sheet.ts'
import { KNOWN } from './known.ts'
import type { KnownActivation } from './known.ts'
import { isPoint } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { replaced, settled } from './subject.ts'
import type { Subject } from './subject.ts'

export interface Recognition {
  readonly known: KnownActivation
  /** In the graph of the subject. */
  readonly root: Node
  /** The family's parameters as they stand in the expression. */
  readonly parameters: Readonly<Record<string, string>>
  /** Whether equality was proved; otherwise it was only tested. */
  readonly proved: boolean
  /** Whether it was proved only at the values that the parameters have. */
  readonly isAtValues: boolean
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

/** Where known activations have their kinks and transitions. */
const TURNS = [0, -1, 1, -3, 3, 6]
const DISTANCES = [-12, -10, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2].flatMap((k) => [10 ** k, 3 * 10 ** k])

/** Places that tell a function from a known one that it only resembles: around every kink on all scales. */
const CLOSE_PROBES = [
  ...TURNS.flatMap((at) => DISTANCES.flatMap((distance) => [at - distance, at, at + distance])),
  ...[-300, -200, -100, -50, -20, 3, 6, 12, 20].flatMap((k) => [-(10 ** k), 10 ** k]),
]

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

/**
 * The known activation that the subject is: numbers first, then a proof. `null` where none agrees. A proof speaks of places
 * that are no kinks: `seams` are the others, at which values must agree, or a continuous function agrees by itself.
 */
export function recognise(
  subject: Subject,
  { seams, isContinuous }: { readonly seams: readonly Interval[]; readonly isContinuous: boolean },
  prove: Prove = proveByJudge,
): Recognition | null {
  const points = seams.filter(isPoint).map(({ lo }) => lo)
  const isWhole = isContinuous || points.length === seams.length
  const given = new Map<Node, number>(subject.parameters.map(({ node, value }) => [node, toNumber(value)]))
  const at = (root: Node, z: number): number => valueOf(root, new Map(given).set(subject.z, z))
  const wanted = PROBES.map((z) => at(subject.root, z))
  if (!wanted.every(Number.isFinite)) return null
  let tested: Recognition | null = null
  for (const known of candidatesFor(subject)) {
    for (const parameters of assignments(known, subject)) {
      const root = build(known, parameters, subject)
      if (root === null || !PROBES.every((z, index) => near(at(root, z), wanted[index]!))) continue
      if (!points.every((z) => near(at(root, z), at(subject.root, z)))) continue
      const texts = Object.fromEntries([...parameters].map(([name, node]) => [name, toText(node)]))
      if (isWhole && isEqual(root, subject, prove)) {
        return { known, root, parameters: texts, proved: true, isAtValues: false }
      }
      if (isWhole && isEqualAtValues(root, subject, prove)) {
        return { known, root, parameters: texts, proved: true, isAtValues: true }
      }
      const resembles = CLOSE_PROBES.every((z) => {
        const [a, b] = [at(root, z), at(subject.root, z)]
        // A formula that overflows says nothing.
        return !Number.isFinite(a) || !Number.isFinite(b) || near(a, b)
      })
      if (resembles) tested ??= { known, root, parameters: texts, proved: false, isAtValues: false }
    }
  }
  return tested
}

const isEqual = (root: Node, subject: Subject, prove: Prove): boolean =>
  root === subject.root || prove(subject.builder, root, subject.root, subject)

const isEqualAtValues = (root: Node, subject: Subject, prove: Prove): boolean =>
  subject.parameters.length > 0 && isEqual(settled({ ...subject, root }).root, settled(subject), prove)

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
  const known = reachable([root]).filter((node) => node.kind === 'input')
  const replacements = known.flatMap((node): [Node, Node][] => {
    const given = node.name === 'z_' ? subject.z : parameters.get(node.name)
    return given === undefined ? [] : [[node, given]]
  })
  return replaced(subject.builder, root, new Map(replacements))
}
