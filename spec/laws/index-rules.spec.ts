import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'
import { MINUS_ONE, rational } from '../../src/base/rational.ts'
import { matrixTensor } from '../../src/evaluate/kernels/matrix.ts'
import { addPolys, constantPoly, scalePoly } from '../../src/index/algebra.ts'
import type { SumLaw } from '../../src/index/kernel.ts'
import { createKernel } from '../../src/index/normal-form.ts'
import { ARRAYS, M, N, THEOREMS } from '../support/index-theorems.ts'
import type { Values } from '../support/index-theorems.ts'
import { polyValue } from '../support/poly-value.ts'
import type { PolyPoint } from '../support/poly-value.ts'

const POINTS = 10_000
/** Rounding of a few dozen operations, of the magnitude of what is summed. */
const CLOSE = 1e-9

/** Lengths of the two sizes: small ones, in every order, and primes that are not the same. */
const LENGTHS: readonly (readonly [n: number, m: number])[] = [
  [1, 1], [1, 2], [2, 1], [2, 2], [2, 3], [3, 2], [3, 4], [4, 3], [4, 1], [1, 4], [2, 5], [5, 3], [7, 2], [3, 5],
] // prettier-ignore

function drawArrays(
  names: ReadonlySet<string>,
  n: number,
  m: number,
  random: Random,
): Map<string, { shape: number[]; data: Float64Array }> {
  const arrays = new Map<string, { shape: number[]; data: Float64Array }>()
  for (const name of names) {
    const { axes, traits } = ARRAYS[name]!
    const shape = [...axes].map((axis) => (axis === 'n' ? n : m))
    const size = (): number => random.between(0.3, 1.7)
    const data = Float64Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () =>
      traits.binary ? random.below(2) : traits.positive ? size() : traits.square !== null ? random.sign() : size() * random.sign(), // prettier-ignore
    )
    if (name === 'B') for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i]!
    for (let k = 0; k < m; k++) {
      if (name === 'H') {
        const hot = random.below(n)
        for (let i = 0; i < n; i++) data[i * m + k] = i === hot ? 1 : 0
      }
      if (name === 'P') {
        const total = Array.from({ length: n }, (_, i) => data[i * m + k]!).reduce((a, b) => a + b, 0)
        for (let i = 0; i < n; i++) data[i * m + k]! /= total
      }
    }
    arrays.set(name, { shape, data })
  }
  return arrays
}

describe('the laws of the normal form', () => {
  for (const [name, theorem] of Object.entries(THEOREMS)) {
    it(name, () => {
      const laws: SumLaw[] = []
      const k = createKernel(undefined, laws, true)
      const [i, j, c] = [k.algebra.fresh(), k.algebra.fresh(), k.algebra.fresh()]
      const used = new Set<string>()
      const term = theorem.term({
        k,
        laws,
        i,
        j,
        c,
        of: (symbol, ...at) => {
          used.add(symbol)
          return k.entry(symbol, at, ARRAYS[symbol]!.traits)
        },
        number: (p, q = 1) => constantPoly(k.algebra, rational(p, q)),
        add: (...polys) => addPolys(k.algebra, ...polys),
        minus: (of) => scalePoly(of, MINUS_ONE),
        times: (...polys) => polys.reduce((a, b) => k.multiply(a, b)),
        bound: (size) => ({ index: k.algebra.fresh(), size: size === 'n' ? N : M }),
      })
      let [defined, draws] = [0, 0]
      for (const random = new Random(1, name.length); defined < POINTS; draws++) {
        expect(draws, 'points of the domain are not rare').to.be.below(8 * POINTS)
        const [n, m] = LENGTHS[draws % LENGTHS.length]!
        const arrays = drawArrays(used, n, m, random)
        const at = { i: random.below(n), j: random.below(n), k: random.below(m) }
        const wanted = theorem.value({ n, m, ...at, ...readers(arrays, n) })
        if (!Number.isFinite(wanted)) continue
        defined++
        const point: PolyPoint = {
          sizes: new Map([['n', n], ['m', m]]),
          arrays,
          at: new Map([[i, at.i], [j, at.j], [c, at.k]]),
        } // prettier-ignore
        const { value, magnitude } = polyValue(term, point)
        if (Math.abs(value - wanted) <= CLOSE * (magnitude + Math.abs(wanted))) continue
        // Only a matrix that is nearly singular may cost more digits.
        const lost = used.has('A') ? conditionOf(arrays.get('A')!.data, n) * 1e-13 : 0
        expect(Math.abs(value - wanted), `n = ${n}, m = ${m}`).to.be.at.most(lost * (magnitude + Math.abs(wanted)))
      }
    }).timeout(60_000)
  }

  it('are sampled each at as many points', () => {
    expect(Object.keys(THEOREMS).length).to.be.at.least(30)
  })
})

function readers(
  arrays: ReadonlyMap<string, { data: Float64Array; shape: number[] }>,
  n: number,
): Pick<Values, 'of' | 'sum' | 'inverse' | 'det'> {
  const matrixOf = (entry: (i: number, j: number) => number): { shape: number[]; data: Float64Array } => ({
    shape: [n, n],
    data: Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n)),
  })
  return {
    of: (name, ...at) => {
      const { shape, data } = arrays.get(name)!
      return data[at.reduce((place, index, axis) => place * shape[axis]! + index, 0)]!
    },
    sum: (length, f) => {
      let total = 0
      for (let at = 0; at < length; at++) total += f(at)
      return total
    },
    inverse: (entry) => {
      const { data } = matrixTensor('inv', matrixOf(entry))
      return (i, j) => data[i * n + j]!
    },
    det: (entry) => matrixTensor('det', matrixOf(entry)).data[0]!,
  }
}

/** The product of the norms of a matrix and of its inverse: the digits that elimination may lose. */
function conditionOf(data: Float64Array, n: number): number {
  const norm = (entries: Float64Array): number => Math.hypot(...entries)
  return norm(data) * norm(matrixTensor('inv', { shape: [n, n], data }).data)
}
