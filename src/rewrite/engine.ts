import { BackproveError } from '../base/errors.ts'
import { isInteger, isOne, isZero, multiply, ONE, rational, sign as signOf, subtract } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { ContractNode, DefinitionNode, MapNode, Node } from '../graph/node.ts'
import type { Calculus } from '../ops/calculus.ts'
import { isIdentity, isPermutation, summedLabels } from '../ops/contraction.ts'
import type { ElementwiseName } from '../ops/names.ts'
import type { Size } from '../shape/size.ts'
import { namedSize, ONE_SIZE } from '../shape/size.ts'
import { Algebra, canInvert, MAX_EXPONENT } from './algebra.ts'
import { Choices } from './choice.ts'
import { Contractions } from './contract.ts'
import { Costs } from './cost.ts'
import { Emitter } from './emit.ts'
import { constantOf, formKey, formOf, isNothing, NOTHING, powersKey, soleFactor, UNIT } from './form.ts'
import type { Atom, Form } from './form.ts'
import { LOCAL_RULES, REFLECTIONS } from './local-rules.ts'
import { Names } from './names.ts'
import { patternOf } from './rule.ts'
import type { LocalRule, Pattern, Reflection } from './rule.ts'
import { Symmetry } from './symmetry.ts'

const isName = (node: Node): boolean => node.kind === 'input' || (node.kind === 'definition' && !node.hidden)

/** The node behind hidden definitions, which have no name to be used. */
function unhidden(node: Node): Node {
  let inner = node
  while (inner.kind === 'definition' && inner.hidden) inner = inner.inputs[0]!
  return inner
}

const RULES_BY_FN = new Map<ElementwiseName, { readonly rule: LocalRule; readonly args: readonly Pattern[] }[]>()
for (const rule of LOCAL_RULES) {
  const pattern = patternOf(rule)
  if (pattern.kind !== 'call') throw new BackproveError('internal', `rule ${rule.name} is about no operation`)
  RULES_BY_FN.set(pattern.fn, [...(RULES_BY_FN.get(pattern.fn) ?? []), { rule, args: pattern.args }])
}
const REFLECTION_BY_FN = new Map<ElementwiseName, Reflection>(REFLECTIONS.map((rule) => [rule.fn, rule]))

/** The matrix that a form is the transpose of, or `null`. */
function transposedBy(form: Form): Node | null {
  const factor = soleFactor(form)
  const node = factor?.kind === 'atom' ? factor.node : null
  if (node?.kind !== 'contract' || node.shape.length !== 2) return null
  return isPermutation(node.spec) && !isIdentity(node.spec) ? node.inputs[0]! : null
}

/** A value of `fn` at some argument, to be recognised at the opposite argument. */
interface Twin {
  readonly sign: number
  readonly value: Form
}

/** Whether a form has a factor that can be written with the opposite sign as well: `A - Y`, `Y - A`. */
const hasDifference = (form: Form): boolean =>
  form.powers.some(
    ([factor, exponent]) =>
      factor.kind === 'sum' &&
      exponent === 1 &&
      factor.terms.some((term) => term.coefficient > 0n) &&
      factor.terms.some((term) => term.coefficient < 0n),
  )

/** Gives every node its normal form, inputs before outputs; applies the rules as it goes. */
export class Engine implements Calculus<Form> {
  readonly #builder: Builder
  readonly #costs = new Costs()
  readonly #algebra: Algebra
  readonly #emitter: Emitter
  readonly #contractions: Contractions
  readonly #choices: Choices
  readonly #names: Names
  readonly #forms = new Map<Node, Form>()
  readonly #bodies = new Map<Node, DefinitionNode>()
  readonly #assumed = new Map<Node, Form>()
  readonly #symmetry: Symmetry
  readonly #totals = new Map<string, Form>()
  readonly #twins = new Map<string, Twin>()
  readonly #reflected = new Map<Atom, { readonly rule: Reflection; readonly argument: Form }>()
  readonly #turned = new Map<Atom, Node | null>()
  /** Absolute values of which is known what they are to their arguments. */
  readonly #signed = new Set<Atom>()

