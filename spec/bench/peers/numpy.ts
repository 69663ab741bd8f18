import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Contestant } from '../suite.ts'
import type { Workload } from '../workloads.ts'

const SCRIPT = fileURLToPath(new URL('numpy_peer.py', import.meta.url))

/** The system's NumPy doing the workload on one thread, or `null` where there is none. */
export async function numpyPeer(
  workload: Workload,
  precision: 'f64' | 'f32',
): Promise<(Contestant & { close: () => void }) | null> {
  // prettier-ignore
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  // Where a shell presets a processor type, OpenBLAS would not use the widest lanes there are.
  delete (env as NodeJS.ProcessEnv)['OPENBLAS_CORETYPE']
  const child = spawn('python3', [SCRIPT], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  const ask = async <T>(request: object): Promise<T | null> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const line = await lines.next()
    return line.done === true ? null : (JSON.parse(line.value) as T)
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const file = join(folder, 'arrays')
  const arrays = [...workload.data]
  const all = new Float64Array(arrays.reduce((sum, [, { data }]) => sum + data.length, 0))
  let at = 0
  for (const [, { data }] of arrays) {
    all.set(data, at)
    at += data.length
  }
  writeFileSync(file, all)
  const { kind, activations, samples } = workload
  const loaded = await ask({ do: 'load', precision, file, kind, activations, samples, arrays: arrays.map(([name, { shape }]) => [name, shape]) }) // prettier-ignore
  const close = (): void => {
    child.stdin.end()
    rmSync(folder, { recursive: true, force: true })
  }
  if (loaded === null) {
    close()
    return null
  }
  return {
    name: `NumPy ${precision}`,
    round: async (seconds) => (await ask<{ seconds: number }>({ do: 'time', seconds }))!.seconds,
    results: async () => {
      const { lengths } = (await ask<{ lengths: number[] }>({ do: 'results', file }))!
      const raw = readFileSync(file)
      const flat = new Float64Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength))
      let from = 0
      return lengths.map((length) => flat.slice(from, (from += length)))
    },
    close,
  }
}
