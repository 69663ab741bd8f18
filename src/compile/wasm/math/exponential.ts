import type { Lanes, V } from '../lanes.ts'
import { simd } from '../opcodes.ts'

// Doubles, two lanes. Reductions and coefficients: Sun's fdlibm (e_exp.c, e_log.c, s_log1p.c), whose error bounds are
// below one unit in the last place; here without branches, so every lane takes the same way.

const LN2_HIGH = 6.9314718036912381649e-1
const LN2_LOW = 1.90821492927058770002e-10
/** Adding and taking away 1.5 * 2^52 rounds to whole numbers, which stand in the low bits in between. */
const ROUNDER = 6755399441055744
const ROUNDER_BITS = 0x4338000000000000n
/** `r*(exp(r) + 1)/(exp(r) - 1) = 2 + r²*P(r²)`, |r| ≤ ln(2)/2. */
const EXP_P = [
  1.66666666666666019037e-1, -2.77777777770155933842e-3, 6.61375632143793436117e-5, -1.65339022054652515390e-6,
  4.13813679705723846039e-8,
] // prettier-ignore

/** `2^k` for whole numbers `k` in 64-bit lanes, -1022 ≤ k ≤ 1023. */
const powerOfTwo = (l: Lanes, k: V): V => l.shift(simd.i64x2Shl, l.bits(simd.i64x2Add, k, l.const64(1023n)), 52)

interface Reduced {
  /** `x = n*ln(2) + high - low`. */
  readonly high: V
  readonly low: V
  readonly n: V
  /** `n` as a 64-bit whole number. */
  readonly k: V
  /** `high - low`, rounded. */
  readonly r: V
  /** `exp(r) - 1 = r + r*c/(2 - c) = 2r/(2 - c)`. */
  readonly c: V
}

function reduce(l: Lanes, x: V): Reduced {
  const shifted = l.madd(x, l.const(Math.LOG2E), l.const(ROUNDER))
  const n = l.op('sub', shifted, l.const(ROUNDER))
  const high = l.op('nmadd', n, l.const(LN2_HIGH), x)
  const low = l.op('mul', n, l.const(LN2_LOW))
  const r = l.op('sub', high, low)
  const square = l.op('mul', r, r)
  const c = l.op('sub', r, l.op('mul', square, l.horner(square, EXP_P)))
  return { high, low, n, k: l.bits(simd.i64x2Sub, shifted, l.const64(ROUNDER_BITS)), r, c }
}

/** `exp(high - low) - 1`, with what `r` has lost. */
function shiftedExp(l: Lanes, { high, low, r, c }: Reduced): V {
  const rest = l.op('div', l.op('mul', r, c), l.op('sub', l.const(2), c))
  return l.op('sub', high, l.op('sub', low, rest))
}

/** `y * 2^k` in two steps, so that results below the normal range and `k = 1024` come out right. */
function scale(l: Lanes, y: V, k: V): V {
  const half = l.shift(simd.i64x2ShrS, k, 1)
  const scaled = l.op('mul', y, powerOfTwo(l, half))
  return l.op('mul', scaled, powerOfTwo(l, l.bits(simd.i64x2Sub, k, half)))
}

/** `x` brought between bounds; NaN stays. */
const clamp = (l: Lanes, x: V, low: number, high: number): V =>
  l.op('pmax', l.op('pmin', x, l.const(high)), l.const(low))

export function exp(l: Lanes, x: V): V {
  const reduced = reduce(l, clamp(l, x, -746, 710))
  return scale(l, l.op('add', l.const(1), shiftedExp(l, reduced)), reduced.k)
}

export function expm1(l: Lanes, x: V): V {
  const reduced = reduce(l, clamp(l, x, -50, 710))
  const { n, k } = reduced
  const p = shiftedExp(l, reduced)
  // exp(x) - 1 = 2^n * (p + (1 - 2^-n)), where the inner bracket is exact up to n = 53 and 1 beyond 60.
  const bounded = l.op('pmin', n, l.const(60))
  const negative = l.op('sub', l.const(ROUNDER), bounded)
  const reciprocal = powerOfTwo(l, l.bits(simd.i64x2Sub, negative, l.const64(ROUNDER_BITS)))
  const result = scale(l, l.op('add', p, l.op('sub', l.const(1), reciprocal)), k)
  return l.select(l.op('eq', x, l.const(0)), x, result)
}

/**
 * `tanh(x) = (1 - e)/(1 + e)` with `e = exp(-2|x|) = s*(1 + 2r/d)`, where `d = 2 - c` and `s = 2^n`; multiplied by `d`, one
 * division is left. The sign of `x` is put back.
 */
