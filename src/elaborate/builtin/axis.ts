import { BackproveError } from '../../base/errors.ts'
import { normaliseAxis } from '../../shape/shape.ts'
import type { Expr } from '../../syntax/ast.ts'
import type { Call } from '../call.ts'

/** How a function counts axes, and whether a reduced axis stays with length 1 unless the call says. */
export interface Convention {
  /** From where an axis counts that is given without its name: 1 as in mathjs, 0 as in NumPy. */
  readonly first: 0 | 1
  readonly keeps: boolean
}

/** mathjs counts dimensions from 1; `axis=` counts from 0 and, in this language, keeps the axis with length 1. */
export const SHEET: Convention = { first: 1, keeps: true }
export const NUMPY: Convention = { first: 0, keeps: false }

/** Axes as `axis=0`, `axis=[0,2]`, `axis=None`, or by position; `null` where none are given. */
export function readAxes(call: Call, bound: ReadonlyMap<string, Expr>, rank: number, first: 0 | 1): number[] | null {
  const expr = bound.get('axis')
  if (expr === undefined || (expr.kind === 'name' && expr.name === 'None')) return null
  const isNamed = call.expr.keywords.some(({ value }) => value === expr)
  const axes = listOf(expr).map((item) => oneAxis(call, item, rank, isNamed ? 0 : first))
  if (new Set(axes).size < axes.length) {
    throw new BackproveError('axis', 'one axis is named twice', { hint: 'name each axis once', span: expr.span })
  }
  return axes
}

function oneAxis(call: Call, expr: Expr, rank: number, first: 0 | 1): number {
  const value = call.whole(expr)
  if (first === 1 && value < 1) {
    throw new BackproveError('axis', `dimension ${value}: without its name, an axis counts from 1`, {
      hint: `write \`axis=${value}\` to count from 0`,
      span: expr.span,
    })
  }
  try {
    return normaliseAxis(value - first, rank)
  } catch (error) {
    throw error instanceof BackproveError && first === 1 ? beyond(value, rank, expr) : error
  }
}

const beyond = (dimension: number, rank: number, expr: Expr): BackproveError =>
  new BackproveError('axis', `dimension ${dimension} of an array with ${rank} ${rank === 1 ? 'axis' : 'axes'}`, {
    hint: rank === 0 ? 'a scalar has no axes' : `without its name, an axis counts from 1 to ${rank}`,
    span: expr.span,
  })

export const listOf = (expr: Expr): readonly Expr[] => (expr.kind === 'list' ? expr.items : [expr])

/** `keepdims=`, or `null` where the call does not say. */
export function readKeepdims(bound: ReadonlyMap<string, Expr>): boolean | null {
  const expr = bound.get('keepdims')
  if (expr === undefined) return null
  if (expr.kind === 'boolean') return expr.value
  throw new BackproveError('argument', '`keepdims` is `True` or `False`', {
    hint: 'reduced axes are kept unless `keepdims=False`',
    span: expr.span,
  })
}
