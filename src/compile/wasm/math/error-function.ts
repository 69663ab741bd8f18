import type { Lanes, V } from '../lanes.ts'
import { simd } from '../opcodes.ts'
import { exp } from './exponential.ts'

// Coefficients: Sun's fdlibm, s_erf.c.

const NEAR_P = [
  1.28379167095512558561e-1, -3.25042107247001499370e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3,
  -2.37630166566501626084e-5,
] // prettier-ignore
const NEAR_Q = [
  1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4,
  -3.96022827877536812320e-6,
] // prettier-ignore

const ERF_NEAR_ONE = 8.45062911510467529297e-1
const MIDDLE_P = [
  -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1,
  -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.16637559486879084300e-3,
] // prettier-ignore
const MIDDLE_Q = [
  1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1,
  1.36370839120290507362e-2, 1.19844998467991074170e-2,
] // prettier-ignore

/** In 1/x², below |x| = 1/0.35 and above it. */
const TAIL_R = [
  [-9.86494403484714822705e-3, -9.86494292470009928597e-3],
  [-6.93858572707181764372e-1, -7.99283237680523006574e-1],
  [-1.05586262253232909814e1, -1.77579549177547519889e1],
  [-6.23753324503260060396e1, -1.60636384855821916062e2],
  [-1.62396669462573470355e2, -6.37566443368389627722e2],
  [-1.84605092906711035994e2, -1.02509513161107724954e3],
  [-8.12874355063065934246e1, -4.83519191608651397019e2],
  [-9.81432934416914548592, 0],
] as const
const TAIL_S = [
  [1, 1],
  [1.96512716674392571292e1, 3.03380607434824582924e1],
  [1.376577541435190426e2, 3.25792512996573918826e2],
  [4.34565877475229228821e2, 1.53672958608443695994e3],
  [6.45387271733267880336e2, 3.19985821950859553908e3],
  [4.29008140027567833386e2, 2.55305040643316442583e3],
  [1.08635005541779435134e2, 4.74528541206955367215e2],
  [6.57024977031928170135, -2.24409524465858183362e1],
  [-6.04244152148580987438e-2, 0],
] as const

/** A polynomial whose coefficients are chosen lane by lane. */
function chosenHorner(l: Lanes, x: V, mask: V, pairs: readonly (readonly [number, number])[]): V {
  const at = (i: number): V => l.select(mask, l.const(pairs[i]![0]), l.const(pairs[i]![1]))
  let sum = at(pairs.length - 1)
  for (let i = pairs.length - 2; i >= 0; i--) sum = l.madd(sum, x, at(i))
  return sum
}

/** R/S of x from 1.25. */
function tailRatio(l: Lanes, x: V): V {
  const s = l.op('div', l.const(1), l.op('mul', x, x))
  const lower = l.op('lt', x, l.const(1 / 0.35))
  return l.op('div', chosenHorner(l, s, lower, TAIL_R), chosenHorner(l, s, lower, TAIL_S))
}

/** `1 - exp(-x² - 0.5625 + R/S)/x` for x from 1.25; 1 in doubles from 6 on. */
function tail(l: Lanes, x: V): V {
  const exponent = l.op('sub', tailRatio(l, x), l.madd(x, x, l.const(0.5625)))
  return l.op('sub', l.const(1), l.op('div', exp(l, exponent), x))
}

/** `exp(-x² - 0.5625 + R/S)/x` to full relative accuracy: the square is taken of a short number, the rest added apart. */
function complementTail(l: Lanes, x: V): V {
  const short = l.bits(simd.and, x, l.whole(0xffffffff00000000n))
  const main = l.op('sub', l.const(-0.5625), l.op('mul', short, short))
  const rest = l.op('mul', l.op('sub', short, x), l.op('add', short, x))
  const power = l.op('mul', exp(l, main), exp(l, l.op('add', rest, tailRatio(l, x))))
  return l.op('div', power, x)
}

/** The part of erf near zero: `x*ratio`, where erf is `x + x*ratio`. */
function nearPart(l: Lanes, x: V): V {
  const square = l.op('mul', x, x)
  return l.op('mul', x, l.op('div', l.horner(square, NEAR_P), l.horner(square, NEAR_Q)))
}

const middlePart = (l: Lanes, size: V): V => {
  const s = l.op('sub', size, l.const(1))
  return l.op('div', l.horner(s, MIDDLE_P), l.horner(s, MIDDLE_Q))
}

/** `1 - erf(x)` of two doubles, without cancellation; 0 from 28 on. */
export function erfc(l: Lanes, x: V): V {
  const size = l.op('abs', x)
  const part = nearPart(l, x)
  const low = l.op('sub', l.const(1), l.op('add', x, part))
  const high = l.op('sub', l.const(0.5), l.op('add', part, l.op('sub', x, l.const(0.5))))
  const near = l.select(l.op('lt', x, l.const(0.25)), low, high)
  const result = l.variable(near)
  const far = l.op('ge', size, l.const(0.84375))
  l.ifAny(far, () => {
    const isNegative = l.op('lt', x, l.const(0))
    const bend = middlePart(l, size)
    const middle = l.select(
      isNegative,
      l.op('add', l.const(1), l.op('add', l.const(ERF_NEAR_ONE), bend)),
      l.op('sub', l.const(1 - ERF_NEAR_ONE), bend),
    )
    const bounded = l.op('pmin', l.op('pmax', size, l.const(1)), l.const(28))
    const small = complementTail(l, bounded)
    const outer = l.select(isNegative, l.op('sub', l.const(2), small), small)
    l.assign(result, l.select(far, l.select(l.op('lt', size, l.const(1.25)), middle, outer), near))
  })
  return result
}

/** The error function of two doubles. The far parts are worked out only where some lane lies there. */
export function erf(l: Lanes, x: V): V {
  const size = l.op('abs', x)
  const near = l.op('add', x, nearPart(l, x))
  const result = l.variable(near)
  const far = l.op('ge', size, l.const(0.84375))
  l.ifAny(far, () => {
    const middle = l.op('add', middlePart(l, size), l.const(ERF_NEAR_ONE))
    const bounded = l.op('pmin', l.op('pmax', size, l.const(1)), l.const(6))
    const beyond = l.select(l.op('lt', size, l.const(1.25)), middle, tail(l, bounded))
    const signed = l.bits(simd.or, beyond, l.bits(simd.and, x, l.const(-0)))
    l.assign(result, l.select(far, signed, near))
  })
  return result
}
