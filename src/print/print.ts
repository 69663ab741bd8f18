import { BackproveError } from '../base/errors.ts'
import { isOne, isZero } from '../base/rational.ts'
import { kroneckerFactors } from '../graph/kronecker.ts'
import type { KroneckerFactor } from '../graph/kronecker.ts'
import type { Node } from '../graph/node.ts'
import { contraction } from '../ops/contraction.ts'
import type { Shape } from '../shape/shape.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import type { Detail, Form, Piece } from './forms.ts'
import { phraseOf } from './linear.ts'
import type { Phrase } from './linear.ts'
import { stableOf } from './stable.ts'
import type { Target } from './target.ts'

/** An expression written in one piece is not longer than this; whoever prints names parts of it instead. */
export const MAX_CHARACTERS = 200_000

export interface PrintOptions {
  /** Nodes to be written by a name although they are no definitions. */
  readonly names?: ReadonlyMap<Node, string>
  /** Nodes made of constants and sizes alone, which `Target.host` writes. */
  readonly hosts?: ReadonlySet<Node>
}

/**
 * What a node is written with: its inputs, or the operands of what the language has for it, a stable spelling or a
 * Kronecker product.
 */
export const writtenInputs = (target: Target, node: Node): readonly Node[] =>
  (target.stable === undefined ? null : stableOf(node)?.args) ??
  factorsOf(target, node)?.map((factor) => factor.node) ??
  node.inputs

const factorsOf = (target: Target, node: Node): ReturnType<typeof kroneckerFactors> =>
  target.kronecker === undefined ? null : kroneckerFactors(node)

/** Whether a node is written by its name, so that nothing behind it is printed. */
const isNamed = (node: Node): boolean => node.kind === 'input' || (node.kind === 'definition' && !node.hidden)

/**
 * A node written in a language, definitions by their names. Costs no stack for depth.
 * Throws `too-large` for an expression of more than `MAX_CHARACTERS`.
 */
export function print(target: Target, root: Node, options: PrintOptions = {}): string {
  const piece = new Printer(target, options).piece(root)
  return (target.alone?.(piece) ?? piece).text
}

class Printer {
  readonly #target: Target
  readonly #names: ReadonlyMap<Node, string>
  readonly #hosts: ReadonlySet<Node>
  readonly #pieces = new Map<Node, Piece>()

  constructor(target: Target, { names = new Map(), hosts = new Set() }: PrintOptions) {
    this.#target = target
    this.#names = names
    this.#hosts = hosts
  }

