import { atom, call, LEVEL, postfix, template, within } from '../forms.ts'
import type { Detail, Form } from '../forms.ts'
import type { Language, Module, Style } from '../module/language.ts'
import { functions, header, helpers, imports } from '../module/python.ts'
import { selfCheck } from '../module/python-check.ts'
import type { Target } from '../target.ts'
import { comparison, constantPiece, einsumCall, matmulOperator, pythonOperators, PYTHON_RESERVED, shapeTuple, sizeNumber, timesOne, truthOf, tuple } from './python.ts' // prettier-ignore

/** Reduced axes, none where a whole array is reduced. */
const over = ({ axes, keep, operands }: Detail): string =>
  !keep && axes.length === operands[0]?.length ? '' : `, axis=${tuple(axes)}${keep ? ', keepdims=True' : ''}`

export const reducing =
  (name: string): Form =>
  ([a], detail) =>
    atom(`${name}(${within(a, LEVEL.loosest)}${over(detail)})`)

/** `f(a, axis=0)` */
export const along =
  (name: string): Form =>
  ([a], { axes }) =>
    atom(`${name}(${within(a, LEVEL.loosest)}, axis=${tuple(axes)})`)

/** What NumPy and `jax.numpy` spell alike; `np` is what the module is called. */
export const arrayTarget = (
  np: string,
  style: Style,
): Pick<
  Target,
  | 'linear'
  | 'reduce'
  | 'matrix'
  | 'reshape'
  | 'kronecker'
  | 'derivative'
  | 'symbol'
  | 'constant'
  | 'size'
  | 'variable'
  | 'einsum'
> & { readonly core: typeof pythonOperators } => ({
  // prettier-ignore
  core: pythonOperators,
  linear: {
    matmul: matmulOperator,
    transpose: postfix('.T'),
    permute: ([a], { axes }) => atom(`${np}.transpose(${within(a, LEVEL.loosest)}, (${axes.join(', ')}))`),
    sum: reducing(`${np}.sum`),
    multiply: pythonOperators.mul,
    diagonal: call(`${np}.diagonal`),
    diagonalMatrix: call(`${np}.diag`),
    trace: call(`${np}.trace`),
    dot: call(`${np}.dot`),
    outer: call(`${np}.outer`),
    ones: (_, { shape }) => atom(shape.length === 0 ? '1.0' : `${np}.ones(${shapeTuple(shape, style)})`),
    zeros: (_, { shape }) => atom(shape.length === 0 ? '0.0' : `${np}.zeros(${shapeTuple(shape, style)})`),
    eye: (_, { shape }) => atom(`${np}.eye(${sizeNumber(style)(shape[0]!).text})`),
    expand: ([a], { axes }) => atom(`${np}.expand_dims(${within(a, LEVEL.loosest)}, (${axes.join(', ')}${axes.length === 1 ? ',' : ''}))`), // prettier-ignore
    broadcast: ([a], { shape }) => atom(`${np}.full(${shapeTuple(shape, style)}, ${within(a, LEVEL.loosest)}, dtype=float)`), // prettier-ignore
  },
  reduce: { max: reducing(`${np}.max`), min: reducing(`${np}.min`), prod: reducing(`${np}.prod`) },
  matrix: { inv: call(`${np}.linalg.inv`), det: call(`${np}.linalg.det`), logdet: template(`${np}.linalg.slogdet($0)[1]`) }, // prettier-ignore
  reshape: ([a], { shape }) => atom(`${np}.reshape(${within(a, LEVEL.loosest)}, ${shapeTuple(shape, style)})`),
  kronecker: call(`${np}.kron`),
  derivative: { grad: call('grad'), jacobian: call('jacobian') },
  symbol: { pi: atom(`${np}.pi`), e: atom(`${np}.e`) },
  constant: constantPiece,
  size: sizeNumber(style),
  variable: (name) => atom(name),
  einsum: einsumCall(`${np}.einsum`),
})

