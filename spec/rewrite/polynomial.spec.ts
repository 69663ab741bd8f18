import fc from 'fast-check'
import { expect } from 'chai'
import { Builder } from '../../src/graph/builder.ts'
import type { Atom, Power, Term } from '../../src/rewrite/form.ts'
import { collect, divide, divideExactly, multiplyTerms, termOf } from '../../src/rewrite/polynomial.ts'
import { forAll } from '../support/property.ts'

const builder = new Builder()
const atoms = ['x', 'y', 'z'].map((name, id): Atom => {
  const node = builder.input(name, [])
  return { kind: 'atom', id, node, shape: [], isTruth: false }
})

const terms: fc.Arbitrary<Term> = fc
  .tuple(fc.integer({ min: -5, max: 5 }), fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 3 }))
  .map(([coefficient, exponents]) => {
    const powers = exponents.flatMap((exponent, at): Power<Atom>[] => (exponent === 0 ? [] : [[atoms[at]!, exponent]]))
    return termOf(BigInt(coefficient), powers)
  })
const polynomials = fc.array(terms, { maxLength: 4 }).map((list) => [...collect(list).values()])
const nonzero = polynomials.filter((list) => list.length > 0)

const product = (a: readonly Term[], b: readonly Term[]): Term[] =>
  a.flatMap((left) => b.map((right) => multiplyTerms(left, right)))

/** The same for equal polynomials. */
const keyOf = (list: readonly Term[]): string[] =>
  [...collect(list).values()].map((term) => `${term.coefficient} ${term.key}`).sort()

describe('divide', () => {
  it('gives a quotient and a remainder that make up the dividend', () => {
    forAll(fc.tuple(polynomials, nonzero), ([dividend, divisor]) => {
      const division = divide(dividend, divisor)
      if (division === null) return
      expect(keyOf([...product(division.quotient, divisor), ...division.remainder])).to.deep.equal(keyOf(dividend))
    })
  })

  it('leaves nothing of a product, and gives its other factor', () => {
    forAll(fc.tuple(nonzero, nonzero), ([a, b]) => {
      const quotient = divideExactly([...collect(product(a, b)).values()], b)
      expect(quotient === null ? null : keyOf(quotient)).to.deep.equal(keyOf(a))
    })
  })

  it('finds no exact quotient where there is a remainder', () => {
    forAll(fc.tuple(nonzero, nonzero), ([dividend, divisor]) => {
      const exact = divideExactly(dividend, divisor)
      if (exact !== null) expect(keyOf(product(exact, divisor))).to.deep.equal(keyOf(dividend))
      else expect(divide(dividend, divisor)?.remainder).not.to.deep.equal([])
    })
  })
})
