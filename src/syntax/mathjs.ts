import { create, parseDependencies } from 'mathjs/number'
import type { MathNode } from 'mathjs'
import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import { isComparisonOp } from './ast.ts'
import type { Expr, InfixOp, Keyword, NameExpr, PrefixOp } from './ast.ts'
import type { Token } from './token.ts'
import { vet } from './vet.ts'

const { parse } = create(parseDependencies ?? {})

/**
 * The tree of one expression, grouped as mathjs groups it.
 *
 * mathjs nodes carry no places, and mathjs gives some names a meaning of its own. So mathjs gets the operators and
 * brackets as they are, but each name and number as a symbol that holds the index of its token. The primes of `g'(Z)`
 * are left out, so that it groups as the call that it is, and come back on the call.
 */
export function parseTokens(tokens: readonly Token[]): Expr {
  const primes = vet(tokens)
  const converter = new Converter(tokens, primes.orders)
  return converter.convert(readByMathjs(tokens, primes.tokens)).expr
}

function readByMathjs(tokens: readonly Token[], primes: ReadonlySet<Token>): MathNode {
  const { text, starts } = spellForMathjs(tokens, primes)
  try {
    return parse(text)
  } catch (error) {
    const char = error instanceof SyntaxError && 'char' in error ? Number(error.char) - 1 : 0
    const at =
      tokens[
        Math.max(
          0,
          starts.findLastIndex((start) => start <= char),
        )
      ]
    const span = at?.span ?? null
    if (error instanceof RangeError)
      throw new BackproveError('too-large', 'too many levels inside one another', {
        hint: 'give inner parts names of their own',
        span,
      })
    throw new BackproveError('syntax', `\`${at?.text ?? ''}\` cannot stand here`, {
      hint: 'look at what stands before it',
      span,
    })
  }
}

function spellForMathjs(tokens: readonly Token[], primes: ReadonlySet<Token>): { text: string; starts: number[] } {
  const starts: number[] = []
  let length = 0
  const parts = tokens.map((token, index) => {
    const part = primes.has(token)
      ? ''
      : token.kind !== 'operator'
        ? `t${index}`
        : token.text === '.T'
          ? "'"
          : token.text
    starts.push(length)
    length += part.length + 1
    return part
  })
  return { text: parts.join(' '), starts }
}

/** A tree and the index of the token at which it starts, parentheses included. */
interface Converted {
  readonly expr: Expr
  readonly start: number
}

class Converter {
  readonly #tokens: readonly Token[]
  readonly #orders: ReadonlyMap<Token, number>

  constructor(tokens: readonly Token[], orders: ReadonlyMap<Token, number>) {
    this.#tokens = tokens
    this.#orders = orders
  }

  /** Walks down the left operands and recurses elsewhere, where `vet` has bounded the depth. */
  convert(node: MathNode): Converted {
    const spine: { op: InfixOp; left: MathNode; right: MathNode }[] = []
    let head = node
    for (let infix = asInfix(head); infix !== null; infix = asInfix(head)) {
      spine.push(infix)
      head = infix.left
    }
    let result = this.#head(head)
    for (const { op, left, right } of spine.reverse()) {
      if (isNot(left) && op !== 'and' && op !== 'or') {
        throw new BackproveError('syntax', `\`not\` before \`${op}\` may be read in two ways`, {
          hint: 'put parentheses: `not (a > b)`',
          span: result.expr.span,
        })
      }
      const span = this.#span(result.start)
      const expr: Expr = { kind: 'infix', op, left: result.expr, right: this.convert(right).expr, span }
      result = { expr, start: result.start }
    }
    return result
  }

