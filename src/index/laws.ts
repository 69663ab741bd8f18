import { divide, MINUS_ONE, ONE } from '../base/rational.ts'
import { addPolys, polyKey, scalePoly, singleTerm, termPoly } from './algebra.ts'
import type { Algebra } from './algebra.ts'
import { maximumLessValue } from './extremum.ts'
import { hasOwnData } from './generic.ts'
import { isWhole } from './exponent.ts'
import type { Kernel, SumLaw } from './kernel.ts'
import { leadingTerm } from './reduce.ts'
import type { Atom, Binder, Factor, Index, MatrixAtom, Poly, Term } from './term.ts'

/**
 * A product under a sum rewritten by the first law that fits: a declared equality, or `inv(M)*M = eye`. `null` if none.
 * The variables that a law binds may stand in nothing else.
 */
export function applyLaws(k: Kernel, inside: readonly Factor[], binders: readonly Binder[]): Poly | null {
  for (const law of k.laws) {
    const done = applyLaw(k, law, inside, binders)
    if (done !== null) return done
  }
  const once = attainedOnce(k, inside, binders)
  if (once !== null) return once
  for (const { atom, exponent } of inside) {
    if (atom.kind !== 'matrix' || atom.name !== 'inv' || exponent !== 1) continue
    for (const law of inverseLaws(k, atom)) {
      const done = applyLaw(k, law, inside, binders)
      if (done !== null) return done
    }
  }
  return null
}

/** Off ties a maximum is attained once: the comparisons `max_l a_l > a_k`, summed over `k`, are one less than all. */
function attainedOnce(k: Kernel, inside: readonly Factor[], binders: readonly Binder[]): Poly | null {
  if (!k.generic) return null
  for (const factor of inside) {
    if (factor.atom.kind !== 'indicator') continue
    const found = maximumLessValue(k, factor.atom.of, 1)
    if (found === null || !hasOwnData(found.fold)) continue
    const over = binders.filter(({ index }) => found.at.includes(index))
    const rest = inside.filter((other) => other !== factor)
    const lonely = over.every(({ index }) => !rest.some(({ atom }) => atom.free.has(index)))
    if (over.length !== found.fold.binders.length || new Set(found.at).size !== found.at.length || !lonely) continue
    k.note('one-maximum')
    const all = k.sum(termPoly(ONE, k.algebra.one), over)
    const others = addPolys(k.algebra, all, termPoly(MINUS_ONE, k.algebra.one))
    const left = k.sum(termPoly(ONE, k.algebra.monomial(rest)), binders.filter((binder) => !over.includes(binder))) // prettier-ignore
    return k.multiply(others, left)
  }
  return null
}

interface Match {
  readonly to: Map<Index, Index>
  readonly used: Set<number>
}

function applyLaw(k: Kernel, law: SumLaw, factors: readonly Factor[], binders: readonly Binder[]): Poly | null {
  const whole = matchLaw(k, law, factors, binders)
  if (whole !== null) return whole
  const apart = factors.flatMap(copies)
  return apart.length > factors.length ? matchLaw(k, law, apart, binders) : null
}

/** A square of an entry as two factors, which a law may want apart. */
const copies = (factor: Factor): readonly Factor[] =>
  isWhole(factor.exponent) && factor.exponent > 1 && factor.exponent <= MOST_COPIES
    ? Array.from({ length: factor.exponent }, () => ({ atom: factor.atom, exponent: 1 }))
    : [factor]

const MOST_COPIES = 4

function matchLaw(k: Kernel, law: SumLaw, inside: readonly Factor[], binders: readonly Binder[]): Poly | null {
  const pattern = singleTerm(law.pattern)
  if (pattern === null) return null
  const sizes = new Map(binders.map(({ index, size }) => [index, size] as const))
  const wanted = new Map(law.bound.map(({ index, size }) => [index, size] as const))
  const fits = (match: Match): boolean => {
    const bound = new Set(law.bound.map(({ index }) => match.to.get(index) as Index))
    if (bound.size !== law.bound.length) return false
    if (law.universal.some((index) => bound.has(match.to.get(index) ?? 0))) return false
    return inside.every(({ atom }, at) => match.used.has(at) || ![...atom.free].some((index) => bound.has(index)))
  }
  const bind = (from: Index, to: Index, match: Match): boolean => {
    const known = match.to.get(from)
    if (known !== undefined) return known === to
    const size = wanted.get(from)
    if (size !== undefined && sizes.get(to) !== size) return false
    if (size === undefined && !law.universal.includes(from)) return from === to
    match.to.set(from, to)
    return true
  }
  const match = search(pattern.monomial.factors, inside, bind, fits)
  if (match === null) return null
  k.note(law.name === 'inverse' ? 'inverse' : `declared ${law.name}`)
  const rest = inside.filter((_, at) => !match.used.has(at))
  const gone = new Set(law.bound.map(({ index }) => match.to.get(index)))
  const result = k.rename(law.result, match.to)
  const product = rest.reduce((left, factor) => k.multiply(left, k.product(ONE, [factor])), result)
  return k.sum(product, binders.filter(({ index }) => !gone.has(index))) // prettier-ignore
}

