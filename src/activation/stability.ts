import { toNumber } from '../base/rational.ts'
import { vjp } from '../differentiate/reverse.ts'
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import { toText } from '../print/text.ts'
import { isEmpty, point } from './interval/interval.ts'
import type { Pieces } from './pieces.ts'
import { boundsOn } from './smooth/bounds.ts'
import { speltOut, stableSpelling } from './spelling.ts'
import type { Subject } from './subject.ts'

export type FloatType = 'f32' | 'f64'

/** Where a spelling goes wrong in floating point. */
export interface Instability {
  readonly type: FloatType
  /** Of the function or of its derivative as reverse mode computes it. */
  readonly of: 'value' | 'slope'
  readonly spelling: string
  readonly region: string
  readonly problem: string
  /** A spelling that does better. */
  readonly use: string
}

interface FloatFormat {
  readonly round: (x: number) => number
  /** The unit roundoff. */
  readonly unit: number
  /** Relative errors above this count: half of the digits. */
  readonly tolerance: number
  /** Results smaller than this underflow. */
  readonly smallest: number
  readonly largest: number
  readonly reach: number
}

const FORMATS: { readonly [type in FloatType]: FloatFormat } = {
  f32: { round: Math.fround, unit: 2 ** -24, tolerance: 2 ** -12, smallest: 2 ** -120, largest: 3e38, reach: 1e4 },
  f64: { round: (x) => x, unit: 2 ** -53, tolerance: 2 ** -26, smallest: 2 ** -1000, largest: 1e308, reach: 1e4 },
}

/** Evaluates a scalar node rounding every operation; parameters are given, `z` comes with the call. */
function program(root: Node, subject: Subject, round: (x: number) => number): (z: number) => Float64Array {
  const nodes = reachable([root])
  const places = new Map(nodes.map((node, at) => [node, at]))
  const given = new Map<Node, number>(subject.parameters.map(({ node, value }) => [node, toNumber(value)]))
  const steps = nodes.map((node): ((values: Float64Array, z: number) => number) => {
    const inputs = node.inputs.map((input) => places.get(input)!)
    const fixed = given.get(node)
    if (node === subject.z) return (_, z) => z
    if (fixed !== undefined) return () => fixed
    switch (node.kind) {
      case 'constant': {
        const value = toNumber(node.value)
        return () => value
      }
      case 'symbol': {
        const value = node.name === 'pi' ? Math.PI : Math.E
        return () => value
      }
      case 'map': {
        const { kernel, arity } = ELEMENTWISE[node.fn]
        const [a, b, c] = inputs as [number, number, number]
        if (node.fn === 'div') return (values) => values[a]! / values[b]!
        if (arity === 1) return (values) => kernel(values[a]!)
        if (arity === 2) return (values) => kernel(values[a]!, values[b]!)
        return (values) => kernel(values[a]!, values[b]!, values[c]!)
      }
      case 'contract':
        return (values) => inputs.reduce((product, input) => product * values[input]!, 1)
      default:
        return (values) => values[inputs[0]!]!
    }
  })
  const values = new Float64Array(nodes.length)
  return (z) => {
    steps.forEach((step, at) => (values[at] = round(step(values, z))))
    return values
  }
}

/** Places from far left to far right, ten to a decade. */
function grid(reach: number): number[] {
  const right: number[] = []
  for (let k = -60; k <= Math.log10(reach) * 10; k++) right.push(10 ** (k / 10) * 1.0137)
  return [...right.toReversed().map((z) => -z), ...right]
}

type Fault = { readonly kind: 'overflow' | 'nan' | 'digits'; readonly at: string; readonly harmless: boolean } | null

/** The faults of a function and its derivative, as a formula spells them and as they are written. */
export function stabilityOf(subject: Subject, pieces: Pieces, recognised: string | null): Instability[] {
  const { builder, root } = subject
  const formula = speltOut(builder, root)
  const stable = stableSpelling(builder, root)
  const use = recognised ?? (stable === formula ? 'no stable spelling is known' : toText(stable))
  const spellings = formula === root ? [root] : [formula, root]
  const truth = remembered(pieces)
  const found: Instability[] = []
  for (const spelling of spellings) {
    const slope = vjp(builder, spelling, [subject.z])[0]!
    for (const [of, node] of [['value', spelling], ['slope', slope]] as const) {
      for (const type of ['f32', 'f64'] as const) {
        for (const fault of faultsOf(node, of === 'value' ? 0 : 1, subject, truth, FORMATS[type])) {
          found.push({ type, of, spelling: toText(spelling), ...fault, use: spelling === stable && recognised === null ? 'no stable spelling is known' : use })
        }
      }
    } // prettier-ignore
  }
  return found
}

