import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import type { Analysis } from '../../src/activation/analyse.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation } from '../../src/activation/subject.ts'

const facts = (text: string): Analysis => analyse(readActivation(text))

describe('a value at a single place', () => {
  it('between two steps is a jump of its own', () => {
    const sign = facts('sign(z)')
    expect(sign.estimates).to.deep.equal([])
    expect([sign.range.inf.lo, sign.range.sup.hi, sign.monotone, sign.symmetry]).to.deep.equal([
      -1,
      1,
      'increasing',
      'odd',
    ])
    expect(sign.smoothness).to.deep.equal({ order: -1, isLeast: false, proven: true })
    expect(sign.kinks).to.deep.equal([{ at: 0, left: 0, right: 0, jump: { left: -1, right: 1, value: 0 } }])
    expect(sign.zeros.map(({ lo, hi }) => [lo, hi])).to.deep.equal([[0, 0]])
    expect(sign.lipschitz.lo).to.equal(Infinity)
    expect(reportText(sign)).to.include('jumps from -1 to 1, and is 0 there')
  })

  it('below both sides is a minimum, and belongs to the range', () => {
    const dent = facts('sign(z)^2')
    expect([dent.range.inf.lo, dent.range.inf.hi, dent.monotone]).to.deep.equal([0, 0, 'none'])
    expect(dent.extrema.map(({ kind, at }) => [kind, at.lo])).to.deep.equal([['min', 0]])
    expect(dent.lipschitz.lo).to.equal(Infinity)
    expect(reportText(dent)).to.include('at 0: 0 there, and 1 on both sides')
    const peak = facts('z^2 + (z == 3)')
    expect(peak.extrema.map(({ kind, at }) => [kind, at.lo])).to.deep.equal([
      ['min', 0],
      ['max', 3],
    ])
  })

  it('makes it another function than the one it equals elsewhere', () => {
    expect(facts('z*(z != 2)').recognition).to.equal(null)
    expect(facts('relu(z)*(z != 2)').recognition).to.equal(null)
    expect(facts('z*(z^2 != 2)').recognition?.proved ?? false).to.equal(false)
    expect(facts('where(z > 0, z, 0)').recognition?.known.name).to.equal('relu')
  })

  it('where the domain begins or ends belongs to the range', () => {
    const stepped = facts('step(acos(z))')
    expect([stepped.range.inf.lo, stepped.range.inf.rigorous, stepped.monotone]).to.deep.equal([0, true, 'decreasing'])
    expect(stepped.smoothness).to.deep.equal({ order: -1, isLeast: false, proven: true })
    expect(stepped.lipschitz.lo).to.equal(Infinity)
    const signed = facts('sign(z) + sqrt(z)')
    expect([signed.range.inf.lo, signed.monotone, signed.estimates]).to.deep.equal([0, 'increasing', []])
    expect(signed.domain).to.deep.equal([{ from: 0, to: Infinity, closed: { left: true, right: false } }])
  })

  it('may break a symmetry where it is no double', () => {
    expect(facts('z + (z^2 == 2)*(z > 0)').estimates).to.include('symmetry')
    expect(facts('z + (z == 2)').symmetry).to.equal('none')
  })

  it('that is none at all is a hole', () => {
    const holed = facts('tanh(sqrt(sign(z)^(-2)))')
    expect(holed.holes.map(({ at }) => at.lo)).to.deep.equal([0])
    expect(holed.domain).to.have.lengthOf(2)
  })

  it('speaks against being odd at zero', () => {
    expect(facts('step(z) - 1/2').symmetry).to.equal('none')
    expect(facts('step(z) + step(-z)').symmetry).to.equal('even')
    expect(facts('sign(z)').symmetry).to.equal('odd')
  })

  it('that the neighbours have too is none', () => {
    expect(facts('sign(z)*z').kinks).to.deep.equal([{ at: 0, left: -1, right: 1, jump: null }])
  })
})
