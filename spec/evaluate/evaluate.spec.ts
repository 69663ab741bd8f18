import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { HALF, rational } from '../../src/base/rational.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { Bindings } from '../../src/evaluate/evaluate.ts'
import { scalar, tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { addSizes, namedSize, ONE_SIZE } from '../../src/shape/size.ts'

const [n, m] = [namedSize('n'), namedSize('m')]
const point = (...pairs: [Node, Tensor][]): Bindings => ({
  sizes: new Map([['n', 2], ['m', 3]]), // prettier-ignore
  inputs: new Map(pairs),
})
const entries = (node: Node, bindings: Bindings): number[] => [...evaluate([node], bindings)[0]!.data]

describe('evaluate', () => {
  const builder = new Builder()
  const x = builder.input('x', [n, m])
  const row = builder.input('row', [m])
  const column = builder.input('column', [n, ONE_SIZE])
  const given = point(
    [x, tensor([2, 3], [1, 2, 3, 4, 5, 6])],
    [row, tensor([3], [10, 20, 30])],
    [column, tensor([2, 1], [-1, 1])],
  )

  it('gives numbers, constants and sizes their values', () => {
    const roots = [builder.constant(HALF), builder.pi(), builder.e(), builder.size(addSizes(n, m))]
    expect(evaluate(roots, given).map(({ data }) => data[0])).to.deep.equal([0.5, Math.PI, Math.E, 5])
  })

  it('aligns arrays at the last axis and repeats axes of length 1', () => {
    expect(entries(builder.call('add', x, row), given)).to.deep.equal([11, 22, 33, 14, 25, 36])
    expect(entries(builder.call('mul', column, x), given)).to.deep.equal([-1, -2, -3, 4, 5, 6])
    expect(entries(builder.call('sub', column, row), given)).to.deep.equal([-11, -21, -31, -9, -19, -29])
  })

  it('multiplies, transposes and sums by index notation', () => {
    expect(entries(builder.matmul(builder.transpose(x), column), given)).to.deep.equal([3, 3, 3])
    expect(entries(builder.sum(x, [0], true), given)).to.deep.equal([5, 7, 9])
    expect(entries(builder.sum(x), given)).to.deep.equal([21])
    expect(entries(builder.eye(n), given)).to.deep.equal([1, 0, 0, 1])
    expect(entries(builder.einsum('ij->ji', [x]), given)).to.deep.equal([1, 4, 2, 5, 3, 6])
    const square = builder.matmul(x, builder.transpose(x))
    expect(entries(builder.einsum('ii->', [square]), given)).to.deep.equal([91])
    expect(entries(builder.einsum('i->ii', [row]), given)).to.deep.equal([10, 0, 0, 0, 20, 0, 0, 0, 30])
  })

  it('raises negative numbers to whole powers', () => {
    const squared = builder.call('pow', column, builder.constant(rational(3)))
    expect(entries(squared, given)).to.deep.equal([-1, 1])
  })

  it('reduces over axes, which keep length 1', () => {
    expect(entries(builder.reduce('max', x, [0]), given)).to.deep.equal([4, 5, 6])
    expect(entries(builder.reduce('min', x, [1]), given)).to.deep.equal([1, 4])
    expect(entries(builder.reduce('prod', x, [0, 1]), given)).to.deep.equal([720])
  })

  it('normalises without overflow', () => {
    const big = builder.call('mul', builder.whole(1000), row)
    expect(entries(builder.normalise('softmax', big, [0]), given)).to.deep.equal([0, 0, 1])
    expect(entries(builder.normalise('log_softmax', big, [0]), given)).to.deep.equal([-20000, -10000, 0])
    expect(entries(builder.normalise('logsumexp', big, [0]), given)).to.deep.equal([30000])
  })

  it('inverts with exchanged rows, and says NaN for what has no value', () => {
    const a = builder.input('a', [n, n])
    const all = [builder.matrix('inv', a), builder.matrix('det', a), builder.matrix('logdet', a)]
    const swapped = evaluate(all, point([a, tensor([2, 2], [0, 2, 4, 0])]))
    expect([...swapped[0]!.data]).to.deep.equal([0, 0.25, 0.5, 0])
    expect([...swapped[1]!.data, ...swapped[2]!.data]).to.deep.equal([-8, NaN])
    const singular = evaluate(all, point([a, tensor([2, 2], [1, 2, 2, 4])]))
    // Minus zero is zero.
    expect(singular.flatMap(({ data }) => Array.from(data, (entry) => entry + 0))).to.deep.equal([
      NaN,
      NaN,
      NaN,
      NaN,
      0,
      NaN,
    ])
    const positive = evaluate(all, point([a, tensor([2, 2], [0, 2, -4, 0])]))
    expect(positive[2]!.data[0]).to.equal(Math.log(2) + Math.log(4))
  })

  it('does not mind a branch that is not taken', () => {
    const safe = builder.call(
      'where',
      builder.call('gt', column, builder.whole(0)),
      builder.call('log', column),
      column,
    )
    expect(entries(safe, given)).to.deep.equal([-1, 0])
  })

  it('takes a node of any kind as given, and does not look below it', () => {
    const unknown = builder.input('unknown', [])
    const middle = builder.define('middle', builder.call('exp', unknown))
    const top = builder.call('add', middle, builder.whole(1))
    expect(entries(top, point([middle, scalar(4)]))).to.deep.equal([5])
  })

  const REFUSED: Record<string, { node: Node; bindings: Bindings; code: string; message: string }> = {
    'an input without a value': { node: x, bindings: point(), code: 'data', message: '`x`' },
    'a value of another shape': { node: x, bindings: point([x, scalar(1)]), code: 'data', message: '[2, 3]' },
    'a size without a length': {
      node: builder.size(n),
      bindings: { sizes: new Map(), inputs: new Map() },
      code: 'internal',
      message: '`n`',
    },
    'a derivative': {
      node: builder.derivative('grad', builder.sum(x), x),
      bindings: given,
      code: 'internal',
      message: 'expanded',
    },
  }
  for (const [name, { node, bindings, code, message }] of Object.entries(REFUSED)) {
    it(`refuses ${name}`, () => {
      expect(() => evaluate([node], bindings))
        .to.throw(BackproveError, message)
        .with.property('code', code)
    })
  }
})