/** Elementwise functions of the same name and meaning in NumPy and `jax.numpy`. */
export const arrayFunctions = (np: string) =>
  ({
    ...pythonOperators,
    gt: comparison('>', timesOne),
    ge: comparison('>=', timesOne),
    eq: comparison('==', timesOne),
    ne: comparison('!=', timesOne),
    and: logical(`${np}.logical_and`),
    or: logical(`${np}.logical_or`),
    not: logical(`${np}.logical_not`),
    where: ([c, a, b]) => atom(`${np}.where(${truthOf(c)}, ${a!.text}, ${b!.text})`),
    max: call(`${np}.maximum`),
    min: call(`${np}.minimum`),
    abs: call(`${np}.abs`),
    sign: call(`${np}.sign`),
    step: ([a]) => comparison('>', timesOne)([a!, atom('0')], { shape: [], operands: [], axes: [], keep: false }),
    exp: call(`${np}.exp`),
    log: call(`${np}.log`),
    log1p: call(`${np}.log1p`),
    expm1: call(`${np}.expm1`),
    sqrt: call(`${np}.sqrt`),
    sin: call(`${np}.sin`),
    cos: call(`${np}.cos`),
    tan: call(`${np}.tan`),
    sinh: call(`${np}.sinh`),
    cosh: call(`${np}.cosh`),
    tanh: call(`${np}.tanh`),
    asin: call(`${np}.arcsin`),
    acos: call(`${np}.arccos`),
    atan: call(`${np}.arctan`),
    relu: template(`${np}.maximum($0, 0)`),
    softplus: template(`${np}.logaddexp(0, $0)`),
  }) satisfies Partial<Target['elementwise']>

const logical =
  (name: string): Form =>
  (operands) => {
    const truth = `${name}(${operands.map(truthOf).join(', ')})`
    return { text: `${truth}*1.0`, level: LEVEL.product, truth }
  }

const python = (source: string): { source: string } => ({ source })

const HELPERS: Language['helpers'] = new Map(
  Object.entries({
    sigmoid: python(`def sigmoid(x):
    """1/(1 + exp(-x)), without overflow."""
    return np.exp(-np.logaddexp(0, -x))`),
    log_sigmoid: python(`def log_sigmoid(x):
    """log(sigmoid(x)), without overflow."""
    return -np.logaddexp(0, -x)`),
    softmax: python(`def softmax(x, axis):
    """exp(x) divided by its sum; the maximum is subtracted first, so that nothing overflows."""
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers/np.sum(powers, axis=axis, keepdims=True)`),
    logsumexp: python(`def logsumexp(x, axis):
    """log(sum(exp(x))), without overflow."""
    top = np.max(x, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))`),
    log_softmax: {
      ...python(`def log_softmax(x, axis):
    """log(softmax(x)), without overflow."""
    return x - logsumexp(x, axis)`),
      needs: ['logsumexp'],
    },
    erf: python(`def erf(x):
    """The error function entry by entry, which NumPy lacks."""
    return np.vectorize(math.erf, otypes=[float])(x)`),
    gelu: python(`def gelu(x):
    """x times the standard normal distribution function."""
    return 0.5*x*np.vectorize(math.erfc, otypes=[float])(-x/math.sqrt(2))`),
    gelu_tanh: {
      ...python(`def gelu_tanh(x):
    """0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3))), which is x*sigmoid(2*...)."""
    return x*sigmoid(math.sqrt(8/math.pi)*(x + 0.044715*x**3))`),
      needs: ['sigmoid'],
    },
    leaky_relu: python(`def leaky_relu(x, slope):
    return np.where(x > 0, x, slope*x)`),
    elu: python(`def elu(x, alpha):
    return np.where(x > 0, x, alpha*np.expm1(np.minimum(x, 0)))`),
    selu: python(`def selu(x):
    return 1.0507009873554805*np.where(x > 0, x, 1.6732632423543772*np.expm1(np.minimum(x, 0)))`),
    silu: { ...python(`def silu(x):\n    return x*sigmoid(x)`), needs: ['sigmoid'] },
    swish: { ...python(`def swish(x, beta):\n    return x*sigmoid(beta*x)`), needs: ['sigmoid'] },
    mish: python(`def mish(x):\n    return x*np.tanh(np.logaddexp(0, x))`),
  }),
)

/** How a function is written that NumPy lacks: by a helper that the program brings along, or in one expression. */
const own = (style: Style, name: string): Form => {
  const inline = style.inline?.[name]
  return (operands, detail) =>
    inline === undefined ? call(style.helper(name))(operands, detail) : inline(operands, detail)
}

