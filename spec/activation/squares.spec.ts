import { expect } from 'chai'
import fc from 'fast-check'
import { analyse } from '../../src/activation/analyse.ts'
import { withoutSquares } from '../../src/activation/exact/squares.ts'
import { valueOf } from '../../src/activation/recognise.ts'
import { readActivation } from '../../src/activation/subject.ts'

const spelled = (text: string): ((z: number) => readonly [plain: number, without: number]) => {
  const { builder, root, z } = readActivation(text)
  const other = withoutSquares(builder, root, z, new Map())
  return (at) => [valueOf(root, new Map([[z, at]])), valueOf(other, new Map([[z, at]]))]
}

const isSpelledAnew = (text: string): boolean => {
  const { builder, root, z } = readActivation(text)
  return withoutSquares(builder, root, z, new Map()) !== root
}

const coefficient = fc.integer({ min: -6, max: 6 })

describe('perfect squares', () => {
  it('keep their values under roots, powers, logarithms and arc functions', () => {
    fc.assert(
      fc.property(
        coefficient,
        coefficient,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (a, b, c, factor, z) => {
          const q = `(${c}*z^2 + ${a}*z + ${b})`
          const expanded = `${factor}*(${c * c}*z^4 + ${2 * a * c}*z^3 + ${a * a + 2 * b * c}*z^2 + ${2 * a * b}*z + ${b * b})`
          const size = Math.abs(c * z * z + a * z + b)
          fc.pre(size > 1e-3)
          const exact = factor * size ** 2
          const over = 1 + 7 * z * z
          for (const [text, value] of [
            [`sqrt(${expanded})`, Math.sqrt(exact)],
            [`(${expanded})^1.5`, exact ** 1.5],
            [`(${expanded}/(1+7*z^2)^2)^0.3`, (exact / over ** 2) ** 0.3],
            [`log(${expanded})`, Math.log(exact)],
            [`asin(2*${q}/(1+${q}^2))`, Math.asin((2 * size) / (1 + size ** 2)) * Math.sign(c * z * z + a * z + b)],
            [`acos((1-${q}^2)/(1+${q}^2))`, Math.acos((1 - size ** 2) / (1 + size ** 2))],
          ] as const) {
            expect(isSpelledAnew(text), text).to.equal(true)
            expect(spelled(text)(z)[1], text).to.be.closeTo(value, 1e-6 * Math.max(1, Math.abs(value)))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keep the places at which a quotient has no value', () => {
    for (const text of [
      'sqrt(((z^2 - 1)/(z - 1))^2)',
      'sqrt((z/(1/z))^2)',
      'sqrt((1/(1/z))^2)',
      'sqrt((z/z)^2*(z-1)^2)',
    ]) {
      expect(isSpelledAnew(text), text).to.equal(false)
    }
  })

  it('are not seen where there are none', () => {
    for (const text of [
      'sqrt(z^2 + 1)',
      'sqrt(z^4 + 2*z^2 + 2)',
      'sqrt(-(z - 1)^2)',
      'sqrt((z - 1)^3)',
      'log((z-1)^2*(z+1))',
      'asin(z)',
      'acos(z^2)',
      'sqrt((z^17 + 1)^2)',
      '(z^2)^2',
    ]) {
      expect(isSpelledAnew(text), text).to.equal(false)
    }
  })

  it('under an arc sine are kinks inside of the domain', () => {
    const facts = analyse(readActivation('asin(2*z/(1+z^2))'))
    expect(facts.domain).to.equal(null)
    expect(facts.holes).to.deep.equal([])
    expect(facts.kinks.map(({ at }) => at)).to.deep.equal([-1, 1])
    expect(facts.kinks.map(({ left, right }) => [Math.round(left), Math.round(right)])).to.deep.equal([
      [-1, 1],
      [1, -1],
    ])
    expect(facts.smoothness).to.deep.equal({ order: 0, isLeast: false, proven: true })
    expect(facts.lipschitz.lo).to.be.closeTo(2, 1e-9)
    expect(facts.lipschitz.hi).to.be.closeTo(2, 1e-9)
    // The slope is 2/(1 + z^2) up to its sign; E[1/(1 + z^2)^2] = 1/2, from E[1/(a + z^2)] = sqrt(pi/(2*a))*exp(a/2)*erfc(sqrt(a/2)).
    expect(facts.moments!.slopeMeanSquare.lo).to.be.closeTo(2, 1e-9)
  })
})

describe('the end of a domain that is no double', () => {
  it('belongs to the domain of a root and not to that of a logarithm', () => {
    const closed = (text: string): unknown => analyse(readActivation(text)).domain?.map((stretch) => stretch.closed)
    expect(closed('sqrt(2 - z^2)')).to.deep.equal([{ left: true, right: true }])
    expect(closed('log(2 - z^2)')).to.deep.equal([{ left: false, right: false }])
    expect(closed('1/sqrt(2 - z^2)')).to.deep.equal([{ left: false, right: false }])
    expect(closed('asin(z/sqrt(2))')).to.deep.equal([{ left: true, right: true }])
    expect(closed('sqrt(abs(z^2 - 2))')).to.equal(undefined)
  })

  it('has its limits on both sides where an absolute value has its kink', () => {
    const { holes } = analyse(readActivation('log(abs(z^2 - 2))'))
    expect(holes.map(({ left, right }) => [left?.hi, right?.hi])).to.deep.equal([
      [-Number.MAX_VALUE, -Number.MAX_VALUE],
      [-Number.MAX_VALUE, -Number.MAX_VALUE],
    ])
  })
})
