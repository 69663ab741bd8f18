import type { ElementwiseName } from '../ops/names.ts'

/** Half the distance from 1 to the next double. Source: Higham, Accuracy and Stability, section 2.2. */
export const UNIT_ROUNDOFF = 2 ** -53

/** Whole numbers are added, subtracted and multiplied without rounding, so that an exponent `n - 1` stays whole. */
export const isWhole = (result: number, a: number, b: number): boolean =>
  Number.isSafeInteger(result) && Number.isSafeInteger(a) && Number.isSafeInteger(b)

/** How a kernel rounds: its result by `result` units, and as if its arguments had first been moved by `argument` units. */
export interface Roundoff {
  readonly result: number
  readonly argument: number
}

const EXACT: Roundoff = { result: 0, argument: 0 }
const CORRECT: Roundoff = { result: 1, argument: 0 }
/** What `Math` calls: V8's fdlibm keeps within one unit in the last place, that is, two of ours; four times that. */
const LIBRARY: Roundoff = { result: 8, argument: 0 }
/** A kernel of several steps, each backward stable in its own argument. */
const COMPOSED: Roundoff = { result: 64, argument: 8 }

/** How far each kernel may be from the exact value. Generous: a bound that is too small turns true claims false. */
export const ROUNDOFF: { readonly [name in ElementwiseName]: Roundoff } = {
  add: CORRECT,
  sub: CORRECT,
  mul: CORRECT,
  div: CORRECT,
  neg: EXACT,
  pow: { result: 16, argument: 0 },
  gt: EXACT,
  ge: EXACT,
  eq: EXACT,
  ne: EXACT,
  and: EXACT,
  or: EXACT,
  not: EXACT,
  where: EXACT,
  max: EXACT,
  min: EXACT,
  abs: EXACT,
  sign: EXACT,
  step: EXACT,
  exp: LIBRARY,
  log: LIBRARY,
  log1p: LIBRARY,
  expm1: LIBRARY,
  sqrt: CORRECT,
  sin: LIBRARY,
  cos: LIBRARY,
  tan: LIBRARY,
  sinh: LIBRARY,
  cosh: LIBRARY,
  tanh: LIBRARY,
  asin: LIBRARY,
  acos: LIBRARY,
  atan: LIBRARY,
  erf: COMPOSED,
  sigmoid: COMPOSED,
  softplus: COMPOSED,
  relu: EXACT,
  leaky_relu: CORRECT,
  elu: LIBRARY,
  selu: COMPOSED,
  gelu: COMPOSED,
  gelu_tanh: COMPOSED,
  silu: COMPOSED,
  swish: COMPOSED,
  mish: COMPOSED,
}
