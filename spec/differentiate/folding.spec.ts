import { expect } from 'chai'
import { rational } from '../../src/base/rational.ts'
import { Folding } from '../../src/differentiate/folding.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { MapNode, Node } from '../../src/graph/node.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'

describe('Folding', () => {
  const builder = new Builder()
  const folding = new Folding(builder)
  const x = builder.input('x', [])
  const number = (n: number, d = 1): Node => builder.constant(rational(n, d))

  const CASES: readonly [ElementwiseName, Node[], Node][] = [
    ['add', [number(1, 2), number(1, 3)], number(5, 6)],
    ['add', [number(0), x], x],
    ['add', [x, number(0)], x],
    ['sub', [number(1, 2), number(1, 3)], number(1, 6)],
    ['sub', [x, number(0)], x],
    ['mul', [number(2, 3), number(3, 4)], number(1, 2)],
    ['mul', [number(1), x], x],
    ['mul', [x, number(1)], x],
    ['mul', [number(-1), x], builder.call('neg', x)],
    ['mul', [x, number(-1)], builder.call('neg', x)],
    ['mul', [number(0), x], number(0)],
    ['mul', [x, number(0)], number(0)],
    ['div', [number(1), number(-4)], number(-1, 4)],
    ['div', [x, number(1)], x],
    ['neg', [number(2)], number(-2)],
    ['pow', [x, number(1)], x],
    ['pow', [x, number(0)], number(1)],
    ['pow', [number(2, 3), number(-2)], number(9, 4)],
  ]
  const text = (node: Node): string => (node.kind === 'constant' ? `${node.value.n}/${node.value.d}` : 'x')
  for (const [fn, args, expected] of CASES) {
    it(`folds ${fn} of ${args.map(text).join(' and ')}`, () => expect(folding.call(fn, ...args)).to.equal(expected))
  }

  it('leaves alone what is no number, and what would grow long or has no value', () => {
    const kept: readonly [ElementwiseName, Node[]][] = [
      ['sub', [number(0), x]], ['div', [number(1), x]], ['div', [number(1), number(0)]], ['pow', [number(2), number(1, 2)]],
      ['pow', [number(3), number(1000)]], ['pow', [number(0), number(-1)]], ['exp', [number(0)]], ['mul', [x, x]],
    ] // prettier-ignore
    for (const [fn, args] of kept) expect(folding.call(fn, ...args), fn).to.equal(builder.call(fn, ...args))
  })

  it('gives no partial where it is zero', () => {
    const zero = builder.call('pow', x, number(0)) as MapNode
    expect(folding.partial(zero, 0)).to.equal(null)
    expect(folding.partial(builder.call('gt', x, number(0)) as MapNode, 0)).to.equal(null)
    expect(folding.partial(builder.call('pow', x, number(2)) as MapNode, 0)).to.equal(builder.call('mul', number(2), x))
  })
})
