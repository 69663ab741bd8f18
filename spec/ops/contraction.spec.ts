import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import {
  contraction,
  contractionShape,
  einsum,
  isIdentity,
  isPermutation,
  summedLabels,
} from '../../src/ops/contraction.ts'
import { namedSize } from '../../src/shape/size.ts'

const [n, m] = [namedSize('n'), namedSize('m')]

describe('contraction', () => {
  it('numbers labels by first appearance, so that equal meanings have equal keys', () => {
    const one = contraction([['a', 'b'], ['b', 'c']], ['a', 'c'], new Map([['a', n], ['b', m], ['c', n]])) // prettier-ignore
    const other = contraction([[7, 3], [3, 1]], [7, 1], new Map([[1, n], [3, m], [7, n]])) // prettier-ignore
    expect(one.key).to.equal(other.key)
    expect(one).to.deep.equal(einsum('ij,jk->ik', [[n, m], [m, n]])) // prettier-ignore
  })

  it('keeps apart what differs in labels, operands or sizes', () => {
    const specs = [
      einsum('ij->ij', [[n, n]]),
      einsum('ij->ji', [[n, n]]),
      einsum('ii->i', [[n, n]]),
      einsum('ij->i', [[n, n]]),
      einsum('ij->i', [[m, n]]),
      einsum('i,j->ij', [[n], [n]]),
      einsum('i,i->i', [[n], [n]]),
      einsum('->ij', [], { i: n, j: n }),
      einsum('->ii', [], { i: n }),
      einsum('->ij', [[]], { i: n, j: n }),
    ]
    expect(new Set(specs.map((spec) => spec.key)).size).to.equal(specs.length)
  })

  it('knows its shape and what it sums', () => {
    const spec = einsum('ij,jk->ki', [[n, m], [m, n]]) // prettier-ignore
    expect(contractionShape(spec)).to.deep.equal([n, n])
    expect(summedLabels(spec)).to.deep.equal([1])
    expect(summedLabels(einsum('ii->', [[n, n]]))).to.deep.equal([0])
    expect(summedLabels(einsum('->i', [], { i: n }))).to.deep.equal([])
  })

  it('knows reorderings of axes', () => {
    expect(isPermutation(einsum('ij->ji', [[n, m]]))).to.be.true
    expect(isIdentity(einsum('ij->ji', [[n, m]]))).to.be.false
    expect(isIdentity(einsum('ij->ij', [[n, m]]))).to.be.true
    for (const text of ['ii->i', 'ij->i', 'ij->iij', 'ij->ijj'])
      expect(isPermutation(einsum(text, [[n, n]])), text).to.be.false
    expect(isPermutation(einsum('i->ij', [[n]], { j: m }))).to.be.false
    expect(isPermutation(einsum('i,j->ij', [[n], [m]]))).to.be.false
  })

  it('refuses a label of two sizes, and one without', () => {
    expect(() => einsum('ii->i', [[n, m]])).to.throw(BackproveError, 'ii->i')
    expect(() => einsum('ij->i', [[n]])).to.throw(BackproveError)
    expect(() => einsum('i->ij', [[n]])).to.throw(BackproveError, 'label j')
  })
})
