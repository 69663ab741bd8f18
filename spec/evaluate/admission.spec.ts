import { expect } from 'chai'
import { HALF } from '../../src/base/rational.ts'
import { admit } from '../../src/evaluate/admission.ts'
import type { Admission } from '../../src/evaluate/admission.ts'
import { scalar, tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { namedSize } from '../../src/shape/size.ts'

const n = namedSize('n')

describe('admit', () => {
  const builder = new Builder()
  const [x, y] = [builder.input('x', []), builder.input('y', [])]
  const v = builder.input('v', [n])
  const a = builder.input('a', [n, n])
  const zero = builder.whole(0)
  const judge = (root: Node, at: { x?: number; y?: number; v?: number[]; a?: number[] }): Admission => {
    const inputs = new Map([
      [x, scalar(at.x ?? 1)],
      [y, scalar(at.y ?? 1)],
      [v, tensor([2], at.v ?? [1, 2])],
      [a, tensor([2, 2], at.a ?? [1, 0, 0, 1])],
    ])
    return admit([root], { sizes: new Map([['n', 2]]), inputs })
  }
  const kinds = (admission: Admission): string[] => admission.obstacles.map(({ kind }) => kind)
  const third = builder.call('div', x, builder.whole(3))
  /** Zero but for rounding, at `x = 1`: 1/3 + 2/3 - 1, in an order that rounds. */
  const residue = builder.call('sub', builder.call('sub', x, third), builder.call('mul', builder.whole(2), third))

  it('gives the values with their bounds', () => {
    const [result] = judge(third, { x: 1 }).results
    expect(result!.value.data[0]).to.equal(1 / 3)
    expect(result!.bound.data[0]).to.be.within(2 ** -56, 2 ** -53)
  })

  const REFUSED: Record<string, { root: Node; at: Parameters<typeof judge>[1]; kind: string }> = {
    'a logarithm of a negative number': { root: builder.call('log', x), at: { x: -1 }, kind: 'not-finite' },
    'a logarithm of rounding': {
      root: builder.call('log', builder.call('abs', residue)),
      at: { x: 0.7 },
      kind: 'domain',
    },
    'a division by zero': { root: builder.call('div', x, y), at: { y: 0 }, kind: 'not-finite' },
    'a division by rounding': { root: builder.call('div', y, residue), at: { x: 0.7 }, kind: 'domain' },
    'a root where it is not smooth': { root: builder.call('sqrt', x), at: { x: 0 }, kind: 'domain' },
    'a broken power of a negative number': {
      root: builder.call('pow', x, builder.constant(HALF)),
      at: { x: -1 },
      kind: 'not-finite',
    },
    'a varying power of a negative number': {
      root: builder.call('pow', x, y),
      at: { x: -2, y: 2 },
      kind: 'domain',
    },
    'a comparison that rounding decides': { root: builder.call('gt', residue, zero), at: { x: 0.7 }, kind: 'near-tie' },
    'a kink that rounding decides': { root: builder.call('relu', residue), at: { x: 0.7 }, kind: 'near-tie' },
    'an overflow': { root: builder.call('exp', x), at: { x: 1000 }, kind: 'not-finite' },
    'a singular inverse': { root: builder.sum(builder.matrix('inv', a)), at: { a: [1, 2, 2, 4] }, kind: 'not-finite' },
    'a nearly singular inverse': {
      root: builder.sum(builder.matrix('inv', a)),
      at: { a: [1, 2, 2, 4 + 1e-12] },
      kind: 'ill-conditioned',
    },
  }
  for (const [name, { root, at, kind }] of Object.entries(REFUSED)) {
    it(`refuses ${name}`, () => expect(kinds(judge(root, at))).to.include(kind))
  }

  it('refuses a maximum that rounding decides', () => {
    const wobbly = builder.call('add', v, builder.call('div', v, builder.whole(3)))
    const root = builder.reduce('max', wobbly, [0])
    expect(kinds(judge(root, { v: [1, 1 + 1e-15] }))).to.deep.equal(['near-tie'])
    expect(judge(root, { v: [1, 1.5] }).obstacles).to.be.empty
  })

  it('admits whole powers of negative numbers, but no negative one of zero', () => {
    const power = (p: number): Node => builder.call('pow', x, builder.whole(p))
    expect(judge(power(2), { x: -3 }).obstacles).to.be.empty
    expect(judge(power(-2), { x: -3 }).obstacles).to.be.empty
    expect(judge(power(2), { x: 0 }).obstacles).to.be.empty
    expect(kinds(judge(power(-2), { x: 0 }))).to.include('not-finite')
    const bySize = builder.call('pow', x, builder.call('sub', builder.size(n), builder.whole(1)))
    expect(judge(bySize, { x: -3 }).obstacles).to.be.empty
  })

  it('reports exact ties apart', () => {
    const root = builder.call('relu', builder.call('sub', v, v))
    const { obstacles, ties } = judge(root, {})
    expect(obstacles).to.be.empty
    expect(ties).to.deep.equal([{ node: root, entries: [0, 1] }])
    const top = builder.reduce('max', v, [0])
    expect(judge(top, { v: [5, 5] }).ties).to.deep.equal([{ node: top, entries: [0] }])
    expect(judge(top, { v: [5, 4] }).ties).to.be.empty
  })

  it('says nothing of a clear comparison', () => {
    expect(judge(builder.call('gt', v, zero), { v: [1e-9, -1e-9] })).to.deep.include({ obstacles: [], ties: [] })
  })

  it('asks nothing of a branch that is not taken, nor of what only it needs', () => {
    const log = builder.call('log', v)
    const taken = builder.call('gt', v, zero)
    const safe = builder.sum(builder.call('where', taken, log, v))
    expect(judge(safe, { v: [-1, 2] }).obstacles).to.be.empty
    const elsewhere = builder.call('add', safe, builder.sum(log))
    expect(judge(elsewhere, { v: [-1, 2] }).obstacles).not.to.be.empty
    const second = builder.sum(builder.call('where', taken, v, log))
    expect(judge(second, { v: [1, 2] }).obstacles).to.be.empty
    expect(judge(second, { v: [-1, 2] }).obstacles).not.to.be.empty
  })

  it('follows needs through whole-array operations, entry by entry', () => {
    const log = builder.call('log', a)
    const firstRow = builder.call(
      'where',
      builder.einsum('ij->ij', [builder.call('gt', a, zero)]),
      builder.transpose(builder.transpose(log)),
      zero,
    )
    expect(judge(builder.sum(firstRow), { a: [1, -1, 2, -3] }).obstacles).to.be.empty
    const trace = builder.einsum('ii->', [log])
    expect(judge(trace, { a: [1, -1, -2, 3] }).obstacles).to.be.empty
    expect(judge(trace, { a: [-1, 1, 2, 3] }).obstacles).not.to.be.empty
    const normal = builder.sum(builder.normalise('softmax', log, [0]))
    expect(judge(normal, { a: [1, -1, 2, 3] }).obstacles).not.to.be.empty
  })

  it('takes no zero that rounding made for false', () => {
    const bell = builder.call('exp', builder.call('neg', builder.call('mul', x, x)))
    const obstacles = (root: Node, at: number): readonly unknown[] =>
      admit([root], { sizes: new Map(), inputs: new Map([[x, scalar(at)], [y, scalar(2)]]) }).obstacles // prettier-ignore
    const chosen = builder.call('where', bell, x, y)
    expect(obstacles(chosen, 100)).to.have.lengthOf(1)
    expect(obstacles(chosen, 1)).to.be.empty
    expect(obstacles(builder.call('not', bell), 100)).to.have.lengthOf(1)
    const compared = builder.call('where', builder.call('gt', bell, builder.constant(HALF)), x, y)
    expect(obstacles(compared, 100)).to.be.empty
  })

  it('finds nothing wrong with ordinary points', () => {
    const all = [
      third,
      builder.call('log', x),
      builder.matrix('logdet', a),
      builder.matrix('inv', a),
      builder.call('max', x, y),
    ]
    const inputs = new Map([[x, scalar(0.4)], [y, scalar(-2)], [a, tensor([2, 2], [2, 1, 1, 3])]]) // prettier-ignore
    const { obstacles, ties } = admit(all, { sizes: new Map([['n', 2]]), inputs })
    expect([obstacles, ties]).to.deep.equal([[], []])
  })
})
