import type { Matrix, MathType } from 'mathjs'
import type { Contestant } from '../suite.ts'
import { timed } from '../suite.ts'
import type { Workload } from '../workloads.ts'

type MathJs = typeof import('mathjs')
type Step = () => MathType[]

const ACTIVATIONS: Readonly<Record<string, (z: number) => number>> = {
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
}

/** The derivative of a hidden layer's activation by its own value. */
const SLOPES: Readonly<Record<string, (a: number) => number>> = {
  tanh: (a) => 1 - a * a,
  relu: (a) => (a > 0 ? 1 : 0),
}

const mapper = (math: MathJs) => (matrix: Matrix, f: (entry: number) => number) =>
  math.map(matrix, (entry: number) => f(entry)) as Matrix

function network(math: MathJs, put: (name: string) => Matrix, { activations, samples }: Workload): Step {
  const { add, dotDivide, dotMultiply, multiply, subtract, sum, transpose } = math
  const [x, y] = [put('X'), put('Y')]
  const weights = activations.map((_, layer) => put(`W${layer + 1}`))
  const biases = activations.map((_, layer) => put(`b${layer + 1}`))
  const each = mapper(math)
  const rowSums = (matrix: Matrix): Matrix => math.reshape(sum(matrix, 1) as never, [matrix.size()[0]!, 1])
  const softmax = (z: Matrix): Matrix => {
    const e = each(subtract(z, math.max(z, 0) as never), Math.exp)
    return dotDivide(e, sum(e, 0)) as Matrix
  }
  return () => {
    const values = [x]
    activations.forEach((fn, layer) => {
      const z = add(multiply(weights[layer]!, values[layer]!), biases[layer]!)
      values.push(fn === 'softmax' ? softmax(z) : each(z, ACTIVATIONS[fn]!))
    })
    const last = values.at(-1)!
    const logs = dotMultiply(y, each(last, Math.log)) as Matrix
    const others = (): Matrix => dotMultiply(each(y, (v) => 1 - v), each(last, (a) => Math.log(1 - a))) as Matrix // prettier-ignore
    const total = sum(activations.at(-1) === 'softmax' ? logs : add(logs, others())) as number
    let dz = subtract(last, y)
    const gradients: Matrix[] = []
    for (let layer = activations.length - 1; layer >= 0; layer--) {
      const before = values[layer]!
      gradients.unshift(multiply(multiply(dz, transpose(before)), 1 / samples), multiply(rowSums(dz), 1 / samples))
      if (layer > 0) {
        dz = dotMultiply(multiply(transpose(weights[layer]!), dz), each(before, SLOPES[activations[layer - 1]!]!)) as Matrix // prettier-ignore
      }
    }
    return [-total / samples, ...gradients]
  }
}

function elementwise(math: MathJs, x: Matrix): Step {
  const { add, dotMultiply } = math
  const each = mapper(math)
  return () => {
    // One exponential for both: tanh(log(1 + e)) = (e*e + 2e)/(e*e + 2e + 2).
    const e = each(x, Math.exp)
    const t = each(e, (u) => (u * (u + 2)) / (u * (u + 2) + 2))
    const slope = dotMultiply(
      dotMultiply(
        x,
        each(e, (u) => u / (1 + u)),
      ),
      each(t, (u) => 1 - u * u),
    ) as Matrix
    return [dotMultiply(x, t), add(t, slope)]
  }
}

/** Gradients by hand in matrix functions of mathjs, which holds doubles only, or `null` where it is not installed. */
export async function mathjsPeer(workload: Workload): Promise<Contestant | null> {
  let math: MathJs
  try {
    math = await import('mathjs')
  } catch {
    return null
  }
  const put = (name: string): Matrix => {
    const { shape, data } = workload.data.get(name)!
    return math.reshape(math.matrix([...data]), [...shape])
  }
  const step = workload.kind === 'network' ? network(math, put, workload) : elementwise(math, put('X'))
  return {
    name: 'mathjs f64',
    about: `mathjs ${(math as unknown as { version: string }).version}`,
    round: (seconds) => timed(step, seconds),
    results: () => step().map((part) => (typeof part === 'number' ? [part] : (math.flatten(part as Matrix).toArray() as number[]))), // prettier-ignore
  }
}
