import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import type { Analysis } from '../../src/activation/analyse.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation } from '../../src/activation/subject.ts'

const of = (text: string): Analysis => analyse(readActivation(text))

describe('zeros', () => {
  const known: readonly [string, readonly number[]][] = [
    ['sigmoid(1000*z)', []],
    ['exp(-(100*(z - 1))^2)', []],
    ['exp(-z^2) + exp(-(z - 40)^2) + z^2*exp(-z^4)', []],
    ['softplus(-300*z)*cosh(z)', []],
    ['-softplus(50*z) - (z - 1)^2', []],
    ['z*sigmoid(100*z)', [0]],
    ['(z - 2)*exp(-(30*z)^2)', [2]],
    ['tanh(1000*(z - 1))*exp(-1000*z)', [1]],
  ]
  for (const [text, zeros] of known) {
    it(`of ${text}: ${zeros.length === 0 ? 'none' : zeros.join(', ')}`, () => {
      const analysis = of(text)
      expect(analysis.zeros.map(({ lo, hi, rigorous }) => [lo, hi, rigorous])).to.deep.equal(
        zeros.map((z) => [z, z, true]),
      )
      expect(analysis.listed.zeros).to.equal(true)
      expect(analysis.unknownZeros).to.deep.equal([])
    })
  }

  it('are unknown where bounds underflow, and not made up', () => {
    const bumps = of('exp(-1e6*(z - 1)^2) - exp(-1e6*(z - 2)^2)')
    expect(bumps.listed.zeros).to.equal(false)
    // One is between the bumps, at 1.5.
    expect(bumps.zeros.map(({ lo, hi }) => lo <= 1.5 && 1.5 <= hi)).to.deep.equal([true])
    expect(reportText(bumps)).to.match(/unknown for z < 0\.9\d*, .*z >\s+2\.0\d*/s)
  })

  it('that only touch are not stated as facts', () => {
    expect(reportText(of('sin(z) - 1'))).to.match(/zeros +perhaps 1\.57\d* ± .* \(not proven\)/)
  })

  it('that are not known are not passed over', () => {
    expect(reportText(of('sin(1/z)'))).to.match(/zeros .*unknown for/s)
  })

  it('of a slope that underflows do not hide an extremum', () => {
    expect(of('exp(-(100*(z - 1))^2)').extrema.map(({ at, kind }) => [at.lo, at.hi, kind])).to.deep.equal([
      [1, 1, 'max'],
    ])
  })
})

describe('bounds', () => {
  it('of a bounded operation hold where its argument does not', () => {
    const { range } = of('sin(1/z)')
    expect([range.inf.lo, range.sup.hi]).to.deep.equal([-1, 1])
    expect(range.inf.hi).to.be.below(-0.999)
    expect(range.sup.lo).to.be.above(0.999)
  })

  it('that overflow are no infinity', () => {
    const bump = of('exp(800 - z^2)')
    expect(Number.isFinite(bump.range.sup.lo)).to.equal(true)
    expect(reportText(bump)).to.include('max beyond doubles at 0')
  })
})
