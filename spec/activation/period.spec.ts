import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import type { Analysis } from '../../src/activation/analyse.ts'
import { periodLength } from '../../src/activation/period.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation } from '../../src/activation/subject.ts'
import { unrolled } from '../../src/activation/unrolled.ts'

const of = (text: string): Analysis => analyse(readActivation(text))

describe('functions that repeat', () => {
  const lengths: readonly [string, number][] = [
    ['sin(z)', 2],
    ['sin(z)^2', 1],
    ['abs(sin(z))', 1],
    ['relu(sin(z))', 2],
    ['tan(z)', 1],
    ['sin(z)*cos(z)', 1],
    ['sin(z)^2 + cos(3*z)', 2],
    ['sin(4*z) + sin(6*z)', 1],
    ['z + sin(z)^2', 1],
    ['2*z + abs(sin(z))', 1],
    ['exp(cos(z/2))', 4],
    ['where(sin(z) > 0, cos(2*z), 1)', 2],
  ]
  for (const [text, halves] of lengths) {
    it(`${text} every ${halves}π`, () => {
      expect(periodLength(of(text).period!)).to.be.closeTo(halves * Math.PI, 1e-12)
    })
  }

  it('are not those that only contain waves', () => {
    for (const text of ['z*sin(z)', 'sin(z^2)', 'sin(z) + sin(sqrt(2)*z)', 'max(z, sin(z))', 'sin(z) + exp(z)']) {
      expect(of(text).period, text).to.equal(null)
    }
  })

  it('have their kinks, zeros and poles said once, with the turn', () => {
    const bump = of('abs(sin(z))')
    expect(bump.kinks).to.deep.equal([{ at: 0, left: -1, right: 1, jump: null }])
    expect(bump.listed).to.deep.equal({ zeros: true, extrema: true, slopeExtrema: true })
    expect(bump.estimates).to.deep.equal([])
    expect(reportText(bump)).to.include('kink        at 0 + k*π').and.to.include('zeros       0 (+ k*π)')
    expect(reportText(of('tan(z)')))
      .to.include('all z but π/2 + k*π')
      .and.to.include('pole        at π/2 + k*π: inf on the left, -inf on the right')
    expect(reportText(of('relu(sin(z))'))).to.include('all of [π, 2π] (+ k*2π)')
  })

  it('have the range and the slopes of one period', () => {
    const { slope, monotone, range } = of('tan(z)')
    expect(slope.inf).to.deep.equal({ lo: 1, hi: 1, rigorous: true })
    expect(slope.sup.lo).to.equal(Infinity)
    expect(range.inf.lo).to.equal(-Infinity)
    // It starts anew after each pole.
    expect(monotone).to.equal('none')
  })

  it('may rise forever: the slope of snake touches zero, and goes no lower', () => {
    const snake = of('z + sin(z)^2')
    expect(snake.monotone).to.equal('increasing')
    expect(snake.slope.inf.lo).to.equal(0)
    expect(snake.estimates).to.deep.equal([])
    expect(snake.zeros).to.have.lengthOf(1)
    expect(snake.listed.zeros).to.equal(true)
  })

  it('go on beyond the period that was looked at', () => {
    for (const [text, g] of [
      ['abs(sin(z))', (z: number) => Math.abs(Math.sin(z))],
      ['2*z + relu(sin(z))', (z: number) => 2 * z + Math.max(0, Math.sin(z))],
    ] as const) {
      const stretches = unrolled(of(text).pieces, -20, 20)
      for (let z = -19.9; z < 20; z += 0.37) {
        const stretch = stretches.find(({ from, to }) => from <= z && z <= to)!
        expect(stretch.at(z, 0)[0], `${text} at ${z}`).to.be.closeTo(g(z), 1e-12)
      }
    }
  })
})

describe('branches without end and without a period', () => {
  it('bound the range from one side', () => {
    const wave = of('z*abs(sin(z))')
    expect(wave.range.sup).to.deep.include({ hi: Infinity, rigorous: true })
    expect(wave.range.sup.lo).to.be.above(14)
    expect(wave.smoothness).to.deep.equal({ order: 0, isLeast: false, proven: true })
    expect(wave.estimates).to.include.members(['domain', 'kinks', 'limits'])
    expect(reportText(wave)).to.include('there may be others')
  })
})
