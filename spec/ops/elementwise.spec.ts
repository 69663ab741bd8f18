import { expect } from 'chai'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { erf, erfc } from '../../src/ops/kernels/erf.ts'

const kernel = (fn: ElementwiseName, ...args: number[]): number => ELEMENTWISE[fn].kernel(...args)
const near = (value: number, expected: number, tolerance = 4e-15): void => {
  expect(Math.abs(value - expected)).to.be.at.most(tolerance * Math.abs(expected))
}

describe('ELEMENTWISE', () => {
  it('spells out truth values as 0 and 1', () => {
    expect([
      kernel('gt', 2, 1),
      kernel('gt', 1, 1),
      kernel('ge', 1, 1),
      kernel('eq', 1, 1),
      kernel('ne', 1, 1),
    ]).to.deep.equal([1, 0, 1, 1, 0])
    expect([kernel('and', 2, 0), kernel('and', 2, 3), kernel('or', 0, 5), kernel('not', 7)]).to.deep.equal([0, 1, 1, 0])
    expect([kernel('where', 0, 1, 2), kernel('where', -1, 1, 2), kernel('where', 1, 1, NaN)]).to.deep.equal([2, 1, 1])
    expect([kernel('step', 0), kernel('sign', -3), kernel('sign', 0)]).to.deep.equal([0, -1, 0])
  })

  it('passes NaN on, except from a branch that is not taken', () => {
    for (const fn of ELEMENTWISE_NAMES) {
      const { arity } = ELEMENTWISE[fn]
      for (let slot = 0; slot < arity; slot++) {
        if (fn === 'where' && slot > 0) continue
        // A parameter of the piece that is not taken does not matter either.
        if ((fn === 'leaky_relu' || fn === 'elu') && slot === 1) continue
        const args = Array.from({ length: arity }, (_, other) => (other === slot ? NaN : 0.5))
        expect(kernel(fn, ...args), `${fn} slot ${slot}`).to.be.NaN
      }
    }
  })

  it('has no value outside the domain', () => {
    const outside: [ElementwiseName, ...number[]][] = [
      ['div', 1, 0], ['log', 0], ['log', -1], ['log1p', -1], ['sqrt', -1e-300], ['asin', 1.1], ['acos', -1.1],
      ['pow', -8, 1 / 3], ['pow', 0, -1],
    ] // prettier-ignore
    for (const [fn, ...args] of outside) expect(kernel(fn, ...args), `${fn}(${args.join(', ')})`).to.be.NaN
    expect([kernel('pow', -2, 3), kernel('pow', 0, 0), kernel('sqrt', 0)]).to.deep.equal([-8, 1, 0])
  })

  it('does not overflow on the way to a finite value', () => {
    expect([
      kernel('sigmoid', 1000),
      kernel('sigmoid', -1000),
      kernel('softplus', 1000),
      kernel('softplus', -1000),
    ]).to.deep.equal([1, 0, 1000, 0])
    for (const fn of ['silu', 'mish', 'gelu', 'gelu_tanh', 'relu'] as const) {
      expect(kernel(fn, 1000), fn).to.equal(1000)
      expect(Math.abs(kernel(fn, -1000)), fn).to.equal(0)
      expect(Math.abs(kernel(fn, -Infinity)), fn).to.equal(0)
    }
    near(kernel('sigmoid', -700), Math.exp(-700))
    near(kernel('expm1', 1e-12), 1e-12 + 5e-25)
    near(kernel('log1p', 1e-12), 1e-12 - 5e-25)
  })

  it('has the published values', () => {
    near(kernel('selu', 1), 1.0507009873554805)
    near(kernel('selu', -1), -1.1113307378125627)
    near(kernel('gelu', 1), 0.8413447460685429)
    // The bell falls so steeply there that the rounding of the argument counts 64 times.
    near(kernel('gelu', -8), -4.97676845941742988e-15, 2e-14)
    near(kernel('elu', -1, 2), 2 * Math.expm1(-1))
    near(kernel('leaky_relu', -3, 0.25), -0.75)
    near(kernel('swish', 1, 2), 0.8807970779778823)
    near(kernel('mish', 1), 0.8650983882673103)
  })
})

describe('erf', () => {
  // Source: Abramowitz and Stegun, table 7.1, continued to double precision.
  const VALUES: readonly [number, number][] = [
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.5, 0.999593047982555],
    [3, 0.9999779095030014],
  ]
  it('has the tabulated values, is odd, and ends at 1', () => {
    for (const [x, value] of VALUES) {
      near(erf(x), value)
      expect(erf(-x)).to.equal(-erf(x))
    }
    expect([erf(0), erf(7), erf(-Infinity)]).to.deep.equal([0, 1, -1])
  })

  it('leaves its complement accurate far to the right', () => {
    near(erfc(1), 0.15729920705028513)
    near(erfc(1.5), 0.033894853524689274)
    near(erfc(3), 2.2090496998585445e-5)
    near(erfc(10), 2.088487583762545e-45)
    expect(erfc(-7)).to.equal(2)
  })
})
