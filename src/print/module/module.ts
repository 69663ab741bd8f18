import { BackproveError } from '../../base/errors.ts'
import type { DefinitionNode, InputNode, Node } from '../../graph/node.ts'
import { shapeText } from '../../shape/shape.ts'
import { sizeNames } from '../../shape/size.ts'
import { print } from '../print.ts'
import type { Target } from '../target.ts'
import type { Argument, Assignment, Body, Language, Module, Sample, ShiftedPass } from './language.ts'
import { SafeNames } from './names.ts'
import { planOf } from './plan.ts'
import type { Plan } from './plan.ts'
import type { Shifted } from './shifted.ts'
import { sizeCode, sizeSources } from './sizes.ts'
import type { SizeSource } from './sizes.ts'

/** A scalar and its gradients, as `derive` finds them. */
export interface ModuleSource {
  readonly of: string
  readonly value: Node
  readonly gradients: readonly {
    readonly by: InputNode | DefinitionNode
    readonly node: Node
  }[]
  /** What moves the values between by which is differentiated; to be given where there are such. */
  readonly shifted?: Shifted | null
  /** Random data for the self-check; without it, what the role of each input suggests. */
  readonly samples?: ReadonlyMap<InputNode, Sample>
  /** Lengths for the self-check. */
  readonly lengths?: ReadonlyMap<string, number>
}

/**
 * A whole program that computes a scalar and its gradients: names kept where the language takes them, common parts
 * computed once, sizes read off the arrays. Costs no stack for depth. Throws `unsupported` for what the language lacks.
 */
export function printModule(language: Language, source: ModuleSource): string {
  return language.render(new ModuleWriter(language, source).module())
}

/** A statement, and the names and sizes that stand in it. */
interface Statement extends Assignment {
  readonly uses: ReadonlySet<string>
  readonly sizes: ReadonlySet<string>
  readonly isForward: boolean
  readonly isHost: boolean
}

class ModuleWriter {
  readonly #language: Language
  readonly #source: ModuleSource
  readonly #outer: ModuleWriter | null
  readonly #target: Target
  readonly #plan: Plan
  readonly #names: SafeNames
  readonly #inputs: readonly InputNode[]
  readonly #nameOf = new Map<Node, string>()
  readonly #sizeNames = new Map<string, string>()
  readonly #sources: ReadonlyMap<string, SizeSource>
  readonly #helpers = new Set<string>()
  /** What the statement being written uses. */
  #uses = new Set<string>()
  #sizes = new Set<string>()

