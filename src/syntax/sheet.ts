import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import type { Expr, Invalid, Loop, Parameter, Sheet, Statement } from './ast.ts'
import { collectStatements } from './collect.ts'
import { Scanner } from './scan.ts'
import { invalid, parseSide, readStatement } from './statement.ts'
import type { RawStatement } from './statement.ts'
import { badTokenError, isClosing, isOpening, isOperator } from './token.ts'
import type { Token } from './token.ts'

/** The longest sheet, in characters. */
export const MAX_SHEET_LENGTH = 10_000_000

/** The deepest loops inside one another. */
const MAX_LOOPS = 20

/** Reads a sheet. Never throws for what the text holds: a part that cannot be read becomes an `invalid` statement. */
export function parseSheet(source: string): Sheet {
  const refused = refuseWhole(source)
  if (refused !== null) {
    return { statements: [{ kind: 'invalid', error: refused, claims: [], target: null, span: refused.span ?? START }] }
  }
  const reader = new Reader()
  for (const raw of collectStatements(source)) reader.read(raw)
  return { statements: reader.finish() }
}

/** Reads one expression, as on the command line; throws where it cannot. */
export function parseExpression(source: string): Expr {
  const [expr, second] = parseExpressions(source)
  if (expr === undefined) throw new BackproveError('empty', 'an expression is expected', { span: START })
  if (second !== undefined)
    throw new BackproveError('syntax', 'one expression is expected', {
      hint: 'remove what follows the first',
      span: second.span,
    })
  return expr
}

/** Reads expressions with commas between them. */
export function parseExpressions(source: string): Expr[] {
  const refused = refuseWhole(source)
  if (refused !== null) throw refused
  const [raw, second] = collectStatements(source)
  if (raw === undefined) return []
  if (raw.error !== null) throw raw.error
  if (second !== undefined)
    throw new BackproveError('syntax', 'one expression is expected', {
      hint: 'remove what follows the first',
      span: second.span,
    })
  return split(raw.tokens, ',').map((part, at, all) => parseSide(part, all[at - 1]?.at(-1) ?? raw.tokens[0]))
}

const START: Span = { line: 1, column: 1 }

function refuseWhole(source: string): BackproveError | null {
  if (source.length > MAX_SHEET_LENGTH) {
    return new BackproveError(
      'too-large',
      `a sheet of ${source.length} characters; at most ${MAX_SHEET_LENGTH} are read`,
      {
        hint: 'cut it into several sheets',
        span: START,
      },
    )
  }
  const nul = source.indexOf('\0')
  if (nul < 0) return null
  const before = new Scanner(source.slice(0, nul))
  let token = before.next()
  while (token.kind !== 'text-end') token = before.next()
  return new BackproveError('file', 'the sheet holds a NUL character: it is no text', {
    hint: 'a sheet is a UTF-8 text file',
    span: token.span,
  })
}

/** A loop whose `end` has not been met. */
interface OpenLoop {
  readonly raw: RawStatement
  readonly head: Omit<Loop, 'body'> | BackproveError
  readonly body: Statement[]
}

/** Puts the statements of loops into their loops. */
class Reader {
  readonly #statements: Statement[] = []
  readonly #open: OpenLoop[] = []
  /** Loops inside the deepest that is allowed. */
  #excess = 0

  read(raw: RawStatement): void {
    const [first, second] = raw.tokens
    const keyword = first?.kind === 'name' && !first.numpy && !isOperator(second, '=') ? first.text : null
    if (keyword === 'for') this.#begin(raw)
    else if (keyword === 'end') this.#end(raw)
    else this.#add(readStatement(raw))
  }

  finish(): Statement[] {
    for (let loop = this.#open.at(-1); loop !== undefined; loop = this.#open.at(-1)) {
      const { span } = loop.raw
      const error = new BackproveError('loop', '`for` without its `end`', { hint: 'close the loop with `end`', span })
      this.#close({ kind: 'invalid', error, claims: [], target: null, span })
    }
    return this.#statements
  }

