import type { Contestant } from '../suite.ts'
import { timed } from '../suite.ts'
import type { Workload } from '../workloads.ts'

// jax-js is installed by hand, if at all, so nothing is known of its types here. Its arrays are used up by what takes
// them; `ref` gives another hold.

interface Value {
  readonly ref: Value
  add: (other: Value | number) => Value
  mul: (other: Value | number) => Value
  sum: () => Value
  dataSync: () => Float32Array | Float64Array
  dispose: () => void
}

interface Jax {
  init: (...devices: string[]) => Promise<string[]>
  defaultDevice: (device: string) => string
  jit: <F>(f: F) => F
  valueAndGrad: <A extends unknown[]>(f: (...args: A) => Value) => (...args: A) => [Value, Value[]]
  grad: (f: (x: Value) => Value) => (x: Value) => Value
  numpy: {
    array: (data: Float32Array | Float64Array, options: object) => Value
    matmul: (a: Value, b: Value) => Value
    log: (a: Value) => Value
    tanh: (a: Value) => Value
    subtract: (a: number, b: Value) => Value
    float32: string
    float64: string
  }
  nn: {
    softmax: (a: Value, axis: number) => Value
    sigmoid: (a: Value) => Value
    relu: (a: Value) => Value
    softplus: (a: Value) => Value
  }
}

/** jax-js doing the workload by its own differentiation and compiler, or `null` where it is not installed. */
export async function jaxPeer(workload: Workload, precision: 'f64' | 'f32'): Promise<Contestant | null> {
  let jax: Jax
  try {
    // It asks for a kind of array that Node 20 has not; nothing of that kind is made here.
    const globals = globalThis as { Float16Array?: unknown }
    globals.Float16Array ??= class Float16Array {}
    const name = '@jax-js/jax'
    jax = (await import(name)) as Jax
    await jax.init('wasm')
    jax.defaultDevice('wasm')
  } catch {
    return null
  }
  const { numpy: np, nn } = jax
  const put = (name: string): Value => {
    const { shape, data } = workload.data.get(name)!
    const entries = precision === 'f64' ? data.slice() : Float32Array.from(data)
    return np.array(entries, { shape: [...shape], dtype: precision === 'f64' ? np.float64 : np.float32 })
  }
  const scale = -1 / workload.samples
  const cost = (params: Value[], x: Value, y: Value): Value => {
    let a = x
    workload.activations.forEach((fn, layer) => {
      const z = np.matmul(params[2 * layer]!, a).add(params[2 * layer + 1]!)
      a = fn === 'softmax' ? nn.softmax(z, 0) : fn === 'tanh' ? np.tanh(z) : nn[fn as 'relu' | 'sigmoid'](z)
    })
    if (workload.activations.at(-1) === 'softmax') return y.mul(np.log(a)).sum().mul(scale)
    const logs = y.ref.mul(np.log(a.ref)).add(np.subtract(1, y).mul(np.log(np.subtract(1, a))))
    return logs.sum().mul(scale)
  }
  const x = put('X')
  let all: () => Value[]
  if (workload.kind === 'elementwise') {
    const mish = (value: Value): Value => value.ref.mul(np.tanh(nn.softplus(value)))
    const forward = jax.jit(mish)
    const backward = jax.jit(jax.grad((value: Value) => mish(value).sum()))
    all = () => [forward(x.ref), backward(x.ref)]
  } else {
    const y = put('Y')
    const params = workload.activations.flatMap((_, layer) => [put(`W${layer + 1}`), put(`b${layer + 1}`)])
    const both = jax.jit(jax.valueAndGrad(cost))
    all = () => both(params.map((param) => param.ref), x.ref, y.ref).flat() // prettier-ignore
  }
  return {
    name: `jax-js ${precision}`,
    // Reading makes sure that the work is done.
    round: (seconds) => timed(() => all().forEach((value) => value.dataSync()), seconds),
    results: () => all().map((value) => Float64Array.from(value.dataSync())),
  }
}
