import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import type { Analysis } from '../../src/activation/analyse.ts'
import { toJson } from '../../src/activation/json.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation } from '../../src/activation/subject.ts'

const of = (text: string, settings: readonly [string, string][] = []): Analysis =>
  analyse(readActivation(text, new Map(settings)))

describe('recognise', () => {
  for (const text of ['sigmoid(1000*z)', 'sigmoid(1e9*z)', 'tanh(1e6*(z - 1))/2 + 1/2', 'z + 1e-15*sin(1e6*z)*z^2']) {
    it(`says of ${text} no name that only far from its turns fits`, () => {
      expect(of(text).recognition).to.equal(null)
    })
  }

  it('says "looks like" where numbers agree on all scales and no proof is found', () => {
    const analysis = analyse(readActivation('z*sigmoid(z)'), { prove: () => false })
    expect(reportText(analysis)).to.include('it looks like')
    expect(analysis.estimates).to.include('name')
  })

  it('proves a name at the values of parameters, and says so', () => {
    const line = of('W*z')
    expect(reportText(line)).to.include('W*z: at W = 1 this is identity, proved')
    expect(line.estimates).to.deep.equal([])
    expect(toJson(line).name).to.equal(null)
    expect(of('W*z', [['W', '2']]).recognition).to.equal(null)
  })
})
