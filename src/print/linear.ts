import { BackproveError } from '../base/errors.ts'
import { summedLabels } from '../ops/contraction.ts'
import type { Contraction } from '../ops/contraction.ts'
import { broadcastShapes } from '../shape/shape.ts'
import type { Shape } from '../shape/shape.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import type { LinearName } from './target.ts'

/** A contraction said in the words of `target.ts`; leaves are the contraction's operands. */
export type Phrase = OperandPhrase | WordPhrase

export interface OperandPhrase {
  readonly word: 'operand'
  readonly slot: number
  readonly shape: Shape
}

export interface WordPhrase {
  readonly word: LinearName
  readonly args: readonly Phrase[]
  readonly shape: Shape
  readonly axes: readonly number[]
  readonly keep: boolean
}

/** A phrase whose axes carry labels. No label stands twice. */
interface Labelled {
  readonly phrase: Phrase
  readonly labels: readonly number[]
}

const word = (
  name: LinearName,
  args: readonly Phrase[],
  shape: Shape,
  axes: readonly number[] = [],
  keep = false,
): Phrase => ({ word: name, args, shape, axes, keep })

const multiplied = (a: Phrase, b: Phrase): Phrase => {
  const shape = broadcastShapes([a.shape, b.shape])
  if (shape === null) throw new BackproveError('internal', 'a phrase multiplies what does not fit')
  return word('multiply', [a, b], shape)
}

const isRange = (axes: readonly number[]): boolean => axes.every((axis, at) => axis === at)

/**
 * Says any contraction in words, the familiar ones where it is familiar: matrix products with transposes, sums, traces,
 * diagonals. Everything else is an entry-by-entry product of operands whose axes were brought into one order, summed.
 * A label of length 1 pairs with any other, since nothing depends on it.
 */
export function phraseOf(spec: Contraction): Phrase {
  return new Speaker(spec).say()
}

class Speaker {
  readonly #spec: Contraction
  /** The size of each label, those made up on the way behind the spec's own. */
  readonly #sizes: Size[]

  constructor(spec: Contraction) {
    this.#sizes = [...spec.sizes]
    // Repeating a label of length 1 says nothing.
    const single = (labels: readonly number[]): number[] =>
      labels.map((label, axis) =>
        this.#isOne(label) && labels.indexOf(label) !== axis ? this.#fresh(ONE_SIZE) : label,
      )
    const operands = spec.operands.map(single)
    const output = this.#paired(operands, single(spec.output))
    this.#spec = { ...spec, operands, output, sizes: this.#sizes }
  }

