import { sameShape } from '../../shape/shape.ts'
import type { Edit } from '../edit.ts'
import { call, number } from '../make.ts'
import { said } from './words.ts'

/** `dZ2` for `dZ1`: another name of the same shape. */
export const otherName: Edit = {
  name: 'other-name',
  *propose({ expr }, { values, sizeNames, shapeOf, nodeOf }) {
    if (expr.kind !== 'name') return
    const node = nodeOf(expr)
    const shape = shapeOf(expr)
    if (node === null || shape === null) return
    if (node.kind === 'size') {
      for (const size of sizeNames) yield { expr: size, phrase: () => `${said(expr)} must be ${said(size)}` }
      return
    }
    for (const value of values) {
      if (value.node === node || !sameShape(value.node.shape, shape)) continue
      yield { expr: value.expr, phrase: () => `${said(expr)} must be ${said(value.expr)}` }
    }
  },
}

/** A name of another shape; what stands around it decides whether it fits. */
export const anyName: Edit = {
  name: 'any-name',
  *propose({ expr }, { values, shapeOf, nodeOf }) {
    if (expr.kind !== 'name') return
    const [node, shape] = [nodeOf(expr), shapeOf(expr)]
    if (node?.kind === 'size') return
    for (const value of values) {
      if (shape !== null && sameShape(value.node.shape, shape)) continue
      yield { expr: value.expr, phrase: () => `${said(expr)} must be ${said(value.expr)}` }
    }
  },
}

/** Functions that are taken for one another. */
const KIN: readonly (readonly string[])[] = [
  ['sum', 'mean', 'trace'],
  ['sum', 'norm', 'prod'],
  ['sigmoid', 'tanh', 'relu', 'step', 'softplus', 'exp', 'log'],
  ['relu', 'step', 'abs', 'sign', 'leaky_relu'],
  ['sin', 'cos', 'tan'],
  ['sinh', 'cosh', 'tanh'],
  ['exp', 'log', 'expm1', 'log1p', 'sqrt'],
  ['asin', 'acos', 'atan'],
  ['max', 'min'],
  ['ones', 'zeros'],
  ['det', 'logdet', 'trace'],
  ['softmax', 'log_softmax'],
  ['var', 'std', 'mean'],
  ['dot', 'outer'],
  ['silu', 'swish', 'gelu', 'sigmoid', 'mish'],
]

/** Another function for the one that is called. */
export const otherFunction: Edit = {
  name: 'other-function',
  *propose({ expr }, { functions }) {
    if (expr.kind !== 'call') return
    const { callee } = expr
    const phrase = (other: string): string => `${said(callee)} must be ${other}`
    const kin = new Set(KIN.filter((names) => names.includes(callee.name)).flat())
    if (expr.args.length === 1) for (const fn of functions) kin.add(fn)
    kin.delete(callee.name)
    for (const fn of kin) yield { expr: { ...expr, callee: { ...callee, name: fn } }, phrase: () => phrase(fn) }
    if (callee.name === 'ones' || callee.name === 'zeros')
      yield { expr: call('eye', [expr.args[0]!]), phrase: () => phrase('eye') }
    if (callee.name === 'eye')
      yield { expr: call('ones', [expr.args[0]!, expr.args[0]!]), phrase: () => phrase('ones') }
    if (expr.args.length !== 1 || expr.keywords.length > 0) return
    const order = expr.order > 0 ? 0 : 1
    const [own, other] = [expr.order, order].map((primes) => `${callee.name}${"'".repeat(primes)}`)
    yield { expr: { ...expr, order }, phrase: () => `${own!} must be ${other!}` }
  },
}

/** Entry by entry, with the words for it that a slip leaves out. */
const WRAPPERS: readonly string[] = ['sqrt', 'step', 'log', 'exp', 'abs']

/** `z` for `tanh(z)`, and the reverse. */
export const wrap: Edit = {
  name: 'wrap',
  *propose({ expr, parent }, { functions, shapeOf }) {
    if (expr.kind === 'call' && expr.args.length === 1 && expr.keywords.length === 0) {
      yield { expr: expr.args[0]!, phrase: () => `${said(expr.callee)} is one too many` }
    }
    if (expr.kind === 'number' || expr.kind === 'transpose' || (parent?.kind === 'call' && parent.args.length === 1))
      return
    const shape = shapeOf(expr)
    if (shape === null) return
    for (const fn of new Set([...functions, ...WRAPPERS])) {
      yield { expr: call(fn, [expr]), phrase: () => `${fn} is missing around ${said(expr)}` }
    }
    if (shape.length === 2 && shape[0] === shape[1]) {
      yield { expr: call('inv', [expr]), phrase: () => `inv is missing around ${said(expr)}` }
    }
    if (shape.length === 2) {
      const sum = call('sum', [expr], { axis: number('0') })
      yield { expr: sum, phrase: () => `sum is missing around ${said(expr)}` }
    }
  },
}
