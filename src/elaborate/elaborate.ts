import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import { Builder } from '../graph/builder.ts'
import type { DefinitionNode, InputNode, Node, Role } from '../graph/node.ts'
import type { Assumption, Claim, Program, Warning } from '../graph/program.ts'
import type {
  CallExpr,
  Claim as ClaimStatement,
  ClaimLink,
  Definition,
  Expr,
  FunctionDefinition,
  Invalid,
  Loop,
  NameExpr,
  Sheet,
  Statement,
} from '../syntax/ast.ts'
import { readAssumptions } from './assumption.ts'
import { compare } from './claim.ts'
import { Expressions } from './expression.ts'
import type { Context } from './expression.ts'
import { passesOf } from './loop.ts'
import { Names } from './names.ts'
import { readFunction } from './own-function.ts'
import { Scope } from './scope.ts'
import { isCondition, isDeclaration, survey } from './survey.ts'

/**
 * A sheet as a graph: names resolved, shapes checked, functions applied, loops written out. Never throws for what the
 * sheet says: a fault becomes an error of the program, or of the claim that rests on it, and the rest goes on.
 */
export function elaborate(sheet: Sheet, builder: Builder = new Builder()): Program {
  const elaboration = new Elaboration(sheet, builder)
  elaboration.run(sheet.statements)
  const program = elaboration.finish()
  origins.set(program, elaboration)
  return program
}

/** How the reading of an edited text differs from that of the sheet. */
export type Reading = Pick<Context, 'given' | 'known'>

/** An expression as it would be read at the place `scope` of a claim or a definition. Throws where it is ill formed. */
export function elaborateSide(program: Program, expr: Expr, scope: number, reading: Reading = {}): Node {
  return originOf(program).side(expr, scope, reading)
}

/** The statements of a program as written. */
export function sourcesOf(program: Program): Sources {
  return originOf(program).sources
}

function originOf(program: Program): Elaboration {
  const origin = origins.get(program)
  if (origin === undefined) throw new BackproveError('internal', 'a program that was not elaborated from a sheet')
  return origin
}

export interface Sources {
  /** In the order of the unrolled sheet. */
  readonly definitions: readonly DefinitionSource[]
  readonly claims: ReadonlyMap<Claim, ClaimSource>
}

/** A definition of a value. */
export interface DefinitionSource {
  /** As it is looked up: indices are numbers. */
  readonly name: string
  readonly target: NameExpr
  readonly expr: Expr
  /** Its place in the unrolled sheet. */
  readonly scope: number
  /** `null` where it was not understood. */
  readonly node: Node | null
}

export interface ClaimSource {
  readonly link: ClaimLink
  readonly scope: number
}

const origins = new WeakMap<Program, Elaboration>()

class Elaboration {
  readonly #builder: Builder
  readonly #names: Names
  readonly #expressions: Expressions
  readonly #inputs: InputNode[] = []
  readonly #definitions = new Map<string, DefinitionNode>()
  readonly #assumptions: Assumption[] = []
  readonly #claims: Claim[] = []
  readonly #errors = new Map<string, BackproveError>()
  /** The scopes of claims and definitions by their place in the unrolled sheet, and the last place visible from there. */
  readonly #places = new Map<number, { readonly scope: Scope; readonly order: number }>()
  readonly #written = new Map<number, DefinitionSource>()
  readonly #links = new Map<Claim, ClaimSource>()
  #scope = new Scope()
  #order = 0
  #passes = 0

  constructor(sheet: Sheet, builder: Builder) {
    this.#builder = builder
    this.#names = new Names(builder, survey(sheet))
    this.#expressions = new Expressions(builder, this.#names)
  }

  run(statements: readonly Statement[]): void {
    for (const statement of statements) {
      this.#order++
      this.#read(statement)
    }
  }

