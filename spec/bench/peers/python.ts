import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Contestant } from '../suite.ts'
import type { Workload } from '../workloads.ts'

const SCRIPT = fileURLToPath(new URL('python_peer.py', import.meta.url))

const NAMES = { numpy: 'NumPy', torch: 'PyTorch' } as const
export type Library = keyof typeof NAMES

const interpreters = new Map<Library, string>()

/** `BACKPROVE_PYTHON` if set, else the system's Python if it has the library, else the first `python3` on the path. */
function interpreter(library: Library): string {
  const chosen = process.env['BACKPROVE_PYTHON']
  if (chosen !== undefined) return chosen
  const known = interpreters.get(library)
  if (known !== undefined) return known
  const system = '/usr/bin/python3'
  const { status } = spawnSync(system, ['-c', `import ${library}, numpy`])
  interpreters.set(library, status === 0 ? system : 'python3')
  return interpreters.get(library)!
}

/** A library of Python's doing the workload on one thread, or `null` where it is not installed. */
export async function pythonPeer(
  workload: Workload,
  library: Library,
  precision: 'f64' | 'f32',
): Promise<(Contestant & { close: () => void }) | null> {
  // prettier-ignore
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  // Where a shell presets a processor type, OpenBLAS would not use the widest lanes there are.
  delete (env as NodeJS.ProcessEnv)['OPENBLAS_CORETYPE']
  const child = spawn(interpreter(library), [SCRIPT, library], { env, stdio: ['pipe', 'pipe', 'ignore'] })
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
  const loaded = await ask<{ version: string }>({ do: 'load', precision, file, kind, activations, samples, arrays: arrays.map(([name, { shape }]) => [name, shape]) }) // prettier-ignore
  const close = (): void => {
    child.stdin.end()
    rmSync(folder, { recursive: true, force: true })
  }
  if (loaded === null) {
    close()
    return null
  }
  return {
    name: `${NAMES[library]} ${precision}`,
    about: loaded.version,
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
