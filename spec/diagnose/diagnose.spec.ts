import { expect } from 'chai'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import { toText } from '../../src/print/text.ts'
import { diagnosisOf, MATRICES, mended, NETWORK, ROWS, verdictOn } from './sheets.ts'

describe('diagnose', () => {
  describe('which definition is wrong', () => {
    const backward = `${NETWORK}
dZ2 = Y - A2
dZ1 = (W2'*dZ2) .* (1 - A1.^2)
dW1 = 1/m * dZ1*X'
`

    for (const claim of [
      'grad(L, Z2) == dZ2',
      'grad(L, Z1) == dZ1',
      'grad(J, W1) == dW1',
      "grad(J, W2) == 1/m * dZ2*A1'",
    ]) {
      it(`is the first one: ${claim}`, () => {
        const text = `${backward}${claim}\n`
        const found = diagnosisOf(text)
        expect(found?.suggestion).to.contain('A2 - Y')
        expect(found?.message).to.equal('in dZ2: the sign of Y - A2 is wrong: write dZ2 = A2 - Y')
        expect(verdictOn(mended(text, found!.suggestion!))).to.equal('proved')
      })
    }

    it('is an ill-shaped one, although nothing that uses it is understood', () => {
      const text = `${NETWORK}
dZ2 = A2 - Y
dZ1 = (W2*dZ2) .* (1 - A1.^2)
dW1 = 1/m * dZ1*X'
grad(J, W1) == dW1
`
      const found = diagnosisOf(text)
      expect(found?.message).to.equal("in dZ1: W2 must be transposed: write dZ1 = W2'*dZ2 .* (1 - A1.^2)")
      expect(verdictOn(mended(text, found!.suggestion!))).to.equal('proved')
    })

    it('is one text in all passes of a loop', () => {
      const text = `
n[0] = 3
X = input(k, m); T = input(k, m)
A[0] = X
for l = 1:2
  W[l] = param(k, k)
  Z[l] = W[l]*A[l-1]
  A[l] = tanh(Z[l])
end
J = sum(T .* A[2])
dA[2] = T
for l = 2:-1:1
  dZ[l] = dA[l] .* (1 - A[l])
  dA[l-1] = W[l]'*dZ[l]
end
grad(J, W[1]) == dZ[1]*X'
`
      expect(diagnosisOf(text)?.suggestion).to.equal('dZ[l] = dA[l] .* (1 - A[l].^2)')
    })

    it('is none that vanishes only where the counterexample does, and a missing term is said by its name', () => {
      const found = diagnosisOf(`
X = param(T, d); Wq = param(d, k); Wk = param(d, k); Wv = param(d, k); U = input(T, k)
Q = X*Wq; K = X*Wk; V = X*Wv
S = Q*K'/sqrt(k)
A = softmax(S, axis=1)
J = sum(U.*(A*V))
dV = A'*U
dA = U*V'
dS = A.*(dA - sum(dA.*A, axis=1))
dQ = dS*K/sqrt(k)
dK = dS'*Q/sqrt(k)
grad(J, X) == dQ*Wq' + dK*Wk'
`)
      expect(found?.message).to.equal("the term dV*Wv' is missing")
      expect(found?.suggestion).to.equal("dQ*Wq' + dK*Wk' + dV*Wv'")
    })

    it('is said where no edit mends it', () => {
      const text = `${NETWORK}
dZ2 = exp(Z2) .* Z2 + cos(Y)
grad(J, W2) == 1/m * dZ2*A1'
`
      expect(diagnosisOf(text)).to.deep.equal({
        message: 'dZ2 is not the derivative by Z2',
        suggestion: null,
        holdsIf: null,
      })
    })
  })

  describe('what would have to hold', () => {
    const cases: readonly (readonly [sheet: string, claim: string, holdsIf: string])[] = [
      [`${ROWS}\nJ = -sum(T .* log(P))\n`, 'grad(J, S) == P - T', 'sum(T, axis=1) == 1'],
      [`${MATRICES}\nJ = c'*B*c\n`, 'grad(J, c) == 2*B*c', "B' == B"],
      [`${ROWS}\nJ = sum(S.^2)/N\n`, 'grad(J, S) == 2*S/C', 'N == C'],
      [`${ROWS}\nJ = sum(S.^2)\n`, 'grad(J, S) == 2*S/C', 'C == 1'],
      [`${ROWS}\nJ = sum(S.^2) + lambda*sum(S)\n`, 'grad(J, S) == 2*S + lambda*S.^2', ''],
    ]
    for (const [sheet, claim, holdsIf] of cases) {
      it(`${claim}: ${holdsIf === '' ? 'nothing that is known of' : holdsIf}`, () => {
        expect(diagnosisOf(`${sheet}${claim}\n`)?.holdsIf ?? '').to.equal(holdsIf)
      })
    }

    it('makes the claim provable, and is not adopted', () => {
      const claim = 'grad(J, S) == P - T'
      const sheet = `${ROWS}\nJ = -sum(T .* log(P))\n`
      expect(verdictOn(`${sheet}${claim}\n`)).to.equal('refuted')
      const holdsIf = diagnosisOf(`${sheet}${claim}\n`)!.holdsIf!
      expect(verdictOn(`${sheet}assume(${holdsIf})\n${claim}\n`)).to.equal('proved')
    })
  })

  describe('chains', () => {
    const judged = (chain: string): (string | null)[] => {
      const program = readProgram(`${NETWORK}${chain}\n`)
      return [...judgeClaims(program, USUAL_OPTIONS)].map(({ claim, verdict }) => {
        if (verdict.verdict === 'proved') return null
        const request = { program, claim, counterexample: null, describe: toText, seed: 1, milliseconds: 10_000 }
        return diagnose(request)?.message ?? ''
      })
    }

    it('say which link breaks', () => {
      expect(judged('grad(L, Z2) == A2 - Y == A2 + Y')).to.deep.equal([
        null,
        'the sign of Y is wrong; link 2 of the chain breaks',
      ])
    })

    it('say that their ends agree, and mend the middle', () => {
      expect(judged('grad(L, Z2) == A2 + Y == A2 - Y')).to.deep.equal([
        'the sign of Y is wrong; link 1 of the chain breaks; its two ends agree',
        'the sign of Y is wrong; link 2 of the chain breaks; its two ends agree',
      ])
    })
  })

  it('has nothing to say of a claim that is true', () => {
    expect(diagnosisOf(`${NETWORK}grad(L, Z2) == A2 - Y\n`)).to.equal(null)
  })

  it('has nothing to say where the derivative itself is not understood', () => {
    expect(diagnosisOf(`${NETWORK}grad(L, Z9) == A2 - Y\n`)).to.equal(null)
  })

  it('mends either side', () => {
    expect(diagnosisOf(`${NETWORK}A2 + Y == grad(L, Z2)\n`)?.suggestion).to.equal('A2 - Y')
  })

  it('mends what is no derivative', () => {
    expect(diagnosisOf(`${ROWS}tanh(S) == 2*sigmoid(S) - 1\n`)?.suggestion).to.equal('2*sigmoid(2*S) - 1')
  })

  it('keeps to its time', () => {
    const program = readProgram(
      `${NETWORK}grad(J, W1) == ${Array.from({ length: 60 }, () => "1/m * W2'*X'").join(' + ')}\n`,
    )
    const start = performance.now()
    diagnose({ program, claim: program.claims[0]!, counterexample: null, describe: toText, seed: 1, milliseconds: 100 })
    expect(performance.now() - start).to.be.below(1500)
  })
})
