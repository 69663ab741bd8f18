import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { Bindings } from '../../src/evaluate/evaluate.ts'
import { entriesOf, tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import type { Node } from '../../src/graph/node.ts'

/** `y` at the point where the entry of `x` has been moved by `step`. */
function moved(y: Node, bindings: Bindings, x: Node, entry: number, step: number): Tensor {
  const data = Float64Array.from(bindings.inputs.get(x)!.data)
  data[entry]! += step
  const inputs = new Map(bindings.inputs).set(x, tensor(bindings.inputs.get(x)!.shape, data))
  return evaluate([y], { ...bindings, inputs })[0]!
}

/**
 * A row for each entry of `y` and a column for each of the input `x`, by central differences of fourth order.
 * Source: Abramowitz and Stegun, table 25.2. Values that do not move give exactly zero.
 */
export function differenceJacobian(y: Node, bindings: Bindings, x: Node, step = 1e-3): Tensor {
  const columns = bindings.inputs.get(x)!.data.length
  const at = (entry: number, by: number): Float64Array => moved(y, bindings, x, entry, by * step).data
  const table = Array.from({ length: columns }, (_, entry) => {
    const [far, near, nearRight, farRight] = [at(entry, -2), at(entry, -1), at(entry, 1), at(entry, 2)]
    return near.map((left, row) => (8 * (nearRight[row]! - left) - (farRight[row]! - far[row]!)) / (12 * step))
  })
  const rows = table[0]!.length
  const entries = Array.from({ length: rows }, (_, row) => table.map((column) => column[row]!))
  return tensor([rows, columns], entries.flat())
}

/** The gradient of a scalar `y` by the input `x`, in the shape of `x`. */
export function differenceGradient(y: Node, bindings: Bindings, x: Node, step = 1e-3): Tensor {
  const { shape } = bindings.inputs.get(x)!
  const { data } = differenceJacobian(y, bindings, x, step)
  if (data.length !== entriesOf(shape)) throw new RangeError('the gradient of an array')
  return tensor(shape, data)
}
