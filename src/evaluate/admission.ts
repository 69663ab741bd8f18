import { toNumber } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'
import type { Calculus, Condition } from '../ops/calculus.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { BOUNDED, mapBalls } from './bound.ts'
import type { Ball, Bounded } from './bound.ts'
import { evaluateAll } from './evaluate.ts'
import type { Bindings } from './evaluate.ts'
import { broadcastPositions } from './kernels/broadcast.ts'
import { forEachGroup } from './kernels/reduce.ts'
import { neededEntries } from './needed.ts'
import { UNIT_ROUNDOFF } from './roundoff.ts'
import { saturatedNodes } from './saturation.ts'

/**
 * Why a point is no evidence: a value is no finite number; a condition of an operation does not hold, or not by enough;
 * a comparison is too close to its tie to be decided; a matrix is too close to a singular one.
 */
export interface Obstacle {
  readonly kind: 'not-finite' | 'domain' | 'near-tie' | 'ill-conditioned'
  readonly node: Node
  /** Row-major, in the node's shape. */
  readonly entry: number
}

/** A comparison, a kink or a maximum that ties exactly. */
export interface Tie {
  readonly node: Node
  readonly entries: readonly number[]
}

export interface Admission {
  /** The values of the roots with their error bounds. */
  readonly results: Bounded[]
  /** Empty where the point is admissible. At most one for each node. */
  readonly obstacles: readonly Obstacle[]
  readonly ties: readonly Tie[]
}

/** A quantity is away from zero when it exceeds so many times its error bound. */
const COMFORT = 2 ** 20

const BALLS: Calculus<Ball> = {
  constant: (value) => ({ value: toNumber(value), bound: UNIT_ROUNDOFF * Math.abs(toNumber(value)) }),
  pi: () => ({ value: Math.PI, bound: UNIT_ROUNDOFF * Math.PI }),
  call: (fn, ...args) => mapBalls(fn, args),
}

const isAway = ({ value, bound }: Ball): boolean => Math.abs(value) > COMFORT * bound

function holds({ relation, of }: Condition<Ball>): boolean {
  if (!isAway(of)) return false
  return relation === 'nonzero' || of.value > 0
}

type Verdict = Obstacle['kind'] | 'tie' | null

/** The conditions of `x^p`: for a whole power that does not vary, only that zero has no negative one. */
function admitsPower([base, exponent]: readonly Ball[], varies: boolean): boolean {
  if (varies || !Number.isInteger(exponent!.value)) return holds({ relation: 'positive', of: base! })
  return exponent!.value >= 0 || holds({ relation: 'nonzero', of: base! })
}

function judgeMap(node: Node & { kind: 'map' }, args: readonly Ball[], varies: boolean, saturated: boolean): Verdict {
  const { domain, smooth, switches } = ELEMENTWISE[node.fn]
  if (node.fn === 'pow') return admitsPower(args, varies) ? null : 'domain'
  const conditions = [...(domain?.(BALLS, args) ?? []), ...(smooth?.(BALLS, args) ?? [])]
  if (!conditions.every(holds)) return 'domain'
  const gaps = switches?.(BALLS, args) ?? []
  if (gaps.some((gap) => gap.value !== 0 && !isAway(gap))) return 'near-tie'
  if (!gaps.some((gap) => gap.value === 0)) return null
  return saturated ? 'near-tie' : 'tie'
}

