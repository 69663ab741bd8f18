import { expect } from 'chai'
import { vjp } from '../../src/differentiate/reverse.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { evaluateForward } from '../../src/evaluate/forward.ts'
import { scalar, tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { expectClose } from '../support/relative.ts'

const [n, m] = [namedSize('n'), namedSize('m')]
const at = (x: Node, entries: number[], extra: [Node, Tensor][] = []) => ({
  sizes: new Map([['n', entries.length], ['m', 3]]), // prettier-ignore
  inputs: new Map<Node, Tensor>([[x, tensor(x.shape.length === 0 ? [] : [entries.length], entries)], ...extra]),
})

describe('vjp', () => {
  it('adds up what comes along every path', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    const y = builder.call('mul', x, builder.call('add', x, builder.call('exp', x)))
    const [value] = evaluate(vjp(builder, y, [x]), at(x, [0.5]))
    expectClose(value!, scalar(2 * 0.5 + Math.exp(0.5) * 1.5), 1e-15)
  })

  it('gives each of several nodes its own gradient, also where one lies below another', () => {
    const builder = new Builder()
    const w = builder.input('w', [])
    const z = builder.define('z', builder.call('mul', builder.whole(3), w))
    const y = builder.call('add', builder.call('sin', z), w)
    const [byZ, byW] = evaluate(vjp(builder, y, [z, w]), at(w, [0.25]))
    expectClose(byZ!, scalar(Math.cos(0.75)), 1e-15)
    expectClose(byW!, scalar(3 * Math.cos(0.75) + 1), 1e-15)
  })

  it('frees a name, not what is spelt like it', () => {
    const builder = new Builder()
    const w = builder.input('w', [])
    const expression = builder.call('exp', w)
    const z = builder.define('z', expression)
    const y = builder.call('mul', z, expression)
    expect(vjp(builder, y, [z])[0]).to.equal(expression)
  })

  it('gives zeros of the right shape where nothing depends on the node', () => {
    const builder = new Builder()
    const x = builder.input('x', [n])
    const other = builder.input('other', [n, m])
    const [zero] = vjp(builder, builder.sum(x), [other]) as [Node]
    expect(zero.shape).to.deep.equal(other.shape)
    expect([...evaluate([zero], at(x, [1, 2]))[0]!.data]).to.deep.equal([0, 0, 0, 0, 0, 0])
  })

  it('makes nothing for paths that do not lead to the node', () => {
    const builder = new Builder()
    const [x, w, v] = [builder.input('x', [n]), builder.input('w', [n]), builder.input('v', [n])]
    const y = builder.sum(builder.call('mul', builder.call('exp', x), builder.call('tanh', builder.call('mul', w, v))))
    const made = (wrt: Node): string[] => {
      const before = builder.dag.size
      vjp(builder, y, [wrt])
      return builder.dag.nodes.slice(before).map((node) => (node.kind === 'map' ? node.fn : node.kind))
    }
    // Squares are what the derivative of tanh is made of.
    expect(made(x)).not.to.include('pow')
    const below = made(w)
    expect(below).to.include('pow')
    expect(below.filter((fn) => fn === 'mul' || fn === 'scale').length).to.be.at.most(3)
  })

  it('refuses a cotangent of another shape, as a fault of its caller', () => {
    const builder = new Builder()
    const x = builder.input('x', [n])
    for (const wrong of [builder.input('c', [m]), builder.input('s', [])]) {
      try {
        vjp(builder, x, [x], wrong)
        expect.fail('was accepted')
      } catch (error) {
        expect(error).to.include({ code: 'internal' })
      }
    }
  })

  it('writes a linear loss by the other operand, without ones or sums of ones', () => {
    const builder = new Builder()
    const [x, c] = [builder.input('x', [n]), builder.input('c', [n])]
    const y = builder.sum(builder.call('mul', c, x))
    expect(vjp(builder, y, [x])[0]).to.equal(c)
  })

  it('counts the entries that a scalar was repeated to', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    const b = builder.input('b', [n, m])
    const y = builder.sum(builder.call('add', b, x))
    const [gradient] = vjp(builder, y, [x]) as [Node]
    expect(reachable([gradient]).every((node) => node.kind === 'size' || node.kind === 'constant')).to.be.true
    const sizes = new Map([['n', 2], ['m', 3]]) // prettier-ignore
    expect(evaluate([gradient], { sizes, inputs: new Map() })[0]!.data[0]).to.equal(6)
  })

  it('is differentiable again', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    let derivative: Node = builder.call('pow', x, builder.whole(5))
    for (let order = 0; order < 5; order++) derivative = vjp(builder, derivative, [x])[0]!
    expect(evaluate([derivative], at(x, [0.7]))[0]!.data[0]).to.equal(120)
    expect(vjp(builder, derivative, [x])[0]).to.equal(builder.whole(0))
  })

  it('refuses a cotangent of another shape', () => {
    const builder = new Builder()
    const x = builder.input('x', [n])
    expect(() => vjp(builder, x, [x], builder.input('g', [m]))).to.throw('cotangent')
  })

  it('refuses to pass through a derivative that is not expanded', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    const inner = builder.derivative('grad', builder.call('exp', x), x)
    expect(() => vjp(builder, inner, [x])).to.throw('inner derivative')
  })
})

