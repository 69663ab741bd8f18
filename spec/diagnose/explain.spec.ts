import { expect } from 'chai'
import { Clock } from '../../src/diagnose/clock.ts'
import { explain } from '../../src/diagnose/explain.ts'
import { Goal } from '../../src/diagnose/goal.ts'
import { elaborateSide, sourcesOf } from '../../src/elaborate/elaborate.ts'
import { readProgram } from '../../src/pipeline.ts'
import { toText } from '../../src/print/text.ts'
import { MATRICES, NETWORK, ROWS } from './sheets.ts'

function explanation(text: string): string | null {
  const program = readProgram(text)
  const { link, scope } = sourcesOf(program).claims.get(program.claims[0]!)!
  const [fixed, side] = [elaborateSide(program, link.lhs, scope), elaborateSide(program, link.rhs, scope)]
  const clock = new Clock(Infinity, 10_000)
  const goal = new Goal({ program, fixed, describe: toText, seed: 1, clock, counterexample: null })
  return explain(program, goal, side)
}

describe('explain', () => {
  const cases: readonly (readonly [sheet: string, claim: string, message: string | null])[] = [
    [`${ROWS}\nJ = sum(sin(S))\n`, 'grad(J, S) == 3*cos(S)', 'off by a constant factor 3'],
    [`${ROWS}\nJ = sum(sin(S))\n`, 'grad(J, S) == -cos(S)/2', 'off by a constant factor 1/2, and in sign'],
    [`${ROWS}\nJ = sum(sin(S))\n`, 'grad(J, S) == -cos(S)', 'the sides differ in sign'],
    [`${ROWS}\nJ = sum(sin(S))\n`, 'grad(J, S) == cos(S)/(N*C)', 'off by exactly 1/(N*C)'],
    [`${ROWS}\nJ = sum(sin(S))\n`, 'grad(J, S) == N*cos(S)/C', 'off by exactly N/C'],
    [`${ROWS}\nJ = sum(sin(S))\n`, 'grad(J, S) == 7.3*cos(S)', null],
    [`${MATRICES}\nJ = trace(sin(B))\n`, 'grad(J, B) == cos(B)', 'right only on the diagonal'],
    [
      `${ROWS}\nJ = sum(relu(S))\n`,
      'grad(J, S) == (S > 0) + (S <= 0) .* S',
      'at the points tried right only where S > 0',
    ],
    [`${ROWS}\nJ = sum(relu(S))\n`, 'grad(J, S) == ones(N, C)', 'at the points tried right only where S > 0'],
    [`${ROWS}\nJ = sum(relu(S))\n`, 'grad(J, S) == zeros(N, C)', 'at the points tried right only where S <= 0'],
    [NETWORK, "grad(J, W2) == (A2 - Y)*A1'", 'off by exactly m: this is the derivative of L, the claim says J'],
  ]
  for (const [sheet, claim, message] of cases) {
    it(`${claim}: ${message ?? 'nothing'}`, () => {
      expect(explanation(`${sheet}${claim}\n`)).to.equal(message)
    })
  }
})
