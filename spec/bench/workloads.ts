import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { valueAndGradRoots } from '../../src/compile/compile.ts'
import { literalSize, namedSize } from '../../src/shape/size.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { random } from '../support/graphs.ts'

/** The same work for everybody: a graph for us, a name and arrays for the others. */
export interface Workload {
  readonly name: string
  readonly kind: 'network' | 'elementwise'
  readonly roots: readonly Node[]
  readonly sizes: Readonly<Record<string, number>>
  readonly data: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float64Array }>
  /** Layer lengths, outermost inputs first, and activations; peers build their nets from these. */
  readonly layers: readonly number[]
  readonly activations: readonly string[]
  readonly samples: number
  /** What a figure counts: steps, or entries. */
  readonly count: number
}

type Activation = 'tanh' | 'relu' | 'sigmoid' | 'softmax'

/** Cost and gradients of all parameters of a net; columns are samples. */
function network(
  name: string,
  layers: readonly number[],
  activations: readonly Activation[],
  samples: number,
): Workload {
  // prettier-ignore
  const b = new Builder()
  const m = namedSize('m')
  const sizes: Record<string, number> = { m: samples }
  const data = new Map<string, { shape: number[]; data: Float64Array }>()
  const draw = random(7)
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  layers.forEach((length, layer) => (sizes[`n${layer}`] = length))
  const put = (key: string, shape: number[], entry: () => number): void => {
    data.set(key, { shape, data: Float64Array.from({ length: shape.reduce((x, y) => x * y, 1) }, entry) })
  }
  const x = b.input('X', [namedSize('n0'), m])
  put('X', [layers[0]!, samples], gauss)
  let z: Node = x
  let a: Node = x
  const params: Node[] = []
  activations.forEach((fn, index) => {
    const layer = index + 1
    const [from, to] = [layers[index]!, layers[layer]!]
    const w = b.input(`W${layer}`, [namedSize(`n${layer}`), namedSize(`n${index}`)], 'param')
    const bias = b.input(`b${layer}`, [namedSize(`n${layer}`), literalSize(1)], 'param')
    put(`W${layer}`, [to, from], () => gauss() / Math.sqrt(from))
    put(`b${layer}`, [to, 1], () => gauss() * 0.1)
    params.push(w, bias)
    z = b.call('add', b.matmul(w, a), bias)
    a = fn === 'softmax' ? b.normalise('softmax', z, [0]) : b.call(fn, z)
  })
  const y = b.input('Y', a.shape)
  const classes = layers.at(-1)!
  const labels = Float64Array.from({ length: samples }, () => Math.floor(draw() * Math.max(2, classes)))
  put('Y', [classes, samples], () => 0)
  const onehot = data.get('Y')!.data
  for (let j = 0; j < samples; j++) {
    if (classes === 1) onehot[j] = labels[j]!
    else onehot[labels[j]! * samples + j] = 1
  }
  const one = b.whole(1)
  const logs =
    activations.at(-1) === 'softmax'
      ? b.call('mul', y, b.call('log', a))
      : b.call(
          'add',
          b.call('mul', y, b.call('log', a)),
          b.call('mul', b.call('sub', one, y), b.call('log', b.call('sub', one, a))),
        )
  const cost = b.call('neg', b.call('div', b.sum(logs), b.size(m)))
  const roots = valueAndGradRoots(b, cost, params)
  return { name, kind: 'network', roots, sizes, data, layers, activations, samples, count: 1 }
}

function mish(entries: number): Workload {
  const b = new Builder()
  const x = b.input('X', [namedSize('n')])
  const y = b.call('mish', x)
  const draw = random(11)
  const data = new Map([
    ['X', { shape: [entries], data: Float64Array.from({ length: entries }, () => 8 * draw() - 4) }],
  ])
  const roots = [y, ...vjp(b, y, [x], b.ones(y.shape))]
  return { name: 'mish and its derivative', kind: 'elementwise', roots, sizes: { n: entries }, data, layers: [], activations: [], samples: entries, count: entries } // prettier-ignore
}

/** Four layers on pictures of 64 by 64 pixels in three colours: 245,973 parameters. */
export const deepNetwork = (): Workload =>
  network('deep 12288-20-7-5-1, m = 209', [12288, 20, 7, 5, 1], ['relu', 'relu', 'relu', 'sigmoid'], 209)

export const WORKLOADS: readonly (() => Workload)[] = [
  () => network('tiny 3-4-1, m = 1', [3, 4, 1], ['tanh', 'sigmoid'], 1),
  () => network('planar 2-4-1, m = 400', [2, 4, 1], ['tanh', 'sigmoid'], 400),
  () => network('logistic 12288, m = 209', [12288, 1], ['sigmoid'], 209),
  deepNetwork,
  () => network('784-512-256-10 softmax, m = 128', [784, 512, 256, 10], ['relu', 'relu', 'softmax'], 128),
  () => mish(1_000_000),
]
