import { BackproveError } from '../base/errors.ts'
import type { DerivativeNode, Node } from '../graph/node.ts'
import { entryCount, isScalarLike, sameShape } from '../shape/shape.ts'
import { evaluateSize } from '../shape/size.ts'
import { apply, TENSORS } from './algebra.ts'
import type { Algebra } from './algebra.ts'
import { Duals } from './dual.ts'
import type { Dual } from './dual.ts'
import { evaluateAll, needed } from './evaluate.ts'
import type { Bindings } from './evaluate.ts'
import { entriesOf, filled, unit } from './tensor.ts'
import type { Tensor } from './tensor.ts'

/** The value of every node that a root needs. */
type Values<T> = (node: Node) => T

/**
 * How each node moves when the seeded nodes move as given and everything else that is not computed from them stands
 * still. A seed is free: it does not move with what it is computed from. Nodes that do not move are absent.
 */
function tangentsOf<T>(
  algebra: Algebra<T>,
  roots: readonly Node[],
  values: Values<T>,
  seeds: ReadonlyMap<Node, T>,
  bindings: Bindings,
): Map<Node, T> {
  const { sizes, inputs } = bindings
  const duals = new Duals(algebra)
  const tangents = new Map<Node, T>()
  const dualOf = (node: Node): Dual<T> => ({ value: values(node), tangent: tangents.get(node) ?? null })
  for (const node of needed(roots, (other) => seeds.has(other) || inputs.has(other))) {
    const seed = seeds.get(node)
    if (seed !== undefined) tangents.set(node, seed)
    else if (!inputs.has(node) && node.inputs.some((input) => tangents.has(input))) {
      const moved =
        node.kind === 'derivative'
          ? derivative(duals, node, dualOf, bindings)
          : apply(duals, node, node.inputs.map(dualOf), sizes)
      if (moved.tangent !== null) tangents.set(node, moved.tangent)
    }
  }
  return tangents
}

/** The value of a derivative node by forward mode alone: one direction for each entry of `x`, or one for all. */
function derivative<T>(algebra: Algebra<T>, node: DerivativeNode, values: Values<T>, bindings: Bindings): T {
  const [y, x] = node.inputs as [Node, Node]
  const shape = algebra.shape(values(x))
  const move = (direction: Tensor): T | undefined =>
    tangentsOf(algebra, [y], values, new Map([[x, algebra.exact(direction)]]), bindings).get(y)
  if (node.fn === 'grad' && !isScalarLike(y.shape)) {
    const moved = move(filled(shape, 1))
    if (moved === undefined) return algebra.exact(filled(shape, 0))
    if (!sameShape(y.shape, x.shape)) throw new BackproveError('internal', 'grad of an array by one of another shape')
    return moved
  }
  const rows = node.fn === 'grad' ? 1 : evaluateSize(entryCount(y.shape), bindings.sizes)
  const columns = entriesOf(shape)
  // Chosen rather than added up: an entry that is no number leaves the others alone.
  let table = algebra.exact(filled([rows, columns], 0))
  for (let column = 0; column < columns; column++) {
    const moved = move(unit(shape, column))
    if (moved === undefined) continue
    const here = algebra.exact(unit([1, columns], column))
    table = algebra.map('where', [here, algebra.reshape([rows, 1], moved), table])
  }
  return node.fn === 'grad' ? algebra.reshape(shape, table) : table
}

function valuesOf<T>(algebra: Algebra<T>, roots: readonly Node[], bindings: Bindings): Map<Node, T> {
  return evaluateAll(algebra, roots, bindings, (node, values) =>
    derivative(algebra, node, (inner) => values.get(inner)!, bindings),
  )
}

/** `evaluateForward` on any kind of value: with error bounds, or to many digits. */
export function evaluateForwardIn<T>(algebra: Algebra<T>, roots: readonly Node[], bindings: Bindings): T[] {
  const values = valuesOf(algebra, roots, bindings)
  return roots.map((root) => values.get(root)!)
}

/**
 * The values of `roots`, every derivative node in them by forward mode on dual numbers, nested ones by duals over duals.
 * It shares no derivative with reverse mode. The cost grows with the number of entries of each `x`.
 * Throws as `evaluate` does.
 */
export function evaluateForward(roots: readonly Node[], bindings: Bindings): Tensor[] {
  return evaluateForwardIn(TENSORS, roots, bindings)
}

export interface Jvp {
  readonly values: Tensor[]
  /** For each root, its derivative along the tangents. */
  readonly tangents: Tensor[]
}

/**
 * Forward mode: the values of `roots`, and how they move when each node of `tangents` moves by its tensor (of its own
 * shape). Any node may be seeded; a definition that is, is free and does not move with what it is computed from.
 * Nodes without a tangent stand still unless they are computed from seeded ones.
 */
export function jvp(roots: readonly Node[], bindings: Bindings, tangents: ReadonlyMap<Node, Tensor>): Jvp {
  const all = valuesOf(TENSORS, [...roots, ...tangents.keys()], bindings)
  const moved = tangentsOf(TENSORS, roots, (node) => all.get(node)!, tangents, bindings)
  const values = roots.map((root) => all.get(root)!)
  return { values, tangents: roots.map((root, at) => moved.get(root) ?? filled(values[at]!.shape, 0)) }
}
