import { Random } from '../base/random.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { reachable, unname } from '../graph/walk.ts'
import { evaluateSize } from '../shape/size.ts'
import { isPermutation } from '../ops/contraction.ts'

/**
 * How weights start: `small` draws from a normal distribution times 0.01, as the course's first networks do; `he` has the
 * variance 2/fan-in (He et al. 2015, equation 10) and `xavier` 1/fan-in (the course's form of Glorot and Bengio 2010).
 * Biases start at zero.
 */
export type Initialisation = (typeof INITIALISATIONS)[number]

export const INITIALISATIONS = ['small', 'he', 'xavier'] as const

const SMALL = 0.01

/** What a parameter is to the cost. */
interface Part {
  /** A parameter that is only ever added to something. */
  readonly isBias: boolean
  /** The entries that one output of the first product with it sums over; 1 where it is in none. */
  readonly fanIn: number
}

/** The operand behind names and transposes, and where its axes go. */
function behind(node: Node): { readonly node: Node; readonly axes: readonly number[] } {
  let inner = unname(node)
  let axes = inner.shape.map((_, axis) => axis)
  while (inner.kind === 'contract' && isPermutation(inner.spec)) {
    const { spec } = inner
    const [labels] = spec.operands as [readonly number[]]
    axes = axes.map((axis) => labels.indexOf(spec.output[axis]!))
    inner = unname(inner.inputs[0]!)
  }
  return { node: inner, axes }
}

function partOf(param: InputNode, nodes: readonly Node[], sizes: ReadonlyMap<string, number>): Part {
  let added = false
  let otherwise = false
  for (const node of nodes) {
    for (const [slot, input] of node.inputs.entries()) {
      const operand = behind(input)
      if (operand.node !== param || node.kind === 'definition') continue
      if (node.kind === 'contract' && isPermutation(node.spec)) continue
      if (node.kind === 'map' && (node.fn === 'add' || node.fn === 'sub')) added = true
      else if (node.kind === 'contract' && node.spec.operands.length > 1) {
        const { spec } = node
        const summed = spec.operands[slot]!.filter((label) => !spec.output.includes(label))
        const fanIn = summed.reduce((product, label) => product * evaluateSize(spec.sizes[label]!, sizes), 1)
        return { isBias: false, fanIn }
      } else otherwise = true
    }
  }
  return { isBias: added && !otherwise, fanIn: 1 }
}

/** Starting values for `params`, row-major, the same for the same seed. */
export function initialise(
  cost: Node,
  params: readonly InputNode[],
  sizes: ReadonlyMap<string, number>,
  how: Initialisation,
  seed: number,
): Map<string, Float64Array> {
  const random = new Random(seed)
  const nodes = reachable([cost])
  return new Map(
    params.map((param) => {
      const count = param.shape.reduce((product, size) => product * evaluateSize(size, sizes), 1)
      const { isBias, fanIn } = partOf(param, nodes, sizes)
      const deviation = how === 'small' ? SMALL : Math.sqrt((how === 'he' ? 2 : 1) / fanIn)
      return [param.name, Float64Array.from({ length: count }, () => (isBias ? 0 : deviation * normal(random)))]
    }),
  )
}

/** Source: Box and Muller 1958, "A Note on the Generation of Random Normal Deviates". */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())
}
