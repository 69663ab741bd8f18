import type { Random } from '../../base/random.ts'
import type { SizePattern } from './sizes.ts'

/** What the data of a trial looks like. */
export interface Style {
  readonly sizes: SizePattern
  /** Typical size of a real entry. */
  readonly magnitude: number
  /** Entries of very different sizes. */
  readonly wide: boolean
  readonly signs: 'both' | 'positive' | 'negative' | 'any'
  readonly labels: 'mixed' | 'zeros' | 'ones'
}

const BASE: Style = { sizes: 'different', magnitude: 1, wide: false, signs: 'both', labels: 'mixed' }

/** The first trials, in the order in which they find most faults; later ones mix. */
const FIRST: readonly Style[] = [
  BASE,
  // Small data: a missing `eps` shows where what it is added to is not much larger.
  { ...BASE, sizes: 'reversed', magnitude: 0.01 },
  { ...BASE, sizes: 'equal', wide: true },
  { ...BASE, sizes: { one: 0 }, labels: 'zeros' },
  { ...BASE, magnitude: 5, labels: 'ones' },
  { ...BASE, sizes: { one: 1 }, magnitude: 0.3 },
  { ...BASE, sizes: { one: 2 } },
  { ...BASE, sizes: 'ones' },
]

export function styleOf(trial: number, random: Random): Style {
  const first = FIRST[trial]
  if (first !== undefined) return first
  return {
    sizes: trial % 3 === 0 ? { one: trial } : trial % 3 === 1 ? 'different' : 'any',
    magnitude: 10 ** random.between(-3, 1),
    wide: random.chance(0.5),
    signs: 'both',
    labels: 'mixed',
  }
}

/**
 * The style of a repeated attempt: where the domain is narrow, data of one sign or of another size is more likely in it,
 * and where a size is tied to another by the domain (`inv(X'*X)`), other sizes are.
 */
export function relaxed(style: Style, attempt: number, random: Random): Style {
  if (attempt < 2) return style
  const gentle = { ...style, magnitude: attempt % 2 === 0 ? 0.4 : Math.min(style.magnitude, 1), wide: false }
  if (attempt === 2) return { ...gentle, signs: 'positive' }
  if (attempt === 3) return { ...gentle, sizes: 'reversed' }
  if (attempt === 4) return { ...gentle, signs: 'negative' }
  return {
    ...gentle,
    sizes: attempt % 3 === 0 ? 'different' : attempt % 3 === 1 ? 'reversed' : 'any',
    signs: attempt % 4 === 0 ? 'both' : 'any',
    magnitude: random.chance(0.5) ? 0.4 : 10 ** random.between(-1, 1),
  }
}
