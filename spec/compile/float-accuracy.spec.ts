import { expect } from 'chai'
import { compile } from '../../src/compile/compile.ts'
import { hasMadd } from '../../src/compile/wasm/engine.ts'
import { Builder } from '../../src/graph/builder.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { namedSize } from '../../src/shape/size.ts'

// The vector functions in floats against the kernels, which work in doubles, at every 997th of all floats: all orders of
// magnitude, subnormal ones, infinities and NaN among them.

const MOST_ULPS = 4
const STEP = 997
const BLOCK = 2 ** 16

interface Case {
  readonly name: ElementwiseName
  readonly ulps?: number
  /** Below this a factor of the result is subnormal and has lost its last digits. */
  readonly low?: number
}

const CASES: readonly Case[] = [
  { name: 'exp', ulps: 1 },
  { name: 'expm1', ulps: 2 },
  { name: 'log', ulps: 1 },
  { name: 'log1p' },
  { name: 'tanh' },
  { name: 'sigmoid' },
  { name: 'softplus' },
  { name: 'erf' },
  { name: 'silu', low: -87 },
  // Five roundings after that of the exponential, at their worst near -6.88.
  { name: 'mish', low: -87, ulps: 5 },
]

const SPECIAL = [0, -0, Infinity, -Infinity, NaN, 1, -1, 88.72283, 88.72284, -87.33655, -103.97208, -103.97209, 40, 41, -6.876720905303955, 2 ** -149, -(2 ** -149), 2 ** -126] // prettier-ignore

function* blocks(): Generator<Float32Array> {
  yield Float32Array.from(SPECIAL)
  for (let from = 0; from < 2 ** 32; from += STEP * BLOCK) {
    const bits = Uint32Array.from({ length: BLOCK }, (_, i) => from + STEP * i)
    yield new Float32Array(bits.buffer)
  }
}

const nearest = new Float32Array(1)
const bitsOfNearest = new Uint32Array(nearest.buffer)

/** The difference in units of the last place of the true value as a float; Infinity counts as 2^128. */
function ulps(actual: number, truth: number): number {
  if (Number.isNaN(truth)) return Number.isNaN(actual) ? 0 : Infinity
  nearest[0] = truth
  const exponent = Math.min(254, Math.max(1, (bitsOfNearest[0]! >>> 23) & 0xff))
  const bounded = (x: number): number => Math.max(-(2 ** 128), Math.min(2 ** 128, x))
  const off = Math.abs(bounded(actual) - bounded(truth)) / 2 ** (exponent - 150)
  if (Number.isNaN(off)) return Infinity
  return off
}

function worstOf(name: ElementwiseName, fused: boolean, low: number): { x: number; off: number } {
  const b = new Builder()
  const root = b.call(name, b.input('x', [namedSize('n')]))
  const { kernel } = ELEMENTWISE[name]
  let worst = { x: 0, off: 0 }
  for (const at of blocks()) {
    const options = { backend: 'wasm', precision: 'f32', fused, sizes: { n: at.length } } as const
    const [result] = compile([root], options)({ x: at })
    for (let i = 0; i < at.length; i++) {
      const x = at[i]!
      if (x < low && x > -Infinity) continue
      const [actual, truth] = [result!.data[i]!, kernel(x)]
      // At infinities a zero has no sign of its own.
      const hasSign = truth === 0 && Number.isFinite(x)
      const off = hasSign && !Object.is(actual, truth) ? Infinity : ulps(actual, truth)
      if (off > worst.off) worst = { x, off }
    }
  }
  return worst
}

describe('the vector functions of the WebAssembly back end in floats', () => {
  for (const fused of hasMadd() ? [false, true] : [false]) {
    const how = fused ? ', with fused multiply-add' : ''
    for (const { name, ulps: most = MOST_ULPS, low = -Infinity } of CASES) {
      it(`give ${name} within ${most} units in the last place, and special values as they are${how}`, () => {
        const { x, off } = worstOf(name, fused, low)
        expect(off, `${name}(${x})`).to.be.at.most(most)
      })
    }
  }
})
