import type { Expr, InfixExpr } from '../syntax/ast.ts'

/** The expression with plain names replaced; a chain that leans to the left is walked, not recursed into. */
export function replaceNames(expr: Expr, texts: ReadonlyMap<string, Expr>): Expr {
  const again = (part: Expr): Expr => replaceNames(part, texts)
  switch (expr.kind) {
    case 'number':
    case 'boolean':
    case 'list':
      return expr
    case 'name':
      return expr.indices.length === 0 ? (texts.get(expr.name) ?? expr) : expr
    case 'prefix':
    case 'transpose':
      return { ...expr, operand: again(expr.operand) }
    case 'conditional':
      return { ...expr, condition: again(expr.condition), yes: again(expr.yes), no: again(expr.no) }
    case 'call':
      return {
        ...expr,
        args: expr.args.map(again),
        keywords: expr.keywords.map((keyword) => ({ ...keyword, value: again(keyword.value) })),
      }
    case 'infix': {
      const spine: InfixExpr[] = []
      let left: Expr = expr
      for (; left.kind === 'infix'; left = left.left) spine.push(left)
      return spine.reduceRight<Expr>((inner, part) => ({ ...part, left: inner, right: again(part.right) }), again(left))
    }
  }
}
