import { atom, call, LEVEL, postfix, template, within } from '../forms.ts'
import type { Detail, Form, Piece } from '../forms.ts'
import type { Language, Module, Style } from '../module/language.ts'
import { argumentNames, functions, header, helpers, imports, lengthNames, list, tupleOf } from '../module/python.ts'
import { selfCheck } from '../module/python-check.ts'
import type { Target } from '../target.ts'
import { negated } from './numpy.ts'
import { comparison, constantPiece, einsumCall, matmulOperator, mathForms, pythonOperators, PYTHON_RESERVED, shapeTuple, sizeNumber, truthOf, tuple } from './python.ts' // prettier-ignore

const HELPERS: Language['helpers'] = new Map(
  Object.entries({
    softplus: {
      source: `def softplus(x):
    """log(1 + exp(x)); torch.nn.functional.softplus rounds to x above 20."""
    return -torch.nn.functional.logsigmoid(-x)`,
    },
    leaky_relu: { source: 'def leaky_relu(x, slope):\n    return torch.where(x > 0, x, slope*x)' },
    elu: { source: 'def elu(x, alpha):\n    return torch.where(x > 0, x, alpha*torch.expm1(torch.clamp(x, max=0)))' },
    gelu: {
      source: `def gelu(x):
    """x times the standard normal distribution function."""
    return 0.5*x*torch.special.erfc(-x/math.sqrt(2))`,
    },
    swish: { source: 'def swish(x, beta):\n    return x*torch.sigmoid(beta*x)' },
    mish: { source: 'def mish(x):\n    return x*torch.tanh(-torch.nn.functional.logsigmoid(-x))' },
    softmax: {
      source: `def softmax(x, dim):
    """exp(x) divided by its sum over several axes."""
    return torch.exp(x - torch.logsumexp(x, dim=dim, keepdim=True))`,
    },
    log_softmax: {
      source: `def log_softmax(x, dim):
    """log(softmax(x)) over several axes."""
    return x - torch.logsumexp(x, dim=dim, keepdim=True)`,
    },
  }),
)

/** Reduced axes, none where a whole array is reduced. */
const over = ({ axes, keep, operands }: Detail): string =>
  !keep && axes.length === operands[0]?.length ? '' : `, dim=${tuple(axes)}${keep ? ', keepdim=True' : ''}`

const reducing =
  (name: string): Form =>
  ([a], detail) =>
    atom(`${name}(${within(a, LEVEL.loosest)}${over(detail)})`)

/** One axis by PyTorch's own function, several by a helper. */
const along =
  (name: string, style: Style): Form =>
  ([a], { axes }) =>
    atom(`${axes.length === 1 ? `torch.${name}` : style.helper(name)}(${within(a, LEVEL.loosest)}, dim=${tuple(axes)})`)

/** PyTorch reduces by a product over one axis at a time. */
const product: Form = ([a], { axes }) =>
  atom(axes.toReversed().reduce((text, axis) => `torch.prod(${text}, dim=${axis}, keepdim=True)`, a!.text))

const logical =
  (name: string, number: (truth: string) => Piece): Form =>
  (operands) => {
    const truth = `torch.${name}(${operands.map(truthOf).join(', ')})`
    return { ...number(truth), truth }
  }

