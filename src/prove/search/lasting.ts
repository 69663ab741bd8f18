import { Random } from '../../base/random.ts'
import { compare, exponentOf, isZero, ZERO } from '../../evaluate/bigfloat.ts'
import { Functions } from '../../evaluate/bigfloat-functions.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import { broadcastLengths, broadcastPositions } from '../../evaluate/kernels/broadcast.ts'
import { forEachGroup } from '../../evaluate/kernels/reduce.ts'
import { applyPrecisely, evaluatePrecisely } from '../../evaluate/precise.ts'
import type { Precise, PreciseArray } from '../../evaluate/precise.ts'
import { entriesOf, filled } from '../../evaluate/tensor.ts'
import type { Node, ReduceNode } from '../../graph/node.ts'
import type { Calculus } from '../../ops/calculus.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { Point } from './draw.ts'
import type { Plan } from './plan.ts'
import { nudged, switchValues } from './switches.ts'
import type { Tie } from './switches.ts'

const ROUNDS = 2
/** Last bits that rounding may have changed. */
const SPARE_BITS = 40

/**
 * Whether what ties at a point ties nearby also with `bits` bits. On doubles `x^(-2) + t` is `t` where `x` is large, and so
 * at all nearby points: a comparison of two such values ties by rounding, or at a kink.
 */
export function tiesLast(plan: Plan, point: Point, bits: number): boolean {
  const ties = tiesAt(plan, point)
  if (ties.length === 0) return true
  const roots = ties.flatMap(({ node }) => node.inputs)
  const f = new Functions(bits)
  const random = new Random(1, ties.length)
  for (let round = 0; round < ROUNDS; round++) {
    const values = evaluatePrecisely(roots, nudged(plan, point, random), bits)
    let at = 0
    for (const { node, entries } of ties) {
      const inputs = values.slice(at, (at += node.inputs.length))
      const tied = node.kind === 'reduce' ? tiedGroups(f, bits, node, inputs[0]!) : tiedEntries(f, bits, node, inputs)
      if (!entries.every((entry) => tied[entry] === true)) return false
    }
  }
  return true
}

/** What ties on doubles and might not, if data moved. */
function tiesAt(plan: Plan, point: Point): Tie[] {
  const moving = plan.switches.filter((node) => plan.moving.has(node))
  const roots = [...new Set(moving.flatMap(({ inputs }) => inputs))]
  const values = new Map(evaluate(roots, point).map((value, i) => [roots[i]!, value]))
  return moving.flatMap((node) => {
    const inputs = node.inputs.map((input) => values.get(input)!)
    const { value } = switchValues(node, inputs.map((a) => ({ value: a, bound: filled(a.shape, 0) }))) // prettier-ignore
    const entries = [...value.keys()].filter((entry) => value[entry] === 0)
    return entries.length === 0 ? [] : [{ node, entries }]
  })
}

/** Whether two numbers are equal, but for the last bits. */
function isTie(f: Functions, bits: number, a: Precise, b: Precise): boolean {
  if (a === null || b === null) return false
  const scale = Math.max(exponentOf(a), exponentOf(b))
  return compare(a, b) === 0 || exponentOf(f.sub(a, b)) < scale - bits + SPARE_BITS
}

function tiedEntries(f: Functions, bits: number, node: Node, inputs: readonly PreciseArray[]): boolean[] {
  const switches = node.kind === 'map' ? ELEMENTWISE[node.fn].switches : undefined
  if (switches === undefined) return []
  const shape = broadcastLengths(inputs.map((input) => input.shape))
  const positions = inputs.map((input) => broadcastPositions(input.shape, shape))
  const calculus: Calculus<Precise> = {
    constant: (value) => f.rational(value),
    pi: () => f.pi(),
    // The value of a switch is a number, or a difference of two: one that is rounding counts as zero.
    call: (fn, ...args) => (fn === 'sub' && isTie(f, bits, args[0]!, args[1]!) ? ZERO : applyPrecisely(f, fn, args)), // prettier-ignore
  }
  return Array.from({ length: entriesOf(shape) }).flatMap((_, entry) => {
    const args = inputs.map(({ data }, slot) => data[positions[slot]![entry]!] as Precise)
    return switches(calculus, args).map((value) => value !== null && isZero(value))
  })
}

/** Whether the extreme entry of each group is there twice. */
function tiedGroups(f: Functions, bits: number, { fn, axes }: ReduceNode, a: PreciseArray): boolean[] {
  const tied: boolean[] = []
  forEachGroup(a.shape, axes, (positions) => {
    if (positions.length < 2) return
    const entries = Array.from(positions, (place) => a.data[place] as Precise)
    if (entries.includes(null)) return void tied.push(false)
    const [first, second] = (entries as NonNullable<Precise>[]).sort((x, y) => (fn === 'min' ? compare(x, y) : compare(y, x))) // prettier-ignore
    tied.push(isTie(f, bits, first!, second!))
  })
  return tied
}
