import { broadcastShapes, sameShape } from '../../shape/shape.ts'
import type { Shape } from '../../shape/shape.ts'
import { ONE_SIZE } from '../../shape/size.ts'
import type { Expr } from '../../syntax/ast.ts'
import type { Edit, Proposal, Surroundings } from '../edit.ts'
import { call, factorsOf, infix, isSumOp, isZeroLiteral, minus, number, plus } from '../make.ts'
import { toSource } from '../../syntax/source.ts'
import type { Site } from '../site.ts'
import { said } from './words.ts'

/** The last term of the true formula, where the claim has all others. */
export const missingTerm: Edit = {
  name: 'missing-term',
  *propose({ expr, parent }, { missingTerms }) {
    if (parent !== null) return
    for (const term of missingTerms())
      yield { expr: plus(expr, term), phrase: () => `the term ${said(term)} is missing` }
  },
}

interface Shaped {
  readonly expr: Expr
  readonly shape: Shape
}

function* parts({ derived }: Surroundings): Generator<Shaped> {
  for (const { expr, node } of derived()) yield { expr, shape: node.shape }
}

/** Named values, sums and means of them. */
function* named({ values }: Surroundings): Generator<Shaped> {
  for (const { expr, node } of values) yield { expr, shape: node.shape }
  for (const { expr, node } of values) {
    if (node.shape.length !== 2) continue
    for (const [at, size] of node.shape.entries()) {
      if (size === ONE_SIZE) continue
      for (const fn of ['mean', 'sum']) {
        const shape = node.shape.with(at, ONE_SIZE)
        yield { expr: call(fn, [expr], { axis: number(String(at)) }), shape }
      }
    }
  }
}

/** A term that the sheet has a name for, missing in an inner sum. */
export const insertTerm: Edit = {
  name: 'insert-term',
  *propose(site, around) {
    yield* inserted(site, around, named(around))
  },
}

/** A term of the true formula missing in a sum. */
export const insertDerivedTerm: Edit = {
  name: 'insert-derived-term',
  *propose(site, around) {
    yield* inserted(site, around, parts(around))
  },
}

function* inserted({ expr, parent }: Site, { shapeOf }: Surroundings, terms: Iterable<Shaped>): Generator<Proposal> {
  const own = shapeOf(expr)
  // Beside nothing, any term would be the whole formula.
  if (isZeroLiteral(expr) || (expr.kind === 'call' && expr.callee.name === 'zeros')) return
  if (own === null || (parent?.kind === 'infix' && isSumOp(parent.op) && parent.left === expr)) return
  for (const { expr: term, shape } of terms) {
    const common = broadcastShapes([own, shape])
    if (common === null || !sameShape(common, own)) continue
    for (const signed of [term, minus(term)]) {
      yield { expr: plus(expr, signed), phrase: () => `the term ${said(signed)} is missing beside ${said(expr)}` }
    }
  }
}

/** A part that should be another one, named or part of the true formula. */
export const otherPart: Edit = {
  name: 'other-part',
  *propose(site, around) {
    const { expr, parent } = site
    const own = around.shapeOf(expr)
    if (own === null || parent === null || parent.kind === 'prefix') return
    const isTerm = parent.kind === 'infix' && isSumOp(parent.op)
    const whole = toSource(site.replace(expr)).length
    // More than half of the formula anew is no edit of it.
    if (toSource(expr).length > whole / 2) return
    for (const { expr: found, shape } of [...named(around), ...parts(around)]) {
      const part = isTerm ? unsigned(found) : found
      if (!sameShape(own, shape) || toSource(part).length > whole / 2) continue
      const phrase = (other: Expr): string => `${said(expr)} must be ${said(other)}`
      yield { expr: part, phrase: () => phrase(part) }
      if (!isTerm) yield { expr: minus(part), phrase: () => phrase(minus(part)) }
    }
  },
}

/** `A*B` for `-A*B`. */
function unsigned(expr: Expr): Expr {
  const [first] = factorsOf(expr)
  return first!.expr.kind === 'prefix' && first!.expr.op === '-' ? minus(expr) : expr
}

/** A longer term is no slip for another one. */
const MOST_CHARACTERS = 40

/** A term that should be another one, with the other sign besides. */
export const otherTerm: Edit = {
  name: 'other-term',
  *propose({ expr }, around) {
    if (expr.kind !== 'infix' || !isSumOp(expr.op)) return
    const own = around.shapeOf(expr.right)
    if (own === null) return
    const other = expr.op === '+' ? '-' : '+'
    for (const { expr: found, shape } of [...named(around), ...parts(around)]) {
      const part = unsigned(found)
      if (!sameShape(own, shape) || toSource(part).length > MOST_CHARACTERS) continue
      yield {
        expr: infix(other, expr.left, part),
        phrase: () => `the term ${said(expr.right)} must be ${said(part)} with the other sign`,
      }
    }
  },
}
