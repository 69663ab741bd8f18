import { diagnose } from '../../src/diagnose/diagnose.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import { toText } from '../../src/print/text.ts'
import type { Diagnosis, Verdict } from '../../src/prove/verdict.ts'

/** Two layers, with a loss summed and its mean. */
export const NETWORK = `
X = input(n_x, m)
Y = label(1, m)
W1 = param(n_1, n_x)
b1 = param(n_1, 1)
W2 = param(1, n_1)
b2 = param(1, 1)
Z1 = W1*X + b1
A1 = tanh(Z1)
Z2 = W2*A1 + b2
A2 = sigmoid(Z2)
L = -sum(Y.*log(A2) + (1 - Y).*log(1 - A2))
J = L/m
`

/** Rows are examples. */
export const ROWS = `
X = input(N, D)
W = param(D, C)
b = param(1, C)
T = input(N, C)
lambda = input(lambda > 0)
eps = input(eps > 0)
S = X*W + b
P = softmax(S, axis=1)
mu = mean(S, axis=0)
v = mean((S - mu).^2, axis=0)
H = (S - mu) ./ sqrt(v + eps)
`

/** Matrices of one letter. */
export const MATRICES = `
X = input(m, n)
B = input(n, n)
C = input(m, m)
a = input(m, 1)
c = input(n, 1)
`

const last = (text: string): Verdict => [...judgeClaims(readProgram(text), USUAL_OPTIONS)].at(-1)!.verdict

/** What is said of the last claim of a sheet, however busy the machine is. */
export function diagnosisOf(text: string): Diagnosis | null {
  const program = readProgram(text)
  const claim = program.claims.at(-1)!
  return diagnose({ program, claim, counterexample: null, describe: toText, seed: 1, milliseconds: 10_000 })
}

/** The sheet with a suggestion taken: in place of the claim's right side, or of the definition that it names. */
export function mended(text: string, suggestion: string): string {
  const lines = text.trimEnd().split('\n')
  const definition = /^([\w[\]]+) = /.exec(suggestion)
  if (definition === null) {
    const claim = lines.pop()!
    return [...lines, `${claim.slice(0, claim.indexOf('==') + 2)} ${suggestion}`].join('\n')
  }
  return lines.map((line) => (line.startsWith(definition[0]) ? suggestion : line)).join('\n')
}

export const verdictOn = (text: string): Verdict['verdict'] => last(text).verdict
