import { expect } from 'chai'
import fc from 'fast-check'
import { piecesOf } from '../../../src/activation/pieces.ts'
import { initialisationOf, isSettled, momentsOf } from '../../../src/activation/moments.ts'
import type { Moments } from '../../../src/activation/moments.ts'
import type { Enclosure } from '../../../src/activation/range.ts'
import type { Symmetry } from '../../../src/activation/symmetry.ts'
import { readActivation } from '../../../src/activation/subject.ts'
import { byBruteForce, crowded } from './reference.ts'
import type { Reference } from './reference.ts'

function moments(text: string, symmetry: Symmetry = 'none'): Moments {
  const subject = readActivation(text)
  const values = new Map(subject.parameters.map(({ node, value }) => [node, value]))
  return momentsOf(piecesOf(subject.root, subject.z, values), symmetry)!
}

/** The bounds hold the number, but for what the number itself was rounded by, and are narrow. */
function holds(bounds: Enclosure, exact: number, what: string, narrow = 1e-11, slack = 1e-13): void {
  const margin = slack * Math.max(Math.abs(exact), Number.MIN_VALUE)
  expect(bounds.rigorous, what).to.equal(true)
  expect(bounds.lo, what).to.be.at.most(exact + margin)
  expect(bounds.hi, what).to.be.at.least(exact - margin)
  expect(bounds.hi - bounds.lo, `width of ${what}`).to.be.at.most(narrow * Math.abs(exact))
}

const isInfinite = ({ lo, hi, rigorous }: Enclosure, sign = 1): void =>
  void expect([lo, hi, rigorous]).to.deep.equal([sign * Infinity, sign * Infinity, true])

const isNone = ({ lo, hi, rigorous }: Enclosure): void =>
  void expect([lo, hi, rigorous]).to.deep.equal([NaN, NaN, true])

const NORMAL = 1 / Math.sqrt(2 * Math.PI)

