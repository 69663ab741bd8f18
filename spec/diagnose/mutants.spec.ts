import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'
import { parseExpression } from '../../src/syntax/sheet.ts'
import { toSource } from '../../src/syntax/source.ts'
import { mutantsOf } from './mutate.ts'
import { diagnosisOf, MATRICES, mended, NETWORK, ROWS, verdictOn } from './sheets.ts'

/** Sheets, the derivative of each, and a true formula for it. */
const TRUE: readonly (readonly [sheet: string, derivative: string, formula: string])[] = [
  [NETWORK, 'grad(J, W2)', "1/m * (A2 - Y)*A1'"],
  [NETWORK, 'grad(J, b2)', '1/m * sum(A2 - Y, axis=1)'],
  [NETWORK, 'grad(L, Z1)', "(W2'*(A2 - Y)) .* (1 - A1.^2)"],
  [NETWORK, 'grad(J, W1)', "1/m * ((W2'*(A2 - Y)) .* (1 - A1.^2))*X'"],
  [`${ROWS}\nJ = -sum(T .* log(P))/N\n`, 'grad(J, S)', '(P .* sum(T, axis=1) - T)/N'],
  [`${ROWS}\nJ = sum((S - T).^2)/N + lambda*sum(W.^2)\n`, 'grad(J, W)', "2*X'*(S - T)/N + 2*lambda*W"],
  [`${ROWS}\nJ = sum(T .* P)\n`, 'grad(J, S)', 'P .* (T - sum(T .* P, axis=1))'],
  [`${ROWS}\nJ = sum(T .* H)\n`, 'grad(J, S)', '(T - mean(T, axis=0) - H .* mean(T .* H, axis=0)) ./ sqrt(v + eps)'],
  [`${MATRICES}\nJ = c'*X'*C*X*c\n`, 'grad(J, X)', "(C + C')*X*c*c'"],
  [`${MATRICES}\nJ = sum((X*B - a*c').^2)\n`, 'grad(J, B)', "2*X'*(X*B - a*c')"],
]

/** Of mutants, as many are judged as bear on the share below. */
const CASES = 60
const SHARE = 0.8

function cases(): { sheet: string; claim: string; slip: string }[] {
  const all = TRUE.flatMap(([sheet, derivative, formula]) =>
    mutantsOf(parseExpression(formula)).map(({ slip, expr }) => ({
      sheet,
      claim: `${derivative} == ${toSource(expr)}`,
      slip,
    })),
  )
  return new Random(1).shuffled(all)
}

describe('a true claim after one slip', () => {
  it('starts from true claims', () => {
    for (const [sheet, derivative, formula] of TRUE) {
      expect(verdictOn(`${sheet}${derivative} == ${formula}`), formula).to.equal('proved')
    }
  }).timeout(60_000)

  it(`is mended by a proved suggestion in ${SHARE * 100} of 100 cases, and by none that is not proved`, () => {
    let [wrong, offered] = [0, 0]
    const failed: string[] = []
    for (const { sheet, claim, slip } of cases()) {
      if (wrong === CASES) break
      const text = `${sheet}${claim}\n`
      const verdict = verdictOn(text)
      if (verdict !== 'refuted' && verdict !== 'error') continue
      wrong++
      const suggestion = diagnosisOf(text)?.suggestion ?? null
      if (suggestion === null) {
        failed.push(`${slip}: ${claim}`)
        continue
      }
      offered++
      expect(verdictOn(mended(text, suggestion)), `${claim} mended as ${suggestion}`).to.equal('proved')
    }
    expect(offered / wrong, failed.join('\n')).to.be.at.least(SHARE)
  }).timeout(300_000)
})
