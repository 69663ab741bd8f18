import { BackproveError } from '../base/errors.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Warning } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { shapeText } from '../shape/shape.ts'
import type { Size } from '../shape/size.ts'
import { leftSpine } from '../syntax/ast.ts'
import type { CallExpr, Expr, InfixExpr, NameExpr, NumberExpr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import { gradient } from './builtin/derivative.ts'
import { countError } from './call.ts'
import type { Call } from './call.ts'
import { readLiteral } from './literal.ts'
import type { Names } from './names.ts'
import { applyInfix, entryByEntry, negative } from './operator.ts'
import { refuseMixedProduct } from './mixed-product.ts'
import { brokenError } from './scope.ts'
import type { Entry, FunctionEntry, Scope, SheetFunction } from './scope.ts'
import { sizeOf, wholeOf } from './size-of.ts'

/** Where an expression stands. */
export interface Context {
  readonly scope: Scope
  /** The place in the unrolled sheet up to which names are visible. */
  readonly order: number
  /** The function whose body it is part of, with its arguments. */
  readonly frame: Frame | null
  /** What a reader of the expression would want to know. */
  readonly warnings: Set<Warning>
  /** Values that names have in place of what the sheet gives them. */
  readonly given?: ReadonlyMap<string, Node>
  /** Expressions read before in the same place; what is read is added. */
  readonly known?: WeakMap<Expr, Node>
}

export interface Frame {
  readonly fn: SheetFunction
  readonly args: ReadonlyMap<string, Node>
}

/** Expressions inside one another and inside the bodies of called functions: what the stack surely holds. */
const MAX_DEPTH = 1200
/** Function calls of a sheet: calls of calls would otherwise make graphs that fit no memory. */
const MAX_CALLS = 200_000

/** Turns expressions into nodes. */
export class Expressions {
  readonly builder: Builder
  readonly names: Names
  /** Literals that look like the first digits of something else. */
  readonly rounded = new Map<Node, string>()
  readonly #calls = new Map<SheetFunction, Map<string, { node: Node; warnings: readonly Warning[] }>>()
  #depth = 0
  #callCount = 0

  constructor(builder: Builder, names: Names) {
    this.builder = builder
    this.names = names
  }

  /** The node of an expression; what is thrown has the place of the innermost part at fault. */
  value(expr: Expr, context: Context): Node {
    if (++this.#depth > MAX_DEPTH) {
      this.#depth--
      throw new BackproveError('too-large', 'too many expressions and functions inside one another', {
        hint: 'give inner parts names of their own',
        span: expr.span,
      })
    }
    try {
      const known = context.known?.get(expr)
      if (known !== undefined) return known
      const node = this.#value(expr, context)
      context.known?.set(expr, node)
      return node
    } catch (error) {
      throw error instanceof BackproveError ? error.at(expr.span) : error
    } finally {
      this.#depth--
    }
  }

  #value(expr: Expr, context: Context): Node {
    switch (expr.kind) {
      case 'number':
        return this.#number(expr, context)
      case 'boolean':
        throw new BackproveError('argument', '`True` and `False` stand only in `keepdims=`', { hint: 'write 1 or 0' })
      case 'name':
        return this.#name(expr, context)
      case 'call':
        return this.#call(expr, context)
      case 'prefix': {
        const operand = this.value(expr.operand, context)
        if (expr.op === '+') return operand
        return expr.op === '-' ? negative(this.builder, operand) : this.builder.call('not', operand)
      }
      case 'transpose':
        return this.#transpose(this.value(expr.operand, context), expr)
      case 'conditional':
        return this.#choice(expr, context)
      case 'list':
        throw new BackproveError('unsupported', 'an array literal stands only for axes and lengths', {
          hint: 'declare arrays with `input(r, c)`',
        })
      case 'infix':
        return this.#infix(expr, context)
    }
  }

  #number(expr: NumberExpr, context: Context): Node {
    const literal = readLiteral(expr.text)
    if (literal.kind === 'constant') {
      const message = `${expr.text} is taken for \`${literal.name}\``
      context.warnings.add(this.#warning('constant-recognised', message))
      return literal.name === 'pi' ? this.builder.pi() : this.builder.e()
    }
    const node = this.builder.constant(literal.value)
    if (literal.kind === 'rounded') {
      this.rounded.set(node, literal.of)
      context.warnings.add(
        this.#warning('rounded-constant', `${expr.text} is not ${literal.of}, only its first digits`),
      )
    }
    return node
  }

  /** One object for one message, so that a set of warnings holds it once. */
  #warning(code: Warning['code'], message: string): Warning {
    const known = this.#warnings.get(message)
    if (known !== undefined) return known
    const warning = { code, message }
    this.#warnings.set(message, warning)
    return warning
  }
  readonly #warnings = new Map<string, Warning>()

  #name(expr: NameExpr, context: Context): Node {
    const name = this.nameText(expr, context)
    const parameter = expr.indices.length === 0 && !expr.numpy ? context.frame?.args.get(name) : undefined
    if (parameter !== undefined) return parameter
    const given = expr.numpy ? undefined : context.given?.get(name)
    if (given !== undefined) return given
    const entry = expr.numpy ? null : context.scope.value(name, context.order)
    if (entry !== null) return this.#entry(entry, name, context)
    const size = this.names.knownSize(expr, name)
    if (size !== null) return size
    const constant = expr.indices.length === 0 ? this.names.constant(name) : null
    if (constant !== null) return constant
    throw this.names.unknownValue(expr, name, context.scope, context.order, context.frame?.args.keys() ?? [])
  }

  #entry(entry: Entry, name: string, context: Context): Node {
    switch (entry.kind) {
      case 'value':
        for (const warning of entry.warnings) context.warnings.add(warning)
        return entry.node
      case 'loop':
        return this.builder.whole(entry.value)
      case 'broken':
        throw brokenError(name, entry)
    }
  }

  /** A name with its indices as numbers: `Z[2]`. */
  nameText(expr: NameExpr, context: Context): string {
    if (expr.indices.length === 0) return expr.name
    return `${expr.name}[${expr.indices.map((index) => this.whole(index, context)).join(',')}]`
  }

  /** A whole number, from literals, loops' names and integer definitions. */
  whole(expr: Expr, context: Context): number {
    if (expr.kind === 'number' && /^\d{1,9}$/.test(expr.text)) return Number(expr.text)
    if (expr.kind === 'name' && expr.indices.length === 0 && context.frame === null) {
      const entry = context.scope.value(expr.name, context.order)
      if (entry?.kind === 'loop') return entry.value
    }
    const value = wholeOf(this.value(expr, context))
    if (value !== null) return value
    throw new BackproveError('argument', `\`${toSource(expr, 40)}\` is not a whole number`, {
      hint: 'an index, an axis or the end of a range is made of whole numbers and names defined as such: `L = 4`',
      span: expr.span,
    })
  }

  /** The length of an axis: a name that means nothing else becomes a size. */
  size(expr: Expr, context: Context): Size {
    this.#declareSizes(expr, context)
    try {
      return sizeOf(this.value(expr, context), toSource(expr, 40))
    } catch (error) {
      throw error instanceof BackproveError ? error.at(expr.span) : error
    }
  }

  /** Makes sizes of the names in sums and products that mean nothing else. */
  #declareSizes(expr: Expr, context: Context): void {
    const pending = [expr]
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part.kind === 'infix') pending.push(part.right, part.left)
      if (part.kind !== 'name' || part.numpy) continue
      const name = this.nameText(part, context)
      const isKnown = context.frame?.args.has(name) === true || context.scope.value(name, context.order) !== null
      if (!isKnown) this.names.size(name, part.span)
    }
  }

  /** What `grad` differentiates by. */
  #named(expr: Expr, context: Context): Node {
    const text = toSource(expr, 40)
    if (expr.kind !== 'name' || expr.numpy) {
      throw new BackproveError('argument', `\`${text}\` is no name: a derivative is by a named value`, {
        hint: `name it first: \`v = ${text}\`, and use \`v\` where it is meant`,
        span: expr.span,
      })
    }
    const node = this.value(expr, context)
    const isSizeOnly = reachable([node]).every(({ kind }) =>
      ['size', 'constant', 'symbol', 'map', 'definition'].includes(kind),
    )
    const isFree = node.kind === 'input' || node.kind === 'definition'
    if (isFree && !(isSizeOnly && reachable([node]).some(({ kind }) => kind === 'size'))) return node
    throw new BackproveError(
      'not-differentiable',
      `\`${text}\` is ${isFree ? 'made of sizes' : 'no value that could vary'}`,
      {
        hint: 'a derivative is by declared data, a parameter, or a value computed from them',
        span: expr.span,
      },
    )
  }

  #transpose(node: Node, expr: Expr & { kind: 'transpose' }): Node {
    if (node.shape.length === 0) return node
    if (node.shape.length === 2) return this.builder.transpose(node)
    throw new BackproveError(
      'shape',
      `\`${toSource(expr, 40)}\`: ${toSource(expr.operand, 40)} is ${shapeText(node.shape)}, and \`'\` exchanges two axes`,
      {
        hint:
          node.shape.length === 1
            ? 'an array of one axis has no transpose; `outer` and `dot` say which product is meant'
            : 'write `transpose(A, [0,2,1])`',
      },
    )
  }

  #choice(expr: Expr & { kind: 'conditional' }, context: Context): Node {
    const parts = [expr.condition, expr.yes, expr.no].map((part) => this.value(part, context))
    return this.builder.call('where', ...parts)
  }

  #infix(expr: InfixExpr, context: Context): Node {
    const { spine, head } = leftSpine(expr)
    let left = this.value(head, context)
    for (const link of spine.reverse()) {
      const sides = { left, right: this.value(link.right, context) }
      left = this.#combine(link, sides, context)
    }
    return left
  }

  #combine(expr: InfixExpr, sides: { left: Node; right: Node }, context: Context): Node {
    const { frame } = context
    if (frame === null || frame.fn.isWhole) return applyInfix(this.builder, expr, sides)
    if (expr.op === '*') refuseMixedProduct(expr, sides, frame, (name) => context.scope.value(name, context.order))
    return entryByEntry(this.builder, expr, sides)
  }

  /** What a callee names; throws where it is no function. */
  function(callee: NameExpr, context: Context): FunctionEntry {
    const name = this.nameText(callee, context)
    const entry = this.names.function(callee, name, context.scope, context.order)
    if (entry !== null && entry.kind !== 'broken') return entry
    if (entry !== null) throw brokenError(name, entry)
    const isParameter = context.frame?.args.has(name) === true
    const value: Entry | null = isParameter
      ? { kind: 'loop', value: 0, span: callee.span, order: 0 }
      : context.scope.value(name, context.order)
    throw this.names.unknownFunction(callee, name, context.scope, context.order, value)
  }

  #call(expr: CallExpr, context: Context): Node {
    const entry = this.function(expr.callee, context)
    if (expr.order > 0) return this.#derivative(expr, entry, context)
    return this.#apply(expr, entry, context, new Map())
  }

  /** A call in which some arguments are given as nodes. */
  #apply(expr: CallExpr, entry: FunctionEntry, context: Context, given: ReadonlyMap<Expr, Node>): Node {
    const value = (arg: Expr): Node => given.get(arg) ?? this.value(arg, context)
    if (entry.kind === 'function') {
      const [keyword] = expr.keywords
      if (keyword !== undefined) {
        throw new BackproveError('argument', `\`${entry.fn.name}\` has no argument \`${keyword.name}=\``, {
          hint: 'a function of the sheet takes its arguments in order',
          span: keyword.span,
        })
      }
      return this.#applyOwn(entry.fn, expr.args.map(value), context)
    }
    if (entry.kind === 'broken') throw brokenError(expr.callee.name, entry)
    const call: Call = {
      builder: this.builder,
      expr,
      name: toSource(expr.callee),
      value,
      size: (arg) => this.size(arg, context),
      whole: (arg) => this.whole(arg, context),
      named: (arg) => this.#named(arg, context),
    }
    return entry.builtin.apply(call)
  }

  #applyOwn(fn: SheetFunction, args: readonly Node[], context: Context): Node {
    const { parameters } = fn
    if (args.length !== parameters.length) throw countError(fn.name, args.length, parameters.length)
    const key = args.map(({ id }) => id).join()
    const known = this.#calls.get(fn)?.get(key)
    if (known !== undefined) {
      for (const warning of known.warnings) context.warnings.add(warning)
      return known.node
    }
    if (++this.#callCount > MAX_CALLS) {
      throw new BackproveError('too-large', `more than ${MAX_CALLS} calls of functions`, {
        hint: 'name values that are used twice',
      })
    }
    const bound = parameters.map(({ name }, at): [string, Node] => {
      const arg = args[at]!
      return [name, fn.differentiates ? this.builder.define(`${name} of ${fn.name}`, arg, true) : arg]
    })
    const warnings = new Set<Warning>()
    const frame = { fn, args: new Map(bound) }
    try {
      const node = this.value(fn.body, { scope: fn.scope, order: fn.order, frame, warnings })
      const calls = this.#calls.get(fn) ?? new Map<string, { node: Node; warnings: readonly Warning[] }>()
      this.#calls.set(fn, calls.set(key, { node, warnings: [...warnings] }))
      for (const warning of warnings) context.warnings.add(warning)
      return node
    } catch (error) {
      if (!(error instanceof BackproveError)) throw error
      // What fails in the body for these arguments is the fault of the call.
      const message = error.message.startsWith('in `') ? error.message : `in \`${fn.name}\`: ${error.message}`
      throw new BackproveError(error.code, message, { hint: error.hint })
    }
  }

  /** `g'(Z)`: the function of a name that stands for `Z` alone, differentiated by that name. */
  #derivative(expr: CallExpr, entry: FunctionEntry, context: Context): Node {
    const [arg, second] = expr.args
    const name = toSource(expr.callee)
    const takes = entry.kind === 'function' ? entry.fn.parameters.length : 1
    if (arg === undefined || second !== undefined || takes !== 1) {
      throw new BackproveError('arity', `\`${name}'\` is the derivative of a function of one argument`, {
        hint: 'name the arguments and write `grad(y, x)`',
      })
    }
    const free = this.builder.define(`argument of ${name}`, this.value(arg, context), true)
    let result = this.#apply(expr, entry, context, new Map([[arg, free]]))
    for (let order = 0; order < expr.order; order++) {
      result = gradient(this.builder, result, free, `\`${name}(${toSource(arg, 30)})\``)
    }
    return result
  }
}
