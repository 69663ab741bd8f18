import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import { parseRational, rational } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { elaborate } from '../elaborate/elaborate.ts'
import { nearest } from '../elaborate/nearest.ts'
import type { Builder } from '../graph/builder.ts'
import type { InputNode, Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable, unname } from '../graph/walk.ts'
import { ELEMENTWISE_NAMES } from '../ops/names.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { Definition, Expr, NameExpr, Sheet } from '../syntax/ast.ts'
import { parseExpression, parseSheet } from '../syntax/sheet.ts'
import { KNOWN, knownActivation } from './known.ts'
import { refuseArrayFunctions, refuseExtremeNumbers } from './refuse.ts'

/** A parameter of an activation and the value at which it is analysed. */
export interface Parameter {
  readonly name: string
  readonly node: InputNode
  readonly value: Rational
}

/** A function of one real number `z`, as a scalar graph. */
export interface Subject {
  /** As written. */
  readonly text: string
  /** The name by which it was asked for. */
  readonly name: string | null
  readonly builder: Builder
  readonly root: Node
  readonly z: InputNode
  readonly parameters: readonly Parameter[]
}

export type Settings = ReadonlyMap<string, string>

const VARIABLE = 'z'
const CONSTANTS = new Set(['pi', 'e'])
const START: Span = { line: 1, column: 1 }

/**
 * Reads an activation: an expression in `z`, whose other free names are parameters, or the name of a known one. A parameter
 * takes its value from `settings`, else the usual one, else 1.
 * Throws what reading throws; `argument` for a function of no `z`, `unknown-function` for a lone name that is no activation,
 * `usage` for a setting of a name that does not occur, `unsupported` for a function of whole arrays,
 * `argument` for numbers beyond the range of doubles.
 */
export function readActivation(text: string, settings: Settings = new Map()): Subject {
  const trimmed = text.trim()
  // A name may be spelt with spaces and hyphens; what is none and has hyphens is a difference.
  const isName = /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(trimmed) || knownActivation(trimmed) !== null
  const known = isName && trimmed !== VARIABLE ? byName(trimmed) : null
  const source = known?.expression ?? trimmed
  const expr = parseExpression(source)
  refuseArrayFunctions(expr, VARIABLE)
  const names = freeNames(expr)
  const target = ['g', 'g_1', 'activation_'].find((name) => !names.has(name))!
  const parameterNames = [...names.keys()].filter((name) => name !== VARIABLE && !CONSTANTS.has(name))
  for (const name of parameterNames) refuseFunctionName(name, names.get(name)!)
  const sheet: Sheet = {
    statements: [...[VARIABLE, ...parameterNames].map(declaration), definition(target, expr)],
  }
  const program = elaborate(sheet)
  return subjectOf(program, target, VARIABLE, {
    text: trimmed,
    name: known?.name ?? null,
    settings,
    usual: known?.parameters ?? {},
  })
}

/** The function `name` of a sheet, the sheet's scalar inputs as its parameters. Throws as `readActivation` does. */
export function readFromSheet(sheetText: string, name: string, settings: Settings = new Map()): Subject {
  const sheet = parseSheet(sheetText)
  const has = sheet.statements.some((statement) => statement.kind === 'function' && statement.target.name === name)
  const isNamed = sheet.statements.some(
    (statement) => statement.kind === 'definition' && statement.target.name === name,
  )
  if (!has && !isNamed) {
    const functions = sheet.statements.flatMap((s) => (s.kind === 'function' ? [s.target.name] : []))
    const near = nearest(name, functions)
    throw new BackproveError('unknown-function', `the sheet has no function \`${name}\``, {
      hint:
        near === null
          ? `it defines ${functions.length === 0 ? 'none' : functions.join(', ')}`
          : `did you mean \`${near}\`?`,
    })
  }
  for (const statement of sheet.statements) {
    if (statement.kind !== 'function' || statement.target.name !== name) continue
    for (const parameter of statement.parameters) refuseArrayFunctions(statement.body, parameter.name)
  }
  const taken = new Set(sheetText.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [])
  const variable = [VARIABLE, 'z_', 'z_1', 'z_2'].find((candidate) => !taken.has(candidate)) ?? 'z_backprove'
  const call: Expr = {
    kind: 'call',
    callee: nameExpr(name),
    order: 0,
    args: [nameExpr(variable)],
    keywords: [],
    span: START,
  }
  const target = `${variable}_value`
  const claimless = sheet.statements.filter((statement) => statement.kind !== 'claim')
  const program = elaborate({ statements: [...claimless, declaration(variable), definition(target, call)] })
  return subjectOf(program, target, variable, { text: `${name}(${variable})`, name: null, settings, usual: {} })
}

