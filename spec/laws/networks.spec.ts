import fc from 'fast-check'
import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { lengthsOf } from '../../src/evaluate/algebra.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { evaluateForward } from '../../src/evaluate/forward.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { differenceGradient } from '../support/differences.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { ACTIVATIONS, buildNetwork, LOSSES, networkPlans } from '../support/networks.ts'
import { inputsOf, pointFor } from '../support/points.ts'
import { forAll, forAllStreams } from '../support/property.ts'
import { expectClose, joined } from '../support/relative.ts'

describe('gradients of networks', () => {
  it('are the numerical ones for every weight and bias', () => {
    forAll(
      fc.tuple(networkPlans, fc.nat()),
      ([plan, seed]) => {
        const { builder, cost, params, kinks } = buildNetwork(plan)
        const point = pointFor([cost], new Random(seed))
        const nearKink = evaluate(kinks, point).some(({ data }) => data.some((z) => Math.abs(z) < 0.02))
        fc.pre(!nearKink)
        const gradients = evaluate(vjp(builder, cost, params), point)
        gradients.forEach((gradient, at) => {
          expect(gradient.shape).to.deep.equal(lengthsOf(params[at]!, point.sizes))
        })
        const numeric = params.map((param) => differenceGradient(cost, point, param))
        expectClose(joined(gradients), joined(numeric), 1e-7)
      },
      40,
    )
  })

  it('are those of forward mode for every intermediate', () => {
    forAll(
      fc.tuple(networkPlans, fc.nat()),
      ([plan, seed]) => {
        const { builder, loss, pre, post } = buildNetwork(plan)
        const point = pointFor([loss], new Random(seed))
        const claims = [...pre, ...post].map((node) => builder.derivative('grad', loss, node))
        const reverse = evaluate(expandDerivatives(builder, claims).roots, point)
        evaluateForward(claims, point).forEach((forward, at) => expectClose(reverse[at]!, forward, 1e-10))
      },
      40,
    )
  })

  for (const loss of LOSSES) {
    for (const activation of ACTIVATIONS) {
      it(`take at most three nodes for each forward node: ${activation} and ${loss}`, () => {
        const hidden = [activation, activation, activation]
        const { builder, cost, params } = buildNetwork({ hidden, loss, shared: false, residual: false })
        const forward = new Set(reachable([cost]))
        const added = reachable(vjp(builder, cost, params)).filter((node) => !forward.has(node))
        expect(added.length / forward.size).to.be.at.most(3)
      })
    }
  }
})

describe('gradients of random expressions', () => {
  // Every entry has a weight of its own: the plain sum of a softmax, say, would not move at all.
  const scalarOf = (builder: Builder, random: Random, depth: number): Node => {
    const array = new Expressions(builder, random).of(randomShape(random), depth)
    return builder.sum(builder.call('mul', builder.input('weights', array.shape), array))
  }

  it('are the numerical ones for every input', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const y = scalarOf(builder, random, 1 + random.below(6))
      const point = pointFor([y], random)
      const inputs = inputsOf([y])
      const gradients = evaluate(vjp(builder, y, inputs), point)
      const numeric = inputs.map((input) => differenceGradient(y, point, input))
      expectClose(joined(gradients), joined(numeric), 1e-7)
    }, 150)
  })

  it('are those of forward mode for every node', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const y = scalarOf(builder, random, 1 + random.below(4))
      const point = pointFor([y], random)
      const named = reachable([y]).filter(
        (node) => node.kind === 'input' || (node.kind === 'definition' && inputsOf([node]).length > 0),
      )
      const claims = named.map((node) => builder.derivative('grad', y, node))
      const reverse = evaluate(expandDerivatives(builder, claims).roots, point)
      expectClose(joined(reverse), joined(evaluateForward(claims, point)), 1e-10)
    }, 100)
  })

  it('have numerical second derivatives', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const y = scalarOf(builder, random, 1 + random.below(4))
      const inputs = inputsOf([y])
      const first = vjp(builder, y, inputs)
      // A scalar that depends on all first derivatives, each entry with another weight.
      const slope = first.reduce((sum, gradient) => {
        const wave = builder.call('sin', builder.call('add', gradient, builder.whole(1)))
        return builder.call('add', sum, builder.sum(wave))
      }, builder.whole(0))
      const point = pointFor([slope, y], random)
      const gradients = evaluate(vjp(builder, slope, inputs), point)
      const numeric = inputs.map((input) => differenceGradient(slope, point, input))
      expectClose(joined(gradients), joined(numeric), 1e-6)
    }, 60)
  })
})