  /** `named` are the definitions in scope; where two have one body, the first is used. */
  constructor(builder: Builder, named: readonly DefinitionNode[]) {
    this.#builder = builder
    this.#algebra = new Algebra({
      close: (form) => this.#close(form),
      written: (...how) => this.#emitter.remember(...how),
      isWritten: (sum) => this.#emitter.isWritten(sum),
      folded: (form) => this.#names.folded(form),
    })
    this.#names = new Names(this.#algebra, this.#costs)
    this.#emitter = new Emitter(builder, this.#algebra, this.#costs, {
      negative: (atom) => this.#turn(atom, 'negative'),
      inverse: (atom) => this.#turn(atom, 'inverse'),
    })
    this.#symmetry = new Symmetry(builder)
    this.#contractions = new Contractions(builder, this.#algebra, this.#emitter, this.#costs, {
      formOf: (node) => this.#formOf(node),
      atomOf: (node) => this.#atomOf(node),
      size: (size) => this.#size(size),
      isSymmetric: (node) => this.#symmetry.holds(node),
      total: (node, axes) => this.#totals.get(`${node.id} ${axes.join(',')}`) ?? null,
      hasTotals: () => this.#totals.size > 0,
    })
    this.#choices = new Choices(this.#algebra, (condition, a, b) => this.call('where', condition, a, b))
    for (const definition of named) {
      const body = unhidden(definition.inputs[0]!)
      if (body.kind !== 'definition' && !this.#bodies.has(body)) this.#bodies.set(body, definition)
    }
  }

  /** Computes the form of a node whose inputs were visited. */
  visit(node: Node): void {
    if (this.#forms.has(node)) return
    let form = this.#form(node)
    const definition = this.#bodies.get(node)
    if (definition !== undefined && this.#names.learn(form, this.#algebra.atom(definition))) {
      form = formOf(this.#algebra.atom(definition))
    }
    this.#forms.set(node, form)
  }

  /** Uses `lhs == rhs` from here on; both were visited. A left side that is a mere name is not replaced. */
  assume(lhs: Node, rhs: Node): void {
    const [left, right] = [this.#formOf(lhs), this.#formOf(rhs)]
    const [turned, plain] = isName(lhs) ? [right, left] : [left, right]
    const matrix = transposedBy(turned)
    if (matrix !== null && formKey(plain) === formKey(this.#formOf(matrix))) this.#symmetry.assume(matrix)
    const factor = soleFactor({ coefficient: ONE, powers: left.powers })
    if (factor?.kind !== 'atom' || isName(factor.node)) return
    const value = this.#algebra.scale(right, { n: left.coefficient.d, d: left.coefficient.n })
    this.#assumed.set(factor.node, value)
    const { node } = factor
    if (node.kind !== 'contract' || node.inputs.length !== 1) return
    const { spec } = node
    const own = spec.operands[0]!
    const summed = new Set(summedLabels(spec))
    const axes = own.flatMap((label, axis) => (summed.has(label) && spec.sizes[label] !== ONE_SIZE ? [axis] : []))
    const isPlain = new Set(own).size === own.length && new Set(spec.output).size === spec.output.length
    if (isPlain && axes.length > 0) this.#totals.set(`${node.inputs[0]!.id} ${axes.join(',')}`, value)
  }

  /** The shortest node for a visited one. */
  write(node: Node): Node {
    return this.#emitter.emitFull(this.#formOf(node), node.shape)
  }

  constant(value: Rational): Form {
    return isZero(value) ? NOTHING : { coefficient: value, powers: [] }
  }

  pi(): Form {
    return formOf(this.#algebra.atom(this.#builder.pi()))
  }

  call(fn: ElementwiseName, ...args: readonly Form[]): Form {
    const [a, b] = args as [Form, Form]
    switch (fn) {
      case 'add':
        return this.#algebra.plus(a, b)
      case 'sub':
        return this.#algebra.plus(a, this.#algebra.negate(b))
      case 'neg':
        return this.#algebra.negate(a)
      case 'mul':
        return this.#algebra.times(a, b)
      case 'div':
        return this.#canDivide(b) ? this.#algebra.times(a, this.#algebra.power(b, -1)) : this.#opaque(fn, args)
      case 'pow':
        return this.#power(a, b)
      case 'sqrt':
        return this.#squareRoot(a)
      case 'gt':
      case 'ge':
      case 'eq':
      case 'ne':
        return this.#multiplesCompared(fn, a, b) ?? this.#ruled(fn, args) ?? this.#opaque(fn, args)
      case 'abs':
      case 'sign':
        return this.#ruled(fn, args) ?? this.#multipleOut(fn, a) ?? this.#reflectedCall(fn, args) ?? this.#opaque(fn, args) // prettier-ignore
      default:
        return this.#ruled(fn, args) ?? this.#reflectedCall(fn, args) ?? this.#opaque(fn, args)
    }
  }

  #form(node: Node): Form {
    switch (node.kind) {
      case 'constant':
        return this.constant(node.value)
      case 'size':
        return this.#size(node.size)
      case 'symbol':
      case 'input':
      case 'derivative':
        return formOf(this.#algebra.atom(node))
      case 'definition':
        return node.hidden ? this.#formOf(node.inputs[0]!) : formOf(this.#algebra.atom(node))
      case 'map':
        return this.call(node.fn, ...node.inputs.map((input) => this.#formOf(input)))
      case 'contract':
        return this.#contractions.contract(node.spec, node.inputs.map((input) => this.#formOf(input))) // prettier-ignore
      case 'reduce':
      case 'normalise':
      case 'matrix':
      case 'reshape': {
        const inputs = node.inputs.map((input) => this.#emitter.emitFull(this.#formOf(input), input.shape))
        return this.#atomOf(this.#builder.rebuild(node, inputs))
      }
    }
  }

  #formOf(node: Node): Form {
    return this.#forms.get(node) ?? this.#emitter.formOf(node) ?? formOf(this.#algebra.atom(node))
  }

  #atomOf(node: Node): Form {
    return this.#assumed.get(node) ?? this.#names.folded(formOf(this.#algebra.atom(node)))
  }

  #close(form: Form): Form {
    return formOf(this.#algebra.atom(this.#emitter.emit(form)))
  }

  /** A size as a polynomial in its names. */
  #size(size: Size): Form {
    return size.terms.reduce((sum, term) => {
      const start = this.constant(rational(term.coefficient))
      const product = term.powers.reduce((form, [name, exponent]) => {
        const atom = this.#algebra.atom(this.#builder.size(namedSize(name)))
        return this.#algebra.times(form, this.#algebra.power(formOf(atom), exponent))
      }, start)
      return this.#algebra.plus(sum, product)
    }, NOTHING)
  }

  /** Labels may be zero on half of their entries, so nothing is divided by them but as it stands. */
  #canDivide(form: Form): boolean {
    if (!canInvert(form)) return false
    return !form.powers.some(
      ([factor]) =>
        factor.kind === 'atom' &&
        factor.node.kind === 'input' &&
        (factor.node.role === 'label' || factor.node.role === 'onehot'),
    )
  }

  #power(base: Form, exponent: Form): Form {
    const value = constantOf(exponent)
    if (value !== null && isInteger(value)) {
      const whole = Number(value.n)
      if (whole === 0) return UNIT
      const isSmall = Math.abs(whole) <= MAX_EXPONENT
      if (isSmall && (whole > 0 ? !isNothing(base) : this.#canDivide(base))) return this.#algebra.power(base, whole)
    }
    if (value === null || isInteger(value)) return this.#opaque('pow', [base, exponent])
    if (base.powers.length === 0 && isOne(base.coefficient)) return UNIT
    // x^(k + f) is x^k * x^f with 0 < f < 1, since x is positive.
    const whole = Number(value.n >= 0n ? value.n / value.d : (value.n - value.d + 1n) / value.d)
    if (whole === 0 || Math.abs(whole) > MAX_EXPONENT || !this.#canDivide(base)) return this.#root(base, value)
    const fraction = this.#root(base, subtract(value, rational(whole)))
    return this.#algebra.times(this.#algebra.power(base, whole), fraction)
  }

  /** `base^(p/q)` as an unknown whose power `q` is known. */
  #root(base: Form, exponent: Rational): Form {
    const node = this.#builder.call('pow', this.#emitter.emit(base), this.#builder.constant(exponent))
    const [degree, times] = [Number(exponent.d), Number(exponent.n)]
    const isSmall = degree <= MAX_EXPONENT && Math.abs(times) <= MAX_EXPONENT && this.#canDivide(base)
    if (isSmall) this.#names.learnRoot(this.#algebra.atom(node), degree, this.#algebra.power(base, times))
    return this.#atomOf(node)
  }

  #squareRoot(base: Form): Form {
    const node = this.#builder.call('sqrt', this.#emitter.emit(base))
    if (this.#canDivide(base)) this.#names.learnRoot(this.#algebra.atom(node), 2, base)
    return this.#atomOf(node)
  }

  /** A local rule that fits, applied. */
  #ruled(fn: ElementwiseName, args: readonly Form[]): Form | null {
    for (const { rule, args: wanted } of RULES_BY_FN.get(fn) ?? []) {
      const free: Form[] = []
      if (wanted.every((pattern, slot) => this.#matches(pattern, args[slot]!, free))) return rule.right(this, free)
    }
    return fn === 'where' ? this.#choices.shortened(args as [Form, Form, Form]) : null
  }

  #matches(pattern: Pattern, form: Form, free: Form[]): boolean {
    switch (pattern.kind) {
      case 'free': {
        const bound = free[pattern.slot]
        if (bound !== undefined) return formKey(bound) === formKey(form)
        free[pattern.slot] = form
        return true
      }
      case 'constant': {
        const value = constantOf(form)
        return value !== null && value.n === pattern.value.n && value.d === pattern.value.d
      }
      case 'pi':
        return soleFactor(form) === this.#algebra.atom(this.#builder.pi())
      case 'call': {
        const node = this.#opened(form)
        if (node?.fn !== pattern.fn) return false
        return pattern.args.every((arg, slot) => this.#matches(arg, this.#formOf(node.inputs[slot]!), free))
      }
    }
  }

  #opened(form: Form): MapNode | null {
    const factor = soleFactor(form)
    return factor?.kind === 'atom' && factor.node.kind === 'map' ? factor.node : null
  }

  /** `p*x` against `q*x` is `x` against 0, the other way round where `p < q`; `null` where that changes nothing. */
  #multiplesCompared(fn: ElementwiseName, a: Form, b: Form): Form | null {
    const { powers } = isNothing(a) ? b : a
    if (powers.length === 0) return null
    if (!isNothing(a) && !isNothing(b) && powersKey(a.powers) !== powersKey(b.powers)) return null
    const over = subtract(a.coefficient, b.coefficient)
    if (isZero(over)) return null
    const x: Form = { coefficient: UNIT.coefficient, powers }
    const [left, right] = signOf(over) > 0 ? [x, NOTHING] : [NOTHING, x]
    if (formKey(left) === formKey(a) && formKey(right) === formKey(b)) return null
    return this.#ruled(fn, [left, right]) ?? this.#opaque(fn, [left, right])
  }

  /** `abs(2*x)` as `2*abs(x)`, `sign(2*x)` as `sign(x)`; `null` for what is no number times a product. */
  #multipleOut(fn: 'abs' | 'sign', { coefficient, powers }: Form): Form | null {
    const isMultiple = !isOne(coefficient) && powers.length > 0
    if (!isMultiple || powers.some(([factor]) => factor.kind === 'sum')) return null
    const sign = rational(signOf(coefficient))
    const value = this.call(fn, { coefficient: ONE, powers })
    return this.#algebra.scale(value, fn === 'sign' ? sign : multiply(sign, coefficient))
  }

  /** `fn(-x)` where `fn(x)` was met before. */
  #reflectedCall(fn: ElementwiseName, args: readonly Form[]): Form | null {
    const rule = REFLECTION_BY_FN.get(fn)
    const [argument] = args
    if (rule === undefined || argument === undefined || argument.powers.length === 0) return null
    const sign = signOf(argument.coefficient)
    const key = `${fn} ${formKey(sign < 0 ? this.#algebra.negate(argument) : argument)}`
    const twin = this.#twins.get(key)
    if (twin !== undefined) return twin.sign === sign ? twin.value : rule.right(this, twin.value)
    const node = this.#builder.call(fn, this.#emitter.emit(argument))
    const atom = this.#algebra.atom(node)
    const value = this.#atomOf(node)
    this.#twins.set(key, { sign, value })
    this.#reflected.set(atom, { rule, argument })
    if (fn === 'abs' || fn === 'sign') this.#learnSign(argument)
    return value
  }

  #learnSign(argument: Form): void {
    const [sign, magnitude] = [this.call('sign', argument), this.call('abs', argument)].map(soleFactor)
    const isKnown = sign?.kind !== 'atom' || magnitude?.kind !== 'atom' || this.#signed.has(magnitude)
    if (isKnown || !this.#canDivide(argument)) return
    this.#signed.add(magnitude)
    this.#names.learnSign(sign, magnitude, argument)
  }

  /** `f(-x)` for an atom `f(x)`, where that is its negative or inverse and no longer. */
  #turn(atom: Atom, kind: 'negative' | 'inverse'): Node | null {
    const reflected = this.#reflected.get(atom)
    const known = this.#turned.get(atom)
    if (kind === 'negative' && atom.node.kind === 'contract') {
      const turned = known === undefined ? this.#turnedOperand(atom.node) : known
      this.#turned.set(atom, turned)
      return turned
    }
    if (reflected?.rule.kind !== kind) return null
    if (known !== undefined) return known
    // An argument that is a difference is turned round by itself, so this does not go into depth.
    if (kind === 'negative' && !hasDifference(reflected.argument)) return null
    const node = this.#builder.call(reflected.rule.fn, this.#emitter.emit(this.#algebra.negate(reflected.argument)))
    const isShort = kind === 'inverse' || this.#costs.of(node) <= this.#costs.of(atom.node)
    const turned = isShort ? node : null
    this.#turned.set(atom, turned)
    return turned
  }

  /** The negative of a contraction by that of an operand that is a difference: `X*(Y - A)` for `-X*(A - Y)`. */
  #turnedOperand(node: ContractNode): Node | null {
    for (const [slot, input] of node.inputs.entries()) {
      const form = this.#formOf(input)
      if (!hasDifference(form)) continue
      const opposite = this.#algebra.negate(form)
      if (!this.#emitter.isNoLonger(opposite, form)) continue
      const operand = this.#emitter.emitFull(opposite, input.shape)
      return this.#builder.rebuild(node, node.inputs.map((other, at) => (at === slot ? operand : other))) // prettier-ignore
    }
    return null
  }

  #opaque(fn: ElementwiseName, args: readonly Form[]): Form {
    return this.#atomOf(this.#builder.call(fn, ...args.map((arg) => this.#emitter.emit(arg))))
  }
}
