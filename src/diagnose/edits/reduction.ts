import type { Shape } from '../../shape/shape.ts'
import { ONE_SIZE } from '../../shape/size.ts'
import type { CallExpr, Expr } from '../../syntax/ast.ts'
import type { Edit, Proposal, Surroundings } from '../edit.ts'
import { call, number } from '../make.ts'
import { over, said } from './words.ts'

export const REDUCTIONS: ReadonlySet<string> = new Set([
  'sum',
  'mean',
  'prod',
  'var',
  'std',
  'norm',
  'logsumexp',
  'max',
  'min',
])
export const NORMALISED: ReadonlySet<string> = new Set(['softmax', 'log_softmax'])

export const keyword = (expr: CallExpr, name: string): Expr | undefined =>
  expr.keywords.find((given) => given.name === name)?.value

const without = (expr: CallExpr, name: string): CallExpr => ({
  ...expr,
  keywords: expr.keywords.filter((given) => given.name !== name),
})

export function having(expr: CallExpr, name: string, value: Expr): CallExpr {
  const at = expr.keywords.findIndex((given) => given.name === name)
  const given = { name, value, span: expr.span }
  return { ...expr, keywords: at < 0 ? [...expr.keywords, given] : expr.keywords.with(at, given) }
}

const keeps: Expr = { kind: 'boolean', value: true, span: { line: 1, column: 1 } }

/** The axis along which a reduction runs. */
export const axis: Edit = {
  name: 'axis',
  *propose({ expr }, { shapeOf }) {
    if (expr.kind !== 'call' || !(REDUCTIONS.has(expr.callee.name) || NORMALISED.has(expr.callee.name))) return
    const [arg, position] = expr.args
    const shape = arg === undefined ? null : shapeOf(arg)
    if (shape === null) return
    const given = keyword(expr, 'axis')
    const from = expr.callee.numpy ? 0 : 1
    for (const [at, size] of shape.entries()) {
      if (size === ONE_SIZE) continue
      const text = number(String(at))
      const phrase = (): string => `${expr.callee.name} runs over ${over(size)}: axis=${at}`
      if (position !== undefined && position.kind === 'number') {
        if (Number(position.text) !== at + from)
          yield { expr: { ...expr, args: [arg!, number(String(at + from))] }, phrase }
      } else if (given?.kind !== 'number' || Number(given.text) !== at) {
        yield { expr: having(expr, 'axis', text), phrase }
      }
    }
    if (NORMALISED.has(expr.callee.name)) return
    if (given !== undefined || position !== undefined) {
      const whole = { ...without(without(expr, 'axis'), 'keepdims'), args: [arg!] }
      yield { expr: whole, phrase: () => `${expr.callee.name} runs over all entries` }
    }
    for (const value of [keeps, { ...keeps, value: false } as Expr]) {
      if (keyword(expr, 'axis') === undefined) continue
      const text = value === keeps ? 'keepdims=True is missing: the axis must stay' : 'keepdims=False: the axis must go'
      yield { expr: having(expr, 'keepdims', value), phrase: () => text }
    }
  },
}

/** `sum` for `mean`, and the reverse. */
export const meanForSum: Edit = {
  name: 'mean-for-sum',
  *propose({ expr }) {
    if (expr.kind !== 'call') return
    const { callee } = expr
    const other = callee.name === 'sum' ? 'mean' : callee.name === 'mean' ? 'sum' : null
    if (other === null) return
    yield { expr: { ...expr, callee: { ...callee, name: other } }, phrase: () => `${callee.name} must be ${other}` }
  },
}

/** `dZ` for `sum(dZ, axis=1)`. */
export const addSum: Edit = {
  name: 'add-sum',
  *propose({ expr, parent }, around) {
    const shape = around.shapeOf(expr)
    if (shape === null || shape.length === 0 || parent?.kind === 'transpose') return
    for (const fn of ['sum', 'mean']) for (const edit of reductions(fn, expr, shape, around)) yield edit
  },
}

function* reductions(fn: string, expr: Expr, shape: Shape, { shapeOf }: Surroundings): Generator<Proposal> {
  for (const [at, size] of shape.entries()) {
    if (size === ONE_SIZE) continue
    const reduced = call(fn, [expr], { axis: number(String(at)) })
    const phrase = (): string => `the ${fn} of ${said(expr)} over ${over(size)} is missing: axis=${at}`
    yield { expr: reduced, phrase }
  }
  if (shape.filter((size) => size !== ONE_SIZE).length > 1 || shapeOf(expr)?.length === 1) {
    yield { expr: call(fn, [expr]), phrase: () => `the ${fn} of ${said(expr)} over all entries is missing` }
  }
}

/** `sum(dZ, axis=1)` for `dZ`. */
export const dropSum: Edit = {
  name: 'drop-sum',
  *propose({ expr }) {
    if (expr.kind !== 'call' || !REDUCTIONS.has(expr.callee.name) || expr.args.length === 0) return
    yield { expr: expr.args[0]!, phrase: () => `the ${expr.callee.name} is one too many` }
  },
}
