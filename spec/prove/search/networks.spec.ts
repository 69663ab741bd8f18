import { expect } from 'chai'
import fc from 'fast-check'
import { expandDerivatives } from '../../../src/differentiate/expand.ts'
import type { Node } from '../../../src/graph/node.ts'
import { reachable } from '../../../src/graph/walk.ts'
import type { SearchResult } from '../../../src/prove/search/problem.ts'
import { search } from '../../../src/prove/search/search.ts'
import { sizeNames } from '../../../src/shape/size.ts'
import { buildNetwork, networkPlans } from '../../support/networks.ts'
import type { Network } from '../../support/networks.ts'
import { inputsOf } from '../../support/points.ts'
import { forAll } from '../../support/property.ts'

/** Judges `grad(cost, param) == change(its expansion)`. */
function claim({ builder, cost }: Network, param: Node, seed: number, change: (gradient: Node) => Node): SearchResult {
  const lhsRaw = builder.derivative('grad', cost, param)
  const lhs = expandDerivatives(builder, [lhsRaw]).roots[0]!
  const rhs = change(lhs)
  const sizes = [...new Set(reachable([cost]).flatMap((node) => node.shape.flatMap(sizeNames)))]
  const inputs = inputsOf([cost])
  const problem = { lhs, rhs, lhsRaw, rhsRaw: rhs, inputs, sizes, assumptions: [], domain: [cost], roundedConstants: new Map() } // prettier-ignore
  return search(problem, { seed, trials: 3, milliseconds: 10_000 })
}

const cases = fc.tuple(networkPlans, fc.nat(1000), fc.nat(100))

describe('search over networks', () => {
  it('agrees that a gradient is itself, spelt otherwise', () => {
    forAll(cases, ([plan, seed, which]) => {
      const network = buildNetwork(plan)
      const { builder, params } = network
      const result = claim(network, params[which % params.length]!, seed, (gradient) =>
        builder.call('div', builder.call('mul', gradient, builder.whole(3)), builder.whole(3)),
      )
      expect(result.kind).to.equal('agreement')
    }, 30) // prettier-ignore
  })

  it('refutes a gradient that is off by one part in a thousand, and forward mode never contradicts', () => {
    forAll(cases, ([plan, seed, which]) => {
      const network = buildNetwork(plan)
      const { builder, params } = network
      const result = claim(network, params[which % params.length]!, seed, (gradient) =>
        builder.call('div', builder.call('mul', gradient, builder.whole(1000)), builder.whole(1001)),
      )
      expect(result.kind, 'message' in result ? result.message : '').to.equal('difference')
    }, 30) // prettier-ignore
  })
})
