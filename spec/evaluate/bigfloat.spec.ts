import { expect } from 'chai'
import fc from 'fast-check'
import { rational } from '../../src/base/rational.ts'
import { absolute, Arithmetic, compare, exponentOf, fromNumber, isWhole, ONE, toNumber, TWO, wholeValue } from '../../src/evaluate/bigfloat.ts' // prettier-ignore
import type { BigFloat } from '../../src/evaluate/bigfloat.ts'
import { Functions } from '../../src/evaluate/bigfloat-functions.ts'
import { forAll } from '../support/property.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const big = (x: number): BigFloat => fromNumber(x)!

describe('BigFloat', () => {
  it('holds every double exactly', () => {
    forAll(finite, (x) => expect(toNumber(big(x))).to.equal(x), 300)
    for (const x of [Number.MIN_VALUE, Number.MAX_VALUE, 2 ** -1022, -0.1]) expect(toNumber(big(x))).to.equal(x)
  })

  it('has no place for what is not finite', () => {
    for (const x of [NaN, Infinity, -Infinity]) expect(fromNumber(x)).to.equal(null)
  })

  it('compares as numbers do', () => {
    forAll(fc.tuple(finite, finite), ([x, y]) => expect(compare(big(x), big(y))).to.equal(Math.sign(x - y) || (x < y ? -1 : x > y ? 1 : 0)), 300) // prettier-ignore
  })

  it('knows whole numbers', () => {
    expect([2, -3, 0, 2 ** 60].map((x) => isWhole(big(x)))).to.deep.equal([true, true, true, true])
    expect([0.5, -1e-300].map((x) => isWhole(big(x)))).to.deep.equal([false, false])
    expect(wholeValue(big(-17))).to.equal(-17)
    expect(wholeValue(big(0.25))).to.equal(null)
  })
})

describe('Arithmetic', () => {
  const a = new Arithmetic(200)

  it('adds and multiplies doubles without an error', () => {
    const near = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((x) => Math.round(x * 1024) / 1024)
    forAll(fc.tuple(near, near), ([x, y]) => {
      expect(toNumber(a.sub(a.add(big(x), big(y)), big(y)))).to.equal(x)
      if (y !== 0) expect(toNumber(a.div(a.mul(big(x), big(y)), big(y))!)).to.equal(x)
    })
  })

  it('divides by zero and takes roots of negative numbers to nothing', () => {
    expect(a.div(ONE, big(0))).to.equal(null)
    expect(a.sqrt(big(-1))).to.equal(null)
    expect(a.power(big(0), -1)).to.equal(null)
  })

  it('rounds rationals to its bits', () => {
    const third = a.rational(rational(1, 3))
    expect(exponentOf(a.sub(a.mul(third, big(3)), ONE))).to.be.below(-195)
  })
})

/** How many bits two numbers share, relative to the second. */
const shared = (a: BigFloat, b: BigFloat): number =>
  compare(a, b) === 0 ? Infinity : exponentOf(b) - exponentOf(new Arithmetic(600).sub(a, b))

describe('Functions', () => {
  const f = new Functions(192)
  const finer = new Functions(320)

  // Reference digits: Abramowitz and Stegun, tables 1.1 and 7.1.
  it('agrees with printed digits', () => {
    const digits = (x: BigFloat, places: number): string => {
      const scaled = f.mul(x, f.power(big(10), places)!)
      return String(scaled.e >= 0 ? scaled.m << BigInt(scaled.e) : scaled.m >> BigInt(-scaled.e))
    }
    expect(digits(f.pi(), 30)).to.equal('3141592653589793238462643383279')
    expect(digits(f.e(), 30)).to.equal('2718281828459045235360287471352')
    expect(digits(f.log(TWO)!, 30)).to.equal('693147180559945309417232121458')
    expect(digits(f.erf(big(0.5))!, 20)).to.equal('52049987781304653768')
    expect(digits(f.sin(ONE)!, 30)).to.equal('841470984807896506652502321630')
    expect(digits(f.atan(ONE)!, 30)).to.equal('785398163397448309615660845819')
  })

  const names = ['exp', 'expm1', 'sin', 'cos', 'sinh', 'cosh', 'tanh', 'atan', 'erf'] as const
  for (const name of names) {
    it(`${name} has as many digits as it says: those of a finer computation`, () => {
      const argument = fc.tuple(
        fc.double({ min: 1, max: 10, noNaN: true }),
        fc.integer({ min: -30, max: 1 }),
        fc.boolean(),
      )
      forAll(argument, ([m, e, negative]) => {
        const x = big(m * 10 ** e * (negative ? -1 : 1))
        expect(shared(f[name](x)!, finer[name](x)!)).to.be.above(180)
      })
    })
  }

  it('inverts: exp of log, sin of asin, cos of acos, squares of roots, expm1 of log1p', () => {
    forAll(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (x) => {
      expect(shared(f.exp(f.log(big(x))!)!, big(x))).to.be.above(175)
      expect(shared(f.expm1(f.log1p(big(x))!)!, big(x))).to.be.above(175)
      expect(shared(f.mul(f.sqrt(big(x))!, f.sqrt(big(x))!), big(x))).to.be.above(185)
    })
    forAll(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (x) => {
      expect(shared(f.sin(f.asin(big(x))!)!, big(x))).to.be.above(180)
      expect(shared(f.cos(f.acos(big(x))!)!, big(x))).to.be.above(160)
    })
  })

  it('is defined exactly where the functions are', () => {
    expect([f.log(big(0)), f.log(big(-1)), f.log1p(big(-1)), f.asin(big(1.5)), f.acos(big(-2))]).to.deep.equal([null, null, null, null, null]) // prettier-ignore
    expect(f.pow(big(-8), big(1 / 3))).to.equal(null)
    expect(toNumber(f.pow(big(-8), big(3))!)).to.equal(-512)
    expect(toNumber(f.pow(big(0), big(0.5))!)).to.equal(0)
    expect(f.pow(big(0), big(-0.5))).to.equal(null)
    expect(toNumber(f.asin(big(-1))!)).to.equal(-Math.PI / 2)
    expect(toNumber(f.acos(big(-1))!)).to.equal(Math.PI)
  })

  it('gives up where the exponent itself would be out of hand', () => {
    for (const name of ['exp', 'sinh', 'cosh', 'expm1'] as const) expect(f[name](big(1e15))).to.equal(null)
    expect(f.sinh(big(-1e15))).to.equal(null)
    expect([f.exp(big(-1e15)), f.tanh(big(-1e15)), f.erf(big(1e15)), f.atan(big(1e15))].map((x) => toNumber(x!))).to.deep.equal([0, -1, 1, Math.atan(1e15)]) // prettier-ignore
  })

  it('does not overflow', () => {
    const quotient = f.div(f.exp(big(1e6))!, f.exp(big(1e6 - 1))!)!
    expect(toNumber(absolute(quotient))).to.be.closeTo(Math.E, 1e-15)
  })
})
