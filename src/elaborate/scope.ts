import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import type { Node } from '../graph/node.ts'
import type { Warning } from '../graph/program.ts'
import type { Expr, Parameter } from '../syntax/ast.ts'
import type { Builtin } from './call.ts'

interface Placed {
  readonly span: Span
  /** The place in the unrolled sheet of the statement that made the entry. */
  readonly order: number
}

/** What a name means among values. */
export type Entry =
  | (Placed & { readonly kind: 'value'; readonly node: Node; readonly warnings: readonly Warning[] })
  | (Placed & { readonly kind: 'loop'; readonly value: number })
  /** Its statement was not understood. */
  | (Placed & { readonly kind: 'broken' })

/** What a name means among functions. */
export type FunctionEntry =
  | (Placed & { readonly kind: 'function'; readonly fn: SheetFunction })
  | (Placed & { readonly kind: 'builtin'; readonly builtin: Builtin })
  | (Placed & { readonly kind: 'broken' })

/** A function of the sheet. */
export interface SheetFunction {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: Expr
  /** Taken on whole arrays; otherwise read for scalars and applied entry by entry. */
  readonly isWhole: boolean
  /** Whether it differentiates, so that its parameters must be free names. */
  readonly differentiates: boolean
  /** Where its free names are looked up. */
  readonly scope: Scope
  readonly order: number
}

/**
 * The names of the sheet, or of one pass of a loop. Names with indices live in the outermost scope; a name without one
 * that is defined in a loop ends with the pass. What is visible is what was made up to a place in the unrolled sheet.
 */
export class Scope {
  readonly parent: Scope | null
  readonly loop: { readonly name: string; readonly value: number } | null
  readonly #values = new Map<string, Entry>()
  readonly #functions = new Map<string, FunctionEntry>()

  constructor(parent: Scope | null = null, loop: Scope['loop'] = null) {
    this.parent = parent
    this.loop = loop
  }

  value(name: string, order: number): Entry | null {
    return find(this, (scope) => scope.#values.get(name), order)
  }

  function(name: string, order: number): FunctionEntry | null {
    return find(this, (scope) => scope.#functions.get(name), order)
  }

  addValue(name: string, entry: Entry): void {
    this.#home(name).#values.set(name, entry)
  }

  addFunction(name: string, entry: FunctionEntry): void {
    this.#home(name).#functions.set(name, entry)
  }

  valueNames(order: number): string[] {
    return names(this, (scope) => scope.#values, order)
  }

  functionNames(order: number): string[] {
    return names(this, (scope) => scope.#functions, order)
  }

  /** The values of the loops' names, outermost first; `null` outside loops. */
  iteration(): ReadonlyMap<string, number> | null {
    const loops: [string, number][] = []
    for (const scope of chain(this)) if (scope.loop !== null) loops.push([scope.loop.name, scope.loop.value])
    return loops.length === 0 ? null : new Map(loops.reverse())
  }

  /** Whether a definition of this name ends with a pass of a loop. */
  isLocal(name: string): boolean {
    return this.#home(name).parent !== null
  }

  #home(name: string): Scope {
    if (!name.endsWith(']')) return this
    return [...chain(this)].at(-1) ?? this
  }
}

function* chain(scope: Scope): Generator<Scope> {
  for (let at: Scope | null = scope; at !== null; at = at.parent) yield at
}

function find<E extends Placed>(scope: Scope, get: (scope: Scope) => E | undefined, order: number): E | null {
  for (const at of chain(scope)) {
    const entry = get(at)
    if (entry !== undefined && entry.order <= order) return entry
  }
  return null
}

function names(scope: Scope, get: (scope: Scope) => ReadonlyMap<string, Placed>, order: number): string[] {
  const found: string[] = []
  for (const at of chain(scope)) for (const [name, entry] of get(at)) if (entry.order <= order) found.push(name)
  return found
}

/** That something rests on a definition which was not understood. */
export const brokenError = (name: string, { span }: Placed): BackproveError =>
  new BackproveError('depends-on-error', `\`${name}\` of line ${span.line} is not understood`, {
    hint: `mend line ${span.line} first`,
  })
