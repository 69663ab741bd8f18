import { expect } from 'chai'
import { BackproveError, createEvaluation, createGraph, createVerifier, toText } from '../../src/index.ts'

const code = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof BackproveError) return error.code
    throw error
  }
  return 'none'
}

describe('createGraph', () => {
  it('gives equal expressions as the same object', () => {
    const g = createGraph()
    const [x, y] = [g.input('x', 'n'), g.input('y', 'n')]
    expect(g.add(g.mul(x, y), 1)).to.equal(g.add(g.mul(x, y), 1))
    expect(g.input('x', 'n')).to.equal(x)
  })

  it('takes a number as the exact decimal that it prints as', () => {
    const g = createGraph()
    const { verifyEqual } = createVerifier(g.builder)
    expect(verifyEqual(g.add(0.1, 0.2), g.constant(0.3)).verdict).to.equal('proved')
  })

  it('refuses what does not fit, by the code of the fault', () => {
    const g = createGraph()
    const a = g.input('A', 'n', 'm')
    expect(code(() => g.input('A', 'm', 'n'))).to.equal('redefinition')
    expect(code(() => g.param('A', 'n', 'm'))).to.equal('redefinition')
    expect(code(() => g.matmul(a, a))).to.equal('shape')
    expect(code(() => g.add(a, createGraph().input('B')))).to.equal('argument')
    expect(code(() => g.constant(NaN))).to.equal('argument')
    expect(code(() => g.input('C', 0))).to.equal('size')
    expect(code(() => g.input('C', 'n+1'))).to.equal('size')
    expect(code(() => g.sum(a, { axis: 2 }))).to.equal('axis')
    expect(code(() => g.grad(a, a))).to.equal('not-scalar')
    expect(code(() => createEvaluation(g.builder).evaluate(a, {}))).not.to.equal('none')
    expect(code(() => createEvaluation(g.builder).evaluate(a, { A: [[1], [2, 3]] }))).to.equal('data')
    expect(code(() => createEvaluation(g.builder).evaluate(a, { AA: 1 }))).to.equal('data')
  })

  it('reduces as jax.numpy does: all axes unless told, and none of them kept', () => {
    const g = createGraph()
    const { evaluate } = createEvaluation(g.builder)
    const a = g.input('A', 'n', 'm')
    const values = { A: [[1, 2, 3], [4, 5, 9]] } // prettier-ignore
    expect(evaluate([g.sum(a), g.sum(a, { axis: 0 }), g.max(a, { axis: -1, keepdims: true })], values)).to.deep.equal([
      24,
      [5, 7, 12],
      [[3], [9]],
    ])
    expect(evaluate([g.mean(a, { axis: 1 }), g.var(a, { axis: 1 })], values)).to.deep.equal([
      [2, 6],
      [2 / 3, 14 / 3],
    ])
  })

  it('differentiates by several values at once, and again', () => {
    const g = createGraph()
    const { verifyEqual } = createVerifier(g.builder)
    const [x, y] = [g.input('x'), g.input('y')]
    const z = g.mul(g.sin(x), y)
    const [dx, dy] = g.grad(z, [x, y])
    expect(toText(dy!)).to.equal('sin(x)')
    expect(verifyEqual(g.grad(dx!, x), g.neg(z)).verdict).to.equal('proved')
    expect(verifyEqual(dx!, g.mul(g.cos(x), x)).verdict).to.equal('refuted')
  })
})
