import type { Node } from '../graph/node.ts'
import { ELEMENTWISE_NAMES } from '../ops/names.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Shape } from '../shape/shape.ts'
import { ONE_SIZE, sizeText } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import {
  allScalars,
  atom,
  call,
  chained,
  comparing,
  infix,
  LEVEL,
  postfix,
  prefix,
  reduction,
  within,
} from './forms.ts'
import type { Detail, Form, Piece } from './forms.ts'
import { numberPiece, sizePiece } from './number.ts'
import { print } from './print.ts'
import type { PrintOptions } from './print.ts'
import type { Target } from './target.ts'

const shapeList = (shape: Shape): string => shape.map(sizeText).join(', ')
const isScalar = (shape: Shape | undefined): boolean => shape?.length === 0

/** Reductions count axes from 0, as NumPy does. */
const axesText = ({ axes }: Detail): string => (axes.length === 1 ? `axis=${axes[0]!}` : `axis=[${axes.join(',')}]`)

const overAxes = (detail: Detail): string => {
  const isWhole = !detail.keep && detail.axes.length === detail.operands[0]?.length
  if (isWhole) return ''
  return `, ${axesText(detail)}${detail.keep ? '' : ', keepdims=False'}`
}

/** Whether a product reads better with spaces: beside a matrix product in parentheses. */
const isLoose = (piece: Piece): boolean => piece.level === LEVEL.matrix

/** Groups to the left: `A.*2*B` would be the matrix product of `A.*2` and `B`. */
const entrywise =
  (symbol: string): Form =>
  (operands, detail) => {
    const spaced = operands.some(isLoose)
    return infix(spaced ? ` ${symbol} ` : symbol, LEVEL.product)(operands, detail)
  }

/** `2*X`, `1/m * X`: a number times an array, which may be a matrix product without parentheses. */
const scaling: Form = ([a, b]) => {
  const left = within(a, LEVEL.product)
  const right = within(b, LEVEL.matrix)
  const symbol = left.includes('/') ? ' * ' : '*'
  const level = b!.level === LEVEL.matrix ? LEVEL.matrix : LEVEL.product
  return { text: `${left}${symbol}${right.startsWith('-') ? `(${right})` : right}`, level }
}

/** `*` with a scalar on either side, `.*` between arrays. */
const times: Form = (operands, detail) => {
  const [a, b] = detail.operands
  if (isScalar(a) && isScalar(b)) {
    const [left] = operands
    const symbol = left?.level === LEVEL.product && left.text.includes('/') ? ' * ' : '*'
    return infix(symbol, LEVEL.product, { right: LEVEL.product })(operands, detail)
  }
  if (isScalar(a)) return scaling(operands, detail)
  if (isScalar(b)) return scaling([operands[1]!, operands[0]!], detail)
  return entrywise('.*')(operands, detail)
}

const over: Form = (operands, detail) =>
  isScalar(detail.operands[1]) ? infix('/', LEVEL.product)(operands, detail) : entrywise('./')(operands, detail)

const raised: Form = (operands, detail) =>
  infix(allScalars(detail) ? '^' : '.^', LEVEL.power, { left: LEVEL.postfix, right: LEVEL.postfix })(operands, detail)

const chain = chained(infix('*', LEVEL.matrix, { left: LEVEL.matrix, right: LEVEL.sign }))

const matmul: Form = ([a, b], detail) =>
  // An entry-by-entry product on the left would group with it rightly, but not to a reader's eye.
  chain([a!.level === LEVEL.product ? atom(`(${a!.text})`) : a!, b!], detail)

const calls = Object.fromEntries(ELEMENTWISE_NAMES.map((name) => [name, call(name)])) as Record<ElementwiseName, Form>

