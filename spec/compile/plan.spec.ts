import { expect } from 'chai'
import { layOut } from '../../src/compile/plan/layout.ts'
import { makePlan } from '../../src/compile/plan/plan.ts'
import { prepare } from '../../src/compile/stabilise/prepare.ts'
import { valueAndGradRoots } from '../../src/compile/compile.ts'
import type { Plan, Step } from '../../src/compile/plan/nest.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { literalSize, namedSize } from '../../src/shape/size.ts'
import { random } from '../support/graphs.ts'

const [r, k, c] = [namedSize('r'), namedSize('k'), namedSize('c')]

const planOf = (roots: readonly Node[], sizes: Record<string, number>, constants: string[] = [], unroll = true): Plan =>
  makePlan(prepare(roots, true), new Map(Object.entries(sizes)), { unroll, constants, bytes: 8 })

describe('makePlan', () => {
  it('materialises no transpose', () => {
    const b = new Builder()
    const product = b.matmul(b.transpose(b.input('a', [k, r])), b.transpose(b.input('b', [c, k])))
    const { steps } = planOf([product], { r: 30, k: 40, c: 50 })
    expect(steps.map(({ kind }) => kind)).to.deep.equal(['product'])
  })

  it('fuses elementwise work with the sums that take it, and does common work once', () => {
    const b = new Builder()
    const x = b.input('x', [r, c])
    const t = b.call('tanh', b.call('mul', x, x))
    const roots = [b.sum(t, [1]), b.sum(b.call('mul', t, t)), b.reduce('max', t, [0])]
    const { steps, buffers } = planOf(roots, { r: 300, c: 200 })
    expect(steps).to.have.length(1)
    const tanhs = steps.flatMap((step) => (step.kind === 'nest' ? step.code.ops.filter(({ op }) => op === 'tanh') : []))
    expect(tanhs).to.have.length(1)
    // The input and the three results: nothing in between is stored.
    expect(buffers).to.have.length(4)
  })

  it('writes a small net out as one pass over the samples', () => {
    const b = new Builder()
    const w = b.input('w', [literalSize(4), literalSize(2)])
    const a = b.call('tanh', b.matmul(w, b.input('x', [literalSize(2), c])))
    const { steps } = planOf(valueAndGradRoots(b, b.sum(b.call('mul', a, a)), [w]), { c: 400 })
    expect(steps.map((step) => step.kind === 'nest' && step.extents)).to.deep.equal([[400]])
  })

  it('reads a large constant once for a product and the gradient that comes back through it', () => {
    const b = new Builder()
    const w = b.input('w', [literalSize(1), r])
    const cost = b.sum(b.call('sigmoid', b.matmul(w, b.input('x', [r, c]))))
    const roots = valueAndGradRoots(b, cost, [w])
    const kinds = (constants: string[]): string[] =>
      planOf(roots, { r: 5000, c: 40 }, constants).steps.map(({ kind }) => kind)
    expect(kinds(['x'])).to.include('sweep')
    expect(kinds([])).to.not.include('sweep')
  })
})

describe('layOut', () => {
  it('gives no two buffers the same memory at the same time, and little more than is in use', () => {
    const draw = random(3)
    const pick = (count: number): number => Math.floor(draw() * count)
    const buffers = Array.from({ length: 300 }, () => ({ entries: 1 + pick(40), pinned: draw() < 0.1 }))
    const lives = buffers.map(({ pinned }) => {
      const from = pick(400)
      return pinned ? { from: -1, to: 400 } : { from, to: Math.min(399, from + pick(60)) }
    })
    // A step touches one buffer: each is touched at both ends of its life.
    const touched = lives.flatMap(({ from, to }, buffer) => [{ time: from, buffer }, { time: to, buffer }]) // prettier-ignore
    touched.sort((a, b) => a.time - b.time)
    const steps = touched.map(({ buffer }): Step => ({ kind: 'fill', buffer, value: 0 }))
    const first = buffers.map((_, buffer) => touched.findIndex((touch) => touch.buffer === buffer))
    const last = buffers.map((_, buffer) => touched.findLastIndex((touch) => touch.buffer === buffer))
    const { starts, bytes } = layOut({ buffers, steps, inputs: [], outputs: [] }, 8, 64)
    const places = buffers.map(({ entries, pinned }, buffer) => ({
      at: starts[buffer]!,
      end: starts[buffer]! + 8 * entries,
      from: pinned ? -1 : first[buffer]!,
      to: pinned ? steps.length : last[buffer]!,
    }))
    places.forEach((a, i) => {
      expect(a.end).to.be.at.most(64 + bytes)
      for (const b of places.slice(i + 1)) {
        if (a.from <= b.to && b.from <= a.to) expect(a.end <= b.at || b.end <= a.at).to.equal(true)
      }
    })
    const inUse = steps.map((_, time) => places.reduce((sum, { from, to, at, end }) => (from <= time && time <= to ? sum + Math.ceil((end - at) / 64) * 64 : sum), 0)) // prettier-ignore
    expect(bytes).to.be.below(1.5 * Math.max(...inUse))
  })

  it('gives the memory of what is no longer needed to what comes later', () => {
    const b = new Builder()
    let a: Node = b.input('x', [r, r])
    const w = b.input('w', [r, r])
    for (let layer = 0; layer < 12; layer++) a = b.call('tanh', b.matmul(w, a))
    const plan = planOf([a], { r: 64 }, [], false)
    const { bytes, starts } = layOut(plan, 8, 64)
    const matrix = 64 * 64 * 8
    expect(plan.buffers.length).to.be.above(20)
    // Two inputs, the result, and two more in turn.
    expect(bytes).to.be.at.most(5 * matrix)
    expect(starts.every((start) => start % 64 === 0)).to.equal(true)
  })
})
