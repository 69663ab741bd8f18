import { divide, isInteger, multiply, negate, ONE, power, rational, sign as signOf } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { isScalarLike, sameShape } from '../shape/shape.ts'
import type { Shape } from '../shape/shape.ts'
import type { Algebra } from './algebra.ts'
import { mergePowers } from './algebra.ts'
import type { Costs } from './cost.ts'
import { formKey, isNothing, soleFactor } from './form.ts'
import type { Atom, Factor, Form, Power, Sum, Term } from './form.ts'

/** A shorter way to write a polynomial: `sum * coefficient * over` is `plus`, and `minus` its negative. */
interface Written {
  readonly coefficient: Rational
  readonly over: readonly Power<Factor>[]
  readonly plus: Node
  readonly minus: Node
}

/** A factor about to be written: as it is, and with the opposite sign where that costs nothing. */
interface Part {
  readonly node: Node
  readonly exponent: number
  readonly flipped: () => Node | null
  /** Which of several signs is turned first: lower ones. */
  readonly reluctance: number
}

/** Other spellings of an atom `f(x)`, or `null` where there are none that are as short. */
export interface Turned {
  /** `-f(x)` as `f(-x)` */
  readonly negative: (atom: Atom) => Node | null
  /** `1/f(x)` as `f(-x)` */
  readonly inverse: (atom: Atom) => Node | null
}

/** Ways to write one polynomial that are kept. */
const MAX_WRITTEN = 3

const absolute = ({ n, d }: Rational): Rational => ({ n: n < 0n ? -n : n, d })

/**
 * Writes forms as nodes, in the shortest way it knows: numbers and sizes in front as one fraction, then arrays in the
 * order in which they were met, those that broadcast last; denominators as one quotient; as few signs as possible.
 */
export class Emitter {
  readonly #builder: Builder
  readonly #algebra: Algebra
  readonly #costs: Costs
  readonly #nodes = new Map<string, Node>()
  readonly #written = new Map<Sum, Written[]>()
  readonly #forms = new Map<Node, Form>()
  readonly #turned: Turned

  constructor(builder: Builder, algebra: Algebra, costs: Costs, turned: Turned) {
    this.#builder = builder
    this.#algebra = algebra
    this.#costs = costs
    this.#turned = turned
  }

  /** The form that a node was written for. */
  formOf(node: Node): Form | undefined {
    return this.#forms.get(node)
  }

