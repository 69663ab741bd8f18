import { evaluateAll } from '../evaluate/evaluate.ts'
import { TENSORS } from '../evaluate/algebra.ts'
import type { Sizes } from '../evaluate/algebra.ts'
import { filled } from '../evaluate/tensor.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { Node } from '../graph/node.ts'
import { dependents, reachable } from '../graph/walk.ts'
import { switchValues } from '../prove/search/switches.ts'

/** The step that balances truncation and rounding of a central difference. Source: Press et al., Numerical Recipes, 5.7. */
const STEP = Math.cbrt(Number.EPSILON)
/** Where a step crosses a kink a shorter one is tried, down to this part of it. */
const SHORTEST = 1e-3

/** A slope by central differences, and how wrong rounding may have made it. */
export interface Slope {
  readonly value: number
  readonly noise: number
}

/** The loss as it follows one entry of a parameter; all else stands still. */
export interface LossProbe {
  /** The loss with one entry at `x`; `null` if something switches on the way there, or nothing is defined there. */
  lossAt(entry: number, x: number): number | null
}

/** The slope along one entry, whose value is `x`, or `null` where every step crosses a kink. */
export function slopeOf(probe: LossProbe, entry: number, x: number): Slope | null {
  const least = STEP * SHORTEST
  for (let step = STEP; step >= least; step /= 10) {
    const above = x + step * Math.max(1, Math.abs(x))
    const below = x - step * Math.max(1, Math.abs(x))
    const [up, down] = [probe.lossAt(entry, above), probe.lossAt(entry, below)]
    if (up === null || down === null) continue
    const width = above - below
    return {
      value: (up - down) / width,
      noise: (8 * Number.EPSILON * Math.max(Math.abs(up), Math.abs(down))) / width,
    }
  }
  return null
}

/** Moves one parameter by the interpreter, computing again every node that hangs on it. */
export class WholeProbe implements LossProbe {
  readonly #loss: Node
  readonly #sizes: Sizes
  readonly #fixed: Map<Node, Tensor>
  readonly #moved: Tensor
  readonly #switches: readonly Node[]
  readonly #outcomes: string

  /** `values` are those of all nodes of the loss at rest. */
  constructor(loss: Node, parameter: Node, values: ReadonlyMap<Node, Tensor>, sizes: Sizes) {
    this.#loss = loss
    this.#sizes = sizes
    const affected = dependents([loss], parameter)
    this.#fixed = new Map([...values].filter(([node]) => !affected.has(node)))
    const { shape, data } = values.get(parameter)!
    this.#moved = { shape, data: Float64Array.from(data) }
    this.#fixed.set(parameter, this.#moved)
    this.#switches = reachable([loss]).filter(
      (node) => affected.has(node) && (node.kind === 'map' || node.kind === 'reduce'),
    )
    this.#outcomes = outcomes(this.#switches, values)
  }

  lossAt(entry: number, x: number): number | null {
    const { data } = this.#moved
    const rest = data[entry]!
    data[entry] = x
    try {
      const values = evaluateAll(TENSORS, [this.#loss], { sizes: this.#sizes, inputs: this.#fixed })
      const loss = values.get(this.#loss)!.data[0]!
      return Number.isFinite(loss) && outcomes(this.#switches, values) === this.#outcomes ? loss : null
    } finally {
      data[entry] = rest
    }
  }
}

/** The sides on which all switches stand, as one text. */
function outcomes(switches: readonly Node[], values: ReadonlyMap<Node, Tensor>): string {
  let signs = ''
  for (const node of switches) {
    const inputs = node.inputs.map((input) => values.get(input)!)
    const exact = inputs.map((value) => ({ value, bound: filled(value.shape, 0) }))
    for (const value of switchValues(node, exact).value) signs += value > 0 ? '+' : value < 0 ? '-' : '0'
  }
  return signs
}
