import type { Expr, InfixOp, NameExpr } from './ast.ts'

/**
 * The spelling of an expression in the sheet language, with no more parentheses than its reading back needs, save that
 * a prefix after an operator keeps them: `a*(-b)`. With `limit`, what is longer ends in `…`.
 */
export function toSource(expr: Expr, limit = Infinity): string {
  const writer = new Writer(limit)
  writer.expr(expr, LOOSEST)
  return writer.text
}

/** How tightly each form binds, loosest first. Source: mathjs 15, `parse.js`, the order of its parse levels. */
const LOOSEST = 0
const CONDITIONAL = 1
const OR = 2
const AND = 3
const NOT = 4
const COMPARISON = 5
const SUM = 6
const PRODUCT = 7
const PREFIX = 8
const POWER = 9
const POSTFIX = 10

interface Spelling {
  readonly level: number
  readonly sign: string
  /** The loosest forms that need no parentheses on either side. */
  readonly left: number
  readonly right: number
}

const leftAssociative = (level: number, sign: string): Spelling => ({ level, sign, left: level, right: level + 1 })

const INFIX: Readonly<Record<InfixOp, Spelling>> = {
  or: leftAssociative(OR, ' or '),
  and: leftAssociative(AND, ' and '),
  '==': { level: COMPARISON, sign: ' == ', left: SUM, right: SUM },
  '!=': { level: COMPARISON, sign: ' != ', left: SUM, right: SUM },
  '<': { level: COMPARISON, sign: ' < ', left: SUM, right: SUM },
  '<=': { level: COMPARISON, sign: ' <= ', left: SUM, right: SUM },
  '>': { level: COMPARISON, sign: ' > ', left: SUM, right: SUM },
  '>=': { level: COMPARISON, sign: ' >= ', left: SUM, right: SUM },
  '+': leftAssociative(SUM, ' + '),
  '-': leftAssociative(SUM, ' - '),
  '*': { level: PRODUCT, sign: '*', left: PRODUCT, right: POWER },
  '/': { level: PRODUCT, sign: '/', left: PRODUCT, right: POWER },
  '.*': { level: PRODUCT, sign: ' .* ', left: PRODUCT, right: POWER },
  './': { level: PRODUCT, sign: ' ./ ', left: PRODUCT, right: POWER },
  '^': { level: POWER, sign: '^', left: POSTFIX, right: PREFIX },
  '.^': { level: POWER, sign: '.^', left: POSTFIX, right: PREFIX },
}

function levelOf(expr: Expr): number {
  switch (expr.kind) {
    case 'conditional':
      return CONDITIONAL
    case 'infix':
      return INFIX[expr.op].level
    case 'prefix':
      return expr.op === 'not' ? NOT : PREFIX
    default:
      return POSTFIX
  }
}

class Writer {
  text = ''
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  expr(expr: Expr, loosest: number): void {
    const inParentheses = levelOf(expr) < loosest
    if (inParentheses) this.#put('(')
    this.#form(expr)
    if (inParentheses) this.#put(')')
  }

  #form(expr: Expr): void {
    switch (expr.kind) {
      case 'number':
        return this.#put(expr.text)
      case 'boolean':
        return this.#put(expr.value ? 'True' : 'False')
      case 'name':
        return this.#name(expr, 0)
      case 'call':
        this.#name(expr.callee, expr.order)
        return this.#list('(', [...expr.args.map((value) => ({ name: null, value })), ...expr.keywords], ')')
      case 'prefix':
        this.#put(expr.op === 'not' ? 'not ' : expr.op)
        return this.expr(expr.operand, POWER)
      case 'transpose':
        this.expr(expr.operand, POSTFIX)
        return this.#put("'")
      case 'conditional':
        this.expr(expr.condition, OR)
        this.#put(' ? ')
        this.expr(expr.yes, OR)
        this.#put(' : ')
        return this.expr(expr.no, CONDITIONAL)
      case 'list':
        return this.#list(
          '[',
          expr.items.map((value) => ({ name: null, value })),
          ']',
        )
      case 'infix':
        return this.#infix(expr)
    }
  }

  /** Chains lean to the left, so their opening parentheses come first and their operators from the inside out. */
  #infix(expr: Expr & { kind: 'infix' }): void {
    const closing: { right: Expr; spelling: Spelling; inParentheses: boolean }[] = []
    let head: Expr = expr
    let loosest = LOOSEST
    while (head.kind === 'infix') {
      const spelling: Spelling = INFIX[head.op]
      const inParentheses = spelling.level < loosest
      if (inParentheses) this.#put('(')
      closing.push({ right: head.right, spelling, inParentheses })
      loosest = spelling.left
      head = head.left
    }
    this.expr(head, loosest)
    for (const { right, spelling, inParentheses } of closing.reverse()) {
      if (this.#isFull) return
      this.#put(spelling.sign)
      this.expr(right, spelling.right)
      if (inParentheses) this.#put(')')
    }
  }

  #name(expr: NameExpr, order: number): void {
    this.#put(expr.numpy ? `np.${expr.name}` : expr.name)
    if (expr.indices.length > 0)
      this.#list(
        '[',
        expr.indices.map((value) => ({ name: null, value })),
        ']',
      )
    this.#put("'".repeat(order))
  }

  #list(open: string, items: readonly { name: string | null; value: Expr }[], close: string): void {
    this.#put(open)
    for (const [at, { name, value }] of items.entries()) {
      if (this.#isFull) return
      if (at > 0) this.#put(', ')
      if (name !== null) this.#put(`${name}=`)
      this.expr(value, LOOSEST)
    }
    this.#put(close)
  }

  get #isFull(): boolean {
    return this.text.length > this.#limit
  }

  #put(piece: string): void {
    if (this.#isFull) return
    const text = this.text + piece
    this.text = text.length > this.#limit ? `${text.slice(0, this.#limit)}…` : text
  }
}
