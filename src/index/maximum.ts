import { MINUS_ONE, ONE, sign } from '../base/rational.ts'
import { addPolys, constantPoly, MAX_BINDERS, polyFree, scalePoly, singleTerm, termPoly } from './algebra.ts'
import { openMaximum } from './extremum.ts'
import { closedFold } from './fold.ts'
import { asIncreasing } from './increasing.ts'
import type { Kernel } from './kernel.ts'
import { hotBinder } from './one-hot.ts'
import { content } from './power.ts'
import type { Atom, Binder, Poly, Term } from './term.ts'

/**
 * The largest value of `of` over all positions of the binders, none of whose axes is empty. What does not vary leaves it,
 * `max(c + p*u) = c + p*max(u)` for `p > 0`; so does an increasing function, `max(f(u)) = f(max(u))` and
 * `max(-f(u)) = -f(-max(-u))`; a maximum of maxima is one over all their axes.
 */
export function maximumPoly(k: Kernel, of: Poly, binders: readonly Binder[]): Poly {
  const bound = new Set(binders.map(({ index }) => index))
  const isBound = (atom: Atom): boolean => [...atom.free].some((index) => bound.has(index))
  const varies = ({ monomial }: Term): boolean => monomial.factors.some(({ atom }) => isBound(atom))
  const inner = new Map([...of].filter(([, term]) => varies(term)))
  if (inner.size === 0) return of
  const outer = new Map([...of].filter(([, term]) => !varies(term)))
  const { number, monomial } = content(k, inner, false)
  const scale = termPoly(number, k.algebra.monomial(monomial.factors.filter(({ atom }) => !isBound(atom))))
  const largest = largestOf(k, k.multiply(inner, k.power(scale, -1, true)), binders)
  if (outer.size > 0 || singleTerm(scale)?.monomial !== k.algebra.one) k.note('maximum')
  return addPolys(k.algebra, outer, k.multiply(scale, largest))
}

function largestOf(k: Kernel, of: Poly, binders: readonly Binder[]): Poly {
  const opened = openMaximum(k, of)
  if (opened !== null && opened.fresh.length + binders.length <= MAX_BINDERS) {
    k.note('maximum')
    return k.fold('max', opened.of, [...binders, ...opened.fresh])
  }
  const term = singleTerm(of)
  if (term !== null) {
    const done = largestOfTerm(k, term, binders)
    if (done !== null) return done
  }
  const free = polyFree(of)
  return closedFold(k, 'max', of, binders.filter(({ index }) => free.has(index))) // prettier-ignore
}

function largestOfTerm(k: Kernel, { coefficient, monomial }: Term, binders: readonly Binder[]): Poly | null {
  const positive = sign(coefficient) > 0
  const [only] = monomial.factors
  // Along its axis a one-hot array is 1 once, and never more.
  if (positive && monomial.factors.length === 1 && only !== undefined && hotBinder(only.atom, binders) !== undefined) {
    k.note('one-hot')
    return constantPoly(k.algebra, ONE)
  }
  const increasing = asIncreasing(k, monomial)
  if (increasing === null) return null
  k.note('increasing')
  const { of, apply } = increasing
  if (positive) return apply(k.fold('max', of, binders))
  const least = scalePoly(k.fold('max', scalePoly(of, MINUS_ONE), binders), MINUS_ONE)
  return scalePoly(apply(least), MINUS_ONE)
}
