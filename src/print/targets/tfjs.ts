import { atom, call, LEVEL, within } from '../forms.ts'
import type { Form, Piece } from '../forms.ts'
import { functions, header, JAVASCRIPT_RESERVED, selfCheck } from '../module/javascript.ts'
import type { Boundary } from '../module/javascript.ts'
import type { Language, Module } from '../module/language.ts'
import { sizeCode } from '../module/sizes.ts'
import type { Target } from '../target.ts'
import type { Shape } from '../../shape/shape.ts'
import { jsScalars } from './js.ts'
import { JS_HELPERS } from './js-runtime.ts'
import { constantPiece } from './python.ts'

const tensorFunction = (name: string, parameters: string, body: string, needs: readonly string[] = []) =>
  [name, { source: `const ${name} = (${parameters}) => ${body}`, needs }] as const

const HELPERS: Language['helpers'] = new Map([
  ...JS_HELPERS,
  tensorFunction('tensor', 'value', '(value instanceof tf.Tensor ? value : tf.tensor(value))'),
  tensorFunction('leakyReluOf', 'x, slope', 'tf.where(tf.greater(x, 0), x, tf.mul(slope, x))'),
  tensorFunction('eluOf', 'x, alpha', 'tf.where(tf.greater(x, 0), x, tf.mul(alpha, tf.expm1(tf.minimum(x, 0))))'),
  tensorFunction('geluOf', 'x', 'tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(Math.SQRT1_2, x))))'),
  tensorFunction('geluTanhOf', 'x', 'tf.mul(x, tf.sigmoid(tf.mul(Math.sqrt(8 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))))))'), // prettier-ignore
  tensorFunction('swishOf', 'x, beta', 'tf.mul(x, tf.sigmoid(tf.mul(beta, x)))'),
  tensorFunction('mishOf', 'x', 'tf.mul(x, tf.tanh(tf.softplus(x)))'),
  tensorFunction('softmaxOf', 'x, axes', 'tf.exp(tf.sub(x, tf.logSumExp(x, axes, true)))'),
  tensorFunction('logSoftmaxOf', 'x, axes', 'tf.sub(x, tf.logSumExp(x, axes, true))'),
  tensorFunction('logaddexpOf', 'a, b', 'tf.add(tf.maximum(a, b), tf.softplus(tf.neg(tf.abs(tf.sub(a, b)))))'),
  tensorFunction('plainOf', 'x', '({ shape: x.shape, data: Float64Array.from(x.dataSync()) })'),
  tensorFunction('invOf', 'x', 'tf.tensor(Array.from(inv(plainOf(x)).data), x.shape)', ['plainOf', 'inv']),
  tensorFunction('detOf', 'x', 'tf.scalar(det(plainOf(x)))', ['plainOf', 'det']),
  tensorFunction('logdetOf', 'x', 'tf.scalar(logdet(plainOf(x)))', ['plainOf', 'logdet']),
])

const tf = (name: string): Form => call(`tf.${name}`)

const comparing =
  (name: string): Form =>
  (operands, detail) => {
    const truth = tf(name)(operands, detail).text
    return { ...atom(`tf.cast(${truth}, 'float32')`), truth }
  }

const truthOf = (piece: Piece | undefined): string => piece?.truth ?? `tf.notEqual(${within(piece, LEVEL.loosest)}, 0)`

const logical =
  (name: string): Form =>
  (operands, detail) =>
    comparing(name)(operands.map((piece) => atom(truthOf(piece))), detail) // prettier-ignore

/** `tf.sum(a, [1], true)` */
const reducing =
  (name: string): Form =>
  ([a], { axes, keep }) =>
    atom(`tf.${name}(${a!.text}, [${axes.join(', ')}]${keep ? ', true' : ''})`)

