import type { Expr, InfixExpr } from '../syntax/ast.ts'

/**
 * The expression with `replace` applied to every part, inner ones first; a chain that leans to the left is walked, not
 * recursed into. Indices of names and callees are no parts.
 */
export function mapParts(expr: Expr, replace: (part: Expr) => Expr): Expr {
  const again = (part: Expr): Expr => mapParts(part, replace)
  switch (expr.kind) {
    case 'number':
    case 'boolean':
    case 'list':
    case 'name':
      return replace(expr)
    case 'prefix':
    case 'transpose':
      return replace({ ...expr, operand: again(expr.operand) })
    case 'conditional':
      return replace({ ...expr, condition: again(expr.condition), yes: again(expr.yes), no: again(expr.no) })
    case 'call':
      return replace({
        ...expr,
        args: expr.args.map(again),
        keywords: expr.keywords.map((keyword) => ({ ...keyword, value: again(keyword.value) })),
      })
    case 'infix': {
      const spine: InfixExpr[] = []
      let left: Expr = expr
      for (; left.kind === 'infix'; left = left.left) spine.push(left)
      const join = (inner: Expr, part: InfixExpr): Expr => replace({ ...part, left: inner, right: again(part.right) })
      return spine.reduceRight<Expr>(join, again(left))
    }
  }
}

/** The expression with plain names replaced. */
export const replaceNames = (expr: Expr, texts: ReadonlyMap<string, Expr>): Expr =>
  mapParts(expr, (part) =>
    part.kind === 'name' && part.indices.length === 0 && !part.numpy ? (texts.get(part.name) ?? part) : part,
  )