  finish(): Program {
    return {
      builder: this.#builder,
      sizes: [...this.#names.sizes.keys()],
      inputs: this.#inputs,
      definitions: this.#definitions,
      assumptions: this.#assumptions,
      claims: this.#claims,
      errors: [...this.#errors.values()].sort(byPlace),
      roundedConstants: this.#expressions.rounded,
    }
  }

  side(expr: Expr, order: number, reading: Reading): Node {
    const place = this.#places.get(order)
    if (place === undefined) throw new BackproveError('internal', `no claim or definition stands at place ${order}`)
    return this.#expressions.value(expr, { ...place, frame: null, warnings: new Set(), ...reading })
  }

  get sources(): Sources {
    return { definitions: [...this.#written.values()], claims: this.#links }
  }

  #read(statement: Statement): void {
    switch (statement.kind) {
      case 'definition':
        return this.#attempt(statement, () => {
          this.#define(statement)
        })
      case 'function':
        return this.#attempt(statement, () => {
          this.#defineFunction(statement)
        })
      case 'assume':
        return this.#attempt(statement, () => {
          for (const condition of statement.conditions) this.#assume(condition)
        })
      case 'claim':
        return this.#claim(statement)
      case 'loop':
        return this.#loop(statement)
      case 'invalid':
        return this.#invalid(statement)
    }
  }

  /** Does what a statement says; if that fails, what it would have defined is broken, and its uses will say so. */
  #attempt(statement: Exclude<Statement, Invalid | ClaimStatement | Loop>, act: () => void): void {
    try {
      act()
    } catch (error) {
      if (!(error instanceof BackproveError)) throw error
      this.#report(error.at(statement.span))
      if (statement.kind !== 'assume') this.#break(statement)
    }
  }

  /** What rests on a reported fault is no fault of its own. One place in a loop is reported once for the same reason. */
  #report(error: BackproveError): void {
    if (error.code === 'depends-on-error') return
    const key = `${error.span?.line ?? 0}:${error.span?.column ?? 0} ${error.message}`
    if (!this.#errors.has(key)) this.#errors.set(key, error)
  }

  #break(statement: Definition | FunctionDefinition): void {
    const { target, span } = statement
    let name: string
    try {
      name = this.#expressions.nameText(target, this.#context())
    } catch {
      this.#names.lose(target.name, span)
      return
    }
    const entry = { kind: 'broken', span, order: this.#order } as const
    if (statement.kind === 'function') {
      if (this.#scope.function(name, this.#order) === null) this.#scope.addFunction(name, entry)
    } else if (this.#scope.value(name, this.#order - 1) === null) this.#scope.addValue(name, entry)
  }

  #context(warnings = new Set<Warning>()): Context {
    return { scope: this.#scope, order: this.#order, frame: null, warnings }
  }

  #define(statement: Definition): void {
    const { target, value, span } = statement
    const context = this.#context()
    const name = this.#expressions.nameText(target, context)
    if (this.#defineAlias(name, value, span)) return
    this.#refuseSecond(name, span)
    if (isDeclaration(value) && this.#scope.function(value.callee.name, this.#order) === null) {
      this.#declare(name, value, span)
      return
    }
    this.#places.set(this.#order, { scope: this.#scope, order: this.#order - 1 })
    const source = { name, target, expr: value, scope: this.#order }
    this.#written.set(this.#order, { ...source, node: null })
    const node = this.#expressions.value(value, context)
    const isLocal = this.#scope.isLocal(name)
    const defined = this.#builder.define(this.#label(name), node, isLocal)
    this.#written.set(this.#order, { ...source, node: defined })
    if (!isLocal && defined.kind === 'definition') this.#definitions.set(name, defined)
    this.#addValue(name, span, defined, context.warnings)
  }

  #addValue(name: string, span: Span, node: Node, warnings: ReadonlySet<Warning>): void {
    this.#scope.addValue(name, { kind: 'value', node, warnings: [...warnings], span, order: this.#order })
  }

  /** A name that ends with a pass of a loop is told apart from that of the next pass. */
  #label(name: string): string {
    if (!this.#scope.isLocal(name)) return name
    const loops = [...(this.#scope.iteration() ?? [])].map(([loop, value]) => `${loop} = ${value}`)
    return `${name} (${loops.join(', ')})`
  }

  #refuseSecond(name: string, span: Span): void {
    const entry = this.#scope.value(name, this.#order)
    if (entry !== null) {
      const hint = entry.kind === 'loop' ? 'choose another name' : 'a name is defined once: choose another'
      throw new BackproveError('redefinition', `\`${name}\` has its meaning from line ${entry.span.line}`, {
        hint,
        span,
      })
    }
    const size = this.#names.sizes.get(name)
    if (size === undefined) return
    throw new BackproveError('redefinition', `\`${name}\` is a size since line ${size.line}`, {
      hint: 'a name cannot be both a size and a value; a number that stands in shapes is defined before them',
      span,
    })
  }

  /** `g[1] = tanh`, where the right side is a function and no value. */
  #defineAlias(name: string, value: Expr, span: Span): boolean {
    if (value.kind !== 'name') return false
    const context = this.#context()
    const source = this.#expressions.nameText(value, context)
    if (!value.numpy) {
      const isValue = this.#scope.value(source, this.#order) !== null || this.#names.knownSize(value, source) !== null
      if (isValue || this.#names.constant(source) !== null) return false
    }
    const entry = this.#names.function(value, source, this.#scope, this.#order)
    if (entry === null) return false
    this.#refuseSecondFunction(name, span)
    this.#scope.addFunction(name, { ...entry, span, order: this.#order })
    return true
  }

  #refuseSecondFunction(name: string, span: Span): void {
    const entry = this.#scope.function(name, this.#order)
    if (entry === null) return
    throw new BackproveError('redefinition', `the function \`${name}\` is defined in line ${entry.span.line}`, {
      hint: 'a name is defined once: choose another',
      span,
    })
  }

  #defineFunction(statement: FunctionDefinition): void {
    const { target, span } = statement
    const context = this.#context()
    const name = this.#expressions.nameText(target, context)
    this.#refuseSecondFunction(name, span)
    const fn = readFunction(name, statement, this.#expressions, context)
    this.#scope.addFunction(name, { kind: 'function', fn, span, order: this.#order })
  }

  /** `X = input(r, c, X > 0)`: the conditions may speak of what is declared. */
  #declare(name: string, call: CallExpr, span: Span): void {
    const [keyword] = call.keywords
    if (keyword !== undefined) {
      throw new BackproveError('argument', `\`${call.callee.name}\` has no argument \`${keyword.name}=\``, {
        hint: 'a declaration names its axes and its assumptions: `input(r, c, X > 0)`',
        span: keyword.span,
      })
    }
    const context = this.#context()
    const axes = call.args.filter((arg) => !isCondition(arg))
    const shape = axes.map((axis) => this.#expressions.size(axis, context))
    const node = this.#builder.input(this.#label(name), shape, call.callee.name as Role)
    this.#addValue(name, span, node, context.warnings)
    const conditions = call.args.filter(isCondition)
    const assumptions = conditions.flatMap((condition) => readAssumptions(condition, this.#expressions, context))
    this.#assumptions.push(...assumptions)
    if (node.kind === 'input') this.#inputs.push(node)
  }

  #assume(condition: Expr): void {
    this.#assumptions.push(...readAssumptions(condition, this.#expressions, this.#context()))
  }

  #claim(statement: ClaimStatement): void {
    this.#places.set(this.#order, { scope: this.#scope, order: this.#order })
    for (const link of statement.links) {
      const warnings = new Set<Warning>()
      const context = this.#context(warnings)
      let subject: Claim['subject']
      try {
        const [left, right] = [link.lhs, link.rhs].map((side) => this.#expressions.value(side, context)) as [Node, Node]
        subject = compare(this.#builder, link, left, right, this.#order)
      } catch (error) {
        if (!(error instanceof BackproveError)) throw error
        subject = error.at(link.span)
      }
      const claim = this.#addClaim(link.text, link.span, subject, [...warnings])
      this.#links.set(claim, { link, scope: this.#order })
    }
  }

  #addClaim(text: string, span: Span, subject: Claim['subject'], warnings: readonly Warning[]): Claim {
    const claim = { span, text, iteration: this.#scope.iteration(), subject, warnings }
    this.#claims.push(claim)
    return claim
  }

  #invalid(statement: Invalid): void {
    for (const { text, span } of statement.claims) this.#addClaim(text, span, statement.error, [])
    if (statement.claims.length === 0) this.#report(statement.error)
  }

  #loop(statement: Loop): void {
    const outer = this.#scope
    let passes: readonly number[]
    try {
      this.#refuseSecond(statement.variable.name, statement.variable.span)
      passes = passesOf(statement, (expr) => this.#expressions.whole(expr, this.#context()), this.#passes)
    } catch (error) {
      if (!(error instanceof BackproveError)) throw error
      this.#report(error.at(statement.span))
      this.#abandon(statement)
      return
    }
    this.#passes += passes.length
    const { name, span } = statement.variable
    for (const value of passes) {
      this.#scope = new Scope(outer, { name, value })
      this.#scope.addValue(name, { kind: 'loop', value, span, order: this.#order })
      this.run(statement.body)
    }
    this.#scope = outer
  }

  /** What a loop that cannot run would have claimed and defined. */
  #abandon(loop: Loop): void {
    const error = new BackproveError('depends-on-error', 'the loop around it is not understood', {
      hint: 'mend the head of the loop first',
      span: loop.span,
    })
    for (const statement of loop.body) {
      if (statement.kind === 'claim')
        for (const { text, span } of statement.links) this.#addClaim(text, span, error, [])
      else if (statement.kind === 'invalid') this.#invalid(statement)
      else if (statement.kind === 'loop') this.#abandon(statement)
      else if (statement.kind !== 'assume') this.#names.lose(statement.target.name, statement.span)
    }
  }
}

function byPlace(a: BackproveError, b: BackproveError): number {
  const [p, q] = [a.span ?? { line: 0, column: 0 }, b.span ?? { line: 0, column: 0 }]
  return p.line - q.line || p.column - q.column
}
