import { elaborateSide } from '../elaborate/elaborate.ts'
import type { DefinitionSource } from '../elaborate/elaborate.ts'
import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { isScalarLike, sameShape } from '../shape/shape.ts'
import type { NameExpr } from '../syntax/ast.ts'
import { toSource } from '../syntax/source.ts'
import type { Goal } from './goal.ts'
import { ratioOf } from './measure.ts'
import { attempt } from './surroundings.ts'
import type { Serving } from './target.ts'

/** How the definitions behind a claim fare that are derivatives by their names: `dZ1` is one by `Z1`. */
export interface Blame {
  /** The first that is not the derivative that its name says, and what it should be the derivative by. */
  readonly wrong: { readonly source: DefinitionSource; readonly by: string } | null
  readonly right: ReadonlySet<DefinitionSource>
}

/** What follows from a wrong definition is wrong as well: the first one is to blame. */
export function blame(program: Program, goal: Goal, serving: readonly Serving[]): Blame {
  const right = new Set<DefinitionSource>()
  const losses = lossesOf(program, goal)
  if (losses.length === 0) return { wrong: null, right }
  for (const { source } of serving) {
    const by = derivedBy(source.target)
    const x = by === null ? null : attempt(() => elaborateSide(program, by, source.scope))
    if (by === null || x === null || !isFree(x)) continue
    const { node } = source
    if (node !== null && !sameShape(node.shape, x.shape) && !isScalarLike(x.shape)) continue
    const dependent = losses.filter((loss) => reachable([loss]).includes(x))
    if (dependent.length === 0) continue
    const isRight =
      node !== null &&
      dependent.some((loss) => {
        const ratio = ratioOf(program, goal, node, program.builder.derivative('grad', loss, x))
        return (
          ratio !== null &&
          !ratio.isNegative &&
          (ratio.isSize ? ratio.over.length === 0 || ratio.under.length === 0 : ratio.text === '1')
        )
      })
    if (!isRight) return { wrong: { source, by: toSource(by) }, right }
    right.add(source)
  }
  return { wrong: null, right }
}

/** The value that the goal differentiates, and other scalars made on the way to it. */
function lossesOf(program: Program, goal: Goal): Node[] {
  const goals = reachable([goal.raw]).flatMap((node) => (node.kind === 'derivative' ? [node.inputs[0]!] : []))
  const forward = new Set(reachable(goals))
  const named = [...program.definitions.values()].filter(
    (node) => forward.has(node) && node.shape.length === 0 && reachable([node]).some(({ kind }) => kind === 'input'),
  )
  return [...new Set([...goals, ...named.reverse()])].filter((node) => isScalarLike(node.shape)).slice(0, 4)
}

const isFree = (node: Node): boolean => node.kind === 'input' || node.kind === 'definition'

/** `Z1` for `dZ1`, `W` for `W_grad` and `grad_W`. */
function derivedBy(target: NameExpr): NameExpr | null {
  const match = /^(?:d_?|grad_)(.+)$/.exec(target.name) ?? /^(.+?)_?grad$/.exec(target.name)
  return match === null ? null : { ...target, name: match[1]! }
}
