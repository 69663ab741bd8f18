import { expect } from 'chai'
import { compile } from '../../src/compile/compile.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { accuracy } from '../../src/fit/accuracy.ts'
import { fit } from '../../src/fit/fit.ts'
import { initialise } from '../../src/fit/initialise.ts'
import { readState, writeState } from '../../src/fit/state.ts'
import { paramsOf, Trainer } from '../../src/fit/trainer.ts'
import type { Problem } from '../../src/fit/trainer.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { InputNode, Node } from '../../src/graph/node.ts'
import { literalSize, namedSize } from '../../src/shape/size.ts'
import { random } from '../support/graphs.ts'

const SAMPLES = 60

/** Points in a disc against those around it, a hidden layer of six, columns as samples. */
function disc(): Problem & { readonly output: Node; readonly labels: Tensor } {
  const b = new Builder()
  const [m, hidden] = [namedSize('m'), namedSize('n_1')]
  const x = b.input('X', [literalSize(2), m])
  const y = b.input('Y', [literalSize(1), m], 'label')
  const w1 = b.input('W1', [hidden, literalSize(2)], 'param')
  const b1 = b.input('b1', [hidden, literalSize(1)], 'param')
  const w2 = b.input('W2', [literalSize(1), hidden], 'param')
  const b2 = b.input('b2', [literalSize(1), literalSize(1)], 'param')
  const a1 = b.define('A1', b.call('tanh', b.call('add', b.matmul(w1, x), b1)))
  const output = b.define('A2', b.call('sigmoid', b.call('add', b.matmul(w2, a1), b2)))
  const one = b.whole(1)
  const logs = b.call('add', b.call('mul', y, b.call('log', output)),
    b.call('mul', b.call('sub', one, y), b.call('log', b.call('sub', one, output)))) // prettier-ignore
  const cost = b.call('neg', b.call('div', b.sum(logs), b.size(m)))
  const draw = random(4)
  const points = Float64Array.from({ length: 2 * SAMPLES }, () => 2 * draw() - 1)
  const inside = Float64Array.from({ length: SAMPLES }, (_, i) =>
    points[i]! ** 2 + points[SAMPLES + i]! ** 2 < 0.5 ? 1 : 0,
  )
  const labels = { shape: [1, SAMPLES], data: inside }
  const values = new Map([[x as InputNode, { shape: [2, SAMPLES], data: points }], [y as InputNode, labels]]) // prettier-ignore
  return { builder: b, cost, values, sizes: new Map([['m', SAMPLES], ['n_1', 6]]), output, labels } // prettier-ignore
}

describe('fit', () => {
  it('learns what one layer cannot', async () => {
    const problem = disc()
    const { history, params, ended } = await fit(problem, { learningRate: 1.2, iterations: 3000 })
    expect(ended).to.equal('done')
    expect(history).to.have.length(3000)
    expect(history.at(-1)).to.be.below(0.15)
    const inputs = Object.fromEntries([
      ...[...problem.values].map(([{ name }, value]) => [name, value] as const),
      ...params,
    ])
    const [predicted] = compile([problem.output])(inputs)
    expect(accuracy(predicted as Tensor, problem.labels, 1)).to.be.above(0.95)
  })

  for (const batch of [undefined, 16]) {
    it(`goes the same way whether stopped or not, ${batch === undefined ? 'on all samples' : 'in mini-batches'}`, async () => {
      const options = { learningRate: 0.5, seed: 3, ...(batch === undefined ? {} : { batch }) }
      const whole = await fit(disc(), { ...options, iterations: 50 })
      const half = await fit(disc(), { ...options, iterations: 23 })
      const rest = await fit(disc(), { ...options, iterations: 50, resume: readState(writeState(half)) })
      expect(writeState(rest)).to.equal(writeState(whole))
    })
  }

  it('sees every sample once in each pass of mini-batches', () => {
    const trainer = new Trainer(disc(), { learningRate: 0.1, batch: 16 })
    for (let step = 0; step < 8; step++) expect(trainer.step()).to.be.a('number')
    expect(trainer.iteration).to.equal(8)
  })

  it('stops between two steps when told to, with what it has', async () => {
    const stop = new AbortController()
    const { ended, history } = await fit(disc(), {
      learningRate: 0.1,
      iterations: 1e9,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(ended).to.equal('interrupted')
    expect(history.length).to.be.above(0)
  })

  it('says that it diverged and keeps finite parameters', async () => {
    const b = new Builder()
    const w = b.input('w', [], 'param')
    const x = b.input('x', [namedSize('m')]) as InputNode
    const cost = b.sum(b.call('exp', b.call('mul', w, x)))
    const values = new Map([[x, { shape: [2], data: Float64Array.of(1, -1) }]])
    const problem = { builder: b, cost, values, sizes: new Map([['m', 2]]) }
    const resume = { iteration: 0, history: [], params: new Map([['w', { shape: [], data: Float64Array.of(5) }]]) }
    const { ended, params } = await fit(problem, { learningRate: 100, iterations: 100, resume })
    expect(ended).to.equal('diverged')
    expect(Number.isFinite(params.get('w')!.data[0])).to.equal(true)
  })
})

describe('initialise', () => {
  const spread = (values: Float64Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length)

  it('draws weights by fan-in and sets biases to zero', () => {
    const { cost } = disc()
    const sizes = new Map([['m', 5], ['n_1', 4000]]) // prettier-ignore
    const start = (how: 'small' | 'he' | 'xavier'): Map<string, Float64Array> =>
      initialise(cost, paramsOf(cost), sizes, how, 1)
    expect(spread(start('small').get('W1')!)).to.be.closeTo(0.01, 0.0005)
    expect(spread(start('he').get('W1')!)).to.be.closeTo(1, 0.05)
    expect(spread(start('he').get('W2')!)).to.be.closeTo(Math.sqrt(2 / 4000), 0.002)
    expect(spread(start('xavier').get('W2')!)).to.be.closeTo(Math.sqrt(1 / 4000), 0.002)
    for (const name of ['b1', 'b2']) expect(spread(start('he').get(name)!)).to.equal(0)
    expect([...start('he').get('W1')!]).to.deep.equal([...start('he').get('W1')!])
  })
})

describe('readState', () => {
  it('takes parameters alone, and nothing that is no state', () => {
    expect(readState('{ "params": { "w": [1, 2] } }').iteration).to.equal(0)
    expect(() => readState('[')).to.throw('not JSON')
    expect(() => readState('{ "params": 3 }')).to.throw('holds no parameters')
    expect(() => readState('{ "params": {}, "iteration": -1 }')).to.throw('holds no parameters')
  })
})
