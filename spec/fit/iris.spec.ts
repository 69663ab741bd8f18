import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readData } from '../../src/data/data.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { accuracy } from '../../src/fit/accuracy.ts'
import { fit } from '../../src/fit/fit.ts'
import { paramsOf } from '../../src/fit/trainer.ts'
import type { InputNode, Node } from '../../src/graph/node.ts'
import { readProgram } from '../../src/pipeline.ts'
import { EXAMPLES } from '../support/examples.ts'

const { builder, definitions, inputs } = readProgram(readFileSync(join(EXAMPLES, 'iris.bp'), 'utf8'))
const { values, sizes } = readData(readFileSync(join(EXAMPLES, 'iris.csv'), 'utf8'), inputs)
const input = (name: string): InputNode => inputs.find((node) => node.name === name)!
const [J, A2] = [definitions.get('J')!, definitions.get('A2')!]

describe('iris', () => {
  it('has the 150 flowers of Fisher’s tables, 50 of each species', () => {
    const [X, Y] = [values.get(input('X'))!, values.get(input('Y'))!]
    const mean = (row: number): number => X.data.subarray(150 * row, 150 * (row + 1)).reduce((a, b) => a + b, 0) / 150
    expect([...X.shape, ...Y.shape]).to.deep.equal([4, 150, 3, 150])
    expect([0, 1, 2].map((k) => Y.data.subarray(150 * k, 150 * (k + 1)).filter((y) => y === 1).length)).to.deep.equal([50, 50, 50]) // prettier-ignore
    // Flowers 35 and 38 of setosa, which widespread copies have wrong: https://archive.ics.uci.edu/dataset/53/iris
    const flower = (at: number): number[] => [0, 1, 2, 3].map((row) => X.data[150 * row + at]!)
    expect([flower(34), flower(37)]).to.deep.equal([[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]) // prettier-ignore
    // Thirds of the sums of the species' means in Fisher's table 2.
    for (const [row, wanted] of [5.8433, 3.0573, 3.758, 1.1993].entries()) expect(mean(row)).to.be.closeTo(wanted, 5e-5)
  })

  for (const seed of [1, 2, 3]) {
    it(`is told apart by the network of the example, seed ${seed}`, async () => {
      const { params } = await fit({ builder, cost: J, values, sizes }, { learningRate: 0.1, iterations: 3000, seed })
      const point = new Map<Node, { shape: readonly number[]; data: Float64Array }>(values)
      for (const param of paramsOf(J)) point.set(param, params.get(param.name)!)
      const [predicted] = evaluate([A2], { sizes, inputs: point })
      expect(accuracy(predicted!, values.get(input('Y'))!, 1)).to.be.at.least(0.96)
    })
  }
})
