import { expect } from 'chai'
import fc from 'fast-check'
import { BackproveError } from '../../src/base/errors.ts'
import {
  addSizes, evaluateSize, literalSize, literalValue, multiplySizes, namedSize, negateSize, ONE_SIZE, sizeNames, sizeText,
} from '../../src/shape/size.ts' // prettier-ignore
import type { Size } from '../../src/shape/size.ts'
import { forAll } from '../support/property.ts'

const [n, m] = [namedSize('n'), namedSize('m')]

/** Polynomials over three names, with numbers of both signs. */
const sizes: fc.Arbitrary<Size> = fc.letrec<{ size: Size }>((tie) => ({
  size: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: -3, max: 5 }).map(literalSize),
    fc.constantFrom('n', 'm', 'n_1').map(namedSize),
    fc.tuple(tie('size'), tie('size')).map(([a, b]) => addSizes(a, b)),
    fc.tuple(tie('size'), tie('size')).map(([a, b]) => multiplySizes(a, b)),
  ),
})).size

describe('sizes', () => {
  it('are the same object exactly when they are equal for all values of the names', () => {
    expect(addSizes(n, m)).to.equal(addSizes(m, n))
    expect(multiplySizes(addSizes(n, ONE_SIZE), addSizes(n, negateSize(ONE_SIZE)))).to.equal(
      addSizes(multiplySizes(n, n), literalSize(-1)),
    )
    expect(addSizes(n, negateSize(n))).to.equal(literalSize(0))
    expect(n).not.to.equal(m)
    forAll(fc.tuple(sizes, sizes, sizes), ([a, b, c]) => {
      expect(multiplySizes(a, addSizes(b, c))).to.equal(addSizes(multiplySizes(a, b), multiplySizes(c, a)))
      expect(addSizes(addSizes(a, b), negateSize(b))).to.equal(a)
    })
  })

  it('are evaluated as they are written', () => {
    forAll(fc.tuple(sizes, sizes, fc.nat(9), fc.nat(9), fc.nat(9)), ([a, b, x, y, z]) => {
      const values = new Map([['n', x + 1], ['m', y + 1], ['n_1', z + 1]]) // prettier-ignore
      const [p, q] = [evaluateSize(a, values), evaluateSize(b, values)]
      expect(evaluateSize(addSizes(a, b), values)).to.equal(p + q)
      expect(evaluateSize(multiplySizes(a, b), values)).to.equal(p * q)
    })
  })

  it('know whether they are numbers, and their names', () => {
    expect(literalValue(literalSize(7))).to.equal(7)
    expect(literalValue(addSizes(n, negateSize(n)))).to.equal(0)
    expect(literalValue(n)).to.equal(null)
    expect(literalValue(addSizes(n, ONE_SIZE))).to.equal(null)
    expect(sizeNames(multiplySizes(addSizes(n, m), n))).to.have.members(['n', 'm'])
    expect(sizeNames(literalSize(3))).to.be.empty
  })

  it('are spelt with names before numbers', () => {
    expect(sizeText(addSizes(literalSize(-1), multiplySizes(literalSize(2), n)))).to.equal('2*n-1')
    expect(sizeText(multiplySizes(n, multiplySizes(n, m)))).to.equal('m*n^2')
    expect(sizeText(addSizes(n, negateSize(n)))).to.equal('0')
  })

  it('refuse a name without a value', () => {
    expect(() => evaluateSize(n, new Map())).to.throw(BackproveError, '`n`')
  })
})
