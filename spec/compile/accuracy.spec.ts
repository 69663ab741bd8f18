import { expect } from 'chai'
import { compile } from '../../src/compile/compile.ts'
import { Arithmetic, fromNumber, toNumber } from '../../src/evaluate/bigfloat.ts'
import type { BigFloat } from '../../src/evaluate/bigfloat.ts'
import { Functions } from '../../src/evaluate/bigfloat-functions.ts'
import { Builder } from '../../src/graph/builder.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { namedSize } from '../../src/shape/size.ts'
import { random } from '../support/graphs.ts'

// Every vector function against 160-bit arithmetic: at points spread over all binary orders of magnitude, at the edges of
// the regions that the implementations tell apart, and around them.

const MOST_ULPS = 4
const exact = new Functions(160)
const plain = new Arithmetic(200)

type Precise = (x: BigFloat) => BigFloat | null

const ONE: BigFloat = { m: 1n, e: 0 }

const CASES: readonly { name: ElementwiseName; precise: Precise; low: number; high: number; near: readonly number[] }[] = [
  { name: 'exp', precise: (x) => exact.exp(x), low: -750, high: 710, near: [0, -745, -708.4, 709.7, 0.3466, 1] },
  { name: 'expm1', precise: (x) => exact.expm1(x), low: -60, high: 710, near: [0, 0.3466, -0.3466, 1.04, -1.04, -37, 709] },
  { name: 'log', precise: (x) => exact.log(x), low: 0, high: 1e308, near: [1, 0.7071, 1.4142, 2, 1e-310] },
  { name: 'log1p', precise: (x) => exact.log1p(x), low: -1, high: 1e308, near: [0, 0.4142, -0.2929, 1, -0.999999] },
  { name: 'tanh', precise: (x) => exact.tanh(x), low: -25, high: 25, near: [0, 0.1733, 0.5199, 1, 9, 19] },
  { name: 'sigmoid', precise: sigmoid, low: -745, high: 740, near: [0, 0.3466, -0.3466, 36, -700] },
  { name: 'erf', precise: (x) => exact.erf(x), low: -7, high: 7, near: [0, 0.84375, 1.25, 2.857142, 5.9, 6] },
  { name: 'sin', precise: (x) => exact.sin(x), low: -1e10, high: 1e10, near: [0, Math.PI, Math.PI / 4, 22 * Math.PI, 800000, 710.0 * Math.PI] },
  { name: 'cos', precise: (x) => exact.cos(x), low: -1e10, high: 1e10, near: [0, Math.PI / 2, Math.PI / 4, 11.5 * Math.PI, 800000, 709.5 * Math.PI] },
] // prettier-ignore

function sigmoid(x: BigFloat): BigFloat | null {
  const power = exact.exp({ m: -x.m, e: x.e })
  return power === null ? null : exact.div(ONE, exact.add(ONE, power))
}

function points(low: number, high: number, near: readonly number[]): number[] {
  const draw = random(17)
  const found: number[] = []
  for (let i = 0; i < 500; i++) found.push(low + (high - low) * draw(), 6 * draw() - 3)
  for (let order = -1074; order <= 1023; order += 6) {
    const size = 2 ** order * (1 + draw())
    found.push(size, -size)
  }
  for (const centre of near) {
    for (let i = 0; i < 30; i++)
      found.push(centre * (1 + (draw() - 0.5) * 2 ** (-i - 1)), centre + (draw() - 0.5) * 2 ** -i)
    found.push(centre)
  }
  return found.filter((x) => x > low && x < high)
}

/** The difference in units of the last place of the true value. */
function ulps(actual: number, truth: BigFloat): number {
  const nearest = toNumber(truth)
  if (!Number.isFinite(actual)) return Number.isFinite(nearest) ? Infinity : 0
  const place = nearest === 0 ? -1074 : Math.max(-1074, Math.floor(Math.log2(Math.abs(nearest))) - 52)
  const off = plain.sub(fromNumber(actual)!, truth)
  return Math.abs(toNumber({ m: off.m, e: off.e - place }))
}

describe('the vector functions of the WebAssembly back end', () => {
  for (const { name, precise, low, high, near } of CASES) {
    for (const fused of [false, true]) {
      it(`give ${name} within ${MOST_ULPS} units in the last place${fused ? ', with fused multiply-add where there is one' : ''}`, () => {
        const b = new Builder()
        const at = points(low, high, near)
        const root = b.call(name, b.input('x', [namedSize('n')]))
        const [result] = compile([root], { backend: 'wasm', fused, sizes: { n: at.length } })({
          x: Float64Array.from(at),
        })
        let worst = { x: 0, off: 0 }
        at.forEach((x, index) => {
          const truth = precise(fromNumber(x)!)
          if (truth === null) return
          const off = ulps(result!.data[index]!, truth)
          if (!(off <= worst.off)) worst = { x, off }
        })
        expect(worst.off, `${name}(${worst.x})`).to.be.at.most(MOST_ULPS)
      })
    }
  }

  it('give erfc, by way of gelu, to full relative accuracy far to the left', () => {
    const b = new Builder()
    const x = b.input('x', [namedSize('n')])
    const at = points(-38, 10, [0, -1.19, -1.77, -4.04, -30])
    const [result] = compile([b.call('gelu', x)], { backend: 'wasm' })({ x: at })
    at.forEach((point, index) => {
      const expected = ELEMENTWISE.gelu.kernel(point)
      expect(Math.abs(result!.data[index]! - expected), String(point)).to.be.at.most(
        1e-13 * Math.abs(expected) + 1e-307,
      )
    })
  })

  it('leave arguments of sine and cosine that are too large for them to the engine', () => {
    const at = [800001, 1e15, -1e22, 1e300, 2 ** 1023]
    const b = new Builder()
    const x = b.input('x', [namedSize('n')])
    const results = compile([b.call('sin', x), b.call('cos', x)], { backend: 'wasm' })({ x: at })
    expect([...results[0]!.data]).to.deep.equal(at.map(Math.sin))
    expect([...results[1]!.data]).to.deep.equal(at.map(Math.cos))
  })

  it('keep the sign of zero', () => {
    const b = new Builder()
    const x = b.input('x', [namedSize('n')])
    for (const name of ['sin', 'tanh', 'expm1', 'log1p', 'erf'] as const) {
      const [result] = compile([b.call(name, x)], { backend: 'wasm' })({ x: [-0, 0, -0] })
      expect(
        [...result!.data].map((value) => Object.is(value, -0)),
        name,
      ).to.deep.equal([true, false, true])
    }
  })
})
