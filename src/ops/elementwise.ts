import { activations } from './activation.ts'
import { arithmetic } from './arithmetic.ts'
import type { ElementwiseOp } from './calculus.ts'
import { comparisons } from './comparison.ts'
import { exponentials } from './exponential.ts'
import type { ElementwiseName } from './names.ts'
import { piecewise } from './piecewise.ts'
import { trigonometric } from './trigonometric.ts'

/** What each elementwise operation means; total over the names by its type. */
export const ELEMENTWISE: { readonly [name in ElementwiseName]: ElementwiseOp } = {
  ...arithmetic,
  ...comparisons,
  ...piecewise,
  ...exponentials,
  ...trigonometric,
  ...activations,
}
