import { multiplySizes } from '../shape/size.ts'
import type { Node } from './node.ts'

/** A factor of a Kronecker product: a matrix, or the transpose of one. */
export interface KroneckerFactor {
  readonly node: Node
  readonly transposed: boolean
}

/** The factors of a Kronecker product of two matrices, `K[(i,k),(j,l)] = A[i,j]*B[k,l]`; `null` for any other node. */
export function kroneckerFactors(node: Node): readonly [KroneckerFactor, KroneckerFactor] | null {
  const [product] = node.inputs
  if (node.kind !== 'reshape' || node.shape.length !== 2 || product?.kind !== 'contract') return null
  const { spec, inputs } = product
  const { operands, output } = spec
  const [i, k, j, l] = output
  if (inputs.length !== 2 || output.length !== 4 || new Set(output).size !== 4) return null
  const factor = (row: number | undefined, column: number | undefined): KroneckerFactor | null => {
    for (const [slot, labels] of operands.entries()) {
      if (labels.length !== 2) continue
      if (labels[0] === row && labels[1] === column) return { node: inputs[slot]!, transposed: false }
      if (labels[0] === column && labels[1] === row) return { node: inputs[slot]!, transposed: true }
    }
    return null
  }
  const [a, b] = [factor(i, j), factor(k, l)]
  if (a === null || b === null) return null
  const [n, p, m, q] = product.shape
  const isJoined = node.shape[0] === multiplySizes(n!, p!) && node.shape[1] === multiplySizes(m!, q!)
  return isJoined ? [a, b] : null
}
