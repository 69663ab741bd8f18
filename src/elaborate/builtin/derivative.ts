import { BackproveError } from '../../base/errors.ts'
import type { Builder } from '../../graph/builder.ts'
import type { Node } from '../../graph/node.ts'
import { dependents } from '../../graph/walk.ts'
import { isScalarLike, sameShape, shapeText } from '../../shape/shape.ts'
import type { Shape } from '../../shape/shape.ts'
import { ONE_SIZE } from '../../shape/size.ts'
import { toSource } from '../../syntax/source.ts'
import { bind, whole } from '../call.ts'
import type { Builtin, Call } from '../call.ts'

/**
 * Whether each entry of `y` depends on the same entry of `x` only: every node between them works entry by entry and
 * keeps the shape.
 */
function isEntryByEntry(y: Node, x: Node): boolean {
  for (const node of dependents([y], x)) {
    if (node === x) continue
    const works =
      node.kind === 'map' || node.kind === 'definition' || (node.kind === 'derivative' && node.fn === 'grad')
    if (!works || !sameShape(node.shape, x.shape)) return false
  }
  return true
}

/** `grad(y, x)`: of a scalar, or entry by entry. Throws `not-scalar` for other arrays; `text` names `y` there. */
export function gradient(builder: Builder, y: Node, x: Node, text: string): Node {
  if (isScalarLike(y.shape)) return builder.derivative('grad', y.shape.length === 0 ? y : builder.sum(y), x)
  if (!isEntryByEntry(y, x)) {
    throw new BackproveError(
      'not-scalar',
      `${text} is ${shapeText(y.shape)}, no scalar, and mixes entries of what it depends on`,
      {
        hint: 'take the gradient of a scalar, such as a sum, or write `jacobian(y, x)`',
      },
    )
  }
  return builder.derivative('grad', y, x)
}

function operands(call: Call): { y: Node; x: Node; text: string } {
  const bound = bind(call, { positional: ['y', 'x'], required: 2 })
  const [y, x] = [bound.get('y')!, bound.get('x')!]
  return { y: call.value(y), x: call.named(x), text: `\`${toSource(y, 40)}\`` }
}

const grad = whole((call) => {
  const { y, x, text } = operands(call)
  return gradient(call.builder, y, x, text)
})

const isVector = (shape: Shape): boolean => shape.filter((size) => size !== ONE_SIZE).length <= 1

function requireVector(shape: Shape, text: string): void {
  if (isVector(shape)) return
  throw new BackproveError('shape', `${text} is ${shapeText(shape)}, no vector`, {
    hint: 'a Jacobian and a Hessian are of arrays with one axis, or of columns',
  })
}

const jacobian = whole((call) => {
  const { y, x, text } = operands(call)
  requireVector(y.shape, text)
  requireVector(x.shape, `\`${toSource(call.expr.args[1] ?? call.expr, 40)}\``)
  return call.builder.derivative('jacobian', y, x)
})

const hessian = whole((call) => {
  const { y, x, text } = operands(call)
  if (!isScalarLike(y.shape)) {
    throw new BackproveError('not-scalar', `${text} is ${shapeText(y.shape)}, no scalar`, {
      hint: 'a Hessian is of a scalar, such as a sum',
    })
  }
  requireVector(x.shape, `\`${toSource(call.expr.args[1] ?? call.expr, 40)}\``)
  return call.builder.derivative('jacobian', gradient(call.builder, y, x, text), x)
})

export const derivatives: readonly (readonly [string, Builtin])[] = [
  ['grad', grad],
  ['jacobian', jacobian],
  ['hessian', hessian],
]