  /** The output with its axes of length 1 taken from operands, at the same place if there is one: a row that is turned. */
  #paired(operands: readonly (readonly number[])[], output: readonly number[]): number[] {
    const used = new Set(operands.flat())
    const spare = new Set([...used].filter((label) => this.#isOne(label) && !output.includes(label)))
    const pair = (label: number, axis: number): number => {
      if (!this.#isOne(label) || used.has(label)) return label
      const inPlace = operands.filter(({ length }) => length === output.length).map((labels) => labels[axis]!)
      const found = [...inPlace, ...spare].find((other) => spare.has(other))
      if (found !== undefined) spare.delete(found)
      return found ?? label
    }
    return output.map(pair)
  }

  say(): Phrase {
    const { operands, output } = this.#spec
    const [first] = operands
    if (operands.length === 1 && first?.length === 2 && first[0] === first[1] && output.length === 0) {
      return word('trace', [this.#operand(0)], [])
    }
    if (operands.length === 0) return this.#fill()
    let parts = operands.map((labels, slot) => this.#withoutRepeats(this.#operand(slot), labels))
    parts = this.#merged(parts)
    const whole = this.#wholeProduct(parts)
    if (whole !== null) return whole
    parts = this.#pairwise(parts)
    return this.#finish(parts.length === 1 ? parts[0]! : this.#aligned(parts))
  }

  #operand(slot: number): Phrase {
    return { word: 'operand', slot, shape: this.#shape(this.#spec.operands[slot]!) }
  }

  #shape(labels: readonly number[]): Shape {
    return labels.map((label) => this.#sizes[label]!)
  }

  #isOne(label: number): boolean {
    return this.#sizes[label] === ONE_SIZE
  }

  #same(a: number | undefined, b: number | undefined): boolean {
    if (a === undefined || b === undefined) return false
    return a === b || (this.#isOne(a) && this.#isOne(b))
  }

  #fresh(size: Size): number {
    this.#sizes.push(size)
    return this.#sizes.length - 1
  }

  /** Without operands: ones, a unit matrix, or products of such. */
  #fill(): Phrase {
    const { output } = this.#spec
    const shape = this.#shape(output)
    if (output.length === 2 && output[0] === output[1]) return word('eye', [], shape)
    if (new Set(output).size === output.length) return word('ones', [], shape)
    return this.#finish({ phrase: word('ones', [], []), labels: [] })
  }

  /** An operand with a label twice, reduced to its diagonal. */
  #withoutRepeats(phrase: Phrase, labels: readonly number[]): Labelled {
    if (new Set(labels).size === labels.length) return { phrase, labels }
    if (labels.length === 2) {
      return { phrase: word('diagonal', [phrase], this.#shape([labels[0]!])), labels: [labels[0]!] }
    }
    const at = labels.findIndex((label, axis) => labels.indexOf(label) !== axis)
    const label = labels[at]!
    const first = labels.indexOf(label)
    // Every axis with a label of its own, so that the delta stands at these two.
    const opened = labels.map((other, axis) => (axis === first ? label : this.#fresh(this.#sizes[other]!)))
    const eye = this.#placed({ phrase: this.#eye(label), labels: [label, opened[at]!] }, opened)
    const product = multiplied(phrase, eye)
    const kept = labels.filter((_, axis) => axis !== at)
    return this.#withoutRepeats(word('sum', [product], this.#shape(kept), [at]), kept)
  }

  #eye(label: number): Phrase {
    return word('eye', [], [this.#sizes[label]!, this.#sizes[label]!])
  }

  /** Operands with the same axes in the same order are multiplied entry by entry. */
  #merged(parts: readonly Labelled[]): Labelled[] {
    const result: Labelled[] = []
    for (const part of parts) {
      const at = result.findIndex(({ labels }) => labels.length === part.labels.length &&
        labels.every((label, axis) => label === part.labels[axis])) // prettier-ignore
      const twin = result[at]
      if (twin === undefined) result.push(part)
      else result[at] = { phrase: multiplied(twin.phrase, part.phrase), labels: twin.labels }
    }
    return result
  }

  /** The whole as one product of two operands, if it is one. */
  #wholeProduct(parts: readonly Labelled[]): Phrase | null {
    const [a, b] = parts
    const { output } = this.#spec
    if (parts.length !== 2 || a === undefined || b === undefined || new Set(output).size !== output.length) return null
    const isClosed = output.length === 0 && a.labels.length === 2 && b.labels.length === 2
    if (isClosed && a.labels[0] === b.labels[1] && a.labels[1] === b.labels[0]) {
      const row = a.labels[0]!
      return word('trace', [word('matmul', [a.phrase, b.phrase], this.#shape([row, row]))], [])
    }
    if (a.labels.length === 1 && b.labels.length === 1) {
      const apart = a.labels[0] !== b.labels[0]
      if (apart && output[0] === a.labels[0] && output[1] === b.labels[0] && output.length === 2) {
        return word('outer', [a.phrase, b.phrase], this.#shape(output))
      }
      return null
    }
    return this.#product(a, b, output) ?? this.#product(b, a, output)
  }

  /** `a` and `b`, or their transposes, as a matrix product with axes `output`, if they have that form. */
  #product(a: Labelled, b: Labelled, output: readonly number[]): Phrase | null {
    const rank = output.length
    if (rank < 2 || a.labels.length !== rank || b.labels.length !== rank) return null
    const [row, column] = output.slice(-2) as [number, number]
    for (let axis = 0; axis < rank - 2; axis++) {
      if (!this.#same(a.labels[axis], output[axis]) || !this.#same(b.labels[axis], output[axis])) return null
    }
    const [a0, a1] = a.labels.slice(-2) as [number, number]
    const [b0, b1] = b.labels.slice(-2) as [number, number]
    for (const [r, k, flipA] of [
      [a0, a1, false],
      [a1, a0, true],
    ] as const) {
      // prettier-ignore
      for (const [l, c, flipB] of [[b0, b1, false], [b1, b0, true]] as const) { // prettier-ignore
        if (!this.#same(r, row) || !this.#same(c, column) || !this.#same(k, l)) continue
        // What is summed must be summed: not an axis of the result, and not shared with a free axis.
        if (!this.#isOne(k) && (output.includes(k) || k === r || k === c)) continue
        if (!this.#isOne(r) && r === c) continue
        const left = flipA ? this.#turned(a.phrase) : a.phrase
        const right = flipB ? this.#turned(b.phrase) : b.phrase
        return word('matmul', [left, right], this.#shape(output))
      }
    }
    return null
  }

  /** With the last two axes exchanged. */
  #turned(phrase: Phrase): Phrase {
    const rank = phrase.shape.length
    const axes = [...Array(rank - 2).keys(), rank - 1, rank - 2]
    return this.#permuted(phrase, axes)
  }

  #permuted(phrase: Phrase, axes: readonly number[]): Phrase {
    if (isRange(axes)) return phrase
    const shape = axes.map((axis) => phrase.shape[axis]!)
    return axes.length === 2 ? word('transpose', [phrase], shape, axes) : word('permute', [phrase], shape, axes)
  }

  /** Of three operands and more, those pairs whose shared labels nobody else needs become matrix products. */
  #pairwise(parts: readonly Labelled[]): Labelled[] {
    let rest = [...parts]
    search: while (rest.length > 2) {
      for (let i = 0; i < rest.length; i++) {
        for (let j = i + 1; j < rest.length; j++) {
          const joined = this.#joined(rest[i]!, rest[j]!, rest)
          if (joined === null) continue
          rest = this.#merged(rest.flatMap((part, at) => (at === i ? [joined] : at === j ? [] : [part])))
          continue search
        }
      }
      break
    }
    const whole = this.#wholeProduct(rest)
    return whole === null ? rest : [{ phrase: whole, labels: this.#spec.output }]
  }

  #joined(a: Labelled, b: Labelled, all: readonly Labelled[]): Labelled | null {
    const needed = new Set([
      ...this.#spec.output,
      ...all.flatMap((part) => (part === a || part === b ? [] : part.labels)),
    ])
    const shared = a.labels.filter((label) => b.labels.includes(label))
    if (a.labels.length !== 2 || b.labels.length !== 2 || shared.length !== 1 || needed.has(shared[0]!)) return null
    const output = [...a.labels, ...b.labels].filter((label) => label !== shared[0])
    const phrase = this.#product(a, b, output)
    return phrase === null ? null : { phrase, labels: output }
  }

  /** All parts multiplied, their axes in one order: the result's, then the summed ones. */
  #aligned(parts: readonly Labelled[]): Labelled {
    const used = new Set(parts.flatMap((part) => part.labels))
    const largest = parts.reduce((best, part) => (part.labels.length > best.labels.length ? part : best))
    const outputs = [...new Set(this.#spec.output)].filter((label) => used.has(label))
    // An operand that carries every axis keeps its own order.
    const order = largest.labels.length === used.size
      ? largest.labels
      : [...outputs, ...[...used].filter((label) => !outputs.includes(label))] // prettier-ignore
    const [first, ...others] = parts.map((part) => ({ phrase: this.#placed(part, order), labels: order }))
    const phrase = others.reduce((product, part) => multiplied(product, part.phrase), first!.phrase)
    return { phrase, labels: order }
  }

  /** A part brought into the order of `order`, with axes of length 1 where it has none; leading ones are left out. */
  #placed(part: Labelled, order: readonly number[]): Phrase {
    const own = order.filter((label) => part.labels.includes(label))
    const phrase = this.#permuted(part.phrase, own.map((label) => part.labels.indexOf(label))) // prettier-ignore
    const start = order.findIndex((label) => part.labels.includes(label))
    if (start < 0) return phrase
    const kept = order.slice(start)
    return this.#expanded(phrase, kept.flatMap((label, axis) => (part.labels.includes(label) ? [] : [axis]))) // prettier-ignore
  }

  #expanded(phrase: Phrase, axes: readonly number[]): Phrase {
    if (axes.length === 0) return phrase
    const rest = [...phrase.shape]
    const shape = Array.from({ length: rest.length + axes.length }, (_, axis) =>
      axes.includes(axis) ? ONE_SIZE : rest.shift()!,
    )
    return word('expand', [phrase], shape, axes)
  }

  /** Sums, reorders, repeats: from one part to the axes of the result. */
  #finish(part: Labelled): Phrase {
    const { output } = this.#spec
    if (this.#isRepeated(part.labels)) return word('broadcast', [part.phrase], this.#shape(output))
    const summed = summedLabels(this.#spec)
    const lost = part.labels.flatMap((label, axis) => (output.includes(label) ? [] : [axis]))
    let { phrase, labels } = part
    if (lost.length > 0) {
      const kept = this.#keptInPlace(part.labels, summed)
      const rest = labels.filter((label) => output.includes(label))
      labels = kept ?? rest
      phrase = this.#dotted(phrase, lost, labels) ?? word('sum', [phrase], this.#shape(labels), lost, kept !== null)
    }
    return this.#spread(phrase, labels)
  }

  /** Whether the result is a part of as many axes, those of length 1 repeated. */
  #isRepeated(labels: readonly number[]): boolean {
    const { output } = this.#spec
    const fits = (label: number, axis: number): boolean => label === output[axis] || (this.#isOne(label) && !output.includes(label)) // prettier-ignore
    const isSame = labels.every((label, axis) => label === output[axis])
    return !isSame && labels.length === output.length && new Set(output).size === output.length && labels.every(fits)
  }

  /** The sum of a product of two arrays of one axis. */
  #dotted(phrase: Phrase, lost: readonly number[], labels: readonly number[]): Phrase | null {
    if (phrase.word !== 'multiply' || phrase.shape.length !== 1 || lost.length !== 1 || labels.length > 0) return null
    return phrase.args.every((arg) => arg.shape.length === 1) ? word('dot', phrase.args, []) : null
  }

  /** The labels after a sum that leaves axes of length 1, if the result has such axes at the places of summed ones. */
  #keptInPlace(labels: readonly number[], summed: readonly number[]): number[] | null {
    const { output } = this.#spec
    if (labels.length !== output.length) return null
    const fits = labels.every((label, axis) => {
      const out = output[axis]!
      return summed.includes(label) ? this.#isOne(out) && !labels.includes(out) : label === out
    })
    return fits ? [...output] : null
  }

  /** Axes in the order of the result, repeated along those that only the result has, and deltas between equal ones. */
  #spread(from: Phrase, labels: readonly number[]): Phrase {
    const { output } = this.#spec
    const distinct = [...new Set(output)]
    const own = distinct.filter((label) => labels.includes(label))
    let phrase = this.#permuted(from, own.map((label) => labels.indexOf(label))) // prettier-ignore
    if (output.length === 2 && distinct.length === 1 && own.length === 1) {
      return word('diagonalMatrix', [phrase], this.#shape(output))
    }
    // Each axis of the result whose label stood before is a copy, tied to the first by a unit matrix.
    const axes = output.map((label, axis) =>
      output.indexOf(label) === axis ? label : this.#fresh(this.#sizes[label]!),
    )
    const missing = axes.flatMap((label, axis) => (own.includes(label) ? [] : [axis]))
    if (missing.length === 0) return phrase
    const firstOwn = axes.findIndex((label) => own.includes(label))
    const inner = firstOwn < 0 ? [] : missing.filter((axis) => axis > firstOwn).map((axis) => axis - firstOwn)
    phrase = this.#expanded(phrase, inner)
    const shape = this.#shape(axes)
    const ties = axes.flatMap((label, axis) => {
      const first = output.indexOf(output[axis]!)
      return first === axis ? [] : [this.#placed({ phrase: this.#eye(label), labels: [axes[first]!, label] }, axes)]
    })
    const isBare = firstOwn < 0 && phrase.word === 'ones'
    const factors = isBare && ties.length > 0 ? ties : [phrase, ...ties]
    phrase = factors.reduce(multiplied)
    const isFull = phrase.shape.length === shape.length && phrase.shape.every((size, axis) => size === shape[axis])
    if (isFull) return phrase
    return word('broadcast', [phrase], shape)
  }
}
