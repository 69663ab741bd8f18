import type { Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { isScalarLike, sameShape } from '../shape/shape.ts'
import type { Goal } from './goal.ts'
import { equal } from './goal.ts'
import { ratioOf } from './measure.ts'

/** What the numbers say of a wrong side, where no edit mends it. */
export function explain(program: Program, goal: Goal, side: Node): string | null {
  if (!sameShape(side.shape, goal.node.shape)) return null
  const loss = otherLoss(program, goal, side)
  if (loss !== null) return loss
  const ratio = ratioOf(program, goal, side, goal.node)
  if (ratio !== null) {
    if (ratio.text === '1') return 'the sides differ in sign'
    return `off by ${ratio.isSize ? 'exactly' : 'a constant factor'} ${ratio.text}${ratio.isNegative ? ', and in sign' : ''}`
  }
  return onlyOnTheDiagonal(goal, side) ?? onlyWhere(goal, side)
}

/**
 * The side is the derivative of another scalar of the sheet than the claim says. In the convention of courses `dZ` is the
 * derivative of the summed loss and `dW` that of its mean over the examples.
 */
export function otherLoss(program: Program, goal: Goal, side: Node): string | null {
  const { raw } = goal
  if (raw.kind !== 'derivative' || raw.fn !== 'grad') return null
  const [claimed, x] = raw.inputs as [Node, Node]
  const name = nameOf(claimed)
  const ratio = ratioOf(program, goal, side, goal.node)
  if (name === null || ratio === null || ratio.isNegative || !ratio.isSize) return null
  const others = [...program.definitions].filter(
    ([, node]) => node !== claimed && isScalarLike(node.shape) && reachable([node]).includes(x),
  )
  for (const [other, node] of others) {
    if (
      !goal.points.every((_, at) =>
        equal(goal.value(program.builder.derivative('grad', node, x), at), goal.value(side, at)),
      )
    ) {
      continue
    }
    return `off by exactly ${ratio.text}: this is the derivative of ${other}, the claim says ${name}`
  }
  return null
}

const nameOf = (node: Node): string | null => (node.kind === 'definition' && !node.hidden ? node.name : null)

function onlyOnTheDiagonal(goal: Goal, side: Node): string | null {
  const { shape } = goal.node
  if (shape.length !== 2 || shape[0] !== shape[1]) return null
  let isAnyOff = false
  for (const at of goal.points.keys()) {
    const [a, b] = [goal.value(side, at), goal.value(goal.node, at)]
    const [rows = 0, columns = 0] = b.shape
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const place = i * columns + j
        const isEqual = near(a.data[place]!, b.data[place]!)
        if (i === j && !isEqual) return null
        if (i !== j && !isEqual) isAnyOff = true
      }
    }
  }
  return isAnyOff ? 'right only on the diagonal' : null
}

/** Right exactly at the entries where a named array is positive, or where it is not. */
function onlyWhere(goal: Goal, side: Node): string | null {
  const named = reachable([goal.raw]).filter(
    (node) => (node.kind === 'definition' || node.kind === 'input') && sameShape(node.shape, goal.node.shape),
  )
  for (const node of named) {
    if ((node.kind !== 'definition' && node.kind !== 'input') || (node.kind === 'definition' && node.hidden)) continue
    const isLabel = node.kind === 'input' && (node.role === 'label' || node.role === 'onehot')
    for (const [relation, holds] of isLabel ? OF_LABELS : OF_NUMBERS) {
      if (isRightExactly(goal, side, node, holds))
        return `at the points tried right only where ${node.name} ${relation}`
    }
  }
  return null
}

type Relation = readonly [text: string, holds: (x: number) => boolean]

const OF_NUMBERS: readonly Relation[] = [
  ['> 0', (x) => x > 0],
  ['<= 0', (x) => x <= 0],
]

const OF_LABELS: readonly Relation[] = [
  ['== 0', (x) => x === 0],
  ['== 1', (x) => x === 1],
]

function isRightExactly(goal: Goal, side: Node, by: Node, holds: (x: number) => boolean): boolean {
  const seen = new Set<boolean>()
  for (const at of goal.points.keys()) {
    const [a, b, x] = [goal.value(side, at), goal.value(goal.node, at), goal.value(by, at)]
    for (const [place, value] of b.data.entries()) {
      const isRight = near(a.data[place]!, value)
      if (isRight !== holds(x.data[place]!)) return false
      seen.add(isRight)
    }
  }
  return seen.size === 2
}

const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-8 * Math.max(Math.abs(x), Math.abs(y))
