import type { Node } from '../graph/node.ts'
import type { Assumption } from '../graph/program.ts'
import { unname } from '../graph/walk.ts'
import { addPolys, scalePoly } from '../index/algebra.ts'
import type { Kernel, SumLaw } from '../index/kernel.ts'
import { lawFromEquality } from '../index/laws.ts'
import type { Index, Poly } from '../index/term.ts'
import type { Size } from '../shape/size.ts'
import { squareProduct } from './matrix-entry.ts'
import type { View } from './matrix-entry.ts'

/** Two square matrices, perhaps transposed, of which an assumption says that the product is the identity. */
interface InversePair {
  readonly left: View
  readonly right: View
  readonly text: string
}

/** Assumptions like `Q'*Q == eye(n)` for a square `Q`. */
export function inversePairs(assumptions: readonly Assumption[]): InversePair[] {
  return assumptions.flatMap(({ relation, lhs, rhs, text }) => {
    if (relation !== 'equal') return []
    const [a, b] = [unname(lhs), unname(rhs)]
    const product = isIdentity(b) ? squareProduct(a) : isIdentity(a) ? squareProduct(b) : null
    return product === null ? [] : [{ left: named(product[0]), right: named(product[1]), text }]
  })
}

const named = ({ node, transposed }: View): View => ({ node: unname(node), transposed })

const isIdentity = (node: Node): boolean =>
  node.kind === 'contract' &&
  node.inputs.length === 0 &&
  node.spec.output.length === 2 &&
  node.spec.output[0] === node.spec.output[1]

/** Each matrix of the pairs with its inverse. */
export function declaredInverses(pairs: readonly InversePair[]): ReadonlyMap<Node, View> {
  const inverses = new Map<Node, View>()
  for (const { left, right } of pairs) {
    const transposed = left.transposed !== right.transposed
    inverses.set(left.node, { node: right.node, transposed })
    inverses.set(right.node, { node: left.node, transposed })
  }
  return inverses
}

/** A left inverse of a square matrix is a right one: from `L*R == eye`, `R*L == eye` as a law. */
export function turnedLaws(
  k: Kernel,
  pairs: readonly InversePair[],
  entry: (node: Node, at: readonly Index[]) => Poly,
): SumLaw[] {
  const read = ({ node, transposed }: View, i: Index, j: Index): Poly => entry(node, transposed ? [j, i] : [i, j])
  return pairs.flatMap(({ left, right, text }) => {
    const [i, j, shared] = [k.algebra.fresh(), k.algebra.fresh(), k.algebra.fresh()]
    const product = k.multiply(read(right, i, shared), read(left, shared, j))
    const sum = k.sum(product, [{ index: shared, size: left.node.shape[0] as Size }])
    const difference = addPolys(k.algebra, sum, scalePoly(k.delta(i, j), { n: -1n, d: 1n }))
    return lawFromEquality(k, text, difference, [i, j]) ?? []
  })
}
