import { BackproveError } from '../base/errors.ts'
import { sizeText } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import type { Shape } from '../shape/shape.ts'

/**
 * The index-notation meaning of a multilinear operation, as in `einsum`: entry `output` of the result is the sum, over
 * every label that is not in `output`, of the product of the operands' entries at their labels.
 *
 * One operation thus covers product, transpose, sum, broadcast and diagonal: a label repeated in an operand takes its
 * diagonal, one repeated in `output` puts a Kronecker delta there, and one that stands only in `output` repeats the
 * value. Labels are numbered by first appearance (operands first), so equal meanings have equal keys.
 */
export interface Contraction {
  readonly operands: readonly (readonly number[])[]
  readonly output: readonly number[]
  /** The size of each label. */
  readonly sizes: readonly Size[]
  readonly key: string
}

/**
 * A contraction with canonical labels. `operands` and `output` may use any numbers or letters as labels.
 * Throws `internal` where one label has two sizes.
 */
export function contraction<L extends string | number>(
  operands: readonly (readonly L[])[],
  output: readonly L[],
  sizeOf: ReadonlyMap<L, Size>,
): Contraction {
  const numbers = new Map<L, number>()
  const sizes: Size[] = []
  const number = (label: L): number => {
    const known = numbers.get(label)
    if (known !== undefined) return known
    const size = sizeOf.get(label)
    if (size === undefined) throw new BackproveError('internal', `label ${String(label)} has no size`)
    numbers.set(label, sizes.length)
    sizes.push(size)
    return sizes.length - 1
  }
  const ins = operands.map((labels) => labels.map(number))
  const out = output.map(number)
  const key = `${ins.length}:${ins.map((labels) => labels.join(',')).join(';')}>${out.join(',')}|${sizes.map(sizeText).join(',')}`
  return { operands: ins, output: out, sizes, key }
}

/** A contraction written as einsum text over letters, `'ij,jk->ik'`, the sizes taken from the operands' shapes. */
export function einsum(
  text: string,
  shapes: readonly Shape[],
  extra: Readonly<Record<string, Size>> = {},
): Contraction {
  const [left = '', right = ''] = text.split('->')
  const operands = shapes.length === 0 ? [] : left.split(',').map((part) => [...part])
  const sizes = new Map<string, Size>(Object.entries(extra))
  operands.forEach((labels, slot) => {
    labels.forEach((label, axis) => {
      const size = shapes[slot]?.[axis]
      if (size === undefined || (sizes.get(label) ?? size) !== size) {
        throw new BackproveError('internal', `einsum ${text} does not fit its operands`)
      }
      sizes.set(label, size)
    })
  })
  return contraction(operands, [...right], sizes)
}

/** The shape of the result. */
export const contractionShape = (spec: Contraction): Shape => spec.output.map((label) => spec.sizes[label] as Size)

/** Labels that are summed: in some operand, not in the output. */
export function summedLabels(spec: Contraction): number[] {
  const out = new Set(spec.output)
  return [...new Set(spec.operands.flat())].filter((label) => !out.has(label))
}

/** Whether it only reorders the axes of its one operand. */
export function isPermutation(spec: Contraction): boolean {
  const [only] = spec.operands
  if (spec.operands.length !== 1 || only === undefined) return false
  return new Set(only).size === only.length && only.length === spec.output.length && summedLabels(spec).length === 0 &&
    new Set(spec.output).size === spec.output.length // prettier-ignore
}

/** Whether it gives back its one operand. */
export const isIdentity = (spec: Contraction): boolean =>
  isPermutation(spec) && spec.output.every((label, axis) => label === axis)