/** PyTorch. Numbers made of sizes are Python's own, which most of its functions do not take. */
const target: Language['target'] = (style): Target => {
  const filled = (name: string, ...args: readonly string[]): Piece => {
    const like = style.like()
    if (like !== null) return atom(`${like}.new_${name}(${args.join(', ')})`)
    return atom(`torch.${name}(${[...args, 'dtype=torch.float64'].join(', ')})`)
  }
  const array = (piece: Piece | undefined): Piece => (piece!.host === true ? filled('tensor', piece!.text) : piece!)
  const arrays =
    (form: Form): Form =>
    (operands, detail) =>
      form(operands.map(array), detail)
  const number = (truth: string): Piece => {
    const like = style.like()
    return atom(`(${truth}).to(${like === null ? 'torch.float64' : `${like}.dtype`})`)
  }
  const torch = (name: string): Form => arrays(call(`torch.${name}`))
  const own = (name: string): Form => arrays((operands, detail) => call(style.helper(name))(operands, detail))
  const slope = (name: string): Form => ([x, a]) => atom(`${style.helper(name)}(${array(x).text}, ${a!.text})`) // prettier-ignore
  /** A bound that is a number is a clamp. */
  const extremum = (name: string, bound: string): Form => ([a, b], detail) => {
    if (a!.host !== true && b!.host !== true) return call(`torch.${name}`)([a!, b!], detail)
    const [x, limit] = a!.host === true ? [array(b), a!] : [a!, b!]
    return atom(`torch.clamp(${x.text}, ${bound}=${limit.text})`)
  } // prettier-ignore
  const logSigmoid = arrays(call('torch.nn.functional.logsigmoid'))
  return {
    name: 'torch',
    elementwise: {
      ...pythonOperators,
      gt: comparison('>', number),
      ge: comparison('>=', number),
      eq: comparison('==', number),
      ne: comparison('!=', number),
      and: arrays(logical('logical_and', number)),
      or: arrays(logical('logical_or', number)),
      not: arrays(logical('logical_not', number)),
      where: ([c, a, b]) => atom(`torch.where(${truthOf(array(c))}, ${array(a).text}, ${array(b).text})`),
      max: extremum('maximum', 'min'),
      min: extremum('minimum', 'max'),
      abs: torch('abs'),
      sign: torch('sign'),
      step: ([a], detail) => comparison('>', number)([array(a), atom('0')], detail),
      exp: torch('exp'),
      log: torch('log'),
      log1p: torch('log1p'),
      expm1: torch('expm1'),
      sqrt: torch('sqrt'),
      sin: torch('sin'),
      cos: torch('cos'),
      tan: torch('tan'),
      sinh: torch('sinh'),
      cosh: torch('cosh'),
      tanh: torch('tanh'),
      asin: torch('asin'),
      acos: torch('acos'),
      atan: torch('atan'),
      erf: arrays(call('torch.special.erf')),
      sigmoid: torch('sigmoid'),
      softplus: own('softplus'),
      relu: torch('relu'),
      leaky_relu: slope('leaky_relu'),
      elu: slope('elu'),
      selu: arrays(call('torch.nn.functional.selu')),
      gelu: own('gelu'),
      gelu_tanh: arrays(template('torch.nn.functional.gelu($0, approximate="tanh")')),
      silu: arrays(call('torch.nn.functional.silu')),
      swish: slope('swish'),
      mish: own('mish'),
    },
    linear: {
      matmul: matmulOperator,
      transpose: postfix('.T'),
      permute: ([a], { axes }) => atom(`torch.permute(${within(a, LEVEL.loosest)}, (${axes.join(', ')}))`),
      sum: reducing('torch.sum'),
      multiply: pythonOperators.mul,
      diagonal: call('torch.diagonal'),
      diagonalMatrix: call('torch.diag'),
      trace: call('torch.trace'),
      dot: call('torch.dot'),
      outer: call('torch.outer'),
      ones: (_, { shape }) => filled('ones', shapeTuple(shape, style)),
      zeros: (_, { shape }) => filled('zeros', shapeTuple(shape, style)),
      eye: (_, { shape }) => atom(`torch.diag(${filled('ones', shapeTuple([shape[0]!], style)).text})`),
      expand: ([a], { axes }) =>
        axes.reduce((piece, axis) => atom(`torch.unsqueeze(${piece.text}, ${axis})`), array(a)),
      broadcast: ([a], { shape }) => a!.host === true
        ? filled('full', shapeTuple(shape, style), a!.text)
        : atom(`torch.broadcast_to(${a!.text}, ${shapeTuple(shape, style)})`), // prettier-ignore
    },
    reduce: { max: reducing('torch.amax'), min: reducing('torch.amin'), prod: product },
    normalise: {
      softmax: along('softmax', style),
      log_softmax: along('log_softmax', style),
      logsumexp: ([a], { axes }) => atom(`torch.logsumexp(${a!.text}, dim=${tuple(axes)}, keepdim=True)`),
    },
    matrix: { inv: call('torch.linalg.inv'), det: call('torch.linalg.det'), logdet: call('torch.logdet') },
    reshape: ([a], { shape }) => atom(`torch.reshape(${array(a).text}, ${shapeTuple(shape, style)})`),
    derivative: { grad: call('grad'), jacobian: call('jacobian') },
    symbol: { pi: atom('math.pi'), e: atom('math.e') },
    constant: constantPiece,
    size: sizeNumber(style),
    variable: (name) => atom(name),
    einsum: (spec, operands) => einsumCall('torch.einsum')(spec, operands.map(array)),
    stable: {
      log_sigmoid: logSigmoid,
      log_not_sigmoid: ([z], detail) => logSigmoid([negated(array(z))], detail),
      softplus: own('softplus'),
      logaddexp: torch('logaddexp'),
      log_softmax: along('log_softmax', style),
      logsumexp: ([a], { axes }) => atom(`torch.logsumexp(${a!.text}, dim=${tuple(axes)}, keepdim=True)`),
      log1p: torch('log1p'),
      expm1: torch('expm1'),
    },
    host: mathForms,
  }
}

