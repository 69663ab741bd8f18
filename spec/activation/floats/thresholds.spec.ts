import { expect } from 'chai'

import { runActivation } from '../../../src/activation/run.ts'
import type { Instability } from '../../../src/activation/stability.ts'

const known = new Map<string, readonly Instability[]>()

function faultsOf(expression: string): readonly Instability[] {
  let found = known.get(expression)
  if (found === undefined) known.set(expression, (found = runActivation({ expression })[0]!.stability))
  return found
}

interface Wanted {
  readonly of?: 'value' | 'slope'
  /** Text that the problem must have. */
  readonly problem: string
  /** The ends in f32 and in f64. */
  readonly f32: readonly [from: number, to: number]
  readonly f64: readonly [from: number, to: number]
  /** How far ends may be off, relative. */
  readonly within?: number
  /** The first spelling that is listed, if not this. */
  readonly spelling?: string
}

/** Of overflow: ends are sharp. */
const SHARP = 1e-6
/** Of lost digits: what terms of higher order and the allowance for conditioning move. */
const LOOSE = 0.02

/** The place at which an increasing function has a value. */
function solve(f: (z: number) => number, value: number, lo: number, hi: number): number {
  let [a, b] = [lo, hi]
  for (let k = 0; k < 200; k++) {
    const mid = (a + b) / 2
    if (f(mid) < value) a = mid
    else b = mid
  }
  return (a + b) / 2
}

const [LARGEST_32, LARGEST_64] = [(2 - 2 ** -23) * 2 ** 127, Number.MAX_VALUE]
const [SMALLEST_32, SMALLEST_64] = [2 ** -126, 2 ** -1022]
const [EXP_32, EXP_64] = [Math.log(LARGEST_32), Math.log(LARGEST_64)]
const [ROOT_32, ROOT_64] = [Math.sqrt(LARGEST_32), Math.sqrt(LARGEST_64)]
/** Where `exp(z)/z`, `z*exp(z)` and `-z*exp(z)` are as large, or as small, by their logarithms. */
const quotient = (largest: number): number => solve((z) => z - Math.log(z), Math.log(largest), 2, 1000)
const product = (largest: number): number => solve((z) => z + Math.log(z), Math.log(largest), 2, 1000)
const vanishing = (smallest: number): number => -solve((z) => z - Math.log(z), -Math.log(smallest), 2, 1000)

const INFINITE = 'exp(z) overflows to Infinity, and the result is infinite'
const NONE = 'exp(z) overflows to Infinity, and the result is NaN'
const DIGITS = 'more than half of the digits can be lost'

