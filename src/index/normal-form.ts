import { Algebra } from './algebra.ts'
import type { Budget } from './algebra.ts'
import { deltaOf } from './delta.ts'
import { entryOf } from './entry.ts'
import { callFunction, exponential, logarithm } from './functions.ts'
import { indicatorOf } from './indicator.ts'
import type { Kernel, SumLaw } from './kernel.ts'
import { matrixPoly } from './matrix.ts'
import { maximumPoly } from './maximum.ts'
import { multiplyPolys, productOf } from './multiply.ts'
import { power } from './power.ts'
import { productPoly } from './products.ts'
import { renamePoly } from './rename.ts'
import { sumPoly } from './sum.ts'

/** A kernel over a fresh algebra. `laws` may be added to before terms are built that they speak of. */
export function createKernel(
  budget?: Budget,
  laws: SumLaw[] = [],
  generic = false,
  note: Kernel['note'] = () => undefined,
): Kernel {
  const kernel: Kernel = {
    algebra: new Algebra(budget),
    laws,
    generic,
    note,
    multiply: (a, b) => multiplyPolys(kernel, a, b),
    product: (coefficient, factors) => productOf(kernel, coefficient, factors),
    entry: (symbol, at, traits) => entryOf(kernel, symbol, at, traits),
    power: (base, exponent, nonzero) => power(kernel, base, exponent, nonzero),
    exp: (of) => exponential(kernel, of),
    log: (of) => logarithm(kernel, of),
    call: (name, args) => callFunction(kernel, name, args),
    indicator: (of) => indicatorOf(kernel, of),
    delta: (i, j) => deltaOf(kernel, i, j),
    sum: (of, binders) => sumPoly(kernel, of, binders),
    fold: (name, of, binders) => (name === 'max' ? maximumPoly : productPoly)(kernel, of, binders),
    matrix: (name, of, binders, at) => matrixPoly(kernel, name, of, binders, at),
    rename: (of, to) => renamePoly(kernel, of, to),
  }
  return kernel
}
