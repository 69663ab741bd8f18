import { expect } from 'chai'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { admit } from '../../src/evaluate/admission.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { evaluateForward } from '../../src/evaluate/forward.ts'
import { scalar } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { buildNetwork } from '../support/networks.ts'

/** `f(f(…f(x)))`. */
function composed(builder: Builder, fn: ElementwiseName, depth: number): { x: Node; y: Node } {
  const x = builder.input('x', [])
  let y: Node = x
  for (let level = 0; level < depth; level++) y = builder.call(fn, y)
  return { x, y }
}

const countNew = (results: readonly Node[], forward: readonly Node[]): number => {
  const known = new Set(forward)
  return reachable(results).filter((node) => !known.has(node)).length
}

/** The shortest of several runs: what the work costs when nothing else does. */
function milliseconds(work: () => void, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...times)
}

describe('depth', () => {
  it('costs no stack: 100,000 operations in a chain', () => {
    const builder = new Builder()
    const { x, y } = composed(builder, 'sin', 100_000)
    const claim = builder.derivative('grad', y, x)
    const { roots } = expandDerivatives(builder, [claim])
    const point = { sizes: new Map<string, number>(), inputs: new Map([[x, scalar(0.5)]]) }
    const [reverse] = evaluate(roots, point)
    const [forward] = evaluateForward([claim], point)
    expect(reverse!.data[0]).to.be.greaterThan(0)
    expect(Math.abs(reverse!.data[0]! - forward!.data[0]!)).to.be.at.most(1e-9 * forward!.data[0]!)
    expect(admit([y], point).obstacles).to.be.empty
  })

  for (const fn of ELEMENTWISE_NAMES.filter((name) => ELEMENTWISE[name].arity === 1)) {
    it(`makes the derivative of ${fn} of ${fn} of … grow linearly`, () => {
      const nodesAt = (depth: number): number => {
        const builder = new Builder()
        const { x, y } = composed(builder, fn, depth)
        return countNew(vjp(builder, y, [x]), reachable([y]))
      }
      const [ten, twenty, thirty] = [nodesAt(10), nodesAt(20), nodesAt(30)]
      expect(thirty - twenty).to.equal(twenty - ten)
    })
  }

  it('differentiates mish of mish of …, ten deep, in under 5 ms', () => {
    const work = (): void => {
      const builder = new Builder()
      const { x, y } = composed(builder, 'mish', 10)
      vjp(builder, y, [x])
    }
    expect(milliseconds(work, 20)).to.be.below(5)
  })
})

describe('width', () => {
  it('takes each layer of a network the same number of nodes', () => {
    const nodesAt = (layers: number): number => {
      const hidden = Array.from({ length: layers }, () => 'tanh' as const)
      const { builder, cost, params } = buildNetwork({ hidden, loss: 'mse', shared: false, residual: false })
      return countNew(vjp(builder, cost, params), reachable([cost]))
    }
    const [ten, twenty, thirty] = [nodesAt(10), nodesAt(20), nodesAt(30)]
    expect(thirty - twenty).to.equal(twenty - ten)
  })

  it('expands the gradients by all parameters of a loss in one sweep', () => {
    const hidden = Array.from({ length: 2000 }, () => 'tanh' as const)
    const { builder, cost, params } = buildNetwork({ hidden, loss: 'mse', shared: false, residual: false })
    const claims = params.map((param) => builder.derivative('grad', cost, param))
    const one = milliseconds(() => vjp(builder, cost, params), 1)
    const all = milliseconds(() => expandDerivatives(builder, claims), 1)
    // A sweep for each of the 4,002 parameters would take a thousand times as long.
    expect(all).to.be.below(20 * one + 200)
  })

  it('builds and differentiates 10,000 layers well within three seconds', () => {
    const hidden = Array.from({ length: 10_000 }, () => 'tanh' as const)
    const work = (): void => {
      const { builder, cost, params } = buildNetwork({ hidden, loss: 'mse', shared: false, residual: false })
      vjp(builder, cost, params)
    }
    expect(milliseconds(work, 2)).to.be.below(3000)
  }).timeout(30_000)
})
