import { expect } from 'chai'
import { Random } from '../../../src/base/random.ts'
import { ONE, add } from '../../../src/base/rational.ts'
import { evaluate } from '../../../src/evaluate/evaluate.ts'
import type { Builder } from '../../../src/graph/builder.ts'
import type { Node } from '../../../src/graph/node.ts'
import { reachable } from '../../../src/graph/walk.ts'
import type { ElementwiseName } from '../../../src/ops/names.ts'
import type { Problem, SearchResult } from '../../../src/prove/search/problem.ts'
import { search } from '../../../src/prove/search/search.ts'
import { TRUE_SHEETS } from '../../support/claims.ts'
import { problemsOf } from '../../support/problem.ts'

/** What a slip of the pen makes of an operation. */
const SLIPS: Readonly<Partial<Record<ElementwiseName, ElementwiseName>>> = {
  add: 'sub',
  sub: 'add',
  mul: 'add',
  div: 'mul',
  gt: 'ge',
  max: 'min',
  min: 'max',
  tanh: 'sigmoid',
  sigmoid: 'tanh',
  exp: 'expm1',
  log: 'log1p',
  sin: 'cos',
  cos: 'sin',
  relu: 'abs',
}

/** The same root with one node replaced. */
function replaced(builder: Builder, root: Node, node: Node, by: Node): Node {
  const built = new Map<Node, Node>([[node, by]])
  for (const inner of reachable([root])) {
    if (built.has(inner)) continue
    const inputs = inner.inputs.map((input) => built.get(input)!)
    const changed = inputs.some((input, slot) => input !== inner.inputs[slot])
    // A definition keeps its name only with its value.
    built.set(inner, !changed ? inner : inner.kind === 'definition' ? inputs[0]! : builder.rebuild(inner, inputs))
  }
  return built.get(root)!
}

function* slips(builder: Builder, node: Node): Generator<Node> {
  if (node.kind === 'map') {
    const other = SLIPS[node.fn]
    if (other !== undefined) yield builder.call(other, ...node.inputs)
    if (node.fn === 'where') yield builder.call('where', node.inputs[0]!, node.inputs[2]!, node.inputs[1]!)
    yield builder.call('neg', node)
  } else if (node.kind === 'constant') yield builder.constant(add(node.value, ONE))
  else if (node.kind === 'contract' && node.inputs.length > 0) {
    yield builder.call('mul', builder.whole(2), node)
    if (node.inputs.length === 2 && node.inputs[0]!.shape === node.inputs[1]!.shape) yield builder.contract(node.spec, node.inputs[1]!, node.inputs[0]!) // prettier-ignore
  }
}

/** Whether the mutant's side differs from the right one at some point of the agreeing search, by plain evaluation. */
function isDifferent(problem: Problem, mutant: Node, right: SearchResult): boolean {
  if (right.kind !== 'agreement') throw new Error('the claim itself is not agreed to')
  return right.points.some((point) => {
    const [a, b] = evaluate([problem.rhs, mutant], point)
    const largest = Math.max(...a!.data.map(Math.abs), ...b!.data.map(Math.abs))
    return b!.data.every(Number.isFinite) && a!.data.some((x, i) => Math.abs(x - b!.data[i]!) > 1e-4 * largest)
  })
}

describe('a mutated true claim', () => {
  for (const [name, text] of Object.entries(TRUE_SHEETS)) {
    it(`is refuted: ${name}`, () => {
      const { program, problems } = problemsOf(text)
      const { builder } = program
      const problem = problems.at(-1)!
      const options = { seed: 1, trials: 8, milliseconds: 10_000 }
      const right = search(problem, options)
      const random = new Random(1)
      const places = random.shuffled(reachable([problem.rhs])).slice(0, 12)
      for (const place of places) {
        for (const slip of slips(builder, place)) {
          const mutant = replaced(builder, problem.rhs, place, slip)
          if (!isDifferent(problem, mutant, right)) continue
          const result = search({ ...problem, rhs: mutant, rhsRaw: mutant }, options)
          expect(result.kind, `${place.kind} ${'fn' in place ? place.fn : ''}`).to.equal('difference')
        }
      }
    })
  }
})
