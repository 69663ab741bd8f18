/** What is known in closed form about an activation; what is left out is not compared. */
export interface ClosedForm {
  readonly expression: string
  /** What it is recognised as. */
  readonly name: string
  readonly value: (z: number) => number
  readonly inf: number
  readonly sup: number
  readonly slopeInf: number
  readonly slopeSup: number
  readonly left: number
  readonly right: number
  readonly monotone: 'increasing' | 'none'
  readonly symmetry: 'odd' | 'even' | 'none'
  readonly smoothness: number | 'analytic'
  readonly kinks: readonly (readonly [at: number, left: number, right: number])[]
  readonly saturates: readonly [left: boolean, right: boolean]
  readonly minimum?: readonly [at: number, value: number]
  /** Mean and mean square over a standard normal, where there is a formula. */
  readonly mean?: number
  readonly meanSquare?: number
}

const erf = (x: number): number => {
  let [term, sum] = [x, x]
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return Math.abs(x) > 6 ? Math.sign(x) : (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
const clip = (z: number, lo: number, hi: number): number => Math.min(hi, Math.max(lo, z))
const normalCdf = (z: number): number => (1 + erf(z / Math.SQRT2)) / 2

const LAMBDA = 1.0507009873554804934193349852946
const ALPHA = 1.6732632423543772848170429916717
const HALF_NORMAL = 1 / Math.sqrt(2 * Math.PI)
/** The mean of `exp(z)` where `z < 0`, and of its square. */
const EXP_BELOW = Math.exp(0.5) * normalCdf(-1)
const EXP_TWICE_BELOW = Math.exp(2) * normalCdf(-2)
const eluMean = (alpha: number): number => HALF_NORMAL + alpha * (EXP_BELOW - 0.5)
const eluSquare = (alpha: number): number => 0.5 + alpha ** 2 * (EXP_TWICE_BELOW - 2 * EXP_BELOW + 0.5)

/** The root of an increasing function, by bisection. */
function root(f: (x: number) => number, lo: number, hi: number): number {
  let [a, b] = [lo, hi]
  for (let k = 0; k < 200; k++) {
    const mid = (a + b) / 2
    if (f(mid) < 0) a = mid
    else b = mid
  }
  return (a + b) / 2
}

// Where silu has its minimum, 1 + z*(1 - s) = 0; where its slope has an extremum, 2 + z*(1 - 2s) = 0.
const SILU_MINIMUM = root((z) => 1 + z * (1 - sigmoid(z)), -4, 0)
const SILU_STEEPEST = root((z) => z * (2 * sigmoid(z) - 1) - 2, 1, 4)
const siluSlope = (z: number): number => sigmoid(z) * (1 + z * (1 - sigmoid(z)))
const density = (z: number): number => HALF_NORMAL * Math.exp((-z * z) / 2)
const GELU_MINIMUM = root((z) => normalCdf(z) + z * density(z), -1, 0)
const geluSlope = (z: number): number => normalCdf(z) + z * density(z)

const analytic = { smoothness: 'analytic', kinks: [] } as const
const unbounded = { left: -Infinity, right: Infinity, saturates: [false, false] } as const

export const TWENTY: readonly ClosedForm[] = [
  {
    expression: 'max(0, z)', name: 'relu', value: (z) => Math.max(0, z), inf: 0, sup: Infinity, slopeInf: 0, slopeSup: 1,
    left: 0, right: Infinity, monotone: 'increasing', symmetry: 'none', smoothness: 0, kinks: [[0, 0, 1]],
    saturates: [true, false], mean: HALF_NORMAL, meanSquare: 0.5,
  },
  {
    expression: 'max(0.01*z, z)', name: 'leaky_relu', value: (z) => Math.max(0.01 * z, z), inf: -Infinity, sup: Infinity,
    slopeInf: 0.01, slopeSup: 1, ...unbounded, monotone: 'increasing', symmetry: 'none', smoothness: 0,
    kinks: [[0, 0.01, 1]], mean: 0.99 * HALF_NORMAL, meanSquare: 0.5 * (1 + 1e-4),
  },
  {
    expression: 'where(z > 0, z, exp(z) - 1)', name: 'elu', value: (z) => (z > 0 ? z : Math.expm1(z)), inf: -1, sup: Infinity,
    slopeInf: 0, slopeSup: 1, left: -1, right: Infinity, monotone: 'increasing', symmetry: 'none', smoothness: 1, kinks: [],
    saturates: [true, false], mean: eluMean(1), meanSquare: eluSquare(1),
  },
  {
    expression: 'selu(z)', name: 'selu', value: (z) => LAMBDA * (z > 0 ? z : ALPHA * Math.expm1(z)), inf: -LAMBDA * ALPHA,
    sup: Infinity, slopeInf: 0, slopeSup: LAMBDA * ALPHA, left: -LAMBDA * ALPHA, right: Infinity, monotone: 'increasing',
    symmetry: 'none', smoothness: 0, kinks: [[0, LAMBDA * ALPHA, LAMBDA]], saturates: [true, false],
    mean: LAMBDA * eluMean(ALPHA), meanSquare: LAMBDA ** 2 * eluSquare(ALPHA),
  },
  {
    expression: 'celu', name: 'celu', value: (z) => Math.max(0, z) + Math.min(0, Math.expm1(z)), inf: -1, sup: Infinity,
    slopeInf: 0, slopeSup: 1, left: -1, right: Infinity, monotone: 'increasing', symmetry: 'none', smoothness: 1, kinks: [],
    saturates: [true, false], mean: eluMean(1), meanSquare: eluSquare(1),
  },
  {
    expression: 'z*(1 + erf(z/sqrt(2)))/2', name: 'gelu', value: (z) => z * normalCdf(z), inf: GELU_MINIMUM * normalCdf(GELU_MINIMUM),
    sup: Infinity, slopeInf: geluSlope(-Math.SQRT2), slopeSup: geluSlope(Math.SQRT2), left: 0, right: Infinity, monotone: 'none',
    symmetry: 'none', ...analytic, saturates: [true, false], minimum: [GELU_MINIMUM, GELU_MINIMUM * normalCdf(GELU_MINIMUM)],
    mean: 1 / (2 * Math.sqrt(Math.PI)),
  },
  {
    expression: 'z/2*(1 + tanh(sqrt(2/pi)*(z + 0.044715*z^3)))', name: 'gelu_tanh',
    value: (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))), inf: -0.17004075057125412,
    sup: Infinity, slopeInf: -0.12899306865877117, slopeSup: 1.1289930686587712, left: 0, right: Infinity, monotone: 'none',
    symmetry: 'none', ...analytic, saturates: [true, false],
  },
  {
    expression: 'z*sigmoid(z)', name: 'silu', value: (z) => z * sigmoid(z), inf: SILU_MINIMUM * sigmoid(SILU_MINIMUM), sup: Infinity,
    slopeInf: siluSlope(-SILU_STEEPEST), slopeSup: siluSlope(SILU_STEEPEST), left: 0, right: Infinity, monotone: 'none',
    symmetry: 'none', ...analytic, saturates: [true, false], minimum: [SILU_MINIMUM, SILU_MINIMUM * sigmoid(SILU_MINIMUM)],
  },
  {
    expression: 'z*tanh(log(1 + exp(z)))', name: 'mish', value: (z) => z * Math.tanh(softplus(z)), inf: -0.30884341301725034,
    sup: Infinity, slopeInf: -0.11252612238946255, slopeSup: 1.0884981612517278, left: 0, right: Infinity, monotone: 'none',
    symmetry: 'none', ...analytic, saturates: [true, false],
  },
  {
    expression: 'log(1 + exp(z))', name: 'softplus', value: softplus, inf: 0, sup: Infinity, slopeInf: 0, slopeSup: 1, left: 0,
    right: Infinity, monotone: 'increasing', symmetry: 'none', ...analytic, saturates: [true, false],
  },
  {
    expression: 'z/(1 + abs(z))', name: 'softsign', value: (z) => z / (1 + Math.abs(z)), inf: -1, sup: 1, slopeInf: 0, slopeSup: 1,
    left: -1, right: 1, monotone: 'increasing', symmetry: 'odd', smoothness: 1, kinks: [], saturates: [true, true], mean: 0,
  },
  {
    expression: 'tanh(z)', name: 'tanh', value: Math.tanh, inf: -1, sup: 1, slopeInf: 0, slopeSup: 1, left: -1, right: 1,
    monotone: 'increasing', symmetry: 'odd', ...analytic, saturates: [true, true], mean: 0,
  },
  {
    expression: '1/(1 + exp(-z))', name: 'sigmoid', value: sigmoid, inf: 0, sup: 1, slopeInf: 0, slopeSup: 0.25, left: 0, right: 1,
    monotone: 'increasing', symmetry: 'none', ...analytic, saturates: [true, true], mean: 0.5,
  },
  {
    expression: 'max(-1, min(1, z))', name: 'hard_tanh', value: (z) => clip(z, -1, 1), inf: -1, sup: 1, slopeInf: 0, slopeSup: 1,
    left: -1, right: 1, monotone: 'increasing', symmetry: 'odd', smoothness: 0, kinks: [[-1, 0, 1], [1, 1, 0]],
    saturates: [true, true], mean: 0, meanSquare: 1 - 2 * density(1),
  },
  {
    expression: 'max(0, min(1, z/6 + 1/2))', name: 'hard_sigmoid', value: (z) => clip(z / 6 + 0.5, 0, 1), inf: 0, sup: 1,
    slopeInf: 0, slopeSup: 1 / 6, left: 0, right: 1, monotone: 'increasing', symmetry: 'none', smoothness: 0,
    kinks: [[-3, 0, 1 / 6], [3, 1 / 6, 0]], saturates: [true, true], mean: 0.5,
  },
  {
    expression: 'z*max(0, min(1, z/6 + 1/2))', name: 'hard_swish', value: (z) => z * clip(z / 6 + 0.5, 0, 1), inf: -0.375,
    sup: Infinity, slopeInf: -0.5, slopeSup: 1.5, left: 0, right: Infinity, monotone: 'none', symmetry: 'none', smoothness: 0,
    kinks: [[-3, 0, -0.5], [3, 1.5, 1]], saturates: [true, false], minimum: [-1.5, -0.375],
  },
  {
    expression: 'log(sigmoid(z))', name: 'log_sigmoid', value: (z) => -softplus(-z), inf: -Infinity, sup: 0, slopeInf: 0, slopeSup: 1,
    left: -Infinity, right: 0, monotone: 'increasing', symmetry: 'none', ...analytic, saturates: [false, true],
  },
  {
    expression: 'exp(-z^2)', name: 'gaussian', value: (z) => Math.exp(-z * z), inf: 0, sup: 1, slopeInf: -Math.sqrt(2 / Math.E),
    slopeSup: Math.sqrt(2 / Math.E), left: 0, right: 0, monotone: 'none', symmetry: 'even', ...analytic, saturates: [true, true],
    mean: 1 / Math.sqrt(3), meanSquare: 1 / Math.sqrt(5),
  },
  {
    expression: 'z + sin(z)^2', name: 'snake', value: (z) => z + Math.sin(z) ** 2, inf: -Infinity, sup: Infinity, slopeInf: 0,
    slopeSup: 2, ...unbounded, monotone: 'increasing', symmetry: 'none', ...analytic, mean: (1 - Math.exp(-2)) / 2,
  },
  {
    expression: 'relu(z)^2', name: 'squared_relu', value: (z) => Math.max(0, z) ** 2, inf: 0, sup: Infinity, slopeInf: 0,
    slopeSup: Infinity, left: 0, right: Infinity, monotone: 'increasing', symmetry: 'none', smoothness: 1, kinks: [],
    saturates: [true, false], mean: 0.5, meanSquare: 1.5,
  },
  {
    expression: '(sqrt(z^2 + 1) - 1)/2 + z', name: 'bent_identity', value: (z) => (Math.sqrt(z * z + 1) - 1) / 2 + z, inf: -Infinity,
    sup: Infinity, slopeInf: 0.5, slopeSup: 1.5, ...unbounded, monotone: 'increasing', symmetry: 'none', ...analytic,
  },
] // prettier-ignore
