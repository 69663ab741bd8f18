import { expect } from 'chai'
import { curveSvg } from '../../../src/cli/report/curve-svg.ts'
import { curveLines } from '../../../src/cli/report/curve.ts'

const falling = (length: number, by: number): number[] => Array.from({ length }, (_, at) => 10 * by ** at)

/** The numbers beside the levels of a picture, and those below its steps. */
const marksOf = (svg: string): { levels: string[]; steps: string[] } => ({
  levels: [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text!),
  steps: [...svg.matchAll(/text-anchor="middle">(\d[^<]*)</g)].map(([, text]) => text!),
})

describe('the picture of a training', () => {
  it('marks round numbers, on a logarithmic axis powers of ten', () => {
    expect(marksOf(curveSvg('J', falling(3000, 0.999)))).to.deep.equal({ levels: ['2', '4', '6', '8', '10'], steps: ['0', '1000', '2000'] }) // prettier-ignore
    expect(marksOf(curveSvg('J', falling(31, 0.5))).levels).to.deep.equal(['1e−8', '0.000001', '0.0001', '0.01', '1'])
  })

  it('is drawn of costs that do not change, of one and of none', () => {
    for (const costs of [[2, 2, 2], [1], []]) expect(curveSvg('J', costs)).to.not.match(/NaN|Infinity/)
  })
})

describe('the curve of a training on the terminal', () => {
  it('fits the width, with its levels and its last step', () => {
    for (const width of [40, 80, 120]) {
      const lines = curveLines(falling(3000, 0.99), width)
      expect(lines).to.have.length(9)
      for (const line of lines) expect([...line].length).to.be.at.most(width)
      expect(lines.at(-1)).to.match(/^ +0 +step 2999$/)
    }
  })

  it('shows means, so that what swings looks neither high nor low', () => {
    const swinging = Array.from({ length: 4000 }, (_, at) => (at < 100 ? 10 : at % 2))
    const [top, ...others] = curveLines(swinging, 80)
    expect(top).to.match(/^ 10 █/)
    expect(others.at(-2)!.trim()).to.match(/^0\.5 █+▁+$/)
  })
})