/** Operations that give 0 or 1: whether these are right is told where they compare. */
const TRUTHS: ReadonlySet<ElementwiseName> = new Set(['gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'step'])
const LOGICAL: ReadonlySet<ElementwiseName> = new Set(['and', 'or', 'not'])

function isTruth(node: Node): boolean {
  const inner = unname(node)
  return inner.kind === 'map' && TRUTHS.has(inner.fn)
}

/** Whether an operand counts as true or false. */
const isAsked = (node: Node & { kind: 'map' }, slot: number): boolean =>
  node.fn === 'where' ? slot === 0 : LOGICAL.has(node.fn)

/** Judges the nodes of one evaluation, entry by entry. */
class Judge {
  readonly obstacles: Obstacle[] = []
  readonly ties: Tie[] = []
  readonly #values: ReadonlyMap<Node, Bounded>
  readonly #given: (node: Node) => boolean
  readonly #saturated: ReadonlySet<Node>
  /** Nodes that no input enters. */
  readonly #fixed = new Set<Node>()

  constructor(values: ReadonlyMap<Node, Bounded>, given: (node: Node) => boolean) {
    this.#values = values
    this.#given = given
    this.#saturated = saturatedNodes(values)
    for (const node of values.keys()) {
      if (!given(node) && node.inputs.every((input) => this.#fixed.has(input))) this.#fixed.add(node)
    }
  }

  judge(node: Node, mask: Uint8Array): void {
    const { value, bound } = this.#values.get(node)!
    const broken = value.data.findIndex((x, entry) => mask[entry] === 1 && !Number.isFinite(x + bound.data[entry]!))
    if (broken >= 0) this.#report(node, broken, 'not-finite')
    else if (this.#given(node)) return
    else if (node.kind === 'map') this.#entries(node, mask)
    else if (node.kind === 'reduce' && node.fn !== 'prod') this.#extremes(node, mask)
    else if (node.kind === 'matrix' && !this.#isWellConditioned(node)) this.#report(node, 0, 'ill-conditioned')
  }

  #report(node: Node, entry: number, kind: Obstacle['kind']): void {
    this.obstacles.push({ kind, node, entry })
  }

  #entries(node: Node & { kind: 'map' }, mask: Uint8Array): void {
    const { value } = this.#values.get(node)!
    const sources = node.inputs.map((input) => this.#values.get(input)!)
    const positions = sources.map((source) => broadcastPositions(source.value.shape, value.shape))
    const varies = node.fn === 'pow' && !this.#fixed.has(node.inputs[1]!)
    const saturated = node.inputs.some((input) => this.#saturated.has(input))
    // Where a value counts as true or false, a zero that only rounding made is no false.
    const conditions = node.inputs.map((input, slot) => isAsked(node, slot) && !isTruth(input) && this.#saturated.has(input)) // prettier-ignore
    const tied: number[] = []
    for (let entry = 0; entry < mask.length; entry++) {
      if (mask[entry] === 0) continue
      const isLost = conditions.some((is, slot) => is && sources[slot]!.value.data[positions[slot]![entry]!] === 0)
      if (isLost) {
        this.#report(node, entry, 'near-tie')
        return
      }
      const args = sources.map((source, slot): Ball => {
        const at = positions[slot]![entry]!
        return { value: source.value.data[at]!, bound: source.bound.data[at]! }
      })
      const verdict = judgeMap(node, args, varies, saturated)
      if (verdict === 'tie') tied.push(entry)
      else if (verdict !== null) {
        this.#report(node, entry, verdict)
        return
      }
    }
    if (tied.length > 0) this.ties.push({ node, entries: tied })
  }

  /** A maximum ties with itself; another entry must be equal or clearly less. */
  #extremes(node: Node & { kind: 'reduce' }, mask: Uint8Array): void {
    const { value } = this.#values.get(node)!
    const source = this.#values.get(node.inputs[0]!)!
    const tied: number[] = []
    let near = -1
    forEachGroup(source.value.shape, node.axes, (positions, group) => {
      if (mask[group] === 0) return
      const gaps = Array.from(positions, (i) => Math.abs(source.value.data[i]! - value.data[group]!))
      const worst = positions.reduce((most, i) => Math.max(most, source.bound.data[i]!), 0)
      if (gaps.some((gap) => gap !== 0 && gap <= 2 * COMFORT * worst)) near = group
      if (gaps.filter((gap) => gap === 0).length > 1) tied.push(group)
    })
    if (near >= 0) this.#report(node, near, 'near-tie')
    else if (tied.length > 0) this.ties.push({ node, entries: tied })
  }

  #isWellConditioned(node: Node & { kind: 'matrix' }): boolean {
    if (node.fn === 'det') return true
    const { value, bound } = BOUNDED.matrix('inv', this.#values.get(node.inputs[0]!)!)
    const largest = value.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    return bound.data.every((x) => COMFORT * x < largest)
  }
}

/**
 * Evaluates at a point and says whether it is evidence. Only what the results need is judged, entry by entry: a branch
 * of `where` that is not taken imposes nothing. Exact ties are reported apart, since only the reader of the claim knows
 * whether nearby points break them. Throws as `evaluate` does.
 */
export function admit(roots: readonly Node[], bindings: Bindings): Admission {
  const values = evaluateAll(BOUNDED, roots, bindings)
  const given = (node: Node): boolean => bindings.inputs.has(node)
  const judge = new Judge(values, given)
  for (const [node, mask] of neededEntries(roots, values, bindings)) judge.judge(node, mask)
  return { results: roots.map((root) => values.get(root)!), obstacles: judge.obstacles, ties: judge.ties }
}
