import { divide, multiply, ONE, rational, sign as signOf } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { unname } from '../graph/walk.ts'
import { contraction, isIdentity, summedLabels } from '../ops/contraction.ts'
import type { Contraction } from '../ops/contraction.ts'
import { broadcastShapes } from '../shape/shape.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import type { Algebra } from './algebra.ts'
import { mergePowers } from './algebra.ts'
import type { Costs } from './cost.ts'
import type { Emitter } from './emit.ts'
import { isNothing, NOTHING, soleFactor, UNIT } from './form.ts'
import type { Factor, Form, Power } from './form.ts'
import { Labels } from './labels.ts'
import { inOrder, withinProduct } from './symmetry.ts'

/** What the engine tells about nodes. */
export interface Lookup {
  /** The form of a node that was written by this engine. */
  readonly formOf: (node: Node) => Form
  /** A new node as a form: by a name or an assumption where there is one. */
  readonly atomOf: (node: Node) => Form
  readonly size: (size: Size) => Form
  /** Whether a matrix is its own transpose. */
  readonly isSymmetric: (node: Node) => boolean
  /** The sum of a node over axes, where it is known: by an assumption. */
  readonly total: (node: Node, axes: readonly number[]) => Form | null
  /** Whether any such sum is known. */
  readonly hasTotals: () => boolean
}

/** An operand: a product of factors that broadcast to axes with these labels. */
interface Slot {
  readonly form: Form
  readonly labels: readonly number[]
}

/** A part of an operand that stays together, with the labels of its axes. */
interface Unit {
  readonly form: Form
  readonly slot: number
  readonly labels: readonly number[]
  /** Those labels whose size is not 1. */
  readonly carried: readonly number[]
}

/** An operand as it will be written. */
interface Operand {
  readonly node: Node
  readonly form: Form
  readonly labels: readonly number[]
}

/**
 * The normal form of contractions. The operands are products of factors, so the whole is one product under one sum over
 * indices: inner contractions that sum nothing are opened, deltas identify indices, factors without a summed index
 * leave the sum, numbers and sizes come in front, an index that nothing carries gives its size, and what shares no
 * summed index falls apart into a product of contractions.
 */
export class Contractions {
  readonly #builder: Builder
  readonly #algebra: Algebra
  readonly #emitter: Emitter
  readonly #costs: Costs
  readonly #lookup: Lookup

  constructor(builder: Builder, algebra: Algebra, emitter: Emitter, costs: Costs, lookup: Lookup) {
    this.#builder = builder
    this.#algebra = algebra
    this.#emitter = emitter
    this.#costs = costs
    this.#lookup = lookup
  }

  /** The value of the contraction of operands given as forms. */
  contract(spec: Contraction, operands: readonly Form[]): Form {
    if (operands.some(isNothing)) return NOTHING
    const labels = new Labels(spec.sizes)
    let slots: readonly Slot[] = operands.map((form, slot) => ({ form, labels: spec.operands[slot]! }))
    slots = this.#opened(slots, labels, summedLabels(spec).length > 0)
    slots = this.#merged(slots, labels)
    const output = spec.output.map((label) => labels.root(label))
    const isKept = new Set(output.filter((label) => !labels.isOne(label)))

    let result: Form = UNIT
    const units: Unit[] = []
    slots.forEach((slot, at) => {
      const parts = this.#units(slot, at, labels)
      const numbers = parts.reduce((rest, part) => divide(rest, part.form.coefficient), slot.form.coefficient)
      result = this.#algebra.scale(result, numbers)
      units.push(...parts)
    })

    // An index that is summed and that nothing carries.
    const carried = new Set(units.flatMap((unit) => unit.carried))
    const summed = new Set(slots.flatMap((slot) => slot.labels.map((label) => labels.root(label))))
    for (const label of summed) {
      if (labels.isOne(label) || isKept.has(label) || carried.has(label)) continue
      result = this.#algebra.times(result, this.#lookup.size(labels.size(label)))
    }

    // What has one entry multiplies the whole, unless the whole has too few axes for it.
    const isScalar = (unit: Unit): boolean => unit.carried.length === 0 && unit.labels.length <= output.length
    const arrays = units.filter((unit) => !isScalar(unit))
    for (const unit of units) if (isScalar(unit)) result = this.#algebra.times(result, unit.form)
    const long = output.filter((label) => !labels.isOne(label))
    const isDelta = new Set(long).size < long.length
    const { outside, groups } = isDelta
      ? { outside: [], groups: [arrays] }
      : this.#parts(arrays, output, isKept, labels)
    let whole = UNIT
    for (const unit of outside) whole = this.#algebra.times(whole, unit.form)
    for (const group of groups) {
      const isNegative = signOf(result.coefficient) < 0
      const { form, isTurned } = this.#component(group, slots, output, labels, isNegative)
      if (isTurned) result = this.#algebra.negate(result)
      whole = this.#algebra.times(whole, form)
    }
    return this.#algebra.times(whole, result)
  }

