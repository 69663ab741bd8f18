import { BackproveError } from '../base/errors.ts'
import { Scanner } from './scan.ts'
import type { RawStatement } from './statement.ts'
import { endsOperand, isClosing, isOpening, isOperator } from './token.ts'
import type { Token } from './token.ts'

/** Room for a sum of a quarter of a million terms; one of a million would take the later passes many seconds. */
export const MAX_TOKENS = 500_000

/**
 * Cuts a text into statements. A statement ends at a line end or `;`, and goes on over a line end inside brackets or
 * after an operator. A bracket that is never closed does not swallow the sheet: where a line ends with an operand and
 * the next one starts with a name or a number, no expression can be meant, and the statement ends with the line.
 */
export function* collectStatements(source: string): Generator<RawStatement> {
  const scanner = new Scanner(source)
  let unread: Token[] = []
  for (;;) {
    const collector = new Collector(source)
    let token = unread.shift() ?? scanner.next()
    while (collector.take(token)) {
      if (collector.isFull) scanner.skipLine()
      token = unread.shift() ?? scanner.next()
    }
    const isSeparator = token.kind === 'line-end' || isOperator(token, ';')
    unread = [...collector.givenBack, ...(isSeparator ? [] : [token]), ...unread]
    if (!collector.isEmpty) yield collector.finish()
    if (token.kind === 'text-end') return
  }
}

class Collector {
  readonly #source: string
  readonly #tokens: Token[] = []
  readonly #open: Token[] = []
  #isNewLine = false
  #isDefinition = false
  /** The number of tokens before the last line end that stands outside brackets, after an operator. */
  #lineBreak = 0
  #givenBack: Token[] = []
  #error: BackproveError | null = null

  constructor(source: string) {
    this.#source = source
  }

  get isEmpty(): boolean {
    return this.#tokens.length === 0
  }

  get isFull(): boolean {
    return this.#tokens.length >= MAX_TOKENS
  }

  /** Whether the statement goes on behind `token`; if not, the token is not part of it. */
  take(token: Token): boolean {
    if (token.kind === 'text-end') return this.#end()
    if (token.kind === 'line-end') return this.#goesOnOver()
    if (isOperator(token, ';') && !isOperator(this.#open.at(-1), '[')) return this.#end()
    if (this.#isNewLine && this.#beginsAnother(token)) return this.#end()
    this.#isNewLine = false
    if (isOperator(token, '=') && this.#open.length === 0) {
      if (this.#isDefinition && this.#lineBreak > 0) return this.#breakOff()
      this.#isDefinition = true
    }
    if (!this.isFull) this.#tokens.push(token)
    if (this.isFull) this.#error ??= tooLong(this.#tokens[0])
    if (isOpening(token)) this.#open.push(token)
    else if (isClosing(token)) this.#open.pop()
    return true
  }

  /** Tokens that were taken and belong to the next statement. */
  get givenBack(): readonly Token[] {
    return this.#givenBack
  }

  finish(): RawStatement {
    const [first] = this.#tokens
    if (first === undefined) throw new BackproveError('internal', 'an empty statement')
    return { source: this.#source, tokens: this.#tokens, span: first.span, error: this.#error }
  }

  #end(): false {
    if (this.#open.length > 0) this.#error ??= unclosed(this.#open)
    return false
  }

  #goesOnOver(): boolean {
    const previous = this.#tokens.at(-1)
    if (previous === undefined || this.isFull) return false
    this.#isNewLine = true
    if (this.#open.length > 0) return true
    if (previous.kind !== 'operator' || endsOperand(previous)) return false
    this.#lineBreak = this.#tokens.length
    return true
  }

  #beginsAnother(token: Token): boolean {
    if (token.kind === 'name' && (token.text === 'for' || token.text === 'end')) return true
    const previous = this.#tokens.at(-1)
    if (this.#open.length === 0 || previous === undefined) return false
    const isOperand = token.kind === 'name' || token.kind === 'number' || token.kind === 'boolean'
    return isOperand && (endsOperand(previous) || previous.kind === 'bad')
  }

  /** At the second `=` of `Z = W +` and `A = tanh(Z)` on the next line: the first line lacks its end. */
  #breakOff(): false {
    this.#givenBack = this.#tokens.splice(this.#lineBreak)
    return false
  }
}

function unclosed(open: readonly Token[]): BackproveError {
  const bracket = open.at(-1)
  return new BackproveError('syntax', `\`${bracket?.text ?? ''}\` is not closed`, {
    hint: `close it with \`${CLOSING[bracket?.text ?? ''] ?? ')'}\``,
    span: bracket?.span ?? null,
  })
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

const tooLong = (first: Token | undefined): BackproveError =>
  new BackproveError('too-large', `a statement of more than ${MAX_TOKENS} names, numbers and signs`, {
    hint: 'cut it into several definitions',
    span: first?.span ?? null,
  })
