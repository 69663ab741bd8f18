import type { Analysis, End } from './analyse.ts'
import { display } from './display.ts'
import { middle } from './interval/interval.ts'
import { unsettled } from './moments.ts'
import type { Moments } from './moments.ts'
import type { Enclosure } from './range.ts'

/** A number, or where JSON has none its name. */
export type JsonNumber = number | 'Infinity' | '-Infinity' | 'NaN'

const number = (x: number): JsonNumber => (Number.isFinite(x) ? x + 0 : (String(x) as 'Infinity' | '-Infinity' | 'NaN'))

const enclosure = ({ lo, hi, rigorous }: Enclosure) => ({ lo: number(lo), hi: number(hi), rigorous })

/** The middle of bounds; what they leave open altogether is no number. */
const average = ({ lo, hi }: Enclosure): JsonNumber =>
  number(lo === hi ? lo : Number.isFinite(lo) && Number.isFinite(hi) ? lo / 2 + hi / 2 : NaN)

function momentsJson(moments: Moments) {
  const { mean, variance, slopeMean, slopeVariance, slopeMeanSquare } = moments
  return {
    mean: average(mean),
    variance: average(variance),
    slopeMean: average(slopeMean),
    slopeVariance: average(slopeVariance),
    slopeMeanSquare: average(slopeMeanSquare),
    bounds: {
      mean: enclosure(mean),
      variance: enclosure(variance),
      slopeMean: enclosure(slopeMean),
      slopeVariance: enclosure(slopeVariance),
      slopeMeanSquare: enclosure(slopeMeanSquare),
    },
  }
}

const end = (found: End | null) => (found === null ? null : { at: number(found.at), limit: number(found.limit ?? NaN) })

/** One entry of `activations` in the output of `activation --json`. */
export function toJson(analysis: Analysis) {
  const { subject, moments, initialisation, recognition, period } = analysis
  return {
    expression: subject.text,
    name: recognition?.proved === true && !recognition.isAtValues ? recognition.known.name : null,
    parameters: analysis.parameterDerivatives.map(({ name, value, text }) => ({
      name,
      value: number(value),
      derivative: text,
    })),
    derivative: analysis.derivative,
    second: analysis.second,
    domain: analysis.domain?.map(({ from, to, closed }) => ({ from: number(from), to: number(to), closed })) ?? null,
    atZero: { value: number(analysis.atZero.value), slope: number(analysis.atZero.slope) },
    holes: analysis.holes.map(({ at, left, right }) => ({
      at: number(display(at)),
      left: left === null ? 'NaN' : number(display(left)),
      right: right === null ? 'NaN' : number(display(right)),
    })),
    limits: { left: number(analysis.limits.left), right: number(analysis.limits.right) },
    ends: { left: end(analysis.ends.left), right: end(analysis.ends.right) },
    range: { inf: enclosure(analysis.range.inf), sup: enclosure(analysis.range.sup) },
    slope: { inf: enclosure(analysis.slope.inf), sup: enclosure(analysis.slope.sup) },
    lipschitz: enclosure(analysis.lipschitz),
    slopeLipschitz: enclosure(analysis.slopeLipschitz),
    extrema: analysis.extrema.map(({ at, value, kind }) => ({ at: enclosure(at), value: enclosure(value), kind })),
    slopeExtrema: analysis.slopeExtrema.map(({ at, value, kind }) => ({
      at: enclosure(at),
      value: enclosure(value),
      kind,
    })),
    monotone: analysis.monotone,
    symmetry: analysis.symmetry,
    zeros: analysis.zeros.map((zero) => ({ ...enclosure(zero), whole: zero.whole })),
    unknownZeros: analysis.unknownZeros.map(({ lo, hi }) => ({ lo: number(lo), hi: number(hi) })),
    kinks: analysis.kinks.map(({ at, left, right, jump }) => ({
      at: number(at),
      left: number(left),
      right: number(right),
      ...(jump === null ? {} : { jump: Object.fromEntries(Object.entries(jump).map(([of, x]) => [of, number(x)])) }),
    })),
    smoothness: analysis.smoothness.order,
    smoothnessIsLeast: analysis.smoothness.isLeast,
    saturates: analysis.saturates,
    period: period === null ? null : number(middle(period.length)),
    listed: analysis.listed,
    moments: moments === null ? null : momentsJson(moments),
    gain: initialisation.gain === null ? null : average(initialisation.gain),
    gradientNorm: initialisation.gradientNorm === null ? null : average(initialisation.gradientNorm),
    stability: analysis.stability.map(({ from, to, ...rest }) => ({ ...rest, from: number(from), to: number(to) })),
    floatSamples: analysis.floatSamples,
    estimates: [...analysis.estimates, ...unsettled(moments, initialisation)],
  }
}

export type ActivationJson = ReturnType<typeof toJson>

/** The whole object that `activation --json` prints. */
export const toJsonDocument = (analyses: readonly Analysis[]) => ({ version: 1, activations: analyses.map(toJson) })
