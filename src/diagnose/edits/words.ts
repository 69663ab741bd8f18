import type { Size } from '../../shape/size.ts'
import { sizeText } from '../../shape/size.ts'
import type { Expr } from '../../syntax/ast.ts'
import { toSource } from '../../syntax/source.ts'

/** An expression as it stands in a sentence. */
export const said = (expr: Expr): string => toSource(expr, 48)

/** Under these names the number of examples goes. */
const EXAMPLES: ReadonlySet<string> = new Set(['m', 'N', 'batch', 'batch_size', 'B'])

/** What an axis runs over, in the words of the field. */
export const over = (size: Size | undefined): string =>
  size === undefined ? 'the axis' : EXAMPLES.has(sizeText(size)) ? 'the examples' : sizeText(size)
