import { BackproveError } from '../base/errors.ts'
import { parseRational, rational } from '../base/rational.ts'
import { expandDerivatives } from '../differentiate/expand.ts'
import { hessian, jacobian } from '../differentiate/jacobian.ts'
import { vjp } from '../differentiate/reverse.ts'
import { Builder } from '../graph/builder.ts'
import type { Node, Role } from '../graph/node.ts'
import { shorten } from '../rewrite/shorten.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { entryCount, isScalarLike, normaliseAxis, sameShape, shapeText } from '../shape/shape.ts'
import { literalSize, literalValue, namedSize } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { vetOptions } from './options.ts'
import type { OptionNames } from './options.ts'

/** What stands where an expression is wanted; a number is the exact decimal that JavaScript prints for it. */
export type Operand = Node | number

/** The length of an axis: a name, which stands for any positive integer, or such an integer. */
export type Length = string | number

export interface AxisOptions {
  /** Counted from 0, or from the end when negative. All axes unless given. */
  readonly axis?: number | readonly number[]
  /** Whether reduced axes stay with length 1. */
  readonly keepdims?: boolean
}

const AXIS_OPTIONS: OptionNames<AxisOptions> = { axis: true, keepdims: true }

/** The functions that build expressions, all on one graph: equal expressions are the same object. */
export type Graph = ReturnType<typeof createGraph>

/**
 * A graph of its own. Expressions of different graphs do not mix; a graph is freed with the last expression that is kept of
 * it. The functions that the package exports work on one graph that lives as long as the program.
 */
