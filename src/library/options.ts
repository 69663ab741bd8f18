import { BackproveError } from '../base/errors.ts'
import type { SubjectOptions } from '../derive/subject.ts'
import { nearest } from '../elaborate/nearest.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { readProgram } from '../pipeline.ts'

/** The names of all options of a type. */
export type OptionNames<T> = Readonly<Record<keyof T, true>>

export const SUBJECT_OPTIONS: OptionNames<SubjectOptions> = { of: true, wrt: true }

/** Gives the options back. Throws `argument` where one has a name that is not among `known`: such a slip would go unnoticed. */
export function vetOptions<T extends object>(what: string, options: T, known: OptionNames<T>): T {
  const names = Object.keys(known)
  if (typeof (options as unknown) !== 'object' || (options as unknown) === null || Array.isArray(options)) {
    throw new BackproveError('argument', `${what} takes its options as an object`, {
      hint: `with some of ${names.join(', ')}`,
    })
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue
    const near = nearest(name, names)
    throw new BackproveError('argument', `${what} has no option \`${name}\``, {
      hint: near === null ? `it has ${names.join(', ')}` : `did you mean \`${near}\`?`,
    })
  }
  return options
}

/** Gives expressions back as a list. Throws `argument` for what is no list of expressions of the graph. */
export function vetNodes(what: string, nodes: readonly Node[], builder: Builder): readonly Node[] {
  const isOwn = (node: Node | null): boolean => node !== null && node === builder.dag.nodes[node.id]
  const isList: boolean = Array.isArray(nodes)
  if (isList && nodes.every(isOwn)) return nodes
  throw new BackproveError('argument', `${what} takes a list of expressions of its graph`, { hint: 'such as [W, b]' })
}

/** A sheet's program, read where its text is given. Throws `argument` for what is neither. */
export function programOf(sheet: string | Program): Program {
  if (typeof sheet === 'string') return readProgram(sheet)
  if (typeof (sheet as unknown) === 'object' && (sheet as Program | null)?.definitions instanceof Map) return sheet
  throw new BackproveError('argument', 'a sheet is a text, or what `parseSheet` made of one')
}
