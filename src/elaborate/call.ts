import { BackproveError } from '../base/errors.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Size } from '../shape/size.ts'
import type { CallExpr, Expr } from '../syntax/ast.ts'
import { nearest } from './nearest.ts'

/** What a built-in function may ask of the elaborator about the call that it answers. */
export interface Call {
  readonly builder: Builder
  readonly expr: CallExpr
  /** As the sheet spells it, `sum` or `np.sum`. */
  readonly name: string
  value(expr: Expr): Node
  /** A size, as in a shape. */
  size(expr: Expr): Size
  whole(expr: Expr): number
  /** What a name stands for, to differentiate by. */
  named(expr: Expr): Node
}

export interface Builtin {
  /** Whether a call speaks of whole arrays, rather than entry by entry. */
  readonly isWhole: (expr: CallExpr) => boolean
  readonly apply: (call: Call) => Node
}

export const entrywise = (apply: (call: Call) => Node): Builtin => ({ isWhole: () => false, apply })
export const whole = (apply: (call: Call) => Node): Builtin => ({ isWhole: () => true, apply })

/** The parameters of a built-in function, in the order in which they may be given without their names. */
export interface Signature {
  readonly positional: readonly string[]
  /** How many of them must be given. */
  readonly required: number
  /** Those given by name only. */
  readonly named?: readonly string[]
}

/** The arguments of a call by parameter; throws `arity` or `argument` where they do not fit. */
export function bind(call: Call, { positional, required, named = [] }: Signature): ReadonlyMap<string, Expr> {
  const { args, keywords } = call.expr
  if (args.length > positional.length) throw wrongCount(call, positional.length, required)
  const bound = new Map(args.map((arg, at) => [positional[at]!, arg]))
  for (const { name, value, span } of keywords) {
    const known = [...positional, ...named]
    if (!known.includes(name)) {
      const near = nearest(name, known)
      const optional = [...positional.slice(1), ...named]
      const takes = optional.length === 0 ? 'no named arguments' : optional.map((each) => `\`${each}=\``).join(', ')
      throw new BackproveError('argument', `\`${call.name}\` has no argument \`${name}\``, {
        hint: near === null ? `it takes ${takes}` : `did you mean \`${near}=\`?`,
        span,
      })
    }
    if (bound.has(name)) {
      throw new BackproveError('argument', `the argument \`${name}\` of \`${call.name}\` is given twice`, {
        hint: 'leave one of them out',
        span,
      })
    }
    bound.set(name, value)
  }
  if (positional.slice(0, required).some((name) => !bound.has(name)))
    throw wrongCount(call, positional.length, required)
  return bound
}

function wrongCount(call: Call, most: number, least: number): BackproveError {
  return countError(call.name, call.expr.args.length + call.expr.keywords.length, least, most)
}

export function countError(name: string, found: number, least: number, most = least): BackproveError {
  const wanted = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`
  const noun = wanted === '1' ? 'argument' : 'arguments'
  return new BackproveError(
    'arity',
    `\`${name}\` takes ${wanted} ${noun}; here ${found === 1 ? 'is 1' : `are ${found}`}`,
    { hint: found > most ? 'leave out what is too many' : 'give what is missing' },
  )
}
