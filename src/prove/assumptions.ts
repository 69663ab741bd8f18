import { isOne, MINUS_ONE, sign } from '../base/rational.ts'
import { dependents, reachable, unname } from '../graph/walk.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import { addPolys, NO_TRAITS, polyFree, scalePoly } from '../index/algebra.ts'
import type { Inequality } from '../index/feasible.ts'
import type { Kernel, SumLaw } from '../index/kernel.ts'
import { lawFromEquality } from '../index/laws.ts'
import type { Index, Poly, Traits } from '../index/term.ts'
import { broadcastShapes } from '../shape/shape.ts'
import { literalValue, ONE_SIZE } from '../shape/size.ts'
import { inversePairs, turnedLaws } from './inverse-pairs.ts'
import type { View } from './matrix-entry.ts'
import { Translator } from './translate.ts'

/** What the declared assumptions tell the prover; what none of these forms covers is not used. */
export interface Declared {
  readonly traits: ReadonlyMap<Node, Traits>
  readonly solved: ReadonlyMap<Node, Node>
  /** Assumptions that became laws, signs or definitions, as written. */
  readonly used: readonly string[]
  /** Nodes of which every entry is defined where a claim says something. */
  readonly needed: ReadonlySet<Node>
}

/** Signs and symmetries of inputs, and inputs that an equality defines. */
export function declaredTraits(inputs: readonly InputNode[], assumptions: readonly Assumption[]): Declared {
  const traits = new Map<Node, Traits>()
  const solved = new Map<Node, Node>()
  const used: string[] = []
  for (const input of inputs) traits.set(input, roleTraits(input))
  for (const assumption of assumptions) {
    if (assumption.aboutSizes) continue
    if (applyTrait(assumption, traits) || solve(assumption, inputs, solved, traits)) used.push(assumption.text)
    if (assumption.relation === 'equal') restrict(assumption, traits)
  }
  return { traits, solved, used, needed: new Set() }
}

/**
 * What an equality mentions is no longer independent. One that is not linear may leave its data a set on which nothing
 * moves (`t^2 == 1`, `A'*A == eye(n)`), where nearby points do not break a tie: nothing analytic is known of that data.
 */
function restrict(assumption: Assumption, traits: Map<Node, Traits>): void {
  const linear = isLinear(assumption)
  for (const node of reachable([assumption.lhs, assumption.rhs])) {
    const known = node.kind === 'input' ? traits.get(node) : undefined
    if (known !== undefined) traits.set(node, { ...known, independent: false, analytic: known.analytic && linear })
  }
}

const LINEAR: ReadonlySet<string> = new Set(['add', 'sub', 'neg'])

/** Whether both sides are linear in all data together. */
function isLinear({ lhs, rhs }: Assumption): boolean {
  const varies = new Set<Node>()
  for (const node of reachable([lhs, rhs])) {
    const moving = node.inputs.filter((input) => varies.has(input))
    if (node.kind !== 'input' && moving.length === 0) continue
    varies.add(node)
    switch (node.kind) {
      case 'input':
      case 'definition':
      case 'reshape':
        break
      case 'contract':
        if (moving.length > 1) return false
        break
      case 'map': {
        const scaled = moving.length === 1 && (node.fn === 'mul' || (node.fn === 'div' && moving[0] === node.inputs[0]))
        if (!LINEAR.has(node.fn) && !scaled) return false
        break
      }
      default:
        return false
    }
  }
  return true
}

function roleTraits(input: InputNode): Traits {
  switch (input.role) {
    case 'label':
      return { ...NO_TRAITS, nonnegative: true, binary: true }
    case 'onehot':
      return { ...NO_TRAITS, nonnegative: true, binary: true, onehot: 0 }
    default:
      return { ...NO_TRAITS, analytic: true, independent: true }
  }
}

function applyTrait(assumption: Assumption, traits: Map<Node, Traits>): boolean {
  const [lhs, rhs] = [unname(assumption.lhs), unname(assumption.rhs)]
  if (assumption.relation === 'greater' || assumption.relation === 'at-least')
    return applySign(assumption, lhs, rhs, traits)
  return (
    assumption.relation === 'equal' &&
    (applySymmetry(lhs, rhs, traits) || applySquare(lhs, rhs, traits) || applySquare(rhs, lhs, traits))
  )
}

function applySign({ relation }: Assumption, lhs: Node, rhs: Node, traits: Map<Node, Traits>): boolean {
  const known = traits.get(lhs)
  if (known === undefined || rhs.kind !== 'constant') return false
  if (sign(rhs.value) < 0) return false
  const positive = relation === 'greater' || sign(rhs.value) > 0
  traits.set(lhs, { ...known, nonnegative: true, positive: known.positive || positive })
  return true
}

function applySymmetry(lhs: Node, rhs: Node, traits: Map<Node, Traits>): boolean {
  for (const [a, b] of [
    [lhs, rhs],
    [rhs, lhs],
  ] as const) {
    // prettier-ignore
    const known = traits.get(a)
    if (known === undefined || b.kind !== 'contract' || b.inputs.length !== 1 || b.inputs[0] !== a) continue
    const [labels] = b.spec.operands
    const { output } = b.spec
    const rank = output.length
    if (rank !== 2 || labels?.[0] !== output[1] || labels?.[1] !== output[0]) continue
    traits.set(a, { ...known, symmetric: true })
    return true
  }
  return false
}

