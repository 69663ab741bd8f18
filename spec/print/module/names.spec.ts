import { expect } from 'chai'
import fc from 'fast-check'
import { plainName, SafeNames } from '../../../src/print/module/names.ts'
import { forAll } from '../../support/property.ts'

describe('plainName', () => {
  it('spells indices, Greek letters, marks and subscripts in plain letters', () => {
    const spelt = ['W[1]', 'W[1, 2]', 'W[1][2]', 'λ', 'ŷ', 'x₁', 'dλ', 'Δ', '𝐱', '$', 'n_1', 'Zα'].map(plainName)
    expect(spelt).to.deep.equal(['W1', 'W1_2', 'W1_2', 'lambda', 'y_hat', 'x1', 'dlambda', 'Delta', 'x', 'u24', 'n_1', 'Z_alpha']) // prettier-ignore
  })
})

describe('SafeNames', () => {
  it('keeps names that can stay, and moves the others out of their way', () => {
    const names = new SafeNames(['lambda', 'np'])
    expect(names.takeAll(['W[1]', 'W1', 'lambda', 'λ', 'np'])).to.deep.equal([
      'W1_',
      'W1',
      'lambda_',
      'lambda__',
      'np_',
    ])
    expect([names.temporary(), names.take('t2'), names.temporary()]).to.deep.equal(['t1', 't2', 't3'])
  })

  it('gives different names that are valid and not reserved', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'W', '1', '[1]', 'λ', 'ŷ', '_', 'é', '₁', '$', 'ﬁ'),
      minLength: 1,
    })
    forAll(fc.array(name), (wanted) => {
      const given = new SafeNames(['a', 'W1']).takeAll(wanted)
      expect(new Set(given).size).to.equal(wanted.length)
      for (const safe of given) expect(safe).to.match(/^(?!(?:a|W1)$)[A-Za-z_][A-Za-z0-9_]*$/)
    })
  })
})
