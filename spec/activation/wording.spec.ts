import { expect } from 'chai'
import { analyse } from '../../src/activation/analyse.ts'
import { toJson } from '../../src/activation/json.ts'
import { reportText } from '../../src/activation/report.ts'
import { readActivation, readFromSheet } from '../../src/activation/subject.ts'
import { BackproveError } from '../../src/base/errors.ts'

const report = (text: string): string => reportText(analyse(readActivation(text)))

function refusal(read: () => unknown): BackproveError {
  try {
    read()
  } catch (error) {
    if (error instanceof BackproveError) return error
  }
  return expect.fail('it was not refused')
}

describe('the report on smoothness', () => {
  const known: readonly [string, string][] = [
    ['sign(z)*sqrt(abs(z))', 'odd, continuous, not differentiable at 0'],
    ['sqrt(abs(sin(z)))', 'continuous, not differentiable at 0 + k*π'],
    ['relu(z)', 'continuous, with a kink'],
    ['abs(abs(z) - 1)', 'continuous, with kinks'],
    ['abs(sin(z))', 'continuous, with kinks'],
    ['relu(z)^2', 'continuously differentiable 1 time'],
    ['sqrt(z)', 'analytic inside its domain'],
    ['asin(z)', 'analytic inside its domain'],
    ['log(z)', 'neither odd nor even, analytic'],
  ]
  for (const [text, words] of known) {
    it(`of ${text}`, () => {
      expect(report(text)).to.match(
        new RegExp(`shape .*${words.replaceAll('+', '\\+').replaceAll('*', '\\*').replaceAll(' ', '\\s+')}$`, 'm'),
      )
    })
  }
})

describe('the report on limits', () => {
  it('names those at finite ends of the domain', () => {
    expect(report('z^z')).to.include('limits      left 1 at z = 0, right inf')
    expect(report('log(z)')).to.include('limits      left -inf at z = 0, right inf')
    expect(report('sqrt(1 - z^2)')).to.include('limits      left 0 at z = -1, right 0 at z = 1')
  })

  it('has them as data', () => {
    const { ends, limits } = toJson(analyse(readActivation('z^z')))
    expect(ends).to.deep.equal({ left: { at: 0, limit: 1 }, right: null })
    expect(limits).to.deep.equal({ left: 'NaN', right: 'Infinity' })
  })
})

describe('a function of whole arrays', () => {
  for (const text of ['softmax(z)', 'z*sum(z)', 'mean(z^2)', 'max(z)', 'np.sum(z)', 'norm(z)', 'dot(z, z)']) {
    it(`is refused: ${text}`, () => {
      const error = refusal(() => readActivation(text))
      expect(error.code).to.equal('unsupported')
      expect(error.message).to.match(/^`[a-z]+` is of a whole array, not of one number$/)
    })
  }

  it('is refused in the function of a sheet', () => {
    const { code, message } = refusal(() => readFromSheet('g(x) = softmax(x)', 'g'))
    expect([code, message]).to.deep.equal(['unsupported', '`softmax` is of a whole array, not of one number'])
  })

  it('may be one of numbers with two of them', () => {
    expect(report('max(z, 0)')).to.include('this is ReLU')
  })
})

describe('numbers beyond doubles', () => {
  it('are refused', () => {
    expect(refusal(() => readActivation('1e400*z')).message).to.include('1e400 is too large for a double')
    expect(refusal(() => readActivation('z + 1e400 - 1e400')).message).to.include('too large')
    expect(refusal(() => readActivation('1e-400*z')).message).to.include('1e-400 is too small for a double')
    expect(refusal(() => readActivation('W*z', new Map([['W', '1e999']]))).message).to.include('too large')
    expect(report('1e300*z')).to.include('slope       inf 1e+300')
  })

  it('are not said to be infinite where they come about', () => {
    expect(report('1e200*(1e200*z)')).to.match(/slope +inf between 1e\+299 and inf/)
  })
})

describe('what floats do to a spelling', () => {
  const floats = (text: string): string => {
    const lines = report(text)
    return lines.slice(lines.indexOf('  floats')).replaceAll(/\s+/g, ' ')
  }

  it('is told in one line where it harms nothing', () => {
    expect(floats('tanh')).to.include("tanh(z) (nothing that matters) - harmless: g': digits of small slopes")
    expect(floats('z + tanh(1e4*(z - 3))')).to.include('- harmless: 10000*(z - 3) overflows ')
    const elu = floats('elu')
    expect(elu).to.include('- harmless: exp(z) overflows (f32: z > 88.72; f64: z > 709.8)')
    expect(elu).not.to.include('survives')
  })

  it('is told with its places where it harms', () => {
    expect(floats('log(1 + exp(z))')).to.include('and the result is infinite (f32: z > 88.72; f64: z > 709.8)')
    expect(floats('selu')).to.match(/1\.050700….*\(use selu\(z\)\) - more than half/)
  })
})
