import { BackproveError } from '../base/errors.ts'
import type { ErrorCode, Span } from '../base/errors.ts'

/** A word or sign of a sheet, with its place: `start` and `end` are offsets into the text, for slices of it. */
export type Token = NumberToken | NameToken | BooleanToken | OperatorToken | BadToken | LineEnd | TextEnd

interface Place {
  readonly start: number
  readonly end: number
  readonly span: Span
}

export interface NumberToken extends Place {
  readonly kind: 'number'
  readonly text: string
}

/** `text` is in NFC. With `numpy` the name was written `np.name`. */
export interface NameToken extends Place {
  readonly kind: 'name'
  readonly text: string
  readonly numpy: boolean
}

export interface BooleanToken extends Place {
  readonly kind: 'boolean'
  readonly text: 'True' | 'False'
}

/** Signs, brackets, `.T`, and the words `and`, `or`, `not`. */
export interface OperatorToken extends Place {
  readonly kind: 'operator'
  readonly text: string
}

/** Characters that make no token of this language, and why. */
export interface BadToken extends Place {
  readonly kind: 'bad'
  readonly text: string
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

export interface LineEnd extends Place {
  readonly kind: 'line-end'
  readonly text: ''
}

export interface TextEnd extends Place {
  readonly kind: 'text-end'
  readonly text: ''
}

/** Whether an operand ends with this token, so that only an operator, a bracket or nothing may follow. */
export function endsOperand(token: Token): boolean {
  if (token.kind === 'operator')
    return token.text === ')' || token.text === ']' || token.text === "'" || token.text === '.T'
  return token.kind === 'number' || token.kind === 'name' || token.kind === 'boolean'
}

export const isOperator = (token: Token | undefined, text: string): boolean =>
  token !== undefined && token.kind === 'operator' && token.text === text

export const isOpening = (token: Token): boolean => isOperator(token, '(') || isOperator(token, '[')
export const isClosing = (token: Token): boolean => isOperator(token, ')') || isOperator(token, ']')

export const badTokenError = ({ code, message, hint, span }: BadToken): BackproveError =>
  new BackproveError(code, message, { hint, span })
