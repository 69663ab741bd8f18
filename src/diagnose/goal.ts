import { BackproveError } from '../base/errors.ts'
import { expandDerivatives, expandEach } from '../differentiate/expand.ts'
import { apply, TENSORS } from '../evaluate/algebra.ts'
import { needed } from '../evaluate/evaluate.ts'
import { tensorOf } from '../evaluate/nested.ts'
import { entriesOf } from '../evaluate/tensor.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { Node } from '../graph/node.ts'
import type { Assumption, Program } from '../graph/program.ts'
import { reachable } from '../graph/walk.ts'
import { judge } from '../prove/judge.ts'
import type { Problem } from '../prove/search/problem.ts'
import { search } from '../prove/search/search.ts'
import type { Counterexample } from '../prove/verdict.ts'
import { isScalarLike, sameShape } from '../shape/shape.ts'
import { evaluateSize } from '../shape/size.ts'
import type { Clock } from './clock.ts'

/** Agreement of doubles that the proof will then confirm. */
const AGREEMENT = 1e-8
/** Points at which a candidate must agree before a proof is tried. */
const POINTS = 3
const PROOF_MILLISECONDS = 250
const PROOF_TRIALS = 8
/** What a proof costs, in evaluations of a node. */
const PROOF_WORK = 5000
/** What a search for points costs. */
const POINTS_WORK = 1000

export interface GoalRequest {
  readonly program: Program
  /** The side that is taken as right, derivatives still to be taken. */
  readonly fixed: Node
  readonly describe: (node: Node) => string
  readonly seed: number
  readonly clock: Clock
  readonly counterexample: Counterexample | null
}

type Values = Map<Node, Tensor>

/** One side of a claim, with what is needed to tell quickly whether something else equals it, and to prove that. */
export class Goal {
  /** As it is written. */
  readonly raw: Node
  /** With derivatives taken. */
  readonly node: Node
  readonly points: readonly { readonly sizes: ReadonlyMap<string, number>; readonly values: Values }[]
  readonly assumptions: readonly Assumption[]
  readonly #request: GoalRequest
  readonly #domain: readonly Node[]
  readonly #taken = new Map<Node, Node | null>()

  /** Throws where derivatives cannot be taken. */
  constructor(request: GoalRequest) {
    this.#request = request
    const { program, fixed, seed, clock } = request
    const derivatives = reachable([fixed]).filter((node) => node.kind === 'derivative')
    const assumed = program.assumptions.flatMap(({ lhs, rhs }) => [lhs, rhs])
    const domain = derivatives.map((node) => node.inputs[0]!)
    const { roots } = expandDerivatives(program.builder, [fixed, ...assumed, ...domain])
    this.raw = fixed
    this.node = roots[0]!
    this.assumptions = program.assumptions.map((assumption, at) => ({
      ...assumption,
      lhs: roots[1 + 2 * at]!,
      rhs: roots[2 + 2 * at]!,
    }))
    this.#domain = [...new Set(roots.slice(1 + assumed.length))]
    const points = this.pointsUnder(this.assumptions, [this.node], seed, clock)
    const { counterexample } = request
    this.points =
      counterexample === null || points.length === 0 ? points : [...points, witness(program, counterexample)]
  }

