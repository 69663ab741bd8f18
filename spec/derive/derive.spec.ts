import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { codeOf as codeOfSheet } from '../../src/derive/code.ts'
import { derive } from '../../src/derive/derive.ts'
import type { DeriveOptions } from '../../src/derive/derive.ts'
import { derivationJson } from '../../src/derive/json.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'
import { examples } from '../support/examples.ts'

const TWO_LAYERS = `
X  = input(n_x, m)
Y  = label(1, m)
W1 = param(n_1, n_x);  b1 = param(n_1, 1)
W2 = param(1, n_1);    b2 = param(1, 1)

Z1 = W1*X + b1
A1 = tanh(Z1)
Z2 = W2*A1 + b2
A2 = sigmoid(Z2)
L  = -sum(Y.*log(A2) + (1 - Y).*log(1 - A2))
J  = L/m
`

/** What `derive` prints for a sheet, as lines of the sheet language. */
function lines(sheet: string, options: DeriveOptions = {}): string[] {
  const { of, definitions, gradients } = derive(elaborate(parseSheet(sheet)), options)
  return [
    ...definitions.map(({ name, text }) => `${name} = ${text}`),
    ...gradients.map(({ wrt, text }) => `grad(${of}, ${wrt}) == ${text}`),
  ]
}

/** The law: appended to the sheet, all of it comes back proved. */
function expectProved(sheet: string, printed: readonly string[]): void {
  const program = readProgram(`${sheet}\n${printed.join('\n')}\n`)
  const count = printed.filter((line) => line.startsWith('grad(')).length
  const own = { ...program, claims: program.claims.slice(-count) }
  const verdicts = [...judgeClaims(own, USUAL_OPTIONS)].map(({ claim, verdict }) => `${claim.text}: ${verdict.verdict}`)
  expect(verdicts).to.deep.equal(own.claims.map((claim) => `${claim.text}: proved`))
}

const codeOf = (sheet: string, options: DeriveOptions = {}): string => {
  try {
    lines(sheet, options)
  } catch (error) {
    if (error instanceof BackproveError) return `${error.code}: ${error.message} (${error.hint})`
    throw error
  }
  return 'none'
}

