import { expect } from 'chai'
import { HALF, MINUS_ONE, ONE, rational } from '../../src/base/rational.ts'
import { addPolys, constantPoly, NO_TRAITS, POSITIVE, scalePoly } from '../../src/index/algebra.ts'
import { createKernel } from '../../src/index/normal-form.ts'
import { letterOf, showPoly } from '../../src/index/show.ts'
import { sizePoly } from '../../src/index/sum.ts'
import type { Poly } from '../../src/index/term.ts'
import { namedSize } from '../../src/shape/size.ts'

const k = createKernel()
const [n, m] = [namedSize('n'), namedSize('m')]
const plain = { ...NO_TRAITS, analytic: true }
const [i, j, s, t] = [k.algebra.fresh(), k.algebra.fresh(), k.algebra.fresh(), k.algebra.fresh()]
const x = (...at: number[]): Poly => k.entry('x', at, plain)
const positive = (...at: number[]): Poly => k.entry('p', at, POSITIVE)
const add = (...polys: Poly[]): Poly => addPolys(k.algebra, ...polys)
const number = (p: number, q = 1): Poly => constantPoly(k.algebra, rational(p, q))
const show = (poly: Poly, width = 200): string =>
  showPoly(poly, { names: new Map([[i, 'i'], [j, 'j']]), symbol: (name) => name.toUpperCase(), width }) // prettier-ignore

describe('showPoly', () => {
  it('prints sums, products, quotients and powers', () => {
    expect(show(new Map())).to.equal('0')
    expect(show(number(-3, 2))).to.equal('-3/2')
    expect(show(add(x(i), scalePoly(x(j), MINUS_ONE)))).to.equal('X[i] - X[j]')
    expect(show(k.multiply(number(2, 3), k.multiply(x(i), x(i))))).to.equal('2/3·X[i]^2')
    expect(show(k.power(sizePoly(k.algebra, n), -1))).to.equal('1/n')
    expect(show(k.multiply(number(2, 3), k.power(sizePoly(k.algebra, n), -2)))).to.equal('2/(3·n^2)')
    expect(show(k.power(add(number(1), positive(i)), -1))).to.equal('1/(1 + P[i])')
    expect(show(k.power(add(number(1), positive(i)), HALF))).to.equal('sqrt(1 + P[i])')
    expect(show(k.power(positive(0, i), rational(-1, 3)))).to.equal('1/P[0,i]^(1/3)')
    expect(show(k.power(number(2), HALF))).to.equal('sqrt(2)')
  })

  it('prints bound variables under letters that nothing around them has', () => {
    const sum = k.sum(k.multiply(x(i, s), x(s, j)), [{ index: s, size: n }])
    expect(show(sum)).to.equal('Σ_k X[i,k]·X[k,j]')
    expect(show(k.multiply(number(1, 2), sum))).to.equal('1/2·Σ_k X[i,k]·X[k,j]')
    const both = k.sum(k.multiply(x(s, t), k.exp(k.sum(x(s, t), [{ index: t, size: m }]))), [{ index: s, size: n }, { index: t, size: m }]) // prettier-ignore
    expect(show(both)).to.match(/^Σ_kl X\[(k,l|l,k)\]·exp\(Σ_p X\[[kl],p\]\)$/)
    expect(show(k.multiply(sum, k.sum(x(s), [{ index: s, size: n }])))).to.match(/^\(Σ_k .*\)·\(Σ_k .*\)$/)
    expect(show(x(s))).to.equal(`X[i${s}]`)
  })

  it('puts all exponentials of a product under one', () => {
    const difference = add(x(i), scalePoly(x(j), MINUS_ONE))
    expect(show(k.exp(difference))).to.equal('exp(X[i] - X[j])')
    expect(show(k.multiply(x(i), k.exp(scalePoly(x(j), HALF))))).to.equal('X[i]·exp(1/2·X[j])')
  })

  it('prints comparisons, functions, folds and matrices', () => {
    expect(show(k.indicator(x(i)))).to.equal('[X[i] > 0]')
    expect(show(k.delta(i, j))).to.equal('[i = j]')
    expect(show(k.call('erf', [x(i)]))).to.equal('erf(X[i])')
    expect(show(k.fold('max', x(s), [{ index: s, size: n }]))).to.equal('max_k(X[k])')
    const binders = [{ index: s, size: n }, { index: t, size: n }] as const // prettier-ignore
    expect(show(k.matrix('inv', x(s, t), binders, [i, j]))).to.match(/^inv\(kl ↦ X\[(k,l|l,k)\]\)\[(i,j|j,i)\]$/)
    expect(show(k.matrix('det', x(s, t), binders, []))).to.match(/^det\(kl ↦ X\[(k,l|l,k)\]\)$/)
  })

  it('cuts a long sum and says how many terms it has', () => {
    const long = add(...Array.from({ length: 30 }, (_, at) => k.power(x(i), at + 1)))
    expect(show(long, 30)).to.match(/^X\[i\] \+ X\[i\]\^2 .*\+ … \(30 terms in all\)$/)
    expect(show(long, 3000)).not.to.include('…')
  })

  it('numbers letters once they are used up', () => {
    const letters = Array.from({ length: 40 }, (_, at) => letterOf(at))
    expect(new Set(letters).size).to.equal(40)
    expect(letters.slice(0, 3)).to.deep.equal(['i', 'j', 'k'])
    expect(ONE.n).to.equal(1n)
  })
})
