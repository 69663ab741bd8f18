import type { ErrorCode, Span } from '../base/errors.ts'
import { foreignAt } from './foreign.ts'
import type { Token } from './token.ts'

const SPACE = /[\t\v\f\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000\uFEFF ]+/y
const LINE_END = /\r\n|\n|\r/y
const COMMENT = /#[^\n\r]*/y
const NUMBER = /(?:\d+(?:\.(?![*/^'+-])\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
/** Read before the foreign `!`. */
const UNEQUAL = /!=(?!=)/y
const SIGN = /\.[*/^]|[=<>]=|[-+*/^=<>'()[\],;:?]/y
const QUOTED = /"[^"\n\r]*"?|'[^'\n\r]*'?|“[^”\n\r]*”?/y
const REST_OF_LINE = /[^\n\r]*/y

/**
 * The letters of mathjs names (`parse.isAlpha` of mathjs 15) without `×`, `÷` and the two Greek signs that NFC turns
 * into `;` and `·`; an accent that has no letter of its own may follow a letter.
 */
const LETTER =
  'a-zA-Z_$\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02AF\\u0370-\\u037D\\u037F-\\u0386\\u0388-\\u03FF\\u2100-\\u214F\\u{1D400}-\\u{1D7FF}'
const NAME = new RegExp(`[${LETTER}][${LETTER}0-9\\u0300-\\u036F]*`, 'uy')
const NUMPY = new RegExp(`np\\.([${LETTER}][${LETTER}0-9]*(?:\\.[${LETTER}][${LETTER}0-9]*)*)`, 'uy')
const MEMBER = new RegExp(`\\.[${LETTER}][${LETTER}0-9]*`, 'uy')

const WORD_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'not'])
const BOOLEANS: ReadonlyMap<string, 'True' | 'False'> = new Map([
  ['True', 'True'],
  ['true', 'True'],
  ['False', 'False'],
  ['false', 'False'],
])
const NOT_NUMBERS: ReadonlySet<string> = new Set(['NaN', 'Infinity', 'null', 'undefined'])

/** Reads one token after the other; never throws, and never looks at what has been read before a line end. */
export class Scanner {
  readonly text: string
  #index = 0
  #line = 1
  #lineStart = 0
  #previousEndsOperand = false

  constructor(text: string) {
    this.text = text
    if (text.startsWith('\uFEFF')) {
      this.#index = 1
      this.#lineStart = 1
    }
  }

  next(): Token {
    for (;;) {
      if (this.#match(SPACE) !== null || this.#match(COMMENT) !== null) continue
      break
    }
    const start = this.#index
    const span = this.#span(start)
    if (start >= this.text.length) return { kind: 'text-end', text: '', start, end: start, span }
    if (this.#match(LINE_END) !== null) {
      const end = this.#index
      this.#line++
      this.#lineStart = end
      this.#previousEndsOperand = false
      return { kind: 'line-end', text: '', start, end, span }
    }
    const token = this.#word(start, span)
    this.#previousEndsOperand = token.kind !== 'operator' || /^(?:[)\]']|\.T)$/.test(token.text)
    return token
  }

  /** Goes on at the next line end without reading what stands before it. */
  skipLine(): void {
    this.#match(REST_OF_LINE)
    this.#previousEndsOperand = false
  }

  #word(start: number, span: Span): Token {
    const numpy = this.#group(NUMPY)
    if (numpy !== null && numpy !== 'T') return { kind: 'name', text: numpy, numpy: true, ...this.#place(start, span) }
    this.#index = start
    const name = this.#match(NAME)
    if (name !== null) return this.#name(name, start, span)
    const number = this.#match(NUMBER)
    if (number !== null) return this.#number(number, start, span)
    const member = this.#match(MEMBER)
    if (member !== null) return this.#member(member, start, span)
    if (this.text.startsWith("'", start) && !this.#previousEndsOperand) return this.#quoted(start)
    const unequal = this.#match(UNEQUAL)
    if (unequal !== null) return { kind: 'operator', text: unequal, ...this.#place(start, span) }
    const foreign = foreignAt(this.text, start)
    if (foreign !== null) {
      if (/^["“]/.test(foreign.spelling)) return this.#quoted(start)
      if (foreign.spelling === '//' || foreign.spelling === '/*') this.#match(REST_OF_LINE)
      else this.#index = start + foreign.spelling.length
      return this.#bad(start, 'foreign-syntax', `\`${foreign.spelling}\` is not of this language`, foreign.hint)
    }
    const sign = this.#match(SIGN)
    if (sign !== null) return { kind: 'operator', text: sign, ...this.#place(start, span) }
    return this.#unknown(start)
  }

  #name(source: string, start: number, span: Span): Token {
    const text = source.normalize('NFC')
    const place = this.#place(start, span)
    if (WORD_OPERATORS.has(text)) return { kind: 'operator', text, ...place }
    const truth = BOOLEANS.get(text)
    if (truth !== undefined) return { kind: 'boolean', text: truth, ...place }
    if (NOT_NUMBERS.has(text)) {
      const hint = 'every value is a finite real number'
      return this.#bad(start, 'unsupported', `\`${text}\` is not a value of this language`, hint)
    }
    return { kind: 'name', text, numpy: false, ...place }
  }

  #number(text: string, start: number, span: Span): Token {
    const after = this.text.slice(this.#index, this.#index + 3)
    if (text === '0' && /^[xXbBoO][0-9a-fA-F]/.test(after)) {
      this.#match(NAME)
      return this.#badNumber(start, 'write the number in decimal')
    }
    if (/^[eE][+-]/.test(after)) {
      this.#index += 2
      return this.#badNumber(start, 'an exponent has digits: `2e-3`; a product with `e` is `2*e`')
    }
    if (/^\.[\d\p{L}]/u.test(after)) {
      this.#index += 1
      this.#match(NAME)
      this.#match(NUMBER)
      return this.#badNumber(start, 'a number has one decimal point')
    }
    if (after.startsWith('_')) {
      this.#match(NAME)
      return this.#badNumber(start, 'write the digits without `_`')
    }
    // `3.` is kept as `3`, which reads back before any sign.
    return { kind: 'number', text: text.replace(/\.$/, ''), ...this.#place(start, span) }
  }

  #badNumber(start: number, hint: string): Token {
    const text = this.text.slice(start, this.#index)
    return this.#bad(start, 'syntax', `\`${text}\` is not a number`, hint)
  }

  #member(text: string, start: number, span: Span): Token {
    if (text === '.T') return { kind: 'operator', text, ...this.#place(start, span) }
    const method = text.slice(1)
    const hint =
      method === 't' || method === 'transpose'
        ? "write `A'` for the transpose"
        : `write \`${method}(A)\`; of prefixes only \`np.\` is known`
    return this.#bad(start, 'foreign-syntax', `there are no members like \`${text}\``, hint)
  }

  #quoted(start: number): Token {
    this.#match(QUOTED)
    const text = shorten(this.text.slice(start, this.#index))
    const hint = 'names and numbers are written without quotes'
    return this.#bad(start, 'foreign-syntax', `there are no strings: ${text}`, hint)
  }

  #unknown(start: number): Token {
    const point = this.text.codePointAt(start) ?? 0
    const char = String.fromCodePoint(point)
    this.#index = start + char.length
    const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
    const shown = /[\p{C}\p{Z}]/u.test(char) ? code : `\`${char}\` (${code})`
    const hint = /\p{L}/u.test(char)
      ? 'names are made of Latin and Greek letters, digits and `_`'
      : point === 0xfffd
        ? 'the file is not UTF-8 text here'
        : 'remove it'
    return this.#bad(start, 'syntax', `the character ${shown} has no meaning here`, hint)
  }

  #bad(start: number, code: ErrorCode, message: string, hint: string): Token {
    const text = this.text.slice(start, this.#index)
    return { kind: 'bad', text, code, message, hint, ...this.#place(start, this.#span(start)) }
  }

  #place(start: number, span: Span): { start: number; end: number; span: Span } {
    return { start, end: this.#index, span }
  }

  #span(index: number): Span {
    return { line: this.#line, column: index - this.#lineStart + 1 }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#index
    const matched = pattern.exec(this.text)?.[0] ?? null
    if (matched !== null) this.#index += matched.length
    return matched === '' ? null : matched
  }

  #group(pattern: RegExp): string | null {
    pattern.lastIndex = this.#index
    const match = pattern.exec(this.text)
    if (match === null) return null
    this.#index += match[0].length
    return match[1] ?? null
  }
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