const elementwise: Target['elementwise'] = {
  ...calls,
  add: infix(' + ', LEVEL.sum, { right: LEVEL.sum }),
  sub: infix(' - ', LEVEL.sum),
  neg: prefix('-', LEVEL.sum, LEVEL.matrix),
  mul: times,
  div: over,
  pow: raised,
  gt: comparing('>', '<'),
  ge: comparing('>=', '<='),
  eq: comparing('==', '=='),
  ne: comparing('!=', '!='),
  and: infix(' and ', LEVEL.and, { left: LEVEL.and, right: LEVEL.and }),
  or: infix(' or ', LEVEL.or, { left: LEVEL.or, right: LEVEL.or }),
  not: prefix('not ', LEVEL.sign, LEVEL.postfix),
}

/** Another shape. A scalar takes no axes but by a product with ones. */
const reshaped: Form = ([a], { shape, operands }) =>
  isScalar(operands[0])
    ? { text: scaled(a!, `ones(${shapeList(shape)})`), level: LEVEL.product }
    : atom(`reshape(${within(a, LEVEL.loosest)}, [${shapeList(shape)}])`)

const scaled = (a: Piece, array: string): string => (a.text === '1' ? array : `${within(a, LEVEL.product)}*${array}`)

const broadcast: Form = ([a], { shape, operands }) => {
  const full = `ones(${shapeList(shape)})`
  if (isScalar(operands[0])) {
    return a!.text === '1' ? atom(full) : { text: scaled(a!, full), level: LEVEL.product }
  }
  // Only the axes that the operand lacks have to be filled.
  const from = operands[0]!
  const offset = shape.length - from.length
  const filling = shape.map((size, axis) => (axis >= offset && from[axis - offset] === size ? ONE_SIZE : size))
  return { text: `ones(${shapeList(filling)}).*${within(a, LEVEL.sign)}`, level: LEVEL.product }
}

/** The sheet language. What it prints reads back as the same value. */
export const TEXT: Target = {
  name: 'text',
  elementwise,
  linear: {
    matmul,
    transpose: postfix("'"),
    permute: ([a], { axes }) => atom(`transpose(${within(a, LEVEL.loosest)}, [${axes.join(',')}])`),
    sum: reduction('sum', overAxes),
    multiply: times,
    diagonal: call('diag'),
    diagonalMatrix: call('diag'),
    trace: call('trace'),
    dot: call('dot'),
    outer: call('outer'),
    ones: (_, { shape }) => (shape.length === 0 ? atom('1') : atom(`ones(${shapeList(shape)})`)),
    zeros: (_, { shape }) => (shape.length === 0 ? atom('0') : atom(`zeros(${shapeList(shape)})`)),
    eye: (_, { shape }) => atom(`eye(${sizeText(shape[0]!)})`),
    expand: reshaped,
    broadcast,
  },
  reduce: {
    max: reduction('max', overAxes),
    min: reduction('min', overAxes),
    prod: reduction('prod', overAxes),
  },
  normalise: {
    softmax: reduction('softmax', (detail) => `, ${axesText(detail)}`),
    log_softmax: reduction('log_softmax', (detail) => `, ${axesText(detail)}`),
    logsumexp: reduction('logsumexp', (detail) => `, ${axesText(detail)}`),
  },
  matrix: { inv: call('inv'), det: call('det'), logdet: call('logdet') },
  reshape: reshaped,
  kronecker: call('kron'),
  derivative: { grad: call('grad'), jacobian: call('jacobian') },
  symbol: { pi: atom('pi'), e: atom('e') },
  constant: numberPiece,
  size: (size: Size) => sizePiece(size, sizeText(size)),
  variable: (name) => atom(name),
  alone: (piece) => (piece.level <= LEVEL.comparison ? atom(`(${piece.text})`) : piece),
}

/**
 * A node in the sheet language, definitions by their names: reading it back gives the same value.
 * Throws `too-large` beyond `MAX_CHARACTERS`.
 */
export const toText = (node: Node, options: PrintOptions = {}): string => print(TEXT, node, options)
