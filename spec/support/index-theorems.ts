import { HALF, rational } from '../../src/base/rational.ts'
import { NO_TRAITS, POSITIVE } from '../../src/index/algebra.ts'
import type { Kernel, SumLaw } from '../../src/index/kernel.ts'
import { lawFromEquality } from '../../src/index/laws.ts'
import { sizePoly } from '../../src/index/sum.ts'
import type { Binder, Index, Poly, Traits } from '../../src/index/term.ts'
import { erf } from '../../src/ops/kernels/erf.ts'
import { namedSize } from '../../src/shape/size.ts'
import { MAGNITUDE_THEOREMS } from './magnitude-theorems.ts'

export const [N, M] = [namedSize('n'), namedSize('m')]
const ANALYTIC: Traits = { ...NO_TRAITS, analytic: true, independent: true }
const LABEL: Traits = { ...NO_TRAITS, nonnegative: true, binary: true }

/** Data of the point, by name: scalars, arrays over `n`, over `n` and `m`, over `n` twice. */
export const ARRAYS: Readonly<Record<string, { axes: string; traits: Traits }>> = {
  a: { axes: '', traits: ANALYTIC },
  b: { axes: '', traits: ANALYTIC },
  p: { axes: '', traits: POSITIVE },
  q: { axes: '', traits: POSITIVE },
  x: { axes: 'n', traits: ANALYTIC },
  z: { axes: 'n', traits: ANALYTIC },
  v: { axes: 'n', traits: POSITIVE },
  w: { axes: 'm', traits: ANALYTIC },
  y: { axes: 'n', traits: LABEL },
  s: { axes: 'n', traits: { ...NO_TRAITS, square: rational(1) } },
  W: { axes: 'nm', traits: ANALYTIC },
  H: { axes: 'nm', traits: { ...LABEL, onehot: 0 } },
  P: { axes: 'nm', traits: POSITIVE },
  A: { axes: 'nn', traits: ANALYTIC },
  B: { axes: 'nn', traits: { ...ANALYTIC, symmetric: true } },
}

export interface Values {
  readonly n: number
  readonly m: number
  /** Positions of the free variables `i`, `j` along `n` and `k` along `m`. */
  readonly i: number
  readonly j: number
  readonly k: number
  /** An entry of the data. */
  readonly of: (name: string, ...at: number[]) => number
  /** The sum over the positions of an axis. */
  readonly sum: (length: number, f: (at: number) => number) => number
  readonly inverse: (entry: (i: number, j: number) => number) => (i: number, j: number) => number
  readonly det: (entry: (i: number, j: number) => number) => number
}

export interface Terms {
  readonly k: Kernel
  readonly laws: SumLaw[]
  readonly i: Index
  readonly j: Index
  readonly c: Index
  readonly of: (name: string, ...at: Index[]) => Poly
  readonly number: (p: number, q?: number) => Poly
  readonly add: (...polys: Poly[]) => Poly
  readonly minus: (of: Poly) => Poly
  readonly times: (...polys: Poly[]) => Poly
  /** A bound variable along `n` or `m`. */
  readonly bound: (size: 'n' | 'm') => Binder
}

export interface Theorem {
  /** The two sides of the law: terms as the kernel makes them, and what they stand for. */
  readonly term: (terms: Terms) => Poly
  readonly value: (values: Values) => number
}

