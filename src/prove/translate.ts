import { BackproveError } from '../base/errors.ts'
import { MINUS_ONE, ONE } from '../base/rational.ts'
import type { ContractNode, MapNode, NormaliseNode, Node, ReduceNode } from '../graph/node.ts'
import { addPolys, constantPoly, polyFree, scalePoly, termPoly } from '../index/algebra.ts'
import { exponentOf } from '../index/exponent.ts'
import type { Kernel } from '../index/kernel.ts'
import { sizePoly } from '../index/sum.ts'
import { unname } from '../graph/walk.ts'
import type { Binder, Index, Poly, Traits } from '../index/term.ts'
import type { Calculus } from '../ops/calculus.ts'
import { summedLabels } from '../ops/contraction.ts'
import { ONE_SIZE } from '../shape/size.ts'
import { matrixEntry } from './matrix-entry.ts'
import type { View } from './matrix-entry.ts'
import { placeIn } from './place.ts'
import { polyCalculus } from './polys.ts'
import { splitAxes } from './split-axes.ts'
import { summandsOf } from './summands.ts'

/** How a node is read while a proof is attempted. */
export interface Reading {
  /** Kept closed: an arbitrary array with its traits. */
  readonly opaque: ReadonlySet<Node>
  /** Proved to be `scale` times another node, which is read instead. */
  readonly merged: ReadonlyMap<Node, { readonly node: Node; readonly scale: Poly | null }>
  readonly traits: ReadonlyMap<Node, Traits>
  /** Inputs that an assumption defines by other nodes. */
  readonly solved: ReadonlyMap<Node, Node>
  /** Nodes of which every entry is defined: a denominator among them is zero nowhere. */
  readonly needed: ReadonlySet<Node>
  /** Matrices of which an assumption gives the inverse. */
  readonly inverses: ReadonlyMap<Node, View>
  /** Whether `tanh` and `sigmoid` become rational in `exp`. */
  readonly open: boolean
}

/** What a closed node is called: a definition and what it names are one value, and no name of a sheet holds a `#`. */
export const closedSymbol = (node: Node): string => `#${unname(node).id}`

/** Nodes within nodes that one reading follows; deeper graphs are cut first. */
const DEEPEST = 500

/** Reads entries of nodes as terms of the normal form; what was read once is remembered. */
export class Translator {
  readonly k: Kernel
  readonly reading: Reading
  /** Merged nodes that were read as what they were merged with. */
  readonly followed = new Set<Node>()
  readonly #calculus: Calculus<Poly>
  readonly #known = new Map<Node, Map<string, Poly>>()
  readonly #reciprocals = new Map<Node, Map<string, Poly>>()
  readonly #bound = new Map<Node, Binder[]>()
  #depth = 0

  constructor(k: Kernel, reading: Reading) {
    this.k = k
    this.reading = reading
    this.#calculus = polyCalculus(k, reading.open)
  }

  /** The entry of `node` at one index for each axis, 0 along axes of literal length 1. Throws `budget`. */
  entry(node: Node, at: readonly Index[]): Poly {
    const place = at.join(',')
    const known = this.#known.get(node)?.get(place)
    if (known !== undefined) return known
    if (++this.#depth > DEEPEST) throw new BackproveError('budget', 'the expression is too deep to be read at once')
    try {
      const poly = this.#read(node, at)
      const places = this.#known.get(node) ?? new Map<string, Poly>()
      places.set(place, poly)
      this.#known.set(node, places)
      return poly
    } finally {
      this.#depth--
    }
  }

  #read(node: Node, at: readonly Index[]): Poly {
    const merged = this.reading.merged.get(node)
    if (merged !== undefined) {
      this.followed.add(node)
      const value = this.entry(merged.node, at)
      return merged.scale === null ? value : this.k.multiply(merged.scale, value)
    }
    if (this.reading.opaque.has(node)) return this.#opaque(node, closedSymbol(node), at)
    return this.#open(node, at)
  }

