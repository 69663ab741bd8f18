import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Calculus } from '../ops/calculus.ts'
import { MINUS_ONE, ONE, ZERO } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { ElementwiseName } from '../ops/names.ts'

/** What a rule says, in any setting that can apply elementwise operations. */
export type Side = <N>(c: Calculus<N>, free: readonly N[]) => N

/** What every rule states, whatever applies it. */
export interface Statement {
  readonly name: string
  /** In the sheet language. */
  readonly says: string
  /** Where it holds; empty for everywhere. */
  readonly condition: string
  readonly source: string
}

/** A rule for one elementwise operation: where `left` is found, `right` is written. */
export interface LocalRule extends Statement {
  /** How many free arguments it has. */
  readonly arity: number
  readonly given: 'real' | 'positive'
  readonly left: Side
  readonly right: Side
}

/** `fn(-x)` in terms of `y = fn(x)`, used where both stand in one expression. */
export interface Reflection extends Statement {
  readonly fn: ElementwiseName
  readonly right: <N>(c: Calculus<N>, y: N) => N
  /** What `fn(-x)` is to `fn(x)`, where it may be written instead. */
  readonly kind: 'negative' | 'inverse' | 'same' | 'other'
}

/** A rule that the normal forms keep to, with an instance of both its sides. */
export interface Principle extends Statement {
  readonly sides: (b: Builder, free: Free) => readonly [Node, Node]
}

/** Declares free arrays for an instance: `rows` and `columns` are names of sizes, or 1. */
export interface Free {
  readonly matrix: (name: string, rows: string | 1, columns: string | 1) => Node
  readonly positive: (name: string, rows: string | 1, columns: string | 1) => Node
  readonly onehot: (name: string, rows: string, columns: string) => Node
  readonly size: (name: string) => Node
}

/** The left side of a local rule, to be matched. */
export type Pattern =
  | { readonly kind: 'free'; readonly slot: number }
  | { readonly kind: 'constant'; readonly value: Rational }
  | { readonly kind: 'pi' }
  | { readonly kind: 'call'; readonly fn: ElementwiseName; readonly args: readonly Pattern[] }

const patterns: Calculus<Pattern> = {
  constant: (value) => ({ kind: 'constant', value }),
  pi: () => ({ kind: 'pi' }),
  call: (fn, ...args) => ({ kind: 'call', fn, args }),
}

/** The left side of a rule as a tree over its free arguments. */
export const patternOf = (rule: LocalRule): Pattern =>
  rule.left(patterns, Array.from({ length: rule.arity }, (_, slot): Pattern => ({ kind: 'free', slot }))) // prettier-ignore

export const zero = <N>(c: Calculus<N>): N => c.constant(ZERO)
export const one = <N>(c: Calculus<N>): N => c.constant(ONE)
export const minus = <N>(c: Calculus<N>, x: N): N => c.call('mul', c.constant(MINUS_ONE), x)
