import { HALF, ONE, rational, sign, ZERO } from '../base/rational.ts'
import {
  addPolys,
  atomPoly,
  constantOf,
  constantPoly,
  NO_TRAITS,
  POSITIVE,
  scalePoly,
  singleTerm,
  termPoly,
} from './algebra.ts'
import { exponentOf, isWhole, toRational } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import { factorise } from './number.ts'
import { content } from './power.ts'
import { withoutSigns } from './signs.ts'
import { byCases } from './split.ts'
import { ofInverse, openAngle } from './trig.ts'
import type { Atom, Binder, Factor, FoldAtom, FunctionName, Monomial, Poly, Term, Traits } from './term.ts'
import { isAnalytic } from './traits.ts'

const MINUS = { n: -1n, d: 1n }

/** `exp` of a sum: the product of `exp` of its terms, each an atom to its coefficient; `exp(c log u)` is `u^c`. */
export function exponential(k: Kernel, of: Poly): Poly {
  const cases = byCases(k, of, (inner) => k.exp(inner))
  if (cases !== null) return cases
  let product: Poly = constantPoly(k.algebra, ONE)
  for (const { coefficient, monomial } of of.values()) {
    const undone = argumentOfLog(monomial) ?? productUnderLog(k, monomial)
    if (undone !== null) {
      product = k.multiply(product, k.power(undone, exponentOf(coefficient)))
    } else {
      const traits = { ...POSITIVE, analytic: isAnalytic(termPoly(ONE, monomial)) }
      const atom = k.algebra.atom({ kind: 'exp', of: monomial, traits })
      product = k.multiply(product, termPoly(ONE, k.algebra.monomial([{ atom, exponent: exponentOf(coefficient) }])))
    }
  }
  return product
}

/** `u` of a monomial that is `log(u)`. */
function argumentOfLog({ factors }: Monomial): Poly | null {
  const [only] = factors
  if (factors.length !== 1 || only?.exponent !== 1 || only.atom.kind !== 'function' || only.atom.name !== 'log')
    return null
  return only.atom.args[0] ?? null
}

/** `prod(u)` of a monomial that is `sum(log(u))`. */
function productUnderLog(k: Kernel, { factors }: Monomial): Poly | null {
  const [only] = factors
  if (factors.length !== 1 || only?.exponent !== 1 || only.atom.kind !== 'sum') return null
  const { of, binders } = only.atom
  const argument = argumentOfLog(of)
  return argument === null ? null : k.fold('prod', argument, binders)
}

/** `log` of a product: the sum of the logarithms of its positive factors and of what is left. */
export function logarithm(k: Kernel, of: Poly): Poly {
  const unsigned = withoutSigns(k, of)
  if (unsigned !== null) return scalePoly(k.log(k.power(unsigned, 2)), HALF)
  const cases = byCases(k, of, (inner) => k.log(inner))
  if (cases !== null) return cases
  if (of.size === 0) return closedCall(k, 'log', [of])
  const { number, monomial, primitive } = content(k, of, false)
  if (monomial.factors.length > 0) k.note('logarithm')
  const parts: Poly[] = [logOfNumber(k, number.n, ONE), logOfNumber(k, number.d, MINUS)]
  parts.push(logOfPositive(k, monomial))
  const term = singleTerm(primitive)
  const constant = constantOf(primitive)
  if (constant !== null && constant.n === 1n && constant.d === 1n) return addPolys(k.algebra, ...parts)
  if (term !== null) parts.push(logOfTerm(k, term))
  else parts.push(closedCall(k, 'log', [primitive]))
  return addPolys(k.algebra, ...parts)
}

function logOfNumber(k: Kernel, value: bigint, by: typeof ONE): Poly {
  const parts = factorise(value).map(([prime, exponent]) => {
    const closed = closedCall(k, 'log', [constantPoly(k.algebra, { n: prime, d: 1n })])
    return scalePoly(closed, { n: BigInt(exponent) * by.n, d: 1n })
  })
  return addPolys(k.algebra, ...parts)
}

function logOfPositive(k: Kernel, monomial: Monomial): Poly {
  const parts = monomial.factors.map(({ atom, exponent }) => {
    const scale = toRational(exponent)
    if (atom.kind === 'exp') return termPoly(scale, atom.of)
    if (atom.kind === 'base') return scalePoly(k.log(atom.of), scale)
    if (atom.kind === 'fold' && atom.name === 'prod') return scalePoly(logOfProduct(k, atom, 1), scale)
    return scalePoly(closedCall(k, 'log', [atomPoly(k.algebra, atom)]), scale)
  })
  return addPolys(k.algebra, ...parts)
}

/** `sum(log(u^p))` for `prod(u)^p`, which has a logarithm, of `u^p` that are never negative, and so positive there. */
function logOfProduct(k: Kernel, { of, binders }: FoldAtom, exponent: 1 | 2): Poly {
  const fresh = binders.map(({ size }) => ({ index: k.algebra.fresh(), size }))
  const to = new Map(binders.map(({ index }, at) => [index, (fresh[at] as Binder).index] as const))
  return k.sum(k.log(k.power(k.rename(of, to), exponent)), fresh)
}

