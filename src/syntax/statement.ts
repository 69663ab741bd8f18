import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import { isComparisonOp } from './ast.ts'
import type { ClaimLink, Expr, Invalid, NameExpr, Parameter, Statement, UnreadClaim } from './ast.ts'
import { parseTokens } from './mathjs.ts'
import { badTokenError, isClosing, isOpening, isOperator } from './token.ts'
import type { Token } from './token.ts'

/** The tokens of one statement, without line ends, and the text that they are slices of. */
export interface RawStatement {
  readonly source: string
  readonly tokens: readonly Token[]
  readonly span: Span
  /** What was found wrong while its end was sought. */
  readonly error: BackproveError | null
}

/** Reads one statement that is neither `for` nor `end`. What cannot be read becomes `invalid`. */
export function readStatement(raw: RawStatement): Statement {
  try {
    if (raw.error !== null) throw raw.error
    return classify(raw)
  } catch (error) {
    if (!(error instanceof BackproveError)) throw error
    return invalid(raw, error)
  }
}

export function invalid(raw: RawStatement, error: BackproveError): Invalid {
  return {
    kind: 'invalid',
    error: error.at(raw.span),
    claims: unreadClaims(raw),
    target: unreadTarget(raw),
    span: raw.span,
  }
}

function classify(raw: RawStatement): Statement {
  const { tokens } = raw
  const bad = tokens.find((token) => token.kind === 'bad')
  if (bad?.kind === 'bad') throw badTokenError(bad)
  const top = topLevel(tokens)
  const equals = top.filter((index) => isOperator(tokens[index], '='))
  const [first, second] = equals
  if (second !== undefined) {
    throw fault(
      tokens[second],
      'a second `=` in one statement',
      'one definition to a statement; a claim is written `==`',
    )
  }
  if (first !== undefined) return definition(raw, first)
  if (top.some((index) => isOperator(tokens[index], '=='))) return claim(raw, top)
  return assumption(raw) ?? notAStatement(raw, top)
}

/** The indices of the tokens outside all brackets. */
function topLevel(tokens: readonly Token[]): number[] {
  const indices: number[] = []
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (isClosing(token)) depth = Math.max(0, depth - 1)
    else if (isOpening(token)) depth++
    else if (depth === 0) indices.push(index)
  }
  return indices
}

function definition(raw: RawStatement, equals: number): Statement {
  const { span } = raw
  const { target, parameters } = readTarget(raw.tokens.slice(0, equals), raw.tokens[equals])
  const value = parseSide(raw.tokens.slice(equals + 1), raw.tokens[equals])
  return parameters === null
    ? { kind: 'definition', target, value, span }
    : { kind: 'function', target, parameters, body: value, span }
}

/** `Z`, `Z[l]`, `f(a, b)` or `f[l](a, b)`. */
function readTarget(
  tokens: readonly Token[],
  equals: Token | undefined,
): { target: NameExpr; parameters: readonly Parameter[] | null } {
  const place = tokens[0] ?? equals
  const hint = 'the left side of `=` is a name: `dW1 = …`, `Z[l] = …`, or `f(z) = …` for a function'
  if (tokens.length === 0) throw fault(place, 'a name is expected before `=`', hint)
  const expr = parseTokens(tokens)
  if (expr.kind === 'name' && !expr.numpy) return { target: expr, parameters: null }
  if (expr.kind !== 'call' || expr.order > 0 || expr.callee.numpy)
    throw fault(place, 'only a name can be defined', hint)
  const [keyword] = expr.keywords
  if (keyword !== undefined) {
    throw new BackproveError('unsupported', `the parameter \`${keyword.name}\` has a value of its own`, {
      hint: 'parameters have no defaults',
      span: keyword.span,
    })
  }
  if (expr.args.length === 0) throw fault(place, 'a function without parameters', 'define a value: `name = …`')
  const parameters: Parameter[] = []
  for (const arg of expr.args) parameters.push(readParameter(arg, parameters))
  return { target: expr.callee, parameters }
}

function readParameter(arg: Expr, before: readonly Parameter[]): Parameter {
  if (arg.kind !== 'name' || arg.indices.length > 0 || arg.numpy) {
    throw new BackproveError('syntax', 'a parameter is a plain name', { hint: '`f(a, b) = …`', span: arg.span })
  }
  if (before.some((parameter) => parameter.name === arg.name)) {
    throw new BackproveError('redefinition', `the parameter \`${arg.name}\` stands twice`, {
      hint: 'give each parameter a name of its own',
      span: arg.span,
    })
  }
  return { name: arg.name, span: arg.span }
}

function claim(raw: RawStatement, top: readonly number[]): Statement {
  const { tokens } = raw
  for (const index of top) refuseBesideClaim(tokens[index])
  const cuts = top.filter((index) => isOperator(tokens[index], '=='))
  const sides = cut(tokens, cuts)
  const exprs = sides.map((side, at) => parseSide(side, tokens[cuts[Math.max(0, at - 1)] ?? 0]))
  const links: ClaimLink[] = []
  for (const [at, rhs] of exprs.entries()) {
    const lhs = exprs[at - 1]
    const unread = linkText(raw, sides, at)
    if (lhs !== undefined && unread !== null) links.push({ ...unread, lhs, rhs })
  }
  return { kind: 'claim', links, span: raw.span }
}

