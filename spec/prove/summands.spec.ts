import { expect } from 'chai'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'

const verdictOf = (text: string): string | undefined =>
  [...judgeClaims(readProgram(text), USUAL_OPTIONS)][0]?.verdict.verdict
const times = (count: number, term: (at: number) => string): string[] => Array.from({ length: count }, (_, at) => term(at)) // prettier-ignore

describe('sums of thousands of terms', () => {
  it('are counted', () => {
    const sum = times(3000, () => 'x').join('+')
    expect(verdictOf(`x = input()\n${sum} == 3000*x`)).to.equal('proved')
    expect(verdictOf(`x = input()\n${sum} == 3001*x`)).to.equal('refuted')
  })

  it('are the same in any order', () => {
    const terms = times(2000, (at) => `${at + 1}*x^${at % 7}*y`)
    const sides = (left: string[], right: string[]): string =>
      `x = input()\ny = input()\n${left.join('+')} == ${right.join('+')}`
    expect(verdictOf(sides(terms, terms.toReversed()))).to.equal('proved')
    expect(verdictOf(sides(terms, terms.toReversed().slice(1)))).to.equal('refuted')
  })

  it('keep the signs of differences, opposites and parentheses, on either side', () => {
    const differences = `-(${times(2000, () => 'x').join('-')})`
    expect(verdictOf(`x = input()\n${differences} == 1998*x`)).to.equal('proved')
    const nested = `${times(100, () => 'y - (x - (').join('')}x${'))'.repeat(100)}`
    expect(verdictOf(`x = input()\ny = input(n)\n${nested} == 100*(y - x) + x`)).to.equal('proved')
    expect(verdictOf(`x = input()\ny = input(n)\n${nested} == 100*(y - x) - x`)).to.equal('refuted')
  })
})
