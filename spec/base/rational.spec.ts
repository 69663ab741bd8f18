import { expect } from 'chai'
import fc from 'fast-check'
import { BackproveError } from '../../src/base/errors.ts'
import {
  add, compare, divide, equals, isInteger, isZero, multiply, negate, parseRational, power, rational, sign, subtract,
  toNumber, toText, ZERO,
} from '../../src/base/rational.ts' // prettier-ignore
import type { Rational } from '../../src/base/rational.ts'
import { forAll } from '../support/property.ts'

const rationals: fc.Arbitrary<Rational> = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 30n }))
  .map(([n, d]) => rational(n, d))

describe('rational', () => {
  it('is in lowest terms with a positive denominator', () => {
    expect(rational(6, -4)).to.deep.equal({ n: -3n, d: 2n })
    expect(rational(0, -7)).to.deep.equal({ n: 0n, d: 1n })
    expect(rational(10n ** 40n, 10n ** 39n)).to.deep.equal({ n: 10n, d: 1n })
  })

  it('refuses a denominator of zero', () => {
    expect(() => rational(1, 0)).to.throw(BackproveError)
    expect(() => power(ZERO, -1)).to.throw(BackproveError)
    expect(() => divide(rational(1), ZERO)).to.throw(BackproveError)
  })

  it('keeps the laws of a field', () => {
    forAll(fc.tuple(rationals, rationals, rationals), ([a, b, c]) => {
      expect(add(a, b)).to.deep.equal(add(b, a))
      expect(multiply(a, add(b, c))).to.deep.equal(add(multiply(a, b), multiply(a, c)))
      expect(add(subtract(a, b), b)).to.deep.equal(a)
      expect(negate(negate(a))).to.deep.equal(a)
      if (!isZero(b)) expect(multiply(divide(a, b), b)).to.deep.equal(a)
    })
  })

  it('is ordered as its differences are', () => {
    forAll(fc.tuple(rationals, rationals), ([a, b]) => {
      expect(compare(a, b)).to.equal(sign(subtract(a, b)))
      expect(compare(a, b)).to.equal(-compare(b, a) + 0)
      expect(equals(a, b)).to.equal(compare(a, b) === 0)
    })
  })

  it('is raised to whole powers', () => {
    expect(power(rational(-2, 3), 3)).to.deep.equal(rational(-8, 27))
    expect(power(rational(-2, 3), -2)).to.deep.equal(rational(9, 4))
    expect(power(rational(5), 0)).to.deep.equal(rational(1))
  })
})

describe('toNumber', () => {
  it('is the nearest double, also of numbers whose parts overflow', () => {
    expect(toNumber(rational(1, 3))).to.equal(1 / 3)
    expect(toNumber(rational(10n ** 400n, 10n ** 399n))).to.equal(10)
    expect(toNumber(rational(10n ** 400n + 1n, 10n ** 399n))).to.equal(10)
    expect(toNumber(rational(10n ** 400n))).to.equal(Infinity)
    expect(toNumber(rational(-(10n ** 310n), 3n * 10n ** 309n))).to.equal(-10 / 3)
    // Just above the middle between 1 and the next double, and just below.
    expect(toNumber(rational(2n ** 120n + 2n ** 67n + 1n, 2n ** 120n))).to.equal(1 + 2 ** -52)
    expect(toNumber(rational(2n ** 120n + 2n ** 67n, 2n ** 120n))).to.equal(1)
    expect(toNumber(rational(2n ** 120n + 2n ** 67n - 1n, 2n ** 120n))).to.equal(1)
  })

  it('gives a decimal literal the value that JavaScript gives it', () => {
    forAll(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (x) => {
      fc.pre(Math.abs(x) > 1e-300)
      expect(toNumber(parseRational(String(x)))).to.equal(x)
    })
    for (const text of ['5e-324', '2.2250738585072014e-308', '1.7976931348623157e308']) {
      expect(toNumber(parseRational(text)), text).to.equal(Number(text))
    }
  })
})

describe('parseRational', () => {
  it('reads decimals exactly', () => {
    const cases: Record<string, Rational> = {
      '1e-5': rational(1, 100_000), '0.5': rational(1, 2), '.25': rational(1, 4), '3.': rational(3), '1.5E3': rational(1500),
      '-2.50': rational(-5, 2), '+7': rational(7), '0.7978845608': rational(997355701, 1250000000), '12e+2': rational(1200),
    } // prettier-ignore
    for (const [text, value] of Object.entries(cases)) expect(parseRational(text), text).to.deep.equal(value)
  })

  it('refuses what is no number, and what would fill memory', () => {
    for (const text of ['x', '1e', '1.2.3', '0x10', '--1', '1e5.5']) {
      expect(() => parseRational(text), text)
        .to.throw(BackproveError)
        .with.property('code', 'syntax')
    }
    for (const text of ['1e400000', '1e-400000', '9'.repeat(2001)]) {
      expect(() => parseRational(text))
        .to.throw(BackproveError)
        .with.property('code', 'too-large')
    }
  })

  it('reads back what toText writes of a whole number', () => {
    forAll(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (n) => {
      expect(parseRational(toText(rational(n)))).to.deep.equal(rational(n))
      expect(isInteger(rational(n))).to.be.true
    })
    expect(toText(rational(-1, 2))).to.equal('-1/2')
  })
})
