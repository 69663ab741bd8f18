import type { Lanes, V } from '../lanes.ts'
import { simd } from '../opcodes.ts'
import { TABLES } from './exponential-tables.ts'

// In lanes of either precision, by the methods of Sun's fdlibm (e_exp.c, e_log.c, s_log1p.c), whose error bounds are below
// one unit in the last place; here without branches, so every lane takes the same way.

/** Adding and taking away `1.5 * 2^significand` rounds to whole numbers, which stand in the low bits in between. */
const rounder = (l: Lanes): V => l.const(1.5 * 2 ** TABLES[l.precision].significand)

/** The whole number in the low bits of what a rounder was added to. */
function unshifted(l: Lanes, shifted: V): V {
  const { significand, bias } = TABLES[l.precision]
  return l.op('isub', shifted, l.whole(BigInt(2 * (bias + significand) + 1) << BigInt(significand - 1)))
}

/** `2^k` for whole numbers `k`, where that is a normal number. */
function powerOfTwo(l: Lanes, k: V): V {
  const { significand, bias } = TABLES[l.precision]
  return l.shift('ishl', l.op('iadd', k, l.whole(BigInt(bias))), significand)
}

interface Reduced {
  /** `x = n*ln(2) + high - low`. */
  readonly high: V
  readonly low: V
  readonly n: V
  /** `n` as a whole number. */
  readonly k: V
  /** `high - low`, rounded. */
  readonly r: V
  /** `exp(r) - 1 = r + r*c/(2 - c) = 2r/(2 - c)`. */
  readonly c: V
}

function reduce(l: Lanes, x: V): Reduced {
  const { ln2High, ln2Low, expP } = TABLES[l.precision]
  const shifted = l.madd(x, l.const(Math.LOG2E), rounder(l))
  const n = l.op('sub', shifted, rounder(l))
  const high = l.op('nmadd', n, l.const(ln2High), x)
  const low = l.op('mul', n, l.const(ln2Low))
  const r = l.op('sub', high, low)
  const square = l.op('mul', r, r)
  const c = l.op('sub', r, l.op('mul', square, l.horner(square, expP)))
  return { high, low, n, k: unshifted(l, shifted), r, c }
}

/** `exp(high - low) - 1`, with what `r` has lost. */
function shiftedExp(l: Lanes, { high, low, r, c }: Reduced): V {
  const rest = l.op('div', l.op('mul', r, c), l.op('sub', l.const(2), c))
  return l.op('sub', high, l.op('sub', low, rest))
}

/** `y * 2^k` in two steps, so that results below the normal range and the largest `k` come out right. */
function scale(l: Lanes, y: V, k: V): V {
  const half = l.shift('ishrS', k, 1)
  const scaled = l.op('mul', y, powerOfTwo(l, half))
  return l.op('mul', scaled, powerOfTwo(l, l.op('isub', k, half)))
}

/** `x` brought between bounds; NaN stays. */
const clamp = (l: Lanes, x: V, [low, high]: readonly [number, number]): V =>
  l.op('pmax', l.op('pmin', x, l.const(high)), l.const(low))

export function exp(l: Lanes, x: V): V {
  const reduced = reduce(l, clamp(l, x, TABLES[l.precision].expRange))
  return scale(l, l.op('add', l.const(1), shiftedExp(l, reduced)), reduced.k)
}

export function expm1(l: Lanes, x: V): V {
  const { expm1Low, expm1Whole, expRange } = TABLES[l.precision]
  const reduced = reduce(l, clamp(l, x, [expm1Low, expRange[1]]))
  const { n, k } = reduced
  const p = shiftedExp(l, reduced)
  // exp(x) - 1 = 2^n * (p + (1 - 2^-n)), where the inner bracket is exact as long as its digits reach, and 1 beyond.
  const bounded = l.op('pmin', n, l.const(expm1Whole))
  const negative = l.op('sub', rounder(l), bounded)
  const reciprocal = powerOfTwo(l, unshifted(l, negative))
  const result = scale(l, l.op('add', p, l.op('sub', l.const(1), reciprocal)), k)
  return l.select(l.op('eq', x, l.const(0)), x, result)
}

/**
 * `tanh(x) = (1 - e)/(1 + e)` with `e = exp(-2|x|) = s*(1 + 2r/d)`, where `d = 2 - c` and `s = 2^n`; multiplied by `d`, one
 * division is left. The sign of `x` is put back.
 */
export function tanh(l: Lanes, x: V): V {
  const sign = l.bits(simd.and, x, l.const(-0))
  const size = l.op('pmin', l.op('abs', x), l.const(TABLES[l.precision].tanhHigh))
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

interface Split {
  /** The argument is `2^k * (1 + f)`, with `1 + f` from sqrt(1/2) to sqrt(2). */
  readonly f: V
  readonly k: V
}

/** Of a normal positive number. */
function split(l: Lanes, x: V): Split {
  const { significand, bias, rootHalf } = TABLES[l.precision]
  const places = BigInt(significand)
  // Adding the distance from sqrt(1/2) to 1 carries into the exponent exactly where the significand is above sqrt(2).
  const moved = l.op('iadd', x, l.whole((BigInt(bias) << places) - rootHalf))
  const exponent = l.shift('ishrU', moved, significand)
  const rest = l.bits(simd.and, moved, l.whole((1n << places) - 1n))
  const f = l.op('sub', l.op('iadd', rest, l.whole(rootHalf)), l.const(1))
  // In the low bits of 2^significand a whole number counts ones.
  const above = l.bits(simd.or, exponent, l.whole(BigInt(bias + significand) << places))
  return { f, k: l.op('sub', above, l.const(2 ** significand + bias)) }
}

/** `log(1 + f) + k*ln(2) + extra`. */
function logOfSplit(l: Lanes, { f, k }: Split, extra: V | null): V {
  const { ln2High, ln2Low, logEven, logOdd } = TABLES[l.precision]
  const s = l.op('div', f, l.op('add', f, l.const(2)))
  const z = l.op('mul', s, s)
  const w = l.op('mul', z, z)
  const even = l.op('mul', z, l.horner(w, logEven))
  const odd = l.op('mul', w, l.horner(w, logOdd))
  const half = l.op('mul', l.op('mul', f, f), l.const(0.5))
  const series = l.op('mul', s, l.op('add', half, l.op('add', even, odd)))
  const scaled = l.op('mul', k, l.const(ln2Low))
  const low = l.op('add', series, extra === null ? scaled : l.op('add', scaled, extra))
  const body = l.op('sub', l.op('sub', half, low), f)
  return l.op('sub', l.op('mul', k, l.const(ln2High)), body)
}

/** NaN where `x` is not above `bound`, infinity at infinity, else `value`. */
function withLogEnds(l: Lanes, x: V, bound: number, value: V): V {
  const finite = l.select(l.op('eq', x, l.const(Infinity)), x, value)
  const inside = l.op('gt', x, l.const(bound))
  return l.bits(simd.or, finite, l.bits(simd.not, inside))
}

/** NaN at zero and below, as the operation's domain says. */
export function log(l: Lanes, x: V): V {
  const { significand, smallestNormal } = TABLES[l.precision]
  const small = l.op('lt', x, l.const(smallestNormal))
  const normal = l.select(small, l.op('mul', x, l.const(2 ** (significand + 2))), x)
  const { f, k } = split(l, normal)
  const shifted = l.op('sub', k, l.bits(simd.and, small, l.const(significand + 2)))
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
