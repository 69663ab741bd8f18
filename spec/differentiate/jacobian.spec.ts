import { expect } from 'chai'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { hessian, jacobian } from '../../src/differentiate/jacobian.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { BOUNDED, evaluateWithBound } from '../../src/evaluate/bound.ts'
import type { Bounded } from '../../src/evaluate/bound.ts'
import { Random } from '../../src/base/random.ts'
import { evaluateForwardIn } from '../../src/evaluate/forward.ts'
import { tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import type { Shape } from '../../src/shape/shape.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { differenceJacobian } from '../support/differences.ts'
import { Expressions } from '../support/expressions.ts'
import { inputsOf, pointFor } from '../support/points.ts'
import { forAllStreams } from '../support/property.ts'
import { expectClose, expectWithinBounds } from '../support/relative.ts'

const [p, q] = [namedSize('p'), namedSize('q')]
const SHAPES: readonly Shape[] = [[], [p], [p, ONE_SIZE], [ONE_SIZE, q], [p, q], [ONE_SIZE, ONE_SIZE]]

describe('jacobian', () => {
  it('has a row for each entry and a column for each variable, of any shapes', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const y = new Expressions(builder, random).of(SHAPES[random.below(SHAPES.length)]!, 1 + random.below(4))
      const x = inputsOf([y])
        .filter((input) => !input.name.startsWith('c'))
        .at(-1)
      if (x === undefined) return
      const matrix = jacobian(builder, y, x)
      const point = pointFor([matrix, y], random)
      const [reverse] = evaluateWithBound([matrix], point) as [Bounded]
      const [forward] = evaluateForwardIn(BOUNDED, [builder.derivative('jacobian', y, x)], point) as [Bounded]
      expectWithinBounds(reverse, forward)
      const { value } = reverse
      // Where all derivatives cancel, as in a softmax of one entry, differences leave only rounding.
      if (value.data.some((entry) => Math.abs(entry) > 1e-3)) expectClose(value, differenceJacobian(y, point, x), 1e-6)
    }, 120)
  })

  it('is what the derivative node expands to', () => {
    const builder = new Builder()
    const x = builder.input('x', [p])
    const y = builder.normalise('softmax', x, [0])
    expect(expandDerivatives(builder, [builder.derivative('jacobian', y, x)]).roots[0]).to.equal(
      jacobian(builder, y, x),
    )
  })

  it('of a matrix times a vector is the matrix', () => {
    const builder = new Builder()
    const [a, x] = [builder.input('a', [p, q]), builder.input('x', [q])]
    expect(jacobian(builder, builder.einsum('ij,j->i', [a, x]), x)).to.equal(a)
    const column = builder.input('column', [q, ONE_SIZE])
    const matrix = jacobian(builder, builder.matmul(a, column), column)
    expect(reachable([matrix]).map((node) => node.kind)).not.to.include('reshape')
    const point = pointFor([matrix], new Random(1))
    expectClose(evaluate([matrix], point)[0]!, point.inputs.get(a)!, 0)
  })
})

describe('hessian', () => {
  it('of a quadratic form is the symmetric part of its matrix, twice', () => {
    const builder = new Builder()
    const [a, x] = [builder.input('a', [p, p]), builder.input('x', [p])]
    const form = builder.einsum('i,ij,j->', [x, a, x])
    const point = {
      sizes: new Map([['p', 2]]),
      inputs: new Map<Node, Tensor>([
        [a, tensor([2, 2], [1, 2, 5, -3])],
        [x, tensor([2], [0.5, 0.25])],
      ]),
    }
    expect([...evaluate([hessian(builder, form, x)], point)[0]!.data]).to.deep.equal([2, 7, 7, -6])
  })

  it('is the jacobian of the gradient', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const x = builder.input('x', [p])
      const array = new Expressions(builder, random).of([p], 2)
      const y = builder.sum(builder.call('sin', builder.call('mul', x, array)))
      const nested = builder.derivative('jacobian', builder.derivative('grad', y, x), x)
      const direct = hessian(builder, y, x)
      const point = pointFor([direct, y], random)
      const [expanded] = evaluate(expandDerivatives(builder, [nested]).roots, point) as [Tensor]
      const [value] = evaluate([direct], point) as [Tensor]
      expectClose(value, expanded, 1e-13)
      const transposed = evaluate([builder.transpose(direct)], point)[0]!
      expectClose(value, transposed, 1e-12)
    }, 30)
  })
})
