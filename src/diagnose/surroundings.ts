import { BackproveError } from '../base/errors.ts'
import { MINUS_ONE } from '../base/rational.ts'
import { sourcesOf } from '../elaborate/elaborate.ts'
import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { toText } from '../print/text.ts'
import { shorten } from '../rewrite/shorten.ts'
import { sameShape } from '../shape/shape.ts'
import { literalValue } from '../shape/size.ts'
import { partsOf } from '../syntax/ast.ts'
import type { Expr } from '../syntax/ast.ts'
import { parseExpression } from '../syntax/sheet.ts'
import { toSource } from '../syntax/source.ts'
import type { Surroundings, Value } from './edit.ts'
import type { Goal } from './goal.ts'
import { call, factorsOf, infix, minus, productOf, termsOf, tidy } from './make.ts'
import type { Target } from './target.ts'

const MOST_VALUES = 60
const MOST_SIZES = 5
const MOST_PARTS = 60
/** Nodes of a formula beyond which its shortest form is not sought. */
const MOST_SHORTENED = 1500

/** What edits of a target may use. */
export function surroundingsOf(program: Program, goal: Goal, target: Target): Surroundings {
  const nodes = new Map<Expr, Node | null>()
  const nodeOf = (expr: Expr): Node | null => {
    const known = nodes.get(expr)
    if (known !== undefined) return known
    const node = attempt(() => target.read(expr))
    nodes.set(expr, node)
    return node
  }
  const { values, sizeNames } = namesAt(program, goal, target, nodeOf)
  const pairs = sizeNames.flatMap((a, at) => sizeNames.slice(at + 1).map((b) => infix('*', a, b)))
  let derived: readonly Value[] | null = null
  return {
    nodeOf,
    shapeOf: (expr) => nodeOf(expr)?.shape ?? null,
    values,
    sizes: [...sizeNames, ...pairs],
    sizeNames,
    derived: () => (derived ??= derivedParts(program, goal, nodeOf, target.scope)),
    missingTerms: () => missingTerms(program, goal, target),
    functions: functionsOf(program, nodeOf, values),
  }
}

/** What may fail because an edit made no sense. */
export function attempt<T>(act: () => T): T | null {
  try {
    return act()
  } catch (error) {
    if (error instanceof BackproveError) return null
    throw error
  }
}

/** The names that the sheet uses, as it writes them, with those first that stand in the target's own text. */
function namesAt(
  program: Program,
  goal: Goal,
  target: Target,
  nodeOf: (expr: Expr) => Node | null,
): { values: Value[]; sizeNames: Expr[] } {
  const { definitions } = sourcesOf(program)
  const texts = [target.expr, ...definitions.flatMap(({ target: name, expr }) => [name, expr])]
  const names = new Map<string, Expr>()
  for (const text of texts) {
    for (const part of partsOf(text)) if (part.kind === 'name' && !part.numpy) names.set(toSource(part), part)
  }
  for (const name of [...program.inputs.map((input) => input.name), ...program.sizes]) {
    const expr = names.get(name) ?? attempt(() => parseExpression(name))
    if (expr !== null) names.set(name, expr)
  }
  const own = attempt(() => target.sideWith(target.expr))
  const near = new Set(reachable(own === null ? [goal.raw] : [goal.raw, own]))
  const ownNames = new Set([...partsOf(target.expr)].map((part) => toSource(part)))
  const values: Value[] = []
  const sizeNames: Expr[] = []
  const seen = new Set<Node>()
  for (const expr of names.values()) {
    const node = nodeOf(expr)
    if (node === null || seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'size') sizeNames.push(expr)
    else if (isDifferentiated(goal, node)) continue
    else if (own === null || near.has(node) || ownNames.has(toSource(expr))) values.push({ expr, node })
  }
  return { values: values.slice(0, MOST_VALUES), sizeNames: relevant(sizeNames, goal).slice(0, MOST_SIZES) }
}

/** Sizes of the goal's own axes and of what it sums over come first. */
function relevant(sizes: readonly Expr[], goal: Goal): Expr[] {
  const used = new Set<string>()
  for (const node of reachable([goal.node])) {
    const own = node.kind === 'contract' ? node.spec.sizes : node.shape
    for (const size of own) if (literalValue(size) === null) used.add(size.key)
  }
  return sizes.filter((size) => used.has(toSource(size)))
}