  #open(node: Node, at: readonly Index[]): Poly {
    const { k } = this
    switch (node.kind) {
      case 'constant':
        return constantPoly(k.algebra, node.value)
      case 'symbol':
        return node.name === 'pi' ? this.#calculus.pi() : k.exp(constantPoly(k.algebra, ONE))
      case 'size':
        return sizePoly(k.algebra, node.size)
      case 'input': {
        const solved = this.reading.solved.get(node)
        return solved === undefined ? this.#opaque(node, node.name, at) : this.entry(solved, placeIn(solved, at))
      }
      case 'definition':
        return this.entry(node.inputs[0] as Node, at)
      case 'map':
        if (node.fn === 'div') return this.#quotient(node, at)
        if (node.fn === 'add' || node.fn === 'sub' || node.fn === 'neg') return this.#sum(node, at)
        return this.#calculus.call(node.fn, ...node.inputs.map((input) => this.entry(input, placeIn(input, at))))
      case 'contract':
        return this.#contract(node, at)
      case 'reduce':
        return this.#reduce(node, at)
      case 'normalise':
        return this.#normalise(node, at)
      case 'matrix':
        return matrixEntry(this, node, at)
      case 'reshape':
        return this.entry(node.inputs[0] as Node, splitAxes(this, node, at))
      case 'derivative':
        throw new BackproveError('internal', 'a derivative was left to be taken')
    }
  }

  /** At once: term by term, all that stands before would be copied again. */
  #sum(node: MapNode, at: readonly Index[]): Poly {
    const { merged, opaque } = this.reading
    const isRead = (inner: Node, place: readonly Index[]): boolean =>
      merged.has(inner) || opaque.has(inner) || this.#known.get(inner)?.has(place.join(',')) === true
    const polys = summandsOf(node, at, isRead).map((summand) => {
      const poly = this.entry(summand.node, summand.at)
      return summand.negative ? scalePoly(poly, MINUS_ONE) : poly
    })
    return addPolys(this.k.algebra, ...polys)
  }

  #quotient(node: MapNode, at: readonly Index[]): Poly {
    const [a, b] = node.inputs as [Node, Node]
    const numerator = this.entry(a, placeIn(a, at))
    return this.k.multiply(numerator, this.#reciprocal(b, placeIn(b, at), this.reading.needed.has(node)))
  }

  /** `1/(u v^2)` is `1/u (1/v)^2`: what is a product in the sheet stays one. `nonzero` where it stands in no branch. */
  #reciprocal(node: Node, at: readonly Index[], nonzero: boolean): Poly {
    const place = `${String(nonzero)} ${at.join(',')}`
    const known = this.#reciprocals.get(node)?.get(place)
    if (known !== undefined) return known
    const poly = this.#readReciprocal(node, at, nonzero)
    const places = this.#reciprocals.get(node) ?? new Map<string, Poly>()
    places.set(place, poly)
    this.#reciprocals.set(node, places)
    return poly
  }

  #readReciprocal(node: Node, at: readonly Index[], nonzero: boolean): Poly {
    const { k } = this
    if (!this.reading.merged.has(node) && !this.reading.opaque.has(node)) {
      const part = (slot: number): Poly => {
        const input = node.inputs[slot] as Node
        return this.#reciprocal(input, placeIn(input, at), nonzero)
      }
      if (node.kind === 'definition') return part(0)
      if (node.kind === 'map' && node.fn === 'neg') return scalePoly(part(0), MINUS_ONE)
      if (node.kind === 'map' && node.fn === 'mul') return k.multiply(part(0), part(1))
      const exponent = node.kind === 'map' && node.fn === 'pow' ? node.inputs[1] : undefined
      if (exponent?.kind === 'constant' && exponent.value.d === 1n && exponent.value.n > 0n)
        return k.power(part(0), exponentOf(exponent.value))
    }
    return k.power(this.entry(node, at), -1, nonzero)
  }

  #opaque(node: Node, symbol: string, at: readonly Index[]): Poly {
    const traits = this.reading.traits.get(node)
    if (traits === undefined) throw new BackproveError('internal', 'a node without traits')
    return this.k.entry(symbol, at, traits)
  }

  /** Variables over the axes of `sizes` that stand for this node's sums alone; the node is never inside its own sum. */
  binders(node: Node, sizes: readonly Node['shape'][number][]): Binder[] {
    const known = this.#bound.get(node)
    if (known !== undefined) return known
    const made = sizes.map((size) => ({ index: size === ONE_SIZE ? 0 : this.k.algebra.fresh(), size }))
    this.#bound.set(node, made)
    return made
  }

  #contract(node: ContractNode, at: readonly Index[]): Poly {
    const { k } = this
    const { spec } = node
    const place = new Map<number, Index>()
    let product: Poly = termPoly(ONE, k.algebra.one)
    spec.output.forEach((label, axis) => {
      const index = spec.sizes[label] === ONE_SIZE ? 0 : (at[axis] as Index)
      const known = place.get(label)
      if (known === undefined) place.set(label, index)
      else product = k.multiply(product, this.delta(known, index))
    })
    const summed = summedLabels(spec)
    const binders = this.binders(node, summed.map((label) => spec.sizes[label] as Binder['size'])) // prettier-ignore
    summed.forEach((label, position) => place.set(label, (binders[position] as Binder).index))
    spec.operands.forEach((labels, slot) => {
      const operand = this.entry(node.inputs[slot] as Node, labels.map((label) => place.get(label) as Index)) // prettier-ignore
      product = k.multiply(product, operand)
    })
    return this.sum(product, binders)
  }

  /** Deltas of axes that were split are products of the deltas of their parts. */
  delta(i: Index, j: Index): Poly {
    const [x, y] = [this.splits.get(i), this.splits.get(j)]
    if (x === undefined || y === undefined || x.length !== y.length) return this.k.delta(i, j)
    return x.reduce<Poly>(
      (product, part, at) => this.k.multiply(product, this.k.delta(part.index, (y[at] as Binder).index)),
      termPoly(ONE, this.k.algebra.one),
    )
  }

  /** Axes read as a product of axes, by the variable that runs over them. */
  readonly splits = new Map<Index, readonly Binder[]>()
  readonly joined = new Map<string, Index>()

  /** Throws `budget` where a term names a variable that stands for others: a sum over those would overlook it. */
  refuseJoined(of: Poly): Poly {
    if (this.joined.size === 0 && this.splits.size === 0) return of
    const free = polyFree(of)
    for (const whole of this.splits.keys()) {
      if (free.has(whole)) throw new BackproveError('budget', 'an axis is read both whole and in parts')
    }
    return of
  }

  sum(of: Poly, binders: readonly Binder[]): Poly {
    const all = binders
      .filter(({ index }) => index !== 0)
      .flatMap((binder) => this.splits.get(binder.index) ?? [binder])
    return this.k.sum(this.refuseJoined(of), all)
  }

  #reduce(node: ReduceNode, at: readonly Index[]): Poly {
    const { k } = this
    const [input] = node.inputs as [Node]
    const { binders, inner } = this.#over(node, input, node.axes, at)
    const body = this.entry(input, inner)
    const used = binders.filter(({ index }) => index !== 0)
    if (node.fn === 'min') return scalePoly(k.fold('max', scalePoly(body, MINUS_ONE), used), MINUS_ONE)
    return k.fold(node.fn, body, used)
  }

  #normalise(node: NormaliseNode, at: readonly Index[]): Poly {
    const { k } = this
    const [input] = node.inputs as [Node]
    const { binders, inner } = this.#over(node, input, node.axes, at)
    const total = this.sum(k.exp(this.entry(input, inner)), binders)
    if (node.fn === 'logsumexp') return k.log(total)
    const here = this.entry(input, at)
    if (node.fn === 'softmax') return k.multiply(k.exp(here), k.power(total, -1))
    return addPolys(k.algebra, here, scalePoly(k.log(total), MINUS_ONE))
  }

  #over(node: Node, input: Node, axes: readonly number[], at: readonly Index[]): { binders: Binder[]; inner: Index[] } {
    const binders = this.binders(node, axes.map((axis) => input.shape[axis] as Binder['size'])) // prettier-ignore
    const inner = at.map((index, axis) => (axes.includes(axis) ? (binders[axes.indexOf(axis)] as Binder).index : index))
    return { binders, inner }
  }
}
