import { BackproveError } from '../base/errors.ts'
import { add, isZero, multiply, ONE } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Size } from '../shape/size.ts'
import { addExponents, exponentKey } from './exponent.ts'
import type { Atom, Factor, Index, Monomial, Poly, Term, Traits } from './term.ts'

/** An atom before it is interned. */
export type AtomDraft = Atom extends infer A
  ? A extends Atom
    ? Omit<A, 'id' | 'key' | 'free' | 'level'>
    : never
  : never

export const NO_TRAITS: Traits = {
  positive: false,
  nonnegative: false,
  analytic: false,
  independent: false,
  bounded: false,
  binary: false,
  symmetric: false,
  unimodular: false,
  square: null,
  onehot: -1,
}
export const POSITIVE: Traits = { ...NO_TRAITS, positive: true, nonnegative: true, analytic: true }
export const BINARY: Traits = { ...NO_TRAITS, nonnegative: true, binary: true }

const BINDERS_PER_LEVEL = 64

/** The canonical name of the `position`-th variable bound at `level`. */
export const boundName = (level: number, position: number): Index => -(level * BINDERS_PER_LEVEL + position + 1)
export const levelOf = (index: Index): number => (index < 0 ? Math.floor((-index - 1) / BINDERS_PER_LEVEL) : -1)

/** Most variables that one block may bind: more would run into the names of the next level. */
export const MAX_BINDERS = 12

export interface Budget {
  /** Term operations; each costs around a microsecond. */
  readonly operations: number
  /** Milliseconds since the epoch after which work stops. */
  readonly deadline: number
}

/**
 * Where terms live: atoms and monomials are interned, so equal ones are the same object, and every operation draws on one
 * budget. Throws `budget` when that is spent.
 */
export class Algebra {
  readonly #atoms = new Map<string, Atom>()
  readonly #monomials = new Map<string, Monomial>()
  readonly #budget: Budget
  #spent = 0
  #fresh = 1
  readonly one: Monomial

  constructor(budget: Budget = { operations: Infinity, deadline: Infinity }) {
    this.#budget = budget
    this.one = { factors: [], key: '' }
    this.#monomials.set('', this.one)
  }

