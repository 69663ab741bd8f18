import { expect } from 'chai'
import fc from 'fast-check'
import { readLiteral } from '../../src/elaborate/literal.ts'
import { nearest } from '../../src/elaborate/nearest.ts'
import { toText } from '../../src/base/rational.ts'

describe('readLiteral', () => {
  const told = (text: string): string => {
    const literal = readLiteral(text)
    return literal.kind === 'exact' ? 'exact' : literal.kind === 'constant' ? literal.name : `rounded ${literal.of}`
  }

  it('takes pi and e written to all digits of a double for themselves', () => {
    for (const text of ['3.141592653589793', '3.14159265358979323846']) expect(told(text)).to.equal('pi')
    for (const text of ['2.718281828459045', '2.71828182845904523536']) expect(told(text)).to.equal('e')
  })

  it('keeps the exact value of a rounded constant and says what it looks like', () => {
    const cases: Readonly<Record<string, string>> = {
      '0.7978845608': 'sqrt(2/pi)',
      '0.79788': 'sqrt(2/pi)',
      '3.14': 'pi',
      '3.14159265358979': 'pi',
      '1.41421356': 'sqrt(2)',
      '0.70710678118654752': '1/sqrt(2)',
      '0.39894228': '1/sqrt(2*pi)',
      '0.6931': 'log(2)',
      '0.33333': '1/3',
      '0.66667': '2/3',
      '0.66666': '2/3',
      '1.0507009873554805': 'the scale of selu',
      '7.978845608e-1': 'sqrt(2/pi)',
    }
    for (const [text, of] of Object.entries(cases)) expect(told(text), text).to.equal(`rounded ${of}`)
    const literal = readLiteral('0.33333')
    expect(literal.kind === 'rounded' && toText(literal.value)).to.equal('33333/100000')
  })

  it('suspects no other number', () => {
    for (const text of [
      '3',
      '0.5',
      '3.15',
      '0.044715',
      '1.702',
      '0.01',
      '1e-5',
      '2.5',
      '0.25',
      '3.13',
      '1.5',
      '0.333',
    ]) {
      expect(told(text), text).to.equal('exact')
    }
  })
})

describe('nearest', () => {
  it('finds a name with one slip among others', () => {
    expect(nearest('dZ2', ['dZ1', 'dZ', 'Z2', 'W2'])).to.equal('dZ1')
    expect(nearest('sigmiod', ['sigmoid', 'silu'])).to.equal('sigmoid')
    expect(nearest('relU', ['relu', 'real'])).to.equal('relu')
    expect(nearest('alpha', ['beta', 'aplha'])).to.equal('aplha')
  })

  it('finds nothing where nothing is near', () => {
    expect(nearest('x', ['y', 'z'])).to.equal(null)
    expect(nearest('gradient', ['sum', 'mean'])).to.equal(null)
    expect(nearest('x', [])).to.equal(null)
  })

  it('finds any long word in which two neighbours are swapped', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{6,12}$/), fc.nat(4), (word, at) => {
        const swapped = word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
        expect(nearest(swapped, [word])).to.equal(swapped === word ? null : word)
      }),
    )
  })
})