/** A node with others in the place of some. */
export function replaced(builder: Builder, root: Node, replacements: ReadonlyMap<Node, Node>): Node {
  const made = new Map<Node, Node>()
  for (const node of reachable([root])) {
    const inputs = node.inputs.map((input) => made.get(input)!)
    const same = inputs.every((input, at) => input === node.inputs[at])
    made.set(node, replacements.get(node) ?? (same ? node : builder.rebuild(node, inputs)))
  }
  return made.get(root)!
}

/** The function with the values of its parameters put in. */
export function settled(subject: Subject): Subject {
  const { builder, root, parameters } = subject
  const values = new Map<Node, Node>(parameters.map(({ node, value }) => [node, builder.constant(value)]))
  return { ...subject, root: replaced(builder, root, values), parameters: [] }
}

interface Reading {
  readonly text: string
  readonly name: string | null
  readonly settings: Settings
  readonly usual: Readonly<Record<string, string>>
}

function subjectOf(program: Program, target: string, variable: string, reading: Reading): Subject {
  const found = program.definitions.get(target)
  if (found === undefined) throw program.errors[0] ?? new BackproveError('internal', 'an activation without a value')
  const root = unname(found)
  const z = program.inputs.find((input) => input.name === variable)!
  if (root.shape.length > 0) throw new BackproveError('not-scalar', 'an activation gives one number for one number')
  const used = reachable([root])
  if (!used.includes(z)) {
    throw new BackproveError('argument', `\`${reading.text}\` does not depend on ${VARIABLE}`, {
      hint: `an activation is a function of ${VARIABLE}, such as ${VARIABLE}*sigmoid(${VARIABLE})`,
    })
  }
  const inputs = program.inputs.filter((input) => input !== z && used.includes(input))
  for (const name of reading.settings.keys()) {
    if (inputs.some((input) => input.name === name)) continue
    const near = nearest(name, inputs.map((input) => input.name)) // prettier-ignore
    const hint = near === null ? 'it has none of that name' : `did you mean \`${near}\`?`
    throw new BackproveError('usage', `\`${reading.text}\` has no parameter \`${name}\``, { hint })
  }
  const parameters = inputs.map((node) => {
    if (node.shape.length > 0) throw new BackproveError('not-scalar', `the parameter \`${node.name}\` is not a number`)
    const value = reading.settings.get(node.name) ?? reading.usual[node.name]
    return { name: node.name, node, value: value === undefined ? rational(1) : parseRational(value) }
  })
  const given = parameters.map(({ value }) => value)
  refuseExtremeNumbers(used, given)
  return { text: reading.text, name: reading.name, builder: program.builder, root, z, parameters }
}

function byName(text: string): {
  name: string | null
  expression: string
  parameters: Readonly<Record<string, string>>
} {
  const known = knownActivation(text)
  if (known !== null) return known
  const elementwise = ELEMENTWISE_NAMES.find((name) => name === text)
  if (elementwise !== undefined && ELEMENTWISE[elementwise].arity === 1) {
    return { name: null, expression: `${elementwise}(${VARIABLE})`, parameters: {} }
  }
  const names = KNOWN.map((activation) => activation.name)
  const near = nearest(text, names)
  throw new BackproveError('unknown-function', `\`${text}\` is not an activation that is known by name`, {
    hint:
      near === null
        ? `write an expression in ${VARIABLE}, or one of ${names.slice(0, 8).join(', ')}, …`
        : `did you mean \`${near}\`?`,
    span: START,
  })
}

function refuseFunctionName(name: string, span: Span): void {
  const isFunction = ELEMENTWISE_NAMES.some((fn) => fn === name) || knownActivation(name) !== null
  if (!isFunction) return
  throw new BackproveError('argument', `\`${name}\` is a function; here a number is wanted`, {
    hint: `write ${name}(${VARIABLE})`,
    span,
  })
}

/** Names that stand for numbers, with their first place. */
function freeNames(expr: Expr): Map<string, Span> {
  const found = new Map<string, Span>()
  const stack: Expr[] = [expr]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    switch (at.kind) {
      case 'name':
        if (!found.has(at.name) && !at.numpy) found.set(at.name, at.span)
        stack.push(...at.indices)
        break
      case 'call':
        stack.push(...at.args, ...at.keywords.map((keyword) => keyword.value))
        break
      case 'prefix':
      case 'transpose':
        stack.push(at.operand)
        break
      case 'infix':
        stack.push(at.right, at.left)
        break
      case 'conditional':
        stack.push(at.no, at.yes, at.condition)
        break
      case 'list':
        stack.push(...at.items)
        break
      case 'number':
      case 'boolean':
    }
  }
  return found
}

const nameExpr = (name: string): NameExpr => ({ kind: 'name', name, indices: [], numpy: false, span: START })

const definition = (name: string, value: Expr): Definition => ({
  kind: 'definition',
  target: nameExpr(name),
  value,
  span: value.span,
})

const declaration = (name: string): Definition =>
  definition(name, { kind: 'call', callee: nameExpr('input'), order: 0, args: [], keywords: [], span: START })
