import { expect } from 'chai'
import { parseRational } from '../../src/base/rational.ts'
import { absorbs } from '../../src/evaluate/absorption.ts'
import { TENSORS } from '../../src/evaluate/algebra.ts'
import { evaluateAll } from '../../src/evaluate/evaluate.ts'
import { tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { namedSize } from '../../src/shape/size.ts'

const builder = new Builder()
const v = builder.input('v', [namedSize('n')])
const one = builder.whole(1)

/** Whether the outermost operation absorbs at these entries of `v`. */
function at(root: Node, ...data: number[]): boolean {
  const values = evaluateAll(TENSORS, reachable([root]), { sizes: new Map([['n', data.length]]), inputs: new Map([[v, tensor([data.length], data)]]) }) // prettier-ignore
  return absorbs(root, (node) => values.get(node)!)
}

describe('absorbs', () => {
  const plusOne = builder.call('add', one, v)

  it('sees a term that rounding takes away whole, and no zero', () => {
    expect(at(plusOne, 1e-20)).to.equal(true)
    expect(at(plusOne, 3, 1e30)).to.equal(true)
    expect(at(plusOne, 1e-10, 0, 7)).to.equal(false)
    expect(at(builder.call('sub', v, one), -1e20)).to.equal(true)
    expect(at(builder.call('sub', v, one), 2)).to.equal(false)
  })

  it('sees what sums and normalisations may lose', () => {
    const sum = builder.sum(v, [0])
    expect(at(sum, 1, 1e-20)).to.equal(true)
    expect(at(sum, 1, 0, -2)).to.equal(false)
    for (const fn of ['softmax', 'log_softmax', 'logsumexp'] as const) {
      const node = builder.normalise(fn, v, [0])
      expect(at(node, 0, -100), fn).to.equal(true)
      expect(at(node, 0, -3), fn).to.equal(false)
      expect(at(node, -100), fn).to.equal(false)
    }
  })

  const FUNCTIONS: readonly [ElementwiseName, readonly number[], readonly number[]][] = [
    ['exp', [1e-20], [0, 1]],
    ['cos', [1e-20], [0, 1]],
    ['sin', [1e-20], [0, 1]],
    ['softplus', [100, -40], [3, -3, 0]],
    ['gelu', [50, -50], [1, -1, 0]],
    ['mish', [50, -800], [1, -1, 0]],
    ['cosh', [40, -40, 1e-20], [1, -1, 0]],
    ['expm1', [-40, 40], [1, -1, 0]],
    ['relu', [], [1e-20, -100, 100, 0]],
    ['abs', [], [1e-20, -100, 100]],
    ['sqrt', [], [1, 4, 0]],
  ]
  for (const [fn, lost, kept] of FUNCTIONS) {
    it(`knows where ${fn} merges with what it comes close to`, () => {
      const node = builder.call(fn, v)
      for (const x of lost) expect(at(node, x), String(x)).to.equal(true)
      for (const x of kept) expect(at(node, x), String(x)).to.equal(false)
    })
  }

  it('sees literals that are nearly a double, and no other', () => {
    const literal = (text: string): boolean => at(builder.constant(parseRational(text)))
    expect(literal(`1.${'0'.repeat(60)}1`)).to.equal(true)
    for (const text of ['0.1', '1', '1e-100', '0.5', '1e300', '1e-400', '3.25']) expect(literal(text), text).to.equal(false) // prettier-ignore
  })
})