  #head(node: MathNode): Converted {
    switch (node.type) {
      case 'SymbolNode':
        return this.#leaf(node as MathNode & { name: string })
      case 'ParenthesisNode': {
        const { expr, start } = this.convert((node as MathNode & { content: MathNode }).content)
        return { expr, start: start - 1 }
      }
      case 'FunctionNode':
        return this.#call(node as MathNode & { fn: MathNode; args: MathNode[] })
      case 'AccessorNode':
        return this.#indexed(node as MathNode & { object: MathNode; index: { dimensions: MathNode[] } })
      case 'ConditionalNode':
        return this.#conditional(node as MathNode & { condition: MathNode; trueExpr: MathNode; falseExpr: MathNode })
      case 'ArrayNode':
        return this.#list(node as MathNode & { items: MathNode[] })
      case 'OperatorNode':
        return this.#unary(node as MathNode & { op: string; args: MathNode[] })
      default:
        throw new BackproveError('internal', `an expression of mathjs that is not read: ${node.type}`)
    }
  }

  #leaf(node: MathNode & { name: string }): Converted {
    const start = Number(node.name.slice(1))
    const token = this.#token(start)
    const { span } = token
    switch (token.kind) {
      case 'number':
        return { expr: { kind: 'number', text: token.text, span }, start }
      case 'boolean':
        return { expr: { kind: 'boolean', value: token.text === 'True', span }, start }
      case 'name':
        return { expr: { kind: 'name', name: token.text, indices: [], numpy: token.numpy, span }, start }
      default:
        throw new BackproveError('internal', 'an operator in the place of an operand', { span })
    }
  }

  /** `W[l]`; `W[l][k]` is `W[l,k]`. */
  #indexed(node: MathNode & { object: MathNode; index: { dimensions: MathNode[] } }): Converted {
    const { expr, start } = this.convert(node.object)
    if (expr.kind !== 'name') throw new BackproveError('internal', 'an index on what is no name', { span: expr.span })
    if (expr.numpy)
      throw new BackproveError('syntax', 'an index on a name of NumPy', {
        hint: 'names of the sheet take indices',
        span: expr.span,
      })
    const indices = node.index.dimensions.map((index) => this.convert(index).expr)
    return { expr: { ...expr, indices: [...expr.indices, ...indices] }, start }
  }

  #call(node: MathNode & { fn: MathNode; args: MathNode[] }): Converted {
    const { expr: callee, start } = this.convert(node.fn)
    if (callee.kind !== 'name') throw new BackproveError('internal', 'a call of what is no name', { span: callee.span })
    const args: Expr[] = []
    const keywords: Keyword[] = []
    for (const arg of node.args) {
      if (arg.type === 'AssignmentNode')
        keywords.push(this.#keyword(arg as MathNode & { object: MathNode; value: MathNode }, keywords))
      else {
        const { expr } = this.convert(arg)
        if (keywords.length > 0) {
          throw new BackproveError('syntax', 'an argument without a name after one with a name', {
            hint: 'named arguments come last: `sum(A, axis=1)`',
            span: expr.span,
          })
        }
        args.push(expr)
      }
    }
    const order = this.#orders.get(this.#token(start)) ?? 0
    return { expr: { kind: 'call', callee, order, args, keywords, span: callee.span }, start }
  }

  #keyword(node: MathNode & { object: MathNode; value: MathNode }, before: readonly Keyword[]): Keyword {
    const { name, span } = this.convert(node.object).expr as NameExpr
    if (before.some((keyword) => keyword.name === name)) {
      throw new BackproveError('syntax', `the argument \`${name}\` is given twice`, {
        hint: 'leave one of them out',
        span,
      })
    }
    return { name, value: this.convert(node.value).expr, span }
  }

  #conditional(node: MathNode & { condition: MathNode; trueExpr: MathNode; falseExpr: MathNode }): Converted {
    const { expr: condition, start } = this.convert(node.condition)
    const yes = this.convert(node.trueExpr).expr
    const no = this.convert(node.falseExpr).expr
    return { expr: { kind: 'conditional', condition, yes, no, span: this.#span(start) }, start }
  }

  #list(node: MathNode & { items: MathNode[] }): Converted {
    const items = node.items.map((item) => this.convert(item))
    const start = (items[0]?.start ?? 1) - 1
    return { expr: { kind: 'list', items: items.map(({ expr }) => expr), span: this.#span(start) }, start }
  }

  #unary(node: MathNode & { op: string; args: MathNode[] }): Converted {
    const [arg] = node.args
    if (arg === undefined) throw new BackproveError('internal', 'an operator without operands')
    const operand = this.convert(arg)
    if (node.op === "'") {
      const expr: Expr = { kind: 'transpose', operand: operand.expr, span: this.#span(operand.start) }
      return { expr, start: operand.start }
    }
    const start = operand.start - 1
    return { expr: { kind: 'prefix', op: node.op as PrefixOp, operand: operand.expr, span: this.#span(start) }, start }
  }

  #token(index: number): Token {
    const token = this.#tokens[index]
    if (token === undefined) throw new BackproveError('internal', 'a leaf without a token')
    return token
  }

  #span(index: number): Span {
    return this.#token(index).span
  }
}

const INFIX: ReadonlySet<string> = new Set(['+', '-', '*', '/', '.*', './', '^', '.^', 'and', 'or'])
const isInfixOp = (op: string): op is InfixOp => INFIX.has(op) || isComparisonOp(op)

function asInfix(node: MathNode): { op: InfixOp; left: MathNode; right: MathNode } | null {
  if (node.type !== 'OperatorNode') return null
  const { op, args } = node as MathNode & { op: string; args: MathNode[] }
  const [left, right] = args
  return left !== undefined && right !== undefined && isInfixOp(op) ? { op, left, right } : null
}

const isNot = (node: MathNode): boolean =>
  node.type === 'OperatorNode' && (node as MathNode & { op: string }).op === 'not'
