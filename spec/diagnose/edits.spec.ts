import { expect } from 'chai'
import { EDITS } from '../../src/diagnose/edits/table.ts'
import { diagnosisOf, MATRICES, mended, NETWORK, ROWS, verdictOn } from './sheets.ts'

interface Slip {
  readonly edit: string
  readonly sheet: string
  /** Definitions and the wrong claim. */
  readonly claim: string
  readonly message: string
  readonly suggestion: string
}

const TRACE = `${MATRICES}\nJ = sum((X*B).^2)\n`
const BATCH_NORM = `${ROWS}\nG = input(N, C)\nJ = sum(G.*H)\n`
const QUADRATIC = `${MATRICES}\nJ = c'*B*c\n`

const SLIPS: readonly Slip[] = [
  {
    edit: 'axis',
    sheet: NETWORK,
    claim: "grad(J, b1) == 1/m * sum((W2'*(A2 - Y)) .* (1 - A1.^2), axis=0)",
    message: 'sum runs over the examples: axis=1',
    suggestion: "1/m*sum(W2'*(A2 - Y) .* (1 - A1.^2), axis=1)",
  },
  {
    edit: 'transpose',
    sheet: NETWORK,
    claim: 'grad(J, W2) == 1/m * (A2 - Y)*A1',
    message: 'A1 must be transposed',
    suggestion: "1/m*(A2 - Y)*A1'",
  },
  {
    edit: 'activation',
    sheet: NETWORK,
    claim: "dZ1 = (W2'*(A2 - Y)) .* A1 .* (1 - A1)\ngrad(L, Z1) == dZ1",
    message: "in dZ1: this is the derivative of sigmoid; A1 is a tanh: write dZ1 = W2'*(A2 - Y) .* (1 - A1.^2)",
    suggestion: "W2'*(A2 - Y) .* (1 - A1.^2)",
  },
  {
    edit: 'swap-factors',
    sheet: `${MATRICES}\nJ = a'*X*c\n`,
    claim: "grad(J, X) == c'*a",
    message: "c' and a stand in the wrong order",
    suggestion: "a*c'",
  },
  {
    edit: 'mean-for-sum',
    sheet: NETWORK,
    claim: 'grad(L, b2) == mean(A2 - Y, axis=1)',
    message: 'mean must be sum; off by exactly 1/m: this is the derivative of J, the claim says L',
    suggestion: 'sum(A2 - Y, axis=1)',
  },
  {
    edit: 'drop',
    sheet: TRACE,
    claim: "grad(J, X) == 2*X*B*B'*B",
    message: 'the factor B is one too many',
    suggestion: "2*X*B*B'",
  },
  {
    edit: 'scale',
    sheet: NETWORK,
    claim: "grad(J, W2) == (A2 - Y)*A1'",
    message: 'the factor 1/m is missing; off by exactly m: this is the derivative of L, the claim says J',
    suggestion: "1/m*(A2 - Y)*A1'",
  },
  {
    edit: 'sign',
    sheet: NETWORK,
    claim: 'grad(L, Z2) == A2 + Y',
    message: 'the sign of Y is wrong',
    suggestion: 'A2 - Y',
  },
  {
    edit: 'add-sum',
    sheet: NETWORK,
    claim: 'grad(L, b2) == A2 - Y',
    message: 'the sum of A2 - Y over the examples is missing: axis=1',
    suggestion: 'sum(A2 - Y, axis=1)',
  },
  {
    edit: 'drop-sum',
    sheet: NETWORK,
    claim: 'grad(L, Z2) == sum(A2 - Y, axis=1)',
    message: 'the sum is one too many',
    suggestion: 'A2 - Y',
  },
  {
    edit: 'constant',
    sheet: `${ROWS}\nJ = sum(S.^3 .* T)\n`,
    claim: 'grad(J, S) == 3*S.^3 .* T',
    message: 'the exponent 3 must be 2',
    suggestion: '3*S.^2 .* T',
  },
  {
    edit: 'eps',
    sheet: `${ROWS}\nJ = sum(T .* sqrt(v + eps))\n`,
    claim: 'grad(J, v) == sum(T, axis=0) ./ (2*sqrt(v))',
    message: 'eps is missing beside v',
    suggestion: 'sum(T, axis=0) ./ (2*sqrt(v + eps))',
  },
  {
    edit: 'other-name',
    sheet: `${NETWORK}\nC1 = input(n_1, m)\nK = sum(A1 .* C1 .* Z1)\n`,
    claim: 'grad(K, C1) == A1 .* A1',
    message: 'A1 must be Z1',
    suggestion: 'Z1 .* A1',
  },
  {
    edit: 'other-function',
    sheet: `${ROWS}\nJ = sum(T .* sin(S))\n`,
    claim: 'grad(J, S) == T .* sin(S)',
    message: 'sin must be cos',
    suggestion: 'T .* cos(S)',
  },
  {
    edit: 'operator',
    sheet: `${MATRICES}\nJ = trace(B*B*B)\n`,
    claim: "grad(J, B) == 3*(B .* B)'",
    message: '.* must be * in B .* B',
    suggestion: "3*(B*B)'",
  },
  {
    edit: 'symmetrise',
    sheet: QUADRATIC,
    claim: 'grad(J, c) == 2*B*c',
    message: '2*B is right only where B is symmetric',
    suggestion: "(B + B')*c",
  },
  {
    edit: 'transpose-group',
    sheet: `${MATRICES}\nE = input(k, m)\nF = input(m, k)\nJ = trace(E*X*B*X'*F)\n`,
    claim: "grad(J, X) == F*E*X*B' + F*E*X*B",
    message: 'F*E must be transposed',
    suggestion: "(F*E)'*X*B' + F*E*X*B",
  },
  {
    edit: 'softmax-jacobian',
    sheet: `${ROWS}\nJ = sum(T .* P)\n`,
    claim: 'grad(J, S) == T .* P .* (1 - P)',
    message: "this is only the diagonal of softmax's Jacobian",
    suggestion: 'P .* (T - sum(T .* P, axis=1))',
  },
  {
    edit: 'regroup',
    sheet: `${ROWS}\nJ = sum((T + exp(S)) .* sin(S) .* T)\n`,
    claim: 'grad(J, T) == T + T + exp(S) .* sin(S)',
    message: 'parentheses are missing around T + T + exp(S)',
    suggestion: '(T + T + exp(S)) .* sin(S)',
  },
  {
    edit: 'inner-scale',
    sheet: `${ROWS}\nJ = sum(T .* S) + lambda*sum(W.^2)\n`,
    claim: "grad(J, W) == X'*T + lambda*W",
    message: 'the factor 2 is missing before lambda*W',
    suggestion: "X'*T + 2*lambda*W",
  },
  {
    edit: 'insert',
    sheet: `${ROWS}\nJ = sum(T .* S) + lambda*sum(W.^2)\n`,
    claim: 'grad(J, W) == T + 2*lambda*W',
    message: "the factor X' is missing",
    suggestion: "X'*T + 2*lambda*W",
  },
  {
    edit: 'complement',
    sheet: NETWORK,
    claim: 'grad(L, A2) == -Y ./ A2 + (1 - Y) ./ A2',
    message: 'A2 must be 1 - A2',
    suggestion: '-Y ./ A2 + (1 - Y) ./ (1 - A2)',
  },
  {
    edit: 'wrap',
    sheet: `${ROWS}\nJ = sum(T .* exp(S))\n`,
    claim: 'grad(J, S) == T .* S',
    message: 'exp is missing around S',
    suggestion: 'T .* exp(S)',
  },
  {
    edit: 'insert-derived',
    sheet: `${ROWS}\nJ = -sum(T .* log(P))\n`,
    claim: 'grad(J, S) == P - T',
    message: 'the factor sum(T, axis=1) is missing',
    suggestion: 'P .* sum(T, axis=1) - T',
  },
  {
    edit: 'matrix-product',
    sheet: NETWORK,
    claim: 'grad(L, W2) == (A2 - Y) .* A1',
    message: 'the product of (A2 - Y) .* A1 is a matrix product',
    suggestion: "(A2 - Y)*A1'",
  },
  {
    edit: 'exchange',
    sheet: `${MATRICES}\nJ = a'*C*X*B*c\n`,
    claim: "grad(J, X) == B'*a*c'*C'",
    message: 'B and C are exchanged',
    suggestion: "C'*a*c'*B'",
  },
  {
    edit: 'axis-throughout',
    sheet: BATCH_NORM,
    claim: 'grad(J, S) == 1 ./ (N*sqrt(v + eps)) .* (N*G - sum(G, axis=1) - H.*sum(G.*H, axis=1))',
    message: 'axis=1 must be axis=0 throughout',
    suggestion: '1 ./ (N*sqrt(v + eps)) .* (N*G - sum(G, axis=0) - H .* sum(G .* H, axis=0))',
  },
  {
    edit: 'name-throughout',
    sheet: BATCH_NORM,
    claim: 'grad(J, S) == 1 ./ (C*sqrt(v + eps)) .* (C*G - sum(G, axis=0) - H.*sum(G.*H, axis=0))',
    message: 'C must be N throughout',
    suggestion: '1 ./ (N*sqrt(v + eps)) .* (N*G - sum(G, axis=0) - H .* sum(G .* H, axis=0))',
  },
  {
    edit: 'insert-term',
    sheet: `${ROWS}\nG = input(N, C)\nJ = sum(G .* (S - mu))\n`,
    claim: 'grad(J, S) == G',
    message: 'the term -mean(G, axis=0) is missing beside G',
    suggestion: 'G - mean(G, axis=0)',
  },
  {
    edit: 'insert-derived-term',
    sheet: `${MATRICES}\nJ = sum(X.^3) + 7*sum(X)*sum(c)\n`,
    claim: 'grad(J, X) == 3*X.^2',
    message: 'the term 7*sum(c) is missing beside 3*X.^2',
    suggestion: '3*X.^2 + 7*sum(c)',
  },
  {
    edit: 'other-term',
    sheet: `${ROWS}\nG = input(N, C)\nJ = sum(G .* (T .* P - S .* P))\n`,
    claim: 'grad(J, P) == G .* T + G .* P',
    message: 'the term G .* P must be G .* S with the other sign',
    suggestion: 'G .* T - G .* S',
  },
  {
    edit: 'other-part',
    sheet: `${ROWS}\nG = input(N, C)\nJ = sum(G .* (T .* P + S .* P))\n`,
    claim: 'grad(J, P) == G .* T + G .* exp(P)',
    message: 'exp(P) must be S',
    suggestion: 'G .* T + G .* S',
  },
]

