import { ONE } from '../base/rational.ts'
import { addPolys, atomPoly, scalePoly, termPoly } from './algebra.ts'
import { isNegative, isWhole, toRational } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import type { Factor, FunctionName, Monomial, Poly } from './term.ts'

/** A product read as an increasing function of something: `exp(u)`, `tanh(u)`, `u^q` of what is not negative. */
export interface Increasing {
  /** Which function: what has the same one is in the order of its arguments. */
  readonly name: string
  readonly of: Poly
  readonly apply: (of: Poly) => Poly
}

const INCREASING: ReadonlySet<FunctionName> = new Set(['log', 'asin', 'atan', 'erf', 'tanh', 'sigmoid', 'softplus'])

/** `null` where the product is no strictly increasing function of one argument, wherever it is defined. */
export function asIncreasing(k: Kernel, { factors }: Monomial): Increasing | null {
  if (factors.length > 0 && factors.every(({ atom }) => atom.kind === 'exp'))
    return { name: 'exp', of: exponentOfProduct(k, factors), apply: (of) => k.exp(of) }
  const [only] = factors
  if (factors.length !== 1 || only === undefined) return null
  const { atom, exponent } = only
  if (exponent === 1) {
    if (atom.kind !== 'function' || !INCREASING.has(atom.name)) return null
    const { name } = atom
    return { name, of: atom.args[0] as Poly, apply: (of) => k.call(name, [of]) }
  }
  if (isNegative(exponent) || !isBaseNonnegative(only)) return null
  const of = atom.kind === 'base' ? atom.of : atomPoly(k.algebra, atom)
  return { name: `power ${String(toRational(exponent).n)}/${String(toRational(exponent).d)}`, of, apply: (base) => k.power(base, exponent) } // prettier-ignore
}

/** A root with an even denominator exists only of what is not negative. */
const isBaseNonnegative = ({ atom, exponent }: Factor): boolean =>
  atom.traits.nonnegative || (!isWhole(exponent) && exponent.d % 2n === 0n)

/** `u` of a product of exponentials that is `exp(u)`. */
export const exponentOfProduct = (k: Kernel, factors: readonly Factor[]): Poly =>
  addPolys(
    k.algebra,
    ...factors.map(({ atom, exponent }) =>
      atom.kind === 'exp' ? scalePoly(termPoly(ONE, atom.of), toRational(exponent)) : new Map(),
    ),
  )
