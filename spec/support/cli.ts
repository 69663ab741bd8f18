import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const PROGRAM = join(ROOT, 'dist/cli.js')

let isBuilt = false

/** Builds the command line unless it is as new as its sources. */
export function buildOnce(): void {
  if (isBuilt) return
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--cli', '--if-older'], { stdio: 'pipe' })
  isBuilt = true
}

export interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

export interface RunOptions {
  readonly input?: string | Uint8Array
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs the built command line to its end. */
export function backprove(args: readonly string[], options: RunOptions = {}): Result {
  buildOnce()
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1e9,
    ...options,
    env: { ...process.env, NO_COLOR: undefined, ...options.env },
  })
  return { status, stdout, stderr, milliseconds: performance.now() - start }
}

/** Starts the built command line. */
export function startBackprove(args: readonly string[], cwd: string): ChildProcessWithoutNullStreams {
  buildOnce()
  return spawn(process.execPath, [PROGRAM, ...args], { cwd })
}

/** A folder of files that is removed when the tests of a `describe` have run. */
export function scratch(): { readonly path: string; write(name: string, contents: string | Uint8Array): string } {
  const path = mkdtempSync(join(tmpdir(), 'backprove-'))
  after(() => rmSync(path, { recursive: true, force: true }))
  return {
    path,
    write: (name, contents) => {
      const file = join(path, name)
      writeFileSync(file, contents)
      return file
    },
  }
}
