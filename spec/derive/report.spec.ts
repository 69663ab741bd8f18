import { expect } from 'chai'
import katex from 'katex'
import { derive } from '../../src/derive/derive.ts'
import { gradientsTex, gradientsText, stepsTex } from '../../src/derive/report.ts'
import { derivationSteps } from '../../src/derive/steps.ts'
import { readProgram } from '../../src/pipeline.ts'
import { examples } from '../support/examples.ts'

const render = (tex: string): string =>
  katex.renderToString(tex, { displayMode: true, throwOnError: true, strict: 'error', output: 'mathml' })

describe('LaTeX of a derivation', function () {
  this.timeout(30_000)
  for (const { name, text } of examples.filter((example) => /\bparam\(/.test(example.text))) {
    it(`is rendered by KaTeX for ${name}`, () => {
      const program = readProgram(text)
      expect(render(gradientsTex(derive(program)))).to.include('<math')
      expect(render(stepsTex(derivationSteps(program)))).to.include('<math')
    })
  }

  it('says each gradient once, where others are written by it', () => {
    const program = readProgram('W = param(n, k); X = input(k, m); Z = W*X; A = tanh(Z); J = sum(A.^2)/m')
    const derivation = derive(program, { of: 'J', wrt: ['Z', 'W'] })
    expect(gradientsText(derivation)).to.equal("dZ = 2/m * A.*(1 - A.^2)\ndW = dZ*X'\n")
    const tex = gradientsTex(derivation)
    expect(render(tex)).to.include('<math')
    expect(tex).to.include('dZ = \\frac{\\partial J}{\\partial Z} &= ')
    expect(tex.split('\n')).to.have.length(5)
  })

  it('writes layers above in brackets', () => {
    const program = readProgram('W1 = param(n_1, n_0); X = input(n_0, m); J = sum((W1*X).^2)/m')
    expect(gradientsTex(derive(program))).to.include('W^{[1]}')
  })

  it('puts what does not fit on a line of a page below it', () => {
    const text =
      'x = input(3); y = input(3); p = param(); q = sum(x.*x - y) ; r = (q - p)^3*exp(q*p)/(1 + p^2); J = r^2'
    const lines = stepsTex(derivationSteps(readProgram(text))).split('\n')
    expect(lines.filter((line) => line.startsWith('&= '))).to.have.length.above(0)
    for (const line of lines) expect(line.length).to.be.below(260)
  })
})