  #add(statement: Statement): void {
    const target = this.#open.at(-1)?.body ?? this.#statements
    target.push(statement)
  }

  #begin(raw: RawStatement): void {
    if (this.#open.length >= MAX_LOOPS) {
      if (this.#excess === 0) {
        this.#add(
          invalid(
            raw,
            new BackproveError('too-large', `more than ${MAX_LOOPS} loops inside one another`, {
              hint: 'close loops with `end`',
            }),
          ),
        )
      }
      this.#excess++
      return
    }
    this.#open.push({ raw, head: this.#readHead(raw), body: [] })
  }

  #readHead(raw: RawStatement): Omit<Loop, 'body'> | BackproveError {
    try {
      if (raw.error !== null) throw raw.error
      return readLoopHead(raw)
    } catch (error) {
      if (!(error instanceof BackproveError)) throw error
      return error.at(raw.span)
    }
  }

  #end(raw: RawStatement): void {
    const second = raw.tokens[1]
    if (this.#open.length === 0) {
      this.#add(invalid(raw, new BackproveError('loop', '`end` without a `for`', { hint: 'remove it' })))
      return
    }
    if (this.#excess > 0) this.#excess--
    else this.#close(null)
    if (second !== undefined) {
      this.#add(
        invalid(raw, new BackproveError('loop', '`end` stands alone', { hint: 'begin a new line', span: second.span })),
      )
    }
  }

  #close(fault: Invalid | null): void {
    const loop = this.#open.pop()
    if (loop === undefined) return
    if (fault !== null) this.#add(fault)
    if (!(loop.head instanceof BackproveError)) {
      this.#add({ ...loop.head, body: loop.body })
      return
    }
    this.#add({ kind: 'invalid', error: loop.head, claims: [], target: null, span: loop.raw.span })
    for (const statement of loop.body) this.#disown(statement)
  }

  /** What stood in a loop that could not be read claims nothing that could be judged, and defines nothing. */
  #disown(statement: Statement): void {
    const { span } = statement
    const error = new BackproveError('depends-on-error', 'the loop around it is not understood', {
      hint: 'mend the head of the loop first',
      span,
    })
    switch (statement.kind) {
      case 'claim':
        this.#add({ kind: 'invalid', error, claims: statement.links, target: null, span })
        return
      case 'definition':
      case 'function':
        this.#add({ kind: 'invalid', error, claims: [], target: statement.target.name, span })
        return
      case 'loop':
        for (const inner of statement.body) this.#disown(inner)
        return
      case 'invalid':
        this.#add(statement)
        return
      case 'assume':
        return
    }
  }
}

function readLoopHead(raw: RawStatement): Omit<Loop, 'body'> {
  const bad = raw.tokens.find((token) => token.kind === 'bad')
  if (bad?.kind === 'bad') throw badTokenError(bad)
  const [keyword, name, equals, ...range] = raw.tokens
  const hint = 'a loop is `for l = 1:L` … `end`'
  if (name?.kind !== 'name' || name.numpy || !isOperator(equals, '=')) {
    throw new BackproveError('loop', 'the head of the loop cannot be read', {
      hint,
      span: (name ?? keyword)?.span ?? null,
    })
  }
  const parts = split(range, ':')
  const [from, middle, last] = parts.map((part) => parseSide(part, equals))
  if (from === undefined || middle === undefined || parts.length > 3) {
    throw new BackproveError('loop', 'a loop runs over a range', {
      hint: '`1:L`, or `3:-1:1` to count down',
      span: range[0]?.span ?? name.span,
    })
  }
  const variable: Parameter = { name: name.text, span: name.span }
  const step = last === undefined ? null : middle
  return { kind: 'loop', variable, from, step, to: last ?? middle, span: raw.span }
}

/** Cuts tokens at a sign that stands outside brackets. */
function split(tokens: readonly Token[], sign: string): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (isOpening(token)) depth++
    else if (isClosing(token)) depth--
    if (depth === 0 && isOperator(token, sign)) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}
