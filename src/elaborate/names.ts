import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import type { Node } from '../graph/node.ts'
import type { Builder } from '../graph/builder.ts'
import { namedSize } from '../shape/size.ts'
import type { NameExpr } from '../syntax/ast.ts'
import { FOREIGN_FUNCTIONS, FUNCTIONS } from './builtin/table.ts'
import { NUMPY_FUNCTIONS } from './builtin/numpy.ts'
import { nearest } from './nearest.ts'
import { brokenError } from './scope.ts'
import type { Entry, FunctionEntry, Scope } from './scope.ts'
import type { Survey } from './survey.ts'

const UNITS: ReadonlySet<string> = new Set(['cm', 'mm', 'km', 'kg', 'ms', 'inch', 'ft', 'deg', 'rad', 'Hz', 'kHz'])

/** What the names of a sheet mean: sizes, values and functions, and what to say of those that mean nothing. */
export class Names {
  readonly #builder: Builder
  readonly #survey: Survey
  /** Where each size was first used. */
  readonly #sizes = new Map<string, Span>()
  /** Names without indices, definitions of which were not understood. */
  readonly #lost: Map<string, Span>

  constructor(builder: Builder, survey: Survey) {
    this.#builder = builder
    this.#survey = survey
    this.#lost = new Map(survey.unread)
  }

  /** Records that a definition of this name, with whatever indices, was not understood. */
  lose(name: string, span: Span): void {
    if (!this.#lost.has(name)) this.#lost.set(name, span)
  }

  get sizes(): ReadonlyMap<string, Span> {
    return this.#sizes
  }

  size(name: string, span: Span): Node {
    if (!this.#sizes.has(name)) this.#sizes.set(name, span)
    return this.#builder.size(namedSize(name))
  }

  /** The size that a name is outside shapes, or `null`. */
  knownSize(expr: NameExpr, name: string): Node | null {
    if (expr.numpy) return null
    const isOnlySize = this.#survey.inShapes.has(expr.name) && (expr.indices.length > 0 || !this.#isDefined(expr.name))
    return isOnlySize || this.#sizes.has(name) ? this.size(name, expr.span) : null
  }

  #isDefined(name: string): boolean {
    return this.#survey.values.has(name) || this.#lost.has(name)
  }

  constant(name: string): Node | null {
    return name === 'pi' ? this.#builder.pi() : name === 'e' ? this.#builder.e() : null
  }

  function(expr: NameExpr, name: string, scope: Scope, order: number): FunctionEntry | null {
    const placed = { span: expr.span, order: -1 }
    if (expr.numpy) {
      const builtin = NUMPY_FUNCTIONS.get(name)
      return builtin === undefined ? null : { kind: 'builtin', builtin, ...placed }
    }
    const own = scope.function(name, order)
    if (own !== null) return own
    const builtin = FUNCTIONS.get(name)
    return builtin === undefined ? null : { kind: 'builtin', builtin, ...placed }
  }

  /** Why a name has no value. */
  unknownValue(
    expr: NameExpr,
    name: string,
    scope: Scope,
    order: number,
    parameters: Iterable<string>,
  ): BackproveError {
    const early = this.#early(expr, name, this.#survey.values, 'unknown-name')
    if (early !== null) return early
    const span = expr.span
    if (this.function(expr, name, scope, order) !== null || this.#survey.functions.has(expr.name)) {
      return new BackproveError('unknown-name', `\`${name}\` is a function, not a value`, {
        hint: `call it: \`${name}(…)\``,
        span,
      })
    }
    if (expr.numpy) {
      return new BackproveError('unknown-name', `there is no value \`np.${name}\``, {
        hint: '`np.pi` and `np.e` are known',
        span,
      })
    }
    const candidates = [...scope.valueNames(order), ...this.#sizes.keys(), ...parameters, 'pi', 'e']
    const near = UNITS.has(name) ? null : nearest(name, candidates)
    const defined = 'a value is defined by `name = …`, a size by standing in a shape'
    const hint = near === null ? `${whyNot(name)}${defined}` : `did you mean \`${near}\`?`
    return new BackproveError('unknown-name', `\`${name}\` is not defined`, { hint, span })
  }

  /** Why a name is no function; `value` is what it is among values. */
  unknownFunction(expr: NameExpr, name: string, scope: Scope, order: number, value: Entry | null): BackproveError {
    const span = expr.span
    const early = this.#early(expr, name, this.#survey.functions, 'unknown-function')
    if (early !== null) return early
    if (expr.numpy) {
      const near = nearest(name, NUMPY_FUNCTIONS.keys())
      const hint = FUNCTIONS.has(name) ? `write \`${name}(…)\`` : near === null ? '' : `did you mean \`np.${near}\`?`
      return new BackproveError('unknown-function', `\`np.${name}\` is not known here`, { hint, span })
    }
    if (value !== null || this.knownSize(expr, name) !== null) {
      return new BackproveError('implicit-multiplication', `\`${name}\` is a value, and \`${name}(…)\` is a call`, {
        hint: `write \`${name}*(…)\` or \`${name} .* (…)\``,
        span,
      })
    }
    const near = nearest(name, [...scope.functionNames(order), ...FUNCTIONS.keys()])
    const hint =
      FOREIGN_FUNCTIONS.get(name) ??
      (near === null ? 'a function is defined by `f(z) = …`' : `did you mean \`${near}\`?`)
    return new BackproveError('unknown-function', `there is no function \`${name}\``, { hint, span })
  }

  #early(
    expr: NameExpr,
    name: string,
    defined: ReadonlyMap<string, Span>,
    code: 'unknown-name' | 'unknown-function',
  ): BackproveError | null {
    if (expr.numpy) return null
    const unread = this.#lost.get(expr.name)
    if (unread !== undefined) return brokenError(name, { span: unread, order: 0 }).at(expr.span)
    const later = defined.get(expr.name)
    if (later === undefined || expr.indices.length > 0) return null
    const isLater = later.line >= expr.span.line
    const message = isLater
      ? `\`${name}\` is used before its definition in line ${later.line}`
      : `\`${name}\` of line ${later.line} is not visible here`
    const hint = isLater
      ? 'move the definition up'
      : 'a name without an index ends with its pass of the loop: write `name[l]`'
    return new BackproveError(code, message, { hint, span: expr.span })
  }
}

/** What a name that is not defined may have been meant for. */
function whyNot(name: string): string {
  if (/^[ijI]$/.test(name)) return 'there are no complex numbers; '
  return UNITS.has(name) ? 'there are no units; ' : ''
}