function functionsOf(program: Program, nodeOf: (expr: Expr) => Node | null, values: readonly Value[]): string[] {
  const names = new Set<string>()
  const probe = values[0]?.expr
  for (const { expr } of sourcesOf(program).definitions) {
    for (const part of partsOf(expr)) {
      if (part.kind !== 'call' || part.args.length !== 1 || part.keywords.length > 0) continue
      if (!part.callee.numpy && part.callee.indices.length === 0) names.add(part.callee.name)
    }
  }
  return [...names].filter((fn) => probe !== undefined && nodeOf(call(fn, [probe])) !== null)
}

/** The shortest form of a node as text of the sheet that can be read at a place. */
function shortest(program: Program, goal: Goal, node: Node, place: number): Expr | null {
  if (reachable([node]).length > MOST_SHORTENED) return null
  return attempt(() => {
    const assumptions = goal.assumptions.filter(({ relation, aboutSizes }) => relation === 'equal' && !aboutSizes)
    const scope = [...goal.raw.inputs.slice(1), ...namedBefore(program, goal, place)]
    const [short] = shorten(program.builder, [node], { assumptions, scope })
    return short === undefined ? null : tidy(parseExpression(toText(short)))
  })
}

/** Definitions that may be used at a place, without those that a derivative stands in. */
function namedBefore(program: Program, goal: Goal, place: number): Node[] {
  return sourcesOf(program).definitions.flatMap(({ node, scope }) => {
    const isUsable = node !== null && scope < place && !isDifferentiated(goal, node)
    return isUsable && reachable([node]).every(({ kind }) => kind !== 'derivative') ? [node] : []
  })
}

/** The value that the goal differentiates is no part of a formula for its derivative that a reader looks for. */
function isDifferentiated(goal: Goal, node: Node): boolean {
  if (goal.raw.kind !== 'derivative') return false
  let y = goal.raw.inputs[0]!
  while (y !== node && y.kind !== 'definition' && y.inputs.length === 1) y = y.inputs[0]!
  return y === node
}

/** The node with some definitions written out. */
function writtenOut(program: Program, root: Node, isOpened: (node: Node) => boolean): Node {
  const nodes = reachable([root])
  if (!nodes.some(isOpened)) return root
  const results = new Map<Node, Node>()
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => results.get(input)!)
    const isSame = inputs.every((input, at) => input === node.inputs[at])
    results.set(node, isOpened(node) ? inputs[0]! : isSame ? node : program.builder.rebuild(node, inputs))
  }
  return results.get(root)!
}

/** The terms of `A'*(B + C)`. */
function expanded(expr: Expr): Expr[] {
  const factors = factorsOf(expr)
  const at = factors.findIndex((factor) => termsOf(factor.expr).length > 1)
  if (at < 0 || factors[at]!.op.endsWith('/')) return []
  return termsOf(factors[at]!.expr).map(({ op, expr: term }) => {
    const product = productOf([...factors.slice(0, at), { op: factors[at]!.op, expr: term }, ...factors.slice(at + 1)])
    return op === '+' ? product : minus(product)
  })
}

function derivedParts(program: Program, goal: Goal, nodeOf: (expr: Expr) => Node | null, place: number): Value[] {
  const text = shortest(
    program,
    goal,
    writtenOut(program, goal.node, (node) => isDifferentiated(goal, node)),
    place,
  )
  if (text === null) return []
  const parts: Value[] = []
  const seen = new Set<Node>()
  for (const expr of [...expanded(text), ...partsOf(text)]) {
    if (expr === text && expr.kind !== 'name') continue
    const node = nodeOf(expr)
    if (node === null || node.kind === 'constant' || node.kind === 'size' || seen.has(node)) continue
    seen.add(node)
    parts.push({ expr, node })
    if (parts.length >= MOST_PARTS) break
  }
  return parts
}

/** The difference between the goal and the claim, if it is one term and shorter than the goal itself. */
function missingTerms(program: Program, goal: Goal, target: Target): Expr[] {
  const { builder } = program
  const side = attempt(() => target.sideWith(target.expr))
  if (side === null || !sameShape(side.shape, goal.node.shape)) return []
  const forward = new Set(reachable([goal.raw]))
  const open = (node: Node): boolean =>
    node.kind === 'definition' && (!forward.has(node) || isDifferentiated(goal, node))
  const own = writtenOut(program, side, open)
  const difference = builder.call('add', goal.node, builder.call('mul', builder.constant(MINUS_ONE), own))
  const text = shortest(program, goal, difference, target.scope)
  const whole = shortest(program, goal, goal.node, target.scope)
  if (text === null || whole === null) return []
  const isOneTerm = termsOf(text).length === 1 && factorsOf(text).every(({ expr }) => termsOf(expr).length <= 2)
  return isOneTerm && toSource(text).length < toSource(whole).length ? [text] : []
}
