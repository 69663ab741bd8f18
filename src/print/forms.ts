import { BackproveError } from '../base/errors.ts'
import { isScalarLike } from '../shape/shape.ts'
import type { Shape } from '../shape/shape.ts'

/** A printed expression and how tightly its outermost operator binds. */
export interface Piece {
  readonly text: string
  readonly level: number
  /** Whether it is an ordinary number of the language, made of constants and sizes, where arrays are something else. */
  readonly host?: boolean
  /** The same as a truth value of the language, where `text` is the number 0 or 1. */
  readonly truth?: string
  /** Whether it is a matrix product with no number in front. */
  readonly isChain?: boolean
}

/**
 * How tightly operators bind, loosest first; a target uses those that its language has. `matrix` is a product that is
 * kept in parentheses beside an entry-by-entry one, although most languages would not ask for it.
 */
export const LEVEL = {
  loosest: 0,
  choice: 1,
  or: 2,
  and: 3,
  comparison: 4,
  sum: 5,
  matrix: 6,
  product: 7,
  sign: 8,
  power: 9,
  postfix: 10,
  atom: 11,
} as const

/** What a form may need to know besides the printed operands. */
export interface Detail {
  /** The shape of the result. */
  readonly shape: Shape
  /** The shapes of the operands. */
  readonly operands: readonly Shape[]
  /** The axes of a reduction, a permutation or an insertion; counted from 0. */
  readonly axes: readonly number[]
  /** Whether reduced axes stay with length 1. */
  readonly keep: boolean
}

/** How an operation is written: its printed operands put together. */
export type Form = (operands: readonly Piece[], detail: Detail) => Piece

export const atom = (text: string): Piece => ({ text, level: LEVEL.atom })

/** The text of `piece`, in parentheses where it binds less tightly than `level` asks. */
export const within = (piece: Piece | undefined, level: number, open = '(', close = ')'): string => {
  if (piece === undefined) throw new BackproveError('internal', 'a form lacks an operand')
  return piece.level >= level ? piece.text : `${open}${piece.text}${close}`
}

/** `name(a, b)` */
export const call =
  (name: string): Form =>
  (operands) =>
    atom(`${name}(${operands.map((piece) => piece.text).join(', ')})`)

/** What an infix operator asks of its right operand: to bind tighter, or only as tightly. */
export interface InfixOptions {
  readonly left?: number
  readonly right?: number
}

/** `a symbol b`, grouping to the left. An operand that begins with a sign is put in parentheses on the right. */
export const infix =
  (symbol: string, level: number, options: InfixOptions = {}): Form =>
  ([a, b]) => {
    const right = within(b, options.right ?? level + 1)
    return {
      text: `${within(a, options.left ?? level)}${symbol}${right.startsWith('-') ? `(${right})` : right}`,
      level,
    }
  }

/** A matrix product for a reader: one that stands on the right needs no parentheses, unless it is a number, `x*(w'*y)`. */
export const chained =
  (form: Form): Form =>
  ([a, b], detail) => {
    const isChain = a!.level !== LEVEL.matrix || a!.isChain === true
    const isOpen = b!.isChain === true && !isScalarLike(detail.operands[1]!)
    return { ...form([a!, isOpen ? { ...b!, level: LEVEL.sign } : b!], detail), isChain }
  }

/** `symbol a`; it binds as a sum does, so that `a*(-b)` and `(-a)*b` keep their parentheses. */
export const prefix =
  (symbol: string, level: number, operand: number = level): Form =>
  ([a]) => {
    const inner = within(a, operand)
    return { text: inner.startsWith('-') ? `${symbol}(${inner})` : `${symbol}${inner}`, level }
  }

/** `a symbol` */
export const postfix =
  (symbol: string): Form =>
  ([a]) => ({ text: `${within(a, LEVEL.postfix)}${symbol}`, level: LEVEL.postfix })

/** `open a close`, as in `|a|`. */
export const between =
  (open: string, close: string): Form =>
  ([a]) =>
    atom(`${open}${within(a, LEVEL.loosest)}${close}`)

/** `name(a, axis=1)`: the axes as the target writes them. */
export const reduction =
  (name: string, suffix: (detail: Detail) => string): Form =>
  ([a], detail) =>
    atom(`${name}(${within(a, LEVEL.loosest)}${suffix(detail)})`)

/** Text with `$0`, `$1`, … for operands, each in parentheses unless it binds as tightly as `operand`. */
export const template =
  (text: string, level: number = LEVEL.atom, operand: number = LEVEL.loosest): Form =>
  (operands) => ({
    text: text.replace(/\$(\d)/g, (_, slot: string) => within(operands[Number(slot)], operand)),
    level,
  })

/** Comparisons begin with what is not a number: `x < 0`, not `0 > x`. */
export const comparing =
  (symbol: string, turned: string): Form =>
  (operands, detail) => {
    const [a] = operands
    const isNumber = a !== undefined && /^-?[\d./e]+$/.test(a.text)
    const form = infix(` ${isNumber ? turned : symbol} `, LEVEL.comparison, { left: LEVEL.sum, right: LEVEL.sum })
    return form(isNumber ? [operands[1]!, a] : operands, detail)
  }

/** Whether every operand and the result are scalars without axes. */
export const allScalars = (detail: Detail): boolean => detail.operands.every((shape) => shape.length === 0)