// Half of the digits are 12 bits in f32 and 26 in f64; half a unit in the last place of a number from 1 to 2 is 2^-24 and
// 2^-53, of one from 1/2 to 1 half as much. Each list is by hand from these.
const CASES: Readonly<Record<string, readonly Wanted[]>> = {
  '(exp(z)-1)/z': [
    { problem: 'is NaN', f32: [0, 0], f64: [0, 0] },
    { problem: DIGITS, f32: [-(2 ** -13), 2 ** -12], f64: [-(2 ** -28), 2 ** -27], within: LOOSE },
    { problem: INFINITE, f32: [EXP_32, quotient(LARGEST_32)], f64: [EXP_64, quotient(LARGEST_64)] },
    { problem: 'overflows to Infinity, and the result is infinite', spelling: 'expm1(z)/z', f32: [EXP_32, quotient(LARGEST_32)], f64: [EXP_64, quotient(LARGEST_64)] },
    { problem: 'is NaN', spelling: 'expm1(z)/z', f32: [0, 0], f64: [0, 0] },
  ],
  // exp(z) beside 1 is lost below 2^-12 and 2^-27.
  'log(1+exp(z))': [
    { problem: INFINITE, f32: [EXP_32, Infinity], f64: [EXP_64, Infinity] },
    { of: 'slope', problem: NONE, f32: [EXP_32, Infinity], f64: [EXP_64, Infinity] },
    { problem: DIGITS, f32: [Math.log(SMALLEST_32), -12 * Math.LN2], f64: [Math.log(SMALLEST_64), -27 * Math.LN2], within: LOOSE },
  ],
  'log(exp(z)+1)': [{ problem: INFINITE, f32: [EXP_32, Infinity], f64: [EXP_64, Infinity] }],
  '1/(1+exp(-z))': [
    { problem: 'exp(-z) overflows to Infinity; the result survives', f32: [-Infinity, -EXP_32], f64: [-Infinity, -EXP_64] },
    { of: 'slope', problem: 'exp(-z) overflows to Infinity, and the result is NaN', f32: [-Infinity, -EXP_32], f64: [-Infinity, -EXP_64] },
  ],
  // Zero instead of z*exp(z), which is still in the range.
  'z/(1+exp(-z))': [
    { problem: 'and the result is wrong', f32: [vanishing(SMALLEST_32), -EXP_32], f64: [vanishing(SMALLEST_64), -EXP_64] },
  ],
  '(exp(z)-exp(-z))/(exp(z)+exp(-z))': [
    { problem: NONE, f32: [EXP_32, Infinity], f64: [EXP_64, Infinity] },
    { problem: 'exp(-z) overflows', f32: [-Infinity, -EXP_32], f64: [-Infinity, -EXP_64] },
    // One exponential rounds by half a unit above 1, the other by half of that, the difference is 2z.
    { problem: DIGITS, f32: [-0.75 * 2 ** -12, 0.75 * 2 ** -12], f64: [-0.75 * 2 ** -27, 0.75 * 2 ** -27], within: LOOSE },
  ],
  'z*exp(z)/(1+exp(z))': [
    { problem: 'z*exp(z) overflows to Infinity, and the result is infinite', f32: [product(LARGEST_32), EXP_32], f64: [product(LARGEST_64), EXP_64] },
    { problem: NONE, f32: [EXP_32, Infinity], f64: [EXP_64, Infinity] },
  ],
  // The sum rounds by half a unit, of which the root takes half, and rounds by one itself; the result is z^2/2.
  'sqrt(1+z^2)-1': [
    { problem: DIGITS, f32: [-Math.sqrt(3 * 2 ** -12), Math.sqrt(3 * 2 ** -12)], f64: [-Math.sqrt(3 * 2 ** -27), Math.sqrt(3 * 2 ** -27)], within: LOOSE },
    { problem: 'and the result is infinite', f32: [ROOT_32, Infinity], f64: [ROOT_64, Infinity] },
    { problem: 'and the result is infinite', f32: [-Infinity, -ROOT_32], f64: [-Infinity, -ROOT_64] },
    { of: 'slope', problem: 'and the result is wrong', f32: [ROOT_32, Infinity], f64: [ROOT_64, Infinity] },
  ],
  '1-cos(z)': [{ problem: DIGITS, f32: [-(2 ** -6), 2 ** -6], f64: [-(2 ** -13.5), 2 ** -13.5], within: LOOSE }],
  'log(cosh(z))': [
    { problem: 'and the result is infinite', f32: [EXP_32 + Math.LN2, Infinity], f64: [EXP_64 + Math.LN2, Infinity] },
    { problem: DIGITS, f32: [-(2 ** -5.5), 2 ** -5.5], f64: [-(2 ** -13), 2 ** -13], within: LOOSE },
  ],
  'z^3/(1+z^2)': [
    { problem: 'and the result is infinite', f32: [Math.cbrt(LARGEST_32), ROOT_32], f64: [Math.cbrt(LARGEST_64), ROOT_64] },
    { problem: 'and the result is NaN', f32: [ROOT_32, Infinity], f64: [ROOT_64, Infinity] },
  ],
  'exp(-z^2)': [{ problem: 'z^2 overflows to Infinity; the result survives', f32: [ROOT_32, Infinity], f64: [ROOT_64, Infinity] }],
  'asin(2*z/(1+z^2))': [
    { problem: 'z^2 overflows to Infinity, and the result is wrong', f32: [ROOT_32, Infinity], f64: [ROOT_64, Infinity] },
  ],
} // prettier-ignore

const isClose = (value: number, wanted: number, within: number): boolean =>
  value === wanted || Math.abs(value - wanted) <= within * Math.abs(wanted)