  /** Points of the domain at which assumptions hold and nodes are defined. */
  pointsUnder(assumptions: readonly Assumption[], nodes: readonly Node[], seed: number, clock: Clock): Goal['points'] {
    clock.spend(POINTS_WORK)
    const domain = [...this.#domain, ...nodes, ...this.#request.program.inputs]
    const problem = { ...this.#problem(this.node, this.raw), assumptions, domain }
    const options = { seed, trials: POINTS, milliseconds: Math.max(20, clock.left), thorough: false }
    const found = search({ ...problem, rhs: this.node, rhsRaw: this.raw }, options)
    if (found.kind !== 'agreement') return []
    return found.points.slice(0, POINTS).map(({ sizes, inputs }) => ({ sizes, values: new Map(inputs) }))
  }

  /** The candidate in the shape of the goal, or `null`: a scalar equals an array whose axes are all literal 1. */
  fitted(candidate: Node): Node | null {
    const { shape } = this.node
    if (sameShape(candidate.shape, shape)) return candidate
    if (!isScalarLike(candidate.shape) || !isScalarLike(shape)) return null
    const { builder } = this.#request.program
    if (shape.length === 0) return builder.sum(candidate, candidate.shape.map((_, axis) => axis), false) // prettier-ignore
    return candidate.shape.length === 0 ? builder.broadcast(candidate, shape) : null
  }

  /** Whether a node of the goal's shape equals it at the points. */
  agrees(candidate: Node): boolean {
    return (
      this.points.length > 0 &&
      this.points.every((_, at) => equal(this.value(candidate, at), this.value(this.node, at)))
    )
  }

  /** The value of a node at one of the points; NaN throughout where it has none. */
  value(node: Node, at: number): Tensor {
    return this.valueAt(node, this.points[at]!)
  }

  valueAt(node: Node, { sizes, values }: Goal['points'][number]): Tensor {
    const known = values.get(node)
    if (known !== undefined) return known
    for (const next of needed([node], (inner) => values.has(inner) || inner.kind === 'derivative')) {
      if (values.has(next)) continue
      if (next.kind === 'derivative') {
        const taken = this.#take(next)
        values.set(next, taken === null ? NOTHING : this.valueAt(taken, { sizes, values }))
        continue
      }
      this.#request.clock.spend(1)
      const inputs = next.inputs.map((input) => values.get(input)!)
      values.set(next, inputs.includes(NOTHING) ? NOTHING : apply(TENSORS, next, inputs, sizes))
    }
    return values.get(node)!
  }

  #take(node: Node): Node | null {
    const known = this.#taken.get(node)
    if (known !== undefined) return known
    const [root] = expandEach(this.#request.program.builder, [node]).roots
    const taken = root === undefined || root instanceof BackproveError ? null : root
    this.#taken.set(node, taken)
    return taken
  }

  /** Whether a candidate is proved equal to the goal. */
  proves(candidate: Node, assumptions: readonly Assumption[] = this.assumptions): boolean {
    const { program, describe, seed, clock } = this.#request
    clock.spend(PROOF_WORK)
    const { roots } = expandDerivatives(program.builder, [candidate])
    const verdict = judge({
      builder: program.builder,
      problem: { ...this.#problem(roots[0]!, candidate), assumptions },
      shapesDiffer: null,
      warnings: [],
      describe,
      options: { seed, trials: PROOF_TRIALS, milliseconds: Math.min(PROOF_MILLISECONDS, Math.max(20, clock.left)) },
    })
    return verdict.verdict === 'proved'
  }

  #problem(rhs: Node, rhsRaw: Node): Problem {
    const { inputs, sizes, roundedConstants } = this.#request.program
    return {
      lhs: this.node,
      rhs,
      lhsRaw: this.raw,
      rhsRaw,
      inputs,
      sizes,
      assumptions: this.assumptions,
      domain: this.#domain,
      roundedConstants,
    }
  }
}

/** The counterexample as a point; data on which neither side depends is not in it, and may be anything. */
function witness(program: Program, { sizes, values }: Counterexample): Goal['points'][number] {
  const inputs: Values = new Map()
  const lengths = new Map([...program.sizes.map((name) => [name, 2] as const), ...sizes])
  for (const input of program.inputs) {
    const value = values.get(input.name)
    const shape = input.shape.map((size) => evaluateSize(size, lengths))
    const other = { shape, data: Float64Array.from({ length: entriesOf(shape) }, (_, i) => 0.4 + 0.3 * i) }
    inputs.set(input, value === undefined ? other : tensorOf(value))
  }
  return { sizes: lengths, values: inputs }
}

const NOTHING: Tensor = { shape: [], data: Float64Array.of(NaN) }

/** Whether values are equal to rounding, none of them undefined. */
export function equal(a: Tensor, b: Tensor): boolean {
  if (a.data.length !== b.data.length) return false
  let scale = 0
  for (const x of b.data) scale = Math.max(scale, Math.abs(x))
  return a.data.every((x, i) => Math.abs(x - b.data[i]!) <= AGREEMENT * scale)
}