type Bind = (from: Index, to: Index, match: Match) => boolean

function search(
  pattern: readonly Factor[],
  inside: readonly Factor[],
  bind: Bind,
  fits: (match: Match) => boolean,
): Match | null {
  const step = (position: number, match: Match): Match | null => {
    const wanted = pattern[position]
    if (wanted === undefined) return fits(match) ? match : null
    for (let at = 0; at < inside.length; at++) {
      const candidate = inside[at] as Factor
      if (match.used.has(at) || candidate.exponent !== wanted.exponent) continue
      for (const place of placesOf(candidate.atom)) {
        const next = { to: new Map(match.to), used: new Set(match.used).add(at) }
        if (!unify(wanted.atom, candidate.atom, place, bind, next)) continue
        const found = step(position + 1, next)
        if (found !== null) return found
      }
    }
    return null
  }
  return step(0, { to: new Map(), used: new Set() })
}

function unify(pattern: Atom, atom: Atom, at: readonly Index[], bind: Bind, match: Match): boolean {
  const alike =
    (pattern.kind === 'entry' && atom.kind === 'entry' && pattern.symbol === atom.symbol) ||
    (pattern.kind === 'matrix' &&
      atom.kind === 'matrix' &&
      pattern.name === atom.name &&
      polyKey(pattern.of) === polyKey(atom.of))
  if (!alike) return pattern === atom
  return pattern.at.every((index, axis) => bindOrSame(index, at[axis] as Index, bind, match))
}

/** The indices of an entry in the orders that mean the same: of a symmetric matrix, both. */
function placesOf(atom: Atom): (readonly Index[])[] {
  if (atom.kind !== 'entry' && atom.kind !== 'matrix') return [[]]
  const { at } = atom
  const last = at.length - 1
  if (!atom.traits.symmetric || last < 1 || at[last] === at[last - 1]) return [at]
  return [at, [...at.slice(0, last - 1), at[last] as Index, at[last - 1] as Index]]
}

const bindOrSame = (from: Index, to: Index, bind: Bind, match: Match): boolean =>
  from === 0 ? to === 0 : bind(from, to, match)

/** Laws made so far, by the matrix; while one is made, there is none yet. */
const made = new WeakMap<Algebra, Map<string, SumLaw[]>>()

/** `sum_k inv(M)_ik M_kj = delta_ij` and `sum_k M_ik inv(M)_kj = delta_ij`, solved for the leading term of `M`. */
function inverseLaws(k: Kernel, atom: MatrixAtom): SumLaw[] {
  const known = made.get(k.algebra) ?? new Map<string, SumLaw[]>()
  made.set(k.algebra, known)
  const key = polyKey(atom.of)
  const laws = known.get(key)
  if (laws !== undefined) return laws
  known.set(key, [])
  const [row, column] = atom.binders
  // A delta under the sum has long been eliminated, so it cannot be what the law looks for.
  const eligible = [...atom.of].filter(([, { monomial }]) => {
    const free = new Set(monomial.factors.flatMap((factor) => [...factor.atom.free]))
    return (
      free.has(row.index) && free.has(column.index) && !monomial.factors.some((factor) => factor.atom.kind === 'delta')
    )
  })
  const both = (['left', 'right'] as const).flatMap((side) => {
    const shared = side === 'left' ? row.index : column.index
    const lead = largestTerm(eligible.map(([, term]) => term), shared) // prettier-ignore
    return lead === null ? [] : [inverseLaw(k, atom, lead, side)]
  })
  known.set(key, both)
  return both
}

/**
 * The term that an inverse's law replaces: of the most factors, those of closed sums counted, since what the other terms
 * make of it is smaller then. A factor without the index that is summed over would stand outside the sum, where no law looks.
 */
