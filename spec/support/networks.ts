import fc from 'fast-check'
import { rational } from '../../src/base/rational.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { InputNode, Node } from '../../src/graph/node.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import type { Size } from '../../src/shape/size.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'

/** The activation functions that a layer may have, with their parameters. */
export const ACTIVATIONS = [
  'sigmoid', 'tanh', 'relu', 'leaky_relu', 'softplus', 'elu', 'selu', 'gelu', 'gelu_tanh', 'silu', 'swish', 'mish',
  'identity', 'softmax',
] as const // prettier-ignore
export type Activation = (typeof ACTIVATIONS)[number]

/** Activations whose slope jumps at zero. */
const KINKED: ReadonlySet<Activation> = new Set(['relu', 'leaky_relu', 'elu', 'selu'])
const PARAMETER: { readonly [name in Activation]?: number } = { leaky_relu: 10, elu: 2, swish: 3 }

export function activate(builder: Builder, activation: Activation, z: Node): Node {
  if (activation === 'identity') return z
  if (activation === 'softmax') return builder.normalise('softmax', z, [0])
  const fn: ElementwiseName = activation
  const parameter = PARAMETER[activation]
  return parameter === undefined ? builder.call(fn, z) : builder.call(fn, z, builder.constant(rational(1, parameter)))
}

/** What a network ends in: the last activation, and the loss summed over examples. */
export const LOSSES = ['binary-cross-entropy', 'cross-entropy', 'mse', 'l1', 'log-cosh'] as const
export type Loss = (typeof LOSSES)[number]

interface Ending {
  readonly activation: Activation
  readonly role: 'input' | 'label' | 'onehot'
  readonly loss: (builder: Builder, a: Node, y: Node) => Node
}

const oneMinus = (builder: Builder, x: Node): Node => builder.call('sub', builder.whole(1), x)
const negated = (builder: Builder, x: Node): Node => builder.call('neg', builder.sum(x))
const product = (builder: Builder, a: Node, b: Node): Node => builder.call('mul', a, b)

const ENDINGS: { readonly [name in Loss]: Ending } = {
  'binary-cross-entropy': {
    activation: 'sigmoid',
    role: 'label',
    loss(builder, a, y) {
      const yes = product(builder, y, builder.call('log', a))
      const no = product(builder, oneMinus(builder, y), builder.call('log', oneMinus(builder, a)))
      return negated(builder, builder.call('add', yes, no))
    },
  },
  'cross-entropy': {
    activation: 'softmax',
    role: 'onehot',
    loss: (builder, a, y) => negated(builder, product(builder, y, builder.call('log', a))),
  },
  mse: {
    activation: 'identity',
    role: 'input',
    loss: (builder, a, y) => builder.sum(builder.call('pow', builder.call('sub', a, y), builder.whole(2))),
  },
  l1: {
    activation: 'identity',
    role: 'input',
    loss: (builder, a, y) => builder.sum(builder.call('abs', builder.call('sub', a, y))),
  },
  'log-cosh': {
    activation: 'identity',
    role: 'input',
    loss: (builder, a, y) => builder.sum(builder.call('log', builder.call('cosh', builder.call('sub', a, y)))),
  },
}

export interface NetworkPlan {
  /** Of the hidden layers, in order. */
  readonly hidden: readonly Activation[]
  readonly loss: Loss
  /** Whether all square hidden layers share one weight matrix. */
  readonly shared: boolean
  /** Whether each hidden layer's input is added to its output, where the shapes allow it. */
  readonly residual: boolean
}

export interface Network {
  readonly builder: Builder
  readonly params: readonly InputNode[]
  /** The loss summed over the examples, and divided by their number. */
  readonly loss: Node
  readonly cost: Node
  readonly pre: readonly Node[]
  readonly post: readonly Node[]
  /** Nodes whose entries must not be near zero, where the loss is not differentiable. */
  readonly kinks: readonly Node[]
}

/** `Z[l] = W[l]*A[l-1] + b[l]`, `A[l] = g(Z[l])`, columns are examples, widths are all different names (or one, if shared). */
export function buildNetwork(plan: NetworkPlan): Network {
  const builder = new Builder()
  const uniform = plan.shared || plan.residual
  const examples = namedSize('m')
  const width = (layer: number): Size => namedSize(uniform ? 'n' : `n_${layer}`)
  const params = new Set<InputNode>()
  const pre: Node[] = []
  const post: Node[] = []
  const kinks: Node[] = []
  const parameter = (name: string, shape: readonly Size[]): Node => {
    const node = builder.input(name, shape, 'param') as InputNode
    params.add(node)
    return node
  }
  let a = builder.input('X', [width(0), examples])
  const layers = [...plan.hidden, ENDINGS[plan.loss].activation]
  layers.forEach((activation, at) => {
    const layer = at + 1
    const weights = parameter(plan.shared ? 'W' : `W[${layer}]`, [width(layer), width(at)])
    const bias = parameter(`b[${layer}]`, [width(layer), ONE_SIZE])
    const z = builder.define(`Z[${layer}]`, builder.call('add', builder.matmul(weights, a), bias))
    const activated = activate(builder, activation, z)
    a = builder.define(`A[${layer}]`, plan.residual ? builder.call('add', activated, a) : activated)
    pre.push(z)
    post.push(a)
    if (KINKED.has(activation)) kinks.push(z)
  })
  if (plan.residual) {
    // The sum may leave the interval that a cross-entropy needs.
    a = builder.define('P', activate(builder, layers.at(-1)!, a))
  }
  const y = builder.input('Y', a.shape, ENDINGS[plan.loss].role)
  const loss = builder.define('L', ENDINGS[plan.loss].loss(builder, a, y))
  if (plan.loss === 'l1') kinks.push(builder.call('sub', a, y))
  const cost = builder.define('J', builder.call('div', loss, builder.size(examples)))
  return { builder, params: [...params], loss, cost, pre, post, kinks }
}

/** Networks of one to four layers, with fan-out (residual connections) and shared weights. */
export const networkPlans: fc.Arbitrary<NetworkPlan> = fc.record({
  hidden: fc.array(fc.constantFrom(...ACTIVATIONS), { maxLength: 3 }),
  loss: fc.constantFrom(...LOSSES),
  shared: fc.boolean(),
  residual: fc.boolean(),
})