  /** A node with the value of `form`, which broadcasts to whatever the form stands for. */
  emit(form: Form): Node {
    const factor = soleFactor(form)
    if (factor?.kind === 'atom') return factor.node
    const key = formKey(form)
    const known = this.#nodes.get(key)
    if (known !== undefined) return known
    const node = this.#shortest(form)
    this.#nodes.set(key, node)
    if (!this.#forms.has(node)) this.#forms.set(node, form)
    return node
  }

  /** Whether `a` is written no longer than `b`. */
  isNoLonger(a: Form, b: Form): boolean {
    return this.#costs.of(this.emit(a)) <= this.#costs.of(this.emit(b))
  }

  /** The same with all axes of `shape`. */
  emitFull(form: Form, shape: Shape): Node {
    const node = this.emit(form)
    if (sameShape(node.shape, shape)) return node
    const full = node.kind === 'constant' && node.value.n === node.value.d ? this.#builder.ones(shape) : this.#builder.broadcast(node, shape) // prettier-ignore
    if (!this.#forms.has(full)) this.#forms.set(full, form)
    return full
  }

  /**
   * Notes that `sum * coefficient * over` may be written as `parts` added, unless that is longer than written out.
   * As long is short enough, unless `onlyIfShorter`: the parts are how it was written in the first place.
   */
  remember(
    sum: Sum,
    coefficient: Rational,
    over: readonly Power<Factor>[],
    parts: readonly [Form, Form],
    onlyIfShorter = false,
  ): void {
    const known = this.#written.get(sum) ?? []
    const same = known.findIndex((other) => isWithin(over, other.over) && isWithin(other.over, over))
    const plain = this.#assembled({ coefficient, powers: [[sum, 1], ...over] }, null)
    const plus = this.#added(parts)
    const cost = this.#costs.of(plus)
    const most = this.#costs.of(plain) - (onlyIfShorter ? 1 : 0)
    if (cost > most || (same >= 0 && cost >= this.#costs.of(known[same]!.plus))) return
    const minus = this.#added(parts.map((part) => this.#algebra.negate(part)) as [Form, Form])
    const others = known.filter((_, at) => at !== same).slice(0, MAX_WRITTEN - 1)
    this.#written.set(sum, [{ coefficient, over, plus, minus }, ...others])
  }

  /** The multiple of a polynomial that is written where it stands alone: 1/3 of `3*x + y` as `x + 1/3 * y`. */
  multipleOf(sum: Sum): Rational {
    return this.#sumPart(sum, 1, null).times
  }

  isWritten(sum: Sum): boolean {
    return this.#written.has(sum)
  }

  /** The polynomial with the denominators in `powers` with which it is written shorter than without, if there are such. */
  withDenominators(sum: Sum, powers: readonly Power<Factor>[]): Form | null {
    for (const { coefficient, over } of this.#written.get(sum) ?? []) {
      if (over.length > 0 && isWithin(over, powers)) return { coefficient, powers: [[sum, 1], ...over] }
    }
    return null
  }

  #added([a, b]: readonly [Form, Form]): Node {
    const [first, second] = signOf(a.coefficient) < 0 && signOf(b.coefficient) > 0 ? [b, a] : [a, b]
    const left = this.emit(first)
    // What is subtracted is written without its sign.
    const isMinus = signOf(second.coefficient) < 0
    const right = this.emit(second)
    if (!isMinus || right.kind !== 'map' || right.fn !== 'neg') {
      return this.#builder.call('add', left, right)
    }
    return this.#builder.call('sub', left, right.inputs[0]!)
  }

  #shortest(form: Form): Node {
    if (isNothing(form)) return this.#builder.whole(0)
    let best = this.#assembled(form, null)
    for (const [factor, exponent] of form.powers) {
      if (factor.kind !== 'sum' || exponent !== 1) continue
      for (const written of this.#written.get(factor) ?? []) {
        if (!isWithin(written.over, form.powers)) continue
        const other = this.#assembled(form, { sum: factor, written })
        if (this.#costs.of(other) <= this.#costs.of(best)) best = other
      }
    }
    return best
  }

  #assembled(form: Form, use: { sum: Sum; written: Written } | null): Node {
    let { coefficient, powers } = form
    const parts: Part[] = []
    if (use !== null) {
      powers = mergePowers(powers, use.written.over.map(([factor, exponent]): Power<Factor> => [factor, -exponent])) // prettier-ignore
    }
    for (const [factor, exponent] of powers) {
      if (factor.kind === 'atom') {
        parts.push(this.#atomPart(factor, exponent))
        continue
      }
      const { part, times } = this.#sumPart(factor, exponent, factor === use?.sum ? use.written : null)
      coefficient = divide(coefficient, power(times, exponent))
      parts.push(part)
    }
    const isNegative = signOf(coefficient) < 0 && !turnOne(parts)
    return this.#fraction(absolute(coefficient), isNegative, parts)
  }

  #atomPart(atom: Atom, exponent: number): Part {
    const inverse = exponent < 0 ? this.#turned.inverse(atom) : null
    if (inverse !== null) return { node: inverse, exponent: -exponent, flipped: () => null, reluctance: 1 }
    return { node: atom.node, exponent, flipped: () => this.#turned.negative(atom), reluctance: 1 }
  }

  /** A multiple (`times`) of a polynomial as a part: as `use` says, else in the shortest way that needs no denominators. */
  #sumPart(sum: Sum, exponent: number, use: Written | null): { part: Part; times: Rational } {
    const written = use ?? this.#written.get(sum)?.find(({ over }) => over.length === 0)
    if (written !== undefined) {
      const { coefficient, plus, minus } = written
      const difference = this.#costs.of(minus) - this.#costs.of(plus)
      // Of equals that with the signs of the sheet.
      const isMinus = difference < 0 || (difference === 0 && signOf(coefficient) !== signOf(sum.written))
      const [node, other] = isMinus ? [minus, plus] : [plus, minus]
      const part: Part = { node, exponent, flipped: () => this.#unlessLonger(node, other), reluctance: 0 }
      return { part, times: isMinus ? negate(coefficient) : coefficient }
    }
    const times = sum.written
    const hasBothSigns = sum.terms.some((t) => t.coefficient > 0n) && sum.terms.some((t) => t.coefficient < 0n)
    const hasConstant = sum.terms.some((term) => term.powers.length === 0)
    const flipped = (): Node | null => (hasBothSigns ? this.#terms(sum, negate(times)) : null)
    return { part: { node: this.#terms(sum, times), exponent, flipped, reluctance: hasConstant ? 2 : 0 }, times }
  }

  #unlessLonger(node: Node, other: Node): Node | null {
    return this.#costs.of(other) <= this.#costs.of(node) ? other : null
  }

  /** A multiple of a polynomial term by term, one without a sign in front. */
  #terms(sum: Sum, times: Rational): Node {
    const isPlus = (term: Term): boolean => term.coefficient > 0n === times.n > 0n
    const sequence = inSequence(sum.terms)
    const head = sequence[Math.max(0, sequence.findIndex(isPlus))]!
    let node: Node | null = null
    for (const term of [head, ...sequence.filter((other) => other !== head)]) {
      const coefficient = absolute(multiply({ n: term.coefficient, d: 1n }, times))
      const monomial = this.emit({ coefficient, powers: term.powers })
      if (node === null) node = isPlus(term) ? monomial : this.#builder.call('neg', monomial)
      else node = this.#builder.call(isPlus(term) ? 'add' : 'sub', node, monomial)
    }
    return node!
  }

  #fraction(coefficient: Rational, isNegative: boolean, parts: readonly Part[]): Node {
    const isScalar = (part: Part): boolean =>
      part.node.shape.length === 0 && (part.exponent < 0 || part.node.kind !== 'contract')
    const over = parts.filter((part) => part.exponent < 0)
    const under = parts.filter((part) => part.exponent > 0)
    const arrays = this.#product(this.#broadcastLast(under.filter((part) => !isScalar(part))))
    const divisors = this.#product(sumsLast(over.filter((part) => !isScalar(part))))
    const scalar = this.#scalar(coefficient, under.filter(isScalar), over.filter(isScalar))
    const builder = this.#builder
    let node: Node
    if (arrays === null && divisors === null) {
      if (isNegative && scalar?.kind === 'constant') {
        return builder.constant({ n: -scalar.value.n, d: scalar.value.d })
      }
      node = scalar ?? builder.constant(isNegative ? { n: -1n, d: 1n } : ONE)
      if (scalar === null) return node
    } else if (arrays === null) {
      // Nothing stands above but numbers and scalars: `1./(2*x)`.
      const [top, bottom] = [
        { n: coefficient.n, d: 1n },
        { n: coefficient.d, d: 1n },
      ]
      const below = this.#scalar(bottom, over.filter(isScalar).map(inverted), [])
      const divisor = below === null ? divisors! : builder.call('mul', below, divisors!)
      node = builder.call('div', this.#scalar(top, under.filter(isScalar), []) ?? builder.whole(1), divisor)
    } else {
      const core = divisors === null ? arrays : builder.call('div', arrays, divisors)
      node = scalar === null ? core : builder.call('mul', scalar, core)
    }
    return isNegative ? builder.call('neg', node) : node
  }

  /** The number in front: `2`, `1/2`, `1/m`, `lambda/(2*m)`; `null` for 1. */
  #scalar({ n, d }: Rational, numerators: readonly Part[], denominators: readonly Part[]): Node | null {
    const builder = this.#builder
    const top = this.#product(numerators)
    const bottom = this.#product(denominators)
    if (bottom === null) {
      const number = n === 1n && d === 1n ? null : builder.constant({ n, d })
      return number === null ? top : top === null ? number : builder.call('mul', number, top)
    }
    const whole = (value: bigint, rest: Node | null): Node | null =>
      value === 1n ? rest : rest === null ? builder.constant({ n: value, d: 1n }) : builder.call('mul', builder.constant({ n: value, d: 1n }), rest) // prettier-ignore
    return builder.call('div', whole(n, top) ?? builder.whole(1), whole(d, bottom)!)
  }

  /** Factors of the full shape first, those that are repeated to fill it behind; else in their order. */
  #broadcastLast(parts: readonly Part[]): readonly Part[] {
    if (parts.length < 2) return parts
    const rank = Math.max(0, ...parts.map((part) => part.node.shape.length))
    const entries = (part: Part): number => part.node.shape.length < rank || isScalarLike(part.node.shape) ? 0 : part.node.shape.filter((size) => size.key !== '1').length // prettier-ignore
    const most = Math.max(0, ...parts.map(entries))
    return [...parts.filter((part) => entries(part) === most), ...parts.filter((part) => entries(part) !== most)]
  }

  /** A whole power; of a root, the root of the power. */
  #power(node: Node, exponent: number): Node {
    const [base, root] = node.kind === 'map' && node.fn === 'pow' ? node.inputs : []
    if (base !== undefined && root?.kind === 'constant' && !isInteger(root.value)) {
      return this.#builder.call('pow', base, this.#builder.constant(multiply(root.value, rational(exponent))))
    }
    return this.#builder.call('pow', node, this.#builder.whole(exponent))
  }

  #product(parts: readonly Part[]): Node | null {
    let node: Node | null = null
    for (const part of parts) {
      const exponent = Math.abs(part.exponent)
      const factor = exponent === 1 ? part.node : this.#power(part.node, exponent)
      node = node === null ? factor : this.#builder.call('mul', node, factor)
    }
    return node
  }
}