function refuseBesideClaim(token: Token | undefined): void {
  if (token?.kind !== 'operator' || token.text === '==') return
  const { text } = token
  const hint = 'put parentheses around the side that it belongs to: `grad(L, z) == (z > 0 ? 1 : 0)`'
  if (isComparisonOp(text) || text === '?' || text === 'and' || text === 'or' || text === 'not') {
    throw new BackproveError('mixed-chain', `\`${text}\` beside the \`==\` of a claim`, { hint, span: token.span })
  }
}

function cut(tokens: readonly Token[], cuts: readonly number[]): Token[][] {
  const ends = [...cuts, tokens.length]
  return ends.map((end, at) => tokens.slice(at === 0 ? 0 : (cuts[at - 1] ?? 0) + 1, end))
}

/** One side of `=` or `==`; `beside` gives the place where it is empty. */
export function parseSide(tokens: readonly Token[], beside: Token | undefined): Expr {
  if (tokens.length > 0) return parseTokens(tokens)
  throw fault(beside, `a value is expected beside \`${beside?.text ?? ''}\``)
}

/** The text of the link that ends with the given side, or `null` where an end of it is missing. */
function linkText(raw: RawStatement, sides: readonly (readonly Token[])[], at: number): UnreadClaim | null {
  const left = sides[at - 1]
  const right = sides[at]
  const from = left?.[0]
  const to = right?.at(-1)
  if (left === undefined || right === undefined || from === undefined || to === undefined) return null
  return { text: sourceText(raw.source, from.start, to.end), span: from.span }
}

/** A slice of the sheet on one line: comments and line ends inside it become one space. */
export function sourceText(source: string, start: number, end: number): string {
  return source
    .slice(start, end)
    .replace(/[ \t]*(?:#[^\n\r]*)?(?:\r\n|\n|\r)[\s]*(?:#[^\n\r]*(?:\r\n|\n|\r)[\s]*)*/g, ' ')
}

function unreadClaims(raw: RawStatement): UnreadClaim[] {
  const { tokens } = raw
  if (!tokens.some((token) => isOperator(token, '=='))) return []
  const top = topLevel(tokens)
  if (top.some((index) => isOperator(tokens[index], '='))) return []
  const cuts = top.filter((index) => isOperator(tokens[index], '=='))
  const balanced = tokens.filter(isOpening).length === tokens.filter(isClosing).length
  if (cuts.length === 0 && balanced) return []
  const mixed = top.some((index) => {
    const text = tokens[index]?.text ?? ''
    return text !== '==' && (isComparisonOp(text) || text === '?')
  })
  const sides = cut(tokens, cuts)
  const links = sides.map((_, at) => linkText(raw, sides, at)).filter((link) => link !== null)
  if (balanced && !mixed && links.length === cuts.length) return links
  return [{ text: sourceText(raw.source, tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0), span: raw.span }]
}

function unreadTarget({ tokens }: RawStatement): string | null {
  const [first, second] = tokens
  if (first?.kind !== 'name' || first.numpy) return null
  const isDefinition = second?.kind === 'bad' || topLevel(tokens).some((index) => isOperator(tokens[index], '='))
  return isDefinition ? first.text : null
}

function assumption(raw: RawStatement): Statement | null {
  const { tokens } = raw
  const [name, open] = tokens
  if (name?.kind !== 'name' || name.numpy || name.text !== 'assume' || !isOperator(open, '(')) return null
  const expr = parseTokens(tokens)
  if (expr.kind !== 'call') return null
  const [keyword] = expr.keywords
  if (keyword !== undefined) {
    throw new BackproveError('syntax', '`=` in an assumption', { hint: 'write `==`', span: keyword.span })
  }
  if (expr.args.length === 0) throw fault(name, 'nothing is assumed', 'write `assume(m >= n)`')
  return { kind: 'assume', conditions: expr.args, span: raw.span }
}

function notAStatement(raw: RawStatement, top: readonly number[]): never {
  parseTokens(raw.tokens)
  const text = sourceText(raw.source, raw.tokens[0]?.start ?? 0, raw.tokens.at(-1)?.end ?? 0)
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  const comparison = top.some((index) => isComparisonOp(raw.tokens[index]?.text ?? ''))
  const message = comparison ? `\`${shown}\` compares and claims nothing` : `\`${shown}\` says nothing about a value`
  const hint = comparison
    ? `put parentheses to claim that it holds: \`(${shown}) == 1\``
    : 'name it, `name = …`, or put parentheses and claim what it equals, `(…) == …`'
  throw new BackproveError('not-a-statement', message, { hint, span: raw.span })
}

const fault = (token: Token | undefined, message: string, hint = ''): BackproveError =>
  new BackproveError('syntax', message, { hint, span: token?.span ?? null })
