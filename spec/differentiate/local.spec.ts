import { expect } from 'chai'
import { localDerivative } from '../../src/differentiate/local.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { Builder } from '../../src/graph/builder.ts'
import { namedSize } from '../../src/shape/size.ts'

const [n, m, k] = [namedSize('n'), namedSize('m'), namedSize('k')]

describe('localDerivative', () => {
  const builder = new Builder()
  const [a, b] = [builder.input('a', [n, m]), builder.input('b', [m, k])]

  it('of an elementwise operation is the partial as a node', () => {
    const y = builder.call('mul', a, builder.call('exp', a))
    expect(localDerivative(builder, y, 0)).to.deep.equal({ kind: 'factor', factor: builder.call('exp', a) })
    expect(localDerivative(builder, y, 1)).to.deep.equal({ kind: 'factor', factor: a })
    expect(localDerivative(builder, builder.call('gt', a, a), 0)).to.deep.equal({ kind: 'zero' })
  })

  it('of a multilinear operation is the transposed map that reverse mode applies', () => {
    const y = builder.matmul(a, b)
    const g = builder.input('g', y.shape)
    ;[a, b].forEach((input, slot) => {
      const local = localDerivative(builder, y, slot)
      if (local.kind !== 'multilinear') throw new Error(local.kind)
      expect(builder.contract(local.transposed, g, ...local.others)).to.equal(vjp(builder, y, [input], g)[0])
    })
  })

  it('of a definition is the identity, of whole-array operations their rule, of leaves nothing', () => {
    expect(localDerivative(builder, builder.define('d', a), 0)).to.deep.equal({ kind: 'identity' })
    const softmax = builder.normalise('softmax', a, [0])
    expect(localDerivative(builder, softmax, 0)).to.deep.equal({ kind: 'rule', rule: 'softmax' })
    expect(localDerivative(builder, builder.reshape(a, [m, n]), 0)).to.deep.equal({ kind: 'reshape' })
    expect(localDerivative(builder, a, 0)).to.deep.equal({ kind: 'zero' })
  })
})
