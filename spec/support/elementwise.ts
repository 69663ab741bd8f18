import type { Random } from '../../src/base/random.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'

/** Ranges of each argument where the operation is smooth: a value is drawn from one of them. */
type Ranges = readonly (readonly [low: number, high: number])[]

const SIGNED: Ranges = [[-2, -0.2], [0.2, 2]] // prettier-ignore
const POSITIVE: Ranges = [[0.2, 2]]
const WIDE: Ranges = [[-6, -2], [-2, 2], [2, 6]] // prettier-ignore
const INSIDE: Ranges = [[-0.8, 0.8]]
const LOW: Ranges = [[-2, -0.5]]
const HIGH: Ranges = [[0.5, 2]]
const TRUTH: Ranges = [[0, 0], [1, 1]] // prettier-ignore

/**
 * Where to try each operation. Each line is one way to choose all arguments, so that pairs that must not tie stay apart;
 * together they reach every piece of a piecewise operation.
 */
export const SMOOTH_REGIONS: { readonly [name in ElementwiseName]: readonly (readonly Ranges[])[] } = {
  add: [[SIGNED, SIGNED]],
  sub: [[SIGNED, SIGNED]],
  mul: [[SIGNED, SIGNED]],
  div: [[SIGNED, SIGNED]],
  neg: [[SIGNED]],
  pow: [[POSITIVE, SIGNED]],
  gt: [[LOW, HIGH], [HIGH, LOW]], // prettier-ignore
  ge: [[LOW, HIGH], [HIGH, LOW]], // prettier-ignore
  eq: [[LOW, HIGH]],
  ne: [[LOW, HIGH]],
  and: [[TRUTH, TRUTH]],
  or: [[TRUTH, TRUTH]],
  not: [[TRUTH]],
  where: [[TRUTH, SIGNED, SIGNED]],
  max: [[LOW, HIGH], [HIGH, LOW]], // prettier-ignore
  min: [[LOW, HIGH], [HIGH, LOW]], // prettier-ignore
  abs: [[SIGNED]],
  sign: [[SIGNED]],
  step: [[SIGNED]],
  exp: [[SIGNED]],
  log: [[POSITIVE]],
  log1p: [[[[-0.8, 2]]]],
  expm1: [[SIGNED]],
  sqrt: [[POSITIVE]],
  sin: [[WIDE]],
  cos: [[WIDE]],
  tan: [[[[-1.2, 1.2]]]],
  sinh: [[SIGNED]],
  cosh: [[SIGNED]],
  tanh: [[SIGNED]],
  asin: [[INSIDE]],
  acos: [[INSIDE]],
  atan: [[WIDE]],
  erf: [[SIGNED]],
  sigmoid: [[WIDE]],
  softplus: [[WIDE]],
  relu: [[SIGNED]],
  leaky_relu: [[SIGNED, SIGNED]],
  elu: [[SIGNED, SIGNED]],
  selu: [[SIGNED]],
  gelu: [[SIGNED]],
  gelu_tanh: [[SIGNED]],
  silu: [[WIDE]],
  swish: [[SIGNED, SIGNED]],
  mish: [[WIDE]],
}

/** Arguments in one of the smooth regions of an operation. */
export function smoothArguments(fn: ElementwiseName, random: Random): number[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.unit() * from.length)]!
  return pick(SMOOTH_REGIONS[fn]).map((ranges) => random.between(...pick(ranges)))
}
