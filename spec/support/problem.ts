import { BackproveError } from '../../src/base/errors.ts'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Program } from '../../src/graph/program.ts'
import { reachable } from '../../src/graph/walk.ts'
import type { Problem } from '../../src/prove/search/problem.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'

/** Two sides of a program as a problem, derivatives taken; defined where the values that these are taken of are. */
export function problemOf(program: Program, lhsRaw: Node, rhsRaw: Node): Problem {
  const differentiated = reachable([lhsRaw, rhsRaw]).flatMap((node) => (node.kind === 'derivative' ? [node.inputs[0]!] : [])) // prettier-ignore
  const [lhs, rhs, ...domain] = expandDerivatives(program.builder, [lhsRaw, rhsRaw, ...differentiated]).roots
  const { inputs, sizes, assumptions, roundedConstants } = program
  return { lhs: lhs!, rhs: rhs!, lhsRaw, rhsRaw, inputs, sizes, assumptions, domain, roundedConstants }
}

/** The claims of a sheet as problems, in order; throws where the sheet has a fault. */
export function problemsOf(text: string): { program: Program; problems: Problem[] } {
  const program = elaborate(parseSheet(text))
  const [fault] = program.errors
  if (fault !== undefined) throw fault
  const problems = program.claims.map(({ subject }) => {
    if (subject instanceof BackproveError) throw subject
    return problemOf(program, subject.lhs, subject.rhs)
  })
  return { program, problems }
}
