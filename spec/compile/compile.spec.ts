import { expect } from 'chai'
import { compile, valueAndGrad } from '../../src/compile/compile.ts'
import { toNested } from '../../src/compile/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import { literalSize, namedSize } from '../../src/shape/size.ts'
import { BACKENDS, distance } from '../support/compiled.ts'

const [r, c] = [namedSize('r'), namedSize('c')]

describe('compile', () => {
  it('reads sizes off nested arrays, and off a typed array where one name is missing', () => {
    const b = new Builder()
    const f = compile([b.matmul(b.input('x', [r, c]), b.input('w', [c, literalSize(1)]))])
    const nested = f({ x: [[1, 2, 3], [4, 5, 6]], w: [[1], [0], [-1]] }) // prettier-ignore
    expect(toNested(nested[0]!)).to.deep.equal([[-2], [-2]])
    const typed = f({ x: Float64Array.of(1, 2, 3, 4), w: [[1], [10]] })
    expect(toNested(typed[0]!)).to.deep.equal([[21], [43]])
  })

  it('says which size has no value, and which data do not fit', () => {
    const b = new Builder()
    const f = compile([b.input('x', [r, c])])
    expect(() => f({ x: new Float64Array(6) })).to.throw('size `r` has no value')
    expect(() => f({ x: [[1, 2], [3]] })).to.throw('do not have one shape') // prettier-ignore
    expect(() => f({})).to.throw('the input `x` has no data')
    expect(() => f({ x: [['a']] } as never)).to.throw('`x`: "a" stands where a number is expected')
    expect(() => f({ x: [[null]] } as never)).to.throw('`x`: null stands where a number is expected')
    const sum = compile([b.call('add', b.input('x', [r, c]), b.input('y', [r, c]))])
    expect(() => sum({ x: [[1]], Y: [[1]] }))
      .to.throw('the input `y` has no data')
      .with.property('hint', 'no input is called `Y`')
    expect(() => f.bind({ r: 2, c: 3 }).set('x', [1, 2, 3])).to.throw('`x` has shape 3, not 2×3')
    expect(() => f.bind({ r: 2, c: 3 }).set('y', 1)).to.throw('`y` is no input')
    expect(() => f.bind({ r: 0, c: 3 })).to.throw('an axis of length 0')
  })

  for (const backend of BACKENDS) {
    it(`gives fresh results, or reuses one place for them (${backend})`, () => {
      const b = new Builder()
      const roots = [b.call('exp', b.input('x', [r]))]
      const fresh = compile(roots, { backend })
      const first = fresh({ x: [0] })
      fresh({ x: [1] })
      expect(first[0]!.data[0]).to.equal(1)
      const reused = compile(roots, { backend, results: 'reused' })
      const kept = reused({ x: [0] })
      reused({ x: [1] })
      expect(kept[0]!.data[0]).to.be.closeTo(Math.E, 1e-15)
    })

    it(`lets inputs be written in place between runs (${backend})`, () => {
      const b = new Builder()
      const x = b.input('x', [r])
      const bound = compile([b.sum(b.call('mul', x, x))], { backend }).bind({ r: 3 })
      bound.input('x').set([1, 2, 3])
      bound.run()
      expect(bound.outputs[0]!.data[0]).to.equal(14)
      bound.input('x')[0] = 10
      bound.run()
      expect(bound.outputs[0]!.data[0]).to.equal(113)
    })

    it(`gives floats when asked to (${backend})`, () => {
      const b = new Builder()
      const [result] = compile([b.call('sin', b.input('x', [r]))], { backend, precision: 'f32' })({
        x: [1, 2, 3, 4, 5],
      })
      expect(result!.data).to.be.instanceOf(Float32Array)
      expect([...result!.data]).to.deep.equal([1, 2, 3, 4, 5].map((x) => Math.fround(Math.sin(x))))
    })

    it(`goes over a large constant array once for two products (${backend})`, () => {
      const b = new Builder()
      const [n, m] = [namedSize('n'), namedSize('m')]
      const w = b.input('w', [literalSize(1), n])
      const x = b.input('x', [n, m])
      const z = b.call('sigmoid', b.matmul(w, x))
      const cost = b.sum(b.call('mul', z, z))
      // 23 is no multiple of the number of samples at a time.
      const sizes = { n: 9001, m: 23 }
      const data = Float64Array.from({ length: 9001 * 23 }, (_, i) => Math.sin(i))
      const weights = Float64Array.from({ length: 9001 }, (_, i) => Math.cos(i) / 50)
      const run = (constants: string[]): number[][] => {
        const { compiled } = valueAndGrad(b, cost, [w], { backend, constants })
        const bound = compiled.bind(sizes)
        bound.set('x', data)
        bound.set('w', weights)
        bound.run()
        bound.run()
        return bound.outputs.map((result) => [...result.data])
      }
      const [once, twice] = [run(['x']), run([])]
      once.forEach((entries, index) => expect(distance(entries, twice[index]!)).to.be.below(1e-12))
    })
  }

  it('takes a chain of hundreds of layers', () => {
    const b = new Builder()
    const w = b.input('w', [literalSize(3), literalSize(3)])
    let a = b.input('x', [literalSize(3), c])
    for (let layer = 0; layer < 300; layer++) a = b.call('tanh', b.matmul(w, a))
    const { value, gradients } = valueAndGrad(b, b.sum(a), [w])({
      x: [[0.1], [0.2], [0.3]],
      w: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    }) // prettier-ignore
    expect(value).to.be.within(0.1, 0.4)
    expect([...gradients[0]!.data].every(Number.isFinite)).to.equal(true)
  })

  it('puts no name of a sheet into generated code', () => {
    const b = new Builder()
    const x = b.input('x"]; throw 1; //', [namedSize('process.exit()')])
    const [result] = compile([b.define('`', b.call('add', x, x))], { backend: 'js' })({ 'x"]; throw 1; //': [1, 2] })
    expect([...result!.data]).to.deep.equal([2, 4])
  })

  it('makes a two-layer net in a few milliseconds', () => {
    const make = (): number => {
      const b = new Builder()
      const m = namedSize('m')
      const w1 = b.input('W1', [literalSize(4), literalSize(2)])
      const w2 = b.input('W2', [literalSize(1), literalSize(4)])
      const a = b.call('tanh', b.matmul(w1, b.input('X', [literalSize(2), m])))
      const cost = b.call('neg', b.sum(b.call('log', b.call('sigmoid', b.matmul(w2, a)))))
      const from = performance.now()
      const { compiled } = valueAndGrad(b, cost, [w1, w2])
      compiled.bind({ m: 400 }).run()
      return performance.now() - from
    }
    const times = Array.from({ length: 5 }, make)
    // Five milliseconds on a machine that does nothing else.
    expect(Math.min(...times)).to.be.below(25)
  })
})
