import type { Random } from '../../src/base/random.ts'
import type { Bindings } from '../../src/evaluate/evaluate.ts'
import { lengthsOf } from '../../src/evaluate/algebra.ts'
import { entriesOf, tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import type { InputNode, Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { sizeNames } from '../../src/shape/size.ts'

/** Entries of both signs, away from zero: of magnitude between `low` and `high`. */
export function signedTensor(random: Random, shape: readonly number[], low = 0.2, high = 1.2): Tensor {
  const entry = (): number => (random.unit() < 0.5 ? -1 : 1) * random.between(low, high)
  return tensor(shape, Float64Array.from({ length: entriesOf(shape) }, entry))
}

export function tensorBetween(random: Random, shape: readonly number[], low: number, high: number): Tensor {
  return tensor(
    shape,
    Float64Array.from({ length: entriesOf(shape) }, () => random.between(low, high)),
  )
}

export const inputsOf = (roots: readonly Node[]): InputNode[] =>
  reachable(roots).filter((node): node is InputNode => node.kind === 'input')

/** Pairwise different small lengths for all size names below the roots: square data makes wrong claims look right. */
export function sizesFor(roots: readonly Node[], random: Random): Map<string, number> {
  const names = new Set(reachable(roots).flatMap((node) => node.shape.flatMap(sizeNames)))
  const lengths = Array.from({ length: names.size }, (_, rank) => rank + 2)
  return new Map([...names].map((name) => [name, lengths.splice(Math.floor(random.unit() * lengths.length), 1)[0]!]))
}

function entriesFor(input: InputNode, shape: readonly number[], random: Random): Tensor {
  if (input.role === 'input' || input.role === 'param') return signedTensor(random, shape)
  const result = tensor(shape, new Float64Array(entriesOf(shape)))
  const [rows = 1, columns = 1] = shape
  if (input.role === 'label') return tensor(shape, result.data.map(() => (random.unit() < 0.5 ? 0 : 1))) // prettier-ignore
  for (let column = 0; column < columns; column++) result.data[Math.floor(random.unit() * rows) * columns + column] = 1
  return result
}

/** A generic point for all inputs below the roots, labels and one-hot columns as their roles say. */
export function pointFor(roots: readonly Node[], random: Random, sizes = sizesFor(roots, random)): Bindings {
  const inputs = inputsOf(roots).map((input): [Node, Tensor] => [
    input,
    entriesFor(input, lengthsOf(input, sizes), random),
  ])
  return { sizes, inputs: new Map(inputs) }
}
