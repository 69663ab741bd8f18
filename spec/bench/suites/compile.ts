import { checkGradient } from '../../../src/check/check.ts'
import { compile, valueAndGradRoots } from '../../../src/compile/compile.ts'
import { vjp } from '../../../src/differentiate/reverse.ts'
import { tensor } from '../../../src/evaluate/tensor.ts'
import type { Tensor } from '../../../src/evaluate/tensor.ts'
import { Builder } from '../../../src/graph/builder.ts'
import type { InputNode, Node } from '../../../src/graph/node.ts'
import { reachable } from '../../../src/graph/walk.ts'
import { literalSize } from '../../../src/shape/size.ts'
import { median } from '../suite.ts'
import type { Suite, Table } from '../suite.ts'
import { deepNetwork } from '../workloads.ts'

/** A chain of layers of three tanh units, and the gradients of all their weights. */
function chain(layers: number): Node[] {
  const b = new Builder()
  const three = literalSize(3)
  const weights = Array.from({ length: layers }, (_, layer) => b.input(`w${layer}`, [three, three], 'param'))
  let a: Node = b.input('x', [three, literalSize(5)])
  for (const w of weights) a = b.call('tanh', b.matmul(w, a))
  return valueAndGradRoots(b, b.sum(a), weights)
}

function compiling(progress: (text: string) => void): Table {
  // What runs first runs in code that is not compiled yet.
  for (let round = 0; round < 3; round++) compile(chain(300)).bind().run()
  const rows = [10, 100, 1000, 4000].map((layers): [string, number, number] => {
    progress(`${layers} layers`)
    const roots = chain(layers)
    const times = Array.from({ length: layers < 1000 ? 9 : 3 }, () => {
      const from = performance.now()
      compile(roots).bind().run()
      return performance.now() - from
    })
    return [`${layers} layers`, median(times), median(times) / layers]
  })
  return {
    title: 'compiling a chain of tanh layers with all gradients, first run included',
    columns: ['', 'milliseconds', 'a layer'],
    rows,
    notes: ['to reach: 1000 layers under 1000 ms, the time growing as the layers do'],
  }
}

function checking(): Table {
  const { roots, sizes, data } = deepNetwork()
  const builder = new Builder()
  // The cost as a graph of its own, so that a gradient of it can be asked for.
  const copies = new Map<Node, Node>()
  for (const node of reachable([roots[0]!])) copies.set(node, builder.rebuild(node, node.inputs.map((input) => copies.get(input)!))) // prettier-ignore
  const loss = copies.get(roots[0]!)!
  const inputs = reachable([loss]).filter((node): node is InputNode => node.kind === 'input')
  const parameters = inputs.filter(({ name }) => data.has(name) && name !== 'X' && name !== 'Y')
  const gradients = vjp(builder, loss, parameters)
  const valueOf = ({ name }: InputNode): Tensor => tensor(data.get(name)!.shape, data.get(name)!.data)
  const run = checkGradient({
    loss,
    parameters: parameters.map((parameter, at) => ({ parameter, gradient: gradients[at]! })),
    point: { sizes: new Map(Object.entries(sizes)), inputs: new Map(inputs.map((input) => [input, valueOf(input)])) },
    seed: 1,
  })
  const from = performance.now()
  let step = run.next()
  while (step.done !== true) step = run.next()
  const seconds = (performance.now() - from) / 1000
  const entries = step.value.reduce((sum, result) => sum + result.entries, 0)
  const checked = step.value.reduce((sum, result) => sum + result.checked, 0)
  if (!step.value.every(({ pass }) => pass)) throw new Error('a gradient fell')
  return {
    title: 'the gradient check of every parameter of 12288-20-7-5-1, m = 209',
    columns: ['parameters', 'compared', 'seconds'],
    rows: [[`${entries}`, checked, seconds]],
    notes: ['to reach: under 15 s'],
  }
}

export const suite: Suite = async function* ({ progress }) {
  yield await Promise.resolve(compiling(progress))
  progress('the gradient check')
  yield checking()
}
