import { BackproveError } from '../base/errors.ts'
import { isZero, toNumber } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { arrayFunctions } from '../elaborate/builtin/array.ts'
import { numpyReductions, reductions } from '../elaborate/builtin/reduction.ts'
import type { Node } from '../graph/node.ts'
import { partsOf } from '../syntax/ast.ts'
import type { Expr } from '../syntax/ast.ts'

const WHOLE = new Map([...reductions, ...arrayFunctions])
const NUMPY_WHOLE = new Map([...WHOLE, ...numpyReductions])

/** Throws `unsupported` where a function of whole arrays is called with the number `variable`. */
export function refuseArrayFunctions(expr: Expr, variable: string): void {
  for (const part of partsOf(expr)) {
    if (part.kind !== 'call') continue
    const { name, numpy } = part.callee
    const speaksOfArrays = (numpy ? NUMPY_WHOLE : WHOLE).get(name)?.isWhole(part) === true
    const isOfNumber = part.args.some((arg) => mentions(arg, variable))
    if (!speaksOfArrays || !isOfNumber) continue
    throw new BackproveError('unsupported', `\`${name}\` is of a whole array, not of one number`, {
      hint: 'an activation that is analysed here acts on each number by itself',
      span: part.span,
    })
  }
}

function mentions(expr: Expr, variable: string): boolean {
  for (const part of partsOf(expr)) if (part.kind === 'name' && part.name === variable) return true
  return false
}

/** Throws `argument` where a number in `nodes`, or one that is given, is beyond the range of doubles. */
export function refuseExtremeNumbers(nodes: readonly Node[], given: readonly Rational[]): void {
  const constants = nodes.flatMap((node) => (node.kind === 'constant' ? [node.value] : []))
  for (const value of [...constants, ...given]) {
    const size = Math.abs(toNumber(value))
    if (isZero(value) || (size >= SMALLEST && size <= Number.MAX_VALUE)) continue
    const word = size > 1 ? 'large' : 'small'
    throw new BackproveError('argument', `a constant of about 1e${magnitudeOf(value)} is too ${word} for a double`, {
      hint: 'facts are computed with doubles: scale the function',
    })
  }
}

/** The smallest double with all of its digits. */
const SMALLEST = 2 ** -1022

/** The power of ten next to a number, which may be beyond all doubles. */
function magnitudeOf({ n, d }: Rational): number {
  const digits = (x: bigint): number => x.toString().replace('-', '').length
  return digits(n) - digits(d)
}
