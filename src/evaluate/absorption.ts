import { isInteger, rational, subtract, toNumber } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { MapNode, Node } from '../graph/node.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { fromNumber } from './bigfloat.ts'
import { broadcastPositions } from './kernels/broadcast.ts'
import { forEachGroup } from './kernels/reduce.ts'
import type { Tensor } from './tensor.ts'

/** Of two terms that are this many times apart the smaller one may be lost. */
const FAR_APART = 2 ** 48
/** Of matrix entries, products of which are added. */
const FAR_APART_IN_MATRIX = 2 ** 24
/** Exponentials of numbers that far apart are `FAR_APART`. */
const FAR_APART_IN_EXPONENT = 33
/** Below this `f(x) = x + O(x^2)` may be rounded to `x`. */
const SMALL = 2 ** -20
/** Bits in which a literal is its double, but not all. */
const BITS = 150n

/** Where a function is rounded to `x`, to a constant, or to what another function is rounded to. */
const MERGES: Readonly<Partial<Record<ElementwiseName, (x: number, value: number) => boolean>>> = {
  softplus: (x, value) => value === x || x < -FAR_APART_IN_EXPONENT,
  sigmoid: (x) => x < -FAR_APART_IN_EXPONENT,
  silu: isLost,
  swish: isLost,
  gelu: isLost,
  gelu_tanh: isLost,
  mish: isLost,
  elu: (x) => x < -FAR_APART_IN_EXPONENT,
  selu: (x) => x < -FAR_APART_IN_EXPONENT,
  expm1: (x) => Math.abs(x) > FAR_APART_IN_EXPONENT,
  cosh: (x) => Math.abs(x) > FAR_APART_IN_EXPONENT / 2,
  sinh: (x) => Math.abs(x) > FAR_APART_IN_EXPONENT / 2,
  log1p: (x) => x > FAR_APART,
  atan: (x) => Math.abs(x) > FAR_APART,
}

/** Of `x` times a factor between 0 and 1: whether the factor is rounded to one of them. */
function isLost(x: number, value: number): boolean {
  return x !== 0 && (value === x || value === 0)
}

/** Functions that are equal to `x`, or constant, over an interval or at a number that is not zero. */
const PIECEWISE: ReadonlySet<ElementwiseName> = new Set(['neg', 'abs', 'sign', 'step', 'relu', 'not'])

/**
 * Whether a value of a node may have lost to rounding what it is made of, as `1 + exp(-100)` is 1 on doubles: what it ties
 * with then need not tie. No number of digits is enough for all such values.
 */
export function absorbs(node: Node, valueOf: (node: Node) => Tensor): boolean {
  switch (node.kind) {
    case 'constant':
      return isNearlyDouble(node.value)
    case 'map':
      return absorbsInMap(node, valueOf)
    case 'contract': {
      const { operands, output } = node.spec
      const isSum = operands.some((labels) => labels.some((label) => !output.includes(label)))
      return isSum && node.inputs.reduce((most, input) => most * spreadOf(valueOf(input).data), 1) > FAR_APART
    }
    case 'matrix':
      return spreadOf(valueOf(node.inputs[0]!).data) > FAR_APART_IN_MATRIX
    case 'normalise': {
      const { shape, data } = valueOf(node.inputs[0]!)
      let isFar = false
      forEachGroup(shape, node.axes, (positions) => {
        const entries = Array.from(positions, (place) => data[place]!)
        isFar ||= Math.max(...entries) - Math.min(...entries) > FAR_APART_IN_EXPONENT
      })
      return isFar
    }
    default:
      return false
  }
}

/** The largest magnitude by the least that is not zero. */
function spreadOf(data: Float64Array): number {
  let [most, least] = [0, Infinity]
  for (const entry of data) {
    const size = Math.abs(entry)
    if (size > most) most = size
    if (size !== 0 && size < least) least = size
  }
  return most === 0 ? 1 : most / least
}

/** Whether a literal is not its double, but is with very many digits, as `1.00…01` is. */
function isNearlyDouble(value: Rational): boolean {
  if (isInteger(value) && Math.abs(Number(value.n)) <= Number.MAX_SAFE_INTEGER) return false
  const nearby = fromNumber(toNumber(value))
  if (nearby === null) return false
  const scale = 1n << BigInt(Math.abs(nearby.e))
  const { n, d } = subtract(value, nearby.e < 0 ? rational(nearby.m, scale) : rational(nearby.m * scale))
  const [size, whole] = [n < 0n ? -n : n, value.n < 0n ? -value.n : value.n]
  return n !== 0n && (size * value.d) << BITS < whole * d
}

function absorbsInMap(node: MapNode, valueOf: (node: Node) => Tensor): boolean {
  const { fn, inputs } = node
  const merges = MERGES[fn]
  const isAnalytic = inputs.length === 1 && !PIECEWISE.has(fn)
  if (fn !== 'add' && fn !== 'sub' && fn !== 'pow' && !isAnalytic && merges === undefined) return false
  const { shape, data } = valueOf(node)
  const args = inputs.map(valueOf)
  const positions = args.map((arg) => broadcastPositions(arg.shape, shape))
  const atZero = isAnalytic ? ELEMENTWISE[fn].kernel(0) : NaN
  return data.some((value, entry) => {
    const [x, y = 0] = args.map((arg, slot) => arg.data[positions[slot]![entry]!]!) as [number, number?]
    if (fn === 'add' || fn === 'sub') return x !== 0 && y !== 0 && (value === x || value === (fn === 'add' ? y : -y))
    if (fn === 'pow') return value === 1 && x !== 1 && y !== 0
    if (merges?.(x, value) === true) return true
    return isAnalytic && x !== 0 && Math.abs(x) < SMALL && (value === x || value === atZero)
  })
}
