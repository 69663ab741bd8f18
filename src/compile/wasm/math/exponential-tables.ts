import type { Precision } from '../lanes.ts'

// Reductions and coefficients of doubles: Sun's fdlibm (e_exp.c, e_log.c, s_log1p.c). Of floats: their counterparts in
// FreeBSD's msun (e_expf.c, e_logf.c), whose bounds are 2^-27.74 for `expP` and 2^-34.24 for `logEven` and `logOdd`.

/** What the functions built on exponentials and logarithms need to know of a floating-point format. */
export interface Tables {
  /** Stored bits of the significand. */
  readonly significand: number
  readonly bias: number
  /** `ln(2)` in two parts; whole multiples of the high one, as far as exponents reach, are exact. */
  readonly ln2High: number
  readonly ln2Low: number
  /** `r*(exp(r) + 1)/(exp(r) - 1) = 2 + r²*P(r²)`, |r| ≤ ln(2)/2. */
  readonly expP: readonly number[]
  /** Below the first `exp` is 0, above the second it is infinite; `k` stays small enough for scaling in two steps. */
  readonly expRange: readonly [low: number, high: number]
  /** Below this, `exp(x) - 1` rounds to -1. */
  readonly expm1Low: number
  /** An `n` from which `1 - 2^-n` rounds to 1, while `2^-n` is still a normal number. */
  readonly expm1Whole: number
  /** Above this, `tanh` rounds to 1. */
  readonly tanhHigh: number
  /** The bits of sqrt(1/2). */
  readonly rootHalf: bigint
  readonly smallestNormal: number
  /** `log((1 + s)/(1 - s)) = 2s + s*(z*even(w) + w*odd(w))` with `z = s²`, `w = z²`. */
  readonly logEven: readonly number[]
  readonly logOdd: readonly number[]
}

export const TABLES: { readonly [precision in Precision]: Tables } = {
  f64: {
    significand: 52,
    bias: 1023,
    ln2High: 6.9314718036912381649e-1,
    ln2Low: 1.90821492927058770002e-10,
    expP: [
      1.66666666666666019037e-1, -2.77777777770155933842e-3, 6.61375632143793436117e-5, -1.65339022054652515390e-6,
      4.13813679705723846039e-8,
    ], // prettier-ignore
    expRange: [-746, 710],
    expm1Low: -50,
    expm1Whole: 60,
    tanhHigh: 22,
    rootHalf: 0x3fe6a09e667f3bcdn,
    smallestNormal: 2 ** -1022,
    logEven: [0.6666666666666735130, 0.2857142874366239149, 0.1818357216161805012, 0.1479819860511658591], // prettier-ignore
    logOdd: [0.3999999999940941908, 0.2222219843214978396, 0.1531383769920937332],
  },
  f32: {
    significand: 23,
    bias: 127,
    ln2High: 6.9314575195e-1,
    ln2Low: 1.4286067653e-6,
    expP: [1.6666625440e-1, -2.7667332906e-3], // prettier-ignore
    expRange: [-105, 89],
    expm1Low: -20,
    expm1Whole: 30,
    tanhHigh: 10,
    rootHalf: 0x3f3504f3n,
    smallestNormal: 2 ** -126,
    logEven: [0.66666662693, 0.28498786688],
    logOdd: [0.40000972152, 0.24279078841],
  },
}
