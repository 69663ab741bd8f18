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
      [
        () => fit(cost, data, { ...options, iterations: 1, resume: { params: { V: [[1], [2], [3]], W: [[1, 2]] } } }),
        '`W` is 1×2, not 1×3',
      ],
      [() => fit(cost, data, { ...options, iterations: 1, resume: { params: { V: [[1], [2], [3]] } } }), 'lack `W`'],
      [
        () => fit(cost, data, { ...options, iterations: 1, resume: { params: { V: [[1]], W: [[1]], b: [[1]] } } }),
        'have `b`, which the cost has not',
      ],
      ...[NaN, 0, -1, Infinity].map(
        (learningRate) =>
          [
            () => fit(cost, data, { ...options, learningRate, iterations: 1 }),
            'learningRate takes a positive number',
          ] as const,
      ),
      ...[0, 1.5, NaN].map(
        (batch) => [() => fit(cost, data, { ...options, batch, iterations: 1 }), 'batch takes a whole number'] as const,
      ),
      [() => fit(cost, data, { ...options, batch: 6, iterations: 1 }), 'more than there are samples: 5'],
      [() => fit(cost, data, { ...options, iterations: 0.5 }), 'iterations takes a whole number'],
      [() => fit(cost, data, { ...options, seed: -1, iterations: 1 }), 'seed takes a whole number'],
      [() => fit(cost, data, { ...options, samples: 'q', iterations: 1 }), 'no size `q`'],
      [() => fit(cost, data, { ...options, sizes: { k: 0 }, iterations: 1 }), 'the size `k` takes a whole number'],
      [
        () => fit(cost, data, { ...options, initialisation: 'best' as 'he', iterations: 1 }),
        'no initialisation `best`',
      ],
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
