import { BackproveError } from '../base/errors.ts'
import { isComparisonOp, MAX_NESTING } from './ast.ts'
import { foreignWordHint } from './foreign.ts'
import { badTokenError, endsOperand, isOperator } from './token.ts'
import type { Token } from './token.ts'

type BracketKind = 'group' | 'call' | 'index' | 'list'

interface Level {
  /** `null` outside all brackets. */
  readonly kind: BracketKind | null
  readonly open: Token | null
  /** Prefixes, powers and transposes since the last looser operator. */
  tight: number
  /** Conditionals begun, and those of them that still want their `:`. */
  conditionals: number
  pending: number
  comparisons: number
}

/** The derivatives among the calls of an expression, `g'(Z)` and `g[l]'(Z[l])`. */
export interface Primes {
  /** How many primes each such callee has. */
  readonly orders: ReadonlyMap<Token, number>
  /** The primes themselves; every other `'` is a transpose. */
  readonly tokens: ReadonlySet<Token>
}

/**
 * Reads the tokens of one expression from left to right and refuses what mathjs would refuse without a place, read
 * otherwise than it looks, or overflow on.
 */
export function vet(tokens: readonly Token[]): Primes {
  return new Vetting(tokens).run()
}

const INFIX: ReadonlySet<string> = new Set(['+', '-', '*', '/', '.*', './', '^', '.^', 'and', 'or'])
const TIGHT: ReadonlySet<string> = new Set(['^', '.^'])

class Vetting {
  readonly #tokens: readonly Token[]
  readonly #levels: Level[] = [newLevel(null, null)]
  /** The callee whose call or index an opening bracket began, by the bracket; for a closed index by its `]`. */
  readonly #callees = new Map<Token, Token>()
  readonly #orders = new Map<Token, number>()
  readonly #primes = new Set<Token>()
  #depth = 0
  #index = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  run(): Primes {
    for (; this.#index < this.#tokens.length; this.#index++) {
      const token = this.#tokens[this.#index]
      if (token === undefined) break
      this.#read(token)
      if (this.#depth > MAX_NESTING) {
        throw new BackproveError('too-large', `more than ${MAX_NESTING} levels inside one another`, {
          hint: 'give inner parts names of their own',
          span: token.span,
        })
      }
    }
    const last = this.#tokens.at(-1)
    const { open } = this.#level
    if (open !== null) throw fault(open, `\`${open.text}\` is not closed`)
    if (last === undefined || !endsOperand(last)) throw valueExpected(last, undefined)
    this.#closeLevel(last)
    return { orders: this.#orders, tokens: this.#primes }
  }

