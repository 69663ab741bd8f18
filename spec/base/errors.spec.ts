import { expect } from 'chai'
import { BackproveError, unreachable } from '../../src/base/errors.ts'

describe('BackproveError', () => {
  it('carries a code, a message and, where given, a hint and a place', () => {
    const bare = new BackproveError('shape', 'shapes differ')
    expect(bare).to.be.instanceOf(Error)
    expect(bare.name).to.equal('BackproveError')
    expect(bare.message).to.equal('shapes differ')
    expect(bare.code).to.equal('shape')
    expect(bare.hint).to.equal('')
    expect(bare.span).to.equal(null)

    const full = new BackproveError('shape', 'shapes differ', { hint: "write W'", span: { line: 3, column: 9 } })
    expect(full.hint).to.equal("write W'")
    expect(full.span).to.deep.equal({ line: 3, column: 9 })
  })

  describe('at', () => {
    const inner = { line: 2, column: 5 }
    const outer = { line: 7, column: 1 }

    it('gives a place to an error that has none, and keeps the rest', () => {
      const bare = new BackproveError('axis', 'no axis 3', { hint: 'count from 0' })
      const placed = bare.at(inner)
      expect(placed.span).to.deep.equal(inner)
      expect([placed.code, placed.message, placed.hint]).to.deep.equal(['axis', 'no axis 3', 'count from 0'])
      expect(bare.span, 'the original is unchanged').to.equal(null)
    })

    it('keeps the first place', () => {
      const placed = new BackproveError('axis', 'no axis 3').at(inner)
      expect(placed.at(outer)).to.equal(placed)
      expect(placed.span).to.deep.equal(inner)
    })

    it('takes null for no place', () => {
      const bare = new BackproveError('axis', 'no axis 3')
      expect(bare.at(null)).to.equal(bare)
      expect(bare.at(null).at(inner).span).to.deep.equal(inner)
    })
  })
})

describe('unreachable', () => {
  it('names the value that should not exist', () => {
    expect(() => unreachable('pentagon' as never))
      .to.throw(BackproveError, 'pentagon')
      .with.property('code', 'internal')
  })
})
