import {
  HALF,
  isInteger,
  isOne,
  isZero,
  MINUS_ONE,
  multiply,
  negate,
  ONE,
  rational,
  sign,
} from '../../base/rational.ts'
import type { Rational } from '../../base/rational.ts'
import type { Builder } from '../../graph/builder.ts'
import type { Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { fractionOf } from './fraction.ts'
import type { Fraction } from './fraction.ts'
import { commonDivisor, degree, divided, minus, plus, scaled, squareRoot, times } from './polynomial.ts'
import type { Polynomial } from './polynomial.ts'

/**
 * `root` with roots, logarithms and arc functions of perfect squares of rational functions of `z` written by an absolute
 * value, so that what touches zero is seen to do so, and where it has a kink: with `f = c*q^2`, `c > 0`, and `p` no integer,
 *
 *     sqrt(f) = sqrt(c)*|q|    f^p = c^p*|q|^(2*p)    log(f) = log(c) + 2*log(|q|)
 *
 * and where `1 - u^2 = c*q^2`: `asin(u) = 2*atan(u/(1 + sqrt(c)*|q|))`, `acos(u) = pi/2 - asin(u)`. Values and domain stay.
 * Source: Abramowitz and Stegun 1964, 4.4 and 4.3.27 (the half angle).
 */
export function withoutSquares(builder: Builder, root: Node, z: Node, values: ReadonlyMap<Node, Rational>): Node {
  const fractions = new Map<Node, Fraction | null>()
  const made = new Map<Node, Node>()
  for (const node of reachable([root])) {
    fractions.set(node, fractionOf(node, z, values, fractions))
    const inputs = node.inputs.map((input) => made.get(input)!)
    const same = inputs.every((input, at) => input === node.inputs[at])
    const rebuilt = same ? node : builder.rebuild(node, inputs)
    made.set(node, spelled(builder, node, inputs, z, fractions) ?? rebuilt)
  }
  return made.get(root)!
}

function spelled(
  builder: Builder,
  node: Node,
  inputs: readonly Node[],
  z: Node,
  fractions: ReadonlyMap<Node, Fraction | null>,
): Node | null {
  if (node.kind !== 'map') return null
  const argument = fractions.get(node.inputs[0]!) ?? null
  if (argument === null) return null
  switch (node.fn) {
    case 'sqrt':
      return rootOf(builder, argument, z)
    case 'pow': {
      const exponent = constantOf(fractions.get(node.inputs[1]!) ?? null)
      if (exponent === null || isInteger(exponent)) return null
      const square = squareOf(argument)
      if (square === null) return null
      const size = builder.call('abs', quotient(builder, square, z))
      const power = builder.call('pow', size, builder.constant(multiply(exponent, rational(2))))
      return product(builder, builder.call('pow', builder.constant(square.factor), builder.constant(exponent)), power)
    }
    case 'log': {
      const square = squareOf(argument)
      if (square === null) return null
      const size = builder.call('log', builder.call('abs', quotient(builder, square, z)))
      const twice = builder.call('mul', builder.constant(rational(2)), size)
      return isOne(square.factor)
        ? twice
        : builder.call('add', builder.call('log', builder.constant(square.factor)), twice)
    }
    case 'asin':
      return arcsine(builder, inputs[0]!, argument, z)
    case 'acos': {
      const arc = arcsine(builder, inputs[0]!, argument, z)
      return arc === null ? null : builder.call('sub', product(builder, builder.constant(HALF), builder.pi()), arc)
    }
    default:
      return null
  }
}

function rootOf(builder: Builder, fraction: Fraction, z: Node): Node | null {
  const square = squareOf(fraction)
  if (square === null) return null
  const size = builder.call('abs', quotient(builder, square, z))
  return isOne(square.factor) ? size : product(builder, builder.call('sqrt', builder.constant(square.factor)), size)
}

function arcsine(builder: Builder, u: Node, { over, under }: Fraction, z: Node): Node | null {
  const [square, unit] = [times(over, over), times(under, under)]
  const common = commonDivisor(plus(unit, minus(square)), unit)
  const cosine = rootOf(
    builder,
    { over: divided(plus(unit, minus(square)), common).quotient, under: divided(unit, common).quotient },
    z,
  )
  if (cosine === null) return null
  const half = builder.call('div', u, builder.call('add', builder.constant(ONE), cosine))
  return product(builder, builder.constant(rational(2)), builder.call('atan', half))
}

/** `c` and `q = over/under` such that the fraction is `c*q^2`, `c > 0`. */
interface Square extends Fraction {
  readonly factor: Rational
}

function squareOf({ over, under }: Fraction): Square | null {
  if (degree(over) <= 0 && degree(under) <= 0) return null
  const found = squareRoot(times(over, under))
  if (found === null || sign(found.factor) < 0) return null
  const common = commonDivisor(found.root, under)
  return {
    factor: found.factor,
    over: divided(found.root, common).quotient,
    under: divided(under, common).quotient,
  }
}

function constantOf(fraction: Fraction | null): Rational | null {
  if (fraction === null || degree(fraction.over) > 0 || degree(fraction.under) > 0) return null
  const [value = null] = scaled(fraction.over, rational(fraction.under[0]!.d, fraction.under[0]!.n))
  return value
}

const product = (builder: Builder, a: Node, b: Node): Node => builder.call('mul', a, b)

function quotient(builder: Builder, { over, under }: Fraction, z: Node): Node {
  const above = expression(builder, over, z)
  return under.length === 1 && isOne(under[0]!) ? above : builder.call('div', above, expression(builder, under, z))
}

/** The polynomial at `z`, its highest power first. */
function expression(builder: Builder, coefficients: Polynomial, z: Node): Node {
  let sum: Node | null = null
  for (let k = coefficients.length - 1; k >= 0; k--) {
    const c = coefficients[k]!
    if (isZero(c)) continue
    const isNegative: boolean = sum !== null && sign(c) < 0
    const size = isNegative ? negate(c) : c
    const term: Node = termOf(builder, size, k, z)
    sum = sum === null ? term : builder.call(isNegative ? 'sub' : 'add', sum, term)
  }
  return sum ?? builder.constant(rational(0))
}

function termOf(builder: Builder, c: Rational, k: number, z: Node): Node {
  if (k === 0) return builder.constant(c)
  const power = k === 1 ? z : builder.call('pow', z, builder.constant(rational(k)))
  if (isOne(c)) return power
  return c.n === MINUS_ONE.n && isInteger(c) ? builder.call('neg', power) : product(builder, builder.constant(c), power)
}
