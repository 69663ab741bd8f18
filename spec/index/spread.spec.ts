import { expect } from 'chai'
import { HALF, MINUS_ONE, ONE, rational } from '../../src/base/rational.ts'
import { addPolys, constantPoly, NO_TRAITS, scalePoly } from '../../src/index/algebra.ts'
import { createKernel } from '../../src/index/normal-form.ts'
import { freeSymbols, spreads, spreadsWith } from '../../src/index/spread.ts'
import { sizePoly } from '../../src/index/sum.ts'
import type { Index, Poly } from '../../src/index/term.ts'
import { namedSize } from '../../src/shape/size.ts'

const k = createKernel()
const n = namedSize('n')
const [i, j, s, t] = [k.algebra.fresh(), k.algebra.fresh(), k.algebra.fresh(), k.algebra.fresh()]
const data = { ...NO_TRAITS, analytic: true, independent: true }
const x = (...at: Index[]): Poly => k.entry('x', at, data)
const y = (...at: Index[]): Poly => k.entry('y', at, data)
const tied = (...at: Index[]): Poly => k.entry('c', at, { ...NO_TRAITS, analytic: true })
const label = (...at: Index[]): Poly => k.entry('b', at, { ...NO_TRAITS, nonnegative: true, binary: true })
const add = (...polys: Poly[]): Poly => addPolys(k.algebra, ...polys)
const minus = (a: Poly, b: Poly): Poly => add(a, scalePoly(b, MINUS_ONE))
const number = (p: number): Poly => constantPoly(k.algebra, rational(p))
const size = sizePoly(k.algebra, n)
const times = (...polys: Poly[]): Poly => polys.reduce((a, b) => k.multiply(a, b), constantPoly(k.algebra, ONE))
const total = (of: Poly, ...over: Index[]): Poly => k.sum(of, over.map((index) => ({ index, size: n }))) // prettier-ignore
const largest = (of: Poly, ...over: Index[]): Poly => k.fold('max', of, over.map((index) => ({ index, size: n }))) // prettier-ignore

describe('spreads', () => {
  const SPREAD: Record<string, Poly> = {
    'an entry, whatever is added to it': add(x(i), label(j), number(3)),
    'a power of one entry': minus(times(x(i), x(i)), number(1)),
    'a product of arrays': times(x(i), y(j)),
    'an entry times a size': times(size, x(i)),
    'an entry by a denominator that is a size less 1': times(x(i), k.power(minus(size, number(1)), -1)),
    'a sum over an axis': minus(total(x(s), s), number(1)),
    'a power of a sum, next to others': minus(times(total(x(s), s), total(x(s), s)), x(i)),
    'a matrix product': total(times(x(i, s), y(s, j)), s),
    'a sum of a function of own entries': total(k.call('tanh', [x(s)]), s),
    'exp of a sum': minus(k.exp(total(x(s), s)), number(1)),
    'a root of a sum of several terms': k.power(add(times(x(i), x(i)), number(1)), HALF),
    'a maximum of own entries': largest(times(x(s), y(i)), s),
    'a maximum in which entries meet': largest(add(x(s), y(s)), s),
    'a function of an entry, times another array': times(k.call('sin', [x(i)]), y(i)),
    'a determinant': k.matrix(
      'det',
      x(s, t),
      [
        { index: s, size: n },
        { index: t, size: n },
      ],
      [],
    ),
  }
  for (const [name, poly] of Object.entries(SPREAD)) it(`holds for ${name}`, () => expect(spreads(poly)).to.equal(true))

  const NOT: Record<string, Poly> = {
    'nothing': new Map(), // prettier-ignore
    'a number': number(2),
    'a size less a number': minus(size, number(2)),
    'a label': label(i),
    'data that an assumption ties': tied(i),
    'an entry times a label': times(x(i), label(i)),
    'an entry times a size less 1, which is zero for a length of 1': times(x(i), minus(size, number(1))),
    'a mean less an entry, which is zero for a length of 1': minus(total(x(s), s), times(size, x(i))),
    'squares less the square of a sum': minus(total(times(x(s), x(s)), s), times(total(x(s), s), total(x(s), s))),
    'a number of sums less another': minus(times(size, total(x(s), s)), scalePoly(total(x(s), s), rational(14))),
    'a function less another of the same array': minus(total(k.call('tanh', [x(s)]), s), total(k.call('sigmoid', [x(s)]), s)),
    'a comparison': k.indicator(x(i)),
    'an entry times a comparison': times(x(i), k.indicator(y(i))),
    'a sum of products of one array with itself, transposed': total(times(k.call('sin', [x(i, s)]), k.call('sin', [x(s, i)])), s),
    'a determinant of a matrix and its transpose': k.matrix('det', add(x(s, t), x(t, s)), [{ index: s, size: n }, { index: t, size: n }], []),
  } // prettier-ignore
  for (const [name, poly] of Object.entries(NOT))
    it(`does not hold for ${name}`, () => expect(spreads(poly)).to.equal(false))

  it('asks for an array, and tells which there are', () => {
    const poly = add(times(x(i), label(i)), y(j), tied(i))
    expect([...freeSymbols(poly)].sort()).to.deep.equal(['x', 'y'])
    expect(spreadsWith(poly, 'y')).to.equal(true)
    expect(spreadsWith(poly, 'x')).to.equal(false)
    expect(spreadsWith(poly, 'c')).to.equal(false)
    expect(spreadsWith(poly, 'z')).to.equal(false)
  })
})
