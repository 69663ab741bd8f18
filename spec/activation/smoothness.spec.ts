import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import type { Analysis } from '../../src/activation/analyse.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation } from '../../src/activation/subject.ts'

const of = (text: string): Analysis => analyse(readActivation(text))

describe('smoothness', () => {
  const exact: readonly [string, number | 'analytic'][] = [
    ['relu(z)^6', 5],
    ['relu(z)^33', 32],
    ['abs(z)', 0],
    ['abs(z)^3', 2],
    ['z*abs(z)', 1],
    ['sqrt(z^2)', 0],
    ['sqrt(abs(z))', 0],
    ['abs(z)^2', 'analytic'],
    ['relu(z) - relu(-z)', 'analytic'],
    ['where(z > 0, sin(z), z)', 2],
    ['where(z > 0, z, exp(z) - 1)', 1],
    ['where(z > 0, 1, 0)', -1],
    ['max(0, z - 0.1)^2', 1],
    ['max(0, min(1, z/6 + 1/2))', 0],
    ['where(z > 0, sin(z)/z, 1)', 1],
    ['abs(sin(z))', 0],
    ['abs(sin(z))^3', 2],
  ]
  for (const [text, order] of exact) {
    it(`of ${text} is ${order}, proven`, () => {
      expect(of(text).smoothness).to.deep.equal({ order, isLeast: false, proven: true })
    })
  }

  it('is at least what was looked at, where more was not', () => {
    const high = of('relu(z)^80')
    expect(high.smoothness).to.deep.equal({ order: 64, isLeast: true, proven: true })
    expect(reportText(high).replaceAll(/\s+/g, ' ')).to.include('at least 64').and.not.to.include('analytic')
    // All derivatives vanish at zero, but there is no power series.
    const flat = of('where(z > 0, exp(-1/z), 0)').smoothness
    expect(flat.isLeast).to.equal(true)
    expect(flat.order).to.be.at.least(2)
  })

  it('is an estimate where values at a single place were not analysed', () => {
    expect(of('sign(z^2 - 2)^2').smoothness.proven).to.equal(false)
    expect(of('where(z^2 == 2, 1, z^2)').smoothness.proven).to.equal(false)
  })
})