  /** Draws on the budget; passes call it in proportion to the work they do. */
  spend(operations: number): void {
    const before = this.#spent
    this.#spent += operations
    if (this.#spent > this.#budget.operations)
      throw new BackproveError('budget', 'the proof grew beyond its limit of terms')
    if (before >> 12 !== this.#spent >> 12 && Date.now() > this.#budget.deadline) {
      throw new BackproveError('budget', 'the time for a proof ran out')
    }
  }

  get spent(): number {
    return this.#spent
  }

  /** A variable that nothing else uses. */
  fresh(): Index {
    return this.#fresh++
  }

  atom(draft: AtomDraft): Atom {
    const key = atomKey(draft)
    const known = this.#atoms.get(key)
    if (known !== undefined) return known
    const free = freeOf(draft)
    const atom = { ...draft, id: this.#atoms.size, key, free, level: nestingOf(draft) } as Atom
    this.#atoms.set(key, atom)
    return atom
  }

  /** The product of factors already sorted by atom id and free of laws to apply. */
  monomial(factors: readonly Factor[]): Monomial {
    if (factors.length === 0) return this.one
    let key = ''
    for (const { atom, exponent } of factors)
      key += exponent === 1 ? `${atom.id}.` : `${atom.id}^${exponentKey(exponent)}.`
    const known = this.#monomials.get(key)
    if (known !== undefined) return known
    const monomial = { factors, key }
    this.#monomials.set(key, monomial)
    return monomial
  }

  /** Factors merged by atom, with no law applied. */
  merge(a: readonly Factor[], b: readonly Factor[]): Factor[] {
    const merged: Factor[] = []
    let [i, j] = [0, 0]
    while (i < a.length && j < b.length) {
      const [x, y] = [a[i] as Factor, b[j] as Factor]
      if (x.atom.id < y.atom.id) {
        merged.push(x)
        i++
      } else if (x.atom.id > y.atom.id) {
        merged.push(y)
        j++
      } else {
        const exponent = addExponents(x.exponent, y.exponent)
        if (exponent !== 0) merged.push({ atom: x.atom, exponent })
        i++
        j++
      }
    }
    while (i < a.length) merged.push(a[i++] as Factor)
    while (j < b.length) merged.push(b[j++] as Factor)
    return merged
  }
}

export const ZERO_POLY: Poly = new Map()

export const termPoly = (coefficient: Rational, monomial: Monomial): Poly =>
  isZero(coefficient) ? ZERO_POLY : new Map([[monomial.key, { coefficient, monomial }]])

export const constantPoly = (algebra: Algebra, value: Rational): Poly => termPoly(value, algebra.one)

export const atomPoly = (algebra: Algebra, atom: Atom): Poly => termPoly(ONE, algebra.monomial([{ atom, exponent: 1 }]))

/** Adds a term in place; a sum that becomes zero is taken out. */
export function accumulate(into: Map<string, Term>, coefficient: Rational, monomial: Monomial): void {
  const known = into.get(monomial.key)
  if (known === undefined) {
    if (!isZero(coefficient)) into.set(monomial.key, { coefficient, monomial })
    return
  }
  const sum = add(known.coefficient, coefficient)
  if (isZero(sum)) into.delete(monomial.key)
  else into.set(monomial.key, { coefficient: sum, monomial })
}

export function addPolys(algebra: Algebra, ...polys: readonly Poly[]): Poly {
  const sum = new Map<string, Term>()
  for (const poly of polys) {
    algebra.spend(poly.size)
    for (const { coefficient, monomial } of poly.values()) accumulate(sum, coefficient, monomial)
  }
  return sum
}

export function scalePoly(poly: Poly, by: Rational): Poly {
  if (isZero(by)) return ZERO_POLY
  const scaled = new Map<string, Term>()
  for (const [key, { coefficient, monomial }] of poly)
    scaled.set(key, { coefficient: multiply(coefficient, by), monomial })
  return scaled
}

/** The only term of a poly that has one. */
export function singleTerm(poly: Poly): Term | null {
  if (poly.size !== 1) return null
  const [term] = poly.values()
  return term ?? null
}

/** The number that a poly is, if it has no atoms. */
export function constantOf(poly: Poly): Rational | null {
  if (poly.size === 0) return { n: 0n, d: 1n }
  const term = singleTerm(poly)
  return term !== null && term.monomial.factors.length === 0 ? term.coefficient : null
}

/** A canonical text of a poly, by which atoms that hold one are told apart. */
export function polyKey(poly: Poly): string {
  const parts: string[] = []
  for (const [key, { coefficient }] of poly) parts.push(`${coefficient.n}/${coefficient.d}*${key}`)
  return parts.sort().join('+')
}

const bindersKey = (binders: readonly { index: Index; size: Size }[]): string =>
  binders.map(({ index, size }) => `${index}:${size.key}`).join(',')

function atomKey(draft: AtomDraft): string {
  switch (draft.kind) {
    case 'entry':
      return `e${draft.symbol}(${draft.at.join(',')})`
    case 'size':
      return `s${draft.name}`
    case 'number':
      return `n${draft.value}`
    case 'exp':
      return `x${draft.of.key}`
    case 'base':
      return `b${polyKey(draft.of)}`
    case 'indicator':
      return `i${polyKey(draft.of)}`
    case 'delta':
      return `d${draft.at.join(',')}`
    case 'function':
      return `f${draft.name}(${draft.args.map(polyKey).join(';')})`
    case 'sum':
      return `S[${bindersKey(draft.binders)}]${draft.of.key}`
    case 'fold':
      return `F${draft.name}[${bindersKey(draft.binders)}]${polyKey(draft.of)}`
    case 'matrix':
      return `M${draft.name}[${bindersKey(draft.binders)}](${draft.at.join(',')})${polyKey(draft.of)}`
  }
}

function factorsOf(draft: AtomDraft): Factor[] {
  switch (draft.kind) {
    case 'exp':
    case 'sum':
      return [...draft.of.factors]
    case 'base':
    case 'indicator':
    case 'fold':
    case 'matrix':
      return polyFactors(draft.of)
    case 'function':
      return draft.args.flatMap(polyFactors)
    default:
      return []
  }
}

const polyFactors = (poly: Poly): Factor[] => [...poly.values()].flatMap((term) => [...term.monomial.factors])

const NOTHING_FREE: ReadonlySet<Index> = new Set()

function freeOf(draft: AtomDraft): ReadonlySet<Index> {
  const free = new Set<Index>()
  if ('at' in draft) for (const index of draft.at) if (index !== 0) free.add(index)
  const inner = new Set<Index>()
  for (const { atom } of factorsOf(draft)) for (const index of atom.free) inner.add(index)
  if ('binders' in draft) for (const { index } of draft.binders) inner.delete(index)
  for (const index of inner) free.add(index)
  return free.size === 0 ? NOTHING_FREE : free
}

function nestingOf(draft: AtomDraft): number {
  let level = -1
  for (const { atom } of factorsOf(draft)) level = Math.max(level, atom.level)
  if ('binders' in draft) for (const { index } of draft.binders) level = Math.max(level, levelOf(index))
  return level
}

/** The highest level of a bound name in a poly. */
export function polyLevel(poly: Poly): number {
  let level = -1
  for (const { monomial } of poly.values()) for (const { atom } of monomial.factors) level = Math.max(level, atom.level)
  return level
}

export function polyFree(poly: Poly): Set<Index> {
  const free = new Set<Index>()
  for (const { monomial } of poly.values())
    for (const { atom } of monomial.factors) for (const index of atom.free) free.add(index)
  return free
}
