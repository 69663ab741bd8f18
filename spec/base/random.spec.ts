import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'

const words = (random: Random): number[] => Array.from({ length: 8 }, () => random.word())

describe('Random', () => {
  it('gives the same numbers for the same seed and path', () => {
    expect(words(new Random(7, 1))).to.deep.equal(words(new Random(7, 1)))
  })

  it('gives other numbers for another seed or path', () => {
    const streams = [new Random(7), new Random(8), new Random(7, 0), new Random(7, 1), new Random(7 + 2 ** 32)].map(
      words,
    )
    expect(new Set(streams.map(String)).size).to.equal(streams.length)
  })

  it('is even: means and correlations of many numbers are near those of the uniform distribution', () => {
    const random = new Random(3)
    const xs = Array.from({ length: 100_000 }, () => random.unit())
    const mean = xs.reduce((a, b) => a + b, 0) / xs.length
    const lagged = xs.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * (xs[i]! - 0.5), 0) / xs.length
    expect(mean).to.be.closeTo(0.5, 0.005)
    expect(lagged).to.be.closeTo(0, 0.001)
    expect(xs.every((x) => x >= 0 && x < 1)).to.be.true
  })

  it('shuffles to a permutation', () => {
    const items = [...Array(20).keys()]
    expect(new Random(5).shuffled(items).sort((a, b) => a - b)).to.deep.equal(items)
  })

  it('keeps whole numbers below their limit and reaches all of them', () => {
    const random = new Random(9)
    const seen = new Set(Array.from({ length: 200 }, () => random.below(6)))
    expect([...seen].sort()).to.deep.equal([0, 1, 2, 3, 4, 5])
  })
})
