import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import type { Analysis } from '../../src/activation/analyse.ts'
import { readActivation } from '../../src/activation/subject.ts'

const facts = (text: string): Analysis => analyse(readActivation(text))
const zeros = ({ zeros: all }: Analysis): number[] => all.map(({ lo, hi }) => lo / 2 + hi / 2)

describe('powers whose exponent is no double', () => {
  it('are defined where their base is zero', () => {
    const power = facts('abs(z)^1.3')
    expect([power.domain, power.holes, power.estimates]).to.deep.equal([null, [], []])
    expect(power.atZero).to.deep.equal({ value: 0, slope: 0 })
    expect(zeros(power)).to.deep.equal([0])
    expect(power.extrema.map(({ kind, at, value }) => [kind, at.lo, value.hi])).to.deep.equal([['min', 0, 0]])
    expect(power.smoothness).to.deep.equal({ order: 1, isLeast: false, proven: true })
  })

  it('have the kinks of roots', () => {
    const root = facts('sign(z)*abs(z)^(1/3)')
    expect(root.domain).to.equal(null)
    expect(root.monotone).to.equal('increasing')
    expect(root.estimates).to.deep.equal([])
    expect(root.kinks.map(({ at, left, right }) => [at, left, right])).to.deep.equal([[0, Infinity, Infinity]])
  })

  it('begin where their base is zero', () => {
    const { domain, zeros: all, range } = facts('z^0.3')
    expect(domain).to.deep.equal([{ from: 0, to: Infinity, closed: { left: true, right: false } }])
    expect([all.length, all[0]!.lo, all[0]!.hi, range.inf.lo]).to.deep.equal([1, 0, 0, 0])
    const inner = facts('(z^2 - 2)^0.3')
    expect(inner.domain!.map(({ closed }) => closed)).to.deep.equal([
      { left: false, right: true },
      { left: true, right: false },
    ])
    expect(zeros(inner).map((z) => z.toFixed(12))).to.deep.equal(['-1.414213562373', '1.414213562373'])
  })

  it('are not taken for exponentials that only equal them where a logarithm is defined', () => {
    const { domain, zeros: all } = facts('exp(1.3*log(z))')
    expect(domain).to.deep.equal([{ from: 0, to: Infinity, closed: { left: false, right: false } }])
    expect(all).to.deep.equal([])
  })

  it('of negative exponents have poles', () => {
    const { domain, ends } = facts('z^(-0.3)')
    expect(domain).to.deep.equal([{ from: 0, to: Infinity, closed: { left: false, right: false } }])
    expect(ends.left).to.deep.equal({ at: 0, limit: Infinity })
  })
})

describe('a quotient of opposites', () => {
  it('is -1', () => {
    const { range, monotone, estimates } = facts('z/abs(z)')
    expect([range.inf.lo, range.inf.hi, range.sup.lo, range.sup.hi]).to.deep.equal([-1, -1, 1, 1])
    expect([monotone, estimates]).to.deep.equal(['increasing', []])
  })
})
