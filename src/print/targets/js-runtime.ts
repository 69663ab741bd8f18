import type { Helper } from '../module/language.ts'

/** Functions that plain JavaScript programs bring along, each only where it is used. */
export const JS_HELPERS: ReadonlyMap<string, Helper> = new Map(
  Object.entries({
    array: {
      source: `/** Nested or typed arrays as a shape and entries, row by row; numbers stay numbers. */
function array(value) {
  if (typeof value === 'number' || value.data !== undefined) return value
  const shape = []
  for (let inner = value; typeof inner !== 'number'; inner = inner[0]) shape.push(inner.length)
  const rows = (x) => (typeof x === 'number' ? [x] : Array.from(x).flatMap(rows))
  return { shape, data: Float64Array.from(rows(value)) }
}`,
    },
    nested: {
      source: `/** An array as nested arrays. */
function nested(a) {
  if (typeof a === 'number') return a
  let items = Array.from(a.data)
  for (const length of a.shape.slice(1).reverse()) {
    items = Array.from({ length: items.length / length }, (_, i) => items.slice(i * length, (i + 1) * length))
  }
  return items
}`,
    },
    count: { source: 'const count = (shape) => shape.reduce((product, length) => product * length, 1)' },
    read: {
      needs: ['count'],
      source: `/** Where the entries of an array that is read with \`strides\` lie, row by row of \`shape\`. */
function read(shape, strides) {
  const positions = new Int32Array(count(shape))
  const index = shape.map(() => 0)
  for (let entry = 0, at = 0; entry < positions.length; entry++) {
    positions[entry] = at
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]
      if (++index[axis] < shape[axis]) break
      at -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return positions
}

const stridesOf = (shape) => shape.map((_, axis) => count(shape.slice(axis + 1)))`,
    },
    spread: {
      needs: ['read'],
      source: `/** The entries of \`a\` repeated up to \`shape\`, aligned at the last axis. */
function spread(a, shape) {
  if (typeof a === 'number') return new Float64Array(count(shape)).fill(a)
  if (a.data.length === count(shape)) return a.data
  const offset = shape.length - a.shape.length
  const own = stridesOf(a.shape)
  const strides = shape.map((_, axis) => (axis < offset || a.shape[axis - offset] === 1 ? 0 : own[axis - offset]))
  return Float64Array.from(read(shape, strides), (position) => a.data[position])
}`,
    },
    map: {
      needs: ['spread'],
      source: `/** \`f\` entry by entry; arrays broadcast. */
function map(f, ...args) {
  const shapes = args.map((a) => a.shape ?? [])
  const rank = Math.max(...shapes.map((shape) => shape.length))
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(...shapes.map((own) => own[axis - rank + own.length] ?? 1)))
  const entries = args.map((a) => spread(a, shape))
  return { shape, data: Float64Array.from({ length: count(shape) }, (_, i) => f(...entries.map((data) => data[i]))) }
}`,
    },
    matmul: {
      needs: ['count'],
      source: `/** The matrix product on the last two axes. */
function matmul(a, b) {
  const [rows, inner] = a.shape.slice(-2)
  const columns = b.shape.at(-1)
  const lead = a.shape.slice(0, -2)
  const data = new Float64Array(count(lead) * rows * columns)
  for (let i = 0; i < count(lead) * rows; i++) {
    const start = Math.floor(i / rows) * inner * columns
    for (let k = 0; k < inner; k++) {
      const x = a.data[i * inner + k]
      for (let j = 0; j < columns; j++) data[i * columns + j] += x * b.data[start + k * columns + j]
    }
  }
  return { shape: [...lead, rows, columns], data }
}`,
    },
    permute: {
      needs: ['read'],
      source: `/** Axis \`i\` of the result is axis \`axes[i]\` of \`a\`. */
function permute(a, axes) {
  const shape = axes.map((axis) => a.shape[axis])
  const own = stridesOf(a.shape)
  return { shape, data: Float64Array.from(read(shape, axes.map((axis) => own[axis])), (position) => a.data[position]) }
}`,
    },
    transpose: { needs: ['permute'], source: 'const transpose = (a) => permute(a, [1, 0])' },
    reduce: {
      needs: ['read'],
      source: `/** All entries along \`axes\` taken together by \`step\`; with \`keep\` these axes stay with length 1. */
function reduce(step, start, a, axes, keep) {
  const shape = a.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  const data = new Float64Array(count(shape)).fill(start)
  const own = stridesOf(shape)
  const into = read(a.shape, a.shape.map((_, axis) => (axes.includes(axis) ? 0 : own[axis])))
  a.data.forEach((x, i) => (data[into[i]] = step(data[into[i]], x)))
  const rest = keep ? shape : shape.filter((_, axis) => !axes.includes(axis))
  return rest.length === 0 ? data[0] : { shape: rest, data }
}`,
    },
    sum: {
      needs: ['reduce'],
      source: 'const sum = (a, axes, keep = false) => reduce((x, y) => x + y, 0, a, axes, keep)',
    },
    maximum: {
      needs: ['reduce'],
      source: 'const maximum = (a, axes) => reduce((x, y) => Math.max(x, y), -Infinity, a, axes, true)',
    },
    minimum: {
      needs: ['reduce'],
      source: 'const minimum = (a, axes) => reduce((x, y) => Math.min(x, y), Infinity, a, axes, true)',
    },
    product: { needs: ['reduce'], source: 'const product = (a, axes) => reduce((x, y) => x * y, 1, a, axes, true)' },
    diagonal: {
      source: `/** The diagonal of a matrix. */
const diagonal = ({ shape: [n], data }) => ({ shape: [n], data: Float64Array.from({ length: n }, (_, i) => data[i * n + i]) })`,
    },
    diagonalMatrix: {
      source: `/** A matrix with a diagonal, else zeros. */
const diagonalMatrix = ({ shape: [n], data }) => ({ shape: [n, n], data: Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? data[i / (n + 1)] : 0)) })`,
    },
    fill: {
      needs: ['spread'],
      source: `/** \`a\` repeated up to \`shape\`. */
const fill = (shape, a) => ({ shape, data: Float64Array.from(spread(a, shape)) })`,
    },
    dot: { needs: [], source: 'const dot = (v, w) => v.data.reduce((sum, x, i) => sum + x * w.data[i], 0)' },
    reshape: {
      source: `/** The same entries under another shape. */
const reshape = (a, shape) => ({ shape, data: typeof a === 'number' ? Float64Array.of(a) : a.data })`,
    },
    expand: {
      needs: ['reshape'],
      source: `/** Axes of length 1 put in, so that they stand at \`axes\`. */
function expand(a, axes) {
  const rest = [...(a.shape ?? [])]
  return reshape(a, Array.from({ length: rest.length + axes.length }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift())))
}`,
    },
    logsumexp: {
      needs: ['map', 'sum', 'maximum'],
      source: `/** log(sum(exp(a))); the maximum is subtracted first, so that nothing overflows. */
function logsumexp(a, axes) {
  const top = maximum(a, axes)
  return map((x, y) => x + Math.log(y), top, sum(map((x, y) => Math.exp(x - y), a, top), axes, true))
}`,
    },
    softmax: {
      needs: ['map', 'sum', 'maximum'],
      source: `/** exp(a) divided by its sum; the maximum is subtracted first, so that nothing overflows. */
function softmax(a, axes) {
  const powers = map((x, y) => Math.exp(x - y), a, maximum(a, axes))
  return map((x, y) => x / y, powers, sum(powers, axes, true))
}`,
    },
    logSoftmax: {
      needs: ['map', 'logsumexp'],
      source: 'const logSoftmax = (a, axes) => map((x, y) => x - y, a, logsumexp(a, axes))',
    },
    eliminate: {
      source: `/** Gaussian elimination with partial pivoting: the inverse, the logarithm of the determinant's size, and its sign. */
function eliminate({ shape: [n], data }) {
  const rows = Array.from({ length: n }, (_, i) => [...data.slice(i * n, (i + 1) * n), ...Array.from({ length: n }, (_, j) => Number(i === j))])
  let sign = 1
  let log = 0
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i
    if (pivot !== k) {
      ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
      sign = -sign
    }
    const head = rows[k][k]
    sign *= Math.sign(head)
    log += Math.log(Math.abs(head))
    rows[k] = rows[k].map((x) => x / head)
    for (let i = 0; i < n; i++) if (i !== k) rows[i] = rows[i].map((x, j) => x - rows[i][k] * rows[k][j])
  }
  return { inverse: { shape: [n, n], data: Float64Array.from(rows.flatMap((row) => row.slice(n))) }, log, sign }
}`,
    },
    inv: { needs: ['eliminate'], source: 'const inv = (a) => eliminate(a).inverse' },
    det: {
      needs: ['eliminate'],
      source:
        'const det = (a) => {\n  const { sign, log } = eliminate(a)\n  return sign === 0 ? 0 : sign * Math.exp(log)\n}',
    },
    logdet: { needs: ['eliminate'], source: 'const logdet = (a) => eliminate(a).log' },
    sigmoid: {
      source: `/** 1/(1 + exp(-x)), without overflow. */
const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))`,
    },
    softplus: {
      source: `/** log(1 + exp(x)), without overflow. */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))`,
    },
    logSigmoid: { needs: ['softplus'], source: 'const logSigmoid = (x) => -softplus(-x)' },
    logaddexp: {
      source: `/** log(exp(x) + exp(y)), without overflow. */
const logaddexp = (x, y) => (x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))))`,
    },
    erfc: {
      source: `/** 1 - erf(x): a series near zero, a continued fraction far from it. Source: Abramowitz and Stegun 7.1.6, 7.1.14. */
function erfc(x) {
  if (x < 0) return 2 - erfc(-x)
  if (x < 2) {
    let term = x
    let sum = x
    for (let n = 1; term > 1e-18 * sum; n++) sum += term *= (2 * x * x) / (2 * n + 1)
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  let fraction = x
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}`,
    },
    erf: {
      source: `/** The error function. Source: Abramowitz and Stegun 7.1.6. */
function erf(x) {
  const size = Math.abs(x)
  if (!(size < 6)) return Math.sign(x)
  let term = size
  let sum = size
  for (let n = 1; term > 1e-18 * sum; n++) sum += term *= (2 * x * x) / (2 * n + 1)
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}`,
    },
    gelu: { needs: ['erfc'], source: 'const gelu = (x) => 0.5 * x * erfc(-x / Math.SQRT2)' },
    geluTanh: {
      needs: ['sigmoid'],
      source: `/** 0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3))), which is x*sigmoid(2*...). */
const geluTanh = (x) => x * sigmoid(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x ** 3))`,
    },
    leakyRelu: { source: 'const leakyRelu = (x, slope) => (x > 0 ? x : slope * x)' },
    elu: { source: 'const elu = (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x))' },
    selu: { source: 'const selu = (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))' },
    swish: { needs: ['sigmoid'], source: 'const swish = (x, beta) => x * sigmoid(beta * x)' },
    mish: { needs: ['softplus'], source: 'const mish = (x) => x * Math.tanh(softplus(x))' },
  }),
)
