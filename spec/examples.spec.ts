import { expect } from 'chai'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../src/pipeline.ts'
import { examples } from './support/examples.ts'

describe('docs/examples', () => {
  for (const { name, text, expected } of examples) {
    it(`${name}: every claim gets the verdict that stands beside it`, () => {
      const program = readProgram(text)
      expect(program.errors.map(({ message }) => message)).to.deep.equal([])
      const verdicts = [...judgeClaims(program, USUAL_OPTIONS)].map(({ claim, verdict }) => ({
        line: claim.span.line,
        text: claim.text,
        verdict: verdict.verdict,
      }))
      const promised = verdicts.map((one) => ({ ...one, verdict: expected.get(one.line) ?? 'no promise' }))
      expect(verdicts).to.deep.equal(promised)
      expect(new Set(verdicts.map(({ line }) => line))).to.have.lengthOf(expected.size)
    }).timeout(60_000)

    it(`${name}: ${name.includes('misprints') ? 'holds no claim that is true' : 'holds no claim that is false'}`, () => {
      const wrong = [...expected.values()].filter((verdict) => verdict === 'refuted' || verdict === 'error')
      expect(wrong).to.have.lengthOf(name.includes('misprints') ? expected.size : 0)
      expect(expected.size).to.be.above(0)
    })
  }
})
