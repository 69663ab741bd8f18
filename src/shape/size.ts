import { BackproveError } from '../base/errors.ts'

/**
 * The length of an axis: a polynomial with whole coefficients in named positive integers, interned by its key,
 * so two sizes are equal for all values of the names exactly when they are the same object.
 */
export interface Size {
  readonly key: string
  readonly terms: readonly SizeTerm[]
}

/** `coefficient * name^exponent * …`, names in code-unit order, exponents positive. */
export interface SizeTerm {
  readonly coefficient: bigint
  readonly powers: readonly (readonly [name: string, exponent: number])[]
}

const interned = new Map<string, Size>()

const powersKey = (term: SizeTerm): string =>
  term.powers.map(([name, exponent]) => (exponent === 1 ? name : `${name}^${exponent}`)).join('*')

function termText(term: SizeTerm): string {
  const names = powersKey(term)
  if (names === '') return term.coefficient.toString()
  return term.coefficient === 1n ? names : `${term.coefficient}*${names}`
}

function intern(terms: Iterable<SizeTerm>): Size {
  const byPowers = new Map<string, SizeTerm>()
  for (const term of terms) {
    const key = powersKey(term)
    const coefficient = (byPowers.get(key)?.coefficient ?? 0n) + term.coefficient
    byPowers.set(key, { coefficient, powers: term.powers })
  }
  const kept = [...byPowers.entries()].filter(([, term]) => term.coefficient !== 0n)
  kept.sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1))
  const key =
    kept.length === 0
      ? '0'
      : kept
          .map(([, term]) => termText(term))
          .join('+')
          .replaceAll('+-', '-')
  const known = interned.get(key)
  if (known !== undefined) return known
  const size: Size = { key, terms: kept.map(([, term]) => term) }
  interned.set(key, size)
  return size
}

/** A size that is a whole number. */
export function literalSize(value: number | bigint): Size {
  return intern([{ coefficient: BigInt(value), powers: [] }])
}

/** A size that is a name. */
export function namedSize(name: string): Size {
  return intern([{ coefficient: 1n, powers: [[name, 1]] }])
}

export const ONE_SIZE: Size = literalSize(1)

export function addSizes(a: Size, b: Size): Size {
  return intern([...a.terms, ...b.terms])
}

export function multiplySizes(a: Size, b: Size): Size {
  if (a === ONE_SIZE) return b
  if (b === ONE_SIZE) return a
  const terms: SizeTerm[] = []
  for (const s of a.terms) {
    for (const t of b.terms) {
      const powers = new Map(s.powers)
      for (const [name, exponent] of t.powers) powers.set(name, (powers.get(name) ?? 0) + exponent)
      terms.push({
        coefficient: s.coefficient * t.coefficient,
        powers: [...powers].sort(([x], [y]) => (x < y ? -1 : 1)),
      })
    }
  }
  return intern(terms)
}

export const negateSize = (a: Size): Size => multiplySizes(a, literalSize(-1))

/** The whole number that a size is for all values of its names, or `null`. */
export function literalValue(size: Size): number | null {
  if (size.terms.length === 0) return 0
  const [only] = size.terms
  return size.terms.length === 1 && only !== undefined && only.powers.length === 0 ? Number(only.coefficient) : null
}

/** The names that a size is made of. */
export function sizeNames(size: Size): string[] {
  return [...new Set(size.terms.flatMap((term) => term.powers.map(([name]) => name)))]
}

/** The value of a size where each name has the given positive integer; throws `internal` for a name without one. */
export function evaluateSize(size: Size, values: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const term of size.terms) {
    let product = Number(term.coefficient)
    for (const [name, exponent] of term.powers) {
      const value = values.get(name)
      if (value === undefined) throw new BackproveError('internal', `size \`${name}\` has no value`)
      product *= value ** exponent
    }
    sum += product
  }
  return sum
}

/** The sheet's spelling of a size. */
export const sizeText = (size: Size): string => size.key
