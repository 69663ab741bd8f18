import { BackproveError } from '../base/errors.ts'
import { ONE } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { boundName, MAX_BINDERS, polyKey, polyLevel, singleTerm, termPoly } from './algebra.ts'
import { exponentKey } from './exponent.ts'
import type { Kernel } from './kernel.ts'
import type { Binder, Factor, Index, Monomial, Poly } from './term.ts'

/** Labellings tried for variables that refinement leaves tied; beyond, ties are broken by order, at a cost in completeness only. */
const MOST_LABELLINGS = 120

/** Names that stand for "some bound variable of this colour" while colours are computed; no axis is this long. */
const COLOUR = 1 << 28

export interface CanonicalBlock {
  readonly coefficient: Rational
  readonly monomial: Monomial
  readonly binders: readonly Binder[]
}

/**
 * The product with its bound variables under names that depend on structure alone, so that blocks which differ by a
 * renaming or an order of summation become the same. Source: colour refinement with individualisation, McKay 1981,
 * "Practical graph isomorphism", section 2.
 */
export function canonicalBlock(k: Kernel, factors: readonly Factor[], variables: readonly Binder[]): CanonicalBlock {
  if (variables.length > MAX_BINDERS) throw new BackproveError('budget', `a sum over ${variables.length} indices`)
  const level = 1 + polyLevel(termPoly(ONE, k.algebra.monomial(factors)))
  let best: CanonicalBlock | null = null
  let bestKey = ''
  for (const order of labellings(k, factors, variables)) {
    const binders = order.map(({ size }, at) => ({ index: boundName(level, at), size }))
    const to = new Map(order.map(({ index }, at) => [index, (binders[at] as Binder).index] as const))
    const renamed = singleTerm(k.rename(termPoly(ONE, k.algebra.monomial(factors)), to))
    if (renamed === null) throw new BackproveError('budget', 'a sum whose names cannot be made canonical')
    const key = binders.map(({ size }) => size.key).join(',') + renamed.monomial.key
    if (best === null || key < bestKey) [best, bestKey] = [{ ...renamed, binders }, key]
  }
  return best as CanonicalBlock
}

/** Orders of the variables that are worth trying: those that agree with the colours. */
function* labellings(
  k: Kernel,
  factors: readonly Factor[],
  variables: readonly Binder[],
): Generator<readonly Binder[]> {
  if (variables.length === 1) {
    yield variables
    return
  }
  const start = new Map(variables.map(({ index, size }) => [index, size.key] as const))
  const budget = { left: MOST_LABELLINGS }
  yield* individualise(k, factors, variables, refine(k, factors, variables, start), budget)
}

type Colours = ReadonlyMap<Index, string>

function* individualise(
  k: Kernel,
  factors: readonly Factor[],
  variables: readonly Binder[],
  colours: Colours,
  budget: { left: number },
): Generator<readonly Binder[]> {
  const classes = new Map<string, Binder[]>()
  for (const variable of variables) {
    const colour = colours.get(variable.index) as string
    classes.set(colour, [...(classes.get(colour) ?? []), variable])
  }
  const ordered = [...classes.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  const tied = ordered.find(([, members]) => members.length > 1)
  if (tied === undefined) {
    budget.left--
    yield ordered.map(([, [only]]) => only as Binder)
    return
  }
  for (const member of tied[1]) {
    if (budget.left <= 0) return
    const single = new Map(colours)
    single.set(member.index, `${tied[0]}!`)
    yield* individualise(k, factors, variables, refine(k, factors, variables, single), budget)
  }
}

/** Colours split by the factors in which a variable stands, until none splits further. */
function refine(k: Kernel, factors: readonly Factor[], variables: readonly Binder[], start: Colours): Colours {
  let colours = start
  let count = new Set(colours.values()).size
  while (count < variables.length) {
    const next = new Map<Index, string>()
    const numbers = colourNumbers(colours)
    for (const { index } of variables) {
      const seen: string[] = []
      for (const factor of factors) {
        if (factor.atom.free.has(index)) seen.push(factorColour(k, factor, colours, numbers, index))
      }
      next.set(index, `${numbers.get(colours.get(index) as string)}:${seen.sort().join(' ')}`)
    }
    const refined = new Set(next.values()).size
    if (refined === count) return colours
    colours = next
    count = refined
  }
  return colours
}

function colourNumbers(colours: Colours): Map<string, number> {
  return new Map([...new Set(colours.values())].sort().map((colour, at) => [colour, at] as const))
}

/** A factor seen from one variable: that variable marked, the other bound ones replaced by their colours. */
function factorColour(
  k: Kernel,
  { atom, exponent }: Factor,
  colours: Colours,
  numbers: Map<string, number>,
  from: Index,
): string {
  const mark = (index: Index): Index =>
    index === from ? COLOUR : COLOUR + 1 + (numbers.get(colours.get(index) as string) as number)
  if (atom.kind === 'entry') {
    const at = atom.at.map((index) => (colours.has(index) ? mark(index) : index))
    if (atom.traits.symmetric) at.push(...at.splice(-2).sort((a, b) => a - b))
    return `${atom.symbol}(${at.join(',')})^${exponentKey(exponent)}`
  }
  const to = new Map<Index, Index>()
  for (const index of atom.free) if (colours.has(index)) to.set(index, mark(index))
  return `${polyKey(coloured(k, atom, to))}^${exponentKey(exponent)}`
}

function coloured(k: Kernel, atom: Factor['atom'], to: Map<Index, Index>): Poly {
  return k.rename(termPoly(ONE, k.algebra.monomial([{ atom, exponent: 1 }])), to)
}
