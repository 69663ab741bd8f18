import { multiplySizes } from '../shape/size.ts'
import type { Node } from './node.ts'

/** The factors of a Kronecker product of two matrices, `K[(i,k),(j,l)] = A[i,j]*B[k,l]`; `null` for any other node. */
export function kroneckerFactors(node: Node): readonly [Node, Node] | null {
  const [product] = node.inputs
  if (node.kind !== 'reshape' || node.shape.length !== 2 || product?.kind !== 'contract') return null
  const { operands, output } = product.spec
  const [a, b] = product.inputs
  if (a === undefined || b === undefined || product.inputs.length !== 2 || output.length !== 4) return null
  const [i, k, j, l] = output
  const isFactor = (
    labels: readonly number[] | undefined,
    row: number | undefined,
    column: number | undefined,
  ): boolean => labels?.length === 2 && labels[0] === row && labels[1] === column
  if (new Set(output).size !== 4 || !isFactor(operands[0], i, j) || !isFactor(operands[1], k, l)) return null
  const isJoined = node.shape.every((size, axis) => size === multiplySizes(a.shape[axis]!, b.shape[axis]!))
  return isJoined ? [a, b] : null
}
