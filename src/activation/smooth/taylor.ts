import { add, div, interval, isEmpty, mul, neg, ONE, point, sub, ZERO } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import { ERF_FACTOR } from '../interval/elementary.ts'
import { INTERVALS } from './field.ts'
import type { Primitive } from './field.ts'
import type { Instruction, Tape } from './tape.ts'

/**
 * Bounds of the Taylor coefficients `f^(k)/k!`, lowest first, at every point of some interval. Recurrences: Griewank and
 * Walther 2008, "Evaluating Derivatives", table 13.2; Moore, Kearfott, Cloud 2009, "Introduction to Interval Analysis", 9.3.
 */
export type Series = readonly Interval[]

const whole = (n: number): Interval => point(n)
const isZero = (a: Interval): boolean => a.lo === 0 && a.hi === 0

const sumOf = (from: number, to: number, term: (i: number) => Interval): Interval => {
  let sum = ZERO
  for (let i = from; i <= to; i++) sum = add(sum, term(i))
  return sum
}

/** `count` coefficients, each made of those before it. */
function recurrence(first: Interval, count: number, next: (k: number, lower: readonly Interval[]) => Interval): Series {
  const series = [first]
  for (let k = 1; k < count; k++) series.push(next(k, series))
  return series
}

const zip = (a: Series, b: Series, f: (x: Interval, y: Interval) => Interval): Series =>
  a.slice(0, b.length).map((x, k) => f(x, b[k]!))

const negative = (a: Series): Series => a.map(neg)

const product = (a: Series, b: Series): Series =>
  a.slice(0, b.length).map((_, k) => sumOf(0, k, (i) => mul(a[i]!, b[k - i]!)))

function quotient(a: Series, b: Series): Series {
  return recurrence(div(a[0]!, b[0]!), Math.min(a.length, b.length), (k, q) =>
    div(
      sub(
        a[k]!,
        sumOf(1, k, (i) => mul(b[i]!, q[k - i]!)),
      ),
      b[0]!,
    ),
  )
}

const one = (count: number): Series => constant(ONE, count)
const constant = (value: Interval, count: number): Series =>
  Array.from({ length: count }, (_, k) => (k === 0 ? value : ZERO))

function power(a: Series, p: number): Series {
  const value = INTERVALS.power(a[0]!, p)
  if (Number.isInteger(p)) {
    if (p < 0) return [value, ...quotient(one(a.length), power(a, -p)).slice(1)]
    let result = one(a.length)
    let base = a
    for (let rest = p; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = product(result, base)
      if (rest > 1) base = product(base, base)
    }
    return [value, ...result.slice(1)]
  }
  return recurrence(value, a.length, (k, r) => {
    const sum = sumOf(1, k, (i) => {
      const weight = sub(mul(whole(i), point(p)), whole(k - i))
      return mul(weight, mul(a[i]!, r[k - i]!))
    })
    return div(sum, mul(whole(k), a[0]!))
  })
}

/** The series of `f(u)` from that of `f'(u)`. */
const integral = (value: Interval, slope: Series, u: Series): Series =>
  recurrence(value, u.length, (k) => integrated(k, slope, u))

/** The `k`-th coefficient of `f(u)`, `k >= 1`, from those of `f'(u)` below it. */
const integrated = (k: number, slope: readonly Interval[], u: Series): Interval =>
  div(
    sumOf(1, k, (i) => mul(mul(whole(i), u[i]!), slope[k - i]!)),
    whole(k),
  )

function apply(fn: Primitive, u: Series): Series {
  const value = INTERVALS.apply(fn, u[0]!)
  const count = u.length
  const square = (): Series => [INTERVALS.power(u[0]!, 2), ...product(u, u).slice(1)]
  switch (fn) {
    case 'exp':
      return recurrence(value, count, (k, e) => integrated(k, e, u))
    case 'expm1':
      return [value, ...apply('exp', u).slice(1)]
    case 'log':
      return integral(value, quotient(one(count), u), u)
    case 'log1p':
      return integral(value, quotient(one(count), [add(ONE, u[0]!), ...u.slice(1)]), u)
    case 'sin':
    case 'cos':
      return wave(u)[fn]
    case 'sinh':
    case 'cosh': {
      const [rising, falling] = [apply('exp', u), apply('exp', negative(u))]
      const sum = zip(rising, falling, fn === 'sinh' ? sub : add).map((c) => div(c, point(2)))
      return [value, ...sum.slice(1)]
    }
    case 'tanh': {
      const two = whole(2)
      const slope = [mul(whole(4), mul(INTERVALS.apply('sigmoid', mul(two, u[0]!)), INTERVALS.apply('sigmoid', mul(whole(-2), u[0]!))))] // prettier-ignore
      return recurrence(value, count, (k, t) => {
        if (k > 1) slope.push(neg(sumOf(0, k - 1, (i) => mul(t[i]!, t[k - 1 - i]!))))
        return integrated(k, slope, u)
      })
    }
    case 'sigmoid': {
      const other = INTERVALS.apply('sigmoid', neg(u[0]!))
      const slope = [mul(value, other)]
      return recurrence(value, count, (k, s) => {
        if (k > 1) {
          const rest = (i: number): Interval => (i === 0 ? other : neg(s[i]!))
          slope.push(sumOf(0, k - 1, (i) => mul(s[i]!, rest(k - 1 - i))))
        }
        return integrated(k, slope, u)
      })
    }
    case 'softplus':
      return integral(value, apply('sigmoid', u), u)
    case 'atan':
      return integral(value, quotient(one(count), zip(one(count), square(), add)), u)
    case 'asin':
    case 'acos': {
      const slope = power(zip(one(count), square(), sub), -0.5)
      return integral(value, fn === 'asin' ? slope : negative(slope), u)
    }
    case 'erf':
    case 'erfc': {
      const factor = fn === 'erf' ? ERF_FACTOR : neg(ERF_FACTOR)
      const slope = apply('exp', negative(square())).map((c) => mul(factor, c))
      return integral(value, slope, u)
    }
  }
}

