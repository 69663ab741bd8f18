import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { shapeText } from '../../src/shape/shape.ts'
import { literalSize, multiplySizes, namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { forAllStreams } from '../support/property.ts'

const [n, m, k] = [namedSize('n'), namedSize('m'), namedSize('k')]
const builder = new Builder()
const input = (...shape: (typeof n)[]): Node => builder.input(`x${shapeText(shape)}`, shape)

describe('Builder', () => {
  it('checks the shape of every elementwise operation', () => {
    for (const fn of ELEMENTWISE_NAMES.filter((name) => ELEMENTWISE[name].arity > 1)) {
      const rest = Array.from({ length: ELEMENTWISE[fn].arity - 1 }, () => input(n, m))
      expect(builder.call(fn, input(m), ...rest).shape).to.deep.equal([n, m])
      expect(() => builder.call(fn, input(n), ...rest))
        .to.throw(BackproveError, fn)
        .with.property('code', 'shape')
      expect(() => builder.call(fn, input(n)), fn)
        .to.throw(BackproveError)
        .with.property('code', 'arity')
    }
  })

  const SHAPES: Record<string, { node: Node; shape: string }> = {
    'a matrix product': { node: builder.matmul(input(n, m), input(m, k)), shape: 'n×k' },
    'a product of stacks of matrices': { node: builder.matmul(input(k, n, m), input(m, n)), shape: 'k×n×n' },
    'a product of a stack of one': { node: builder.matmul(input(ONE_SIZE, n, m), input(k, m, n)), shape: 'k×n×n' },
    'a transpose': { node: builder.transpose(input(n, m, k), [2, 0, -2]), shape: 'k×n×m' },
    'a sum': { node: builder.sum(input(n, m)), shape: 'scalar' },
    'a sum over an axis': { node: builder.sum(input(n, m), [-1]), shape: 'n' },
    'a sum that keeps its axis': { node: builder.sum(input(n, m), [0], true), shape: '1×m' },
    'a broadcast': { node: builder.broadcast(input(n, ONE_SIZE), [k, n, m]), shape: 'k×n×m' },
    zeros: { node: builder.zeros([n, m]), shape: 'n×m' },
    ones: { node: builder.ones([n, m]), shape: 'n×m' },
    'a unit matrix': { node: builder.eye(n), shape: 'n×n' },
    'a maximum': { node: builder.reduce('max', input(n, m), [1]), shape: 'n×1' },
    'a softmax': { node: builder.normalise('softmax', input(n, m), [0]), shape: 'n×m' },
    'a logsumexp': { node: builder.normalise('logsumexp', input(n, m), [0]), shape: '1×m' },
    'an inverse': { node: builder.matrix('inv', input(n, n)), shape: 'n×n' },
    'a determinant': { node: builder.matrix('det', input(n, n)), shape: 'scalar' },
    'a reshape': { node: builder.reshape(input(n, m), [multiplySizes(m, n)]), shape: 'm*n' },
    'a gradient': { node: builder.derivative('grad', builder.sum(input(n, m)), input(n, m)), shape: 'n×m' },
    'a Jacobian': { node: builder.derivative('jacobian', input(n, m), input(k)), shape: 'm*n×k' },
  }
  for (const [name, { node, shape }] of Object.entries(SHAPES)) {
    it(`gives ${name} the shape ${shape}`, () => expect(shapeText(node.shape)).to.equal(shape))
  }

  const REFUSED: Record<string, { build: () => Node; code: string }> = {
    'a product of sizes that differ': { build: () => builder.matmul(input(n, m), input(n, m)), code: 'shape' },
    'a product with a vector': { build: () => builder.matmul(input(n, m), input(m)), code: 'shape' },
    'a product of stacks that differ': { build: () => builder.matmul(input(k, n, m), input(n, m, n)), code: 'shape' },
    'a transpose that forgets an axis': { build: () => builder.transpose(input(n, m, k), [0, 1]), code: 'axis' },
    'a transpose that repeats an axis': { build: () => builder.transpose(input(n, m), [0, 0]), code: 'axis' },
    'a sum over an axis that is not there': { build: () => builder.sum(input(n), [1]), code: 'axis' },
    'a broadcast of a name': { build: () => builder.broadcast(input(n), [m]), code: 'shape' },
    'the inverse of no square': { build: () => builder.matrix('inv', input(n, m)), code: 'shape' },
    'a reshape to other entries': { build: () => builder.reshape(input(n), [literalSize(3)]), code: 'shape' },
    'a contraction of other sizes': {
      build: () => builder.contract(SPEC, input(k, m)),
      code: 'shape',
    },
  }
  const rows = builder.sum(input(n, m), [1])
  const SPEC = rows.kind === 'contract' ? rows.spec : (null as never)
  for (const [name, { build, code }] of Object.entries(REFUSED)) {
    it(`refuses ${name}`, () => expect(build).to.throw(BackproveError).with.property('code', code))
  }

  it('takes transposes into products', () => {
    const a = input(n, m)
    const product = builder.matmul(builder.transpose(a), a)
    expect(product.inputs).to.deep.equal([a, a])
    expect(builder.transpose(builder.transpose(a))).to.equal(a)
  })

  it('gives back what nothing is done to', () => {
    const a = input(n, m)
    expect(builder.reshape(a, [n, m])).to.equal(a)
    expect(builder.broadcast(a, [n, m])).to.equal(a)
    expect(builder.sum(a, [])).to.equal(a)
    expect(builder.transpose(a, [0, 1])).to.equal(a)
  })

  it('rebuilds every kind of node as it was', () => {
    forAllStreams((random) => {
      const fresh = new Builder()
      const root = new Expressions(fresh, random).of(randomShape(random), 5)
      const extra = [
        fresh.derivative('grad', root, root),
        fresh.pi(),
        fresh.size(n),
        fresh.reduce('prod', fresh.eye(n), [0]),
      ]
      for (const node of [...fresh.dag.nodes, ...extra]) expect(fresh.rebuild(node, node.inputs)).to.equal(node)
    }, 30)
  })
})