/** NumPy. */
export const numpyTarget = (style: Style): Target => {
  const { core: _, ...shared } = arrayTarget('np', style)
  const named = (name: string): Form => own(style, name)
  const normalised = (name: string): Form => (operands, detail) => style.inline?.[name]?.(operands, detail) ?? along(style.helper(name))(operands, detail) // prettier-ignore
  const functions = arrayFunctions('np')
  return {
    ...shared,
    name: 'numpy',
    elementwise: {
      ...functions,
      erf: named('erf'),
      sigmoid: named('sigmoid'),
      leaky_relu: named('leaky_relu'),
      elu: named('elu'),
      selu: named('selu'),
      gelu: named('gelu'),
      gelu_tanh: named('gelu_tanh'),
      silu: named('silu'),
      swish: named('swish'),
      mish: named('mish'),
    },
    normalise: {
      softmax: normalised('softmax'),
      log_softmax: normalised('log_softmax'),
      logsumexp: normalised('logsumexp'),
    },
    stable: {
      log_sigmoid: named('log_sigmoid'),
      log_not_sigmoid: ([z], detail) => named('log_sigmoid')([negated(z!)], detail),
      softplus: functions.softplus,
      logaddexp: call('np.logaddexp'),
      log_softmax: normalised('log_softmax'),
      logsumexp: normalised('logsumexp'),
      log1p: functions.log1p,
      expm1: functions.expm1,
    },
  }
}

export const negated = (piece: Parameters<Form>[0][number]): typeof piece =>
  pythonOperators.neg([piece], { shape: [], operands: [], axes: [], keep: false })

/** The same functions in one expression each, so that an expression stands alone. Operands may be written twice. */
export const NUMPY_INLINE: NonNullable<Style['inline']> = {
  sigmoid: template('np.exp(-np.logaddexp(0, -$0))', LEVEL.atom, LEVEL.product),
  log_sigmoid: template('-np.logaddexp(0, -$0)', LEVEL.sum, LEVEL.product),
  erf: template('np.vectorize(__import__("math").erf)($0)'),
  gelu: template('0.5*$0*np.vectorize(__import__("math").erfc)(-$0/np.sqrt(2))', LEVEL.product, LEVEL.power),
  gelu_tanh: template('0.5*$0*(1 + np.tanh(np.sqrt(2/np.pi)*($0 + 0.044715*$0**3)))', LEVEL.product, LEVEL.postfix),
  leaky_relu: template('np.where($0 > 0, $0, $1*$0)', LEVEL.atom, LEVEL.product),
  elu: template('np.where($0 > 0, $0, $1*np.expm1(np.minimum($0, 0)))', LEVEL.atom, LEVEL.product),
  selu: template('1.0507009873554805*np.where($0 > 0, $0, 1.6732632423543772*np.expm1(np.minimum($0, 0)))', LEVEL.product, LEVEL.product), // prettier-ignore
  silu: template('$0*np.exp(-np.logaddexp(0, -$0))', LEVEL.product, LEVEL.power),
  swish: template('$0*np.exp(-np.logaddexp(0, -$1*$0))', LEVEL.product, LEVEL.power),
  mish: template('$0*np.tanh(np.logaddexp(0, $0))', LEVEL.product, LEVEL.power),
  logsumexp: ([a], { axes }) => atom(`np.logaddexp.reduce(${a!.text}, axis=${tuple(axes)}, keepdims=True)`),
  softmax: ([a], { axes }) => atom(`np.exp(${within(a, LEVEL.sum)} - np.logaddexp.reduce(${a!.text}, axis=${tuple(axes)}, keepdims=True))`), // prettier-ignore
  log_softmax: ([a], { axes }) => ({ text: `${within(a, LEVEL.sum)} - np.logaddexp.reduce(${a!.text}, axis=${tuple(axes)}, keepdims=True)`, level: LEVEL.sum }), // prettier-ignore
}

function render(module: Module): string {
  const code = `${helpers(module)}${functions(module)}\n\n${selfCheck(module, null)}`
  const head = imports(code, [['math', 'import math']])
  return `${header(module, 'NumPy')}${head === '' ? '' : `${head}\n`}import numpy as np\n\n\n${code}`
}

/** NumPy programs. */
export const NUMPY: Language = {
  name: 'numpy',
  reserved: [...PYTHON_RESERVED, 'np'],
  target: numpyTarget,
  helpers: HELPERS,
  length: (array, axis) => `${array}.shape[${axis}]`,
  quotient: (text, divisor) => `${text}//${divisor}`,
  render,
}