export function tanh(l: Lanes, x: V): V {
  const sign = l.bits(simd.and, x, l.const(-0))
  const size = l.op('pmin', l.op('abs', x), l.const(22))
  const { k, r, c } = reduce(l, l.op('mul', size, l.const(-2)))
  const s = powerOfTwo(l, k)
  const d = l.op('sub', l.const(2), c)
  const twice = l.op('add', r, r)
  const power = l.op('mul', l.op('add', d, twice), s)
  // Near zero, where the difference would cancel, s is 1 and it is -2r.
  const above = l.select(l.op('eq', s, l.const(1)), twice, l.op('sub', d, power))
  const below = l.op('add', d, power)
  return l.bits(simd.or, l.op('abs', l.op('div', above, below)), sign)
}

const LOG_EVEN = [0.6666666666666735130, 0.2857142874366239149, 0.1818357216161805012, 0.1479819860511658591] // prettier-ignore
const LOG_ODD = [0.3999999999940941908, 0.2222219843214978396, 0.1531383769920937332]

interface Split {
  /** The argument is `2^k * (1 + f)`, with `1 + f` from sqrt(1/2) to sqrt(2). */
  readonly f: V
  readonly k: V
}

/** Of a normal positive number. */
function split(l: Lanes, x: V): Split {
  // Adding the distance from sqrt(1/2) to 1 carries into the exponent exactly where the mantissa is above sqrt(2).
  const moved = l.bits(simd.i64x2Add, x, l.const64(0x3ff0000000000000n - 0x3fe6a09e667f3bcdn))
  const exponent = l.shift(simd.i64x2ShrU, moved, 52)
  const mantissa = l.bits(simd.and, moved, l.const64(0x000fffffffffffffn))
  const f = l.op('sub', l.bits(simd.i64x2Add, mantissa, l.const64(0x3fe6a09e667f3bcdn)), l.const(1))
  const asDouble = l.bits(simd.or, exponent, l.const64(0x4330000000000000n))
  return { f, k: l.op('sub', asDouble, l.const(4503599627370496 + 1023)) }
}

/** `log(1 + f) + k*ln(2) + extra`. */
function logOfSplit(l: Lanes, { f, k }: Split, extra: V | null): V {
  const s = l.op('div', f, l.op('add', f, l.const(2)))
  const z = l.op('mul', s, s)
  const w = l.op('mul', z, z)
  const even = l.op('mul', z, l.horner(w, LOG_EVEN))
  const odd = l.op('mul', w, l.horner(w, LOG_ODD))
  const half = l.op('mul', l.op('mul', f, f), l.const(0.5))
  const series = l.op('mul', s, l.op('add', half, l.op('add', even, odd)))
  const scaled = l.op('mul', k, l.const(LN2_LOW))
  const low = l.op('add', series, extra === null ? scaled : l.op('add', scaled, extra))
  const body = l.op('sub', l.op('sub', half, low), f)
  return l.op('sub', l.op('mul', k, l.const(LN2_HIGH)), body)
}

/** NaN where `x` is not above `bound`, infinity at infinity, else `value`. */
function withLogEnds(l: Lanes, x: V, bound: number, value: V): V {
  const finite = l.select(l.op('eq', x, l.const(Infinity)), x, value)
  const inside = l.op('gt', x, l.const(bound))
  return l.bits(simd.or, finite, l.bits(simd.not, inside))
}

/** NaN at zero and below, as the operation's domain says. */
export function log(l: Lanes, x: V): V {
  const small = l.op('lt', x, l.const(2.2250738585072014e-308))
  const normal = l.select(small, l.op('mul', x, l.const(18014398509481984)), x)
  const { f, k } = split(l, normal)
  const shifted = l.op('sub', k, l.bits(simd.and, small, l.const(54)))
  return withLogEnds(l, x, 0, logOfSplit(l, { f, k: shifted }, null))
}

/** `log(1 + x) = log(u) + (x - (u - 1))/u` with `u = 1 + x` rounded; where `u` is near 1, `f` is `x` itself. */
export function log1p(l: Lanes, x: V): V {
  const u = l.op('add', x, l.const(1))
  const { f, k } = split(l, u)
  const near = l.op('eq', k, l.const(0))
  const lost = l.select(
    l.op('gt', k, l.const(0)),
    l.op('sub', l.const(1), l.op('sub', u, x)),
    l.op('sub', x, l.op('sub', u, l.const(1))),
  )
  const correction = l.bits(simd.andnot, l.op('div', lost, u), near)
  const result = logOfSplit(l, { f: l.select(near, x, f), k }, correction)
  const zeroKept = l.select(l.op('eq', x, l.const(0)), x, result)
  return withLogEnds(l, x, -1, zeroKept)
}
