import { compare, ONE, sign } from '../base/rational.ts'
import { reachable } from '../graph/walk.ts'
import type { MapNode, Node } from '../graph/node.ts'
import { NO_TRAITS } from '../index/algebra.ts'
import type { Traits } from '../index/term.ts'
import type { ElementwiseName } from '../ops/names.ts'

/** Analytic wherever they are defined, and not constant. */
const ANALYTIC: ReadonlySet<ElementwiseName> = new Set([
  'add', 'sub', 'mul', 'div', 'neg', 'pow', 'exp', 'log', 'log1p', 'expm1', 'sqrt', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh',
  'asin', 'acos', 'atan', 'erf', 'sigmoid', 'softplus', 'gelu', 'gelu_tanh', 'silu', 'swish', 'mish',
]) // prettier-ignore

const ALWAYS_POSITIVE: ReadonlySet<ElementwiseName> = new Set(['exp', 'sigmoid', 'softplus', 'cosh'])
const NEVER_NEGATIVE: ReadonlySet<ElementwiseName> = new Set([
  'abs',
  'relu',
  'sqrt',
  'step',
  'gt',
  'ge',
  'eq',
  'ne',
  'and',
  'or',
  'not',
])
const BINARY_VALUED: ReadonlySet<ElementwiseName> = new Set(['step', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not'])

/**
 * What is known of every node's values from how it is made, for all points of the domain. `declared` tells it of inputs.
 * Never more than is certain: an unknown condition does not hold.
 */
export function nodeTraits(roots: readonly Node[], declared: ReadonlyMap<Node, Traits>): Map<Node, Traits> {
  const traits = new Map<Node, Traits>()
  for (const node of reachable(roots))
    traits.set(
      node,
      traitsOf(node, (input) => traits.get(input) ?? NO_TRAITS, declared),
    )
  return traits
}

function traitsOf(node: Node, of: (input: Node) => Traits, declared: ReadonlyMap<Node, Traits>): Traits {
  const known = declared.get(node)
  if (known !== undefined) return known
  const inputs = node.inputs.map(of)
  const analytic = inputs.every((input) => input.analytic)
  switch (node.kind) {
    case 'constant':
      return { ...NO_TRAITS, positive: sign(node.value) > 0, nonnegative: sign(node.value) >= 0, analytic: true }
    case 'symbol':
    case 'size':
      return { ...NO_TRAITS, positive: true, nonnegative: true, analytic: true }
    case 'input':
      return node.role === 'label' || node.role === 'onehot'
        ? { ...NO_TRAITS, nonnegative: true, binary: true }
        : { ...NO_TRAITS, analytic: true }
    case 'definition':
      return { ...(inputs[0] ?? NO_TRAITS), independent: false }
    case 'reshape':
      // What is known of axes is not known of their regrouping.
      return { ...(inputs[0] ?? NO_TRAITS), symmetric: false, unimodular: false, onehot: -1, independent: false }
    case 'map':
      return mapTraits(node, inputs)
    case 'contract': {
      const { spec } = node
      const diagonal = new Set(spec.output).size !== spec.output.length
      const nonnegative = inputs.every((input) => input.nonnegative)
      return {
        ...NO_TRAITS,
        nonnegative,
        positive: !diagonal && inputs.every((input) => input.positive),
        analytic: analytic && !diagonal,
      }
    }
    case 'normalise':
      return node.fn === 'softmax'
        ? { ...NO_TRAITS, positive: true, nonnegative: true, analytic }
        : { ...NO_TRAITS, analytic }
    case 'reduce':
      return { ...NO_TRAITS, positive: inputs[0]?.positive === true, nonnegative: inputs[0]?.nonnegative === true }
    case 'matrix':
      return { ...NO_TRAITS, analytic }
    case 'derivative':
      return NO_TRAITS
  }
}

function mapTraits(node: MapNode, inputs: readonly Traits[]): Traits {
  const { fn } = node
  const analytic = ANALYTIC.has(fn) && inputs.every((input) => input.analytic)
  const every = (property: 'positive' | 'nonnegative'): boolean => inputs.every((input) => input[property])
  const base = { ...NO_TRAITS, analytic, binary: BINARY_VALUED.has(fn) }
  if (ALWAYS_POSITIVE.has(fn)) return { ...base, positive: true, nonnegative: true, bounded: fn === 'sigmoid' }
  if (fn === 'tanh') return { ...base, bounded: true }
  if (NEVER_NEGATIVE.has(fn)) return { ...base, nonnegative: true, positive: fn === 'sqrt' && every('positive') }
  const [a, b] = inputs
  switch (fn) {
    case 'sub': {
      // 1 - x with |x| < 1
      const [one] = node.inputs
      const positive = one?.kind === 'constant' && compare(one.value, ONE) >= 0 && b?.bounded === true
      return { ...base, positive, nonnegative: positive }
    }
    case 'add':
      return {
        ...base,
        nonnegative: every('nonnegative'),
        positive: every('nonnegative') && inputs.some((input) => input.positive),
      }
    case 'mul':
    case 'div':
      return { ...base, nonnegative: every('nonnegative'), positive: every('positive') }
    case 'pow': {
      const exponent = node.inputs[1]
      const even = exponent?.kind === 'constant' && exponent.value.d === 1n && exponent.value.n % 2n === 0n
      return { ...base, positive: a?.positive === true, nonnegative: a?.nonnegative === true || even }
    }
    case 'max':
      return {
        ...base,
        nonnegative: inputs.some((input) => input.nonnegative),
        positive: inputs.some((input) => input.positive),
      }
    case 'min':
      return { ...base, nonnegative: every('nonnegative'), positive: every('positive') }
    case 'where':
      return {
        ...base,
        nonnegative: b?.nonnegative === true && inputs[2]?.nonnegative === true,
        positive: b?.positive === true && inputs[2]?.positive === true,
      }
    default:
      return base
  }
}