function largestTerm(terms: readonly Term[], shared: Index): Term | null {
  let best: { term: Term; factors: number } | null = null
  for (const term of terms) {
    const { factors: parts } = term.monomial
    if (leadingTerm(new Map([[term.monomial.key, term]])) === null) continue
    if (!parts.every(({ atom }) => atom.free.has(shared))) continue
    const factors = parts.reduce((n, { atom }) => n + (atom.kind === 'sum' ? atom.of.factors.length : 1), 0)
    const larger = best === null || factors > best.factors || (factors === best.factors && term.monomial.key > best.term.monomial.key) // prettier-ignore
    if (larger) best = { term, factors }
  }
  return best?.term ?? null
}

function inverseLaw(k: Kernel, atom: MatrixAtom, lead: Term, side: 'left' | 'right'): SumLaw {
  const [row, column] = atom.binders
  const [i, shared, j] = [k.algebra.fresh(), k.algebra.fresh(), k.algebra.fresh()]
  const entry = side === 'left' ? [i, shared] : [shared, j]
  const position = new Map(side === 'left' ? [[row.index, shared], [column.index, j]] : [[row.index, i], [column.index, shared]]) // prettier-ignore
  const inverse = termPoly(
    ONE,
    k.algebra.monomial([{ atom: k.algebra.atom({ ...bare(atom), at: entry }), exponent: 1 }]),
  )
  const body = k.rename(termPoly(ONE, lead.monomial), position)
  const { pattern, bound } = opened(k, body)
  const rest = new Map([...atom.of].filter(([, term]) => term !== lead))
  const others = k.sum(k.multiply(inverse, k.rename(rest, position)), [{ index: shared, size: row.size }])
  const result = addPolys(k.algebra, k.delta(i, j), scalePoly(others, MINUS_ONE))
  return {
    name: 'inverse',
    bound: [{ index: shared, size: row.size }, ...bound],
    universal: [i, j],
    pattern: k.multiply(inverse, pattern),
    result: scalePoly(result, divide(ONE, lead.coefficient)),
  }
}

/** A product with its closed sums opened, as it stands once an outer sum has taken them in. */
function opened(k: Kernel, body: Poly): { pattern: Poly; bound: Binder[] } {
  const bound: Binder[] = []
  const term = singleTerm(body)
  if (term === null) return { pattern: body, bound }
  let pattern: Poly = termPoly(term.coefficient, k.algebra.one)
  for (const { atom, exponent } of term.monomial.factors) {
    if (atom.kind !== 'sum' || exponent !== 1) pattern = k.multiply(pattern, k.product(ONE, [{ atom, exponent }]))
    else {
      const fresh = atom.binders.map(({ size }) => ({ index: k.algebra.fresh(), size }))
      const to = new Map(atom.binders.map(({ index }, at) => [index, (fresh[at] as Binder).index] as const))
      pattern = k.multiply(pattern, k.rename(termPoly(ONE, atom.of), to))
      bound.push(...fresh)
    }
  }
  return { pattern, bound }
}

function bare(atom: MatrixAtom): Omit<MatrixAtom, 'id' | 'key' | 'free' | 'level'> {
  const { id: _id, key: _key, free: _free, level: _level, ...draft } = atom
  return draft
}

/**
 * A declared equality as a law: `lhs - rhs = 0` solved for a term that is one closed sum (times a number and sizes).
 * `null` where no term is of that form.
 */
export function lawFromEquality(k: Kernel, name: string, difference: Poly, universal: readonly Index[]): SumLaw | null {
  for (const term of difference.values()) {
    const sums = term.monomial.factors.filter(({ atom, exponent }) => atom.kind === 'sum' && exponent === 1)
    const scale = term.monomial.factors.filter(({ atom }) => atom.kind === 'size')
    if (sums.length !== 1 || sums.length + scale.length !== term.monomial.factors.length) continue
    const [sum] = sums
    const { pattern, bound } = opened(k, termPoly(ONE, k.algebra.monomial([sum as Factor])))
    const rest = new Map([...difference].filter(([, other]) => other !== term))
    const solved = k.multiply(
      scalePoly(rest, divide(MINUS_ONE, term.coefficient)),
      k.power(termPoly(ONE, k.algebra.monomial(scale)), -1),
    )
    return { name, bound, universal, pattern, result: solved }
  }
  return null
}
