import type { Span } from '../base/errors.ts'
import { isComparisonOp, partsOf } from '../syntax/ast.ts'
import type { CallExpr, Expr, Sheet, Statement } from '../syntax/ast.ts'

/** What a sheet defines anywhere, read before any of it is understood; names are without indices. */
export interface Survey {
  readonly values: ReadonlyMap<string, Span>
  readonly functions: ReadonlyMap<string, Span>
  /** Names that stand in a shape. */
  readonly inShapes: ReadonlySet<string>
  /** Names whose definition could not be read. */
  readonly unread: ReadonlyMap<string, Span>
}

const DECLARATIONS: ReadonlySet<string> = new Set(['input', 'param', 'label', 'onehot'])
const SHAPED: ReadonlySet<string> = new Set(['ones', 'zeros', 'eye'])

export const isDeclaration = (expr: Expr): expr is CallExpr =>
  expr.kind === 'call' && isPlain(expr) && DECLARATIONS.has(expr.callee.name)

const isPlain = ({ callee, order }: CallExpr): boolean => order === 0 && !callee.numpy && callee.indices.length === 0

/** Whether an argument of a declaration is an assumption, not the length of an axis. */
export function isCondition(expr: Expr): boolean {
  for (const part of partsOf(expr)) if (part.kind === 'infix' && isComparisonOp(part.op)) return true
  return false
}

export function survey(sheet: Sheet): Survey {
  const values = new Map<string, Span>()
  const functions = new Map<string, Span>()
  const inShapes = new Set<string>()
  const unread = new Map<string, Span>()
  const note = (names: Map<string, Span>, name: string, span: Span): void => {
    if (!names.has(name)) names.set(name, span)
  }
  const read = (statement: Statement): void => {
    switch (statement.kind) {
      case 'definition':
        note(values, statement.target.name, statement.target.span)
        namesInShapes(statement.value, inShapes)
        return
      case 'function':
        note(functions, statement.target.name, statement.target.span)
        namesInShapes(statement.body, inShapes)
        return
      case 'claim':
        for (const { lhs, rhs } of statement.links) for (const side of [lhs, rhs]) namesInShapes(side, inShapes)
        return
      case 'assume':
        for (const condition of statement.conditions) namesInShapes(condition, inShapes)
        return
      case 'loop':
        note(values, statement.variable.name, statement.variable.span)
        for (const inner of statement.body) read(inner)
        return
      case 'invalid':
        if (statement.target !== null) note(unread, statement.target, statement.span)
        return
    }
  }
  for (const statement of sheet.statements) read(statement)
  return { values, functions, inShapes, unread }
}

function namesInShapes(expr: Expr, names: Set<string>): void {
  for (const part of partsOf(expr)) {
    if (part.kind !== 'call') continue
    const isShaped = SHAPED.has(part.callee.name) && part.callee.indices.length === 0
    if (!isShaped && !isDeclaration(part)) continue
    for (const arg of part.args) {
      if (isCondition(arg)) continue
      for (const inner of partsOf(arg)) if (inner.kind === 'name') names.add(inner.name)
    }
  }
}