export function createGraph(builder: Builder = new Builder()) {
  const node = (operand: Operand): Node => {
    if (typeof operand === 'number') return constant(operand)
    if (typeof (operand as unknown) !== 'object' || (operand as unknown) === null || !('kind' in operand)) {
      throw new BackproveError('argument', `${textOf(operand)} is no expression`, {
        hint: 'expressions are numbers, and what the functions of a graph give',
      })
    }
    if (builder.dag.nodes[operand.id] === operand) return operand
    throw new BackproveError('argument', 'an expression of another graph', {
      hint: 'build everything that belongs together with the functions of one graph',
    })
  }
  const constant = (value: number): Node => {
    if (!Number.isFinite(value)) throw new BackproveError('argument', `${value} is not a number of an expression`)
    return builder.constant(parseRational(String(value)))
  }
  const declare =
    (role: Role) =>
    (name: string, ...lengths: readonly Length[]): Node => {
      const shape = lengths.map(sizeOf)
      const found = builder.dag.add({ kind: 'input', name: name.normalize('NFC'), role, inputs: [], shape })
      if (found.kind === 'input' && found.role === role && sameShape(found.shape, shape)) return found
      throw new BackproveError('redefinition', `\`${name}\` is declared with the shape ${shapeText(found.shape)}`, {
        hint: 'choose another name, or build on a graph of its own: `createGraph()`',
      })
    }
  const call =
    (fn: ElementwiseName) =>
    (...args: readonly Operand[]): Node =>
      builder.call(fn, ...args.map(node))
  const unary =
    (fn: ElementwiseName) =>
    (x: Operand): Node =>
      builder.call(fn, node(x))
  const binary =
    (fn: ElementwiseName) =>
    (a: Operand, b: Operand): Node =>
      builder.call(fn, node(a), node(b))
  /** Adds up, multiplies, … from the left: `add(a, b, c)`. */
  const chain =
    (fn: ElementwiseName) =>
    (first: Operand, ...rest: readonly Operand[]): Node =>
      rest.reduce<Node>((left, right) => builder.call(fn, left, node(right)), node(first))

  const axesOf = (x: Node, options: AxisOptions): number[] => {
    const { axis } = vetOptions('a reduction', options, AXIS_OPTIONS)
    const list = axis === undefined ? x.shape.map((_, at) => at) : typeof axis === 'number' ? [axis] : axis
    return list.map((at) => normaliseAxis(at, x.shape.length))
  }
  const sum = (operand: Operand, options: AxisOptions = {}): Node => {
    const x = node(operand)
    return builder.sum(x, axesOf(x, options), options.keepdims ?? false)
  }
  const mean = (operand: Operand, options: AxisOptions = {}): Node => {
    const x = node(operand)
    const count = entryCount(axesOf(x, options).map((axis) => x.shape[axis]!))
    return builder.call('div', sum(x, options), sizeNode(builder, count))
  }
  const square = (x: Operand): Node => builder.call('pow', node(x), builder.constant(rational(2)))
  const variance = (operand: Operand, options: AxisOptions = {}): Node =>
    mean(square(builder.call('sub', node(operand), mean(operand, { ...options, keepdims: true }))), options)
  const reduce =
    (fn: 'max' | 'min' | 'prod') =>
    (operand: Operand, options: AxisOptions = {}): Node => {
      const x = node(operand)
      const axes = axesOf(x, options)
      const kept = builder.reduce(fn, x, axes)
      return options.keepdims === true ? kept : builder.sum(kept, axes)
    }
  const normalise =
    (fn: 'softmax' | 'log_softmax') =>
    (operand: Operand, axis: number | readonly number[] = -1): Node => {
      const x = node(operand)
      return builder.normalise(fn, x, axesOf(x, { axis }))
    }
  const logsumexp = (operand: Operand, options: AxisOptions = {}): Node => {
    const x = node(operand)
    const axes = axesOf(x, options)
    const kept = builder.normalise('logsumexp', x, axes)
    return options.keepdims === true ? kept : builder.sum(kept, axes)
  }
  const matrix =
    (fn: 'inv' | 'det' | 'logdet') =>
    (x: Operand): Node =>
      builder.matrix(fn, node(x))

  const short = (root: Node): Node => shorten(builder, [root])[0]!
  const scalarOf = (operand: Operand, what: string): Node => {
    const y = expandDerivatives(builder, [node(operand)]).roots[0]!
    if (isScalarLike(y.shape)) return y
    throw new BackproveError('not-scalar', `${what} needs a scalar, not an array of shape ${shapeText(y.shape)}`, {
      hint: 'take its sum, or use `jacobian`',
    })
  }
  function grad(y: Operand, x: Node): Node
  function grad(y: Operand, x: readonly Node[]): Node[]
  function grad(y: Operand, x: Node | readonly Node[]): Node | Node[] {
    const wrt = isList(x) ? x.map(node) : [node(x)]
    const gradients = shorten(builder, vjp(builder, scalarOf(y, 'grad'), wrt))
    return isList(x) ? gradients : gradients[0]!
  }

  return {
    builder,
    /** Real data: `input('X', 'n_x', 'm')`; without lengths a scalar. */
    input: declare('input'),
    /** What is learnt. */
    param: declare('param'),
    /** Data whose entries are 0 or 1. */
    label: declare('label'),
    /** Data whose every column holds one 1. */
    onehot: declare('onehot'),
    constant,
    /** The length of an axis as a number: `div(1, size('m'))`. */
    size: (length: Length): Node => sizeNode(builder, sizeOf(length)),
    /** Gives an expression a name: `grad` may differentiate by it, and printing uses it. */
    define: (name: string, value: Operand): Node => builder.define(name.normalize('NFC'), node(value)),

    add: chain('add'),
    mul: chain('mul'),
    sub: binary('sub'),
    div: binary('div'),
    pow: binary('pow'),
    neg: unary('neg'),
    square,
    maximum: chain('max'),
    minimum: chain('min'),
    greater: binary('gt'),
    greaterEqual: binary('ge'),
    less: (a: Operand, b: Operand): Node => builder.call('gt', node(b), node(a)),
    lessEqual: (a: Operand, b: Operand): Node => builder.call('ge', node(b), node(a)),
    equal: binary('eq'),
    notEqual: binary('ne'),
    logicalAnd: binary('and'),
    logicalOr: binary('or'),
    logicalNot: unary('not'),
    where: (condition: Operand, a: Operand, b: Operand): Node => call('where')(condition, a, b),
    abs: unary('abs'),
    sign: unary('sign'),
    step: unary('step'),
    exp: unary('exp'),
    log: unary('log'),
    log1p: unary('log1p'),
    expm1: unary('expm1'),
    sqrt: unary('sqrt'),
    sin: unary('sin'),
    cos: unary('cos'),
    tan: unary('tan'),
    sinh: unary('sinh'),
    cosh: unary('cosh'),
    tanh: unary('tanh'),
    asin: unary('asin'),
    acos: unary('acos'),
    atan: unary('atan'),
    erf: unary('erf'),
    sigmoid: unary('sigmoid'),
    softplus: unary('softplus'),
    relu: unary('relu'),
    leakyRelu: (x: Operand, negativeSlope: Operand = 0.01): Node => call('leaky_relu')(x, negativeSlope),
    elu: (x: Operand, alpha: Operand = 1): Node => call('elu')(x, alpha),
    selu: unary('selu'),
    gelu: unary('gelu'),
    geluTanh: unary('gelu_tanh'),
    silu: unary('silu'),
    swish: (x: Operand, beta: Operand = 1): Node => call('swish')(x, beta),
    mish: unary('mish'),

    /** The matrix product; of more than two axes, on the last two. */
    matmul: (a: Operand, b: Operand): Node => builder.matmul(node(a), node(b)),
    transpose: (a: Operand, axes?: readonly number[]): Node => builder.transpose(node(a), axes),
    /** `einsum('ij,jk->ik', A, B)`: explicit letters, as in `jnp.einsum`. */
    einsum: (subscripts: string, ...operands: readonly Operand[]): Node =>
      builder.einsum(subscripts, operands.map(node)),
    reshape: (a: Operand, ...shape: readonly Length[]): Node => builder.reshape(node(a), shape.map(sizeOf)),
    broadcastTo: (a: Operand, ...shape: readonly Length[]): Node => builder.broadcast(node(a), shape.map(sizeOf)),
    ones: (...shape: readonly Length[]): Node => builder.ones(shape.map(sizeOf)),
    zeros: (...shape: readonly Length[]): Node => builder.zeros(shape.map(sizeOf)),
    eye: (length: Length): Node => builder.eye(sizeOf(length)),
    trace: (a: Operand): Node => builder.einsum('ii->', [node(a)]),
    inv: matrix('inv'),
    det: matrix('det'),
    logdet: matrix('logdet'),

    sum,
    mean,
    var: variance,
    std: (x: Operand, options: AxisOptions = {}): Node => builder.call('sqrt', variance(x, options)),
    max: reduce('max'),
    min: reduce('min'),
    prod: reduce('prod'),
    logsumexp,
    /** Along the last axis unless told, as in `jax.nn`. */
    softmax: normalise('softmax'),
    logSoftmax: normalise('log_softmax'),

    /** The gradient of a scalar by an expression or by several; each has the shape of what it is taken by. */
    grad,
    /** The cotangent of `y` pulled back to `x`: the transposed Jacobian times it. */
    vjp: (y: Operand, x: Node, cotangent: Operand): Node =>
      short(vjp(builder, expandDerivatives(builder, [node(y)]).roots[0]!, [node(x)], node(cotangent))[0]!),
    /** A row for each entry of `y`, a column for each of `x`. */
    jacobian: (y: Operand, x: Node): Node =>
      short(jacobian(builder, expandDerivatives(builder, [node(y)]).roots[0]!, node(x))),
    /** The second derivatives of a scalar. */
    hessian: (y: Operand, x: Node): Node => short(hessian(builder, scalarOf(y, 'hessian'), node(x))),
  }
}

const textOf = (value: unknown): string => (JSON.stringify(value) as string | undefined)?.slice(0, 40) ?? String(value)

const isList = (x: Node | readonly Node[]): x is readonly Node[] => Array.isArray(x)

function sizeOf(length: Length): Size {
  if (typeof length === 'string' && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(length))
    return namedSize(length.normalize('NFC'))
  if (typeof length === 'number' && Number.isSafeInteger(length) && length > 0) return literalSize(length)
  throw new BackproveError('size', `\`${length}\` is not the length of an axis`, {
    hint: 'a length is a positive integer, or a name for one',
  })
}

function sizeNode(builder: Builder, size: Size): Node {
  const literal = literalValue(size)
  return literal === null ? builder.size(size) : builder.whole(literal)
}
