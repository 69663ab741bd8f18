import { compile } from '../../../src/compile/compile.ts'
import type { CompileOptions } from '../../../src/compile/options.ts'
import { numpyPeer } from '../peers/numpy.ts'
import { compete, disagreement, timed } from '../suite.ts'
import type { Contestant, Suite } from '../suite.ts'
import { WORKLOADS } from '../workloads.ts'
import type { Workload } from '../workloads.ts'

/** Results of doubles must agree to this, of floats to that. */
const AGREEMENT = { f64: 1e-9, f32: 2e-3 } as const

const OURS: readonly (CompileOptions & { name: string; precision: 'f64' | 'f32' })[] = [
  { name: 'wasm f64', precision: 'f64', backend: 'wasm' },
  { name: 'wasm f32', precision: 'f32', backend: 'wasm' },
  { name: 'JavaScript f64', precision: 'f64', backend: 'js' },
]

function ours(workload: Workload, options: (typeof OURS)[number]): Contestant {
  const bound = compile(workload.roots, { ...options, constants: ['X', 'Y'], sizes: workload.sizes }).bind()
  for (const [name, { data }] of workload.data) if (bound.reads(name)) bound.set(name, data)
  const { run } = bound
  return {
    name: options.name,
    round: (seconds) => timed(run, seconds),
    results: () => {
      run()
      return bound.outputs.map(({ data }) => Float64Array.from(data))
    },
  }
}

/** Milliseconds from the graph to the first result. */
function compileTime(workload: Workload): number {
  const from = performance.now()
  const bound = compile(workload.roots, { sizes: workload.sizes }).bind()
  bound.run()
  return performance.now() - from
}

export const suite: Suite = async function* ({ seconds, only, progress }) {
  const rows: (string | number | null)[][] = []
  for (const make of WORKLOADS) {
    const workload = make()
    if (!workload.name.includes(only)) continue
    progress(workload.name)
    const numpy = await Promise.all([numpyPeer(workload, 'f64'), numpyPeer(workload, 'f32')])
    const contestants = [...OURS.map((options) => ours(workload, options)), ...numpy.filter((peer) => peer !== null)]
    const expected = await contestants[0]!.results()
    for (const contestant of contestants.slice(1)) {
      const off = disagreement(await contestant.results(), expected)
      const limit = AGREEMENT[contestant.name.endsWith('f32') ? 'f32' : 'f64']
      if (!(off <= limit)) throw new Error(`${workload.name}: ${contestant.name} differs by ${off}`)
    }
    const times = await compete(contestants, 5, seconds)
    for (const peer of numpy) peer?.close()
    const perSecond = new Map(contestants.map(({ name }, index) => [name, workload.count / times[index]!]))
    const rate = (name: string): number | null => perSecond.get(name) ?? null
    const ratio = (a: string, b: string): number | null => {
      const [x, y] = [rate(a), rate(b)]
      return x === null || y === null ? null : x / y
    }
    rows.push([
      workload.name,
      ...OURS.map(({ name }) => rate(name)),
      rate('NumPy f64'),
      rate('NumPy f32'),
      ratio('wasm f64', 'NumPy f64'),
      ratio('wasm f32', 'NumPy f32'),
      ratio('wasm f64', 'JavaScript f64'),
      Math.min(compileTime(workload), compileTime(workload), compileTime(workload)),
    ])
  }
  yield {
    title: 'Cost and all gradients: steps (or entries) a second, one thread, medians of 5 interleaved rounds',
    columns: ['workload', ...OURS.map(({ name }) => name), 'NumPy f64', 'NumPy f32', '×NumPy f64', '×NumPy f32', '×JavaScript', 'compile ms'], // prettier-ignore
    rows,
    notes: ['All results of one workload agreed before it was timed.'],
  }
}
