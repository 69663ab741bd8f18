import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import {
  broadcastShapes, entryCount, isScalarLike, literalShape, normaliseAxis, sameShape, SCALAR, shapeText,
} from '../../src/shape/shape.ts' // prettier-ignore
import type { Shape } from '../../src/shape/shape.ts'
import { literalSize, multiplySizes, namedSize, ONE_SIZE } from '../../src/shape/size.ts'

const [n, m] = [namedSize('n'), namedSize('m')]

describe('broadcastShapes', () => {
  const CASES: readonly [Shape[], Shape | null][] = [
    [[], []],
    [[[], [n]], [n]],
    [
      [[n, m], [m]],
      [n, m],
    ],
    [
      [[n, ONE_SIZE], [m]],
      [n, m],
    ],
    [
      [
        [n, ONE_SIZE],
        [ONE_SIZE, m],
      ],
      [n, m],
    ],
    [
      [[m], [n, ONE_SIZE, m]],
      [n, ONE_SIZE, m],
    ],
    [[[n], [m]], null],
    [[[n, m], [n]], null],
    [[[literalSize(2)], [literalSize(3)]], null],
    [[[n], [literalSize(2)]], null],
    [[[n], [ONE_SIZE], [n]], [n]],
  ]
  for (const [shapes, expected] of CASES) {
    const text = shapes.map(shapeText).join(', ')
    it(`of ${text === '' ? 'nothing' : text} is ${expected === null ? 'refused' : shapeText(expected)}`, () => {
      expect(broadcastShapes(shapes)).to.deep.equal(expected)
      expect(broadcastShapes([...shapes].reverse())).to.deep.equal(expected)
    })
  }
})

describe('normaliseAxis', () => {
  it('counts negative axes from the end', () => {
    expect([0, 1, 2, -1, -3].map((axis) => normaliseAxis(axis, 3))).to.deep.equal([0, 1, 2, 2, 0])
  })

  it('refuses axes that are not there, and says which are', () => {
    for (const axis of [3, -4, 0.5, NaN]) {
      expect(() => normaliseAxis(axis, 3))
        .to.throw(BackproveError)
        .with.property('hint')
        .that.includes('0 to 2')
    }
    expect(() => normaliseAxis(0, 0))
      .to.throw(BackproveError)
      .with.property('hint')
      .that.includes('scalar')
  })
})

describe('shapes', () => {
  it('are compared axis by axis', () => {
    expect(sameShape([n, m], [n, m])).to.be.true
    expect(sameShape([n, m], [m, n])).to.be.false
    expect(sameShape([n], [n, ONE_SIZE])).to.be.false
    expect(sameShape(SCALAR, [])).to.be.true
  })

  it('stand for a scalar where every axis is 1', () => {
    expect([SCALAR, [ONE_SIZE], [ONE_SIZE, ONE_SIZE]].every(isScalarLike)).to.be.true
    expect([[n], [ONE_SIZE, n]].some(isScalarLike)).to.be.false
  })

  it('count their entries, and know whether they are numbers', () => {
    expect(entryCount([n, m, n])).to.equal(multiplySizes(multiplySizes(n, n), m))
    expect(entryCount(SCALAR)).to.equal(ONE_SIZE)
    expect(literalShape([literalSize(2), ONE_SIZE])).to.deep.equal([2, 1])
    expect(literalShape([literalSize(2), n])).to.equal(null)
  })
})
