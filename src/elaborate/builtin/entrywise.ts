import { BackproveError } from '../../base/errors.ts'
import { parseRational, rational } from '../../base/rational.ts'
import type { Node } from '../../graph/node.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import { broadcastShapes, shapeText } from '../../shape/shape.ts'
import { toSource } from '../../syntax/source.ts'
import { bind, countError, entrywise } from '../call.ts'
import type { Builtin, Call } from '../call.ts'

/** Applies an operation to nodes whose shapes must broadcast, naming the arguments where they do not. */
export function applyBroadcasting(call: Call, fn: ElementwiseName, args: readonly Node[]): Node {
  if (broadcastShapes(args.map(({ shape }) => shape)) !== null) return call.builder.call(fn, ...args)
  const parts = call.expr.args.map((arg, at) => {
    const shape = args[at]?.shape
    return shape === undefined ? '' : `${toSource(arg, 30)} is ${shapeText(shape)}`
  })
  throw new BackproveError(
    'shape',
    `\`${toSource(call.expr, 60)}\`: ${parts.filter((part) => part !== '').join(', ')}`,
    {
      hint: 'the sizes of each axis must be the same or a literal 1',
    },
  )
}

/** A parameter that may be left out, with the text of its value. */
type Option = readonly [name: string, value: string]

function elementwise(fn: ElementwiseName, parameters: readonly string[], options: readonly Option[] = []): Builtin {
  const positional = [...parameters, ...options.map(([name]) => name)]
  return entrywise((call) => {
    const bound = bind(call, { positional, required: parameters.length })
    const defaults = new Map(options)
    const args = positional.map((name) => {
      const expr = bound.get(name)
      return expr === undefined ? call.builder.constant(parseRational(defaults.get(name)!)) : call.value(expr)
    })
    return applyBroadcasting(call, fn, args)
  })
}

/** `max(a, b, c)` is `max(max(a, b), c)`. */
export const chained =
  (fn: ElementwiseName) =>
  (call: Call): Node => {
    const { args, keywords } = call.expr
    if (args.length < 2 || keywords.length > 0) throw countError(call.name, args.length + keywords.length, 2, Infinity)
    const [first, ...rest] = args.map((arg) => call.value(arg))
    return rest.reduce((left, right) => applyBroadcasting(call, fn, [left, right]), first!)
  }

/** Names whose calls have the arguments of the operation, no more. */
const PLAIN = [
  'exp', 'log', 'log1p', 'expm1', 'sqrt', 'abs', 'sign', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'asin', 'acos',
  'atan', 'erf', 'step', 'sigmoid', 'softplus', 'relu', 'selu', 'gelu', 'gelu_tanh', 'silu', 'mish',
] as const satisfies readonly ElementwiseName[] // prettier-ignore

export const entrywiseFunctions: readonly (readonly [string, Builtin])[] = [
  ...PLAIN.map((name) => [name, elementwise(name, ['z'])] as const),
  ['pow', elementwise('pow', ['x', 'p'])],
  ['where', elementwise('where', ['c', 'a', 'b'])],
  ['leaky_relu', elementwise('leaky_relu', ['z'], [['slope', '0.01']])],
  ['elu', elementwise('elu', ['z'], [['alpha', '1']])],
  ['swish', elementwise('swish', ['z'], [['beta', '1']])],
]

const NUMPY_NAMES: readonly (readonly [numpy: string, fn: ElementwiseName])[] = [
  ['add', 'add'],
  ['subtract', 'sub'],
  ['multiply', 'mul'],
  ['divide', 'div'],
  ['true_divide', 'div'],
  ['negative', 'neg'],
  ['power', 'pow'],
  ['exp', 'exp'],
  ['expm1', 'expm1'],
  ['log', 'log'],
  ['log1p', 'log1p'],
  ['sqrt', 'sqrt'],
  ['abs', 'abs'],
  ['absolute', 'abs'],
  ['fabs', 'abs'],
  ['sign', 'sign'],
  ['sin', 'sin'],
  ['cos', 'cos'],
  ['tan', 'tan'],
  ['sinh', 'sinh'],
  ['cosh', 'cosh'],
  ['tanh', 'tanh'],
  ['arcsin', 'asin'],
  ['arccos', 'acos'],
  ['arctan', 'atan'],
  ['maximum', 'max'],
  ['minimum', 'min'],
  ['where', 'where'],
  ['greater', 'gt'],
  ['greater_equal', 'ge'],
  ['equal', 'eq'],
  ['not_equal', 'ne'],
  ['logical_and', 'and'],
  ['logical_or', 'or'],
  ['logical_not', 'not'],
]

const LETTERS = ['a', 'b', 'c']

/** `np.less(a, b)` is `np.greater(b, a)`. */
const turned = (fn: ElementwiseName): Builtin =>
  entrywise((call) => {
    const bound = bind(call, { positional: ['a', 'b'], required: 2 })
    return call.builder.call(fn, call.value(bound.get('b')!), call.value(bound.get('a')!))
  })

const square = entrywise((call) => {
  const bound = bind(call, { positional: ['a'], required: 1 })
  return call.builder.call('pow', call.value(bound.get('a')!), call.builder.constant(rational(2)))
})

const reciprocal = entrywise((call) => {
  const bound = bind(call, { positional: ['a'], required: 1 })
  return call.builder.call('div', call.builder.whole(1), call.value(bound.get('a')!))
})

const clip = entrywise((call) => {
  const bound = bind(call, { positional: ['a', 'a_min', 'a_max'], required: 3 })
  const [a, least, most] = ['a', 'a_min', 'a_max'].map((name) => call.value(bound.get(name)!))
  return applyBroadcasting(call, 'min', [applyBroadcasting(call, 'max', [a!, least!]), most!])
})

export const numpyEntrywise: readonly (readonly [string, Builtin])[] = [
  ...NUMPY_NAMES.map(([name, fn]) => [name, elementwise(fn, LETTERS.slice(0, ELEMENTWISE[fn].arity))] as const),
  ['less', turned('gt')],
  ['less_equal', turned('ge')],
  ['square', square],
  ['reciprocal', reciprocal],
  ['clip', clip],
]
