import { ONE_SIZE } from '../../shape/size.ts'
import type { Edit } from '../edit.ts'
import { factorsOf, productOf, transposed } from '../make.ts'
import { said } from './words.ts'

/** `W2*dZ2` for `W2'*dZ2`. */
export const transpose: Edit = {
  name: 'transpose',
  smallestFirst: true,
  *propose({ expr, parent }, { shapeOf }) {
    if (expr.kind === 'transpose') {
      yield { expr: expr.operand, phrase: () => `${said(expr.operand)} must not be transposed` }
      return
    }
    if (parent?.kind === 'transpose' || expr.kind === 'number') return
    const shape = shapeOf(expr)
    if (shape?.length !== 2 || shape.every((size) => size === ONE_SIZE)) return
    yield { expr: transposed(expr), phrase: () => `${said(expr)} must be transposed` }
  },
}

/** `C*A*X*B` for `(C*A)'*X*B`: several neighbours in a product. */
export const transposeGroup: Edit = {
  name: 'transpose-group',
  *propose({ expr, parent }) {
    const factors = factorsOf(expr)
    if (factors.length < 3 || (parent?.kind === 'infix' && parent.left === expr && parent.op === '*')) return
    for (let from = 0; from < factors.length - 1; from++) {
      for (let to = from + 2; to <= factors.length; to++) {
        const group = factors.slice(from, to)
        if (to - from === factors.length || group.slice(1).some(({ op }) => op !== '*')) continue
        const inner = productOf([{ op: '*', expr: group[0]!.expr }, ...group.slice(1)])
        const turned = { op: group[0]!.op, expr: transposed(inner) }
        yield {
          expr: productOf([...factors.slice(0, from), turned, ...factors.slice(to)]),
          phrase: () => `${said(inner)} must be transposed`,
        }
      }
    }
  },
}
