/** A place in a source text; lines and columns count from 1. */
export interface Span {
  readonly line: number
  readonly column: number
}

/** What went wrong, as a stable name that scripts may match. Each is explained in `docs/errors.md`. */
export type ErrorCode =
  | 'syntax'
  | 'foreign-syntax'
  | 'unsupported'
  | 'implicit-multiplication'
  | 'not-a-statement'
  | 'loop'
  | 'unknown-name'
  | 'unknown-function'
  | 'redefinition'
  | 'recursion'
  | 'arity'
  | 'argument'
  | 'axis'
  | 'shape'
  | 'size'
  | 'not-scalar'
  | 'not-differentiable'
  | 'depends-on-error'
  | 'mixed-chain'
  | 'too-large'
  | 'empty'
  | 'file'
  | 'data'
  | 'usage'
  | 'budget'
  | 'interrupted'
  | 'internal'

/** Every error that a user can cause: what and where, and in `hint` how to mend it. */
export class BackproveError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly span: Span | null

  constructor(code: ErrorCode, message: string, options: { hint?: string; span?: Span | null } = {}) {
    // A fault of the user's needs no stack trace, and the search for what would mend it meets thousands of them.
    const limit = Error.stackTraceLimit
    if (code !== 'internal') Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = limit
    this.name = 'BackproveError'
    this.code = code
    this.hint = options.hint ?? ''
    this.span = options.span ?? null
  }

  /** The same error with a place, unless it already has one. */
  at(span: Span | null): BackproveError {
    if (this.span !== null || span === null) return this
    return new BackproveError(this.code, this.message, { hint: this.hint, span })
  }
}

/** Marks a branch that the types rule out. */
export function unreachable(value: never): never {
  throw new BackproveError('internal', `unreachable case: ${String(value)}`)
}
