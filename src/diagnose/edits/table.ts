import type { Edit } from '../edit.ts'
import { activation, softmaxJacobian } from './activation.ts'
import { complement, constant, eps } from './constant.ts'
import { drop, innerScale, insert, insertDerived, scale } from './factor.ts'
import { symmetrise } from './matrix.ts'
import { anyName, otherFunction, otherName, wrap } from './name.ts'
import { matrixProduct, operator, regroup, swapFactors } from './order.ts'
import { addSum, axis, dropSum, meanForSum } from './reduction.ts'
import { sign } from './sign.ts'
import { insertDerivedTerm, insertTerm, missingTerm, otherPart, otherTerm } from './term.ts'
import { axisThroughout, exchange, nameThroughout } from './throughout.ts'
import { transpose, transposeGroup } from './transposition.ts'

/** Kinds of slips, the likelier before the rarer: an edit of an earlier row is offered before one of a later row. */
export const EDITS: readonly (readonly Edit[])[] = [
  [axis, transpose, activation, swapFactors, meanForSum],
  [drop, scale, sign],
  [addSum, dropSum, constant, eps],
  [otherName, otherFunction, operator],
  [symmetrise, transposeGroup, softmaxJacobian, regroup, innerScale],
  [complement, insert, wrap],
  [axisThroughout, nameThroughout, exchange],
  [insertDerived, matrixProduct, anyName],
  [insertTerm, missingTerm, insertDerivedTerm],
  [otherTerm, otherPart],
]
