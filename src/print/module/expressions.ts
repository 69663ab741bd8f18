import type { DefinitionNode, InputNode, Node } from '../../graph/node.ts'
import { reachable } from '../../graph/walk.ts'
import { sizeNames } from '../../shape/size.ts'
import { print } from '../print.ts'
import type { Language, Style } from './language.ts'
import { SafeNames } from './names.ts'

export interface Expressions {
  readonly texts: ReadonlyMap<Node, string>
  /** What values and sizes are called in the expressions, where that is not their own name. */
  readonly renamed: ReadonlyMap<string, string>
}

/** Expressions in a language, one by one, in names that are safe in it: sizes and values stand by their names. */
export function printExpressions(
  language: Language,
  roots: readonly Node[],
  inline: NonNullable<Style['inline']>,
): Expressions {
  const named = reachable(roots).filter(
    (node): node is InputNode | DefinitionNode => node.kind === 'input' || (node.kind === 'definition' && !node.hidden),
  )
  const sizes = [...new Set(reachable(roots).flatMap((node) => [...node.shape, ...(node.kind === 'size' ? [node.size] : [])]).flatMap(sizeNames))] // prettier-ignore
  const values = [...new Set(named.map(({ name }) => name))]
  const safe = new SafeNames(language.reserved).takeAll([...values, ...sizes])
  const names = new Map(named.map((node): [Node, string] => [node, safe[values.indexOf(node.name)]!]))
  const sizeName = new Map(sizes.map((size, at) => [size, safe[values.length + at]!]))
  const target = language.target({ size: (name) => sizeName.get(name)!, helper: (name) => name, like: () => null, inline }) // prettier-ignore
  return {
    texts: new Map(roots.map((root) => [root, print(target, root, { names })])),
    renamed: new Map([...values, ...sizes].flatMap((name, at): [string, string][] => name === safe[at] ? [] : [[name, safe[at]!]])), // prettier-ignore
  }
}
