import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import { KNOWN } from '../../src/activation/known.ts'
import { piecesOf } from '../../src/activation/pieces.ts'
import { INTERVALS } from '../../src/activation/smooth/field.ts'
import { isolate } from '../../src/activation/smooth/isolate.ts'
import { evaluateTape } from '../../src/activation/smooth/jet.ts'
import { atInfinity, tailOf } from '../../src/activation/smooth/tail-sign.ts'
import { point, sub, mul } from '../../src/activation/interval/interval.ts'
import { power } from '../../src/activation/interval/elementary.ts'
import { readActivation } from '../../src/activation/subject.ts'

const MORE = [
  'z*tanh(exp(z))',
  'exp(-exp(-z))',
  'z*log(1 + sigmoid(z))',
  'z*erf(softplus(z))',
  'z^2/(1 + z^2)',
  'atan(z)*z',
  'sqrt(1 + z^4)',
  'z*exp(-abs(z))',
]

describe('behaviour beyond a bound', () => {
  for (const text of [...KNOWN.map(({ name }) => name), ...MORE]) {
    it(`holds the values and the signs of ${text} and of its derivatives`, () => {
      const subject = readActivation(text)
      const values = new Map(subject.parameters.map(({ node, value }) => [node, value]))
      const { pieces } = piecesOf(subject.root, subject.z, values)
      for (const side of [-1, 1] as const) {
        const piece = side < 0 ? pieces[0]! : pieces.at(-1)!
        const { field, jet } = tailOf(piece.lean, atInfinity(side), { isExponential: false, start: 8 }, 3)
        jet.forEach((germ, k) => {
          if (germ === null) return
          const range = field.range(germ)
          const sign = field.sign(germ)
          for (const z of [8, 8.5, 11, 17.3, 30, 100, 500]) {
            const value = evaluateTape(INTERVALS, piece.lean, point(side * z), k)[k]!
            expect(value.lo <= range.hi && value.hi >= range.lo, `order ${k} at ${side * z}`).to.equal(true)
            if (sign === 1) expect(value.hi, `order ${k} at ${side * z}`).to.be.at.least(0)
            if (sign === -1) expect(value.lo, `order ${k} at ${side * z}`).to.be.at.most(0)
            if (sign === 0) expect(value.lo <= 0 && value.hi >= 0).to.equal(true)
          }
        })
      }
    })
  }
})

describe('isolate', () => {
  it('finds all zeros of a polynomial, and tells simple ones from a double one', () => {
    // (x - 1)(x + 2)(x - 3)
    const cubic = isolate((x) => {
      const value = mul(mul(sub(x, point(1)), sub(x, point(-2))), sub(x, point(3)))
      const slope = sub(sub(mul(point(3), power(x, 2)), mul(point(4), x)), point(5))
      return [value, slope]
    }, { lo: -10, hi: 10 }) // prettier-ignore
    expect(cubic.zeros.map(({ at, simple, crossing }) => [at.lo, at.hi, simple, crossing])).to.deep.equal([
      [-2, -2, true, 1], [1, 1, true, -1], [3, 3, true, 1],
    ]) // prettier-ignore
    const double = isolate((x) => [power(x, 2), mul(point(2), x)], { lo: -1, hi: 3 })
    expect(double.zeros).to.have.length(1)
    expect(double.zeros[0]!.crossing).to.equal(0)
    expect(double.complete).to.equal(true)
  })

  it('tells where a function is zero throughout', () => {
    const { flat, zeros } = isolate(() => [point(0), point(0)], { lo: -1, hi: 1 })
    expect(flat).to.deep.equal([{ lo: -1, hi: 1 }])
    expect(zeros).to.deep.equal([])
  })
})

describe('a family of activations', () => {
  it('keeps its facts at other parameters', () => {
    for (const beta of ['0.1', '0.7', '1.702', '10']) {
      const { range, limits, extrema } = analyse(readActivation('swish', new Map([['beta', beta]])))
      const exact = -0.2784645427610738 / Number(beta)
      expect(range.inf.lo).to.be.at.most(exact * (1 - 1e-12))
      expect(range.inf.hi).to.be.at.least(exact * (1 + 1e-12))
      expect(range.inf.hi - range.inf.lo).to.be.below(1e-6 * Math.abs(exact))
      expect(limits).to.deep.equal({ left: 0, right: Infinity, known: true })
      expect(extrema).to.have.length(1)
    }
  })
})
