import { erf } from '../../src/ops/kernels/erf.ts'
import { toNumber } from '../../src/base/rational.ts'
import { matrixTensor } from '../../src/evaluate/kernels/matrix.ts'
import { toRational } from '../../src/index/exponent.ts'
import type { Atom, Binder, FunctionName, Index, Monomial, Poly } from '../../src/index/term.ts'
import { evaluateSize } from '../../src/shape/size.ts'

/** Values for everything that a term of the normal form may speak of. */
export interface PolyPoint {
  readonly sizes: ReadonlyMap<string, number>
  readonly arrays: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float64Array }>
  /** Positions of free variables. */
  readonly at: ReadonlyMap<Index, number>
}

export interface PolyValue {
  readonly value: number
  /** The sum of what the terms are in magnitude: rounding is a fraction of it. */
  readonly magnitude: number
}

const FUNCTIONS: { readonly [name in FunctionName]: (x: number) => number } = {
  log: (x) => (x > 0 ? Math.log(x) : NaN),
  sin: Math.sin,
  cos: Math.cos,
  asin: Math.asin,
  atan: Math.atan,
  erf,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  reciprocal: (x) => 1 / x,
}

/** The value of a term of the normal form, by what each atom means and by no law. */
export function polyValue(of: Poly, { sizes, arrays, at }: PolyPoint): PolyValue {
  const places = new Map(at)
  const position = (index: Index): number => (index === 0 ? 0 : places.get(index)!)

  function sum(poly: Poly): PolyValue {
    let [value, magnitude] = [0, 0]
    for (const { coefficient, monomial } of poly.values()) {
      const term = toNumber(coefficient) * product(monomial)
      value += term
      magnitude += Math.abs(term)
    }
    return { value, magnitude }
  }

  function product({ factors }: Monomial): number {
    // A case that does not hold may hold what is not defined there.
    if (factors.some(({ atom }) => atom.kind === 'indicator' && atomValue(atom) === 0)) return 0
    let value = 1
    for (const { atom, exponent } of factors) {
      const base = atomValue(atom)
      value *= exponent === 1 ? base : Math.pow(base, toNumber(toRational(exponent)))
    }
    return value
  }

  /** Calls `visit` with the bound variables in each place. */
  function over(binders: readonly Binder[], visit: () => void, from = 0): void {
    const binder = binders[from]
    if (binder === undefined) {
      visit()
      return
    }
    const before = places.get(binder.index)
    const length = evaluateSize(binder.size, sizes)
    for (let place = 0; place < length; place++) {
      places.set(binder.index, place)
      over(binders, visit, from + 1)
    }
    if (before === undefined) places.delete(binder.index)
    else places.set(binder.index, before)
  }

  function atomValue(atom: Atom): number {
    switch (atom.kind) {
      case 'entry': {
        const parity = /^\(-1\)\^\(?([\w*]+)\)?$/.exec(atom.symbol)?.[1]
        if (parity !== undefined)
          return Math.pow(
            -1,
            parity.split('*').reduce((n, name) => n * sizes.get(name)!, 1),
          )
        const { shape, data } = arrays.get(atom.symbol)!
        return data[atom.at.reduce((place, index, axis) => place * shape[axis]! + position(index), 0)]!
      }
      case 'size':
        return sizes.get(atom.name)!
      case 'number':
        return atom.value === 'pi' ? Math.PI : Number(atom.value)
      case 'exp':
        return Math.exp(product(atom.of))
      case 'base':
        return sum(atom.of).value
      case 'indicator':
        return sum(atom.of).value > 0 ? 1 : 0
      case 'delta':
        return position(atom.at[0]) === position(atom.at[1]) ? 1 : 0
      case 'function':
        return FUNCTIONS[atom.name](sum(atom.args[0]!).value)
      case 'sum': {
        let total = 0
        over(atom.binders, () => (total += product(atom.of)))
        return total
      }
      case 'fold': {
        let value = atom.name === 'max' ? -Infinity : 1
        over(atom.binders, () => {
          const next = sum(atom.of).value
          value = atom.name === 'max' ? Math.max(value, next) : value * next
        })
        return value
      }
      case 'matrix': {
        const entries: number[] = []
        over(atom.binders, () => entries.push(sum(atom.of).value))
        const n = Math.sqrt(entries.length)
        const result = matrixTensor(atom.name, { shape: [n, n], data: Float64Array.from(entries) })
        return result.data[atom.at.reduce((place, index) => place * n + position(index), 0)]!
      }
    }
  }

  return sum(of)
}
