import { bindValues } from '../data/data.ts'
import { expandDerivatives } from '../differentiate/expand.ts'
import { vjp } from '../differentiate/reverse.ts'
import { evaluate as evaluateNodes } from '../evaluate/evaluate.ts'
import type { Bindings } from '../evaluate/evaluate.ts'
import { jvp as jvpOf } from '../evaluate/forward.ts'
import { nestedOf } from '../evaluate/nested.ts'
import type { NestedArray } from '../evaluate/nested.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { Builder } from '../graph/builder.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { vetOptions } from './options.ts'
import type { OptionNames } from './options.ts'

/** Values of declared data by name: `{ X: [[1, 2]], b: 0 }`. */
export type Values = Readonly<Record<string, NestedArray>>

export interface EvaluateOptions {
  /** Lengths that no value tells. */
  readonly sizes?: Readonly<Record<string, number>>
}

const EVALUATE_OPTIONS: OptionNames<EvaluateOptions> = { sizes: true }

const inputsOf = (builder: Builder): InputNode[] =>
  builder.dag.nodes.filter((node): node is InputNode => node.kind === 'input')

function bindings(builder: Builder, values: Values, options: EvaluateOptions): Bindings {
  const { sizes = {} } = vetOptions('evaluate', options, EVALUATE_OPTIONS)
  const data = bindValues(Object.entries(values), inputsOf(builder))
  return { sizes: new Map([...data.sizes, ...Object.entries(sizes)]), inputs: data.values }
}

/** The functions that compute numbers from expressions of a graph. */
export function createEvaluation(builder: Builder) {
  function evaluate(root: Node, values: Values, options?: EvaluateOptions): NestedArray
  function evaluate(roots: readonly Node[], values: Values, options?: EvaluateOptions): NestedArray[]
  function evaluate(root: Node | readonly Node[], values: Values, options: EvaluateOptions = {}): NestedArray {
    const list = isList(root) ? root : [root]
    const results = evaluateNodes(expandDerivatives(builder, list).roots, bindings(builder, values, options))
    const nested = results.map(nestedOf)
    return isList(root) ? nested : nested[0]!
  }

  function valueAndGrad(y: Node, x: Node): (values: Values, options?: EvaluateOptions) => [number, NestedArray]
  function valueAndGrad(
    y: Node,
    x: readonly Node[],
  ): (values: Values, options?: EvaluateOptions) => [number, NestedArray[]]
  function valueAndGrad(y: Node, x: Node | readonly Node[]) {
    const root = expandDerivatives(builder, [y]).roots[0]!
    const gradients = vjp(builder, root, isList(x) ? x : [x])
    return (values: Values, options: EvaluateOptions = {}): [number, NestedArray | NestedArray[]] => {
      const results = evaluateNodes([root, ...gradients], bindings(builder, values, options))
      const [value, ...rest] = results as [Tensor, ...Tensor[]]
      const nested = rest.map(nestedOf)
      return [value.data[0]!, isList(x) ? nested : nested[0]!]
    }
  }

  return {
    /** The value of an expression, or of several, at a point. */
    evaluate,
    /** A function from values to the value of a scalar and its gradient, as in JAX. */
    valueAndGrad,
    /** Forward mode: the value of `y`, and how it moves when the named data moves along `tangents`. */
    jvp: (y: Node, values: Values, tangents: Values, options: EvaluateOptions = {}): [NestedArray, NestedArray] => {
      const point = bindings(builder, values, options)
      const seeds = new Map<Node, Tensor>(bindValues(Object.entries(tangents), inputsOf(builder), false).values)
      const below = new Set(reachable([y]))
      const used = new Map([...seeds].filter(([node]) => below.has(node)))
      const { values: results, tangents: moved } = jvpOf([y], point, used)
      return [nestedOf(results[0]!), nestedOf(moved[0]!)]
    },
  }
}

const isList = (x: Node | readonly Node[]): x is readonly Node[] => Array.isArray(x)
