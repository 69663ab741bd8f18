import type { Random } from '../../src/base/random.ts'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { lengthsOf } from '../../src/evaluate/algebra.ts'
import { evaluateWithBound } from '../../src/evaluate/bound.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { Bindings } from '../../src/evaluate/evaluate.ts'
import { evaluateForward } from '../../src/evaluate/forward.ts'
import { evaluatePrecisely } from '../../src/evaluate/precise.ts'
import { toNumber } from '../../src/evaluate/bigfloat.ts'
import { entriesOf, tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { expect } from 'chai'
import { Builder } from '../../src/graph/builder.ts'
import type { MatrixName, Node, NormaliseName, ReduceName } from '../../src/graph/node.ts'
import { namedSize } from '../../src/shape/size.ts'
import { differenceGradient } from '../support/differences.ts'
import { signedTensor } from '../support/points.ts'
import { forAllStreams } from '../support/property.ts'
import { expectClose } from '../support/relative.ts'

const [n, m, k] = [namedSize('n'), namedSize('m'), namedSize('k')]
const SIZES = new Map([['n', 2], ['m', 3], ['k', 4]]) // prettier-ignore
/** Forward mode takes a sweep for each pair of entries. */
const SMALL = new Map([['n', 1], ['m', 2], ['k', 3]]) // prettier-ignore

/** Entries of both signs that differ pairwise by a tenth or more: no maximum is near a tie. */
function spaced(random: Random, shape: readonly number[]): Tensor {
  const count = entriesOf(shape)
  const ranks = random.shuffled(Array.from({ length: count }, (_, rank) => rank))
  return tensor(shape, ranks.map((rank) => (rank - count / 2 + random.between(0.3, 0.7)) / 5)) // prettier-ignore
}

/** A matrix far from singular with a positive determinant: the unit matrix and something smaller. */
function regular(random: Random, [rows]: readonly number[]): Tensor {
  const size = rows!
  const small = signedTensor(random, [size, size], 0.02, 0.6 / size)
  return { shape: small.shape, data: small.data.map((x, at) => x + (at % (size + 1) === 0 ? 1 : 0)) }
}

interface Subject {
  readonly build: (builder: Builder, x: Node, random: Random) => Node
  readonly shape: readonly (typeof n)[]
  readonly sample: (random: Random, shape: readonly number[]) => Tensor
}

const someAxes = (random: Random): number[] => {
  const axes = random.shuffled([0, 1, 2]).slice(0, 1 + random.below(3))
  return random.chance(0.5) ? axes.map((axis) => axis - 3) : axes
}

const over = (build: (builder: Builder, x: Node, axes: number[]) => Node): Subject => ({
  build: (builder, x, random) => build(builder, x, someAxes(random)),
  shape: [n, m, k],
  sample: spaced,
})

const REDUCE: { readonly [name in ReduceName]: Subject } = {
  max: over((builder, x, axes) => builder.reduce('max', x, axes)),
  min: over((builder, x, axes) => builder.reduce('min', x, axes)),
  prod: over((builder, x, axes) => builder.reduce('prod', x, axes)),
}
const NORMALISE: { readonly [name in NormaliseName]: Subject } = {
  softmax: over((builder, x, axes) => builder.normalise('softmax', x, axes)),
  log_softmax: over((builder, x, axes) => builder.normalise('log_softmax', x, axes)),
  logsumexp: over((builder, x, axes) => builder.normalise('logsumexp', x, axes)),
}
const square = (fn: MatrixName): Subject => ({
  build: (builder, x) => builder.matrix(fn, x),
  shape: [m, m],
  sample: regular,
})
const MATRIX: { readonly [name in MatrixName]: Subject } = {
  inv: square('inv'),
  det: square('det'),
  logdet: square('logdet'),
}
const RESHAPE: Subject = {
  build: (builder, x) => builder.reshape(x, [m, k, n]),
  shape: [n, m, k],
  sample: spaced,
}

interface Weighed {
  readonly builder: Builder
  readonly x: Node
  readonly y: Node
  readonly total: Node
  readonly point: Bindings
}

/** A scalar that weighs the entries differently, so that no error cancels, and a point. */
function weighed(subject: Subject, random: Random, sizes = SIZES): Weighed {
  const builder = new Builder()
  const x = builder.input('x', subject.shape)
  const y = subject.build(builder, x, random)
  const weights = builder.input('weights', y.shape)
  const total = builder.sum(builder.call('mul', weights, y))
  const inputs = new Map<Node, Tensor>([
    [x, subject.sample(random, lengthsOf(x, sizes))],
    [weights, signedTensor(random, lengthsOf(y, sizes))],
  ])
  return { builder, x, y, total, point: { sizes, inputs } }
}

for (const [name, subject] of Object.entries({ ...REDUCE, ...NORMALISE, ...MATRIX, reshape: RESHAPE })) {
  describe(`whole-array ${name}`, () => {
    it('has the shape that the graph says', () => {
      forAllStreams((random) => {
        const { y, point } = weighed(subject, random)
        expect(evaluate([y], point)[0]!.shape).to.deep.equal(lengthsOf(y, SIZES))
      }, 20)
    })

    it('has the same gradient in reverse, forward and by central differences', () => {
      forAllStreams((random) => {
        const { builder, x, total, point } = weighed(subject, random)
        const [reverse] = evaluate(vjp(builder, total, [x]), point) as [Tensor]
        const [forward] = evaluateForward([builder.derivative('grad', total, x)], point) as [Tensor]
        expectClose(reverse, forward, 1e-11, 'reverse and forward')
        expectClose(reverse, differenceGradient(total, point, x), 1e-8, 'reverse and differences')
      }, 20)
    })

    it('has the same Hessian in reverse and forward', () => {
      forAllStreams((random) => {
        const { builder, x, total, point } = weighed(subject, random, SMALL)
        // Composed with a curved function, so that the Hessian of a linear operation is not zero.
        const curved = builder.call('sin', total)
        const claim = builder.derivative('jacobian', builder.derivative('grad', curved, x), x)
        const [reverse] = evaluate(expandDerivatives(builder, [claim]).roots, point) as [Tensor]
        const [forward] = evaluateForward([claim], point) as [Tensor]
        expectClose(reverse, forward, 1e-9)
      }, 4)
    })

    it('rounds within its bound', () => {
      forAllStreams((random) => {
        const { y, total, point } = weighed(subject, random)
        for (const root of [y, total]) {
          const [{ value, bound }] = evaluateWithBound([root], point) as [{ value: Tensor; bound: Tensor }]
          const exact = evaluatePrecisely([root], point)[0]!.data
          value.data.forEach((x, entry) => {
            const precise = exact[entry]
            if (precise === null || precise === undefined) throw new Error('undefined at a regular point')
            expect(Math.abs(x - toNumber(precise))).to.be.at.most(bound.data[entry]! + 2 ** -53 * Math.abs(x))
          })
          expect(Math.max(...bound.data)).to.be.below(1e-11 * (1 + Math.max(...value.data.map(Math.abs))))
        }
      }, 15)
    })
  })
}

describe('reduce', () => {
  it('shares the gradient of a maximum among entries that tie', () => {
    const builder = new Builder()
    const x = builder.input('x', [n])
    // Every column is the same: each maximum is attained k times, on an open set.
    const columns = builder.einsum('i->ij', [x], { j: k })
    const [gradient] = vjp(builder, builder.sum(builder.reduce('max', columns, [0, 1])), [x]) as [Node]
    const point = { sizes: SIZES, inputs: new Map([[x, tensor([2], [0.25, 0.75])]]) }
    expect([...evaluate([gradient], point)[0]!.data]).to.deep.equal([0, 1])
  })

  it('gives a product with a zero entry its derivative in forward mode', () => {
    const builder = new Builder()
    const x = builder.input('x', [m])
    const claim = builder.derivative('grad', builder.sum(builder.reduce('prod', x, [0])), x)
    const point = { sizes: SIZES, inputs: new Map([[x, tensor([3], [0, 2, 5])]]) }
    expect([...evaluateForward([claim], point)[0]!.data]).to.deep.equal([10, 0, 0])
  })
})