function wave(u: Series): { sin: Series; cos: Series } {
  const sin = [INTERVALS.apply('sin', u[0]!)]
  const cos = [INTERVALS.apply('cos', u[0]!)]
  for (let k = 1; k < u.length; k++) {
    const [s, c] = [integrated(k, cos, u), neg(integrated(k, sin, u))]
    sin.push(s)
    cos.push(c)
  }
  return { sin, cos }
}

function step(instruction: Exclude<Instruction, { op: 'z' | 'constant' }>, of: (ref: number) => Series): Series {
  const a = of(instruction.a)
  switch (instruction.op) {
    case 'add':
      return zip(a, of(instruction.b), add)
    case 'sub':
      return zip(a, of(instruction.b), sub)
    case 'mul':
      return product(a, of(instruction.b))
    case 'div':
      return quotient(a, of(instruction.b))
    case 'neg':
      return negative(a)
    case 'power':
      return power(a, instruction.exponent)
    case 'apply':
      return apply(instruction.fn, a)
  }
}

const start = (instruction: Instruction, x: Interval, count: number): Series | null => {
  if (instruction.op === 'constant') return constant(instruction.value, count)
  return instruction.op === 'z' ? constant(x, count).map((c, k) => (k === 1 ? ONE : c)) : null
}

/**
 * `count` coefficients of a tape on `x`. The steps in `zeros` are known to have the value zero there, although bounds of `x`
 * do not show it.
 */
export function seriesOf(tape: Tape, x: Interval, count: number, zeros: ReadonlySet<number> = new Set()): Series {
  const known: Series[] = []
  tape.instructions.forEach((instruction, at) => {
    const made =
      start(instruction, x, count) ??
      step(instruction as Exclude<Instruction, { op: 'z' | 'constant' }>, (ref) => known[ref]!)
    known.push(zeros.has(at) ? [ZERO, ...made.slice(1)] : made)
  })
  return known[tape.result]!
}

/** Common zeros of numerator and denominator of a higher order than this are not divided out. */
const MOST_COMMON = 6

/**
 * Coefficients of a tape that hold on all of `near`, which contains `c`, where quotients may be 0/0. Dividing `f` by `(z - c)^j` moves its coefficients down by `j`, on `near` as well: by the
 * integral form of the remainder, `(f/(z - c)^j)^(k)/k!` averages `f^(j+k)/(j+k)!`. `null` where `c` is no removable singularity.
 */
export function seriesNear(tape: Tape, c: number, near: Interval, count: number): Series | null {
  const shifts: number[] = []
  const isFilled = run(tape, point(c), FEW, (made, series) => {
    const shift = made.op === 'div' ? series[made.b]!.findIndex((coefficient) => !isZero(coefficient)) : 0
    if (shift < 0 || (made.op === 'div' && !series[made.a]!.slice(0, shift).every(isZero))) return null
    shifts.push(shift)
    return shift
  }, isKnown) // prettier-ignore
  if (isFilled === null) return null
  let next = 0
  const found = run(tape, near, count + MOST_COMMON, () => shifts[next++]!, () => true) // prettier-ignore
  return found === null || found.length < count ? null : found.slice(0, count)
}

/** As many coefficients as show which of the first ones are zero. */
const FEW = MOST_COMMON + 3

const isKnown = (series: Series): boolean =>
  series.every((bounds) => !isEmpty(bounds) && Number.isFinite(bounds.lo) && Number.isFinite(bounds.hi))

type Operation = Exclude<Instruction, { op: 'z' | 'constant' }>

/** The coefficients of a tape, operands moved down before each step; `null` where that, or `accepts`, refuses one. */
function run(
  tape: Tape,
  x: Interval,
  count: number,
  shiftOf: (made: Operation, series: readonly Series[]) => number | null,
  accepts: (series: Series) => boolean,
): Series | null {
  const all: Series[] = []
  for (const instruction of tape.instructions) {
    const first = start(instruction, x, count)
    if (first !== null) {
      all.push(first)
      continue
    }
    const made = instruction as Operation
    const shift = shiftOf(made, all)
    if (shift === null) return null
    const series = step(made, (ref) => (shift === 0 ? all[ref]! : all[ref]!.slice(shift)))
    if (!accepts(series)) return null
    all.push(series)
  }
  return all[tape.result]!
}

/** The derivatives up to `order` at all points of `x`, from the coefficients at `c` and those on a set that holds `c` and `x`. */
export function derivativesFrom(at: Series, on: Series, c: number, x: Interval, order: number): Interval[] {
  const t = sub(x, point(c))
  const last = at.length - 1
  return Array.from({ length: order + 1 }, (_, k) => {
    // Horner's rule; the factor of t^i is the coefficient i + k times (i + k)!/i!.
    let value = mul(falling(last, k), on[last]!)
    for (let i = last - 1 - k; i >= 0; i--) value = add(mul(value, t), mul(falling(i + k, k), at[i + k]!))
    return value
  })
}

/** `n!/(n - k)!` */
function falling(n: number, k: number): Interval {
  let value = 1
  for (let i = 0; i < k; i++) value *= n - i
  return value < 2 ** 53 ? point(value) : interval(value * (1 - 1e-12), value * (1 + 1e-12))
}
