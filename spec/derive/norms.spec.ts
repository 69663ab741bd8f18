import { expect } from 'chai'
import { derive } from '../../src/derive/derive.ts'
import { vanishingSums } from '../../src/derive/vanishing.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import { toText } from '../../src/print/text.ts'

const norm = (axis: 0 | 1, n = 'n', m = 'm'): string => `
Z = param(${n}, ${m}); Y = input(${n}, ${m}); gamma = param(${n}, 1); beta = param(${n}, 1); eps = input(eps > 0)
mu = mean(Z, axis=${axis})
v = mean((Z - mu).^2, axis=${axis})
s = sqrt(v + eps)
N = (Z - mu)./s
O = gamma.*N + beta
J = 1/2*sum((O - Y).^2)
`

/** The gradient by `Z` as printed, and whether it is proved where it is appended to the sheet. */
function byZ(sheet: string): [text: string, verdict: string] {
  const { definitions, gradients } = derive(readProgram(sheet), { wrt: ['Z'] })
  const lines = definitions.map(({ name, text }) => `${name} = ${text}`)
  const { text } = gradients[0]!
  const program = readProgram(`${sheet}${lines.join('\n')}\ngrad(J, Z) == ${text}\n`)
  const [judgement] = judgeClaims(program, USUAL_OPTIONS)
  return [text, judgement!.verdict.verdict]
}

describe('the gradient of', () => {
  it('batch norm is the compact form: the sum of centred values is zero', () => {
    expect(byZ(norm(1))).to.deep.equal(['1/m * (m*dO - N.*sum(dO.*N, axis=1) - sum(dO, axis=1)).*gamma./s', 'proved'])
  })

  it('layer norm is the compact form', () => {
    expect(byZ(norm(0))).to.deep.equal([
      '1/n * (n*dO.*gamma - N.*sum(dO.*N.*gamma, axis=0) - sum(dO.*gamma, axis=0))./s',
      'proved',
    ])
  })
})

describe('vanishingSums', () => {
  const found = (sheet: string): string[] => {
    const program = readProgram(sheet)
    return vanishingSums(program, [...program.definitions.values()]).map(({ lhs }) => toText(lhs))
  }

  it('are found by proof, along the axis of the mean', () => {
    expect(found(norm(1))).to.deep.equal(['sum(N, axis=1)'])
    expect(found(norm(0))).to.deep.equal(['sum(N, axis=0)'])
    expect(found('X = input(n, m)\nC = X - mean(X, axis=1)\nD = 2*C.*mean(C.^2, axis=1)\n')).to.deep.equal([
      'sum(C, axis=1)',
      'sum(D, axis=1)',
    ])
  })

  it('are not made up', () => {
    expect(found('X = input(n, m); b = input(n, 1)\nC = X - b\nD = (X - mean(X, axis=1)).^3\n')).to.deep.equal([])
    expect(found('X = input(n, m); w = input(1, m)\nC = w.*(X - mean(X, axis=1))\n')).to.deep.equal([])
    expect(found('X = input(n, m)\nA = tanh(X)\n')).to.deep.equal([])
  })
})
