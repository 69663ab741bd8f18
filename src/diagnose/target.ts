import { BackproveError } from '../base/errors.ts'
import { elaborateSide, sourcesOf } from '../elaborate/elaborate.ts'
import type { DefinitionSource } from '../elaborate/elaborate.ts'
import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { partsOf } from '../syntax/ast.ts'
import type { Expr, NameExpr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import { replaceNames } from './map-parts.ts'

/** A text that an edit may mend: a side of the claim, or a definition that only serves it. */
export interface Target {
  readonly expr: Expr
  /** The definition's name as the sheet writes it; `null` for the claim itself. */
  readonly definition: DefinitionSource | null
  /** The place from which the text is read. */
  readonly scope: number
  /** The node of a part at this place. */
  readonly read: (expr: Expr) => Node
  /** The claim's side once the text is another. */
  readonly sideWith: (expr: Expr) => Node
  /** The mended text as it would stand in the sheet. */
  readonly suggest: (expr: Expr) => string
  /** The claim's side with the mended text in it; `null` where names of a loop would be lost. */
  readonly inlined: (expr: Expr) => Expr | null
  readonly readSide: (expr: Expr) => Node
}

/** A definition that the claim's side uses, and the definitions that it uses in turn. */
export interface Serving {
  readonly source: DefinitionSource
  readonly uses: ReadonlySet<DefinitionSource>
}

/** The definitions that a side is made of and the goal is not, in the order of the sheet. */
export function servingDefinitions(program: Program, side: Expr, scope: number, goal: Node): Serving[] {
  const forward = new Set(reachable([goal]))
  const { definitions } = sourcesOf(program)
  const byNode = new Map(
    definitions.flatMap((source) => (source.node === null ? [] : [[source.node, source] as const])),
  )
  const found = new Map<DefinitionSource, Serving>()
  const find = (expr: NameExpr, place: number): DefinitionSource | null => {
    try {
      return byNode.get(elaborateSide(program, expr, place)) ?? null
    } catch (error) {
      if (!(error instanceof BackproveError)) throw error
    }
    const key = lookedUp(program, expr, place)
    return definitions.findLast(({ name, node, scope: at }) => node === null && name === key && at < place) ?? null
  }
  const visit = (expr: Expr, place: number): Set<DefinitionSource> => {
    const uses = new Set<DefinitionSource>()
    for (const part of partsOf(expr)) {
      if (part.kind !== 'name') continue
      const source = find(part, place)
      if (source === null || (source.node !== null && forward.has(source.node))) continue
      if (!found.has(source)) found.set(source, { source, uses: visit(source.expr, source.scope) })
      uses.add(source)
      for (const inner of found.get(source)!.uses) uses.add(inner)
    }
    return uses
  }
  visit(side, scope)
  return [...found.values()].sort((a, b) => a.source.scope - b.source.scope)
}

/** A name with its indices as numbers. */
function lookedUp(program: Program, { name, indices }: NameExpr, scope: number): string {
  if (indices.length === 0) return name
  const numbers = indices.map((index) => {
    try {
      const node = elaborateSide(program, index, scope)
      return node.kind === 'constant' ? String(node.value.n) : '?'
    } catch {
      return '?'
    }
  })
  return `${name}[${numbers.join(',')}]`
}

/** The texts that could be mended: the claim's side first, then definitions from the latest. */
export function targetsOf(program: Program, side: Expr, scope: number, serving: readonly Serving[]): Target[] {
  const known = new WeakMap<Expr, Node>()
  const read = (expr: Expr): Node => elaborateSide(program, expr, scope, { known })
  const own: Target = {
    expr: side,
    definition: null,
    scope,
    read,
    sideWith: read,
    suggest: (expr) => toSource(expr),
    inlined: (expr) => expr,
    readSide: read,
  }
  const seen = new Set<Expr>()
  // A side that is only a name is mended where the name is defined.
  const isName = side.kind === 'name' && serving.length > 0
  const targets = isName ? [] : [own]
  for (const { source } of [...serving].reverse()) {
    // All passes of a loop share one text.
    if (seen.has(source.expr)) continue
    seen.add(source.expr)
    const inPlace = new WeakMap<Expr, Node>()
    targets.push({
      expr: source.expr,
      definition: source,
      scope: source.scope,
      read: (expr) => elaborateSide(program, expr, source.scope, { known: inPlace }),
      sideWith: (expr) => sideAfter(program, side, scope, serving, source, expr, inPlace),
      suggest: (expr) => `${toSource(source.target)} = ${toSource(expr)}`,
      inlined: (expr) => inline(side, source, expr, serving),
      readSide: (whole) => elaborateSide(program, whole, scope),
    })
  }
  return targets
}

/** The side with every name on the way to a mended definition replaced by what it stands for. */
function inline(side: Expr, mended: DefinitionSource, expr: Expr, serving: readonly Serving[]): Expr | null {
  const texts = new Map<string, Expr>([[mended.name, expr]])
  for (const { source, uses } of serving) {
    if (source === mended || ![...uses].some((used) => texts.has(used.name))) continue
    const { name } = source
    texts.set(name, replaceNames(source.expr, texts))
  }
  // An index may be the name of a loop, which means nothing outside it.
  const isLooped = serving.some(({ source }) => texts.has(source.name) && source.target.indices.length > 0)
  return isLooped ? null : replaceNames(side, texts)
}

/** The claim's side when one definition is another: what uses it is read again. */
function sideAfter(
  program: Program,
  side: Expr,
  scope: number,
  serving: readonly Serving[],
  mended: DefinitionSource,
  expr: Expr,
  known: WeakMap<Expr, Node>,
): Node {
  const given = new Map<string, Node>()
  const changed = new Set<DefinitionSource>()
  for (const { source, uses } of serving) {
    const isMended = source.expr === mended.expr
    if (!isMended && ![...uses].some((used) => changed.has(used))) {
      given.delete(source.name)
      continue
    }
    changed.add(source)
    const reading = source === mended && given.size === 0 ? { known } : { given }
    given.set(source.name, elaborateSide(program, isMended ? expr : source.expr, source.scope, reading))
  }
  return elaborateSide(program, side, scope, { given })
}