  /** Inputs are written before what is made of them; nothing behind a name is visited. */
  piece(root: Node): Piece {
    const stack = [root]
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const missing = this.#pieces.has(node) ? [] : this.#needed(node).filter((input) => !this.#pieces.has(input))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      if (this.#pieces.has(node)) continue
      const piece = this.#bounded(this.#written(node))
      this.#pieces.set(node, this.#hosts.has(node) ? { ...piece, host: true } : piece)
    }
    return this.#pieces.get(root)!
  }

  #needed(node: Node): readonly Node[] {
    return this.#names.has(node) || isNamed(node) ? [] : writtenInputs(this.#target, node)
  }

  #bounded(piece: Piece): Piece {
    if (piece.text.length <= MAX_CHARACTERS) return piece
    throw new BackproveError('too-large', `an expression of more than ${MAX_CHARACTERS} characters`, {
      hint: 'give names to parts of it',
    })
  }

  #written(node: Node): Piece {
    const target = this.#target
    const name = this.#names.get(node)
    if (name !== undefined) return target.variable(name, node.shape)
    const stable = target.stable === undefined ? null : stableOf(node)
    if (stable !== null) {
      const pieces = stable.args.map((input) => this.#pieces.get(input)!)
      const operands = stable.args.map((input) => input.shape)
      return target.stable![stable.name](pieces, { shape: node.shape, operands, axes: stable.axes, keep: true })
    }
    switch (node.kind) {
      case 'constant':
        return target.constant(node.value)
      case 'symbol':
        return target.symbol[node.name]
      case 'size':
        return target.size(node.size)
      case 'input':
        return target.variable(node.name, node.shape)
      case 'definition':
        return node.hidden ? this.#pieces.get(node.inputs[0]!)! : target.variable(node.name, node.shape)
      case 'map':
        return this.#form((this.#hosts.has(node) ? target.host : undefined)?.[node.fn] ?? target.elementwise[node.fn], node) // prettier-ignore
      case 'contract':
        return this.#contracted(node)
      case 'reduce':
        return this.#form(target.reduce[node.fn], node, node.axes)
      case 'normalise':
        return this.#form(target.normalise[node.fn], node, node.axes)
      case 'matrix':
        return this.#form(target.matrix[node.fn], node)
      case 'reshape':
        return this.#reshaped(node)
      case 'derivative':
        return this.#form(target.derivative[node.fn], node)
    }
  }

  #form(form: Form, node: Node, axes: readonly number[] = []): Piece {
    const pieces = node.inputs.map((input) => this.#pieces.get(input)!)
    const detail: Detail = { shape: node.shape, operands: node.inputs.map((input) => input.shape), axes, keep: true }
    return form(pieces, detail)
  }

  #contracted(node: Node & { kind: 'contract' }): Piece {
    const [only] = node.inputs
    const isSpread = node.inputs.length === 1 && only!.shape.length === 0 && new Set(node.spec.output).size === node.spec.output.length // prettier-ignore
    if (isSpread && only?.kind === 'constant') {
      const fill = isZero(only.value) ? 'zeros' : isOne(only.value) ? 'ones' : null
      if (fill !== null)
        return this.#target.linear[fill]([], { shape: node.shape, operands: [], axes: [], keep: false })
    }
    const phrase = phraseOf(node.spec)
    const pieces = node.inputs.map((input) => this.#pieces.get(input)!)
    const { einsum } = this.#target
    const called = einsum === undefined || isFamiliar(phrase) ? null : einsum(node.spec, pieces)
    return called ?? this.#said(phrase, pieces)
  }

  #said(phrase: Phrase, operands: readonly Piece[]): Piece {
    if (phrase.word === 'operand') return operands[phrase.slot]!
    const { args, shape, axes, keep } = phrase
    const pieces = args.map((arg) => this.#said(arg, operands))
    return this.#target.linear[phrase.word](pieces, { shape, operands: args.map((arg) => arg.shape), axes, keep })
  }

  #reshaped(node: Node & { kind: 'reshape' }): Piece {
    const [input] = node.inputs as [Node]
    const factors = factorsOf(this.#target, node)
    if (factors !== null) return this.#kronecker(node, factors)
    const spec = withoutOnes(input.shape, node.shape)
    if (spec === null) return this.#form(this.#target.reshape, node)
    return this.#said(phraseOf(spec), [this.#pieces.get(input)!])
  }

  #kronecker(node: Node, factors: readonly KroneckerFactor[]): Piece {
    const written = factors.map((factor): { piece: Piece; shape: Shape } => {
      const piece = this.#pieces.get(factor.node)!
      const { shape } = factor.node
      if (!factor.transposed) return { piece, shape }
      const turned = shape.toReversed()
      const detail = { shape: turned, operands: [shape], axes: [1, 0], keep: false }
      return { piece: this.#target.linear.transpose([piece], detail), shape: turned }
    })
    const operands = written.map(({ shape }) => shape)
    return this.#target.kronecker!(written.map(({ piece }) => piece), { shape: node.shape, operands, axes: [], keep: true }) // prettier-ignore
  }
}

/** Whether a contraction is said without putting in axes or tying some together. */
function isFamiliar(phrase: Phrase): boolean {
  if (phrase.word === 'operand') return true
  return phrase.word !== 'expand' && phrase.args.every(isFamiliar)
}

/** A reshape that only puts in and takes out axes of length 1, as a contraction; `null` for any other. */
function withoutOnes(from: Shape, to: Shape): ReturnType<typeof contraction> | null {
  const long = (shape: Shape): Size[] => shape.filter((size) => size !== ONE_SIZE)
  const [a, b] = [long(from), long(to)]
  if (a.length !== b.length || a.some((size, axis) => size !== b[axis])) return null
  const sizes = new Map<string, Size>()
  const labels = (shape: Shape, letter: string): string[] => {
    let count = 0
    return shape.map((size, axis) => {
      const label = size === ONE_SIZE ? `${letter}${axis}` : `n${count++}`
      sizes.set(label, size)
      return label
    })
  }
  return contraction([labels(from, 'f')], labels(to, 't'), sizes)
}
