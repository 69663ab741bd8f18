import type { Edit } from '../edit.ts'
import { infix, isSumOp, minus, termsOf } from '../make.ts'
import { said } from './words.ts'

/** The sign of the whole, of a term, of an argument. */
export const sign: Edit = {
  name: 'sign',
  *propose({ expr, parent }) {
    const isOutermost = parent === null || parent.kind === 'call'
    const isSum = expr.kind === 'infix' && isSumOp(expr.op)
    const phrase = (): string => `the sign of ${said(expr)} is wrong`
    if (isOutermost) {
      yield { expr: minus(expr), phrase: parent === null && !isSum ? (): string => 'the sign is wrong' : phrase }
    } else if (expr.kind === 'prefix' && expr.op === '-') {
      yield { expr: expr.operand, phrase }
    } else if (isSum && termsOf(expr).length === 2) {
      yield { expr: minus(expr), phrase: () => `${said(expr)} has the wrong sign` }
    }
    if (!isSum) return
    const other = expr.op === '+' ? '-' : '+'
    yield { expr: infix(other, expr.left, expr.right), phrase: () => `the sign of ${said(expr.right)} is wrong` }
    if (termsOf(expr).length !== 2) return
    yield {
      expr: infix(expr.op, minus(expr.left), expr.right),
      phrase: () => `the sign of ${said(expr.left)} is wrong`,
    }
  },
}
