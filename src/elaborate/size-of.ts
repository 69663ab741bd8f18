import { BackproveError } from '../base/errors.ts'
import * as Q from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { reachable, unname } from '../graph/walk.ts'
import { addSizes, literalSize, literalValue, multiplySizes, negateSize, ONE_SIZE, sizeText } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'

/** No axis is longer; what is built for it would not fit any memory. */
const LONGEST = 1_000_000_000n
const HIGHEST_POWER = 64

/** The rational number that a node is for all values of the sheet, or `null`. */
export function rationalOf(node: Node): Rational | null {
  const direct = unname(node)
  if (direct.kind === 'constant') return direct.value
  return fold<Rational>(node, (part) => (part.kind === 'constant' ? part.value : null), {
    add: Q.add,
    sub: Q.subtract,
    mul: Q.multiply,
    div: (a, b) => (Q.isZero(b) ? null : Q.divide(a, b)),
    neg: Q.negate,
    pow: (a, b) => {
      const isSmall = Q.isInteger(b) && b.n <= BigInt(HIGHEST_POWER) && b.n >= -BigInt(HIGHEST_POWER)
      const isDefined = b.n >= 0n || !Q.isZero(a)
      return isSmall && isDefined && digits(a) < 200 ? Q.power(a, Number(b.n)) : null
    },
  })
}

const digits = (a: Rational): number => Q.toText(a).length

/** The whole number that a node is, or `null`. */
export function wholeOf(node: Node): number | null {
  const value = rationalOf(node)
  return value !== null && Q.isInteger(value) && Number.isSafeInteger(Number(value.n)) ? Number(value.n) : null
}

/** The node as the length of an axis; throws `size` where it is none, or might be less than 1. */
export function sizeOf(node: Node, text: string): Size {
  const value = rationalOf(node)
  if (value !== null) return literal(value, text)
  const size = fold<Size>(node, leafSize, {
    add: addSizes,
    sub: (a, b) => addSizes(a, negateSize(b)),
    mul: multiplySizes,
    neg: negateSize,
    pow: (a, b) => {
      const exponent = literalValue(b)
      if (exponent === null || exponent < 0 || exponent > HIGHEST_POWER) return null
      return Array<Size>(exponent).fill(a).reduce(multiplySizes, ONE_SIZE)
    },
  })
  if (size === null && reachable([node]).every(({ kind }) => kind !== 'input')) {
    throw new BackproveError('size', `\`${text}\` is not the length of an axis`, {
      hint: `a length is a whole number from 1 to ${LONGEST}, or made of names by sums and products`,
    })
  }
  if (size === null) {
    throw new BackproveError('size', `\`${text}\` is a value, not a size`, {
      hint: 'a shape is made of names, whole numbers, and their sums and products',
    })
  }
  if (size.terms.length === 0 || size.terms.some(({ coefficient }) => coefficient < 0n)) {
    throw new BackproveError('size', `\`${text}\`, which is ${sizeText(size)}, may be less than 1`, {
      hint: 'give the size a name of its own',
    })
  }
  return size
}

function literal(value: Rational, text: string): Size {
  if (Q.isInteger(value) && value.n >= 1n && value.n <= LONGEST) return literalSize(value.n)
  const is = text === Q.toText(value) ? '' : `, which is ${Q.toText(value)},`
  throw new BackproveError('size', `\`${text}\`${is} is not the length of an axis`, {
    hint: `a length is a whole number from 1 to ${LONGEST}`,
  })
}

function leafSize(node: Node): Size | null {
  if (node.kind === 'size') return node.size
  return node.kind === 'constant' && Q.isInteger(node.value) && node.value.n > -LONGEST && node.value.n < LONGEST
    ? literalSize(node.value.n)
    : null
}

interface Arithmetic<T> {
  readonly add: (a: T, b: T) => T | null
  readonly sub: (a: T, b: T) => T | null
  readonly mul: (a: T, b: T) => T | null
  readonly div?: (a: T, b: T) => T | null
  readonly neg: (a: T) => T | null
  readonly pow: (a: T, b: T) => T | null
}

/** The value of an arithmetic expression, inputs first; `null` where it holds anything but numbers and `+ - * / ^`. */
function fold<T>(root: Node, leaf: (node: Node) => T | null, arithmetic: Arithmetic<T>): T | null {
  if (root.shape.length > 0 || !isArithmetic(unname(root))) return null
  const values = new Map<Node, T>()
  for (const node of reachable([root])) {
    const value = step(node, values, leaf, arithmetic)
    if (value === null) return null
    values.set(node, value)
  }
  return values.get(root) ?? null
}

const FOLDED: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'div', 'neg', 'pow'])
const isArithmetic = (node: Node): boolean =>
  node.kind === 'constant' || node.kind === 'size' || (node.kind === 'map' && FOLDED.has(node.fn))

function step<T>(
  node: Node,
  values: ReadonlyMap<Node, T>,
  leaf: (node: Node) => T | null,
  arithmetic: Arithmetic<T>,
): T | null {
  const [a, b] = node.inputs.map((input) => values.get(input))
  if (node.kind === 'definition') return a ?? null
  if (node.kind !== 'map' || a === undefined) return leaf(node)
  if (node.fn === 'neg') return arithmetic.neg(a)
  if (b === undefined) return null
  if (node.fn === 'add' || node.fn === 'sub' || node.fn === 'mul' || node.fn === 'pow') return arithmetic[node.fn](a, b)
  return node.fn === 'div' && arithmetic.div !== undefined ? arithmetic.div(a, b) : null
}
