import { expect } from 'chai'
import { fromNumber, toNumber } from '../../src/evaluate/bigfloat.ts'
import { Functions } from '../../src/evaluate/bigfloat-functions.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { applyPrecisely, evaluatePrecisely } from '../../src/evaluate/precise.ts'
import { tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import { literalSize } from '../../src/shape/size.ts'
import { pointFor } from '../support/points.ts'
import { forAllStreams } from '../support/property.ts'

const f = new Functions(160)

describe('applyPrecisely', () => {
  for (const name of ELEMENTWISE_NAMES) {
    it(`gives what the kernel of ${name} gives, to the digits of a double`, () => {
      const { arity, kernel } = ELEMENTWISE[name]
      forAllStreams((random) => {
        const args = Array.from({ length: arity }, () => (random.chance(0.2) ? 0 : random.between(-3, 3)))
        const expected = kernel(...args)
        const actual = applyPrecisely(f, name, args.map(fromNumber))
        if (Number.isNaN(expected)) expect(actual).to.equal(null)
        else expect(toNumber(actual!)).to.be.closeTo(expected, 1e-13 * Math.max(1, Math.abs(expected)))
      })
    })
  }

  it('does not ask for the branch that is not taken', () => {
    expect(toNumber(applyPrecisely(f, 'where', [fromNumber(1), fromNumber(5), null])!)).to.equal(5)
    expect(applyPrecisely(f, 'where', [fromNumber(0), fromNumber(5), null])).to.equal(null)
  })
})

describe('evaluatePrecisely', () => {
  const builder = new Builder()
  const [three, two] = [literalSize(3), literalSize(2)]
  const X = builder.input('X', [three, two])
  const A = builder.input('A', [three, three])
  const b = builder.input('b', [two])
  const roots = [
    builder.matmul(builder.transpose(X), builder.matmul(A, X)),
    builder.call('mul', X, b),
    builder.sum(X, [0], true),
    builder.reduce('max', X, [1]),
    builder.reduce('prod', X, [0]),
    builder.normalise('softmax', X, [0]),
    builder.normalise('log_softmax', X, [1]),
    builder.normalise('logsumexp', X, [0, 1]),
    builder.matrix('inv', A),
    builder.matrix('det', A),
    builder.reshape(X, [two, three]),
    builder.eye(three),
  ]

  it('agrees with the evaluator on doubles', () => {
    forAllStreams((random) => {
      const point = pointFor(roots, random, new Map())
      const precise = evaluatePrecisely(roots, point)
      evaluate(roots, point).forEach(({ shape, data }, root) => {
        expect(precise[root]!.shape).to.deep.equal(shape)
        data.forEach((x, entry) => {
          expect(toNumber(precise[root]!.data[entry]!)).to.be.closeTo(x, 1e-9 * Math.max(1, Math.abs(x)))
        })
      })
    }, 20)
  })

  it('finds a singular matrix singular', () => {
    const inputs = new Map([[A, tensor([3, 3], [4, 2, 1, 2, 1, 5, 8, 4, 3])]])
    const [inverse, determinant] = evaluatePrecisely([roots[8]!, roots[9]!], { sizes: new Map(), inputs })
    expect(inverse!.data.every((entry) => entry === null)).to.be.true
    expect(toNumber(determinant!.data[0]!)).to.equal(0)
  })
})
