import type { Expr } from '../syntax/ast.ts'

/** A part of an expression that an edit may replace. */
export interface Site {
  readonly expr: Expr
  /** The whole expression with something else in this place. */
  readonly replace: (part: Expr) => Expr
  readonly parent: Expr | null
}

/** Their arguments are names and lengths, not formulas. */
const CLOSED: ReadonlySet<string> = new Set(['grad', 'jacobian', 'hessian', 'ones', 'zeros', 'eye'])

/** Parts looked at in one expression: edits of a longer one are sought only in its outer parts. */
const MOST_SITES = 160

/** The parts of an expression, outer ones first. */
export function sitesOf(expr: Expr): Site[] {
  const sites: Site[] = [{ expr, replace: (part) => part, parent: null }]
  for (let at = 0; at < sites.length && sites.length < MOST_SITES; at++) sites.push(...childrenOf(sites[at]!))
  return sites
}

function childrenOf({ expr, replace }: Site): Site[] {
  const child = (inner: Expr, rebuild: (part: Expr) => Expr): Site => ({
    expr: inner,
    replace: (part) => replace(rebuild(part)),
    parent: expr,
  })
  switch (expr.kind) {
    case 'number':
    case 'boolean':
    case 'name':
    case 'list':
      return []
    case 'prefix':
    case 'transpose':
      return [child(expr.operand, (operand) => ({ ...expr, operand }))]
    case 'infix':
      return [child(expr.left, (left) => ({ ...expr, left })), child(expr.right, (right) => ({ ...expr, right }))]
    case 'conditional':
      return [
        child(expr.condition, (condition) => ({ ...expr, condition })),
        child(expr.yes, (yes) => ({ ...expr, yes })),
        child(expr.no, (no) => ({ ...expr, no })),
      ]
    case 'call':
      if (CLOSED.has(expr.callee.name)) return []
      return expr.args.map((arg, at) => child(arg, (part) => ({ ...expr, args: expr.args.with(at, part) })))
  }
}
