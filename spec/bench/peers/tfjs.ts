import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Contestant } from '../suite.ts'
import { timed } from '../suite.ts'
import type { Workload } from '../workloads.ts'

// TensorFlow.js is installed by hand, if at all, so nothing is known of its types here.

interface Tensor {
  readonly shape: number[]
  add: (other: Tensor) => Tensor
  mul: (other: Tensor | number) => Tensor
  matMul: (other: Tensor) => Tensor
  log: () => Tensor
  sum: () => Tensor
  transpose: () => Tensor
  softmax: () => Tensor
  tanh: () => Tensor
  relu: () => Tensor
  sigmoid: () => Tensor
  softplus: () => Tensor
  dataSync: () => Float32Array
  dispose: () => void
}

interface TensorFlow {
  setBackend: (name: string) => Promise<boolean>
  ready: () => Promise<void>
  tensor: (data: Float32Array, shape: readonly number[]) => Tensor
  tidy: <T>(f: () => T) => T
  scalar: (value: number) => Tensor
  sub: (a: Tensor, b: Tensor) => Tensor
  valueAndGrads: (f: (...x: Tensor[]) => Tensor) => (x: Tensor[]) => { value: Tensor; grads: Tensor[] }
  grad: (f: (x: Tensor) => Tensor) => (x: Tensor) => Tensor
}

function costOf(tf: TensorFlow, workload: Workload, x: Tensor, y: Tensor, params: readonly Tensor[]): Tensor {
  const one = tf.scalar(1)
  let a = x
  workload.activations.forEach((fn, layer) => {
    const z = params[2 * layer]!.matMul(a).add(params[2 * layer + 1]!)
    if (fn === 'softmax') a = z.transpose().softmax().transpose()
    else a = z[fn as 'tanh' | 'relu' | 'sigmoid']()
  })
  const scale = -1 / workload.samples
  if (workload.activations.at(-1) === 'softmax') return y.mul(a.log()).sum().mul(scale)
  const logs = y.mul(a.log()).add(tf.sub(one, y).mul(tf.sub(one, a).log()))
  return logs.sum().mul(scale)
}

/** TensorFlow.js doing the workload by its own differentiation, or `null` where it is not installed. */
export async function tfjsPeer(workload: Workload, backend: 'wasm' | 'cpu'): Promise<Contestant | null> {
  let tf: TensorFlow
  try {
    const find = createRequire(import.meta.url)
    tf = find('@tensorflow/tfjs') as TensorFlow
    const wasm = find('@tensorflow/tfjs-backend-wasm') as { setWasmPaths: (path: string) => void; setThreadsCount: (count: number) => void } // prettier-ignore
    wasm.setWasmPaths(`${dirname(find.resolve('@tensorflow/tfjs-backend-wasm'))}/`)
    wasm.setThreadsCount(1)
    if (!(await tf.setBackend(backend))) return null
    await tf.ready()
  } catch {
    return null
  }
  const put = (name: string): Tensor => {
    const { shape, data } = workload.data.get(name)!
    return tf.tensor(Float32Array.from(data), shape)
  }
  const x = put('X')
  const all: () => Tensor[] =
    workload.kind === 'elementwise'
      ? () => {
          const mish = (value: Tensor): Tensor => value.mul(value.softplus().tanh())
          return [mish(x), tf.grad(mish)(x)]
        }
      : (() => {
          const y = put('Y')
          const params = workload.activations.flatMap((_, layer) => [put(`W${layer + 1}`), put(`b${layer + 1}`)])
          const both = tf.valueAndGrads((...given) => costOf(tf, workload, x, y, given))
          return () => {
            const { value, grads } = both(params)
            return [value, ...grads]
          }
        })()
  const step = (): void => {
    for (const tensor of tf.tidy(all)) tensor.dispose()
  }
  return {
    name: `TF.js ${backend} f32`,
    round: async (seconds) => {
      await tf.setBackend(backend)
      return timed(step, seconds)
    },
    results: async () => {
      await tf.setBackend(backend)
      return tf.tidy(all).map((tensor) => tensor.dataSync())
    },
  }
}
