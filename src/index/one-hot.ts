import { ONE } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Kernel } from './kernel.ts'
import type { Atom, Binder, EntryAtom, Factor, Index, Poly, SumAtom } from './term.ts'

/** The one-hot array in a sum whose bound index runs along its axis, its other indices being free of the sum. */
export function hotFactor(sum: SumAtom): EntryAtom | null {
  const bound = new Set(sum.binders.map(({ index }) => index))
  for (const { atom } of sum.of.factors) {
    if (atom.kind !== 'entry' || atom.traits.onehot < 0) continue
    if (atom.at.every((index, axis) => bound.has(index) === (axis === atom.traits.onehot))) return atom
  }
  return null
}

/** The one of `binders` that runs along the axis on which an array has one 1, in an entry that names it there only. */
export function hotBinder(atom: Atom, binders: readonly Binder[]): Binder | undefined {
  if (atom.kind !== 'entry' || atom.traits.onehot < 0) return undefined
  const { at, traits } = atom
  const place = at[traits.onehot]
  // On a diagonal there need not be a 1.
  if (at.some((index, axis) => axis !== traits.onehot && index === place)) return undefined
  return binders.find(({ index }) => index === place)
}

/** A choice that a factor makes: the array with one 1 along an axis, and its other indices. */
const choices = new WeakMap<Atom, string>()

/** Which column of which one-hot array chooses the value of an atom; empty where none does. */
function choiceOf(atom: Atom): string {
  const known = choices.get(atom)
  if (known !== undefined) return known
  const hot = atom.kind === 'entry' && atom.traits.onehot >= 0 ? atom : atom.kind === 'sum' ? hotFactor(atom) : null
  const column = hot === null ? [] : hot.at.filter((_, axis) => axis !== hot.traits.onehot)
  const choice = hot === null ? '' : `${hot.symbol}(${column.join(',')})`
  choices.set(atom, choice)
  return choice
}

export type ChosenPair = readonly [Factor, Factor]

/** Two factors, one a sum to a positive whole power, whose values the same column chooses. */
export function chosenPair(factors: readonly Factor[]): ChosenPair | null {
  const seen = new Map<string, Factor>()
  for (const factor of factors) {
    if (factor.atom.kind !== 'sum' && factor.atom.kind !== 'entry') continue
    const choice = choiceOf(factor.atom)
    if (choice === '') continue
    const other = seen.get(choice)
    if (factor.atom.kind === 'sum' && (other === undefined ? factor.exponent !== 1 : false)) return [factor, factor]
    if (other !== undefined && (factor.atom.kind === 'sum' || other.atom.kind === 'sum')) return [other, factor]
    seen.set(choice, factor)
  }
  return null
}

/**
 * `sum_i Y_i r_i` times `Y_k` is `Y_k r_k`, times another such sum is `sum_i Y_i r_i s_i`, and its power is
 * `sum_i Y_i r_i^n`, where `Y` has one 1 along `i`.
 */
export function combineChosen(k: Kernel, factors: readonly Factor[], coefficient: Rational, [a, b]: ChosenPair): Poly {
  const rest = factors.filter((factor) => factor !== a && factor !== b)
  const outside = k.product(coefficient, rest)
  const entry = a.atom.kind === 'entry' ? a.atom : b.atom.kind === 'entry' ? b.atom : null
  if (entry !== null) {
    const sum = a.atom.kind === 'sum' ? a : b
    const value = valueAt(k, sum.atom as SumAtom, entry.at[entry.traits.onehot] as Index)
    return k.multiply(outside, k.multiply(k.product(ONE, [{ atom: entry, exponent: 1 }]), k.power(value, sum.exponent)))
  }
  const { size } = chosenBinder(a.atom as SumAtom)
  const index = k.algebra.fresh()
  const hot = hotFactor(a.atom as SumAtom) as EntryAtom
  const at = hot.at.map((place, axis) => (axis === hot.traits.onehot ? index : place))
  let body = k.multiply(k.entry(hot.symbol, at, hot.traits), k.power(valueAt(k, a.atom as SumAtom, index), a.exponent))
  if (b !== a) body = k.multiply(body, k.power(valueAt(k, b.atom as SumAtom, index), b.exponent))
  return k.multiply(outside, k.sum(body, [{ index, size }]))
}

function chosenBinder(sum: SumAtom): Binder {
  const hot = hotFactor(sum) as EntryAtom
  return sum.binders.find(({ index }) => index === hot.at[hot.traits.onehot]) as Binder
}

/** What the sum takes up where the one 1 stands at `place`. */
function valueAt(k: Kernel, sum: SumAtom, place: Index): Poly {
  const hot = hotFactor(sum) as EntryAtom
  const chosen = chosenBinder(sum)
  const others = sum.binders
    .filter((binder) => binder !== chosen)
    .map((binder) => ({ from: binder.index, index: k.algebra.fresh(), size: binder.size }))
  const to = new Map<Index, Index>([
    [chosen.index, place],
    ...others.map(({ from, index }): [Index, Index] => [from, index]),
  ])
  const body = k.rename(k.product(ONE, sum.of.factors.filter(({ atom }) => atom !== hot)), to) // prettier-ignore
  return k.sum(body, others)
}
