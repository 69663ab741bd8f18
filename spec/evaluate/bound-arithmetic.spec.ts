import { expect } from 'chai'
import { mapBalls } from '../../src/evaluate/bound.ts'
import { BOUND_ARITHMETIC } from '../../src/evaluate/bound-arithmetic.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { forAllStreams } from '../support/property.ts'

describe('BOUND_ARITHMETIC', () => {
  for (const [name, kernel] of Object.entries(BOUND_ARITHMETIC)) {
    it(`gives for ${name} what the rule for balls gives`, () => {
      forAllStreams((random) => {
        const draw = (): number => (random.chance(0.1) ? 0 : random.between(-5, 5))
        const doubt = (): number => (random.chance(0.3) ? 0 : random.unit() * 1e-10)
        const [a, b, doubtA, doubtB] = [draw(), draw(), doubt(), doubt()]
        const [value, bound] = [new Float64Array(1), new Float64Array(1)]
        kernel(value, bound, Float64Array.of(a), Float64Array.of(doubtA), Float64Array.of(b), Float64Array.of(doubtB))
        const ball = mapBalls(name as ElementwiseName, [{ value: a, bound: doubtA }, { value: b, bound: doubtB }]) // prettier-ignore
        expect(value[0]).to.deep.equal(ball.value)
        if (Number.isFinite(ball.value)) expect(bound[0]).to.be.closeTo(ball.bound, 1e-14 * ball.bound)
      }, 200)
    })
  }
})
