import { expect } from 'chai'
import { compile, valueAndGrad } from '../../src/compile/compile.ts'
import { STABLE_RULES } from '../../src/compile/stabilise/rules.ts'
import { stabilise } from '../../src/compile/stabilise/prepare.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { literalSize, namedSize } from '../../src/shape/size.ts'
import { BACKENDS, distance } from '../support/compiled.ts'
import { drawInputs, random } from '../support/graphs.ts'

const n = namedSize('n')
const HUGE = [1000, -1000, 0, 35, -35]

type Formula = (b: Builder, z: Node) => Node

const one = (b: Builder): Node => b.whole(1)
const softmaxByHand: Formula = (b, z) => b.call('div', b.call('exp', z), b.sum(b.call('exp', z), [0], true))

/** For each rule a formula as people write it. */
const WRITTEN: Readonly<Record<string, Formula>> = {
  'log-of-sigmoid': (b, z) => b.call('log', b.call('sigmoid', z)),
  'log-of-one-minus-sigmoid': (b, z) => b.call('log', b.call('sub', one(b), b.call('sigmoid', z))),
  'one-minus-sigmoid': (b, z) => b.call('sub', one(b), b.call('sigmoid', z)),
  'reciprocal-as-sigmoid': (b, z) => b.call('div', one(b), b.call('add', one(b), b.call('exp', b.call('neg', z)))),
  'ratio-as-sigmoid': (b, z) => b.call('mul', b.call('div', one(b), b.call('add', one(b), b.call('exp', z))), b.call('exp', z)), // prettier-ignore
  'log-of-one-plus-exp': (b, z) => b.call('log', b.call('add', b.call('exp', z), one(b))),
  'log-of-one-plus': (b, z) => b.call('log', b.call('add', one(b), b.call('mul', z, z))),
  'exp-minus-one': (b, z) => b.call('sub', b.call('exp', z), one(b)),
  'log-of-exp': (b, z) => b.call('log', b.call('exp', z)),
  'log-of-softmax': (b, z) => b.call('log', b.normalise('softmax', z, [0])),
  'log-of-exp-over-sum': (b, z) => b.call('log', softmaxByHand(b, z)),
  'log-of-sum-of-exp': (b, z) => b.call('log', b.sum(b.call('exp', z))),
  'ratio-as-softmax': softmaxByHand,
}

describe('stabilise', () => {
  for (const { name } of STABLE_RULES) {
    it(`keeps the value where it applies ${name}`, () => {
      const b = new Builder()
      const z = b.input('z', [n])
      const root = WRITTEN[name]!(b, z)
      const { builder, roots } = stabilise([root], true)
      const input = reachable(roots).find((node) => node.kind === 'input')!
      const draw = random(3)
      const sizes = new Map([['n', 7]])
      const inputs = drawInputs([root], sizes, () => 6 * draw() - 3)
      const [expected] = evaluate([root], { sizes, inputs })
      const [actual] = evaluate(roots, { sizes, inputs: new Map([[input, [...inputs.values()][0]!]]) })
      expect(roots[0], 'nothing was rewritten').to.not.equal(
        builder.rebuild(
          root,
          root.inputs.map(() => input),
        ),
      )
      expect(distance(actual!.data, expected!.data)).to.be.below(1e-13)
    })

    it(`leaves nothing that overflows after ${name}`, () => {
      const b = new Builder()
      const root = WRITTEN[name]!(b, b.input('z', [n]))
      const grows = name === 'exp-minus-one'
      for (const backend of BACKENDS) {
        const [result] = compile([root], { backend })({ z: grows ? HUGE.slice(1) : HUGE })
        expect([...result!.data].every(Number.isFinite), [...result!.data].join()).to.equal(true)
      }
    })
  }
})

describe('compile', () => {
  for (const backend of BACKENDS) {
    it(`keeps softmax, log_softmax and logsumexp finite at ±1000 (${backend})`, () => {
      const b = new Builder()
      const z = b.input('z', [n])
      const roots = [
        b.normalise('softmax', z, [0]),
        b.normalise('log_softmax', z, [0]),
        b.normalise('logsumexp', z, [0]),
      ]
      const [softmax, logSoftmax, logSumExp] = compile(roots, { backend })({ z: [1000, -1000, 1000] })
      expect([...softmax!.data]).to.deep.equal([0.5, 0, 0.5])
      expect(distance(logSoftmax!.data, [-Math.LN2, -2000 - Math.LN2, -Math.LN2])).to.be.below(1e-15)
      expect(logSumExp!.data[0]).to.equal(1000 + Math.LN2)
    })

    it(`gives the cross-entropy of saturated outputs and its gradient (${backend})`, () => {
      const b = new Builder()
      const z = b.input('z', [n])
      const y = b.input('y', [n])
      const a = b.define('A', b.call('sigmoid', z))
      const positive = b.call('mul', y, b.call('log', a))
      const negative = b.call('mul', b.call('sub', one(b), y), b.call('log', b.call('sub', one(b), a)))
      const cost = b.call('neg', b.sum(b.call('add', positive, negative)))
      const { value, gradients } = valueAndGrad(b, cost, [z], { backend })({ z: [800, -800, 800, -800, 0], y: [1, 0, 0, 1, 1] }) // prettier-ignore
      expect(value).to.equal(1600 + Math.LN2)
      expect([...gradients[0]!.data].map((entry) => entry + 0)).to.deep.equal([0, 0, 1, -1, -0.5])
    })

    it(`gives the cross-entropy of a saturated softmax and its gradient (${backend})`, () => {
      const b = new Builder()
      const z = b.input('z', [literalSize(3), n])
      const y = b.input('y', [literalSize(3), n])
      const cost = b.call('neg', b.sum(b.call('mul', y, b.call('log', b.normalise('softmax', z, [0])))))
      const { value, gradients } = valueAndGrad(b, cost, [z], { backend })({
        z: [[1000, 0], [0, 1000], [-1000, 0]],
        y: [[1, 1], [0, 0], [0, 0]],
      }) // prettier-ignore
      expect(value).to.equal(1000)
      expect([...gradients[0]!.data].map((entry) => entry + 0)).to.deep.equal([0, -1, 0, 1, 0, 0])
    })
  }
})
