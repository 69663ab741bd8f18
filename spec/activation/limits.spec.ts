import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import type { Analysis } from '../../src/activation/analyse.ts'
import type { Enclosure } from '../../src/activation/range.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation } from '../../src/activation/subject.ts'

const of = (text: string): Analysis => analyse(readActivation(text))

function encloses({ lo, hi, rigorous }: Enclosure, exact: number): void {
  expect(rigorous).to.equal(true)
  if (Number.isFinite(exact)) {
    expect(lo).to.be.at.most(exact + 1e-15)
    expect(hi).to.be.at.least(exact - 1e-15)
    expect(hi - lo).to.be.below(1e-9)
  } else expect([lo, hi]).to.deep.equal([exact, exact])
}

describe('limits', () => {
  const known: readonly [string, number, number][] = [
    ['log(z + sqrt(z^2 + 1))', -Infinity, Infinity],
    ['log(log(z))', NaN, Infinity],
    ['log(1 + z^2)', Infinity, Infinity],
    ['log(z)/z', NaN, 0],
    ['sqrt(z^4 + 1) - z^2', 0, 0],
    ['z^z', NaN, Infinity],
    ['exp(exp(exp(z)))', Math.E, Infinity],
    ['sin(z)/z', 0, 0],
    ['sin(z)', NaN, NaN],
    ['z + sin(z)', -Infinity, Infinity],
  ]
  for (const [text, left, right] of known) {
    it(`of ${text}`, () => {
      const { limits } = of(text)
      expect(limits.known).to.equal(true)
      expect(limits.left).to.satisfy((x: number) => Object.is(x, left) || Math.abs(x - left) < 1e-12)
      expect(limits.right).to.satisfy((x: number) => Object.is(x, right) || Math.abs(x - right) < 1e-12)
    })
  }

  it('that were not found are not said to be none', () => {
    const wild = of('z*sin(z)')
    expect(wild.limits.known).to.equal(false)
    expect(reportText(wild)).to.include('left unknown, right unknown')
    expect(reportText(of('sin(z)'))).to.include('left none, right none')
  })
})

describe('removable singularities', () => {
  // Limit at the place, infimum, supremum, Lipschitz constant.
  const known: readonly [string, number, number, number, number, number][] = [
    ['sin(z)/z', 0, 1, -0.21723362821122164, 1, 0.43618181727145874],
    ['(exp(z) - 1)/z', 0, 1, 0, Infinity, Infinity],
    ['z/tanh(z)', 0, 1, 1, Infinity, 1],
    ['(1 - cos(z))/z^2', 0, 0.5, 0, 0.5, 0.1350414595623359],
    ['log(1 + z)/z', 0, 1, 0, Infinity, Infinity],
    ['log(z)/(z - 1)', 1, 1, 0, Infinity, Infinity],
    ['sin(abs(z))/abs(z)', 0, 1, -0.21723362821122164, 1, 0.43618181727145874],
  ]
  for (const [text, place, limit, inf, sup, lipschitz] of known) {
    it(`of ${text}: the limit, and the range as if it were filled`, () => {
      const analysis = of(text)
      const [hole, more] = analysis.holes
      expect(more).to.equal(undefined)
      expect([hole!.at.lo, hole!.at.hi]).to.deep.equal([place, place])
      expect(hole!.left!.lo).to.be.closeTo(limit, 1e-14)
      expect(hole!.right!.hi).to.be.closeTo(limit, 1e-14)
      encloses(analysis.range.inf, inf)
      encloses(analysis.range.sup, sup)
      encloses(analysis.lipschitz, lipschitz)
      expect(analysis.domain!.some(({ from }) => from === place)).to.equal(true)
      expect(reportText(analysis)).to.include(`removable   at ${place}: not defined, the limit is ${limit}`)
    })
  }

  it('are no extrema and no zeros of the function, which is not defined there', () => {
    expect(of('sin(z)/z').extrema.every(({ at }) => at.lo !== 0)).to.equal(true)
    expect(of('(1 - cos(z))/z').zeros.every(({ lo, hi }) => lo > 0 || hi < 0)).to.equal(true)
  })

  it('are told from poles, jumps and wild places', () => {
    const [pole, jump, wild] = ['1/z', 'relu(z)/z', 'sin(1/z)'].map(of) as [Analysis, Analysis, Analysis]
    expect(reportText(pole)).to.include('pole        at 0: -inf on the left, inf on the right')
    expect(reportText(jump)).to.include('at 0: not defined, 0 on the left, 1 on the right')
    expect(jump.monotone).to.equal('increasing')
    expect(jump.lipschitz.hi).to.equal(Infinity)
    expect(jump.recognition).to.equal(null)
    expect(reportText(wild)).to.include('unknown on the left')
  })
})

describe('facts at ends of the domain', () => {
  it('come from the limit there', () => {
    const log = of('log(1 + z)/z')
    expect(log.monotone).to.equal('decreasing')
    expect(log.estimates).to.deep.equal([])
    const root = of('sqrt(z)')
    expect(root.domain).to.deep.equal([{ from: 0, to: Infinity, closed: { left: true, right: false } }])
    expect(root.lipschitz.lo).to.equal(Infinity)
    expect(of('log(z)').domain![0]!.closed.left).to.equal(false)
    expect(of('log(z)').atZero).to.deep.equal({ value: NaN, slope: NaN })
  })

  it('of poles have no averages', () => {
    expect(of('1/z').moments!.mean).to.deep.equal({ lo: NaN, hi: NaN, rigorous: true })
  })
})

describe('the domain', () => {
  it('has the gap between two closed ends', () => {
    const closed = { left: false, right: false }
    expect(of('asin(1/z)').domain).to.deep.equal([
      { from: -Infinity, to: -1, closed: { ...closed, right: true } },
      { from: 1, to: Infinity, closed: { ...closed, left: true } },
    ])
    expect(reportText(of('sqrt(1 - 1/z^2)'))).to.include('domain      -inf < z <= -1; 1 <= z < inf')
  })
})
