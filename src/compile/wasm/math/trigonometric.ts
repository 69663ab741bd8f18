import type { Lanes, V } from '../lanes.ts'
import { simd } from '../opcodes.ts'

// Coefficients and the three parts of pi/2: Sun's fdlibm, k_sin.c, k_cos.c, e_rem_pio2.c.

const SIN = [
  -1.66666666666666324348e-1, 8.33333333332248946124e-3, -1.98412698298579493134e-4, 2.75573137070700676789e-6,
  -2.50507602534068634195e-8, 1.58969099521155010221e-10,
] // prettier-ignore
const COS = [
  4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5, -2.75573143513906633035e-7,
  2.08757232129817482790e-9, -1.13596475577881948265e-11,
] // prettier-ignore

const TWO_OVER_PI = 6.36619772367581382433e-1
/** The first three have 33 bits, so their products with whole numbers below 2^20 are exact. */
const HALF_PI = [
  1.57079632673412561417, 6.07710050630396597660e-11, 2.02226624871116645580e-21, 8.47842766036889956997e-32,
] as const // prettier-ignore
/** Above this the reduction would need more digits of pi: those arguments go to the engine's own function. */
const LARGEST = 800000
const ROUNDER = 6755399441055744

interface Reduced {
  /** `x - n*pi/2`, unevaluated sum of the two. */
  readonly high: V
  readonly low: V
  /** The rounded `n`, in the low bits of a double. */
  readonly shifted: V
}

function reduce(l: Lanes, x: V): Reduced {
  const shifted = l.op('add', l.op('mul', x, l.const(TWO_OVER_PI)), l.const(ROUNDER))
  const n = l.op('sub', shifted, l.const(ROUNDER))
  const first = l.op('sub', x, l.op('mul', n, l.const(HALF_PI[0])))
  const second = l.op('mul', n, l.const(HALF_PI[1]))
  const b = l.op('sub', first, second)
  const lostB = l.op('sub', l.op('sub', first, b), second)
  const third = l.op('mul', n, l.const(HALF_PI[2]))
  const c = l.op('sub', b, third)
  const lostC = l.op('sub', l.op('sub', b, c), third)
  const lost = l.op('sub', l.op('add', lostB, lostC), l.op('mul', n, l.const(HALF_PI[3])))
  const high = l.op('add', c, lost)
  return { high, low: l.op('add', l.op('sub', c, high), lost), shifted }
}

function kernelSin(l: Lanes, x: V, low: V): V {
  const z = l.op('mul', x, x)
  const cube = l.op('mul', z, x)
  const series = l.horner(z, SIN.slice(1))
  const inner = l.op('sub', l.op('mul', z, l.op('sub', l.op('mul', low, l.const(0.5)), l.op('mul', cube, series))), low)
  return l.op('sub', x, l.op('sub', inner, l.op('mul', cube, l.const(SIN[0]!))))
}

function kernelCos(l: Lanes, x: V, low: V): V {
  const z = l.op('mul', x, x)
  const half = l.op('mul', z, l.const(0.5))
  const w = l.op('sub', l.const(1), half)
  const series = l.op('mul', l.op('mul', z, z), l.horner(z, COS))
  const rest = l.op('sub', series, l.op('mul', x, low))
  return l.op('add', w, l.op('add', l.op('sub', l.op('sub', l.const(1), w), half), rest))
}

/** The sine of `x + quarter*pi/2`; `exact` gives the function itself for large arguments. */
function wave(l: Lanes, x: V, quarter: 0 | 1, exact: (x: V) => V): V {
  const large = l.bits(simd.not, l.op('le', l.op('abs', x), l.const(LARGEST)))
  const { high, low, shifted } = reduce(l, x)
  const turned = quarter === 0 ? shifted : l.op('iadd', shifted, l.whole(1n))
  const odd = l.op('ieq', l.bits(simd.and, turned, l.whole(1n)), l.whole(1n))
  const sign = l.shift('ishl', l.bits(simd.and, turned, l.whole(2n)), 62)
  const sine = kernelSin(l, high, low)
  // Reduction forgets the sign of zero.
  const kept = quarter === 0 ? l.select(l.op('eq', x, l.const(0)), x, sine) : sine
  const value = l.bits(simd.xor, l.select(odd, kernelCos(l, high, low), kept), sign)
  const result = l.variable(value)
  l.ifAny(large, () => l.assign(result, l.select(large, exact(x), value)))
  return result
}

export const sin = (l: Lanes, x: V, exact: (x: V) => V): V => wave(l, x, 0, exact)
export const cos = (l: Lanes, x: V, exact: (x: V) => V): V => wave(l, x, 1, exact)
