import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import { entriesOf } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastLengths, spread } from './broadcast.ts'

/** An elementwise operation on tensors that broadcast as in NumPy, by its scalar kernel. */
export function mapTensors(fn: ElementwiseName, args: readonly Tensor[]): Tensor {
  const { kernel } = ELEMENTWISE[fn]
  const shape = broadcastLengths(args.map((arg) => arg.shape))
  const count = entriesOf(shape)
  const data = new Float64Array(count)
  const [a, b, c] = args.map((arg) => spread(arg, shape))
  if (c !== undefined) for (let i = 0; i < count; i++) data[i] = kernel(a![i]!, b![i]!, c[i]!)
  else if (b !== undefined) for (let i = 0; i < count; i++) data[i] = kernel(a![i]!, b[i]!)
  else for (let i = 0; i < count; i++) data[i] = kernel(a![i]!)
  return { shape, data }
}