  /** Factors that leave the contraction, and groups of those that a summed index holds together. */
  #parts(
    units: readonly Unit[],
    output: readonly number[],
    isKept: ReadonlySet<number>,
    labels: Labels,
  ): { outside: Unit[]; groups: Unit[][] } {
    const [first] = units
    const isTied = (label: number): boolean =>
      !isKept.has(label) && units.every(({ carried }) => carried.includes(label))
    if (first?.carried.some(isTied) === true) return { outside: [], groups: [[...units]] }
    const isFree = (unit: Unit): boolean => unit.carried.every((label) => isKept.has(label))
    const free = units.filter(isFree)
    const isAligned = (unit: Unit): boolean => {
      const offset = output.length - unit.labels.length
      return offset >= 0 && unit.labels.every((label, axis) => labels.isOne(label) || label === output[axis + offset])
    }
    const leavesAlone = (unit: Unit): boolean => isAligned(unit) && new Set(unit.carried).size === isKept.size
    const outside = free.every(isAligned) ? free : free.filter(leavesAlone)
    const rest = free.filter((unit) => !outside.includes(unit))
    const groups: Unit[][] = rest.length > 0 ? [rest] : []
    const components: { units: Unit[]; summed: Set<number> }[] = []
    for (const unit of units) {
      if (isFree(unit)) continue
      const summed = new Set(unit.carried.filter((label) => !isKept.has(label)))
      const merged = { units: [unit], summed }
      for (let at = components.length - 1; at >= 0; at--) {
        const other = components[at]!
        if (![...other.summed].some((label) => merged.summed.has(label))) continue
        merged.units.unshift(...other.units)
        for (const label of other.summed) merged.summed.add(label)
        components.splice(at, 1)
      }
      components.push(merged)
    }
    groups.push(...components.map((component) => component.units))
    return { outside, groups }
  }

  /** A power by itself; a polynomial as the multiple as which it is written. */
  #alone(power: Power<Factor>): Form {
    const [factor, exponent] = power
    const isSum = factor.kind === 'sum' && exponent === 1
    return { coefficient: isSum ? this.#emitter.multipleOf(factor) : ONE, powers: [power] }
  }

  /** The factors of an operand; a polynomial keeps the denominators with which it is written shorter. */
  #units(slot: Slot, at: number, labels: Labels): Unit[] {
    let { powers } = slot.form
    const forms: Form[] = []
    for (const power of powers) {
      const [factor, exponent] = power
      const whole = factor.kind === 'sum' && exponent === 1 ? this.#emitter.withDenominators(factor, powers) : null
      if (whole === null) continue
      forms.push(whole)
      powers = mergePowers(powers, whole.powers.map(([f, e]): Power<Factor> => [f, -e])) // prettier-ignore
    }
    return [...powers.map((power) => this.#alone(power)), ...forms].map((form) => {
      const [[first]] = form.powers as [Power<Factor>]
      const shape = form.powers.length === 1 ? first.shape : (broadcastShapes(form.powers.map(([f]) => f.shape)) ?? [])
      const own = labels.aligned(shape, slot.labels)
      return { form, slot: at, labels: own, carried: own.filter((label) => !labels.isOne(label)) }
    })
  }

  /**
   * Inner contractions of one operand that sum nothing (transposes, diagonals, repetitions), and deltas, become operands
   * themselves; so does a sum that is all that is summed.
   */
  #opened(slots: readonly Slot[], labels: Labels, isSum: boolean): readonly Slot[] {
    const mayOpen = ([factor]: Power<Factor>): boolean =>
      factor.kind === 'atom' && factor.node.kind === 'contract' && factor.node.inputs.length < 2
    if (!slots.some((slot) => slot.form.powers.some(mayOpen))) return slots
    const result: Slot[] = []
    const queue = [...slots]
    const isSole = slots.length === 1 && slots[0]!.form.powers.length === 1
    for (let at = 0; at < queue.length; at++) {
      const slot = queue[at]!
      const kept: Power<Factor>[] = []
      for (const power of slot.form.powers) {
        const [factor, exponent] = power
        const node = factor.kind === 'atom' ? factor.node : null
        if (node?.kind !== 'contract' || exponent !== 1) {
          kept.push(power)
          continue
        }
        const inner = summedLabels(node.spec).filter((label) => node.spec.sizes[label] !== ONE_SIZE)
        const isSumOfSum = isSole && isSum
        if (node.spec.operands.length > 1 || (inner.length > 0 && !isSumOfSum)) {
          kept.push(power)
          continue
        }
        const rename = labels.adopt(node.spec, labels.aligned(node.shape, slot.labels))
        node.inputs.forEach((input, operand) => {
          queue.push({ form: this.#lookup.formOf(input), labels: node.spec.operands[operand]!.map(rename) })
        })
      }
      const isSame = kept.length === slot.form.powers.length
      result.push(isSame ? slot : { form: { coefficient: slot.form.coefficient, powers: kept }, labels: slot.labels })
    }
    return result
  }

  /** Operands with the same axes are one product, in which factors may cancel. */
  #merged(slots: readonly Slot[], labels: Labels): Slot[] {
    const result: Slot[] = []
    for (const slot of slots) {
      const own = slot.labels.map((label) => labels.root(label))
      const at = result.findIndex(
        (other) => other.labels.length === own.length && other.labels.every((label, axis) => label === own[axis]),
      )
      const twin = result[at]
      if (twin === undefined) result.push({ form: slot.form, labels: own })
      else result[at] = { form: this.#algebra.times(twin.form, slot.form), labels: own }
    }
    return result
  }

  /**
   * The contraction of some factors, with as many axes as the whole, or without axes if it carries none of them.
   * If `isNegative`, its negative (`isTurned`) where that is as short: the whole then needs no sign.
   */
  #component(
    units: readonly Unit[],
    slots: readonly Slot[],
    output: readonly number[],
    labels: Labels,
    isNegative: boolean,
  ): { form: Form; isTurned: boolean } {
    const parts = this.#byTerms(units, slots, output, labels)
    if (parts !== null) return { form: parts, isTurned: false }
    const bySlot: (Form | undefined)[] = slots.map(() => undefined)
    for (const { slot, form } of units) {
      const other = bySlot[slot]
      bySlot[slot] = other === undefined ? form : joined(other, form)
    }
    let isTurned = false
    const operands: Operand[] = []
    const carried = new Set<number>()
    for (const [at, product] of bySlot.entries()) {
      if (product === undefined) continue
      let form = product
      if (isNegative && !isTurned) {
        const opposite = this.#algebra.negate(form)
        isTurned = this.#emitter.isNoLonger(opposite, form)
        if (isTurned) form = opposite
      }
      const node = this.#emitter.emit(form)
      const own = labels.aligned(node.shape, slots[at]!.labels)
      for (const label of own) if (!labels.isOne(label)) carried.add(label)
      operands.push({ node, form, labels: own })
    }
    const isRepeated = new Set(output).size < output.length
    const isBare = !isRepeated && output.every((label) => !carried.has(label)) && output.some((label) => !labels.isOne(label)) // prettier-ignore
    // An axis of length 1 that the operands have elsewhere: a row becomes a column by a transpose.
    const spare = [...new Set(operands.flatMap((operand) => operand.labels))].filter((label) => labels.isOne(label) && !output.includes(label)) // prettier-ignore
    const out = isBare ? [] : output.map((label, axis) => {
      if (carried.has(label) || isRepeated) return label
      // An axis that the operand has with length 1 stays that axis.
      const twin = operands.find(({ node }) => node.shape.length === output.length && node.shape[axis] === ONE_SIZE)
      return twin?.labels[axis] ?? spare.shift() ?? (labels.isOne(label) ? label : labels.fresh(ONE_SIZE))
    }) // prettier-ignore
    const ordered = inOrder(operands, out, labels).map((operand) => this.#upright(operand, out))
    const [only] = ordered
    if (ordered.length === 1 && only !== undefined) {
      const known = this.#knownTotal(only.form, only.node, only.labels, new Set(out), labels)
      if (known !== null) return { form: known, isTurned }
    }
    const spec = contraction(
      ordered.map((operand) => operand.labels),
      out,
      labels.sizes,
    )
    if (only !== undefined && isIdentity(spec)) return { form: only.form, isTurned }
    const node = this.#builder.contract(spec, ...ordered.map((operand) => operand.node))
    return { form: this.#lookup.atomOf(this.#turnedWithin(node)), isTurned }
  }

  /** The sum of a polynomial term by term, where one of these sums is zero; else `null`. */
  #byTerms(units: readonly Unit[], slots: readonly Slot[], output: readonly number[], labels: Labels): Form | null {
    const [unit, more] = units
    if (!this.#lookup.hasTotals() || unit === undefined || more !== undefined) return null
    const { coefficient, powers } = unit.form
    const isPolynomial = ([factor, exponent]: Power<Factor>): boolean => factor.kind === 'sum' && exponent === 1
    const [polynomial] = powers.find(isPolynomial) ?? []
    const numbers = powers.filter(([factor]) => factor !== polynomial)
    if (polynomial?.kind !== 'sum' || numbers.some(([{ shape }]) => shape.length > 0)) return null
    const spec = contraction([slots[unit.slot]!.labels], output, labels.sizes)
    const sums = polynomial.terms.map((term) =>
      this.contract(spec, [{ coefficient: rational(term.coefficient), powers: term.powers }]),
    )
    if (!sums.some(isNothing)) return null
    const whole = sums.reduce((a, b) => this.#algebra.plus(a, b))
    return this.#algebra.times({ coefficient, powers: numbers }, whole)
  }

  /** A matrix that is its own transpose, or a product, taken as it is needed: `A'*X` for `(X'*A)'`. */
  #upright(operand: Operand, out: readonly number[]): Operand {
    const { node, labels } = operand
    if (!isTurned(labels, out)) return operand
    const turned = { ...operand, labels: labels.toReversed() }
    if (this.#lookup.isSymmetric(node)) return turned
    if (node.kind !== 'contract' || node.inputs.length < 2) return operand
    const transposed = this.#builder.transpose(node)
    const product = this.#turnedWithin(transposed)
    return product === transposed ? operand : { ...turned, node: product, form: this.#lookup.atomOf(product) }
  }

  /** A transpose of a product as one product, if that is no longer. */
  #turnedWithin(node: Node): Node {
    const product = withinProduct(this.#builder, node)
    if (product === node || product.kind !== 'contract') return node
    const { spec, inputs } = product
    const operands = inputs.map((input, slot) => {
      const own = spec.operands[slot]!
      return this.#lookup.isSymmetric(input) && isTurned(own, spec.output) ? own.toReversed() : own
    })
    const sizes = new Map(spec.sizes.map((size, label) => [label, size]))
    const upright = this.#builder.contract(contraction(operands, spec.output, sizes), ...inputs)
    return this.#costs.of(upright) <= this.#costs.of(node) ? upright : node
  }

  /** Sums that are 1 by what they are of: a softmax over its axes, the columns of one-hot data, an assumption. */
  #knownTotal(form: Form, node: Node, own: readonly number[], out: ReadonlySet<number>, labels: Labels): Form | null {
    const factor = soleFactor(form)
    const axes = own.flatMap((label, axis) => (out.has(label) || labels.isOne(label) ? [] : [axis]))
    const turned = own.some((label, axis) => out.has(label) && [...out].indexOf(label) !== axis && !labels.isOne(label))
    if (factor?.kind !== 'atom' || axes.length === 0 || turned || new Set(own).size < own.length) return null
    const assumed = this.#lookup.total(node, axes)
    if (assumed !== null) return assumed
    const value = unname(node)
    const over = value.kind === 'normalise' && value.fn === 'softmax' ? value.axes : isOnehot(value) ? [0] : null
    if (over === null) return null
    const long = over.filter((axis) => value.shape[axis] !== ONE_SIZE)
    if (!long.every((axis) => axes.includes(axis))) return null
    return axes
      .filter((axis) => !over.includes(axis))
      .reduce((product, axis) => this.#algebra.times(product, this.#lookup.size(value.shape[axis]!)), UNIT)
  }
}

/** Whether a matrix is used with its axes exchanged: rows of the result come first, its columns last. */
function isTurned(own: readonly number[], out: readonly number[]): boolean {
  const [a, b] = own as [number, number]
  if (own.length !== 2) return false
  return a === out[1] || b === out[0] || (!out.includes(a) && !out.includes(b) && a > b)
}

const isOnehot = (node: Node): boolean => node.kind === 'input' && node.role === 'onehot'

/** The product of forms without a common factor. */
const joined = (a: Form, b: Form): Form => ({
  coefficient: multiply(a.coefficient, b.coefficient),
  powers: [...a.powers, ...b.powers],
})