describe('edits that mend a claim', () => {
  for (const { edit, sheet, claim, message, suggestion } of SLIPS) {
    it(`${edit}: ${claim.split('\n').at(-1)!}`, () => {
      const text = `${sheet}${claim}\n`
      const diagnosis = diagnosisOf(text)
      expect(diagnosis?.message).to.equal(message)
      expect(diagnosis?.suggestion).to.equal(suggestion)
      expect(verdictOn(mended(text, suggestion))).to.equal('proved')
    })
  }

  const NETWORK = `X = input(n_x, m); Y = label(1, m); W1 = param(n_1, n_x); b1 = param(n_1, 1); W2 = param(1, n_1)
Z1 = W1*X + b1; A1 = relu(Z1); A2 = sigmoid(W2*A1); J = -1/m*sum(Y.*log(A2) + (1 - Y).*log(1 - A2)); dZ2 = A2 - Y
`
  for (const [claim, message, suggestion] of [
    ["grad(J, W2) == (Y - A2)*A1'", 'the factor 1/m is missing, and the sign is wrong', "-1/m*(Y - A2)*A1'"],
    [
      'grad(J, W2) == -dZ2*A1',
      'A1 must be transposed, and the factor 1/m is missing, and the sign is wrong',
      "1/m*dZ2*A1'",
    ],
    [
      "grad(J, W1) == (W2'*dZ2.*A1)*X'",
      'A1 stands where the derivative of relu belongs, and the factor 1/m is missing',
      "1/m*W2'*dZ2 .* step(Z1)*X'",
    ],
  ] as const) {
    it(`go together with a factor and a sign: ${claim}`, () => {
      const diagnosis = diagnosisOf(`${NETWORK}${claim}\n`)
      expect(diagnosis?.message).to.equal(message)
      expect(diagnosis?.suggestion).to.equal(suggestion)
      expect(verdictOn(mended(`${NETWORK}${claim}\n`, suggestion))).to.equal('proved')
    })
  }

  it('put a derivative where the function itself was written', () => {
    const claim = "grad(J, W1) == 1/m*(W2'*dZ2.*Z1)*X'"
    const diagnosis = diagnosisOf(`${NETWORK}${claim}\n`)
    expect(diagnosis?.message).to.equal('Z1 stands where the derivative of relu belongs')
    expect(diagnosis?.suggestion).to.equal("1/m*(W2'*dZ2 .* step(Z1))*X'")
  })

  it('are all in the table under their own names', () => {
    const names = EDITS.flat().map(({ name }) => name)
    expect(new Set(names).size).to.equal(names.length)
    expect(names).to.include.members(SLIPS.map(({ edit }) => edit))
  })
})
