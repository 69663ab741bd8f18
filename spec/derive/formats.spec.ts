import { expect } from 'chai'
import katex from 'katex'
import { CODE_FORMATS, codeOf } from '../../src/derive/code.ts'
import { derive } from '../../src/derive/derive.ts'
import { derivationJson } from '../../src/derive/json.ts'
import { gradientsTex, stepsTex, stepsText } from '../../src/derive/report.ts'
import { derivationSteps } from '../../src/derive/steps.ts'
import { FUNCTIONS } from '../../src/elaborate/builtin/table.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import { OPERATION_SHEETS } from '../support/operation-sheets.ts'

const render = (tex: string): string =>
  katex.renderToString(tex, { displayMode: true, throwOnError: true, strict: 'error', output: 'mathml' })

describe('every format of derive', function () {
  this.timeout(60_000)

  it('is tried with every function of the language', () => {
    const texts = Object.values(OPERATION_SHEETS).map(({ text }) => text)
    const missing = [...FUNCTIONS.keys()].filter(
      (name) => !texts.some((text) => new RegExp(`\\b${name}\\(`).test(text)),
    )
    expect(missing).to.deep.equal([])
  })

  for (const [name, { text, options = {} }] of Object.entries(OPERATION_SHEETS)) {
    it(`says the gradients of ${name}`, () => {
      const program = readProgram(text)
      expect(program.errors).to.deep.equal([])
      const derivation = derive(program, options)
      expect(render(gradientsTex(derivation))).to.include('<math')
      const steps = derivationSteps(program, options)
      expect(render(stepsTex(steps))).to.include('<math')
      expect(stepsText(steps)).not.to.equal('')
      const { gradients } = derivationJson(derivation)
      expect(gradients.every(({ numpy }) => numpy !== '')).to.equal(true)
      for (const language of CODE_FORMATS) expect(codeOf(program, language, options)).to.match(/\n$/)
    })

    it(`says them in the sheet language such that they come back proved, for ${name}`, () => {
      const { of, definitions, gradients } = derive(readProgram(text), options)
      const lines = [
        ...definitions.map((definition) => `${definition.name} = ${definition.text}`),
        ...gradients.map(({ wrt, text: gradient }) => `grad(${of}, ${wrt}) == ${gradient}`),
      ]
      const verdicts = [...judgeClaims(readProgram(`${text}\n${lines.join('\n')}\n`), USUAL_OPTIONS)]
      expect(verdicts.map(({ verdict }) => verdict.verdict)).to.deep.equal(gradients.map(() => 'proved'))
    })
  }
})
