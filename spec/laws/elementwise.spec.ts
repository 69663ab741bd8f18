import { expect } from 'chai'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
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
import { entriesOf, scalar, tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Shape } from '../../src/shape/shape.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { complexStep, COMPLEX } from '../support/complex.ts'
import { differenceGradient } from '../support/differences.ts'
import { smoothArguments, SMOOTH_REGIONS } from '../support/elementwise.ts'
import { signedTensor } from '../support/points.ts'
import { forAllStreams } from '../support/property.ts'
import { expectClose, joined } from '../support/relative.ts'

const [n, m] = [namedSize('n'), namedSize('m')]
/** The first argument fills the result, or does not; the others repeat along each axis in turn. */
const SHAPES: readonly Shape[] = [[n, m], [n, ONE_SIZE], [ONE_SIZE, m], [m], [], [n, m]] // prettier-ignore

interface Case {
  readonly builder: Builder
  readonly args: Node[]
  readonly y: Node
  readonly bindings: Bindings
}

/** The operation on inputs of shapes that broadcast, at a point of one of its smooth regions. */
function broadcastCase(fn: ElementwiseName, random: Random): Case {
  const builder = new Builder()
  const sizes = new Map([['n', 2], ['m', 3]]) // prettier-ignore
  const regions = SMOOTH_REGIONS[fn]
  const region = regions[random.below(regions.length)]!
  const inputs = new Map<Node, Tensor>()
  const args = region.map((ranges, slot) => {
    const input = builder.input(`x${slot}`, SHAPES[random.below(SHAPES.length)]!)
    const shape = lengthsOf(input, sizes)
    const entry = (): number => random.between(...ranges[random.below(ranges.length)]!)
    inputs.set(input, tensor(shape, Float64Array.from({ length: entriesOf(shape) }, entry)))
    return input
  })
  return { builder, args, y: builder.call(fn, ...args), bindings: { sizes, inputs } }
}

/** The operation on scalars. */
function scalarCase(fn: ElementwiseName, random: Random): Case & { numbers: number[] } {
  const builder = new Builder()
  const numbers = smoothArguments(fn, random)
  const args = numbers.map((_, slot) => builder.input(`x${slot}`, []))
  const inputs = new Map(args.map((arg, slot): [Node, Tensor] => [arg, scalar(numbers[slot]!)]))
  return { builder, args, numbers, y: builder.call(fn, ...args), bindings: { sizes: new Map(), inputs } }
}

/** A scalar that weighs every entry of the result differently, so that no error cancels. */
function weighed({ builder, y, bindings }: Case, random: Random): { total: Node; bindings: Bindings } {
  const weights = builder.input('weights', y.shape)
  const value = signedTensor(random, lengthsOf(weights, bindings.sizes))
  const total = builder.sum(builder.call('mul', weights, y))
  return { total, bindings: { ...bindings, inputs: new Map(bindings.inputs).set(weights, value) } }
}

/** Whether an argument is a truth value, which no small step moves. */
const isTruth = (fn: ElementwiseName, slot: number): boolean =>
  fn === 'and' || fn === 'or' || fn === 'not' || (fn === 'where' && slot === 0)

for (const fn of ELEMENTWISE_NAMES) {
  const op = ELEMENTWISE[fn]
  describe(`elementwise ${fn}`, () => {
    it('has a partial for each argument', () => {
      expect(op.partials).to.have.length(op.arity)
      for (const region of SMOOTH_REGIONS[fn]) expect(region).to.have.length(op.arity)
    })

    it('has the shape to which its arguments broadcast', () => {
      forAllStreams((random) => {
        const { y, bindings } = broadcastCase(fn, random)
        expect(evaluate([y], bindings)[0]!.shape).to.deep.equal(lengthsOf(y, bindings.sizes))
      }, 20)
    })

    it('has the same gradient in reverse, forward and by central differences', () => {
      forAllStreams((random) => {
        const given = broadcastCase(fn, random)
        const { total, bindings } = weighed(given, random)
        const reverse = evaluate(vjp(given.builder, total, given.args), bindings)
        const claims = given.args.map((arg) => given.builder.derivative('grad', total, arg))
        const forward = evaluateForward(claims, bindings)
        reverse.forEach((gradient, slot) => expectClose(gradient, forward[slot]!, 1e-12, `argument ${slot}`))
        const moving = given.args.filter((_, slot) => !isTruth(fn, slot))
        const numeric = moving.map((arg) => differenceGradient(total, bindings, arg))
        const own = reverse.filter((_, slot) => !isTruth(fn, slot))
        expectClose(joined(own), joined(numeric), 1e-8, 'gradient')
      }, 15)
    })

    it('has the same second derivatives in reverse and forward', () => {
      forAllStreams((random) => {
        const given = scalarCase(fn, random)
        const first = given.args.map((arg) => given.builder.derivative('grad', given.y, arg))
        const second = first.flatMap((inner) => given.args.map((arg) => given.builder.derivative('grad', inner, arg)))
        const reverse = evaluate(expandDerivatives(given.builder, second).roots, given.bindings)
        const forward = evaluateForward(second, given.bindings)
        reverse.forEach((value, at) => expectClose(value, forward[at]!, 1e-9, `second derivative ${at}`))
      }, 15)
    })

    const complex = COMPLEX[fn]
    if (complex !== null) {
      it('has the derivative that a complex step gives', () => {
        forAllStreams((random) => {
          const { builder, args, y, bindings, numbers } = scalarCase(fn, random)
          evaluate(vjp(builder, y, args), bindings).forEach((partial, slot) => {
            expectClose(partial, scalar(complexStep(complex, numbers, slot)), 1e-12, `argument ${slot}`)
          })
        })
      })
    }

    const { expansion } = op
    if (expansion !== undefined) {
      it('has the value and the derivatives of its expansion', () => {
        forAllStreams((random) => {
          const { builder, args, y, bindings } = scalarCase(fn, random)
          const expanded = expansion<Node>(builder, args)
          expect(expanded).not.to.equal(y)
          const both = evaluate([y, expanded], bindings)
          expectClose(both[0]!, both[1]!, 1e-12, 'value')
          const own = evaluate(vjp(builder, y, args), bindings)
          const theirs = evaluate(vjp(builder, expanded, args), bindings)
          own.forEach((partial, slot) => expectClose(partial, theirs[slot]!, 1e-12, `argument ${slot}`))
        })
      })
    }

    it('rounds within its bound', () => {
      forAllStreams((random) => {
        const { y, bindings } = scalarCase(fn, random)
        const [{ value, bound }] = evaluateWithBound([y], bindings) as [{ value: Tensor; bound: Tensor }]
        const exact = evaluatePrecisely([y], bindings)[0]!.data[0]
        if (exact === null || exact === undefined) throw new Error('undefined at a smooth point')
        expect(bound.data[0]).to.be.below(1e-12 * (1 + Math.abs(value.data[0]!)))
        expect(Math.abs(value.data[0]! - toNumber(exact))).to.be.at.most(
          bound.data[0]! + 2 ** -53 * Math.abs(value.data[0]!),
        )
      })
    })
  })
}
