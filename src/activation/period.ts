import type { Rational } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { div, E, fromRational, isPoint, mul, neg, ONE, PI, point, signOf } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { INTERVALS } from './smooth/field.ts'

/** That a function is `slope*z` plus one that repeats. */
export interface Period {
  readonly length: Interval
  /** The length is `2*pi` over this. */
  readonly frequency: Interval
  readonly slope: Interval
}

/** `slope*z` plus a function that repeats, whose angular frequencies are listed; none for a constant, whose value may be known. */
interface Shape {
  readonly slope: Interval
  readonly frequencies: readonly Interval[]
  readonly constant: Interval | null
}

const ZERO: Interval = point(0)
const isZero = (a: Interval): boolean => a.lo === 0 && a.hi === 0
const isConstant = ({ slope, frequencies }: Shape): boolean => isZero(slope) && frequencies.length === 0

/** The period of a scalar function of `z`; `null` where it is not known to have one. */
export function periodOf(root: Node, z: Node, values: ReadonlyMap<Node, Rational>): Period | null {
  const nodes = reachable([root])
  const shapes = new Map<Node, Shape | null>()
  for (const node of nodes) shapes.set(node, shapeOf(node, z, values, shapes))
  const shape = shapes.get(root) ?? null
  if (shape === null || shape.frequencies.length === 0) return null
  let base = commonFrequency(shape.frequencies)
  if (base === null) return null
  // While shifting by half of it changes nothing, half of it is a period.
  for (let halvings = 0; halvings < 4 && repeatsAtHalf(nodes, z, shapes, base); halvings++) base = mul(base, point(2))
  return { length: div(mul(point(2), PI), base), frequency: base, slope: shape.slope }
}

function shapeOf(
  node: Node,
  z: Node,
  values: ReadonlyMap<Node, Rational>,
  shapes: ReadonlyMap<Node, Shape | null>,
): Shape | null {
  const constant = (value: Interval | null): Shape => ({ slope: ZERO, frequencies: [], constant: value })
  if (node === z) return { slope: ONE, frequencies: [], constant: null }
  const given = values.get(node)
  if (given !== undefined) return constant(fromRational(given))
  if (node.kind === 'constant') return constant(fromRational(node.value))
  if (node.kind === 'symbol') return constant(node.name === 'pi' ? PI : E)
  if (node.kind === 'definition') return shapes.get(node.inputs[0]!) ?? null
  const inputs = node.inputs.map((input) => shapes.get(input) ?? null)
  if (!inputs.every((input) => input !== null)) return null
  if (node.kind === 'contract') return node.spec.sizes.length > 0 ? null : inputs.reduce<Shape | null>((a, b) => times(a, b), constant(ONE))
  if (node.kind !== 'map') return null
  const [a, b] = inputs as [Shape, Shape]
  const frequencies = distinct(inputs.flatMap((input) => input.frequencies))
  switch (node.fn) {
    case 'add':
    case 'sub': {
      const both = a.constant === null || b.constant === null ? null : INTERVALS[node.fn](a.constant, b.constant)
      return { slope: INTERVALS[node.fn](a.slope, b.slope), frequencies, constant: both }
    }
    case 'neg':
      return { slope: neg(a.slope), frequencies, constant: a.constant === null ? null : neg(a.constant) }
    case 'mul':
      return times(a, b)
    case 'div':
      if (b.constant !== null && signOf(b.constant) !== null && !isZero(b.constant)) return times(a, constant(div(ONE, b.constant)), div(a.slope, b.constant))
      break
    case 'sin':
    case 'cos':
    case 'tan': {
      const sign = signOf(a.slope)
      if (isZero(a.slope) || a.frequencies.length > 0 || sign === null) break
      return { slope: ZERO, frequencies: [sign === 1 ? a.slope : neg(a.slope)], constant: null }
    }
    default:
  }
  return inputs.every(({ slope }) => isZero(slope)) ? { slope: ZERO, frequencies, constant: null } : null
} // prettier-ignore

/** A product; `slope` is its slope where a quotient knows it better. */
function times(a: Shape | null, b: Shape | null, slope?: Interval): Shape | null {
  if (a === null || b === null) return null
  const frequencies = distinct([...a.frequencies, ...b.frequencies])
  const known = a.constant === null || b.constant === null ? null : mul(a.constant, b.constant)
  if (isZero(a.slope) && isZero(b.slope)) return { slope: ZERO, frequencies, constant: known }
  if (b.constant !== null) return { slope: slope ?? mul(a.slope, b.constant), frequencies, constant: null }
  if (a.constant !== null) return { slope: mul(a.constant, b.slope), frequencies, constant: null }
  return null
}

const distinct = (all: readonly Interval[]): Interval[] =>
  all.filter((one, at) => all.findIndex(({ lo, hi }) => lo === one.lo && hi === one.hi) === at)

