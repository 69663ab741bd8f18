import type { Rational } from '../base/rational.ts'
import type { ElementwiseName } from './names.ts'

/**
 * What an operation may say about itself, in any setting that can apply elementwise operations: the graph builder,
 * the prover's terms, an interval. `N` is a value of that setting. Operations never learn which setting it is.
 */
export interface Calculus<N> {
  constant(value: Rational): N
  pi(): N
  call(name: ElementwiseName, ...args: readonly N[]): N
}

/** A condition on an argument under which an operation is defined (and, where it says so, differentiable). */
export interface Condition<N> {
  readonly relation: 'positive' | 'nonnegative' | 'nonzero'
  readonly of: N
}

/**
 * What an elementwise operation means. Everything else about it follows from this entry or is checked against it.
 * A *derived* operation has an `expansion` into others; its `partials` are then shortcuts, equal to those of the expansion.
 */
export interface ElementwiseOp {
  readonly arity: number
  /** The value at real arguments, accurate over the whole range; `NaN` outside the domain. */
  readonly kernel: (...args: number[]) => number
  /** One local derivative for each argument, or `null` where it is zero at every point off the kinks. `y` is the value. */
  readonly partials: readonly (Partial | null)[]
  /** The operation in terms of others. Absent for the core. */
  readonly expansion?: <N>(c: Calculus<N>, args: readonly N[]) => N
  /** Conditions under which it is defined. Absent: everywhere. */
  readonly domain?: <N>(c: Calculus<N>, args: readonly N[]) => Condition<N>[]
  /** Conditions under which it is differentiable, beyond `domain` and off the kinks. */
  readonly smooth?: <N>(c: Calculus<N>, args: readonly N[]) => Condition<N>[]
  /** Values whose zeros are its kinks or jumps. Absent: none. */
  readonly switches?: <N>(c: Calculus<N>, args: readonly N[]) => N[]
}

export type Partial = <N>(c: Calculus<N>, args: readonly N[], y: N) => N

/** The argument in `slot`; the builder has checked the arity. */
export function arg<N>(args: readonly N[], slot: number): N {
  return args[slot] as N
}