/** The scalar as one differentiable function, whose derivative is the one printed here. */
function autogradFunction(module: Module): string {
  if (!module.gradients.some(({ isArgument }) => isArgument)) return ''
  const args = argumentNames(module)
  const lengths = lengthNames(module)
  const gradient = new Map(module.gradients.map(({ wrt }) => [wrt, `upstream*gradients["${wrt}"]`]))
  const results = args.map((name) => gradient.get(name) ?? 'None')
  const keep = lengths.length === 0 ? '' : `        ctx.lengths = ${tupleOf(lengths)}\n`
  return `class Loss(torch.autograd.Function):
    """${module.of}, with the gradients of this file as its derivative; by other arguments it counts as constant.

    Used as Loss.apply(${list(args)}).
    """

    @staticmethod
    def forward(ctx, ${list(args)}):
        value, cache = _forward(${list(args)})
        ctx.save_for_backward(*cache)
${keep}        return value

    @staticmethod
    def backward(ctx, upstream):
        gradients = _backward(ctx.saved_tensors${lengths.length === 0 ? '' : ', *ctx.lengths'})
        upstream = torch.sum(upstream)
        return ${tupleOf(results)}


`
}

function render(module: Module): string {
  // A number of the precision of the data, where there are any.
  const number = (text: string): string => module.cache.length === 0 ? `torch.tensor(${text}, dtype=torch.float64)` : `cache[0].new_tensor(${text})` // prettier-ignore
  const check = selfCheck(module, {
    to: (array) => `torch.from_numpy(${array}.copy())`,
    from: (array) => `torch.as_tensor(${array}).detach().numpy()`,
  })
  const code = `${helpers(module)}${functions(module, number)}\n\n${autogradFunction(module)}${check}`
  const head = imports(code, [['math', 'import math']])
  return `${header(module, 'PyTorch')}${head === '' ? '' : `${head}\n`}import numpy as np\nimport torch\n\n\n${code}`
}

/** PyTorch programs. */
export const TORCH: Language = {
  name: 'torch',
  reserved: [...PYTHON_RESERVED, 'np', 'torch', 'Loss', 'upstream'],
  target,
  helpers: HELPERS,
  length: (array, axis) => `${array}.shape[${axis}]`,
  quotient: (text, divisor) => `${text}//${divisor}`,
  render,
}