/**
 * Terms that differ in numbers of their names only, as `x[2]*d[2] + x[1]*d[1]`, in the order of these numbers: reverse
 * mode meets them last first.
 */
function inSequence(terms: readonly Term[]): readonly Term[] {
  if (terms.length < 2 || terms.some((term) => term.powers.length === 0)) return terms
  const kindOf = (name: string): string => name.replace(/\d+/g, '#')
  const names = terms.map((term) =>
    term.powers
      .map(([{ node }]) => (node.kind === 'definition' || node.kind === 'input' ? node.name : ''))
      .sort((a, b) => (kindOf(a) < kindOf(b) ? -1 : 1)),
  )
  const kinds = new Set(names.map((list) => list.map(kindOf).join(' ')))
  const numbers = names.map((list) => list.flatMap((name) => (name.match(/\d+/g) ?? []).map(Number)))
  if (kinds.size === terms.length || numbers.some((list) => list.length === 0)) return terms
  const byNumbers = (a: number, b: number): number => {
    const [p, q] = [numbers[a]!, numbers[b]!]
    const at = p.findIndex((number, place) => number !== q[place])
    return at < 0 ? 0 : p[at]! - (q[at] ?? 0)
  }
  return terms.map((_, at) => at).sort(byNumbers).map((at) => terms[at]!) // prettier-ignore
}

const inverted = (part: Part): Part => ({ ...part, exponent: -part.exponent })

/** Unknowns before sums: `x.*(1 - x)`. */
const sumsLast = (parts: readonly Part[]): readonly Part[] => {
  if (parts.length < 2) return parts
  const isSum = ({ node }: Part): boolean => node.kind === 'map' && (node.fn === 'add' || node.fn === 'sub')
  return [...parts.filter((part) => !isSum(part)), ...parts.filter(isSum)]
}

/** Takes a minus into one of the parts; false if none can take it. */
function turnOne(parts: Part[]): boolean {
  const order = [...parts.entries()].sort(([, a], [, b]) => a.reluctance - b.reluctance)
  for (const [at, part] of order) {
    const node = part.exponent % 2 === 0 ? null : part.flipped()
    if (node === null) continue
    parts[at] = { ...part, node }
    return true
  }
  return false
}

/** Whether `part` can be taken out of `powers`: no exponent changes its sign. */
export const isWithin = (part: readonly Power<Factor>[], powers: readonly Power<Factor>[]): boolean =>
  part.every(([factor, exponent]) =>
    powers.some(([other, e]) => other === factor && (exponent < 0 ? e <= exponent : e >= exponent)),
  )
