import { expect } from 'chai'
import { holdMutants } from './hold.ts'

describe('selftest', () => {
  it('finds no false verdict in a sample of the slips in true claims', () => {
    const quiet = (): void => undefined
    const { counts, faults } = holdMutants({ only: '', every: 97, from: 13, tell: quiet, progress: quiet })
    expect(faults).to.deep.equal([])
    expect(counts.get('different: refuted')).to.be.above(100)
    expect(counts.get('equal: proved')).to.be.above(10)
  }).timeout(120_000)
})
