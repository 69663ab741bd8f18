import { expect } from 'chai'
import { derivationSteps } from '../../src/derive/steps.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'

/** A derivation as lines: `dZ2 = dA2.*… = A2 - Y   [A2 = sigmoid(Z2)]`. */
function lines(sheet: string): string[] {
  return derivationSteps(elaborate(parseSheet(sheet))).steps.map(({ name, chain, result, through }) => {
    const short = chain.text === result.text ? '' : ` = ${result.text}`
    return `${name} = ${chain.text}${short}   [${through.map((line) => line.text).join('; ')}]`
  })
}

describe('derivationSteps', () => {
  it('goes from the loss to the parameters by the chain rule, each step with its local derivative', () => {
    const sheet = `
      X = input(n, m); Y = label(1, m); w = param(1, n); b = param(1, 1)
      Z = w*X + b
      A = sigmoid(Z)
      L = -sum(Y.*log(A) + (1 - Y).*log(1 - A))
      J = L/m`
    expect(lines(sheet)).to.deep.equal([
      'dL = 1   [J = L/m]',
      'dA = (A - Y)./(A.*(1 - A))   [L = -sum(Y.*log(A) + (1 - Y).*log(1 - A))]',
      'dZ = dA.*A.*(1 - A) = A - Y   [A = sigmoid(Z)]',
      "dw = 1/m * dZ*X'   [Z = w*X + b]",
      'db = 1/m * sum(dZ, axis=1)   [Z = w*X + b]',
    ])
  })

  it('says which sizes it left to the gradients', () => {
    const { factor } = derivationSteps(elaborate(parseSheet('w = param(n, m); a = w.^2; J = sum(a)/m')))
    expect(factor?.text).to.equal('1/m')
  })

  it('adds up over all definitions that use a value', () => {
    expect(lines('x = param(n); a = tanh(x); b = exp(a); J = sum(a.*b)')).to.deep.equal([
      'db = a   [J = sum(a.*b)]',
      'da = b.*(1 + a)   [J = sum(a.*b); b = exp(a)]',
      'dx = da.*(1 - a.^2) = b.*(1 + a).*(1 - a.^2)   [a = tanh(x)]',
    ])
  })

  it('names no value before the step that derives it', () => {
    const sheet = `x = param(n); a = x.^2; b = sin(a); c = b.*a; J = sum(c.*b)`
    const known = new Set<string>()
    for (const { name, chain, result } of derivationSteps(elaborate(parseSheet(sheet))).steps) {
      for (const used of [...chain.text.matchAll(/\bd[a-z]\b/g), ...result.text.matchAll(/\bd[a-z]\b/g)]) {
        expect(known, `${name} = ${chain.text} = ${result.text}`).to.include(used[0])
      }
      known.add(name)
    }
  })

  it('is as long as the sheet', () => {
    const chain = Array.from({ length: 400 }, (_, at) => `a[${at + 1}] = tanh(a[${at}])`).join('\n')
    const steps = derivationSteps(elaborate(parseSheet(`a[0] = param(n)\n${chain}\nJ = sum(a[400])`))).steps
    expect(steps).to.have.length(401)
    expect(Math.max(...steps.map(({ result }) => result.text.length))).to.be.below(60)
  })
})
