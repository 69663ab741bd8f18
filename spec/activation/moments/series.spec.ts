import { expect } from 'chai'
import { interval, point } from '../../../src/activation/interval/interval.ts'
import { coefficient, densitySeries, differentiated, seriesOf } from '../../../src/activation/moments/series.ts'
import { piecesOf } from '../../../src/activation/pieces.ts'
import { INTERVALS } from '../../../src/activation/smooth/field.ts'
import { evaluateTape } from '../../../src/activation/smooth/jet.ts'
import type { Tape } from '../../../src/activation/smooth/tape.ts'
import { readActivation } from '../../../src/activation/subject.ts'
import { Random } from '../../../src/base/random.ts'

const FUNCTIONS = [
  'exp(z) + expm1(z)', 'log(2 + z^2)', 'sin(z)*cos(2*z)', 'sinh(z)/cosh(3*z)', 'tanh(3*z)', 'sigmoid(z)^3', 'softplus(2*z)',
  'atan(z)', 'asin(z/9)', 'acos(z/9)', 'erf(z)', '1 - erf(z)', 'sqrt(1 + z^2)', '(1 + z^2)^(-1.7)', '1/(3 + z^3/99)^2', 'z^7 - z',
] as const // prettier-ignore

function tapeOf(text: string): Tape {
  const { root, z } = readActivation(text)
  return piecesOf(root, z, new Map()).pieces.at(-1)!.lean
}

describe('seriesOf', () => {
  const random = new Random(11)
  const places = Array.from({ length: 12 }, () => random.between(-3, 3))

  it('agrees with the derivatives by the chain rule, and on an interval holds those of its points', () => {
    for (const text of FUNCTIONS) {
      const tape = tapeOf(text)
      for (const z of places) {
        const here = seriesOf(tape, point(z), 10)
        const around = seriesOf(tape, interval(z - 0.01, z + 0.02), 10)
        let factorial = 1
        evaluateTape(INTERVALS, tape, point(z), 4).forEach(({ lo, hi }, k) => {
          factorial *= Math.max(1, k)
          const { lo: low, hi: high } = coefficient(here, k)
          expect(low, `${text} at ${z}, order ${k}`).to.be.at.most(hi / factorial + Math.abs(hi) * 1e-15)
          expect(high, `${text} at ${z}, order ${k}`).to.be.at.least(lo / factorial - Math.abs(lo) * 1e-15)
          expect(high - low).to.be.at.most(1e-10 * (1 + Math.abs(low)))
        })
        for (let k = 0; k < 10; k++) {
          expect(around.lo[k], `${text} near ${z}, order ${k}`).to.be.at.most(here.hi[k]!)
          expect(around.hi[k], `${text} near ${z}, order ${k}`).to.be.at.least(here.lo[k]!)
        }
      }
    }
  })

  it('has the derivative one coefficient later, and the density of the normal distribution', () => {
    const bell = tapeOf('exp(-z^2/2)')
    for (const z of places) {
      const density = densitySeries(point(z), 10)
      const slope = differentiated(seriesOf(bell, point(z), 10))
      for (let k = 0; k < 9; k++) {
        const scaled = slope.lo[k]! / Math.sqrt(2 * Math.PI) / (k + 1)
        expect(density.lo[k + 1]).to.be.closeTo(scaled, 1e-13)
      }
    }
  })

  it('leaves unbounded what does not exist', () => {
    const root = seriesOf(tapeOf('where(z > 0, z^1.5, 0)'), interval(0, 0.1), 4)
    expect(root.hi[1]).to.be.closeTo(1.5 * Math.sqrt(0.1), 1e-12)
    expect(root.hi[2]).to.equal(Infinity)
  })
})