/** TensorFlow.js. Numbers made of sizes are plain ones. */
const target: Language['target'] = (style): Target => {
  const own =
    (name: string): Form =>
    (operands, detail) =>
      call(style.helper(name))(operands, detail)
  const shapeList = (shape: Shape): string => `[${shape.map((size) => sizeCode(size, style.size).text).join(', ')}]`
  const filled = (name: string, shape: Shape): Piece => atom(shape.length === 0 ? `tf.scalar(${name === 'ones' ? 1 : 0})` : `tf.${name}(${shapeList(shape)})`) // prettier-ignore
  const along =
    (name: string): Form =>
    ([a], { axes }) =>
      atom(`${style.helper(name)}(${a!.text}, [${axes.join(', ')}])`)
  const eye = (shape: Shape): string => `tf.eye(${sizeCode(shape[0]!, style.size).text})`
  return {
    name: 'tfjs',
    elementwise: {
      add: tf('add'),
      sub: tf('sub'),
      mul: tf('mul'),
      div: tf('div'),
      neg: tf('neg'),
      pow: ([a, b], detail) => b!.text === '2' ? tf('square')([a!], detail) : tf('pow')([a!, b!], detail), // prettier-ignore
      gt: comparing('greater'),
      ge: comparing('greaterEqual'),
      eq: comparing('equal'),
      ne: comparing('notEqual'),
      and: logical('logicalAnd'),
      or: logical('logicalOr'),
      not: logical('logicalNot'),
      where: ([c, a, b]) => atom(`tf.where(${truthOf(c)}, ${a!.text}, ${b!.text})`),
      max: tf('maximum'),
      min: tf('minimum'),
      abs: tf('abs'),
      sign: tf('sign'),
      step: tf('step'),
      exp: tf('exp'),
      log: tf('log'),
      log1p: tf('log1p'),
      expm1: tf('expm1'),
      sqrt: tf('sqrt'),
      sin: tf('sin'),
      cos: tf('cos'),
      tan: tf('tan'),
      sinh: tf('sinh'),
      cosh: tf('cosh'),
      tanh: tf('tanh'),
      asin: tf('asin'),
      acos: tf('acos'),
      atan: tf('atan'),
      erf: tf('erf'),
      sigmoid: tf('sigmoid'),
      softplus: tf('softplus'),
      relu: tf('relu'),
      leaky_relu: own('leakyReluOf'),
      elu: own('eluOf'),
      selu: tf('selu'),
      gelu: own('geluOf'),
      gelu_tanh: own('geluTanhOf'),
      silu: ([x], detail) => own('swishOf')([x!, atom('1')], detail),
      swish: own('swishOf'),
      mish: own('mishOf'),
    },
    linear: {
      matmul: tf('matMul'),
      transpose: tf('transpose'),
      permute: ([a], { axes }) => atom(`tf.transpose(${a!.text}, [${axes.join(', ')}])`),
      sum: reducing('sum'),
      multiply: tf('mul'),
      diagonal: ([a], { operands }) => atom(`tf.sum(tf.mul(${a!.text}, ${eye(operands[0]!)}), [1])`),
      diagonalMatrix: ([v], { shape }) => atom(`tf.mul(${v!.text}, ${eye(shape)})`),
      trace: ([a], { operands }) => atom(`tf.sum(tf.mul(${a!.text}, ${eye(operands[0]!)}))`),
      dot: tf('dot'),
      outer: tf('outerProduct'),
      ones: (_, { shape }) => filled('ones', shape),
      zeros: (_, { shape }) => filled('zeros', shape),
      eye: (_, { shape }) => atom(eye(shape)),
      expand: ([a], { axes }) => axes.reduce((piece, axis) => atom(`tf.expandDims(${piece.text}, ${axis})`), a!),
      broadcast: ([a], { shape }) => atom(a!.host === true ? `tf.fill(${shapeList(shape)}, ${a!.text})` : `tf.broadcastTo(${a!.text}, ${shapeList(shape)})`), // prettier-ignore
    },
    reduce: { max: reducing('max'), min: reducing('min'), prod: reducing('prod') },
    normalise: { softmax: along('softmaxOf'), log_softmax: along('logSoftmaxOf'), logsumexp: reducing('logSumExp') },
    matrix: { inv: own('invOf'), det: own('detOf'), logdet: own('logdetOf') },
    reshape: ([a], { shape }) => atom(`tf.reshape(${a!.text}, ${shapeList(shape)})`),
    derivative: { grad: call('grad'), jacobian: call('jacobian') },
    symbol: { pi: atom('Math.PI'), e: atom('Math.E') },
    constant: constantPiece,
    size: (size) => sizeCode(size, style.size),
    variable: (name) => atom(name),
    stable: {
      log_sigmoid: tf('logSigmoid'),
      log_not_sigmoid: ([z]) => atom(`tf.logSigmoid(tf.neg(${z!.text}))`),
      softplus: tf('softplus'),
      logaddexp: own('logaddexpOf'),
      log_softmax: along('logSoftmaxOf'),
      logsumexp: reducing('logSumExp'),
      log1p: tf('log1p'),
      expm1: tf('expm1'),
    },
    host: jsScalars(style.helper),
  }
}

function render(module: Module): string {
  const boundary: Boundary = {
    wrap: (body) => `tf.tidy(() => ${body})`,
    into: (name) => `tensor(${name})`,
    out: (name) => `tf.add(${name}, 0)`,
    outDocument: 'Tensors, or nested arrays.',
  }
  const passes = functions(module, boundary)
  const check = selfCheck(module, boundary, {
    steps: [1 / 256, 1 / 2048],
    tolerance: 1e-2,
    plain: (name) => `tensor(${name}).arraySync()`,
  })
  const helpers = module.helpers.map((source) => `${source}\n\n`).join('')
  return `${header(module, 'TensorFlow.js')}import * as tf from '@tensorflow/tfjs'\n\n${helpers}${passes}\n${check}`
}

/** TensorFlow.js programs. */
export const TFJS: Language = {
  name: 'tfjs',
  reserved: [...JAVASCRIPT_RESERVED, 'tf', 'slopes', 'value'],
  target,
  helpers: HELPERS,
  always: ['tensor'],
  length: (array, axis) => `${array}.shape[${axis}]`,
  quotient: (text, divisor) => `${text} / ${divisor}`,
  render,
}