function applySquare(lhs: Node, rhs: Node, traits: Map<Node, Traits>): boolean {
  if (lhs.kind !== 'map' || rhs.kind !== 'constant' || sign(rhs.value) <= 0) return false
  const [base, exponent] = lhs.inputs.map(unname) as [Node, Node | undefined]
  const squared =
    (lhs.fn === 'pow' && exponent?.kind === 'constant' && exponent.value.n === 2n && exponent.value.d === 1n) ||
    (lhs.fn === 'mul' && base === exponent)
  const known = traits.get(base)
  if (!squared || known === undefined) return false
  traits.set(base, { ...known, square: rhs.value })
  return true
}

/** `x == expression` where the expression does not contain `x`. */
function solve(
  assumption: Assumption,
  inputs: readonly InputNode[],
  solved: Map<Node, Node>,
  traits: Map<Node, Traits>,
): boolean {
  if (assumption.relation !== 'equal') return false
  for (const [side, other] of [
    [assumption.lhs, assumption.rhs],
    [assumption.rhs, assumption.lhs],
  ] as const) {
    // prettier-ignore
    const input = unname(side)
    if (input.kind !== 'input' || solved.has(input) || input.role !== 'input') continue
    if (dependents([other], input).size > 0 || other.shape.length > input.shape.length) continue
    // Chains of definitions by assumption could be circular; one step is enough for what people write.
    if ([...solved.keys()].some((known) => dependents([other], known).size > 0)) continue
    if (
      inputs.some(
        (candidate) => candidate !== input && candidate.role !== 'input' && dependents([other], candidate).size > 0,
      )
    )
      continue
    solved.set(input, other)
    traits.set(input, { ...NO_TRAITS })
    return true
  }
  return false
}

/** Laws and inequalities of the assumptions, read in the kernel that will use them. */
export function declaredLaws(
  k: Kernel,
  laws: SumLaw[],
  assumptions: readonly Assumption[],
  declared: Declared,
  inputs: readonly InputNode[],
): { facts: Inequality[]; used: string[] } {
  const reading = {
    opaque: new Set<Node>(),
    merged: new Map(),
    traits: declared.traits,
    solved: new Map<Node, Node>(),
    needed: new Set<Node>(),
    inverses: new Map<Node, View>(),
    open: false,
  }
  const translator = new Translator(k, reading)
  const facts: Inequality[] = []
  const used: string[] = []
  for (const input of inputs) if (input.role === 'onehot') laws.push(...columnLaw(k, translator, input))
  laws.push(...turnedLaws(k, inversePairs(assumptions), (node, at) => translator.entry(node, at)))
  for (const assumption of assumptions) {
    if (assumption.relation === 'not-equal' || declared.used.includes(assumption.text)) continue
    const { difference, universal } = read(k, translator, assumption)
    if (assumption.relation !== 'equal') {
      if (polyFree(difference).size === 0) {
        facts.push({ of: difference, strict: assumption.relation === 'greater' })
        used.push(assumption.text)
      }
      continue
    }
    const law = lawFromEquality(k, assumption.text, difference, universal)
    if (law !== null) {
      laws.push(law)
      used.push(assumption.text)
    }
  }
  return { facts, used }
}

function columnLaw(k: Kernel, translator: Translator, input: InputNode): SumLaw[] {
  const at = input.shape.map((size) => (size === ONE_SIZE ? 0 : k.algebra.fresh()))
  const [summed] = at
  const [size] = input.shape
  if (summed === undefined || size === undefined || summed === 0) return []
  return [
    {
      name: `${input.name} is one-hot`,
      bound: [{ index: summed, size }],
      universal: at.slice(1).filter((index) => index !== 0),
      pattern: translator.entry(input, at),
      result: k.power(translator.entry(input, at), 0),
    },
  ]
}

function read(k: Kernel, translator: Translator, { lhs, rhs }: Assumption): { difference: Poly; universal: Index[] } {
  const shape = broadcastShapes([lhs.shape, rhs.shape]) ?? []
  const at = shape.map((size) => (size === ONE_SIZE ? 0 : k.algebra.fresh()))
  const place = (node: Node): Index[] => {
    const offset = at.length - node.shape.length
    return node.shape.map((size, axis) => (size === ONE_SIZE ? 0 : (at[axis + offset] as Index)))
  }
  const difference = addPolys(
    k.algebra,
    translator.entry(lhs, place(lhs)),
    scalePoly(translator.entry(rhs, place(rhs)), MINUS_ONE),
  )
  return { difference, universal: at.filter((index) => index !== 0) }
}

/** Labels whose rows or columns are declared to sum to one are one-hot along that axis, being 0 or 1. */
export function withOneHot(declared: Declared, assumptions: readonly Assumption[]): Declared {
  const traits = new Map(declared.traits)
  for (const { relation, lhs, rhs } of assumptions) {
    if (relation !== 'equal') continue
    for (const [sum, one] of [
      [unname(lhs), unname(rhs)],
      [unname(rhs), unname(lhs)],
    ] as const) {
      // prettier-ignore
      const [labels] = sum.kind === 'contract' && sum.inputs.length === 1 ? sum.spec.operands : []
      if (labels === undefined || sum.kind !== 'contract' || one.kind !== 'constant' || !isOne(one.value)) continue
      const array = unname(sum.inputs[0] as Node)
      const known = traits.get(array)
      if (known?.binary !== true) continue
      const summed = labels.flatMap((label, axis) =>
        sum.spec.output.includes(label) || literalValue(array.shape[axis] ?? ONE_SIZE) === 1 ? [] : [axis],
      )
      if (summed.length === 1) traits.set(array, { ...known, onehot: summed[0] as number })
    }
  }
  return { ...declared, traits }
}
