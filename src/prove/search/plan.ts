import type { InputNode, MapNode, Node } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { reachable, unname } from '../../graph/walk.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import { sizeNames } from '../../shape/size.ts'
import { declaredTraits } from '../assumptions.ts'
import { neededNodes } from '../needed.ts'
import { leastWhole } from '../whole.ts'
import type { Problem } from './problem.ts'
import { rulesOf } from './relation.ts'
import type { Rule } from './relation.ts'
import { SizeChooser } from './sizes.ts'
import type { Lengths } from './sizes.ts'
import { workOf } from './work.ts'

/** A problem prepared for many trials. */
export interface Plan {
  readonly problem: Problem
  /** Inputs that the sides depend on, or that an assumption ties to one of those. */
  readonly inputs: readonly InputNode[]
  /** Assumptions on values. */
  readonly assumptions: readonly Assumption[]
  readonly rules: readonly Rule[]
  readonly chooser: SizeChooser
  /** Everything that is computed at a point: sides, domain, assumptions. */
  readonly roots: readonly Node[]
  /** Operations that have kinks or jumps. */
  readonly switches: readonly Node[]
  /** Numbers that are asked whether they are zero, as `x` in `x ? a : b`, other than truth values. */
  readonly conditions: readonly Node[]
  /** Nodes of which an argument moves when data moves a little: a comparison of labels, sizes or truth values does not. */
  readonly moving: ReadonlySet<Node>
  /** Quotients and inverses without which a side is not defined. */
  readonly fragile: readonly Node[]
  /** Powers whose exponent varies and need not be whole: they have a value for positive bases only. */
  readonly powers: readonly MapNode[]
  /** Whether points obey assumed equalities, which they do to rounding only. */
  readonly rests: boolean
  /** About how many scalar operations a trial takes. */
  readonly work: (sizes: Lengths) => number
}

/** Their values are the same at all nearby points. */
const LOCALLY_CONSTANT: ReadonlySet<string> = new Set(['gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'step', 'sign'])

const LOGIC: ReadonlySet<string> = new Set(['and', 'or', 'not'])

const isLabel = (node: Node): boolean => node.kind === 'input' && (node.role === 'label' || node.role === 'onehot')

const isFragile = (node: Node): boolean =>
  (node.kind === 'map' && node.fn === 'div') || (node.kind === 'matrix' && node.fn !== 'det')

function conditionsOf(node: Node): readonly Node[] {
  if (node.kind !== 'map') return []
  const asked = node.fn === 'where' ? node.inputs.slice(0, 1) : LOGIC.has(node.fn) ? node.inputs : []
  return asked.filter((input) => {
    const inner = unname(input)
    return inner.kind !== 'map' || !LOCALLY_CONSTANT.has(inner.fn)
  })
}

function hasSwitch(node: Node): boolean {
  return node.kind === 'map'
    ? ELEMENTWISE[node.fn].switches !== undefined
    : node.kind === 'reduce' && node.fn !== 'prod'
}

export function planOf(problem: Problem): Plan {
  const sides = [problem.lhs, problem.rhs, ...problem.domain]
  // Forward mode takes the derivatives of the claim as written, in which more may occur than is left in them.
  const written = [...sides, problem.lhsRaw, problem.rhsRaw]
  const inputs = new Set(reachable(written).filter((node) => node.kind === 'input'))
  const aboutValues = problem.assumptions.filter((assumption) => !assumption.aboutSizes)
  const tied = new Set<Assumption>()
  // An assumption that shares no input with the sides restricts nothing that they depend on, unless through others.
  for (let grown = true; grown;) {
    grown = false
    for (const assumption of aboutValues) {
      if (tied.has(assumption)) continue
      const own = reachable([assumption.lhs, assumption.rhs]).filter((node) => node.kind === 'input')
      if (own.length > 0 && !own.some((input) => inputs.has(input))) continue
      tied.add(assumption)
      for (const input of own) inputs.add(input)
      grown = true
    }
  }
  const assumptions = aboutValues.filter((assumption) => tied.has(assumption))
  const roots = [...sides, ...assumptions.flatMap(({ lhs, rhs }) => [lhs, rhs])]
  const nodes = reachable(roots)
  const moving = new Set<Node>()
  const reached = new Set<Node>()
  for (const node of nodes) {
    if (node.kind === 'input' ? !isLabel(node) : node.inputs.some((input) => moving.has(input))) reached.add(node)
    if (reached.has(node) && !(node.kind === 'map' && LOCALLY_CONSTANT.has(node.fn))) moving.add(node)
  }
  const used = new Set(reachable([...roots, ...written]).flatMap(sizesIn))
  const names = problem.sizes.filter((name) => used.has(name) || problem.assumptions.some((a) => speaksOf(a, name)))
  return {
    problem,
    inputs: problem.inputs.filter((input) => inputs.has(input)),
    assumptions,
    rules: assumptions.flatMap(rulesOf),
    chooser: new SizeChooser(names, problem.assumptions),
    roots,
    switches: reachable(sides).filter(hasSwitch),
    conditions: reachable(sides).flatMap(conditionsOf),
    moving: reached,
    fragile: [...neededNodes([problem.lhs, problem.rhs])].filter(isFragile),
    powers: generalPowers(sides, problem),
    rests: assumptions.some(({ relation }) => relation === 'equal'),
    work: memoised(names, (sizes) => workOf([...roots, ...problem.inputs.filter((input) => inputs.has(input))], sizes)),
  }
}

function generalPowers(sides: readonly Node[], { inputs, assumptions }: Problem): MapNode[] {
  const powers = reachable(sides).filter((node) => node.kind === 'map' && node.fn === 'pow') as MapNode[]
  const varying = powers.filter(({ inputs: [, exponent] }) => unname(exponent as Node).kind !== 'constant')
  if (varying.length === 0) return []
  const { traits } = declaredTraits(inputs, assumptions)
  return varying.filter(({ inputs: [, exponent] }) => leastWhole(exponent as Node, traits) === null)
}

/** A function of sizes, computed once for each. */
function memoised(names: readonly string[], fn: (sizes: Lengths) => number): (sizes: Lengths) => number {
  const known = new Map<string, number>()
  return (sizes) => {
    const key = names.map((name) => sizes.get(name)).join(' ')
    const value = known.get(key) ?? fn(sizes)
    known.set(key, value)
    return value
  }
}

function sizesIn(node: Node): string[] {
  const sizes = node.kind === 'contract' ? node.spec.sizes : node.kind === 'size' ? [node.size] : node.shape
  return sizes.flatMap(sizeNames)
}

const speaksOf = (assumption: Assumption, name: string): boolean =>
  assumption.aboutSizes && reachable([assumption.lhs, assumption.rhs]).some((node) => sizesIn(node).includes(name))
