import type { Edit } from '../edit.ts'
import { factorsOf, infix, isNumber, minus, productOf, transposedWithin } from '../make.ts'
import type { Factor } from '../make.ts'
import { said } from './words.ts'

/** `2*B*x` for `(B + B')*x`: what is right for a symmetric matrix only. */
export const symmetrise: Edit = {
  name: 'symmetrise',
  *propose({ expr, parent }, { shapeOf }) {
    const factors = factorsOf(expr)
    if (factors.length < 2 || (parent?.kind === 'infix' && parent.left === expr && factorsOf(parent).length > factors.length)) return // prettier-ignore
    const [head, ...rest] = factors as [Factor, ...Factor[]]
    const isNegative = head.expr.kind === 'prefix' && head.expr.op === '-'
    if (!isNumber(isNegative ? minus(head.expr) : head.expr, '2')) return
    for (let from = 0; from < rest.length; from++) {
      for (let to = from + 1; to <= rest.length; to++) {
        const group = rest.slice(from, to)
        if (group.slice(1).some(({ op }) => op !== '*')) continue
        const inner = productOf([{ op: '*', expr: group[0]!.expr }, ...group.slice(1)])
        const shape = shapeOf(inner)
        if (shape?.length !== 2 || shape[0] !== shape[1]) continue
        const both = infix('+', inner, transposedWithin(inner))
        const others = [...rest.slice(0, from), { op: group[0]!.op, expr: both }, ...rest.slice(to)]
        const product = productOf([{ op: '*', expr: others[0]!.expr }, ...others.slice(1)])
        const expr = isNegative ? minus(product) : product
        yield { expr, phrase: () => `2*${said(inner)} is right only where ${said(inner)} is symmetric` }
      }
    }
  },
}
