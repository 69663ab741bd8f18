import type { Form } from '../forms.ts'
import type { Target } from '../target.ts'

/** What the names and sizes of a printed program are called; it notes what is used. */
export interface Style {
  /** The variable that holds the length which a size name stands for. */
  readonly size: (name: string) => string
  /** The name of a function that the program brings along. */
  readonly helper: (name: string) => string
  /** An array from which new ones take their type of number; `null` where there is none. */
  readonly like: () => string | null
  /** Functions to be written in one expression instead of by a helper, for expressions that stand alone. */
  readonly inline?: Readonly<Record<string, Form>>
}

/** A function that a printed program brings along. */
export interface Helper {
  readonly source: string
  /** Other helpers that it calls. */
  readonly needs?: readonly string[]
}

export interface Assignment {
  readonly name: string
  readonly text: string
}

/** Random data for the self-check. */
export interface Sample {
  readonly lengths: readonly number[]
  readonly kind: 'uniform' | 'label' | 'onehot'
  readonly range: readonly [low: number, high: number]
  /** Entries, row by row, where only some data will do; drawn unless given. */
  readonly entries?: readonly number[]
}

export interface Argument {
  readonly name: string
  /** As in the sheet, for comments: `n_1×m`. */
  readonly shape: string
  /** `null` for a length that no array tells. */
  readonly sample: Sample | null
  readonly length: number | null
}

/** A function's body: lengths read off arrays, then values, one after the other. */
export interface Body {
  readonly sizes: readonly Assignment[]
  readonly assignments: readonly Assignment[]
}

export interface GradientOf {
  /** The argument by which is differentiated, or another value's name. */
  readonly wrt: string
  /** Whether that is an argument. */
  readonly isArgument: boolean
  readonly value: string
  /** Whether it is made of constants and sizes alone: an ordinary number where the language has such. */
  readonly isHost: boolean
}

/**
 * The scalar once more, for the self-check: its parameters are the program's and behind them what is added to each value
 * between by which is differentiated.
 */
export interface ShiftedPass {
  readonly shifts: readonly { readonly wrt: string; readonly parameter: string }[]
  readonly body: Body
  readonly value: string
}

/** A program to be printed, all names settled. */
export interface Module {
  /** The scalar, by its name in the sheet and as it is computed. */
  readonly of: string
  readonly value: string
  readonly args: readonly Argument[]
  readonly forward: Body
  /** What the gradients take over from the forward pass. */
  readonly cache: readonly string[]
  readonly backward: Body
  readonly gradients: readonly GradientOf[]
  /** `null` where all gradients are by arguments. */
  readonly shifted: ShiftedPass | null
  /** Sources of the helpers used, those needed first. */
  readonly helpers: readonly string[]
}

/** A language for programs: how expressions are written, and what stands around them. */
export interface Language {
  readonly name: string
  /** Names that a program may not use for values. */
  readonly reserved: readonly string[]
  readonly target: (style: Style) => Target
  readonly helpers: ReadonlyMap<string, Helper>
  /** Helpers that every program brings along. */
  readonly always?: readonly string[]
  /** The length of an axis of an array, and a whole quotient. */
  readonly length: (array: string, axis: number) => string
  readonly quotient: (text: string, divisor: number) => string
  readonly render: (module: Module) => string
}
