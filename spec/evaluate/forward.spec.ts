import { expect } from 'chai'
import { evaluateForward, jvp } from '../../src/evaluate/forward.ts'
import { scalar, tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { namedSize } from '../../src/shape/size.ts'
import { expectClose } from '../support/relative.ts'

const numbers = (...pairs: [Node, number][]) => ({
  sizes: new Map<string, number>(),
  inputs: new Map(pairs.map(([node, value]) => [node, scalar(value)])),
})

describe('jvp', () => {
  const builder = new Builder()
  const w = builder.input('w', [])
  const z = builder.define('z', builder.call('mul', w, w))
  const y = builder.call('mul', z, builder.call('exp', w))

  it('gives values and how they move', () => {
    const { values, tangents } = jvp([z, y], numbers([w, 3]), new Map([[w, scalar(2)]]))
    expectClose(values[1]!, scalar(9 * Math.exp(3)), 1e-15)
    expectClose(tangents[0]!, scalar(12), 1e-15)
    expectClose(tangents[1]!, scalar(2 * (6 + 9) * Math.exp(3)), 1e-15)
  })

  it('frees a seeded definition: it moves as told, and what it is computed from stands still', () => {
    const { tangents } = jvp([y, w], numbers([w, 3]), new Map([[z, scalar(1)]]))
    expectClose(tangents[0]!, scalar(Math.exp(3)), 1e-15)
    expect(tangents[1]!.data[0]).to.equal(0)
  })

  it('lets a seed overrule what another seed would make of it', () => {
    const seeds = new Map([[w, scalar(1)], [z, scalar(0)]]) // prettier-ignore
    expectClose(jvp([y], numbers([w, 3]), seeds).tangents[0]!, scalar(9 * Math.exp(3)), 1e-15)
  })

  it('moves what is given a value of its own only by its own seed', () => {
    const fixed = { ...numbers([w, 3]), inputs: new Map<Node, ReturnType<typeof scalar>>([[w, scalar(3)], [z, scalar(5)]]) } // prettier-ignore
    expectClose(jvp([y], fixed, new Map([[w, scalar(1)]])).tangents[0]!, scalar(5 * Math.exp(3)), 1e-15)
  })
})

describe('evaluateForward', () => {
  it('frees the name and holds fixed what it is computed from', () => {
    const builder = new Builder()
    const w = builder.input('w', [])
    const z = builder.define('z', builder.call('mul', w, w))
    const y = builder.call('mul', z, builder.call('exp', w))
    const claims = [z, w].map((node) => builder.derivative('grad', y, node))
    const [byZ, byW] = evaluateForward(claims, numbers([w, 3]))
    expectClose(byZ!, scalar(Math.exp(3)), 1e-15)
    expectClose(byW!, scalar(15 * Math.exp(3)), 1e-15)
  })

  it('takes derivatives of derivatives, also by a name between the two', () => {
    const builder = new Builder()
    const w = builder.input('w', [])
    const z = builder.define('z', builder.call('mul', w, w))
    const inner = builder.derivative('grad', builder.call('sin', z), w)
    const claims = [builder.derivative('grad', inner, z), builder.derivative('grad', inner, w)]
    const [byZ, byW] = evaluateForward(claims, numbers([w, 0.5]))
    expectClose(byZ!, scalar(-Math.sin(0.25)), 1e-15)
    expectClose(byW!, scalar(2 * Math.cos(0.25) - Math.sin(0.25)), 1e-14)
  })

  it('reaches the third order', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    let y: Node = builder.call('sin', x)
    for (let order = 0; order < 3; order++) y = builder.derivative('grad', y, x)
    expectClose(evaluateForward([y], numbers([x, 0.7]))[0]!, scalar(-Math.cos(0.7)), 1e-15)
  })

  it('takes an array entry by entry, where one that is no number leaves the others alone', () => {
    const builder = new Builder()
    const x = builder.input('x', [namedSize('n')])
    const claim = builder.derivative('grad', builder.call('sqrt', x), x)
    const point = { sizes: new Map([['n', 2]]), inputs: new Map([[x, tensor([2], [-1, 4])]]) }
    expect([...evaluateForward([claim], point)[0]!.data]).to.deep.equal([NaN, 0.25])
  })

  it('gives zeros where nothing depends on the variable', () => {
    const builder = new Builder()
    const [x, y] = [builder.input('x', [namedSize('n')]), builder.input('y', [])]
    const point = { sizes: new Map([['n', 2]]), inputs: new Map([[x, tensor([2], [1, 2])], [y, scalar(1)]]) } // prettier-ignore
    expect([...evaluateForward([builder.derivative('grad', y, x)], point)[0]!.data]).to.deep.equal([0, 0])
  })
})