  /** `outer` is the program to which this pass belongs: it has the same arguments, by the same names. */
  constructor(language: Language, source: ModuleSource, outer: ModuleWriter | null = null) {
    this.#outer = outer
    this.#language = language
    this.#source = source
    const target = language.target({
      size: (name) => {
        this.#sizes.add(name)
        return this.#sizeNames.get(name)!
      },
      helper: (name) => {
        this.#helpers.add(name)
        return name
      },
      like: () => this.#like(),
    })
    this.#target = {
      ...target,
      variable: (name, shape) => {
        this.#uses.add(name)
        return target.variable(name, shape)
      },
    }
    this.#plan = planOf(this.#target, source.value, source.gradients.map(({ node }) => node)) // prettier-ignore
    const derivative = this.#plan.nodes.find((node) => node.kind === 'derivative')
    if (derivative !== undefined) throw new BackproveError('internal', 'a program with a derivative still to be taken')
    const byNodes = source.gradients.map(({ by }) => by).filter((by) => by.kind === 'input')
    const present = new Set<Node>([...this.#plan.nodes, ...byNodes, ...(outer === null ? [] : outer.#inputs)])
    this.#inputs = ([...present] as Node[]).filter((node): node is InputNode => node.kind === 'input').sort((a, b) => a.id - b.id) // prettier-ignore
    this.#sources = new Map(sizeSources(this.#inputs).map((one) => [one.name, one]))
    this.#names = new SafeNames([...language.reserved, ...language.helpers.keys()])
  }

  module(): Module {
    const { of, value, gradients } = this.#source
    const definitions = this.#plan.nodes.filter((node): node is DefinitionNode => node.kind === 'definition' && !node.hidden) // prettier-ignore
    const sizes = [...new Set([...this.#plan.nodes, ...this.#inputs].flatMap((node) => [...node.shape, ...(node.kind === 'size' ? [node.size] : []), ...(node.kind === 'contract' ? node.spec.sizes : [])]).flatMap(sizeNames))] // prettier-ignore
    const given = this.#names.takeAll([
      ...this.#inputs.map((node) => this.#givenName(node) ?? node.name),
      ...sizes.map((size) => this.#givenName(size) ?? size),
      ...definitions.map(({ name }) => name),
    ])
    const safeInputs = given.slice(0, this.#inputs.length)
    sizes.forEach((size, at) => this.#sizeNames.set(size, given[this.#inputs.length + at]!))
    this.#inputs.forEach((node, at) => this.#nameOf.set(node, safeInputs[at]!))
    const safeDefinitions = new Map<Node, string>(definitions.map((node, at) => [node, given[this.#inputs.length + sizes.length + at]!])) // prettier-ignore
    const wanted = new Map<Node, string>(gradients.map(({ node, by }) => [node, `d${by.name}`]))
    if (!wanted.has(value)) wanted.set(value, of)

    const statements: Statement[] = []
    for (const node of this.#plan.nodes) {
      if (!this.#plan.assigned.has(node)) continue
      const hint = wanted.get(node)
      const name = safeDefinitions.get(node) ?? (hint === undefined ? this.#names.temporary() : this.#names.take(hint))
      statements.push(this.#statement(node, name, this.#plan.forward.has(node)))
      // Only from here on the node is written by its name.
      this.#nameOf.set(node, name)
    }
    const results = gradients.map(({ by, node }) => {
      const known = this.#plan.assigned.has(node) ? this.#nameOf.get(node)! : this.#names.take(`d${by.name}`)
      if (!this.#plan.assigned.has(node)) statements.push(this.#statement(node, known, false))
      const argument = by.kind === 'input' && this.#inputs.includes(by)
      return {
        wrt: this.#nameOf.get(by) ?? this.#names.take(by.name),
        isArgument: argument,
        value: known,
        isHost: this.#plan.hosts.has(node),
      }
    })
    let valueName = this.#nameOf.get(value)
    if (valueName === undefined) {
      valueName = this.#names.take(of)
      statements.push(this.#statement(value, valueName, true))
    }
    return this.#assembled(valueName, results, this.#live(statements, [valueName, ...results.map((one) => one.value)], results.map((one) => one.value))) // prettier-ignore
  }

  /** What an input or a size is called in the program to which this pass belongs. */
  #givenName(of: InputNode | string): string | undefined {
    if (this.#outer === null) return undefined
    return typeof of === 'string' ? this.#outer.#sizeNames.get(of) : this.#outer.#nameOf.get(of)
  }

  #statement(node: Node, name: string, isForward: boolean): Statement {
    this.#uses = new Set()
    this.#sizes = new Set()
    const body = node.kind === 'definition' ? node.inputs[0]! : node
    const text = print(this.#target, body, { names: this.#nameOf, hosts: this.#plan.hosts })
    return { name, text, uses: this.#uses, sizes: this.#sizes, isForward, isHost: this.#plan.hosts.has(node) }
  }

  /** The statements on which the results rest, and among them those that gradients need. */
  #live(statements: readonly Statement[], results: readonly string[], gradients: readonly string[]) {
    const needed = new Set(results)
    const forGradients = new Set(gradients)
    const kept: Statement[] = []
    for (const statement of statements.toReversed()) {
      if (!needed.has(statement.name)) continue
      kept.push(statement)
      for (const name of statement.uses) needed.add(name)
      const isBackward = !statement.isForward || (statement.isHost && forGradients.has(statement.name))
      if (isBackward && forGradients.has(statement.name)) for (const name of statement.uses) forGradients.add(name)
    }
    kept.reverse()
    return {
      forward: kept.filter(({ isForward }) => isForward),
      // Numbers made of sizes are no arrays to be handed over: both passes compute them.
      backward: kept.filter(({ name, isForward, isHost }) => forGradients.has(name) && (!isForward || isHost)),
    }
  }

  #assembled(
    value: string,
    gradients: Module['gradients'],
    { forward, backward }: { forward: readonly Statement[]; backward: readonly Statement[] },
  ): Module {
    // prettier-ignore
    const isSizeArgument = (name: string): boolean => this.#sizeNames.has(name) && !this.#sources.has(name)
    const sizeArguments = [...this.#sizeNames.keys()].filter((name) => isSizeArgument(name) && [...forward, ...backward].some(({ sizes }) => sizes.has(name))) // prettier-ignore
    const [first, second] = [this.#body(forward), this.#body(backward)]
    const own = new Set(backward.map(({ name }) => name))
    const taken = new Set([...second.arrays, ...backward.flatMap(({ uses }) => [...uses]), ...gradients.map((one) => one.value)]) // prettier-ignore
    const order = [...this.#inputs.map((node) => this.#nameOf.get(node)!), ...forward.map(({ name }) => name)]
    return {
      of: this.#source.of,
      value,
      args: [
        ...this.#inputs.map((node) => this.#argument(node)),
        ...sizeArguments.map((name) => this.#sizeArgument(name)),
      ],
      forward: first.body,
      cache: order.filter((name) => taken.has(name) && !own.has(name)),
      backward: second.body,
      gradients,
      shifted: this.#shifted(gradients),
      helpers: this.#helperSources(),
    }
  }

  /** The pass for the self-check; its helpers join those of the program. */
  #shifted(gradients: Module['gradients']): ShiftedPass | null {
    const { of, gradients: sought, shifted, lengths } = this.#source
    if (gradients.every(({ isArgument }) => isArgument)) return null
    if (shifted === undefined || shifted === null) throw new BackproveError('internal', 'nothing moves a value between')
    const source = { of, value: shifted.value, gradients: [] }
    const writer = new ModuleWriter(this.#language, lengths === undefined ? source : { ...source, lengths }, this)
    const { forward, value } = writer.module()
    for (const name of writer.#helpers) this.#helpers.add(name)
    const shifts = sought.flatMap(({ by }, at) => {
      const input = by.kind === 'definition' ? shifted.shifts.get(by) : undefined
      if (input === undefined) return []
      const wrt = gradients[at]!.wrt
      // Where nothing depends on the value, what is added to it stands nowhere.
      return [{ wrt, parameter: writer.#nameOf.get(input) ?? writer.#names.take(input.name) }]
    })
    return { shifts, body: forward, value }
  }

  /** Statements with the sizes that stand in them, and the arrays off which these are read. */
  #body(statements: readonly Statement[]): { readonly body: Body; readonly arrays: readonly string[] } {
    const needed = new Set(statements.flatMap(({ sizes }) => [...sizes]))
    const sources = [...this.#sources.values()]
    for (const source of sources.toReversed()) {
      if (needed.has(source.name)) for (const name of sizeNames(source.rest)) needed.add(name)
    }
    const used = sources.filter(({ name }) => needed.has(name))
    return {
      arrays: used.map(({ array }) => this.#nameOf.get(array)!),
      body: {
        sizes: used.map((source) => ({ name: this.#sizeNames.get(source.name)!, text: this.#sizeText(source) })),
        assignments: statements.map(({ name, text }) => ({ name, text })),
      },
    }
  }

  #sizeText({ array, axis, rest, divisor }: SizeSource): string {
    const length = this.#language.length(this.#nameOf.get(array)!, axis)
    const code = sizeCode(rest, (name) => this.#sizeNames.get(name)!)
    const difference = code.text === '0' ? length : code.text.startsWith('-') ? `${length} + ${code.text.slice(1)}` : `${length} - (${code.text})` // prettier-ignore
    if (divisor === 1) return difference
    return this.#language.quotient(difference === length ? length : `(${difference})`, divisor)
  }

  #like(): string | null {
    const array = this.#inputs.find(({ role }) => role === 'param') ?? this.#inputs[0]
    if (array === undefined) return null
    const name = this.#nameOf.get(array)!
    this.#uses.add(name)
    return name
  }

  #argument(node: InputNode): Argument {
    const kind = node.role === 'label' || node.role === 'onehot' ? node.role : 'uniform'
    const lengths = node.shape.map((size) => this.#lengthOf(size))
    const sample = this.#source.samples?.get(node) ?? { lengths, kind, range: [-1, 1] as const }
    return { name: this.#nameOf.get(node)!, shape: shapeText(node.shape), sample, length: null }
  }

  #sizeArgument(name: string): Argument {
    return { name: this.#sizeNames.get(name)!, shape: 'length', sample: null, length: this.#lengths().get(name)! }
  }

  #lengthOf(size: InputNode['shape'][number]): number {
    const lengths = this.#lengths()
    return size.terms.reduce((sum, { coefficient, powers }) => sum + Number(coefficient) * powers.reduce((product, [name, exponent]) => product * lengths.get(name)! ** exponent, 1), 0) // prettier-ignore
  }

  /** Pairwise different small lengths: square data hides transposed mistakes. */
  #lengths(): ReadonlyMap<string, number> {
    return this.#source.lengths ?? new Map([...this.#sizeNames.keys()].map((name, at) => [name, 2 + (at % 5)]))
  }

  #helperSources(): string[] {
    const sources: string[] = []
    const done = new Set<string>()
    const add = (name: string): void => {
      if (done.has(name)) return
      done.add(name)
      const helper = this.#language.helpers.get(name)
      if (helper === undefined) throw new BackproveError('internal', `no helper ${name} in ${this.#language.name}`)
      for (const other of helper.needs ?? []) add(other)
      sources.push(helper.source)
    }
    for (const name of [...(this.#language.always ?? []), ...[...this.#helpers].sort()]) add(name)
    return sources
  }
}
