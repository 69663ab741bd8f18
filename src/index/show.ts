import { isOne, negate, sign, toText } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { isNegative, isWhole, multiplyExponents, toRational } from './exponent.ts'
import type { Exponent } from './exponent.ts'
import type { Atom, Binder, Factor, Index, Monomial, Poly, Term } from './term.ts'

export interface ShowOptions {
  /** Names of free variables; any other gets a letter of its own. */
  readonly names: ReadonlyMap<Index, string>
  /** How the sheet calls an array, by its symbol. */
  readonly symbol: (symbol: string) => string
  /** Characters after which further terms are only counted. */
  readonly width: number
}

const LETTERS = 'ijklpqrstuvw'

/** The name of the variable in a place: a letter, and a numbered one once they are used up. */
export const letterOf = (place: number): string =>
  place < LETTERS.length ? LETTERS[place]! : `${LETTERS[place % LETTERS.length]!}${Math.floor(place / LETTERS.length)}`

/** A term of the normal form in index notation: `1/m·Σ_k W[k,i]·dZ[k,j]`. Long sums are cut, with the number of their terms. */
export const showPoly = (of: Poly, options: ShowOptions): string => new Printer(options).poly(of, options.width)

/** How tightly a text holds together: a sum needs parentheses in a product, a product in a power. */
type Tightness = 'sum' | 'product' | 'atom'

interface Text {
  readonly text: string
  readonly tightness: Tightness
}

class Printer {
  readonly #names: Map<Index, string>
  readonly #symbol: (symbol: string) => string

  constructor({ names, symbol }: ShowOptions) {
    this.#names = new Map(names)
    this.#symbol = symbol
  }

  poly(of: Poly, width: number): string {
    if (of.size === 0) return '0'
    let text = ''
    let shown = 0
    for (const term of of.values()) {
      const next = this.#term(term, width)
      if (shown > 0 && text.length + next.length > width) return `${text} + … (${of.size} terms in all)`
      text = shown === 0 ? next : next.startsWith('-') ? `${text} - ${next.slice(1)}` : `${text} + ${next}`
      shown++
    }
    return text
  }

  #term({ coefficient, monomial }: Term, width: number): string {
    const minus = sign(coefficient) < 0
    const size = minus ? negate(coefficient) : coefficient
    return `${minus ? '-' : ''}${this.#product(monomial, size, width).text}`
  }

  /** Numbers first, then what is plain, and sums last, so that what they reach over stands at the end. */
  #product({ factors }: Monomial, coefficient: Rational, width: number): Text {
    const over: string[] = []
    const under: string[] = []
    const sums: string[] = []
    const exponent = this.#exponent(factors, width)
    for (const { atom, exponent: power } of factors) {
      if (atom.kind === 'exp') continue
      if (atom.kind === 'sum' && power === 1) sums.push(this.#atom(atom, width).text)
      else (isNegative(power) ? under : over).push(this.#power(atom, isNegative(power) ? multiplyExponents(power, -1) : power, width)) // prettier-ignore
    }
    if (exponent !== '') over.push(`exp(${exponent})`)
    over.push(...(sums.length > 1 || (sums.length === 1 && under.length > 0) ? sums.map((sum) => `(${sum})`) : sums))
    const number = { n: coefficient.n, d: coefficient.d }
    if (under.length > 0 && number.d !== 1n) under.unshift(number.d.toString())
    const top = under.length > 0 ? { n: number.n, d: 1n } : number
    const numerator = [...(isOne(top) && over.length > 0 ? [] : [toText(top)]), ...over].join('·')
    if (under.length === 0) return { text: numerator, tightness: over.length + (isOne(top) ? 0 : 1) > 1 || sums.length > 0 ? 'product' : 'atom' } // prettier-ignore
    return { text: `${numerator}/${under.length > 1 ? `(${under.join('·')})` : under[0]!}`, tightness: 'product' }
  }

  /** All exponentials of a product under one. */
  #exponent(factors: readonly Factor[], width: number): string {
    const terms = new Map<string, Term>()
    for (const { atom, exponent } of factors)
      if (atom.kind === 'exp') terms.set(atom.of.key, { coefficient: toRational(exponent), monomial: atom.of })
    return terms.size === 0 ? '' : this.poly(terms, width)
  }

  #power(atom: Atom, exponent: Exponent, width: number): string {
    const { text, tightness } = this.#atom(atom, width)
    if (exponent === 1) return tightness === 'sum' ? `(${text})` : text
    const rational = toRational(exponent)
    if (!isWhole(exponent) && rational.n === 1n && rational.d === 2n) return `sqrt(${text})`
    const base = tightness === 'atom' ? text : `(${text})`
    return `${base}^${isWhole(exponent) ? exponent : `(${toText(exponent)})`}`
  }

  #atom(atom: Atom, width: number): Text {
    const inner = width / 2
    switch (atom.kind) {
      case 'entry':
        return { text: `${this.#symbol(atom.symbol)}${this.#place(atom.at)}`, tightness: 'atom' }
      case 'size':
        return { text: atom.name, tightness: 'atom' }
      case 'number':
        return { text: atom.value === 'pi' ? 'pi' : atom.value.toString(), tightness: 'atom' }
      case 'exp':
        return { text: `exp(${this.poly(new Map([[atom.of.key, { coefficient: { n: 1n, d: 1n }, monomial: atom.of }]]), inner)})`, tightness: 'atom' } // prettier-ignore
      case 'base':
        return { text: this.poly(atom.of, inner), tightness: 'sum' }
      case 'indicator':
        return { text: `[${this.poly(atom.of, inner)} > 0]`, tightness: 'atom' }
      case 'delta':
        return { text: `[${this.#index(atom.at[0])} = ${this.#index(atom.at[1])}]`, tightness: 'atom' }
      case 'function':
        return { text: `${atom.name}(${atom.args.map((arg) => this.poly(arg, inner)).join(', ')})`, tightness: 'atom' }
      case 'sum':
        return this.#under(atom.binders, (names) => ({
          text: `Σ_${names} ${this.#product(atom.of, { n: 1n, d: 1n }, inner).text}`,
          tightness: 'product',
        }))
      case 'fold':
        return this.#under(atom.binders, (names) => ({ text: `${atom.name}_${names}(${this.poly(atom.of, inner)})`, tightness: 'atom' })) // prettier-ignore
      case 'matrix':
        return { text: `${this.#matrix(atom, inner)}${this.#place(atom.at)}`, tightness: 'atom' }
    }
  }

  #matrix({ name, binders, of }: Atom & { kind: 'matrix' }, width: number): string {
    return this.#under(binders, (names) => ({ text: `${name}(${names} ↦ ${this.poly(of, width)})`, tightness: 'atom' }))
      .text
  }

  /** What is printed while bound variables have letters that nothing around them has. */
  #under(binders: readonly Binder[], print: (names: string) => Text): Text {
    const taken = new Set(this.#names.values())
    const before = binders.map(({ index }) => [index, this.#names.get(index)] as const)
    let place = 0
    const letters = binders.map(({ index }) => {
      while (taken.has(letterOf(place))) place++
      const letter = letterOf(place++)
      this.#names.set(index, letter)
      return letter
    })
    const text = print(letters.join(''))
    for (const [index, name] of before) {
      if (name === undefined) this.#names.delete(index)
      else this.#names.set(index, name)
    }
    return text
  }

  #place(at: readonly Index[]): string {
    return at.length === 0 ? '' : `[${at.map((index) => this.#index(index)).join(',')}]`
  }

  #index(index: Index): string {
    return index === 0 ? '0' : (this.#names.get(index) ?? `i${index}`)
  }
}