describe('momentsOf', () => {
  it('has the closed forms of exponentials, and of Gaussians of any width', () => {
    for (const a of [-3, 0.5, 1, 5, 12]) {
      const { mean, meanSquare, slopeMean, slopeMeanSquare } = moments(`exp(${a}*z)`)
      holds(mean, Math.exp((a * a) / 2), `E exp(${a}z)`)
      holds(meanSquare, Math.exp(2 * a * a), `E exp(${2 * a}z)`)
      holds(slopeMean, a * Math.exp((a * a) / 2), 'its slope')
      holds(slopeMeanSquare, a * a * Math.exp(2 * a * a), 'its squared slope')
    }
    for (const k of [1, 100, 10_000]) {
      // E exp(-(k(z-1))^2) = exp(-k^2/(1+2k^2))/sqrt(1+2k^2)
      const average = (q: number): number => Math.exp(-q / (1 + 2 * q)) / Math.sqrt(1 + 2 * q)
      const { mean, meanSquare } = moments(`exp(-(${k}*(z-1))^2)`)
      holds(mean, average(k * k), `a peak of width 1/${k}`)
      holds(meanSquare, average(2 * k * k), `its square`)
    }
  })

  it('has those of powers, singular ones included', () => {
    // E|z|^p = 2^(p/2) Gamma((p+1)/2)/sqrt(pi)
    const quarter = 3.6256099082219083119
    const threeQuarters = 1.2254167024651776451
    holds(moments('abs(z)').mean, Math.sqrt(2 / Math.PI), 'E|z|')
    holds(moments('z^4').mean, 3, 'E z^4')
    holds(moments('z^4').meanSquare, 105, 'E z^8')
    holds(moments('sqrt(abs(z))').mean, (2 ** 0.25 * threeQuarters) / Math.sqrt(Math.PI), 'E|z|^(1/2)', 1e-10)
    const root = moments('abs(z)^(-1/4)')
    holds(root.meanSquare, (2 ** -0.25 * quarter) / Math.sqrt(Math.PI), 'E|z|^(-1/2)', 1e-6)
    isNone(root.slopeMean)
    isInfinite(root.slopeMeanSquare)
    const log = moments('log(abs(z))')
    holds(log.mean, -0.63518142273073908502, 'E log|z| = -(gamma + log 2)/2', 1e-6)
    holds(log.variance, Math.PI ** 2 / 8, 'the variance of log|z|', 1e-6)
    holds(moments('abs(z)^(1/3)').meanSquare, (2 ** (1 / 3) * 1.1287870299081259612) / Math.sqrt(Math.PI), 'E|z|^(2/3)', 1e-6) // prettier-ignore
  })

  it('has those of relu and gelu, far from zero too', () => {
    const gelu = moments('gelu')
    holds(gelu.mean, 1 / (2 * Math.sqrt(Math.PI)), 'E gelu')
    holds(gelu.meanSquare, 1 / 3 + 1 / (2 * Math.sqrt(3) * Math.PI), 'E gelu^2')
    holds(gelu.slopeMean, 0.5, "E gelu'")
    const shifted = moments('relu(z-30)')
    // The Mills ratio at 30 by its asymptotic series.
    const [x, phi] = [30, NORMAL * Math.exp(-450)]
    const mills = [1, -1, 3, -15, 105, -945, 10395, -135135].reduce((sum, c, n) => sum + c / x ** (2 * n + 1), 0)
    holds(shifted.slopeMean, phi * mills, "E relu'(z - 30)", 1e-10, 1e-11)
    holds(shifted.mean, phi * (1 - x * mills), 'E relu(z - 30)', 1e-10, 1e-8)
  })

  it('finds what happens within a thousandth', () => {
    const tanh = (k: number): Reference => ({ g: (z) => Math.tanh(k * z), slope: (z) => k / Math.cosh(k * z) ** 2 })
    for (const k of [1, 30, 200, 1000]) {
      const sums = byBruteForce(tanh(k), crowded(0, 1 / k))
      const { meanSquare, slopeMean, slopeMeanSquare } = moments(`tanh(${k}*z)`, 'odd')
      holds(meanSquare, sums[1]!, `E tanh(${k}z)^2`, 1e-11, 1e-9)
      holds(slopeMean, sums[2]!, `E tanh'(${k}z)`, 1e-11, 1e-9)
      holds(slopeMeanSquare, sums[3]!, `E tanh'(${k}z)^2`, 1e-11, 1e-9)
    }
    const sigmoid = moments('sigmoid(1000*z)')
    expect(sigmoid.slopeMean.lo).to.be.closeTo(0.39894162, 1e-8)
    expect(initialisationOf(sigmoid).verdict).to.equal('explodes')
    const atan = moments('atan(1000*z)', 'odd')
    expect([atan.mean.lo, atan.mean.hi]).to.deep.equal([0, 0])
    expect(isSettled(atan.meanSquare)).to.equal(true)
  })

  it('proves that an average is infinite, or does not exist', () => {
    const pole = moments('1/z', 'odd')
    isNone(pole.mean)
    isNone(pole.variance)
    isInfinite(pole.meanSquare)
    isInfinite(pole.slopeMean, -1)
    const fast = moments('z*exp(z^2)', 'odd')
    isNone(fast.mean)
    isInfinite(fast.slopeMean)
    isInfinite(fast.slopeVariance)
    isInfinite(moments('exp(z^2/2)').mean)
    expect(initialisationOf(pole)).to.deep.equal({ gain: null, gradientNorm: null, verdict: 'unknown' })
    // Just on this side: E exp(z^2/4) = sqrt(2), though the square has no average.
    const slow = moments('exp(z^2/4)', 'even')
    holds(slow.mean, Math.SQRT2, 'E exp(z^2/4)')
    isInfinite(slow.variance)
    expect([slow.slopeMean.lo, slow.slopeMean.hi]).to.deep.equal([0, 0])
    holds(moments('exp(0.49*z^2)').mean, Math.sqrt(50), 'E exp(0.49z^2)', 1e-5, 1e-12)
    expect(initialisationOf(moments('sqrt(abs(z))'))).to.have.property('verdict', 'explodes')
  })

  it('claims no more than it has bounds for', () => {
    const wild = moments('sin(1/z)')
    expect(wild.variance.hi).to.be.at.most(1)
    expect(wild.variance.lo).to.be.at.least(0)
    expect(isSettled(wild.slopeMean)).to.equal(false)
    expect(isSettled(wild.slopeMeanSquare)).to.equal(false)
    // More periods than are looked at one by one.
    const waves = moments('relu(sin(20*z))')
    expect(waves.mean.rigorous).to.equal(false)
    expect(waves.mean.lo).to.be.closeTo(1 / Math.PI, 1e-6)
    // E exp(20z)^2 = exp(800) is a number, though no double.
    const beyond = moments('exp(20*z)')
    holds(beyond.mean, Math.exp(200), 'E exp(20z)', 1e-9)
    expect(isSettled(beyond.meanSquare)).to.equal(false)
    expect(initialisationOf(beyond).gain).to.equal(null)
  })

  it('goes over all periods, and over removable singularities', () => {
    // Half of E|sin z|, whose Fourier series averages to (2 - 4*sum(exp(-2k^2)/(4k^2 - 1)))/pi.
    const terms = [1, 2, 3, 4, 5].map((k) => Math.exp(-2 * k * k) / (4 * k * k - 1))
    const size = (2 - 4 * terms.reduce((a, b) => a + b)) / Math.PI
    holds(moments('abs(sin(z))').mean, size, 'E |sin z|')
    holds(moments('relu(sin(z))').mean, size / 2, 'E relu(sin z)')
    // E sin(z)^2 = (1 - exp(-2))/2.
    holds(moments('z + sin(z)^2').mean, (1 - Math.exp(-2)) / 2, 'E z + sin(z)^2')
    // sin(z)/z is the average of cos(t*z) over 0 < t < 1, and E cos(t*z) = exp(-t^2/2).
    holds(moments('sin(z)/z').mean, 0.855624391892149, 'E sin(z)/z', 1e-9)
  })

  it('keeps its digits where values are far from 1', () => {
    holds(moments('1e150*z').meanSquare, 1e300, 'E (1e150z)^2')
    expect(moments('1e150*z', 'odd').mean.hi).to.equal(0)
    const step = moments('step(z)')
    holds(step.variance, 0.25, 'the variance of a step')
    expect([step.slopeMean.hi, step.slopeVariance.hi]).to.deep.equal([0, 0])
    expect(moments('3*z').slopeVariance.hi).to.equal(0)
  })

  it('encloses a brute-force sum for any steepness, place and height', () => {
    const shape = fc.constantFrom<readonly [text: string, f: Reference]>(
      ['tanh', { g: Math.tanh, slope: (u) => 1 / Math.cosh(u) ** 2 }],
      ['atan', { g: Math.atan, slope: (u) => 1 / (1 + u * u) }],
      ['sigmoid', { g: (u) => 1 / (1 + Math.exp(-u)), slope: (u) => 1 / (4 * Math.cosh(u / 2) ** 2) }],
      ['softplus', { g: (u) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u))), slope: (u) => 1 / (1 + Math.exp(-u)) }],
      ['relu', { g: (u) => Math.max(u, 0), slope: (u) => (u > 0 ? 1 : 0) }],
    ) // prettier-ignore
    const power = fc.double({ min: -1, max: 3, noNaN: true })
    // A subnormal in the text is refused: it is no number that a double says.
    const place = fc.double({ min: -3, max: 3, noNaN: true }).map((z) => (Math.abs(z) < 1e-300 ? 0 : z))
    const arbitrary = fc.tuple(shape, power, place, fc.constantFrom(-1, 1), fc.integer({ min: -3, max: 3 }))
    fc.assert(
      fc.property(arbitrary, ([[name, f], exponent, centre, sign, tilt]) => {
        const k = sign * 10 ** exponent
        const found = moments(`${name}(${k}*(z - (${centre}))) + ${tilt}*z`)
        const g = (z: number): number => f.g(k * (z - centre)) + tilt * z
        const slope = (z: number): number => k * f.slope(k * (z - centre)) + tilt
        const sums = byBruteForce({ g, slope }, crowded(centre, 1 / Math.abs(k)))
        const bounds = [found.mean, found.meanSquare, found.slopeMean, found.slopeMeanSquare]
        bounds.forEach(({ lo, hi, rigorous }, at) => {
          // Simpson's rule gives half of a jump at a kink to each side, a step of 1/400 of the size away.
          const slack = (name === 'relu' && at > 1 ? 1e-3 : 1e-8) * (1 + Math.abs(sums[at]!) + (at === 3 ? k * k : 0))
          expect(rigorous).to.equal(true)
          expect(lo).to.be.at.most(sums[at]! + slack)
          expect(hi).to.be.at.least(sums[at]! - slack)
          // What is printed as a number is known to six digits.
          expect(hi - lo).to.be.at.most(1e-6 * (1 + Math.abs(sums[at]!)))
        })
      }),
      { numRuns: 60 },
    )
  })
})
