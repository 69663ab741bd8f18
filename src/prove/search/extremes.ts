import type { InputNode, Node } from '../../graph/node.ts'
import type { Warning } from '../../graph/program.ts'
import { reachable } from '../../graph/walk.ts'
import { toNumber } from '../../evaluate/bigfloat.ts'
import { evaluate } from '../../evaluate/evaluate.ts'
import { evaluatePrecisely } from '../../evaluate/precise.ts'
import type { Point } from './draw.ts'
import type { Plan } from './plan.ts'
import { workOf } from './work.ts'

/** Past the logarithm of the largest double, about 709.8. */
const LARGE = 800
/** Scalar operations with many digits that a warning is worth. */
const MOST_WORK = 1e4
const GROWING: ReadonlySet<string> = new Set(['exp', 'expm1', 'sinh', 'cosh', 'pow'])

/**
 * Says where a side as a person wrote it leaves the range of doubles although its value, computed without that limit, does
 * not. Derivatives that were taken here are nobody's spelling, so a side that holds one is not looked at.
 */
export function overflowWarnings(plan: Plan, point: Point): Warning[] {
  const { problem } = plan
  const warnings: Warning[] = []
  for (const [side, raw, name] of [
    [problem.lhs, problem.lhsRaw, 'left'],
    [problem.rhs, problem.rhsRaw, 'right'],
  ] as const) {
    // prettier-ignore
    const nodes = reachable([raw])
    if (nodes.some((node) => node.kind === 'derivative')) continue
    if (!nodes.some((node) => node.kind === 'map' && GROWING.has(node.fn))) continue
    const signs = [() => 1, () => -1, (i: number) => (i % 2 === 0 ? 1 : -1)]
    if (signs.some((sign) => overflows(side, enlarged(plan, point, sign)))) {
      const message = `the ${name} side overflows for large values (of size ${LARGE}), where its value is finite`
      warnings.push({ code: 'overflow', message })
    }
  }
  return warnings
}

function overflows(side: Node, point: Point): boolean {
  const value = evaluate([side], point)[0]!
  const places = [...value.data.keys()].filter((i) => !Number.isFinite(value.data[i]!))
  if (places.length === 0) return false
  if (workOf([side], point.sizes) > MOST_WORK) return false
  const precise = evaluatePrecisely([side], point)[0]!
  return places.some((i) => {
    const exact = precise.data[i] ?? null
    return exact !== null && Math.abs(toNumber(exact)) < 1e300
  })
}

/** Real inputs on which no assumption bears, at a large size; the others as they are. */
function enlarged(plan: Plan, point: Point, sign: (i: number) => number): Point {
  const bound = new Set(reachable(plan.assumptions.flatMap(({ lhs, rhs }) => [lhs, rhs])))
  const isFree = (input: InputNode): boolean => (input.role === 'input' || input.role === 'param') && !bound.has(input)
  const inputs = new Map(point.inputs)
  for (const input of plan.inputs.filter(isFree)) {
    const { shape, data } = inputs.get(input)!
    inputs.set(input, { shape, data: data.map((_, i) => sign(i) * LARGE) })
  }
  return { sizes: point.sizes, inputs }
}

/** Whether a side has no value at a point at all, rather than one too large for doubles. */
export function isUndefined(side: Node, point: Point): boolean {
  return (
    workOf([side], point.sizes) <= MOST_WORK &&
    evaluatePrecisely([side], point)[0]!.data.some((entry) => entry === null)
  )
}
