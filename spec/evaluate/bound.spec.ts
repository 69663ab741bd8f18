import { expect } from 'chai'
import { rational } from '../../src/base/rational.ts'
import { toNumber } from '../../src/evaluate/bigfloat.ts'
import { evaluateWithBound, mapBalls } from '../../src/evaluate/bound.ts'
import type { Ball } from '../../src/evaluate/bound.ts'
import { evaluatePrecisely } from '../../src/evaluate/precise.ts'
import { tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import { namedSize } from '../../src/shape/size.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { pointFor } from '../support/points.ts'
import { forAllStreams } from '../support/property.ts'

const ball = (value: number, bound = 0): Ball => ({ value, bound })
const HALF_UNIT = 2 ** -53

describe('evaluateWithBound', () => {
  it('encloses the exact values of any expression', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const root = new Expressions(builder, random).of(randomShape(random), 1 + random.below(6))
      const point = pointFor([root], random)
      const [{ value, bound }] = evaluateWithBound([root], point) as [ReturnType<typeof evaluateWithBound>[0]]
      evaluatePrecisely([root], point)[0]!.data.forEach((exact, entry) => {
        if (exact === null) throw new Error('undefined at a smooth point')
        const x = value.data[entry]!
        expect(Math.abs(x - toNumber(exact))).to.be.at.most(bound.data[entry]! + HALF_UNIT * Math.abs(x))
      })
    }, 150)
  })

  it('knows no error in data, in whole numbers and in what is copied', () => {
    const builder = new Builder()
    const x = builder.input('x', [namedSize('n')])
    const exact = [
      x,
      builder.whole(3),
      builder.einsum('i->ij', [x], { j: namedSize('n') }),
      builder.reduce('max', x, [0]),
    ]
    const point = { sizes: new Map([['n', 2]]), inputs: new Map([[x, tensor([2], [0.1, 0.7])]]) }
    for (const { bound } of evaluateWithBound(exact, point))
      expect([...bound.data]).to.deep.equal([...bound.data].fill(0))
    const [third] = evaluateWithBound([builder.constant(rational(1, 3))], point)
    expect(third!.bound.data[0]).to.equal(HALF_UNIT / 3)
  })

  it('grows where values cancel', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    const third = builder.call('div', x, builder.whole(3))
    const nothing = builder.call('sub', x, builder.call('mul', builder.whole(3), third))
    const point = { sizes: new Map<string, number>(), inputs: new Map([[x, tensor([], [0.7])]]) }
    const [{ value, bound }] = evaluateWithBound([nothing], point) as [ReturnType<typeof evaluateWithBound>[0]]
    expect(bound.data[0])
      .to.be.at.least(Math.abs(value.data[0]!))
      .and.at.least(0.7 * HALF_UNIT)
  })
})

describe('mapBalls', () => {
  it('takes the slopes of both sides within reach of a kink', () => {
    expect(mapBalls('relu', [ball(-1e-20, 1e-18)]).bound).to.be.at.least(1e-18)
    expect(mapBalls('relu', [ball(-1, 1e-18)]).bound).to.equal(0)
    expect(mapBalls('max', [ball(1, 1e-18), ball(1 - 1e-16, 1e-15)]).bound).to.be.at.least(1e-15)
  })

  it('knows whether a jump is decided', () => {
    for (const fn of ['gt', 'ge', 'eq', 'ne'] as const) {
      expect(mapBalls(fn, [ball(1, 1e-16), ball(1 + 3e-16, 1e-15)]).bound, fn).to.equal(2)
      expect(mapBalls(fn, [ball(1, 1e-16), ball(2, 1e-15)]).bound, fn).to.equal(0)
      expect(mapBalls(fn, [ball(1, 1e-16), ball(1, 1e-15)]).bound, `${fn}, exact tie`).to.equal(0)
    }
    expect(mapBalls('sign', [ball(1e-20, 1e-18)]).bound).to.equal(2)
    expect(mapBalls('step', [ball(1e-20, 1e-22)]).bound).to.equal(0)
  })

  it('carries doubt through logic to what a choice between unlike values may be off by', () => {
    const doubt = mapBalls('gt', [ball(1e-20, 1e-18), ball(0)])
    expect(mapBalls('not', [doubt]).bound).to.equal(2)
    expect(mapBalls('and', [ball(1), doubt]).bound).to.equal(2)
    expect(mapBalls('or', [ball(1), ball(0)]).bound).to.equal(0)
    expect(mapBalls('where', [doubt, ball(3), ball(-4)]).bound).to.be.at.least(7)
    expect(mapBalls('where', [ball(1), ball(3, 1e-16), ball(-4, 5)]).bound).to.equal(1e-16)
  })

  it('adds and multiplies whole numbers exactly, as far as doubles go', () => {
    expect(mapBalls('sub', [ball(7), ball(9)]).bound).to.equal(0)
    expect(mapBalls('mul', [ball(7), ball(9)]).bound).to.equal(0)
    expect(mapBalls('mul', [ball(2 ** 40 + 1), ball(2 ** 40 + 1)]).bound).to.be.above(0)
    expect(mapBalls('add', [ball(7, 0.5), ball(9)]).bound).to.equal(0.5)
  })
})
