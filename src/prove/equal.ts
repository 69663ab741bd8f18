import { BackproveError } from '../base/errors.ts'
import { MINUS_ONE } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import type { InputNode } from '../graph/node.ts'
import { addPolys, scalePoly } from '../index/algebra.ts'
import type { Budget } from '../index/algebra.ts'
import type { Inequality } from '../index/feasible.ts'
import type { Kernel, SumLaw } from '../index/kernel.ts'
import { createKernel } from '../index/normal-form.ts'
import type { Index, Poly, Traits } from '../index/term.ts'
import { sizePoly } from '../index/sum.ts'
import { isZeroPoly } from '../index/zero.ts'
import { namedSize, ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { reachable } from '../graph/walk.ts'
import { declaredLaws } from './assumptions.ts'
import type { Declared } from './assumptions.ts'
import { declaredInverses, inversePairs } from './inverse-pairs.ts'
import { nodeTraits } from './node-traits.ts'
import { Translator } from './translate.ts'

/** A step of a proof: the rule, where it was applied, what it rests on. */
export interface Step {
  readonly rule: string
  readonly place: string
  readonly conditions: readonly string[]
}

/** A factor made of sizes: a rational times powers of size names. */
export interface Scale {
  readonly n: bigint
  readonly d: bigint
  readonly powers: ReadonlyMap<string, number>
}

/** A node known to be another one times a factor. */
export interface Merge {
  readonly node: Node
  readonly scale: Scale | null
}

export interface EqualityRequest {
  readonly lhs: Node
  readonly rhs: Node
  /** `lhs` is to be shown equal to `rhs` times this. */
  readonly scale: Scale | null
  readonly opaque: ReadonlySet<Node>
  readonly merged: ReadonlyMap<Node, Merge>
  readonly open: boolean
  readonly generic: boolean
  readonly inputs: readonly InputNode[]
  readonly assumptions: readonly Assumption[]
  readonly declared: Declared
  readonly budget: Budget
}

export type EqualityResult =
  | {
      readonly equal: true
      readonly steps: readonly Step[]
      readonly assumptions: readonly string[]
      /** The merges that were followed. */
      readonly uses: ReadonlyMap<Node, Merge>
    }
  /** `spent` where it was the budget that ended it. */
  | { readonly equal: false; readonly reason: string; readonly spent: boolean }

/** Both sides in normal form. */
export interface ReadPair {
  readonly k: Kernel
  readonly translator: Translator
  readonly lhs: Poly
  /** Times the scale. */
  readonly rhs: Poly
  /** The free index along each axis, 0 along those of length 1. */
  readonly at: readonly Index[]
  readonly facts: readonly Inequality[]
  readonly assumptions: readonly string[]
}

/** The traits of all nodes that may be read, those that merged nodes and defined inputs are read as included. */
function traitsFor({ lhs, rhs, merged, declared }: EqualityRequest): ReadonlyMap<Node, Traits> {
  const traits = nodeTraits([lhs, rhs], declared.traits)
  const readAs = [...[...merged.values()].map(({ node }) => node), ...declared.solved.values()]
  const others = readAs.filter((node) => !traits.has(node))
  return others.length === 0 ? traits : nodeTraits([lhs, rhs, ...others], declared.traits)
}

/** What is declared, but of data from which a closed node is made: that node varies with it. */
function declaredBeside(closed: ReadonlySet<Node>, declared: Declared): Declared {
  const traits = new Map(declared.traits)
  for (const node of reachable([...closed].filter(({ kind }) => kind !== 'input'))) {
    const known = node.kind === 'input' ? traits.get(node) : undefined
    if (known?.independent === true) traits.set(node, { ...known, independent: false })
  }
  return { ...declared, traits }
}

/** The normal forms of both sides' entries at one free index for each axis. Throws `budget`. */
export function readPair(asked: EqualityRequest, note?: Kernel['note']): ReadPair {
  const request = { ...asked, declared: declaredBeside(asked.opaque, asked.declared) }
  const laws: SumLaw[] = []
  const k = createKernel(request.budget, laws, request.generic, note)
  const { facts, used } = declaredLaws(k, laws, request.assumptions, request.declared, request.inputs)
  const scaleOf = (scale: Scale): Poly => {
    let poly: Poly = new Map([['', { coefficient: { n: scale.n, d: scale.d }, monomial: k.algebra.one }]])
    for (const [name, exponent] of scale.powers)
      poly = k.multiply(poly, k.power(sizePoly(k.algebra, namedSize(name)), exponent))
    return poly
  }
  const merged = new Map([...request.merged].map(([node, merge]) => [node, { node: merge.node, scale: merge.scale === null ? null : scaleOf(merge.scale) }] as const)) // prettier-ignore
  const translator = new Translator(k, {
    opaque: request.opaque,
    merged,
    traits: traitsFor(request),
    solved: request.declared.solved,
    needed: request.declared.needed,
    inverses: declaredInverses(inversePairs(request.assumptions)),
    open: request.open,
  })
  const { place, at } = places(request.lhs, request.rhs, () => k.algebra.fresh())
  const lhs = translator.entry(request.lhs, place(request.lhs))
  const rhs = translator.entry(request.rhs, place(request.rhs))
  const scaled = request.scale === null ? rhs : k.multiply(scaleOf(request.scale), rhs)
  return { k, translator, lhs, rhs: scaled, at, facts, assumptions: [...request.declared.used, ...used] }
}

/**
 * Whether two nodes are equal for all sizes and values, by the normal form of their entries at one free index for each
 * axis. `false` means not shown, with the reason.
 */
export function isEqual(request: EqualityRequest): EqualityResult {
  const steps: Step[] = []
  const laws = new Map<string, number>()
  try {
    const pair = readPair(request, (law) => void laws.set(law, (laws.get(law) ?? 0) + 1))
    const { k, translator, lhs, rhs, at, facts, assumptions } = pair
    const difference = translator.refuseJoined(addPolys(k.algebra, lhs, scalePoly(rhs, MINUS_ONE)))
    const free = at.filter((index) => index !== 0).length
    steps.push({ rule: 'normal-form', place: `entries at ${free} free indices`, conditions: [] })
    for (const [rule, times] of laws)
      steps.push({ rule, place: times === 1 ? 'once' : `${times} times`, conditions: [] })
    const note = (rule: string, place: string): void => {
      steps.push({ rule, place, conditions: [] })
    }
    if (!isZeroPoly(k, difference, { generic: request.generic, facts, note }))
      return { equal: false, reason: 'the difference of the two sides could not be shown to vanish', spent: false }
    const uses = new Map([...translator.followed].map((node) => [node, request.merged.get(node) as Merge]))
    return { equal: true, steps, assumptions, uses }
  } catch (error) {
    if (error instanceof BackproveError && error.code === 'budget')
      return { equal: false, reason: error.message, spent: true }
    if (error instanceof RangeError)
      return { equal: false, reason: 'the expression is too deep to be read at once', spent: true }
    throw error
  }
}

/** One free variable for each axis, the last axes of both sides together. */
function places(lhs: Node, rhs: Node, fresh: () => Index): { place: (node: Node) => Index[]; at: Index[] } {
  const long = lhs.shape.length >= rhs.shape.length ? lhs : rhs
  const at = long.shape.map((size: Size) => (size === ONE_SIZE ? 0 : fresh()))
  const place = (node: Node): Index[] =>
    node.shape.map((size, axis) => (size === ONE_SIZE ? 0 : (at[axis + at.length - node.shape.length] as Index)))
  return { place, at }
}