describe('a branch of where that is not taken', () => {
  const builder = new Builder()
  const x = builder.input('x', [n])
  const zero = builder.whole(0)
  const positive = builder.call('gt', x, zero)
  const nonzero = builder.call('ne', x, zero)
  const inverse = builder.call('div', builder.whole(1), x)
  const square = builder.call('mul', inverse, inverse)
  const CASES: Record<string, { y: Node; slopes: (x: number) => number }> = {
    'with an infinite slope': {
      y: builder.call('where', positive, builder.call('log', x), zero),
      slopes: (v) => (v > 0 ? 1 / v : 0),
    },
    'that uses a value twice': {
      y: builder.call('where', nonzero, builder.call('add', inverse, square), zero),
      slopes: (v) => (v === 0 ? 0 : -1 / v ** 2 - 2 / v ** 3),
    },
    'as the second branch': {
      y: builder.call('where', builder.call('eq', x, zero), x, inverse),
      slopes: (v) => (v === 0 ? 1 : -1 / v ** 2),
    },
    'inside another': {
      y: builder.call('where', nonzero, builder.call('where', positive, builder.call('log', x), inverse), x),
      slopes: (v) => (v > 0 ? 1 / v : v < 0 ? -1 / v ** 2 : 1),
    },
    'inside another with the same condition': {
      y: builder.call(
        'add',
        builder.call('where', nonzero, builder.call('where', nonzero, inverse, builder.call('exp', x)), x),
        builder.call('where', nonzero, x, builder.call('where', nonzero, builder.call('exp', x), x)),
      ),
      slopes: (v) => (v === 0 ? 2 : 1 - 1 / v ** 2),
    },
    'next to another with the same value': {
      y: builder.call(
        'add',
        builder.call('where', positive, inverse, zero),
        builder.call('where', nonzero, square, zero),
      ),
      slopes: (v) => (v > 0 ? -1 / v ** 2 : 0) + (v === 0 ? 0 : -2 / v ** 3),
    },
    'behind a change of axes': {
      y: builder.call(
        'where',
        builder.einsum('i->ij', [positive], { j: ONE_SIZE }),
        builder.einsum('i->ij', [builder.call('log', x)], { j: ONE_SIZE }),
        zero,
      ),
      slopes: (v) => (v > 0 ? 1 / v : 0),
    },
  }
  const point = at(x, [2, 0, 0.5, -0.25, 1e-9])
  for (const [name, { y, slopes }] of Object.entries(CASES)) {
    it(`does not leak, ${name}`, () => {
      const [gradient] = evaluate(vjp(builder, builder.sum(y), [x]), point) as [Tensor]
      const expected = tensor([5], [2, 0, 0.5, -0.25, 1e-9].map(slopes))
      gradient.data.forEach((slope, entry) => {
        expect(Math.abs(slope - expected.data[entry]!)).to.be.at.most(1e-14 * Math.abs(expected.data[entry]!))
      })
      const [forward] = evaluateForward([builder.derivative('grad', builder.sum(y), x)], point) as [Tensor]
      expectClose(forward, expected, 1e-15)
    })
  }

  it('does not leak through a transpose', () => {
    const a = builder.input('a', [n, m])
    const turned = builder.transpose(a)
    const y = builder.call('where', builder.call('gt', turned, zero), builder.call('log', turned), zero)
    const inputs = new Map([[a, tensor([2, 3], [1, 0, 2, 0, 4, 0])]])
    const sizes = new Map([['n', 2], ['m', 3]]) // prettier-ignore
    const [gradient] = evaluate(vjp(builder, builder.sum(y), [a]), { sizes, inputs }) as [Tensor]
    expect([...gradient.data]).to.deep.equal([1, 0, 0.5, 0, 0.25, 0])
  })

  it('does not leak from a whole-array branch', () => {
    const flag = builder.input('flag', [])
    const branch = builder.sum(builder.call('log', x))
    const y = builder.call('where', flag, branch, zero)
    const [gradient] = evaluate(vjp(builder, y, [x]), at(x, [2, 0], [[flag, scalar(0)]])) as [Tensor]
    expect([...gradient.data]).to.deep.equal([0, 0])
  })
})
