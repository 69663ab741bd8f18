import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import { toJson } from '../../src/activation/json.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation } from '../../src/activation/subject.ts'

describe('symmetry', () => {
  const known: readonly [string, 'odd' | 'even' | 'none'][] = [
    ['1e-30*z', 'odd'],
    ['1e-30*z^2', 'even'],
    ['z*step(z - 100)', 'none'],
    ['exp(-(100*(z - 1))^2)', 'none'],
    ['exp(-(100*(z - 900))^2)', 'none'],
    ['1e-12 + z', 'none'],
    ['z + 1e-9*z^2', 'none'],
    ['z*sigmoid(1e-6*z)', 'none'],
    ['sigmoid(1000*z) - 1/2', 'odd'],
    ['beta*z + beta - 1', 'odd'],
  ]
  for (const [text, symmetry] of known) {
    it(`of ${text} is proved: ${symmetry}`, () => {
      const analysis = analyse(readActivation(text))
      expect(analysis.symmetry).to.equal(symmetry)
      expect(analysis.estimates).not.to.include('symmetry')
    })
  }

  it('that is not proved is not stated', () => {
    const analysis = analyse(readActivation('cos(z)'), { prove: () => false })
    expect(toJson(analysis).symmetry).to.equal('none')
    expect(analysis.estimates).to.include('symmetry')
    expect(reportText(analysis)).to.include('odd or even unknown').and.not.to.include('neither')
  })
})