describe('derive', () => {
  it('prints what the course prints: derivatives of the summed loss by name, the mean in the gradients', () => {
    expect(lines(TWO_LAYERS)).to.deep.equal([
      'dZ2 = A2 - Y',
      "dZ1 = (W2'*dZ2) .* (1 - A1.^2)",
      "grad(J, W1) == 1/m * dZ1*X'",
      'grad(J, b1) == 1/m * sum(dZ1, axis=1)',
      "grad(J, W2) == 1/m * dZ2*A1'",
      'grad(J, b2) == 1/m * sum(dZ2, axis=1)',
    ])
  })

  it('has the same names where a sheet has no summed loss', () => {
    const sheet = TWO_LAYERS.replace(/L {2}= -(.*)\nJ {2}= L\/m/, 'J = -1/m*$1')
    expect(lines(sheet)).to.deep.equal(lines(TWO_LAYERS))
  })

  it('asks for the sign of a value, not whether it is more than a multiple of itself', () => {
    const sheet = 'Z = param(n); W = input(n); J = sum(W.*max(Z, 0.01*Z))'
    expect(lines(sheet)).to.deep.equal(['grad(J, Z) == W.*((Z >= 0) + 0.01*(Z < 0))'])
    const squares = 'X = input(k, m); W = param(n, k); Z = W*X; A = max(Z, 0.01*Z); J = sum(A.^2)/m'
    expect(lines(squares)).to.deep.equal(['dZ = 2*A.*((Z >= 0) + 0.01*(Z < 0))', "grad(J, W) == 1/m * dZ*X'"])
  })

  it('calls by the name of a derivative by a value between what was asked for, and writes the others by it', () => {
    expect(lines(TWO_LAYERS, { of: 'J', wrt: ['A1', 'W1'] })).to.deep.equal([
      "dA1 = 1/m * W2'*(A2 - Y)",
      'dZ1 = dA1.*(1 - A1.^2)',
      'grad(J, A1) == dA1',
      "grad(J, W1) == dZ1*X'",
    ])
    const { gradients } = derive(readProgram(TWO_LAYERS), { of: 'J', wrt: ['A1', 'W1'] })
    expect(gradients.map(({ name }) => name)).to.deep.equal(['dA1', 'dW1'])
    const twice = `${TWO_LAYERS}\ndA1 = 2*A1\n`
    expectProved(twice, lines(twice, { of: 'J', wrt: ['A1', 'Z1', 'W1'] }))
  })

  it('writes by the chain rule what would be long multiplied out', () => {
    const sheet = `
      X = input(n, m); Y = label(1, m); w = param(1, n); b = param(); gamma = input(gamma > 0); a = input(a > 0)
      z = w*X + b
      p = sigmoid(z)
      J = -sum(a*Y.*(1 - p).^gamma.*log(p) + (1 - a)*(1 - Y).*p.^gamma.*log(1 - p))/m`
    const printed = lines(sheet)
    expect(printed.slice(1)).to.deep.equal([
      'dz = dp.*p.*(1 - p)',
      "grad(J, w) == 1/m * dz*X'",
      'grad(J, b) == 1/m * sum(dz)',
    ])
    expectProved(sheet, printed)
    // A program divides by no `p` that may round to 0.
    expect(codeOfSheet(readProgram(sheet), 'numpy')).not.to.match(/\bdp\b/)
  })

  it('writes differences the other way round by the derivative that they are the opposite of', () => {
    const sheet = `X = input(d, m); g = param(d, 1); b = param(d, 1); Y = input(d, m)
      mu = mean(X, axis=0); v = var(X, axis=0); H = (X - mu)./sqrt(v + 1); O = g.*H + b; L = sum((O - Y).^2)/2`
    const printed = lines(sheet, { of: 'L', wrt: ['X', 'g', 'b'] })
    expect(printed[0]).to.equal('dO = O - Y')
    expect(printed.join()).not.to.include('Y - O')
    expectProved(sheet, printed)
  })

  it('splits the axes that a Kronecker product joins, and brings that back proved', () => {
    for (const loss of ['sum((kron(A, B) - C).^2)/2', "sum(kron(A', B').^3)", 'sum(tanh(kron(A, B)))']) {
      const sheet = `A = param(n, m); B = param(p, q); C = input(n*p, m*q); J = ${loss}`
      const printed = lines(sheet)
      expect(printed[0]).to.match(/^grad\(J, A\) == sum\(reshape\(/)
      expectProved(sheet, printed)
    }
  })

  it('keeps factors that are not the mean', () => {
    const sheet =
      'X = input(n, m); Y = input(k, m); W = param(k, n); b = param(k, 1); E = W*X + b; J = sum((E - Y).^2)/m'
    expect(lines(sheet)).to.deep.equal([
      'dE = 2*(E - Y)',
      "grad(J, W) == 1/m * dE*X'",
      'grad(J, b) == 1/m * sum(dE, axis=1)',
    ])
  })

  it('gives names, shapes, text and TeX as data', () => {
    const { of, gradients, definitions } = derivationJson(
      derive(elaborate(parseSheet(TWO_LAYERS)), { wrt: ['W2', 'b2'] }),
    )
    expect(of).to.equal('J')
    expect(gradients[0]).to.deep.equal({
      wrt: 'W2',
      name: 'dW2',
      shape: ['1', 'n_1'],
      text: "1/m * dZ2*A1'",
      tex: '\\frac{1}{m} \\, dZ^{[2]} \\, A^{[1]\\top}',
      numpy: '1/m*(dZ2 @ A1.T)',
    })
    expect(definitions).to.deep.equal([{ name: 'dZ2', text: 'A2 - Y', tex: 'A^{[2]} - Y', numpy: 'A2 - Y' }])
  })

  it('takes the loss and the variables that it is told', () => {
    expect(lines(TWO_LAYERS, { of: 'L', wrt: ['Z2', 'A1'] })).to.deep.equal([
      'dZ2 = A2 - Y',
      'grad(L, Z2) == dZ2',
      "grad(L, A1) == W2'*dZ2",
    ])
  })

  const SUBJECTS: readonly (readonly [string, string, string])[] = [
    ['J before L', 'w = param(); L = w^2; J = w^3; K = w^4', 'J'],
    ['L where there is no J', 'w = param(); K = w^4; L = w^2; M = w', 'L'],
    ['else the last that nothing rests on', 'w = param(); a = w^2; b = a*2; c = a + 1', 'c'],
    ['what depends on parameters, not on data alone', 'w = param(); x = input(); b = w*x; c = x^2', 'b'],
    ['what depends on data where there are no parameters', 'x = input(); Y = label(); a = x*Y; b = Y^2', 'a'],
  ]
  for (const [what, sheet, of] of SUBJECTS) {
    it(`differentiates ${what}`, () => {
      expect(derive(elaborate(parseSheet(sheet))).of).to.equal(of)
    })
  }

  it('takes names that the sheet does not use, its wrong definitions and its sizes included', () => {
    const sheet = `${TWO_LAYERS}\ndZ2 = Y - A2\ndZ1_ = input(dW1)\nd = dZ1 + 1`
    const printed = lines(sheet)
    expect(printed.slice(0, 2)).to.deep.equal(['dZ2_ = A2 - Y', "dZ1 = (W2'*dZ2_) .* (1 - A1.^2)"])
    expect(derive(elaborate(parseSheet(sheet))).gradients[0]!.name).to.equal('dW1_')
  })

  it('uses a right definition of the sheet by its name, and shows a gradient written by hand as what it is', () => {
    const sheet = `${TWO_LAYERS}\ndelta = A2 - Y\ndW2 = 1/m * delta*A1'`
    expect(lines(sheet, { wrt: ['W2', 'b2'] })).to.deep.equal([
      "grad(J, W2) == 1/m * delta*A1'",
      'grad(J, b2) == 1/m * sum(delta, axis=1)',
    ])
  })

  it('gives zeros for what the loss does not depend on', () => {
    expect(lines('w = param(n, m); v = param(n); J = sum(w)')).to.deep.equal([
      'grad(J, w) == ones(n, m)',
      'grad(J, v) == zeros(n)',
    ])
  })

  it('differentiates a loss that is itself made of a gradient', () => {
    const sheet = 'w = param(n); J0 = sum(w.^3); g = grad(J0, w); J = sum(g.^2)'
    const printed = lines(sheet, { of: 'J' })
    expect(printed.at(-1)).to.equal('grad(J, w) == 12*g.*w')
    expectProved(sheet, printed)
  })

  it('names repeated parts of gradients that are long written out', () => {
    const steps = Array.from({ length: 12 }, (_, at) => `mish(${at % 3 === 0 ? 'x + ' : ''}`)
    const sheet = `x = param(n); J = sum(${steps.join('')}x${')'.repeat(steps.length)})`
    const printed = lines(sheet)
    expect(printed[0]).to.match(/^t1 = /)
    expect(Math.max(...printed.map((line) => line.length))).to.be.below(400)
    expectProved(sheet, printed)
  })

  it('grows linearly with depth', () => {
    const deep = (layers: number): string => `
      A[0] = input(n, m); Y = label(n, m)
      for l = 1:${layers}
        W[l] = param(n, n); b[l] = param(n, 1)
        Z[l] = W[l]*A[l-1] + b[l]
        A[l] = sigmoid(Z[l])
      end
      L = -sum(Y.*log(A[${layers}]) + (1 - Y).*log(1 - A[${layers}]))
      J = L/m`
    const printed = lines(deep(300))
    expect(printed).to.have.length(900)
    expect(printed).to.include('dZ[300] = A[300] - Y')
    expect(printed).to.include("dZ[7] = (W[8]'*dZ[8]) .* A[7].*(1 - A[7])")
    expect(printed).to.include("grad(J, W[7]) == 1/m * dZ[7]*A[6]'")
    expectProved(deep(3), lines(deep(3)))
  })

  for (const example of examples) {
    const program = elaborate(parseSheet(example.text))
    let printed: string[] = []
    try {
      printed = lines(example.text)
    } catch (error) {
      if (!(error instanceof BackproveError) || error.code !== 'not-scalar') throw error
      continue
    }
    it(`prints gradients of ${example.name} that come back proved`, () => {
      expect(program.errors.filter((error) => error.code === 'internal')).to.deep.equal([])
      expectProved(example.text, printed)
    })
  }

  it('says what is wrong with a request', () => {
    expect(codeOf(TWO_LAYERS, { of: 'j' })).to.match(/^unknown-name: .*did you mean `J`/)
    expect(codeOf(TWO_LAYERS, { of: 'Z1' })).to.match(/^not-scalar: `Z1` has the shape n_1×m/)
    expect(codeOf(TWO_LAYERS, { wrt: ['W3'] })).to.match(/^unknown-name: .*did you mean `W/)
    expect(codeOf('X = input(n)')).to.match(/^not-scalar: /)
    expect(codeOf('Y = label(n); a = sum(Y)', { of: 'a' })).to.match(/^argument: /)
  })
})
