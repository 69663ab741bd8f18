import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { expandDerivatives, expandEach } from '../../src/differentiate/expand.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { scalar, tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { expectClose } from '../support/relative.ts'

const [n, m] = [namedSize('n'), namedSize('m')]
const numbers = (...pairs: [Node, number][]) => ({
  sizes: new Map<string, number>(),
  inputs: new Map(pairs.map(([node, value]) => [node, scalar(value)])),
})

describe('expandDerivatives', () => {
  it('leaves what holds no derivative as it is', () => {
    const builder = new Builder()
    const y = builder.define('y', builder.call('exp', builder.input('x', [n])))
    expect(expandDerivatives(builder, [y, y]).roots).to.deep.equal([y, y])
  })

  it('leaves no derivative behind, also inside expressions and definitions', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    const slope = builder.define('slope', builder.derivative('grad', builder.call('sin', x), x))
    const y = builder.call('mul', builder.whole(2), slope)
    const [root] = expandDerivatives(builder, [y]).roots as [Node]
    expect(reachable([root]).map((node) => node.kind)).not.to.include('derivative')
    expect(reachable([root]).some((node) => node.kind === 'definition' && node.name === 'slope')).to.be.true
    expectClose(evaluate([root], numbers([x, 0.3]))[0]!, scalar(2 * Math.cos(0.3)), 1e-15)
  })

  it('takes inner derivatives first, and frees outer names in them', () => {
    const builder = new Builder()
    const w = builder.input('w', [])
    const z = builder.define('z', builder.call('mul', w, w))
    const y = builder.call('sin', z)
    const inner = builder.derivative('grad', y, w)
    // The inner derivative is cos(z)*2w; with w held fixed, its derivative by z is -sin(z)*2w.
    const outer = builder.derivative('grad', inner, z)
    const { roots, warnings } = expandDerivatives(builder, [inner, outer])
    const [first, second] = evaluate(roots, numbers([w, 0.5]))
    expectClose(first!, scalar(Math.cos(0.25)), 1e-15)
    expectClose(second!, scalar(-Math.sin(0.25)), 1e-15)
    expect(warnings).to.be.empty
  })

  it('differentiates by a definition that itself holds a derivative', () => {
    const builder = new Builder()
    const w = builder.input('w', [])
    const slope = builder.define('slope', builder.derivative('grad', builder.call('exp', w), w))
    const y = builder.call('pow', slope, builder.whole(2))
    const [value] = evaluate(expandDerivatives(builder, [builder.derivative('grad', y, slope)]).roots, numbers([w, 1]))
    expectClose(value!, scalar(2 * Math.E), 1e-15)
  })

  it('takes an array entry by entry where it depends so on another', () => {
    const builder = new Builder()
    const x = builder.input('x', [n, m])
    const z = builder.define('z', builder.call('tanh', x))
    const [root] = expandDerivatives(builder, [builder.derivative('grad', z, x)]).roots as [Node]
    const sizes = new Map([['n', 1], ['m', 2]]) // prettier-ignore
    const [value] = evaluate([root], { sizes, inputs: new Map([[x, tensor([1, 2], [0.5, -1])]]) })
    expectClose(value!, tensor([1, 2], [1 - Math.tanh(0.5) ** 2, 1 - Math.tanh(1) ** 2]), 1e-15)
  })

  it('takes an array whose axes are all 1 for a scalar', () => {
    const builder = new Builder()
    const x = builder.input('x', [n, ONE_SIZE])
    const y = builder.matmul(builder.transpose(x), x)
    const [root] = expandDerivatives(builder, [builder.derivative('grad', y, x)]).roots as [Node]
    const point = { sizes: new Map([['n', 2]]), inputs: new Map([[x, tensor([2, 1], [3, -5])]]) }
    expect([...evaluate([root], point)[0]!.data]).to.deep.equal([6, -10])
  })

  it('warns where nothing depends on the variable, and gives zeros', () => {
    const builder = new Builder()
    const [x, y] = [builder.input('x', [n]), builder.input('y', [])]
    const claim = builder.derivative('grad', builder.call('exp', y), x)
    const { roots, warnings } = expandDerivatives(builder, [claim])
    expect(warnings.map(({ code, of }) => [code, of])).to.deep.equal([['independent', claim]])
    expect(warnings[0]!.message).to.contain('`x`')
    const point = { sizes: new Map([['n', 3]]), inputs: new Map() }
    expect([...evaluate(roots, point)[0]!.data]).to.deep.equal([0, 0, 0])
  })
})

describe('expandEach', () => {
  const builder = new Builder()
  const x = builder.input('x', [n])
  const w = builder.input('w', [n, n])
  const REFUSED: Record<string, { claim: Node; code: string; mention: string }> = {
    'an array that mixes entries': {
      claim: builder.derivative('grad', builder.define('s', builder.normalise('softmax', x, [0])), x),
      code: 'not-scalar',
      mention: '`s`',
    },
    'an array by something that it repeats': {
      claim: builder.derivative('grad', builder.call('add', w, x), x),
      code: 'not-scalar',
      mention: 'n×n',
    },
    'a size': {
      claim: builder.derivative('grad', builder.sum(x), builder.size(n)),
      code: 'not-differentiable',
      mention: 'sizes',
    },
    'a definition made of sizes': {
      claim: builder.derivative(
        'grad',
        builder.sum(x),
        builder.define('k', builder.call('add', builder.size(n), builder.whole(1))),
      ),
      code: 'not-differentiable',
      mention: '`k`',
    },
  }
  for (const [name, { claim, code, mention }] of Object.entries(REFUSED)) {
    it(`refuses the gradient of ${name}`, () => {
      const [result] = expandEach(builder, [claim]).roots
      if (!(result instanceof BackproveError)) throw new Error('it was not refused')
      expect(result.code).to.equal(code)
      expect(result.message).to.contain(mention)
      expect(result.hint).not.to.equal('')
      expect(() => expandDerivatives(builder, [claim])).to.throw(BackproveError)
    })
  }

  it('refuses what rests on a refused derivative, and nothing else', () => {
    const bad = builder.call('exp', REFUSED['a size']!.claim)
    const good = builder.derivative('grad', builder.sum(x), x)
    const { roots } = expandEach(builder, [bad, good])
    expect(roots[0]).to.be.instanceOf(BackproveError)
    expect(roots[1]).not.to.be.instanceOf(BackproveError)
  })
})
