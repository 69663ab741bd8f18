import { expect } from 'chai'

import { Truth } from '../../../src/activation/floats/truth.ts'
import { piecesOf } from '../../../src/activation/pieces.ts'
import { readActivation } from '../../../src/activation/subject.ts'
import { vjp } from '../../../src/differentiate/reverse.ts'

function truthOf(expression: string): Truth {
  const { builder, root, z } = readActivation(expression)
  return new Truth(piecesOf(root, z, new Map()), [], [root, vjp(builder, root, [z])[0]!], z)
}

describe('the true value', () => {
  // The first terms of each series; the next is below a unit in the last place.
  it('has all digits where the formula has none', () => {
    const quotient = truthOf('(exp(z) - 1)/z')
    expect(quotient.at(1e-12, 0)).to.equal(1 + 0.5e-12)
    expect(quotient.at(1e-12, 1)! / (1 / 2 + 1e-12 / 3)).to.be.closeTo(1, 1e-15)
    expect(truthOf('z - sin(z)').at(1e-20, 0)! / (1e-60 / 6)).to.be.closeTo(1, 1e-15)
    const half = Math.PI / 2
    // The cosine of the double next to pi/2 is what the double lacks.
    expect(truthOf('log(sin(z))').at(half, 0)! / (-(6.123233995736766e-17 ** 2) / 2)).to.be.closeTo(1, 1e-14)
  })

  it('is known where the way to it overflows', () => {
    const quotient = truthOf('exp(z)/z')
    expect(Math.log(quotient.at(712, 0)!)).to.be.closeTo(712 - Math.log(712), 1e-12)
    expect(quotient.at(717, 0)).to.equal(Infinity)
    expect(truthOf('log(cosh(z))').at(1e5, 0)! / (1e5 - Math.LN2)).to.be.closeTo(1, 1e-15)
  })

  it('is not known where the function is not defined', () => {
    expect(truthOf('log(z)').at(-1, 0)).to.equal(null)
    expect(truthOf('log(z)').isDefined(-1)).to.equal(false)
    expect(truthOf('log(z)').isDefined(1)).to.equal(true)
  })
})