function logOfTerm(k: Kernel, { coefficient, monomial }: Term): Poly {
  // A product that is positive and of which no factor is negative has positive factors only.
  const split = sign(coefficient) > 0 && monomial.factors.every(({ atom }) => atom.traits.nonnegative)
  const positive = monomial.factors.filter(({ atom }) => split || atom.traits.positive)
  const even = monomial.factors.filter((factor) => !positive.includes(factor) && isEvenPower(factor))
  const rest = monomial.factors.filter((factor) => !positive.includes(factor) && !even.includes(factor))
  const parts = [logOfPositive(k, k.algebra.monomial(positive)), ...even.map((factor) => logOfEven(k, factor))]
  if (rest.length > 0 || sign(coefficient) < 0) {
    const [only] = rest
    // log(u^q) = q log u where q is odd or no whole number: then u^q > 0 and u > 0 are the same.
    if (rest.length === 1 && sign(coefficient) > 0 && only !== undefined && only.exponent !== 1 && keepsSign(only)) {
      const base = only.atom.kind === 'base' ? only.atom.of : atomPoly(k.algebra, only.atom)
      parts.push(scalePoly(k.log(base), toRational(only.exponent)))
    } else parts.push(closedCall(k, 'log', [termPoly(coefficient, k.algebra.monomial(rest))]))
  }
  return addPolys(k.algebra, ...parts)
}

const isEvenPower = ({ atom, exponent }: Factor): boolean =>
  isWhole(exponent) && exponent % 2 === 0 && (EVEN.has(atom.kind) || (atom.kind === 'fold' && atom.name === 'prod'))

const EVEN: ReadonlySet<Atom['kind']> = new Set(['entry', 'function', 'sum', 'matrix'])

/** `log(u^2)` times half the exponent: an even power is positive wherever it has a logarithm. */
function logOfEven(k: Kernel, { atom, exponent }: Factor): Poly {
  const square = termPoly(ONE, k.algebra.monomial([{ atom, exponent: 2 }]))
  const log = atom.kind === 'fold' ? logOfProduct(k, atom, 2) : closedCall(k, 'log', [square])
  return scalePoly(log, rational(exponent as number, 2))
}

/** Whether a power is positive only where its base is: an odd one, or a root, which only what is not negative has. */
const keepsSign = ({ exponent }: Pick<Factor, 'exponent'>): boolean =>
  typeof exponent !== 'number' || exponent % 2 !== 0

interface FunctionLaws {
  readonly atZero?: typeof ONE
  /** `f(-x)` in terms of `f(x)`. */
  readonly negated?: (k: Kernel, value: Poly, of: Poly) => Poly
  readonly traits: Partial<Traits>
}

const odd = (_: Kernel, value: Poly): Poly => scalePoly(value, MINUS)
const even = (_: Kernel, value: Poly): Poly => value
const oneMinus = (k: Kernel, value: Poly): Poly =>
  addPolys(k.algebra, constantPoly(k.algebra, ONE), scalePoly(value, MINUS))

/** The declared laws of functions that stay closed. Source: the defining symmetry of each. */
const LAWS: { readonly [name in FunctionName]: FunctionLaws } = {
  log: { traits: { analytic: true } },
  sin: { atZero: ZERO, negated: odd, traits: { analytic: true } },
  cos: { atZero: ONE, negated: even, traits: { analytic: true } },
  asin: { atZero: ZERO, negated: odd, traits: { analytic: true } },
  atan: { atZero: ZERO, negated: odd, traits: { analytic: true } },
  erf: { atZero: ZERO, negated: odd, traits: { analytic: true } },
  tanh: { atZero: ZERO, negated: odd, traits: { analytic: true, bounded: true } },
  sigmoid: {
    atZero: HALF,
    negated: oneMinus,
    traits: { analytic: true, positive: true, nonnegative: true, bounded: true },
  },
  // log(1 + e^-x) = log(1 + e^x) - x
  softplus: {
    negated: (k, value, of) => addPolys(k.algebra, value, scalePoly(of, MINUS)),
    traits: { analytic: true, positive: true, nonnegative: true },
  },
  reciprocal: { traits: {} },
}

/** A function of one argument: its cases, its value at zero, its symmetry, and else closed. */
export function callFunction(k: Kernel, name: FunctionName, args: readonly Poly[]): Poly {
  if (name === 'log') return k.log(args[0] as Poly)
  const of = args[0] as Poly
  const laws = LAWS[name]
  if (name !== 'reciprocal') {
    const cases = byCases(k, of, (inner) => k.call(name, [inner]))
    if (cases !== null) return cases
  }
  if (name === 'sin' || name === 'cos') {
    const opened = ofInverse(k, name, of) ?? openAngle(k, name, of)
    if (opened !== null) return opened
  }
  if (of.size === 0 && laws.atZero !== undefined) return constantPoly(k.algebra, laws.atZero)
  if (laws.negated !== undefined && leadsNegative(of)) {
    const flipped = scalePoly(of, MINUS)
    return laws.negated(k, closedCall(k, name, [flipped]), flipped)
  }
  return closedCall(k, name, args)
}

/** Whether the term with the last key has a negative coefficient: of `x` and `-x`, exactly one does. */
function leadsNegative(of: Poly): boolean {
  let leading: Term | null = null
  for (const term of of.values()) if (leading === null || term.monomial.key > leading.monomial.key) leading = term
  return leading !== null && sign(leading.coefficient) < 0
}

function closedCall(k: Kernel, name: FunctionName, args: readonly Poly[]): Poly {
  const { traits } = LAWS[name]
  const analytic = traits.analytic === true && args.every(isAnalytic)
  return atomPoly(
    k.algebra,
    k.algebra.atom({ kind: 'function', name, args, traits: { ...NO_TRAITS, ...traits, analytic } }),
  )
}
