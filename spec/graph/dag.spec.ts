import { expect } from 'chai'
import { Builder } from '../../src/graph/builder.ts'
import { dependents, reachable, unname } from '../../src/graph/walk.ts'
import type { Node } from '../../src/graph/node.ts'
import { namedSize } from '../../src/shape/size.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { forAllStreams } from '../support/property.ts'

const [n, m] = [namedSize('n'), namedSize('m')]

describe('Dag', () => {
  it('gives one node for one operation on the same inputs', () => {
    const builder = new Builder()
    const x = builder.input('x', [n, m])
    const twice = (): Node[] => [
      builder.whole(2), builder.pi(), builder.size(n), builder.input('x', [n, m]), builder.call('exp', x),
      builder.define('y', x), builder.sum(x, [0]), builder.matmul(x, builder.transpose(x)), builder.reduce('max', x, [1]),
      builder.normalise('softmax', x, [0]), builder.reshape(x, [m, n]), builder.derivative('grad', builder.sum(x), x),
    ] // prettier-ignore
    const [first, second] = [twice(), twice()]
    first.forEach((node, at) => expect(second[at]).to.equal(node))
    expect(new Set(first).size).to.equal(first.length)
  })

  it('keeps apart what differs in any way', () => {
    const builder = new Builder()
    const x = builder.input('x', [n, n])
    const y = builder.input('y', [n, n])
    const different = [
      builder.whole(2), builder.whole(-2), builder.pi(), builder.e(), builder.size(n), builder.size(m),
      builder.call('sub', x, y), builder.call('sub', y, x), builder.call('add', x, y), builder.define('a', x),
      builder.define('b', x), builder.define('a', y), builder.sum(x, [0]), builder.sum(x, [1]), builder.sum(x, [0], true),
      builder.transpose(x), builder.einsum('ii->', [x]), builder.einsum('ii->i', [x]), builder.reduce('max', x, [0]),
      builder.reduce('max', x, [1]), builder.reduce('min', x, [0]), builder.normalise('softmax', x, [0]),
      builder.normalise('log_softmax', x, [0]), builder.matrix('det', x), builder.matrix('inv', x),
      builder.derivative('grad', x, y), builder.derivative('jacobian', x, y),
    ] // prettier-ignore
    expect(new Set(different).size).to.equal(different.length)
  })

  it('numbers inputs before outputs', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      new Expressions(builder, random).of(randomShape(random), 5)
      builder.dag.nodes.forEach((node, at) => {
        expect(node.id).to.equal(at)
        for (const input of node.inputs) expect(input.id).to.be.below(node.id)
      })
    }, 20)
  })
})

describe('walk', () => {
  const builder = new Builder()
  const x = builder.input('x', [])
  const y = builder.input('y', [])
  const named = builder.define('outer', builder.define('inner', x))
  const sum = builder.call('add', named, y)
  const product = builder.call('mul', sum, sum)

  it('reaches everything below the roots once, in order', () => {
    const below = reachable([product, sum])
    expect(below.map((node) => node.id)).to.deep.equal([...new Set(below.map((node) => node.id))].sort((a, b) => a - b))
    expect(below).to.have.members([x, y, named.inputs[0], named, sum, product])
  })

  it('finds what a node enters', () => {
    expect([...dependents([product], y)]).to.deep.equal([y, sum, product])
    expect([...dependents([product], builder.whole(7))]).to.be.empty
  })

  it('sees through names', () => {
    expect(unname(named)).to.equal(x)
    expect(unname(product)).to.equal(product)
  })
})
