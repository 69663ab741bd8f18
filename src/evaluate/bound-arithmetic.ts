import type { ElementwiseName } from '../ops/names.ts'
import { isWhole, UNIT_ROUNDOFF } from './roundoff.ts'

/** Values and bounds of the arguments and of the result, laid out alike. */
type Kernel = (
  value: Float64Array,
  bound: Float64Array,
  a: Float64Array,
  doubtA: Float64Array,
  b: Float64Array,
  doubtB: Float64Array,
) => void

/** A slope times a doubt: nothing where there is no doubt, even if the slope is infinite. */
const moved = (slope: number, doubt: number): number => (doubt === 0 ? 0 : Math.abs(slope) * doubt)

const rounding = (x: number, a: number, b: number): number => (isWhole(x, a, b) ? 0 : UNIT_ROUNDOFF * Math.abs(x))

function sum(sign: 1 | -1): Kernel {
  return (value, bound, a, doubtA, b, doubtB) => {
    for (let i = 0; i < value.length; i++) {
      const x = a[i]! + sign * b[i]!
      value[i] = x
      bound[i] = rounding(x, a[i]!, b[i]!) + doubtA[i]! + doubtB[i]!
    }
  }
}

/**
 * The four operations that most of a gradient is made of, over whole arrays. They give what the general rule for
 * balls gives; a test holds them to it.
 */
export const BOUND_ARITHMETIC: Readonly<Partial<Record<ElementwiseName, Kernel>>> = {
  add: sum(1),
  sub: sum(-1),
  mul: (value, bound, a, doubtA, b, doubtB) => {
    for (let i = 0; i < value.length; i++) {
      const x = a[i]! * b[i]!
      value[i] = x
      const both = doubtA[i] === 0 || doubtB[i] === 0 ? 0 : doubtA[i]! * doubtB[i]!
      bound[i] = rounding(x, a[i]!, b[i]!) + moved(b[i]!, doubtA[i]!) + moved(a[i]!, doubtB[i]!) + both
    }
  },
  div: (value, bound, a, doubtA, b, doubtB) => {
    for (let i = 0; i < value.length; i++) {
      const divisor = b[i]!
      const x = divisor === 0 ? NaN : a[i]! / divisor
      value[i] = x
      bound[i] = UNIT_ROUNDOFF * Math.abs(x) + moved(1 / divisor, doubtA[i]!) + moved(x / divisor, doubtB[i]!)
    }
  },
}