/** The largest frequency of which all are whole multiples. Inexact ones must be the same number. */
function commonFrequency(frequencies: readonly Interval[]): Interval | null {
  const [first] = frequencies
  if (frequencies.length === 1) return first!
  if (!frequencies.every(isPoint)) return null
  const smallest = frequencies.reduce((a, b) => (a.lo < b.lo ? a : b)).lo
  for (let parts = 1; parts <= 24; parts++) {
    const base = div(point(smallest), point(parts))
    if (isPoint(base) && frequencies.every((frequency) => multipleOf(frequency, base) !== null)) return base
  }
  return null
}

/** The whole number that a frequency is of another, or `null`. */
function multipleOf(frequency: Interval, base: Interval): number | null {
  if (frequency.lo === base.lo && frequency.hi === base.hi) return 1
  if (!isPoint(frequency) || !isPoint(base)) return null
  const times_ = Math.round(frequency.lo / base.lo)
  const product = mul(point(times_), base)
  return times_ >= 1 && isPoint(product) && product.lo === frequency.lo ? times_ : null
}

/** How the repeating part behaves where `z` moves by half a period: the same, or negated. Both: it is zero. */
interface Parity {
  readonly same: boolean
  readonly negated: boolean
}

const SAME: Parity = { same: true, negated: false }
const BOTH: Parity = { same: true, negated: true }
const NEITHER: Parity = { same: false, negated: false }
const ODD: ReadonlySet<ElementwiseName> = new Set(['neg', 'sin', 'tan', 'sinh', 'tanh', 'atan', 'asin', 'erf', 'sign'])
const EVEN: ReadonlySet<ElementwiseName> = new Set(['abs', 'cos', 'cosh'])

/** Whether the repeating part has half the period of the frequency `base`, by the parities of its parts. */
function repeatsAtHalf(
  nodes: readonly Node[],
  z: Node,
  shapes: ReadonlyMap<Node, Shape | null>,
  base: Interval,
): boolean {
  const parities = new Map<Node, Parity>()
  for (const node of nodes) parities.set(node, node === z ? BOTH : parityOf(node, shapes, parities, base))
  return parities.get(nodes.at(-1)!)!.same
}

function parityOf(
  node: Node,
  shapes: ReadonlyMap<Node, Shape | null>,
  parities: ReadonlyMap<Node, Parity>,
  base: Interval,
): Parity {
  const shape = shapes.get(node) ?? null
  if (shape === null) return NEITHER
  if (isConstant(shape)) return SAME
  const of = (input: Node): Parity => parities.get(input)!
  if (node.kind === 'definition') return of(node.inputs[0]!)
  if (node.kind === 'contract') return node.inputs.map(of).reduce(productParity, SAME)
  if (node.kind !== 'map') return NEITHER
  const [a, b, c] = node.inputs.map(of) as [Parity, Parity, Parity]
  const [argument, exponent] = node.inputs.map((input) => shapes.get(input)!) as [Shape, Shape]
  switch (node.fn) {
    case 'add':
    case 'sub':
      return { same: a.same && b.same, negated: a.negated && b.negated }
    case 'mul':
    case 'div':
      return productParity(a, b)
    case 'where':
      return { same: a.same && b.same && c.same, negated: a.same && b.negated && c.negated }
    case 'pow': {
      if (!isConstant(exponent) || exponent.constant === null || !isPoint(exponent.constant)) break
      const p = exponent.constant.lo
      if (Number.isInteger(p)) return { same: a.same || (p % 2 === 0 && a.negated), negated: p % 2 !== 0 && a.negated }
      break
    }
    default:
  }
  const isWave = (node.fn === 'sin' || node.fn === 'cos' || node.fn === 'tan') && !isZero(argument.slope)
  if (isWave) {
    const sign = signOf(argument.slope)
    const times_ = multipleOf(sign === -1 ? neg(argument.slope) : argument.slope, base)
    if (times_ === null) return NEITHER
    return times_ % 2 === 0 || node.fn === 'tan' ? SAME : { same: false, negated: true }
  }
  const same = node.inputs.every((input) => of(input).same)
  if (EVEN.has(node.fn)) return { same: same || a.negated, negated: false }
  return { same, negated: ODD.has(node.fn) && a.negated }
}

const productParity = (a: Parity, b: Parity): Parity => ({
  same: (a.same && b.same) || (a.negated && b.negated),
  negated: (a.same && b.negated) || (a.negated && b.same),
})

/** As a double, for pictures and averages. */
export const periodLength = ({ length }: Period): number => length.lo / 2 + length.hi / 2

/** Whether the function itself does not repeat, only its slope. */
export const drifts = ({ slope }: Period): boolean => slope.lo !== 0 || slope.hi !== 0
