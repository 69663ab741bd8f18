import type { CallExpr, Expr, InfixExpr, InfixOp, NameExpr } from '../../src/syntax/ast.ts'
import { toSource } from '../../src/syntax/source.ts'

/** An expression with one slip in it. */
export interface Mutant {
  readonly kind: string
  readonly expr: Expr
}

/** Functions that are taken for one another, in rings: each becomes the next. */
const RINGS: readonly (readonly string[])[] = [
  ['sigmoid', 'tanh'],
  ['exp', 'log'],
  ['sin', 'cos'],
  ['relu', 'abs'],
  ['max', 'min'],
  ['sum', 'mean'],
  ['softmax', 'log_softmax'],
  ['gelu', 'silu'],
]

const OPERATORS: { readonly [op in InfixOp]?: readonly InfixOp[] } = {
  '+': ['-'],
  '-': ['+'],
  '*': ['.*', '/'],
  '/': ['*'],
  '.*': ['*', './', '+'],
  './': ['.*'],
  '>': ['<', '>='],
  '<': ['>', '<='],
  '>=': ['<', '>'],
  '<=': ['>', '<'],
}

/** The names that a name may be mistaken for. */
export type Others = (name: string) => readonly string[]

/**
 * Every single slip, at every place: signs, transposes, operand order, axes, factors, constants, exponents, functions,
 * lost and doubled parts, names.
 */
export function* mutantsOf(expr: Expr, others: Others = () => []): Generator<Mutant> {
  const seen = new Set([toSource(expr)])
  for (const mutant of everywhere(expr, others)) {
    const text = toSource(mutant.expr)
    if (seen.has(text)) continue
    seen.add(text)
    yield mutant
  }
}

function* everywhere(expr: Expr, others: Others): Generator<Mutant> {
  yield* here(expr, others)
  for (const { child, withChild } of childrenOf(expr)) {
    for (const { kind, expr: edited } of everywhere(child, others)) yield { kind, expr: withChild(edited) }
  }
}

function* here(expr: Expr, others: Others): Generator<Mutant> {
  const { span } = expr
  yield { kind: 'sign', expr: { kind: 'prefix', op: '-', operand: expr, span } }
  switch (expr.kind) {
    case 'number':
      yield { kind: 'constant', expr: { ...expr, text: String(Number(expr.text) + 1) } }
      if (Number(expr.text) >= 1) yield { kind: 'constant', expr: { ...expr, text: String(Number(expr.text) - 1) } }
      return
    case 'name':
      if (expr.indices.length === 0) {
        for (const name of others(expr.name)) yield { kind: 'name', expr: { ...expr, name } }
      }
      yield { kind: 'squared', expr: { kind: 'infix', op: '.*', left: expr, right: expr, span } }
      yield { kind: 'factor', expr: doubled(expr) }
      yield { kind: 'transpose', expr: { kind: 'transpose', operand: expr, span } }
      return
    case 'transpose':
      yield { kind: 'transpose', expr: expr.operand }
      return
    case 'prefix':
      yield { kind: 'sign', expr: expr.operand }
      return
    case 'conditional':
      yield { kind: 'branches', expr: { ...expr, yes: expr.no, no: expr.yes } }
      return
    case 'call':
      yield* calls(expr)
      return
    case 'infix':
      yield* infixes(expr)
      return
    case 'boolean':
    case 'list':
  }
}

function* infixes(expr: InfixExpr): Generator<Mutant> {
  for (const op of OPERATORS[expr.op] ?? []) yield { kind: 'operator', expr: { ...expr, op } }
  yield { kind: 'order', expr: { ...expr, left: expr.right, right: expr.left } }
  if (expr.op === '.^' || expr.op === '^') {
    yield { kind: 'dropped power', expr: expr.left }
    const half: Expr = { kind: 'infix', op: '/', left: expr.right, right: { kind: 'number', text: '2', span: expr.span }, span: expr.span } // prettier-ignore
    yield { kind: 'exponent', expr: { ...expr, right: half } }
    return
  }
  const kind = expr.op === '+' || expr.op === '-' ? 'dropped term' : 'dropped factor'
  yield { kind, expr: expr.left }
  yield { kind, expr: expr.right }
}

function* calls(expr: CallExpr): Generator<Mutant> {
  const { callee, order, args, keywords } = expr
  const ring = RINGS.find((names) => names.includes(callee.name))
  if (ring !== undefined) {
    const next = ring[(ring.indexOf(callee.name) + 1) % ring.length]!
    yield { kind: 'function', expr: { ...expr, callee: { ...callee, name: next } } }
  }
  if (order > 0) yield { kind: 'prime', expr: { ...expr, order: order - 1 } }
  yield { kind: 'factor', expr: doubled(expr) }
  if (args.length === 1) yield { kind: 'dropped function', expr: args[0]! }
  if (args.length > 1 && callee.name !== 'grad') {
    for (const at of args.keys()) {
      if (at > 0) yield { kind: 'argument order', expr: { ...expr, args: args.with(at - 1, args[at]!).with(at, args[at - 1]!) } } // prettier-ignore
    }
  }
  for (const [at, { value }] of keywords.entries()) {
    if (value.kind === 'boolean') {
      yield { kind: 'keepdims', expr: { ...expr, keywords: keywords.with(at, { ...keywords[at]!, value: { ...value, value: !value.value } }) } } // prettier-ignore
    }
    if (value.kind === 'number') {
      const other: Expr = { ...value, text: value.text === '0' ? '1' : '0' }
      yield { kind: 'axis', expr: { ...expr, keywords: keywords.with(at, { ...keywords[at]!, value: other }) } }
    }
  }
}

const doubled = (expr: NameExpr | CallExpr): Expr => {
  const { span } = expr
  return { kind: 'infix', op: '*', left: { kind: 'number', text: '2', span }, right: expr, span }
}

interface Child {
  readonly child: Expr
  readonly withChild: (edited: Expr) => Expr
}

function childrenOf(expr: Expr): Child[] {
  switch (expr.kind) {
    case 'number':
    case 'boolean':
    case 'name':
    case 'list':
      return []
    case 'prefix':
    case 'transpose':
      return [{ child: expr.operand, withChild: (operand) => ({ ...expr, operand }) }]
    case 'infix':
      return [
        { child: expr.left, withChild: (left) => ({ ...expr, left }) },
        { child: expr.right, withChild: (right) => ({ ...expr, right }) },
      ]
    case 'conditional':
      return [
        { child: expr.condition, withChild: (condition) => ({ ...expr, condition }) },
        { child: expr.yes, withChild: (yes) => ({ ...expr, yes }) },
        { child: expr.no, withChild: (no) => ({ ...expr, no }) },
      ]
    case 'call':
      return expr.args.map((child, at) => ({
        child,
        withChild: (edited) => ({ ...expr, args: expr.args.with(at, edited) }),
      }))
  }
}
