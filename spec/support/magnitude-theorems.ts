import { HALF, rational } from '../../src/base/rational.ts'
import { sizePower } from '../../src/index/products.ts'
import { withFactorSigns } from '../../src/index/signs.ts'
import { sizePoly } from '../../src/index/sum.ts'
import type { Poly } from '../../src/index/term.ts'
import { namedSize } from '../../src/shape/size.ts'
import type { Theorem } from './index-theorems.ts'

const step = (x: number): number => (x > 0 ? 1 : 0)
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Laws of maxima, products, magnitudes, signs, and functions of their inverses. */
export const MAGNITUDE_THEOREMS: Readonly<Record<string, Theorem>> = {
  'what leaves a maximum: max_i (a + p*x_i) = a + p*max x, max_i -x_i = -min x, and maxima of maxima': {
    term: ({ k, of, add, times, minus, bound }) => {
      const [s, t, u] = [bound('n'), bound('n'), bound('m')]
      const moved = k.fold('max', add(of('a'), times(of('p'), of('x', s.index))), [s])
      const nested = k.fold('max', add(of('w', u.index), k.fold('max', times(of('p'), of('W', t.index, u.index)), [t])), [u]) // prettier-ignore
      return add(moved, times(of('b'), nested), k.fold('max', minus(times(of('p'), of('x', s.index))), [s]))
    },
    value: ({ of, n, m }) => {
      const xs = Array.from({ length: n }, (_, s) => of('x', s))
      const inner = xs.flatMap((_, s) => Array.from({ length: m }, (__, u) => of('w', u) + of('p') * of('W', s, u)))
      return of('a') + of('p') * (Math.max(...xs) - Math.min(...xs)) + of('b') * Math.max(...inner)
    },
  },
  'increasing functions leave a maximum: exp, tanh, sigmoid, roots, and their opposites': {
    term: ({ k, of, add, minus, times, bound }) => {
      const s = bound('n')
      const [x, v] = [of('x', s.index), of('v', s.index)]
      const largest = (poly: Poly): Poly => k.fold('max', poly, [s])
      return add(
        largest(k.exp(add(of('a'), minus(x)))),
        largest(minus(k.exp(x))),
        times(of('b'), largest(k.call('tanh', [x]))),
        largest(minus(k.call('sigmoid', [x]))),
        largest(k.power(v, HALF)),
        largest(minus(k.power(v, 2))),
        largest(k.log(v)),
      )
    },
    value: ({ of, n }) => {
      const largest = (f: (s: number) => number): number => Math.max(...Array.from({ length: n }, (_, s) => f(s)))
      return (
        largest((s) => Math.exp(of('a') - of('x', s))) +
        largest((s) => -Math.exp(of('x', s))) +
        of('b') * largest((s) => Math.tanh(of('x', s))) +
        largest((s) => -sigmoid(of('x', s))) +
        largest((s) => Math.sqrt(of('v', s))) +
        largest((s) => -(of('v', s) ** 2)) +
        largest((s) => Math.log(of('v', s)))
      )
    },
  },
  'increasing functions keep the order: [exp(a) - exp(b) > 0] = [a > b], [exp(a) > 1] = [a > 0]': {
    term: ({ k, of, add, minus, number, times }) =>
      add(
        k.indicator(add(k.exp(of('a')), minus(k.exp(of('b'))))),
        times(number(2), k.indicator(add(k.call('atan', [of('b')]), minus(k.call('atan', [of('a')]))))),
        times(number(4), k.indicator(add(number(1), minus(k.exp(of('a')))))),
        times(number(8), k.indicator(add(k.power(of('p'), HALF), minus(k.power(of('q'), HALF))))),
      ),
    value: ({ of }) =>
      step(of('a') - of('b')) + 2 * step(of('b') - of('a')) + 4 * step(-of('a')) + 8 * step(of('p') - of('q')),
  },
  'a one-hot column in maxima and products': {
    term: ({ k, of, add, minus, number, times, c, bound }) => {
      const s = bound('n')
      const hot = of('H', s.index, c)
      const chosen = add(times(hot, of('v', s.index)), number(1), minus(hot))
      return add(
        k.fold('max', times(of('p'), hot), [s]),
        k.fold('prod', add(number(1), minus(hot)), [s]),
        k.fold('prod', add(times(hot, of('a')), minus(of('a'))), [s]),
        times(of('b'), k.fold('prod', chosen, [s])),
      )
    },
    value: ({ of, sum, n, k }) => of('p') + of('b') * sum(n, (s) => of('H', s, k) * of('v', s)),
  },
  'products of products, of numbers, of exponentials and of roots': {
    term: ({ k, of, add, minus, number, times, bound }) => {
      const [s, u] = [bound('n'), bound('m')]
      const product = (poly: Poly): Poly => k.fold('prod', poly, [s])
      return add(
        product(times(number(-2), of('p'), of('x', s.index), of('z', s.index))),
        times(of('b'), product(times(k.exp(of('x', s.index)), k.power(of('v', s.index), HALF)))),
        k.fold('prod', product(times(of('a'), of('W', s.index, u.index))), [u]),
        times(of('q'), product(add(times(of('a'), of('x', s.index)), minus(times(of('a'), of('z', s.index)))))),
        k.log(product(of('v', s.index))),
        k.exp(k.sum(k.log(of('v', s.index)), [s])),
      )
    },
    value: ({ of, sum, n, m }) => {
      const product = (length: number, f: (s: number) => number): number =>
        Array.from({ length }, (_, s) => f(s)).reduce((a, b) => a * b, 1)
      return (
        product(n, (s) => -2 * of('p') * of('x', s) * of('z', s)) +
        of('b') * product(n, (s) => Math.exp(of('x', s)) * Math.sqrt(of('v', s))) +
        product(m, (u) => product(n, (s) => of('a') * of('W', s, u))) +
        of('q') * product(n, (s) => of('a') * (of('x', s) - of('z', s))) +
        sum(n, (s) => Math.log(of('v', s))) +
        product(n, (s) => of('v', s))
      )
    },
  },
  'whole powers made of sizes: (-1)^(n^2 + n*m), (-a)^(n + 1), |b|^m': {
    term: ({ k, of, add, minus, number, times }) => {
      const [n, m] = [sizePoly(k.algebra, namedSize('n')), sizePoly(k.algebra, namedSize('m'))]
      const magnitude = k.power(k.power(of('b'), 2), HALF)
      return add(
        sizePower(k, number(-1), add(k.power(n, 2), times(n, m)))!,
        sizePower(k, minus(of('a')), add(n, number(1)))!,
        sizePower(k, magnitude, m)!,
      )
    },
    value: ({ of, n, m }) => (-1) ** (n * n + n * m) + (-of('a')) ** (n + 1) + Math.abs(of('b')) ** m,
  },
  'logarithms of even powers and of magnitudes: log(p*a^2*b), log|a*b|, log((a + 6*p)^2)': {
    term: ({ k, of, add, number, times }) => {
      const magnitude = (poly: Poly): Poly => k.power(k.power(poly, 2), HALF)
      return add(
        k.log(times(of('p'), of('a'), of('a'), of('b'))),
        k.log(times(magnitude(of('a')), magnitude(of('b')))),
        k.log(k.power(add(of('a'), times(number(6), of('p'))), 2)),
      )
    },
    value: ({ of }) =>
      Math.log(of('p') * of('a') ** 2 * of('b')) + Math.log(Math.abs(of('a') * of('b'))) + Math.log((of('a') + 6 * of('p')) ** 2), // prettier-ignore
  },
  'roots of even powers, and of quotients: (p*a^2)^(1/4), (a^2)^(-1/4), (v/q)^(1/2)': {
    term: ({ k, of, add, times, i }) =>
      add(
        k.power(times(of('p'), k.power(of('a'), 2)), rational(1, 4)),
        k.power(k.power(of('a'), 2), rational(-1, 4)),
        k.power(times(of('v', i), k.power(of('q'), -1)), HALF),
      ),
    value: ({ of, i }) =>
      (of('p') * of('a') ** 2) ** 0.25 + Math.abs(of('a')) ** -0.5 + Math.sqrt(of('v', i) / of('q')),
  },
  'signs: [s > 0] = (1 + s)/2 where s^2 = 1, [a/b > 0] = [a*b > 0], [a/b^2 > 0] = [a > 0]': {
    term: ({ k, of, add, minus, times, i }) =>
      add(
        k.indicator(minus(of('s', i))),
        k.indicator(times(of('a'), k.power(of('b'), -1))),
        k.indicator(times(of('a'), k.power(of('b'), -2))),
      ),
    value: ({ of, i }) => step(-of('s', i)) + step(of('a') * of('b')) + step(of('a')),
  },
  'the sign of a product by those of its factors': {
    term: ({ k, of, times, add, number, i }) =>
      add(
        withFactorSigns(k, k.indicator(times(of('a'), of('b'))))!,
        withFactorSigns(k, times(of('q'), k.indicator(times(number(-2), of('a'), of('b'), of('x', i)))))!,
      ),
    value: ({ of, i }) => step(of('a') * of('b')) + of('q') * step(-of('a') * of('b') * of('x', i)),
  },
  'circular functions of their inverses': {
    term: ({ k, of, add, times, number, minus }) => {
      const small = times(of('a'), number(1, 2))
      const [asin, atan] = [k.call('asin', [small]), k.call('atan', [of('b')])]
      const both = (angle: Poly): Poly[] => [k.call('sin', [angle]), times(of('p'), k.call('cos', [angle]))]
      return add(...both(asin), ...both(minus(asin)), ...both(times(number(2), atan)), ...both(add(atan, of('q'))))
    },
    value: ({ of }) => {
      const both = (angle: number): number => Math.sin(angle) + of('p') * Math.cos(angle)
      const [asin, atan] = [Math.asin(of('a') / 2), Math.atan(of('b'))]
      return both(asin) + both(-asin) + both(2 * atan) + both(atan + of('q'))
    },
  },
  'the root of 1 - sin^2 is |cos|': {
    term: ({ k, of, add, minus, number, times }) => {
      const rest = add(number(1), minus(k.power(k.call('sin', [of('a')]), 2)))
      return add(k.power(times(number(4), rest), HALF), k.power(rest, rational(-3, 2)))
    },
    value: ({ of }) => 2 * Math.abs(Math.cos(of('a'))) + Math.abs(Math.cos(of('a'))) ** -3,
  },
  'what is never below zero: exp(a) - 1 - a, a maximum less one of its values': {
    term: ({ k, of, add, minus, number, times, i, bound }) => {
      const s = bound('n')
      const tangent = add(k.exp(of('a')), number(-1), minus(of('a')))
      const below = add(of('x', i), minus(k.fold('max', of('x', s.index), [s])))
      return add(k.indicator(times(number(-3), tangent)), times(of('b'), k.indicator(below)), of('a'))
    },
    value: ({ of }) => of('a'),
  },
  "determinants of exchanged products: det(p*eye + 2*W*W'), det(outer(x, z) - eye), det(eye + x*1')": {
    term: ({ k, of, add, minus, number, times, bound }) => {
      const [r, c, u] = [bound('n'), bound('n'), bound('m')]
      const eye = k.delta(r.index, c.index)
      const gram = k.sum(times(of('W', r.index, u.index), of('W', c.index, u.index)), [u])
      return add(
        k.matrix('det', add(times(of('p'), eye), times(number(2), gram)), [r, c], []),
        k.matrix('det', add(times(of('x', r.index), of('z', c.index)), minus(eye)), [r, c], []),
        k.matrix('det', add(eye, times(of('a'), of('x', r.index))), [r, c], []),
      )
    },
    value: ({ of, det, sum, m }) => {
      const unit = (r: number, c: number): number => (r === c ? 1 : 0)
      return (
        det((r, c) => of('p') * unit(r, c) + 2 * sum(m, (u) => of('W', r, u) * of('W', c, u))) +
        det((r, c) => of('x', r) * of('z', c) - unit(r, c)) +
        det((r, c) => unit(r, c) + of('a') * of('x', r))
      )
    },
  },
  'determinants of opposites and of diagonal matrices': {
    term: ({ k, of, add, minus, number, times, bound }) => {
      const [r, c] = [bound('n'), bound('n')]
      return add(
        k.matrix('det', times(number(-2), of('p'), of('A', r.index, c.index)), [r, c], []),
        times(of('b'), k.matrix('det', add(of('A', r.index, c.index), minus(of('A', c.index, r.index)), of('x', r.index)), [r, c], [])), // prettier-ignore
        k.matrix('det', times(of('z', r.index), k.delta(r.index, c.index)), [r, c], []),
      )
    },
    value: ({ of, det }) =>
      det((r, c) => -2 * of('p') * of('A', r, c)) +
      of('b') * det((r, c) => of('A', r, c) - of('A', c, r) + of('x', r)) +
      det((r, c) => (r === c ? of('z', r) : 0)),
  },
}
