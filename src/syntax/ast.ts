import type { BackproveError, Span } from '../base/errors.ts'

/**
 * The tree of a sheet. Chains like `a + b + c` lean to the left and may be a hundred thousand terms deep; in every
 * other direction the depth is bounded by `MAX_NESTING`. A pass may therefore recurse into any child except the left
 * operand of an `infix`, along which it walks with `leftSpine`.
 */
export type Expr =
  NumberExpr | BooleanExpr | NameExpr | CallExpr | PrefixExpr | InfixExpr | TransposeExpr | ConditionalExpr | ListExpr

/** A literal, in the spelling of its source: its value is the exact rational of that text. Never negative. */
export interface NumberExpr {
  readonly kind: 'number'
  readonly text: string
  readonly span: Span
}

/** `True` or `False`, for `keepdims=`. */
export interface BooleanExpr {
  readonly kind: 'boolean'
  readonly value: boolean
  readonly span: Span
}

/** A name in NFC, with its indices if any: `Z`, `Z[l]`, `W[l,k]`. `np.pi` is the name `pi` with `numpy`. */
export interface NameExpr {
  readonly kind: 'name'
  readonly name: string
  readonly indices: readonly Expr[]
  readonly numpy: boolean
  readonly span: Span
}

/** `f(a, axis=0)`; with `order` above 0 the call of a derivative: `g'(z)` has order 1, `g''(z)` order 2. */
export interface CallExpr {
  readonly kind: 'call'
  readonly callee: NameExpr
  readonly order: number
  readonly args: readonly Expr[]
  readonly keywords: readonly Keyword[]
  readonly span: Span
}

export interface Keyword {
  readonly name: string
  readonly value: Expr
  readonly span: Span
}

export type PrefixOp = '-' | '+' | 'not'

export interface PrefixExpr {
  readonly kind: 'prefix'
  readonly op: PrefixOp
  readonly operand: Expr
  readonly span: Span
}

export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>='
export type InfixOp = '+' | '-' | '*' | '/' | '.*' | './' | '^' | '.^' | ComparisonOp | 'and' | 'or'

/** `2 m`, a number before a name, is the infix `*` as well. */
export interface InfixExpr {
  readonly kind: 'infix'
  readonly op: InfixOp
  readonly left: Expr
  readonly right: Expr
  readonly span: Span
}

/** `A'` or `A.T`. */
export interface TransposeExpr {
  readonly kind: 'transpose'
  readonly operand: Expr
  readonly span: Span
}

/** `condition ? yes : no`. */
export interface ConditionalExpr {
  readonly kind: 'conditional'
  readonly condition: Expr
  readonly yes: Expr
  readonly no: Expr
  readonly span: Span
}

/** `[0, 2]`: axes. Only ever an argument of a call. */
export interface ListExpr {
  readonly kind: 'list'
  readonly items: readonly Expr[]
  readonly span: Span
}

export type Statement = Definition | FunctionDefinition | Claim | Assume | Loop | Invalid

/** `name = expr`; whether it declares data, names another function or defines a value, the right side tells. */
export interface Definition {
  readonly kind: 'definition'
  readonly target: NameExpr
  readonly value: Expr
  readonly span: Span
}

/** `f(a, b) = expr`. */
export interface FunctionDefinition {
  readonly kind: 'function'
  readonly target: NameExpr
  readonly parameters: readonly Parameter[]
  readonly body: Expr
  readonly span: Span
}

export interface Parameter {
  readonly name: string
  readonly span: Span
}

/** `lhs == rhs`, or a chain with one link for each `==`. */
export interface Claim {
  readonly kind: 'claim'
  readonly links: readonly ClaimLink[]
  readonly span: Span
}

export interface ClaimLink {
  /** `lhs == rhs` in the spelling of the sheet. */
  readonly text: string
  readonly lhs: Expr
  readonly rhs: Expr
  readonly span: Span
}

/** `assume(condition, …)`. */
export interface Assume {
  readonly kind: 'assume'
  readonly conditions: readonly Expr[]
  readonly span: Span
}

/** `for name = from:to` or `for name = from:step:to`, up to its `end`. */
export interface Loop {
  readonly kind: 'loop'
  readonly variable: Parameter
  readonly from: Expr
  readonly step: Expr | null
  readonly to: Expr
  readonly body: readonly Statement[]
  readonly span: Span
}

/** A statement that could not be read. What it would have claimed still gets a verdict each, `error`. */
export interface Invalid {
  readonly kind: 'invalid'
  readonly error: BackproveError
  readonly claims: readonly UnreadClaim[]
  /** The name that it would have defined, without indices. */
  readonly target: string | null
  readonly span: Span
}

export interface UnreadClaim {
  readonly text: string
  readonly span: Span
}

export interface Sheet {
  readonly statements: readonly Statement[]
}

/** Brackets, prefixes, powers, transposes and conditionals inside one another. Far below where mathjs overflows. */
export const MAX_NESTING = 200

/**
 * The infix nodes met on the way down the left operands, outermost first, and the operand at the bottom.
 * `a + b - c` gives `[a + b - c, a + b]` and `a`.
 */
export function leftSpine(expr: Expr): { spine: InfixExpr[]; head: Expr } {
  const spine: InfixExpr[] = []
  let head = expr
  while (head.kind === 'infix') {
    spine.push(head)
    head = head.left
  }
  return { spine, head }
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])

export const isComparisonOp = (op: string): op is ComparisonOp => COMPARISONS.has(op)

/** Every part of an expression, the expression itself first; iterative. A callee is no part, its indices are. */
export function* partsOf(expr: Expr): Generator<Expr> {
  const stack: Expr[] = [expr]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    yield part
    for (const child of childrenOf(part).reverse()) stack.push(child)
  }
}

function childrenOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'boolean':
      return []
    case 'name':
      return [...expr.indices]
    case 'call':
      return [...expr.callee.indices, ...expr.args, ...expr.keywords.map(({ value }) => value)]
    case 'prefix':
    case 'transpose':
      return [expr.operand]
    case 'infix':
      return [expr.left, expr.right]
    case 'conditional':
      return [expr.condition, expr.yes, expr.no]
    case 'list':
      return [...expr.items]
  }
}
