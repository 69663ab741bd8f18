import { expect } from 'chai'
import { holdLookalikes, holdMutants } from './hold.ts'

const quiet = (): void => undefined

describe('selftest', () => {
  it('finds no false verdict in a sample of the slips in true claims', () => {
    const { counts, faults } = holdMutants({ only: '', every: 97, from: 13, tell: quiet, progress: quiet })
    expect(faults).to.deep.equal([])
    expect(counts.get('different: refuted')).to.be.above(100)
    expect(counts.get('equal: proved')).to.be.above(10)
  }).timeout(120_000)

  it('finds no false verdict on random claims whose sides are alike at special points', () => {
    const options = { seed: 1, expressions: 400, claims: 120 }
    const { counts, faults } = holdLookalikes({ ...options, tell: quiet, progress: quiet })
    expect(faults).to.deep.equal([])
    expect(counts.get('different: refuted')).to.be.above(100)
    expect(counts.get('equal: proved')).to.be.above(10)
  }).timeout(120_000)
})