function faultsOf(
  node: Node,
  order: number,
  subject: Subject,
  truthAt: Truth,
  format: FloatFormat,
): { region: string; problem: string }[] {
  const run = program(node, subject, format.round)
  const scale = order === 0 ? 0 : steepest(truthAt)
  const nodes = reachable([node])
  const faultAt = (at: number): Fault => {
    const z = format.round(at)
    const truth = truthAt(z, order)
    if (truth === null || Math.abs(truth) > format.largest) return null
    const values = run(z)
    const result = values[nodes.length - 1]!
    // A slope that is far smaller than the largest adds to a gradient no more than its rounding does.
    const matters = !(Math.abs(result - truth) <= 16 * format.unit * scale)
    const isWrong =
      matters &&
      !(Math.abs(result - truth) <= format.tolerance * Math.abs(truth)) &&
      !(Math.abs(truth) < format.smallest && Math.abs(result) < 2 * format.smallest)
    const first = values.findIndex((value) => !Number.isFinite(value))
    if (first >= 0 && (isWrong || !Number.isNaN(values[first]!))) {
      return { kind: Number.isFinite(result) ? 'overflow' : 'nan', at: toText(nodes[first]!), harmless: !isWrong }
    }
    return isWrong ? { kind: 'digits', at: '', harmless: false } : null
  }
  const places = grid(format.reach)
  const faults = places.map(faultAt)
  const found: { region: string; problem: string }[] = []
  for (let from = 0; from < places.length; from++) {
    const fault = faults[from]
    if (fault === null || fault === undefined) continue
    let to = from
    while (to + 1 < places.length && faults[to + 1]?.kind === fault.kind) to++
    // A lone point is where the value passes through zero.
    if (to > from) {
      const same = (z: number): boolean => faultAt(z)?.kind === fault.kind
      const left = from === 0 ? -Infinity : border(places[from - 1]!, places[from]!, same)
      const right = to === places.length - 1 ? Infinity : border(places[to + 1]!, places[to]!, same)
      found.push({ region: regionText(left, right), problem: problemText(fault) })
    }
    from = to
  }
  return found
}

/** The largest slope near the origin. */
function steepest(truthAt: Truth): number {
  const slopes = [-4, -2, -1, -0.5, -0.1, 0.1, 0.5, 1, 2, 4].map((z) => Math.abs(truthAt(z, 1) ?? 0))
  return Math.max(...slopes)
}

type Truth = (z: number, order: number) => number | null

/** True values, kept because each spelling and format is compared with them. */
function remembered(pieces: Pieces): Truth {
  const known = [new Map<number, number | null>(), new Map<number, number | null>()]
  return (z, order) => {
    const values = known[order]!
    let value = values.get(z)
    if (value === undefined) values.set(z, (value = valueAt(pieces, z, order)))
    return value
  }
}

function valueAt(pieces: Pieces, z: number, order: number): number | null {
  const piece = pieces.pieces.find(({ from, to }) => from.hi < z && z < to.lo)
  if (piece === undefined) return null
  const value = boundsOn(piece.lean, point(z), order)[order]!
  if (isEmpty(value) || !(value.hi - value.lo <= 1e-9 * Math.max(Math.abs(value.lo), Math.abs(value.hi)))) {
    return !isEmpty(value) && Math.abs(value.lo) < 1e-290 && Math.abs(value.hi) < 1e-290 ? 0 : null
  }
  return value.lo / 2 + value.hi / 2
}

function border(outside: number, inside: number, holds: (z: number) => boolean): number {
  let [out, into] = [outside, inside]
  for (let k = 0; k < 20; k++) {
    const mid = (out + into) / 2
    if (holds(mid)) into = mid
    else out = mid
  }
  return into
}

function regionText(left: number, right: number): string {
  const digits = (x: number): string => `${Number(x.toPrecision(3))}`
  if (left === -Infinity && right === Infinity) return 'everywhere'
  if (left === -Infinity) return `z < ${digits(right)}`
  return right === Infinity ? `z > ${digits(left)}` : `${digits(left)} < z < ${digits(right)}`
}

function problemText(fault: NonNullable<Fault>): string {
  if (fault.kind === 'digits') return 'more than half of the digits are lost'
  if (fault.kind === 'nan') return `${fault.at} is not finite, and the result is neither`
  return fault.harmless ? `${fault.at} overflows to Infinity; the result survives` : `${fault.at} overflows to Infinity`
}