const delta = (i: number, j: number): number => (i === j ? 1 : 0)
const step = (x: number): number => (x > 0 ? 1 : 0)
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** What the constructors of the normal form apply by themselves: each law as terms, and as what they stand for. */
export const THEOREMS: Readonly<Record<string, Theorem>> = {
  'a root of a product: (p*q*a^2)^(1/2) = p^(1/2)*q^(1/2)*|a|': {
    term: ({ k, of, times }) => k.power(times(of('p'), of('q'), of('a'), of('a')), HALF),
    value: ({ of }) => Math.sqrt(of('p') * of('q') * of('a') ** 2),
  },
  'the root of a square: (x^2)^(1/2) = |x|': {
    term: ({ k, of }) => k.power(k.power(of('a'), 2), HALF),
    value: ({ of }) => Math.abs(of('a')),
  },
  'a root of what may be negative splits off positive factors only': {
    term: ({ k, of, times, number }) => k.power(times(number(-4), of('a'), of('p')), rational(3, 2)),
    value: ({ of }) => (-4 * of('a') * of('p')) ** 1.5,
  },
  'powers of powers: ((p*a)^2)^(3/2) = p^3*|a|^3': {
    term: ({ k, of, times }) => k.power(k.power(times(of('p'), of('a')), 2), rational(3, 2)),
    value: ({ of }) => Math.abs(of('p') * of('a')) ** 3,
  },
  'whole parts of powers of sums: (1 + p)^(5/2)*(1 + p)^(-1)': {
    term: ({ k, of, add, number, times }) => {
      const base = add(number(1), of('p'))
      return times(k.power(base, rational(5, 2)), k.power(base, -1))
    },
    value: ({ of }) => (1 + of('p')) ** 1.5,
  },
  'the content of a sum: (2*p*a + 4*p*b)^(-1)': {
    term: ({ k, of, add, number, times }) => k.power(add(times(number(2), of('p'), of('a')), times(number(4), of('p'), of('b'))), -1), // prettier-ignore
    value: ({ of }) => 1 / (2 * of('p') * of('a') + 4 * of('p') * of('b')),
  },
  'roots of numbers: 12^(1/2)*(2/3)^(-1/2)*8^(1/3)*p': {
    term: ({ k, of, number, times }) => times(k.power(number(12), HALF), k.power(number(2, 3), rational(-1, 2)), k.power(number(8), rational(1, 3)), of('p')), // prettier-ignore
    value: ({ of }) => (Math.sqrt(12) / Math.sqrt(2 / 3)) * 2 * of('p'),
  },
  'exp of a sum: exp(a + 2*b - log(p)) = exp(a)*exp(b)^2/p': {
    term: ({ k, of, add, minus, times, number }) => k.exp(add(of('a'), times(number(2), of('b')), minus(k.log(of('p'))))), // prettier-ignore
    value: ({ of }) => Math.exp(of('a') + 2 * of('b')) / of('p'),
  },
  'the logarithm of a product of positive factors': {
    term: ({ k, of, times, number, add }) => k.log(times(number(6, 5), k.exp(of('a')), k.power(of('p'), 3), k.power(add(number(1), of('q')), HALF))), // prettier-ignore
    value: ({ of }) => Math.log(1.2 * Math.exp(of('a')) * of('p') ** 3 * Math.sqrt(1 + of('q'))),
  },
  'the logarithm of a product with a factor that may be negative': {
    term: ({ k, of, times }) => k.log(times(of('p'), of('a'), of('b'))),
    value: ({ of }) => Math.log(of('p') * of('a') * of('b')),
  },
  'the sine of a sum: sin(a + 2*b - pi/2)': {
    term: ({ k, of, add, times, number }) => {
      const pi = k.algebra.atom({ kind: 'number', value: 'pi', traits: POSITIVE })
      const half = k.product(rational(-1, 2), [{ atom: pi, exponent: 1 }])
      return k.call('sin', [add(of('a'), times(number(2), of('b')), half)])
    },
    value: ({ of }) => Math.sin(of('a') + 2 * of('b') - Math.PI / 2),
  },
  'the cosine of a sum, and of multiples: cos(3*a - b)*cos(a)^3': {
    term: ({ k, of, add, times, number, minus }) => times(k.call('cos', [add(times(number(3), of('a')), minus(of('b')))]), k.power(k.call('cos', [of('a')]), 3)), // prettier-ignore
    value: ({ of }) => Math.cos(3 * of('a') - of('b')) * Math.cos(of('a')) ** 3,
  },
  'odd and even functions, and their kin': {
    term: ({ k, of, minus, times, add }) => {
      const x = minus(of('a'))
      const names = ['tanh', 'erf', 'atan', 'sigmoid', 'softplus', 'cos', 'sin'] as const
      return add(...names.map((name) => times(of('b'), k.call(name, [x]))))
    },
    value: ({ of }) => {
      const x = -of('a')
      return of('b') * (Math.tanh(x) + erf(x) + Math.atan(x) + sigmoid(x) + Math.log1p(Math.exp(x)) + Math.cos(x) + Math.sin(x)) // prettier-ignore
    },
  },
  'what is 0 or 1 is its own square: y^3*(1 - y) = 0': {
    term: ({ k, of, add, minus, number, times, i }) => add(times(k.power(of('y', i), 3), add(number(1), minus(of('y', i)))), k.power(of('y', i), 5)), // prettier-ignore
    value: ({ of, i }) => of('y', i),
  },
  'any function by the cases of what is 0 or 1': {
    term: ({ k, of, add, number, times, i, j }) => {
      const inner = add(number(2), times(of('y', i), of('p')), of('y', j))
      return add(k.log(inner), k.power(inner, -1), k.exp(times(of('y', i), of('a'))), k.power(inner, HALF))
    },
    value: ({ of, i, j }) => {
      const inner = 2 + of('y', i) * of('p') + of('y', j)
      return Math.log(inner) + 1 / inner + Math.exp(of('y', i) * of('a')) + Math.sqrt(inner)
    },
  },
  'entries whose square is a number: s^5 = s': {
    term: ({ k, of, times, i, j }) => times(k.power(of('s', i), 5), k.power(of('s', j), -2), k.power(of('s', j), -1)),
    value: ({ of, i, j }) => of('s', i) ** 5 * of('s', j) ** -3,
  },
  'indicators: [p*a > 0] = [a > 0], [a^3 > 0] = [a > 0], [-p > 0] = 0, [a > 0]*[-a > 0] = 0': {
    term: ({ k, of, times, minus, add }) =>
      add(
        k.indicator(times(of('p'), of('a'))),
        times(of('b'), k.indicator(k.power(of('a'), 3))),
        k.indicator(minus(of('p'))),
        times(k.indicator(of('a')), k.indicator(minus(of('a'))), of('q')),
        k.indicator(of('q')),
        k.power(k.indicator(of('b')), 3),
      ),
    value: ({ of }) => step(of('a')) * (1 + of('b')) + 1 + step(of('b')),
  },
  'indicators of labels and of other indicators': {
    term: ({ k, of, times, add, number, i }) =>
      k.indicator(add(times(of('y', i), of('a')), k.indicator(of('b')), number(-1, 2))),
    value: ({ of, i }) => step(of('y', i) * of('a') + step(of('b')) - 0.5),
  },
  'sums against a delta: sum_j [i = j] W_jk = W_ik, also twice and on the diagonal': {
    term: ({ k, of, times, add, i, j, c, bound }) => {
      const [s, t] = [bound('n'), bound('n')]
      const once = k.sum(times(k.delta(i, s.index), of('W', s.index, c)), [s])
      const twice = k.sum(times(k.delta(s.index, t.index), of('x', s.index), of('z', t.index)), [s, t])
      const free = times(k.delta(i, j), of('A', i, j), of('x', j))
      return add(once, twice, free, k.sum(k.delta(s.index, t.index), [s, t]))
    },
    value: ({ of, sum, n, i, j, k }) =>
      of('W', i, k) + sum(n, (s) => of('x', s) * of('z', s)) + delta(i, j) * of('A', i, j) * of('x', j) + n,
  },
  'a variable that nothing uses gives the length of its axis, and factors without one leave the sum': {
    term: ({ k, of, times, bound }) => {
      const [s, t] = [bound('n'), bound('m')]
      return k.sum(times(of('a'), of('x', s.index)), [s, t])
    },
    value: ({ of, sum, n, m }) => m * of('a') * sum(n, (s) => of('x', s)),
  },
  'sums fall into parts that share no variable, whatever the names': {
    term: ({ k, of, times, add, minus, bound }) => {
      const [s, t, u] = [bound('n'), bound('n'), bound('m')]
      const left = k.sum(times(of('x', s.index), of('A', s.index, t.index), of('z', t.index), of('w', u.index)), [s, t, u]) // prettier-ignore
      const right = k.sum(times(of('x', t.index), of('A', t.index, s.index), of('z', s.index)), [t, s])
      return add(left, minus(times(k.sum(of('w', u.index), [u]), right)), right)
    },
    value: ({ of, sum, n }) => sum(n, (s) => sum(n, (t) => of('x', s) * of('A', s, t) * of('z', t))),
  },
  'powers of sums within sums: sum_k w_k (sum_i W_ik)^2': {
    term: ({ k, of, times, bound }) => {
      const [s, u] = [bound('n'), bound('m')]
      return k.sum(times(of('w', u.index), k.power(k.sum(of('W', s.index, u.index), [s]), 2)), [u])
    },
    value: ({ of, sum, n, m }) => sum(m, (u) => of('w', u) * sum(n, (s) => of('W', s, u)) ** 2),
  },
  'symmetric entries: sum_ij x_i B_ij z_j = sum_ij z_i B_ij x_j': {
    term: ({ k, of, times, add, minus, number, bound, i, j }) => {
      const [s, t] = [bound('n'), bound('n')]
      const form = (l: string, r: string): Poly => k.sum(times(of(l, s.index), of('B', s.index, t.index), of(r, t.index)), [s, t]) // prettier-ignore
      return add(form('x', 'z'), times(number(-2), form('z', 'x')), of('B', i, j), minus(of('B', j, i)))
    },
    value: ({ of, sum, n }) => -sum(n, (s) => sum(n, (t) => of('x', s) * of('B', s, t) * of('z', t))),
  },
  'one-hot columns: H_ik H_jk = [i = j] H_ik': {
    term: ({ of, times, i, j, c }) => times(of('H', i, c), of('H', j, c), of('H', i, c)),
    value: ({ of, i, j, k }) => of('H', i, k) * of('H', j, k),
  },
  'a choice by a one-hot column: products, powers and functions of it': {
    term: ({ k, of, times, add, number, i, c, bound }) => {
      const s = bound('n')
      const chosen = (name: string): Poly => k.sum(times(of('H', s.index, c), of(name, s.index)), [s])
      const [x, z, v] = [chosen('x'), chosen('z'), chosen('v')]
      return add(times(x, z), k.power(x, 3), times(of('H', i, c), x), k.exp(add(x, z)), k.log(add(number(1), v)))
    },
    value: ({ of, sum, n, i, k }) => {
      const chosen = (name: string): number => sum(n, (s) => of('H', s, k) * of(name, s))
      const [x, z, v] = [chosen('x'), chosen('z'), chosen('v')]
      return x * z + x ** 3 + of('H', i, k) * x + Math.exp(x + z) + Math.log(1 + v)
    },
  },
  'a declared equality: sum_i P_ik = 1 under other sums': {
    term: ({ k, laws, of, times, add, number, minus, bound, c, i }) => {
      const [s, u] = [bound('n'), bound('m')]
      const difference = add(k.sum(of('P', s.index, c), [s]), minus(number(1)))
      laws.push(lawFromEquality(k, 'sum(P, axis=0) == 1', difference, [c])!)
      const all = k.sum(times(of('w', u.index), of('P', s.index, u.index)), [s, u])
      laws.length = 0
      return add(all, times(of('P', i, c), of('a')))
    },
    value: ({ of, sum, m, i, k }) => sum(m, (u) => of('w', u)) + of('P', i, k) * of('a'),
  },
  'numerators reduced by denominators under a sum: E/(1 + E), x^2/(1 + x^2), 1/(v*(1 + v))': {
    term: ({ k, of, times, add, number, bound }) => {
      const s = bound('n')
      const [x, v] = [of('x', s.index), of('v', s.index)]
      const e = k.exp(x)
      const fraction = (top: Poly, base: Poly, power: number): Poly => times(top, k.power(add(number(1), base), power))
      const square = k.power(x, 2)
      return k.sum(add(fraction(e, e, -1), fraction(k.power(e, 2), e, -2), fraction(k.power(x, 4), square, -1), fraction(k.power(v, -1), v, -1), fraction(times(x, square), square, -1)), [s]) // prettier-ignore
    },
    value: ({ of, sum, n }) =>
      sum(n, (s) => {
        const [x, v] = [of('x', s), of('v', s)]
        const e = Math.exp(x)
        return e / (1 + e) + (e / (1 + e)) ** 2 + (x ** 4 + x ** 3) / (1 + x ** 2) + 1 / (v * (1 + v))
      }),
  },
  'a reciprocal of what may vanish with its neighbours does not cancel': {
    term: ({ k, of, times, i }) => times(of('y', i), k.power(of('y', i), -1), k.indicator(of('a')), k.power(k.indicator(of('a')), -1)), // prettier-ignore
    value: ({ of, i }) => (of('y', i) > 0 && of('a') > 0 ? 1 : NaN),
  },
  'the largest value: none is above it, and off ties all others are below': {
    term: ({ k, of, add, minus, times, bound, i }) => {
      const [s, t] = [bound('n'), bound('n')]
      const top = k.fold('max', of('x', s.index), [s])
      const below = k.sum(k.indicator(add(top, minus(of('x', t.index)))), [t])
      return add(k.indicator(add(of('x', i), minus(top))), below, times(of('a'), top), k.fold('max', of('a'), [s]))
    },
    value: ({ of, sum, n }) => {
      const top = Math.max(...Array.from({ length: n }, (_, s) => of('x', s)))
      return sum(n, (s) => step(top - of('x', s))) + of('a') * top + of('a')
    },
  },
  'products over an axis': {
    term: ({ k, of, times, bound, i }) => {
      const s = bound('n')
      return times(k.fold('prod', times(of('v', s.index), of('p')), [s]), of('x', i))
    },
    value: ({ of, n, i }) =>
      Array.from({ length: n }, (_, s) => of('v', s) * of('p')).reduce((a, b) => a * b, 1) * of('x', i),
  },
  'inverses: inv(A)*A = A*inv(A) = eye, also under sums': {
    term: ({ k, of, times, add, i, j, bound }) => {
      const [r, c, s, t] = [bound('n'), bound('n'), bound('n'), bound('n')]
      const inverse = (a: Index, b: Index): Poly => k.matrix('inv', of('A', r.index, c.index), [r, c], [a, b])
      const left = k.sum(times(inverse(i, s.index), of('A', s.index, j)), [s])
      const right = k.sum(times(of('x', s.index), of('A', s.index, t.index), inverse(t.index, j)), [s, t])
      return add(left, right, inverse(i, j))
    },
    value: ({ of, inverse, i, j }) => delta(i, j) + of('x', j) + inverse((r, c) => of('A', r, c))(i, j),
  },
  'inverses and determinants of multiples and transposes': {
    term: ({ k, of, times, add, number, i, j, bound }) => {
      const [r, c] = [bound('n'), bound('n')]
      const scaled = times(number(2), of('p'), of('A', r.index, c.index))
      const transposed = of('A', c.index, r.index)
      return add(
        k.matrix('inv', scaled, [r, c], [i, j]),
        times(of('a'), k.matrix('inv', transposed, [r, c], [i, j])),
        times(of('b'), k.matrix('det', transposed, [r, c], [])),
        k.matrix('inv', k.delta(r.index, c.index), [r, c], [i, j]),
      )
    },
    value: ({ of, inverse, det, i, j }) => {
      const inv = inverse((r, c) => of('A', r, c))
      const d = det((r, c) => of('A', r, c))
      return inv(i, j) / (2 * of('p')) + of('a') * inv(j, i) + of('b') * d + delta(i, j)
    },
  },
  'sizes as numbers: sum_i (x_i - 1/n*sum_j x_j) = 0': {
    term: ({ k, of, times, add, minus, bound }) => {
      const [s, t] = [bound('n'), bound('n')]
      const mean = times(k.power(sizePoly(k.algebra, N), -1), k.sum(of('x', t.index), [t]))
      return add(k.sum(add(of('x', s.index), minus(mean)), [s]), times(of('a'), sizePoly(k.algebra, M)))
    },
    value: ({ of, m }) => of('a') * m,
  },
  'two variables that become one': {
    term: ({ k, of, times, add, i, j, c }) => k.rename(add(times(of('x', i), of('x', j), of('H', i, c), of('H', j, c)), times(k.delta(i, j), of('A', i, j)), k.exp(of('A', i, j))), new Map([[j, i]])), // prettier-ignore
    value: ({ of, i, k }) => of('x', i) ** 2 * of('H', i, k) + of('A', i, i) + Math.exp(of('A', i, i)),
  },
  ...MAGNITUDE_THEOREMS,
}