describe('the faults of spellings', () => {
  for (const [expression, all] of Object.entries(CASES)) {
    it(`of ${expression} are where arithmetic puts them`, () => {
      const faults = faultsOf(expression)
      for (const { of = 'value', problem, within = SHARP, spelling, ...ends } of all) {
        for (const type of ['f32', 'f64'] as const) {
          const found = faults.filter((fault) => fault.type === type && fault.of === of && fault.problem.includes(problem) && fault.spelling === (spelling ?? faults[0]!.spelling)) // prettier-ignore
          const [from, to] = ends[type]
          const text = found.map((fault) => `${fault.from} to ${fault.to}`).join(', ')
          expect(
            found.some((fault) => isClose(fault.from, from, within) && isClose(fault.to, to, within)),
            `${type}, ${problem}: ${text}; wanted ${from} to ${to}`,
          ).to.equal(true)
        }
      }
    })
  }

  it('are those of each format, to the printed digits', () => {
    const regions = faultsOf('log(1+exp(z))').filter(({ of, problem }) => of === 'value' && problem === INFINITE)
    expect(regions.map(({ type, region }) => `${type}: ${region}`)).to.deep.equal(['f32: z > 88.72', 'f64: z > 709.8'])
  })

  it('go on where the true value is not known any more', () => {
    const faults = faultsOf('exp(exp(exp(z)))*exp(-exp(exp(z)))')
    const last = faults.filter(({ of, type, problem }) => of === 'value' && type === 'f64' && problem.endsWith('NaN'))
    expect(last.map(({ to }) => to)).to.deep.equal([Infinity])
  })

  it('come again with the period', () => {
    const lost = faultsOf('log(sin(z))').filter(({ problem }) => problem === DIGITS)
    expect(lost.map(({ region }) => region)).to.deep.equal([
      'within 0.013 of π/2, + k*2π',
      'within 8.6e-5 of π/2, + k*2π',
    ])
  })

  it('are found at a kink that comes from cancellation', () => {
    const slopes = faultsOf('asin(2*z/(1+z^2))').filter(({ of, type }) => of === 'slope' && type === 'f64')
    expect(slopes.filter(({ problem }) => problem === DIGITS).map(({ region }) => region)).to.deep.equal([
      'within 1.2e-4 of -1',
      'within 1.2e-4 of 1',
    ])
    expect(slopes.some(({ from, to, problem }) => from < 1 && to > 1 && problem.endsWith('the result is NaN'))).to.equal(true) // prettier-ignore
  })

  it('are no faults where a rounded z explains the error', () => {
    for (const expression of ['tanh(z) - 1/2', 'z^3 - 2*z + 1/7', 'sin(z)', 'exp(z)']) {
      expect(
        faultsOf(expression).filter(({ of }) => of === 'value'),
        expression,
      ).to.deep.equal([])
    }
  })

  it('are harmless where a slope is lost beside the largest', () => {
    const faults = faultsOf('tanh')
    expect(faults.map(({ of, harmless }) => [of, harmless])).to.deep.equal(faults.map(() => ['slope', true]))
    // 1 - tanh(z)^2 is 4*exp(-2*z); the square rounds by a quarter of 2^-52 and doubles what the tangent rounds by.
    const [, , , right] = faults
    expect(right!.from).to.be.closeTo(Math.log(4 / (1.5 * 2 ** -27)) / 2, 0.05)
  })

  it('are none where the function is not defined, though the formula of its derivative is', () => {
    const slopes = faultsOf('log(1-exp(-z))').filter(({ of }) => of === 'slope')
    expect(slopes.length).to.be.above(0)
    expect(slopes.filter(({ from }) => from < 0)).to.deep.equal([])
  })

  it('are those of the bound where the true value is not known', () => {
    expect(faultsOf('sin(z)^2 + cos(z)^2 - 1').some(({ problem }) => problem === DIGITS)).to.equal(true)
  })

  it('are not found where there are none, which is no proof', () => {
    for (const expression of ['relu', 'leaky_relu', 'hard_tanh', 'hard_sigmoid', 'hard_swish', 'squared_relu']) {
      expect(faultsOf(expression), expression).to.deep.equal([])
    }
  })
})

describe('a recommended spelling', () => {
  const better: Readonly<Record<string, string>> = {
    '(exp(z)-1)/z': 'expm1(z)/z',
    'log(1+exp(z))': 'softplus(z)',
    '1/(1+exp(-z))': 'sigmoid(z)',
    'log(cosh(z))': 'abs(z) + log1p(expm1(-2*abs(z))/2)',
    '1-cos(z)': '2*sin(z/2)^2',
    'sqrt(1+z^2)-1': 'z^2/(1 + sqrt(1 + z^2))',
    gelu: 'gelu(z)',
    silu: 'silu(z)',
    celu: 'max(0, z) + min(0, alpha*expm1(z/alpha))',
  }
  for (const [expression, use] of Object.entries(better)) {
    it(`of ${expression} is ${use}`, () => {
      const faults = faultsOf(expression)
      expect(faults[0]!.use).to.equal(use)
    })
  }

  it('has its own faults listed', () => {
    const own = faultsOf('(exp(z)-1)/z').filter(({ spelling }) => spelling === 'expm1(z)/z')
    expect(new Set(own.map(({ use }) => use))).to.deep.equal(new Set(['no stable spelling is known']))
    expect(own.some(({ of, problem }) => of === 'slope' && problem.includes('digits'))).to.equal(true)
  })

  it('is not given where none does better', () => {
    for (const expression of ['log(sin(z))', 'asin(2*z/(1+z^2))', 'exp(-z^2)']) {
      expect(new Set(faultsOf(expression).map(({ use }) => use)), expression).to.deep.equal(
        new Set(['no stable spelling is known']),
      )
    }
  })
})
