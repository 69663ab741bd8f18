import { sameShape } from '../../shape/shape.ts'
import { partsOf } from '../../syntax/ast.ts'
import type { Expr, NameExpr } from '../../syntax/ast.ts'
import type { Edit } from '../edit.ts'
import { name as nameOf, number } from '../make.ts'
import { mapParts, replaceNames } from '../map-parts.ts'
import { having, keyword, NORMALISED, REDUCTIONS } from './reduction.ts'
import { said } from './words.ts'

/** Two names exchanged wherever they stand. */
export const exchange: Edit = {
  name: 'exchange',
  *propose({ expr, parent }, { nodeOf }) {
    if (parent !== null) return
    const names = [...counted(expr).keys()].filter((text) => nodeOf(nameOf(text))?.kind !== 'size')
    for (const [at, a] of names.entries()) {
      for (const b of names.slice(at + 1)) {
        const texts = new Map([[a, nameOf(b)], [b, nameOf(a)]]) // prettier-ignore
        yield { expr: replaceNames(expr, texts), phrase: () => `${a} and ${b} are exchanged` }
      }
    }
  },
}

/** Another name of the same kind, wherever one stands more than once: `m` for `n`. */
export const nameThroughout: Edit = {
  name: 'name-throughout',
  *propose({ expr, parent }, { nodeOf, values, sizeNames }) {
    if (parent !== null) return
    for (const [text, count] of counted(expr)) {
      const node = count > 1 ? nodeOf(nameOf(text)) : null
      if (node === null) continue
      const alike = values.filter((value) => value.node !== node && sameShape(value.node.shape, node.shape))
      for (const other of node.kind === 'size' ? sizeNames : alike.map((value) => value.expr)) {
        const phrase = (): string => `${text} must be ${said(other)} throughout`
        yield { expr: replaceNames(expr, new Map([[text, other]])), phrase }
      }
    }
  },
}

/** Another axis for all reductions along one. */
export const axisThroughout: Edit = {
  name: 'axis-throughout',
  *propose({ expr, parent }) {
    if (parent !== null) return
    for (const from of [0, 1]) {
      let count = 0
      const turned = mapParts(expr, (part) => {
        if (part.kind !== 'call' || !(REDUCTIONS.has(part.callee.name) || NORMALISED.has(part.callee.name))) return part
        const given = keyword(part, 'axis')
        if (given?.kind !== 'number' || Number(given.text) !== from) return part
        count++
        return having(part, 'axis', number(String(1 - from)))
      })
      if (count > 1) yield { expr: turned, phrase: () => `axis=${from} must be axis=${1 - from} throughout` }
    }
  },
}

/** How often each plain name stands in an expression. */
function counted(expr: Expr): Map<string, number> {
  const isPlain = (part: Expr): part is NameExpr => part.kind === 'name' && part.indices.length === 0 && !part.numpy
  const counts = new Map<string, number>()
  for (const part of partsOf(expr)) if (isPlain(part)) counts.set(part.name, (counts.get(part.name) ?? 0) + 1)
  return counts
}
