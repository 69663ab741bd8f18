import { expect } from 'chai'
import { BackproveError, createCompilation, createGraph, createTraining } from '../../src/index.ts'

const g = createGraph()
const { fit, trainer } = createTraining(g.builder)
const { compile, compileValueAndGrad } = createCompilation(g.builder)
const [X, Y] = [g.input('X', 'n', 'm'), g.input('Y', 1, 'm')]
const [V, W] = [g.param('V', 'k', 'n'), g.param('W', 1, 'k')]
const output = g.matmul(W, g.tanh(g.matmul(V, X)))
const cost = g.mean(g.square(g.sub(output, Y)))
const data = { X: [[-1, -0.5, 0, 0.5, 1]], Y: [[1, 0.25, 0, 0.25, 1]] }
const options = { learningRate: 0.2, sizes: { k: 3 } }

const errorOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
    return null
  } catch (error) {
    return error
  }
}

describe('fit, in the library', () => {
  it('goes on from JSON as if it had not stopped', async () => {
    const whole = await fit(cost, data, { ...options, iterations: 40 })
    const half = await fit(cost, data, { ...options, iterations: 15 })
    const resume = JSON.parse(JSON.stringify(half)) as typeof half
    expect(await fit(cost, data, { ...options, iterations: 40, resume })).to.deep.equal(whole)
    expect(whole.history[39]).to.be.below(whole.history[0]!)
  })

  it('takes the steps that a trainer takes', async () => {
    const steps = trainer(cost, data, options)
    const costs = Array.from({ length: 5 }, () => steps.step())
    expect((await fit(cost, data, { ...options, iterations: 5 })).history).to.deep.equal(costs)
  })

  it('says what is missing and what does not fit', async () => {
    for (const [work, says] of [
      [() => fit(cost, { X: data.X }, { ...options, iterations: 1 }), '`Y` has no value'],
      [() => fit(cost, { ...data, Z: 1 }, { ...options, iterations: 1 }), '`Z`'],
      [() => fit(cost, data, { learningRate: 1, iterations: 1 }), '`k`'],
      [() => fit(output, { X: data.X }, { ...options, iterations: 1 }), 'scalar'],
      [() => fit(cost, data, { ...options, iterations: 1, resume: { params: { W: [[1, 2]] } } }), '`W` has 2 entries'],
    ] as const) {
      const error = await errorOf(work)
      expect(error).to.be.instanceOf(BackproveError)
      expect((error as BackproveError).message).to.include(says)
    }
  })
})

describe('compile, in the library', () => {
  it('takes derivatives that stand in what is compiled', () => {
    const z = g.input('z', 'n')
    const slope = g.grad(g.sum(g.pow(z, 3)), z)
    expect([...compile([slope])({ z: [1, 2] })[0]!.data]).to.deep.equal([3, 12])
    const { value, gradients } = compileValueAndGrad(g.sum(slope), [z])({ z: [1, 2] })
    expect([value, ...gradients[0]!.data]).to.deep.equal([15, 6, 12])
  })
})
