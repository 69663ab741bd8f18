import {
  addSizes,
  literalSize,
  literalValue,
  multiplySizes,
  namedSize,
  negateSize,
  sizeNames,
} from '../../shape/size.ts'
import type { Size } from '../../shape/size.ts'
import type { InputNode } from '../../graph/node.ts'
import { LEVEL } from '../forms.ts'
import type { Piece } from '../forms.ts'

/** Where the length behind a size name is read: `(length of the axis - rest)/divisor`. */
export interface SizeSource {
  readonly name: string
  readonly array: InputNode
  readonly axis: number
  readonly rest: Size
  readonly divisor: number
}

/**
 * How each size name follows from the arrays, those first that others rest on. Names that no axis tells, as in
 * `input(n*k)` alone, are left out.
 */
export function sizeSources(arrays: readonly InputNode[]): SizeSource[] {
  const known = new Map<string, SizeSource>()
  const axes = arrays.flatMap((array) => array.shape.map((size, axis) => ({ array, axis, size })))
  // Bare names first, so that `X.shape[0]` is preferred to a difference.
  axes.sort((a, b) => Number(isBare(b.size)) - Number(isBare(a.size)))
  for (let before = -1; before < known.size;) {
    before = known.size
    for (const { array, axis, size } of axes) {
      const unknown = sizeNames(size).filter((name) => !known.has(name))
      const [name] = unknown
      if (name === undefined || unknown.length > 1) continue
      const terms = size.terms.filter(({ powers }) => powers.some(([other]) => other === name))
      const [term] = terms
      if (terms.length !== 1 || term === undefined || term.powers.length !== 1 || term.powers[0]![1] !== 1) continue
      const divisor = Number(term.coefficient)
      const own = multiplySizes(namedSize(name), literalSize(term.coefficient))
      known.set(name, { name, array, axis, rest: addSizes(size, negateSize(own)), divisor })
    }
  }
  return [...known.values()]
}

const isBare = ({ terms }: Size): boolean =>
  terms.length === 1 && terms[0]!.coefficient === 1n && terms[0]!.powers.length === 1 && terms[0]!.powers[0]![1] === 1

/** A size as a number: products and sums, powers written out. */
export function sizeCode(size: Size, nameOf: (name: string) => string): Piece {
  const whole = literalValue(size)
  if (whole !== null) return { text: String(whole), level: whole < 0 ? LEVEL.sum : LEVEL.atom }
  let text = ''
  let factors = 0
  for (const { coefficient, powers } of size.terms) {
    const negative = coefficient < 0n
    const number = negative ? -coefficient : coefficient
    const names = powers.flatMap(([name, exponent]) => Array<string>(exponent).fill(nameOf(name)))
    const parts = number === 1n && names.length > 0 ? names : [number.toString(), ...names]
    factors = parts.length
    const sign = negative ? '-' : '+'
    text += text === '' ? (negative ? '-' : '') : ` ${sign} `
    text += parts.join('*')
  }
  if (size.terms.length > 1 || text.startsWith('-')) return { text, level: LEVEL.sum }
  return { text, level: factors > 1 ? LEVEL.product : LEVEL.atom }
}
