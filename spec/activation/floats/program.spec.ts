import { expect } from 'chai'

import { FORMATS } from '../../../src/activation/floats/format.ts'
import { Program } from '../../../src/activation/floats/program.ts'
import { readActivation } from '../../../src/activation/subject.ts'

const programOf = (expression: string): Program => {
  const subject = readActivation(expression)
  return new Program(subject.root, subject)
}

describe('a spelling as a program of floats', () => {
  it('rounds every operation to the format', () => {
    const { f32, f64 } = FORMATS
    expect(programOf('(1 + z) - 1').at(2 ** -24, f32).result).to.equal(0)
    expect(programOf('(1 + z) - 1').at(2 ** -24, f64).result).to.equal(2 ** -24)
    expect(programOf('1/10*z').at(3, f32).result).to.equal(Math.fround(Math.fround(0.1) * 3))
  })

  it('overflows where the format does', () => {
    const program = programOf('exp(z)')
    expect(program.at(Math.fround(88.73), FORMATS.f32).result).to.equal(Infinity)
    expect(program.at(Math.fround(88.72), FORMATS.f32).broken).to.equal(null)
    expect(program.at(88.73, FORMATS.f64).broken).to.equal(null)
    expect(program.at(709.79, FORMATS.f64).broken?.value).to.equal(Infinity)
  })

  it('divides by zero and takes its logarithm as IEEE arithmetic does', () => {
    expect(programOf('1/z').at(0, FORMATS.f64).result).to.equal(Infinity)
    expect(programOf('log(z)').at(0, FORMATS.f64).result).to.equal(-Infinity)
    expect(programOf('z/z').at(0, FORMATS.f64).result).to.be.NaN
  })

  // In floats the error is seen to the digits of doubles.
  for (const expression of ['(exp(z) - 1)/z', 'z/(1 + exp(-z))', 'sqrt(1 + z^2) - 1', '1 - tanh(z)^2', 'log(1 + exp(z))', 'z - sin(z)']) {
    it(`is no farther from exact arithmetic than its bound: ${expression}`, () => {
      const program = programOf(expression)
      let largest = 0
      for (let k = -300; k <= 300; k++) {
        const z = Math.fround(Math.sign(k || 1) * 10 ** (Math.abs(k) / 200 - 0.731))
        const { result, precise, bound } = program.at(z, FORMATS.f32)
        const share = Math.abs(result - precise) / bound
        expect(share, `at ${z}`).to.be.at.most(1.001)
        largest = Math.max(largest, share)
      }
      // A bound that is never half reached would put thresholds where nothing happens.
      expect(largest).to.be.above(0.5)
    })
  } // prettier-ignore

  it('has the slope by z', () => {
    expect(programOf('z^3').at(2, FORMATS.f64).slope).to.equal(12)
    expect(programOf('log(1 + exp(z))').at(0, FORMATS.f64).slope).to.be.closeTo(0.5, 1e-15)
  })
})
