import { expect } from 'chai'
import * as elementary from '../../src/activation/interval/elementary.ts'
import { add, contains, div, interval, isPoint, mul, point, sub } from '../../src/activation/interval/interval.ts'
import type { Interval } from '../../src/activation/interval/interval.ts'
import { Random } from '../../src/base/random.ts'
import { compare, fromNumber, negate, ONE, toNumber } from '../../src/evaluate/bigfloat.ts'
import type { BigFloat } from '../../src/evaluate/bigfloat.ts'
import { Functions } from '../../src/evaluate/bigfloat-functions.ts'

const precise = new Functions(256)
const big = (x: number): BigFloat => fromNumber(x)!

/** Whether the exact value lies between the bounds. */
function holds(bounds: Interval, exact: BigFloat): boolean {
  const above = bounds.lo === -Infinity || compare(big(bounds.lo), exact) <= 0
  return above && (bounds.hi === Infinity || compare(exact, big(bounds.hi)) <= 0)
}

const random = new Random(1, 5)
const spread = (): number => random.sign() * 10 ** random.between(-12, 3) * random.between(1, 10)

describe('interval arithmetic', () => {
  it('holds the exact result of every operation on doubles', () => {
    for (let trial = 0; trial < 4000; trial++) {
      const [a, b] = [spread(), spread()]
      const [x, y] = [big(a), big(b)]
      expect(holds(add(point(a), point(b)), precise.add(x, y)), `${a} + ${b}`).to.equal(true)
      expect(holds(sub(point(a), point(b)), precise.sub(x, y)), `${a} - ${b}`).to.equal(true)
      expect(holds(mul(point(a), point(b)), precise.mul(x, y)), `${a} * ${b}`).to.equal(true)
      expect(holds(div(point(a), point(b)), precise.div(x, y)!), `${a} / ${b}`).to.equal(true)
    }
  })

  it('does not widen what is exact', () => {
    for (const result of [
      add(point(0.5), point(0.25)),
      mul(point(3), point(0.125)),
      div(point(3), point(4)),
      sub(point(1), point(1)),
    ]) {
      expect(isPoint(result)).to.equal(true)
    }
    expect(isPoint(add(point(0.1), point(0.2)))).to.equal(false)
  })

  it('takes infinite bounds as not attained', () => {
    const right = interval(1, Infinity)
    expect(mul(point(0), right)).to.deep.equal(point(0))
    expect(div(point(1), right)).to.deep.equal(interval(0, 1))
    expect(div(point(1), interval(0, 2))).to.deep.equal(interval(0.5, Infinity))
    expect(sub(right, right)).to.deep.equal(interval(-Infinity, Infinity))
    expect(add(point(Number.MAX_VALUE), point(Number.MAX_VALUE))).to.deep.equal(interval(Number.MAX_VALUE, Infinity))
  })
})

const sigmoid = (x: BigFloat): BigFloat | null => {
  const e = precise.exp(negate(x))
  return e === null ? null : precise.div(ONE, precise.add(ONE, e))
}

/** Each function with its exact meaning and the arguments at which it is tried. */
const FUNCTIONS: Record<
  string,
  { of: (a: Interval) => Interval; exact: (x: BigFloat) => BigFloat | null; at: () => number }
> = {
  exp: { of: elementary.exp, exact: (x) => precise.exp(x), at: () => random.between(-700, 700) },
  expm1: { of: elementary.expm1, exact: (x) => precise.expm1(x), at: () => spread() / 20 },
  log: { of: elementary.log, exact: (x) => precise.log(x), at: () => Math.abs(spread()) },
  log1p: { of: elementary.log1p, exact: (x) => precise.log1p(x), at: () => Math.abs(spread()) - 0.5 },
  sqrt: { of: elementary.sqrt, exact: (x) => precise.sqrt(x), at: () => Math.abs(spread()) },
  sin: { of: elementary.sin, exact: (x) => precise.sin(x), at: spread },
  cos: { of: elementary.cos, exact: (x) => precise.cos(x), at: spread },
  sinh: { of: elementary.sinh, exact: (x) => precise.sinh(x), at: () => spread() / 100 },
  cosh: { of: elementary.cosh, exact: (x) => precise.cosh(x), at: () => spread() / 100 },
  tanh: { of: elementary.tanh, exact: (x) => precise.tanh(x), at: () => spread() / 100 },
  atan: { of: elementary.atan, exact: (x) => precise.atan(x), at: spread },
  asin: { of: elementary.asin, exact: (x) => precise.asin(x), at: () => random.between(-1, 1) },
  acos: { of: elementary.acos, exact: (x) => precise.acos(x), at: () => random.between(-1, 1) },
  erf: { of: elementary.erf, exact: (x) => precise.erf(x), at: () => random.between(-7, 7) },
  erfc: { of: elementary.erfc, exact: (x) => precise.sub(ONE, precise.erf(x)!), at: () => random.between(-7, 10) },
  sigmoid: { of: elementary.sigmoid, exact: sigmoid, at: () => random.between(-700, 700) },
  softplus: {
    of: elementary.softplus,
    exact: (x) => precise.log1p(precise.exp(x)!),
    at: () => random.between(-700, 100),
  },
}

describe('enclosures of elementary functions', () => {
  for (const [name, { of, exact, at }] of Object.entries(FUNCTIONS)) {
    it(`${name}: hold the exact value at a double, and are narrow`, () => {
      for (let trial = 0; trial < 300; trial++) {
        const x = at()
        const value = exact(big(x))
        const bounds = of(point(x))
        if (value === null) continue
        expect(holds(bounds, value), `${name}(${x}) in [${bounds.lo}, ${bounds.hi}]`).to.equal(true)
        const size = Math.abs(toNumber(value))
        if (size > 1e-290)
          expect(bounds.hi - bounds.lo, `${name}(${x})`).to.be.at.most(
            name === 'erfc' ? 1e-9 * size + 1e-15 : 1e-12 * size,
          )
      }
    })

    it(`${name}: hold the values at all points of an interval`, () => {
      for (let trial = 0; trial < 200; trial++) {
        const [a, b] = [at(), at()]
        const whole = interval(Math.min(a, b), Math.max(a, b))
        const inside = random.between(whole.lo, whole.hi)
        const bounds = of(whole)
        const value = exact(big(inside))
        if (value !== null)
          expect(holds(bounds, value), `${name} on [${whole.lo}, ${whole.hi}] at ${inside}`).to.equal(true)
      }
    })
  }

  it('powers are exact where they can be', () => {
    expect(elementary.power(interval(-2, 3), 2)).to.deep.equal(interval(0, 9))
    expect(elementary.power(interval(-2, 3), 3)).to.deep.equal(interval(-8, 27))
    expect(elementary.power(interval(2, 4), -1)).to.deep.equal(interval(0.25, 0.5))
    expect(elementary.power(point(9), 0.5)).to.deep.equal(point(3))
    expect(contains(elementary.power(interval(0, Infinity), 0.5), 1e300)).to.equal(true)
  })
})
