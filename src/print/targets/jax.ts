import { call, template } from '../forms.ts'
import type { Form } from '../forms.ts'
import type { Language, Module } from '../module/language.ts'
import { argumentNames, functions, header, helpers, imports, lengthNames, list, tupleOf } from '../module/python.ts'
import { selfCheck } from '../module/python-check.ts'
import type { Target } from '../target.ts'
import { along, arrayFunctions, arrayTarget, negated } from './numpy.ts'
import { PYTHON_RESERVED } from './python.ts'

const HELPERS: Language['helpers'] = new Map(
  Object.entries({
    leaky_relu: { source: 'def leaky_relu(x, slope):\n    return jnp.where(x > 0, x, slope*x)' },
    elu: { source: 'def elu(x, alpha):\n    return jnp.where(x > 0, x, alpha*jnp.expm1(jnp.minimum(x, 0)))' },
    gelu: {
      source: `def gelu(x):
    """x times the standard normal distribution function."""
    return 0.5*x*jax.scipy.special.erfc(-x/math.sqrt(2))`,
    },
    swish: { source: 'def swish(x, beta):\n    return x*jax.nn.sigmoid(beta*x)' },
    mish: { source: 'def mish(x):\n    return x*jnp.tanh(jax.nn.softplus(x))' },
    logsumexp: {
      source: `def logsumexp(x, axis):
    return jax.scipy.special.logsumexp(x, axis=axis, keepdims=True)`,
    },
  }),
)

/** JAX. */
const target: Language['target'] = (style): Target => {
  const { core: _, ...shared } = arrayTarget('jnp', style)
  const functions = arrayFunctions('jnp')
  const own =
    (name: string): Form =>
    (operands, detail) =>
      call(style.helper(name))(operands, detail)
  const logSigmoid = call('jax.nn.log_sigmoid')
  const logsumexp: Form = (operands, detail) => along(style.helper('logsumexp'))(operands, detail)
  return {
    ...shared,
    name: 'jax',
    elementwise: {
      ...functions,
      erf: call('jax.scipy.special.erf'),
      sigmoid: call('jax.nn.sigmoid'),
      softplus: call('jax.nn.softplus'),
      leaky_relu: own('leaky_relu'),
      elu: own('elu'),
      selu: call('jax.nn.selu'),
      gelu: own('gelu'),
      gelu_tanh: template('jax.nn.gelu($0, approximate=True)'),
      silu: call('jax.nn.silu'),
      swish: own('swish'),
      mish: own('mish'),
    },
    normalise: { softmax: along('jax.nn.softmax'), log_softmax: along('jax.nn.log_softmax'), logsumexp },
    stable: {
      log_sigmoid: logSigmoid,
      log_not_sigmoid: ([z], detail) => logSigmoid([negated(z!)], detail),
      softplus: call('jax.nn.softplus'),
      logaddexp: call('jnp.logaddexp'),
      log_softmax: along('jax.nn.log_softmax'),
      logsumexp,
      log1p: functions.log1p,
      expm1: functions.expm1,
    },
  }
}

/** The scalar as one differentiable function, whose derivative is the one printed here. */
function customVjp(module: Module): string {
  if (!module.gradients.some(({ isArgument }) => isArgument)) return ''
  const names = argumentNames(module)
  const lengths = lengthNames(module)
  const args = list(names)
  const gradient = new Map(module.gradients.map(({ wrt }) => [wrt, `cotangent*gradients["${wrt}"]`]))
  const results = module.args.flatMap(({ name, sample }) => (sample === null ? [] : [gradient.get(name) ?? 'None']))
  const decorator = lengths.length === 0
    ? '@jax.custom_vjp'
    : `@functools.partial(jax.custom_vjp, nondiff_argnums=${tupleOf(lengths.map((name) => String(names.indexOf(name))))})` // prettier-ignore
  return `${decorator}
def loss(${args}):
    """${module.of}, with the gradients of this file as its derivative; by other arguments it counts as constant."""
    return forward(${args})


def _loss_forward(${args}):
    return _forward(${args})


def _loss_backward(${list([...lengths, 'cache', 'cotangent'])}):
    gradients = _backward(${list(['cache', ...lengths])})
    cotangent = jnp.sum(cotangent)
    return ${tupleOf(results)}


loss.defvjp(_loss_forward, _loss_backward)


`
}

function render(module: Module): string {
  const check = selfCheck(module, {
    to: (array) => `jnp.asarray(${array})`,
    from: (array) => `np.asarray(${array})`,
    setup: '    jax.config.update("jax_enable_x64", True)\n',
  })
  const code = `${helpers(module)}${functions(module)}\n\n${customVjp(module)}${check}`
  const head = imports(code, [['functools', 'import functools'], ['math', 'import math']]) // prettier-ignore
  return `${header(module, 'JAX')}${head === '' ? '' : `${head}\n`}import jax\nimport jax.numpy as jnp\nimport numpy as np\n\n\n${code}`
}

/** JAX programs. */
export const JAX: Language = {
  name: 'jax',
  reserved: [...PYTHON_RESERVED, 'np', 'jnp', 'jax', 'loss', '_loss_forward', '_loss_backward', 'cotangent'],
  target,
  helpers: HELPERS,
  length: (array, axis) => `${array}.shape[${axis}]`,
  quotient: (text, divisor) => `${text}//${divisor}`,
  render,
}
