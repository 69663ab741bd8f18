import { BackproveError } from '../../src/base/errors.ts'
import { elaborate, elaborateSide } from '../../src/elaborate/elaborate.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { nestedOf, tensorOf } from '../../src/evaluate/nested.ts'
import type { NestedArray } from '../../src/evaluate/nested.ts'
import type { Node } from '../../src/graph/node.ts'
import type { ClaimSubject, Program } from '../../src/graph/program.ts'
import { parseExpression, parseSheet } from '../../src/syntax/sheet.ts'

export const read = (text: string): Program => elaborate(parseSheet(text))

/** A program without faults, and the node of an expression at its end. */
export function reading(declarations: string): (expression: string) => Node {
  const program = read(`${declarations}\n0 == 0`)
  const [fault] = program.errors
  if (fault !== undefined) throw fault
  const scope = subjectOf(program, program.claims.length - 1).scope
  return (expression) => elaborateSide(program, parseExpression(expression), scope)
}

export function subjectOf(program: Program, index = 0): ClaimSubject {
  const subject = program.claims[index]?.subject
  if (subject === undefined) throw new Error(`there is no claim ${index}`)
  if (subject instanceof BackproveError) throw subject
  return subject
}

/** `code line:column` of what is wrong with a claim. */
export function faultOf(program: Program, index = 0): string {
  const subject = program.claims[index]?.subject
  return subject instanceof BackproveError ? placeOf(subject) : 'understood'
}

export const placeOf = ({ code, span }: BackproveError): string => `${code} ${span?.line ?? '?'}:${span?.column ?? '?'}`

/** The values of expressions where the inputs have the given values, by the plain meaning of every operation. */
export function valuesOf(
  declarations: string,
  sizes: Readonly<Record<string, number>>,
  inputs: Readonly<Record<string, NestedArray>>,
): (expression: string) => NestedArray {
  const node = reading(declarations)
  const bindings = {
    sizes: new Map(Object.entries(sizes)),
    inputs: new Map(Object.entries(inputs).map(([name, value]) => [node(name), tensorOf(value)])),
  }
  return (expression) => nestedOf(evaluate([node(expression)], bindings)[0]!)
}
