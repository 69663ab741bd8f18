import { BackproveError } from '../base/errors.ts'
import { partsOf } from '../syntax/ast.ts'
import type { CallExpr, Expr, FunctionDefinition } from '../syntax/ast.ts'
import type { Context, Expressions } from './expression.ts'
import type { SheetFunction } from './scope.ts'

const DERIVATIVES: ReadonlySet<string> = new Set(['grad', 'jacobian', 'hessian'])

/** Reads the definition of a function: its body is checked for names, and its kind found, before any call. */
export function readFunction(
  name: string,
  statement: FunctionDefinition,
  expressions: Expressions,
  context: Context,
): SheetFunction {
  const { parameters, body } = statement
  // A stand-in for each parameter, so that names are found as they will be at a call.
  const unit = expressions.builder.whole(1)
  const args = new Map(parameters.map((parameter) => [parameter.name, unit]))
  const blank = {
    name,
    parameters,
    body,
    isWhole: true,
    differentiates: false,
    scope: context.scope,
    order: context.order,
  }
  const inside: Context = { ...context, frame: { fn: blank, args } }
  let isWhole = false
  let differentiates = false
  for (const part of partsOf(body)) {
    if (part.kind === 'transpose') isWhole = true
    if (part.kind === 'name') checkName(part, expressions, inside)
    if (part.kind === 'call') {
      if (isOwnCall(part, name, expressions, inside)) throw recursion(name, part)
      isWhole ||= isWholeCall(part, expressions, inside)
      differentiates ||= DERIVATIVES.has(part.callee.name)
    }
  }
  return { ...blank, isWhole, differentiates }
}

function checkName(part: Expr & { kind: 'name' }, expressions: Expressions, context: Context): void {
  if (part.name === 'None') return
  expressions.value(part, context)
}

function isOwnCall({ callee }: CallExpr, name: string, expressions: Expressions, context: Context): boolean {
  return !callee.numpy && expressions.nameText(callee, context) === name
}

const recursion = (name: string, part: CallExpr): BackproveError =>
  new BackproveError('recursion', `\`${name}\` is defined by itself`, {
    hint: 'a function is made of earlier ones; write the built-in one out or choose another name',
    span: part.span,
  })

function isWholeCall(part: CallExpr, expressions: Expressions, context: Context): boolean {
  const entry = expressions.function(part.callee, context)
  if (entry.kind === 'function') return entry.fn.isWhole
  return entry.kind === 'builtin' && entry.builtin.isWhole(part)
}
