import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Bound } from '../../../src/compile/bound.ts'
import { compile } from '../../../src/compile/compile.ts'
import type { CompileOptions } from '../../../src/compile/options.ts'
import { hasMadd } from '../../../src/compile/wasm/engine.ts'
import { jaxPeer } from '../peers/jax.ts'
import { mathjsPeer } from '../peers/mathjs.ts'
import { pythonPeer } from '../peers/python.ts'
import { tfjsPeer } from '../peers/tfjs.ts'
import { compete, disagreement, timed } from '../suite.ts'
import type { Contestant, Suite } from '../suite.ts'
import { WORKLOADS } from '../workloads.ts'
import type { Workload } from '../workloads.ts'

/** Results in floats must agree to `f32`; those in doubles to `f64`, but for those of jax-js, whose exp is not that good. */
const AGREEMENT = { f64: 1e-9, f32: 2e-3, 'jax-js f64': 1e-4 } as const

const OURS: readonly (CompileOptions & { name: string; precision: 'f64' | 'f32' })[] = [
  { name: 'wasm f64', precision: 'f64', backend: 'wasm' },
  { name: 'wasm f32', precision: 'f32', backend: 'wasm' },
  { name: 'JavaScript f64', precision: 'f64', backend: 'js' },
]

function bind(workload: Workload, options: CompileOptions): Bound {
  const bound = compile(workload.roots, { ...options, constants: ['X', 'Y'], sizes: workload.sizes }).bind()
  for (const [name, { data }] of workload.data) if (bound.reads(name)) bound.set(name, data)
  return bound
}

/** Ours on two threads, or `null` where the work has no large product. */
async function onTwoThreads(workload: Workload, precision: 'f64' | 'f32'): Promise<Peer | null> {
  const bound = bind(workload, { precision, threads: 2 })
  if (bound.outputs[0]!.data.buffer instanceof ArrayBuffer) return null
  while (bound.threads() < 2) await pause(5)
  return { ...contestant(`wasm 2 threads ${precision}`, bound), close: bound.close }
}

const ours = (workload: Workload, options: (typeof OURS)[number]): Contestant =>
  contestant(options.name, bind(workload, options))

function contestant(name: string, bound: Bound): Contestant {
  const { run } = bound
  return {
    name,
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

type Peer = Contestant & { readonly close?: () => void }

async function peersOf(workload: Workload): Promise<Peer[]> {
  const found: (Peer | null)[] = [
    await onTwoThreads(workload, 'f64'),
    await onTwoThreads(workload, 'f32'),
    await pythonPeer(workload, 'numpy', 'f64'),
    await pythonPeer(workload, 'numpy', 'f32'),
    await pythonPeer(workload, 'torch', 'f64'),
    await pythonPeer(workload, 'torch', 'f32'),
    await jaxPeer(workload, 'f64'),
    await jaxPeer(workload, 'f32'),
    await tfjsPeer(workload, 'wasm'),
    await tfjsPeer(workload, 'cpu'),
    await mathjsPeer(workload),
  ]
  return found.filter((peer) => peer !== null)
}

async function checkAgreement(workload: Workload, contestants: readonly Contestant[]): Promise<void> {
  const expected = await contestants[0]!.results()
  for (const contestant of contestants.slice(1)) {
    const off = disagreement(await contestant.results(), expected)
    const { name } = contestant
    const limit = name === 'jax-js f64' ? AGREEMENT[name] : AGREEMENT[precisionOf(name)]
    if (!(off <= limit)) throw new Error(`${workload.name}: ${name} differs by ${off}`)
  }
}

const precisionOf = (name: string): 'f64' | 'f32' => (name.endsWith('f32') ? 'f32' : 'f64')

export const suite: Suite = async function* ({ seconds, only, progress }) {
  const versions = new Set<string>()
  const measured: { workload: Workload; rates: Map<string, number>; milliseconds: number }[] = []
  for (const make of WORKLOADS) {
    const workload = make()
    if (!workload.name.includes(only)) continue
    progress(workload.name)
    const peers = await peersOf(workload)
    const contestants = [...OURS.map((options) => ours(workload, options)), ...peers]
    for (const { about } of peers) if (about !== undefined) versions.add(about)
    await checkAgreement(workload, contestants)
    const times = await compete(contestants, 5, seconds)
    for (const peer of peers) peer.close?.()
    const rates = new Map(contestants.map(({ name }, index) => [name, workload.count / times[index]!]))
    const milliseconds = Math.min(...Array.from({ length: 3 }, () => compileTime(workload)))
    measured.push({ workload, rates, milliseconds })
  }
  const names = [...new Set(measured.flatMap(({ rates }) => [...rates.keys()]))]
  yield {
    title:
      'Cost and all gradients: steps (or entries) a second, one thread unless said, medians of 5 interleaved rounds',
    columns: ['workload', ...names, 'compile and first run, ms'],
    rows: measured.map(({ workload, rates, milliseconds }) => [
      workload.name,
      ...names.map((name) => rates.get(name) ?? null),
      milliseconds,
    ]),
    notes: [
      'The results of all for one workload agreed before it was timed.',
      `Node ${process.version}; fused multiply-add ${hasMadd() ? 'on' : 'off (`--relaxed-simd` turns it on)'}.`,
      ...versions,
    ],
  }
  const threaded = measured.filter(({ rates }) => rates.has('wasm 2 threads f64'))
  yield {
    title: 'How many times as fast two threads are as one',
    columns: ['workload', 'f64', 'f32'],
    rows: threaded.map(({ workload, rates }) => [
      workload.name,
      ...(['f64', 'f32'] as const).map((precision) => rates.get(`wasm 2 threads ${precision}`)! / rates.get(`wasm ${precision}`)!), // prettier-ignore
    ]),
    notes: [`${availableParallelism()} processors; load ${loadavg()[0]!.toFixed(1)}`],
  }
  const others = names.filter((name) => !name.startsWith('wasm'))
  yield {
    title: 'How many times as fast our WebAssembly is, at the same precision',
    columns: ['workload', ...others],
    rows: measured.map(({ workload, rates }) => [
      workload.name,
      ...others.map((name) => {
        const other = rates.get(name)
        return other === undefined ? null : rates.get(`wasm ${precisionOf(name)}`)! / other
      }),
    ]),
    notes: [],
  }
}