  get #previous(): Token | undefined {
    return this.#tokens[this.#index - 1]
  }

  get #afterOperand(): boolean {
    return this.#previous !== undefined && endsOperand(this.#previous)
  }

  get #level(): Level {
    const level = this.#levels.at(-1)
    if (level === undefined) throw new BackproveError('internal', 'no bracket level')
    return level
  }

  #read(token: Token): void {
    switch (token.kind) {
      case 'bad':
        throw badTokenError(token)
      case 'number':
      case 'name':
      case 'boolean':
        if (this.#afterOperand) this.#implicit(token)
        if (token.text === 'for' || token.text === 'end')
          throw fault(token, `\`${token.text}\` is a word of loops, not a name`)
        return
      case 'operator':
        this.#operator(token)
        return
      case 'line-end':
      case 'text-end':
        throw new BackproveError('internal', 'a line end inside an expression')
    }
  }

  #operator(token: Token): void {
    const { text } = token
    if (text === '(' || text === '[') return this.#open(token)
    if (text === ';') throw arrayLiteral(token)
    if (text === 'not' || ((text === '-' || text === '+') && !this.#afterOperand)) {
      if (this.#afterOperand) throw fault(token, '`not` stands between two values')
      return this.#tighten()
    }
    if (!this.#afterOperand && !this.#isEmptyCall(token)) throw valueExpected(this.#previous, token)
    if (text === ')' || text === ']') return this.#close(token)
    if (text === "'" || text === '.T') return this.#tighten()
    if (INFIX.has(text)) {
      if (TIGHT.has(text)) this.#tighten()
      else if (text === 'and' || text === 'or') this.#restart()
      else this.#loosen()
      return
    }
    if (isComparisonOp(text)) return this.#compare(token)
    if (text === ',') return this.#comma(token)
    if (text === '=') return this.#keyword(token)
    if (text === '?') return this.#question()
    if (text === ':') return this.#colon(token)
    throw fault(token, `\`${text}\` inside an expression`)
  }

  #open(token: Token): void {
    const previous = this.#previous
    const callee = this.#callee()
    if (callee !== null) {
      if (token.text === '(') return this.#push('call', token, callee)
      if (previous === callee || isOperator(previous, ']')) return this.#push('index', token, callee)
    }
    if (this.#afterOperand) {
      if (token.text === '(') return this.#implicit(token)
      throw new BackproveError('unsupported', 'only a name takes an index', {
        hint: 'name the value first: `B = …`; single entries are not picked out of an array',
        span: token.span,
      })
    }
    if (token.text === '(') return this.#push('group', token, null)
    const inCall = this.#level.kind === 'call' && previous !== undefined && /^[(,=]$/.test(previous.text)
    if (!inCall) throw arrayLiteral(token)
    this.#push('list', token, null)
  }

  /** What an opening bracket here would call or index: the name before it, past its indices and its primes. */
  #callee(): Token | null {
    let at = this.#index - 1
    while (isOperator(this.#tokens[at], "'")) at--
    const primes = this.#tokens.slice(at + 1, this.#index)
    const token = this.#tokens[at]
    if (token === undefined) return null
    const indexed = isOperator(token, ']') ? this.#callees.get(token) : undefined
    const callee = token.kind === 'name' ? token : (indexed ?? null)
    if (callee === null || primes.length === 0) return callee
    if (!isOperator(this.#tokens[this.#index], '(')) return null
    if (callee.kind === 'name' && callee.numpy) {
      throw new BackproveError('foreign-syntax', `\`np.${callee.text}'\`: NumPy has no derivatives`, {
        hint: `write \`${callee.text}'(…)\``,
        span: callee.span,
      })
    }
    this.#orders.set(callee, primes.length)
    for (const prime of primes) this.#primes.add(prime)
    return callee
  }

  #push(kind: BracketKind, token: Token, callee: Token | null): void {
    if (callee !== null) this.#callees.set(token, callee)
    this.#levels.push(newLevel(kind, token))
    this.#depth++
  }

  #isEmptyCall(token: Token): boolean {
    return token.text === ')' && this.#level.kind === 'call' && this.#previous === this.#level.open
  }

  #close(token: Token): void {
    const { kind, open } = this.#level
    if (open === null) throw fault(token, `\`${token.text}\` closes nothing`)
    const wanted = open.text === '(' ? ')' : ']'
    if (token.text !== wanted) {
      throw fault(
        token,
        `\`${token.text}\` where \`${wanted}\` is expected, for the \`${open.text}\` of ${placeText(open)}`,
      )
    }
    this.#closeLevel(token)
    this.#loosen()
    this.#levels.pop()
    this.#depth--
    if (kind === 'list' && !/^[,)]$/.test(this.#tokens[this.#index + 1]?.text ?? '')) throw arrayLiteral(open)
    const callee = this.#callees.get(open)
    if (kind === 'index' && callee !== undefined) this.#callees.set(token, callee)
  }

  #closeLevel(token: Token): void {
    const level = this.#level
    if (level.pending > 0) throw fault(token, 'a `?` has no `:`', 'a choice is written `c ? a : b`')
    this.#depth -= level.conditionals
    level.conditionals = 0
  }

  #tighten(): void {
    this.#level.tight++
    this.#depth++
  }

  #loosen(): void {
    this.#depth -= this.#level.tight
    this.#level.tight = 0
  }

  #compare(token: Token): void {
    this.#loosen()
    const level = this.#level
    level.comparisons++
    if (level.comparisons > 1) {
      throw new BackproveError('mixed-chain', `\`${token.text}\` compares a comparison`, {
        hint: 'put parentheses, or write `a < b and b < c`',
        span: token.span,
      })
    }
  }

  /** Where a new operand of the loosest operators begins, so that another comparison may stand. */
  #restart(): void {
    this.#loosen()
    this.#level.comparisons = 0
  }

  #comma(token: Token): void {
    const { kind } = this.#level
    if (kind === null) throw fault(token, '`,` outside brackets', '`;` or a new line ends a statement')
    if (kind === 'group') throw fault(token, '`,` between parentheses that call nothing', 'write axes as `[0, 1]`')
    this.#closeLevel(token)
    this.#restart()
  }

  #keyword(token: Token): void {
    const previous = this.#previous
    const before = this.#tokens[this.#index - 2]
    const begins = before !== undefined && (before === this.#level.open || isOperator(before, ','))
    if (this.#level.kind !== 'call' || previous?.kind !== 'name' || previous.numpy || !begins) {
      throw fault(token, '`=` inside an expression', '`==` compares; `name = …` defines, one to a statement')
    }
  }

  #question(): void {
    this.#restart()
    const level = this.#level
    level.conditionals++
    level.pending++
    this.#depth++
  }

  #colon(token: Token): void {
    const level = this.#level
    if (level.pending === 0) {
      throw new BackproveError('unsupported', 'a range stands only in `for l = 1:L`', {
        hint: 'a choice is written `c ? a : b`',
        span: token.span,
      })
    }
    level.pending--
    this.#restart()
  }

  /** Two operands side by side: only a number before a name is a product, and only where nothing binds the number. */
  #implicit(token: Token): void {
    const previous = this.#previous
    if (previous === undefined) return
    if (previous.kind === 'number' && token.kind === 'name') {
      let before = this.#index - 2
      while (this.#isPrefix(before)) before--
      const binder = this.#tokens[before]
      const binds = binder?.kind === 'operator' && ['/', './', '^', '.^'].includes(binder.text)
      if (!binds) return
      throw new BackproveError(
        'implicit-multiplication',
        `\`${binder.text}${previous.text} ${token.text}\` may be read in two ways`,
        {
          hint: `write \`*\` between \`${previous.text}\` and \`${token.text}\`, or put parentheses`,
          span: token.span,
        },
      )
    }
    for (const word of [previous, token]) {
      const hint = word.kind === 'name' ? foreignWordHint(word.text) : null
      if (hint !== null) {
        throw new BackproveError('foreign-syntax', `\`${word.text}\` is not of this language`, {
          hint,
          span: word.span,
        })
      }
    }
    throw new BackproveError(
      'implicit-multiplication',
      `\`${previous.text}\` and \`${token.text}\` stand side by side`,
      {
        hint: 'write `*` (matrix product or scaling) or `.*` (entry by entry) between them',
        span: token.span,
      },
    )
  }

  #isPrefix(index: number): boolean {
    const token = this.#tokens[index]
    if (!isOperator(token, '-') && !isOperator(token, '+')) return false
    const before = this.#tokens[index - 1]
    return before === undefined || !endsOperand(before)
  }
}

const newLevel = (kind: BracketKind | null, open: Token | null): Level => ({
  kind,
  open,
  tight: 0,
  conditionals: 0,
  pending: 0,
  comparisons: 0,
})

const placeText = (token: Token): string => `line ${token.span.line}, column ${token.span.column}`

const fault = (token: Token, message: string, hint = ''): BackproveError =>
  new BackproveError('syntax', message, { hint, span: token.span })

const arrayLiteral = (token: Token): BackproveError =>
  new BackproveError('unsupported', 'an array literal stands only for axes and lengths, as in `sum(A, axis=[0,2])`', {
    hint: 'declare arrays with `input(r, c)`; there are `ones(r,c)`, `zeros(r,c)` and `eye(n)`',
    span: token.span,
  })

function valueExpected(previous: Token | undefined, token: Token | undefined): BackproveError {
  const place = token ?? previous
  const after = previous === undefined ? '' : ` after \`${previous.text}\``
  const before = token === undefined ? '' : ` before \`${token.text}\``
  const hint =
    previous === undefined && token !== undefined
      ? 'a statement goes on in the next line after an operator at its end'
      : ''
  return new BackproveError('syntax', `a value is expected${after}${before}`, { hint, span: place?.span ?? null })
}
